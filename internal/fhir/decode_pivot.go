package fhir

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"sild/node"
	"sild/translation"
)

// pivot reads a searchset (or an example collection) of the HL7 Europe MPD profiles: one prescription with its
// provenance, or a listing.
func (d *decoder) pivot() {
	d.chained = true
	requests := d.all("MedicationRequest")
	d.checkReferences()
	d.checkTotal(len(requests))
	d.checkAnswer(len(requests))
	d.doc.Kind = node.AListing
	if len(requests) == 1 && len(d.all("Provenance")) > 0 {
		d.doc.Kind = node.APrescription
	}
	if len(requests) > 0 {
		d.doc.Language = requests[0].get("language").text()
		d.thePatient(true)
	}
	d.provenances()
	for i, v := range requests {
		prefix := ""
		if d.doc.Kind == node.AListing {
			prefix = "prescription[" + itoa(i) + "]."
		}
		d.doc.Prescriptions = append(d.doc.Prescriptions, d.item(v, prefix))
	}
	d.envelope()
}

// checkTotal refuses a searchset whose number of matches is not what it says: something was lost on the way.
func (d *decoder) checkTotal(requests int) {
	total := d.root().get("total")
	if total.there() && total.text() != itoa(requests) {
		d.refuse("fhir.total", total, "another number of prescriptions than the document holds")
	}
}

// checkAnswer refuses a searchset of something else: it must not be taken for "no prescriptions".
func (d *decoder) checkAnswer(requests int) {
	if requests == 0 && len(d.entries) > len(d.all("OperationOutcome")) {
		d.refuse("fhir.format", d.root(), "a searchset of something other than prescriptions")
	}
}

// item reads one prescription of the pivot form.
func (d *decoder) item(v value, prefix string) *node.Prescription {
	p := d.request(v, prefix)
	p.ID = d.prescriptionID(v, "")
	d.demand(v.get("requester").there(), "fhir.requester", v, "a prescription without prescriber")
	p.Indication = d.indications(v.get("reasonCode"), func(v value) value { return v }, prefix)
	if concept := v.get("medicationCodeableConcept"); concept.there() {
		p.Medication = d.onlyCoded(concept, prefix)
	} else {
		p.Medication, _ = d.medicine(v.get("medicationReference"), prefix)
	}
	if len(p.Medication.Parts) > 0 {
		p.Classes = append(p.Classes, node.Kit)
	}
	d.pivotAmount(v.get("dispenseRequest"), p, prefix)
	d.claimRendered(v, p)
	return p
}

// onlyCoded reads a medicine that is only a code: its words are kept, and its code as classification where it is one.
func (d *decoder) onlyCoded(concept value, prefix string) node.Medication {
	m := node.Medication{Name: orElse(concept.get("text").text(), concept.get("coding").item(0).get("display").text())}
	if isATC(concept.get("coding").item(0).get("system").text()) {
		slot := d.concept(concept, translation.Classification, prefix+"medication.classification[0]")
		m.Classification = []*translation.Slot{slot}
	}
	return m
}

// claimRendered claims the dosage in words where it only repeats the texts of the instructions.
func (d *decoder) claimRendered(v value, p *node.Prescription) {
	var words []string
	for _, dosage := range p.Dosage {
		if dosage.Text != "" {
			words = append(words, dosage.Text)
		}
	}
	whole := extension(v, extRenderedDosage).get("valueMarkdown")
	if whole.text() == strings.Join(words, "\n") {
		d.claim(whole)
	}
}

// pivotAmount reads what was prescribed and what is left. A quantity in packages is a number of packages; any other
// unit makes a total.
func (d *decoder) pivotAmount(v value, p *node.Prescription, prefix string) {
	prescribed := extension(v, extPrescribedQuantity).get("valueQuantity")
	if !prescribed.there() {
		prescribed = v.get("quantity")
	}
	switch {
	case isPackages(prescribed):
		p.Amount.Packages = d.packages(prescribed)
	case prescribed.there():
		p.Amount.Total = d.quantity(prescribed, translation.PackageUnit, prefix+"amount.total")
		p.Amount.Packages = packagesIn(p.Amount.Total, p.Medication)
	}
	remaining := extension(v, extRemaining)
	if part := remaining.get("valueRatio"); part.there() {
		p.Amount.Left = d.ofPackages(part)
	}
	if left := remaining.get("valueQuantity"); left.there() {
		d.demand(isPackages(left), "fhir.quantity", left, "what is left is counted in packages")
		p.Amount.Left = d.packages(left)
	}
}

func isPackages(v value) bool {
	return v.get("code").text() == packageCode && v.get("system").text() == systemUCUM
}

// packages reads a number of packages, which is a whole one.
func (d *decoder) packages(v value) string {
	d.checkNumber(v.get("value"))
	number, ok := node.Decimal(v.get("value").text())
	d.demand(ok && number.IsInt(), "fhir.quantity", v, "not a whole number of packages")
	return d.claim(v).get("value").text()
}

// toldHop is a step that a Provenance tells of.
type toldHop struct {
	from, to translation.Coding
	step     *translation.Step
}

// provenances reads the steps of all codes that the Provenance entries tell of.
func (d *decoder) provenances() {
	d.hops = make(map[string][]toldHop)
	for _, v := range d.all("Provenance") {
		d.provenance(v)
	}
}

func (d *decoder) provenance(v value) {
	for _, ext := range extensions(v, extHop) {
		d.claim(ext)
		part := func(name string) value { return extension(ext, name) }
		path := part("path").get("valueString").text()
		d.hops[path] = append(d.hops[path], toldHop{
			from: d.coding(part("from").get("valueCoding")), to: d.coding(part("to").get("valueCoding")),
			step: &translation.Step{
				Kind:     translation.HopKind(part("kind").get("valueCode").text()),
				Relation: translation.Relation(part("relation").get("valueCode").text()),
				Map:      part("map").get("valueString").text(), Release: part("release").get("valueString").text(),
				Country: part("country").get("valueCode").text(), Draft: part("draft").get("valueBoolean").text() == "true",
			},
		})
	}
	if at, err := time.Parse(time.RFC3339Nano, v.get("recorded").text()); err == nil {
		d.doc.At = at.UTC()
	}
	for _, entity := range v.get("entity").each {
		d.checkDigest(entity.walk("what", "identifier"))
	}
	d.enclose(v)
	if isTrail(v) {
		d.hold(v)
	}
}

// enclose keeps a resource out of the residue that carries the document rather than says something of the patient. Its
// own codes are kept as slots all the same.
func (d *decoder) enclose(v value) {
	from, _ := slices.BinarySearch(d.coded, v.at)
	for _, at := range d.coded[from:] {
		if at >= v.cell().next {
			break
		}
		if !d.claimed[at] {
			d.other(value{d.arena, at})
		}
	}
	d.waive(v)
}

// checkDigest refuses a digest of the original that cannot be one.
func (d *decoder) checkDigest(id value) {
	if id.get("system").text() != systemSHA256 {
		return
	}
	if sum, err := hex.DecodeString(id.get("value").text()); err != nil || len(sum) != 32 {
		d.refuse("fhir.digest", id, "not a SHA-256 digest")
	}
}

// envelope claims the entries that carry the document rather than say something of the prescription, and reads the
// loss report back.
func (d *decoder) envelope() {
	for _, v := range d.all("DocumentReference") {
		d.enclose(v)
	}
	for _, v := range d.all("OperationOutcome") {
		d.doc.Peer = d.report(d.waive(v))
		if isReport(v) {
			d.hold(v)
		}
	}
}
