package fhir

import (
	"encoding/base64"
	"strings"
	"time"

	"sild/node"
	"sild/translation"
)

// report reads the loss report back that country A sent with the document.
func (d *decoder) report(v value) *node.Report {
	r := &node.Report{Release: extension(v, extRelease).get("valueString").text()}
	for _, issue := range v.get("issue").each {
		if line := extension(issue, extLine); line.there() {
			r.Told = append(r.Told, d.line(line))
		}
		if left := extension(issue, extResidue); left.there() {
			found := node.Residue{Path: extension(left, "path").get("valueString").text(),
				Why: extension(left, "why").get("valueString").text()}
			if extension(left, "lost").get("valueBoolean").text() == "true" {
				r.Lost = append(r.Lost, found)
			} else {
				r.Residue = append(r.Residue, found)
			}
		}
	}
	return r
}

func (d *decoder) line(ext value) node.Line {
	part := func(name string) value { return extension(ext, name) }
	fate, _ := translation.FateNamed(part("fate").get("valueCode").text()) // a word that nobody knows says nothing: untouched
	return node.Line{
		Path: part("path").get("valueString").text(), Field: translation.Field(part("field").get("valueCode").text()),
		Fate:     fate,
		Relation: translation.Relation(part("relation").get("valueCode").text()),
		Original: d.coding(part("original").get("valueCoding")), Current: d.coding(part("current").get("valueCoding")),
		Draft:     part("draft").get("valueBoolean").text() == "true",
		Reason:    part("reason").get("valueString").text(),
		Coherence: translation.Coherence(part("coherence").get("valueCode").text()), Alarm: part("alarm").get("valueString").text(),
	}
}

// withheld reads which items of a listing country A could not carry.
func (d *decoder) withheld() []node.Withheld {
	var found []node.Withheld
	for _, outcome := range d.all("OperationOutcome") {
		for _, issue := range outcome.get("issue").each {
			if ext := extension(issue, extWithheld); ext.there() {
				found = append(found, node.Withheld{Slot: extension(ext, "slot").get("valueString").text(),
					Detail: issue.walk("details", "text").text()})
			}
		}
	}
	return found
}

// DecodeReceipt reads a receipt as EncodeReceipt writes it. seal is the JWS over it, empty when it is unsigned; nothing
// here has verified it.
func DecodeReceipt(body []byte) (receipt *node.Receipt, seal string, err error) {
	d, err := open(body)
	if err != nil {
		return nil, "", err
	}
	v := d.root()
	facts := extension(v, extReceipt)
	if v.get("resourceType").text() != "Provenance" || !facts.there() {
		return nil, "", invalidAt("fhir.receipt", v, "not a receipt")
	}
	part := func(name string) string {
		found := extension(facts, name)
		return either(found, "valueCode", "valueString").text()
	}
	at, err := time.Parse(time.RFC3339Nano, v.get("recorded").text())
	if err != nil {
		return nil, "", invalidAt("fhir.receipt", v, "a receipt without its time")
	}
	receipt = &node.Receipt{
		ID: v.get("id").text(), State: node.ReceiptState(part("state")), Digest: part("digest"), At: at.UTC(),
		Left: part("left"), Closed: part("closed"), Body: body,
		Dispensation: identifierOf(v.get("target").item(0).get("identifier")),
		Prescription: identifierOf(v.get("entity").item(0).walk("what", "identifier")),
	}
	if receipt.ID == "" || receipt.Dispensation.Value == "" || receipt.State == "" {
		return nil, "", invalidAt("fhir.receipt", v, "a receipt that does not say what it is for")
	}
	signature := v.get("signature").item(0).get("data").text()
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return nil, "", invalidAt("fhir.receipt", v, "a signature that is not base64")
	}
	return receipt, string(raw), nil
}

// DecodePatient reads the patients of a searchset.
func DecodePatient(body []byte) ([]node.Patient, error) {
	d, err := open(body)
	if err != nil {
		return nil, err
	}
	if kind := d.root().get("type").text(); d.root().get("resourceType").text() != "Bundle" || kind != "searchset" {
		return nil, invalidAt("fhir.format", d.root(), "not a searchset of patients")
	}
	var found []node.Patient
	for _, v := range d.all("Patient") {
		p := d.patientOf(v)
		d.checkPatient(v, p, false)
		found = append(found, p)
	}
	return found, d.err
}

// DecodePatientResource reads one Patient resource.
func DecodePatientResource(body []byte) (*node.Patient, error) {
	d, err := open(body)
	if err != nil {
		return nil, err
	}
	if d.root().get("resourceType").text() != "Patient" {
		return nil, invalidAt("fhir.format", d.root(), "not a patient")
	}
	p := d.patientOf(d.root())
	d.checkPatient(d.root(), p, false)
	return &p, d.err
}

// DecodeOutcome reads the error that an OperationOutcome of ours says, and the correlation id under which the peer's
// operator finds it. A foreign outcome that names no kind of ours is an error of kind Unavailable with reason
// outcome.foreign: the peer did not do it, and no more is known. err says that the body is no OperationOutcome.
func DecodeOutcome(body []byte) (said *node.Error, correlation string, err error) {
	d, err := open(body)
	if err != nil {
		return nil, "", err
	}
	v := d.root()
	if v.get("resourceType").text() != "OperationOutcome" {
		return nil, "", invalidAt("fhir.format", v, "not an OperationOutcome")
	}
	issue := v.get("issue").item(0)
	said = &node.Error{Op: "fhir.outcome", Kind: node.Unavailable, Reason: "outcome.foreign",
		Detail: plainWords(issue.walk("details", "text").text()),
		Slot:   anywhere(v, issue, extSlot), Left: anywhere(v, issue, extLeft)}
	for _, coding := range issue.walk("details", "coding").each {
		switch coding.get("system").text() {
		case systemKind:
			if kind, known := node.KindNamed(coding.get("code").text()); known {
				said.Kind, said.Reason = kind, ""
			}
		case systemReason:
			said.Reason = coding.get("code").text()
		}
	}
	return said, anywhere(v, issue, extCorrelation), nil
}

// anywhere reads an extension that may stand on the issue or on the whole outcome.
func anywhere(v, issue value, url string) string {
	for _, holder := range []value{issue, v} {
		if found := extension(holder, url).get("valueString").text(); found != "" {
			return found
		}
	}
	return ""
}

// plainWords bounds a foreign sentence: one line, short enough to be read at a counter.
func plainWords(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > 400 {
		words = string(runes[:400])
	}
	return words
}
