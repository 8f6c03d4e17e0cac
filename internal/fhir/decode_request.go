package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// request reads what every form of a MedicationRequest says in the same way. prefix is empty for a single prescription
// and names the item in a listing.
func (d *decoder) request(v value, prefix string) *node.Prescription {
	p := &node.Prescription{Group: d.identifier(v.get("groupIdentifier")),
		Status: node.Status(d.take(v.get("status"))), Authored: d.take(v.get("authoredOn")), Language: d.language(v),
	}
	d.checkStatus(v, p.Status)
	d.checkIntent(v)
	d.checkAuthored(v, p.Authored)
	d.validity(v.get("dispenseRequest"), p)
	d.subject(v.get("subject"), p)
	p.Dosage = d.dosages(v.get("dosageInstruction"), prefix)
	d.demand(v.get("dosageInstruction").there(), "fhir.dosage", v, "a prescription without dosage instruction")
	p.Course = d.concept(v.get("courseOfTherapyType"), translation.CourseOfTherapy, prefix+"course")
	d.substitution(v.get("substitution"), p, prefix)
	d.instructions(v, p)
	if requester := v.get("requester"); requester.there() {
		p.Prescriber = d.prescriber(requester, prefix)
	}
	return p
}

// language is the language of a resource's texts: its own, or the document's.
func (d *decoder) language(v value) string {
	if own := v.get("language"); own.there() {
		return d.take(own)
	}
	return d.doc.Language
}

func (d *decoder) checkStatus(v value, status node.Status) {
	switch status {
	case node.Active, node.OnHold, node.Completed, node.Cancelled, node.Stopped, node.InError:
	default:
		d.refuse("fhir.status", v, "a prescription without a status that the corridor knows")
	}
}

// checkIntent refuses a mere proposal or plan, and an order not to give the medicine: both read like a prescription
// to whoever overlooks the element.
func (d *decoder) checkIntent(v value) {
	switch d.take(v.get("intent")) {
	case "order", "original-order", "reflex-order", "filler-order", "instance-order", "option":
	default:
		d.refuse("fhir.intent", v, "not an order")
	}
	if d.take(v.get("doNotPerform")) == "true" {
		d.refuse("fhir.modifier", v.get("doNotPerform"), "an order not to give the medicine")
	}
}

// checkAuthored demands the day on which it was prescribed, or the reason why it is not known.
func (d *decoder) checkAuthored(v value, authored string) {
	why := extension(v.get("_authoredOn"), extAbsent).get("valueCode").text()
	d.claim(v.get("_authoredOn"))
	d.demand(authored != "" || why != "", "fhir.authored", v, "a prescription without the day it was written")
	d.checkDay(v.get("authoredOn"))
}

// checkDay refuses a date that names no day.
func (d *decoder) checkDay(v value) {
	if v.there() && !dayPrecise(v.text()) {
		d.refuse("fhir.date", v, "a date that names no day")
	}
}

func (d *decoder) validity(v value, p *node.Prescription) {
	valid := v.get("validityPeriod")
	d.checkDay(valid.get("start"))
	d.checkDay(valid.get("end"))
	p.Valid = node.Period{From: d.take(valid.get("start")), To: d.take(valid.get("end"))}
}

// subject holds the prescription against the document's one patient.
func (d *decoder) subject(ref value, p *node.Prescription) {
	if !d.follow(ref, "Patient").there() {
		d.refuse("fhir.subject", d.root(), "a prescription that names no patient")
	}
	p.Patient = d.doc.Patient
}

func (d *decoder) prescriber(ref value, prefix string) node.Practitioner {
	d.claim(ref.get("extension"))
	if known, again := d.people[d.target(ref).at]; again && ref.get("reference").there() {
		d.claim(ref)
		return known
	}
	found := d.practitionerOf(ref, prefix+"prescriber")
	if ref.get("reference").there() {
		d.people[d.target(ref).at] = found
	}
	return found
}

// instructions reads the prescriber's notes, and the words to the patient and to the pharmacist. Those to the pharmacist
// stand among the notes too, for readers that look only there.
func (d *decoder) instructions(v value, p *node.Prescription) {
	words := extension(v.get("dispenseRequest"), extDispenserWords)
	p.Instructions.Pharmacist = d.claim(words).walk("valueAnnotation", "text").text()
	for _, note := range v.get("note").each {
		if text := d.take(note.get("text")); p.Instructions.Pharmacist == "" || text != p.Instructions.Pharmacist {
			p.Notes = append(p.Notes, text)
		}
	}
	var toPatient []string
	for _, dosage := range v.get("dosageInstruction").each {
		if text := d.take(dosage.get("patientInstruction")); text != "" && !slices.Contains(toPatient, text) {
			toPatient = append(toPatient, text)
		}
	}
	p.Instructions.Patient = strings.Join(toPatient, "\n")
}

// substitution reads whether another product may be handed out: yes or no, with the code that says so beside it, or a
// code alone, which is yes or no where it is one that everybody knows.
func (d *decoder) substitution(v value, p *node.Prescription, prefix string) {
	p.Substitution.Allowed = d.flag(v.get("allowedBoolean"))
	beside := extension(v.get("_allowedBoolean"), extCode).get("valueCodeableConcept")
	p.Substitution.Code = d.concept(beside, translation.Substitution, prefix+"substitution.code")
	d.claim(v.get("_allowedBoolean"))
	if coded := v.get("allowedCodeableConcept"); coded.there() {
		p.Substitution.Code = d.concept(coded, translation.Substitution, prefix+"substitution.code")
		p.Substitution.Allowed = node.AllowsSubstitution(p.Substitution.Code.Current)
	}
	d.oneAnswer(v, &p.Substitution)
	reason := v.get("reason")
	if len(d.codings(reason)) == 0 {
		p.Substitution.Text = d.claim(reason).get("text").text()
		return
	}
	p.Substitution.Reason = d.concept(reason, translation.SubstitutionReason, prefix+"substitution.reason")
	p.Substitution.Text = p.Substitution.Reason.Text
}

// oneAnswer holds the answer on substitution against every code around it: a no against any yes, wherever it stands (as
// another code, an older form, the reason or in an extension), a yes only where it stands among the codes of the answer.
// A no that no yes stands beside is a ban.
func (d *decoder) oneAnswer(v value, s *node.Substitution) {
	said, answer := map[bool]bool{}, v.get("allowedCodeableConcept")
	if s.Allowed != nil {
		said[*s.Allowed] = true
	}
	if !answer.there() {
		answer = v.get("_allowedBoolean")
	}
	for i := v.at; v.there() && i < v.cell().next; i++ {
		inner := value{d.arena, i}
		c := translation.Coding{System: inner.get("system").text(), Code: inner.get("code").text()}
		if means := node.AllowsSubstitution(c); means != nil && (!*means || inside(inner, answer)) {
			said[*means] = true
		}
	}
	if said[true] && said[false] {
		d.refuse("fhir.substitution", v, "a substitution that is allowed and forbidden at once")
	}
	if no := false; said[false] {
		s.Allowed = &no
	}
}

// medicine follows the reference to the medicine of a prescription.
func (d *decoder) medicine(ref value, prefix string) (node.Medication, value) {
	v := d.follow(ref, "Medication")
	if !v.there() {
		d.refuse("fhir.medication", d.root(), "a prescription that names no medicine of this document")
		return node.Medication{}, v
	}
	return d.known(v, prefix+"medication"), v
}

func (d *decoder) indications(list value, concept func(value) value, prefix string) []*translation.Slot {
	var found []*translation.Slot
	for _, v := range list.each {
		path := prefix + "indication[" + itoa(len(found)) + "]"
		if slot := d.concept(concept(v), translation.Diagnosis, path); slot != nil {
			found = append(found, slot)
		}
	}
	return found
}

// prescriptionID finds the identifier of that system, and refuses a prescription that has none.
func (d *decoder) prescriptionID(v value, system string) node.Identifier {
	for _, id := range v.get("identifier").each {
		if (system == "" || id.get("system").text() == system) && id.get("value").there() {
			return d.identifier(id)
		}
	}
	d.refuse("fhir.identifier", v, "a prescription without its identifier")
	return node.Identifier{}
}

// thePatient reads the one patient of a bundle. A second one, be it contained in something, is refused.
func (d *decoder) thePatient(birthDate bool) {
	v := d.one("Patient", "fhir.patient-count")
	if inner := len(d.bodiesOf("Patient")); v.there() && inner != 1 {
		d.refuse("fhir.patient-count", d.root(), "exactly one Patient expected, "+itoa(inner)+" found")
	}
	if d.err != nil {
		return
	}
	d.doc.Patient = d.patientOf(v)
	d.checkPatient(v, d.doc.Patient, birthDate)
	d.checkSubjects(v)
	d.addressElement(v)
}

// addressElement names the part of a document that an address under protection withholds: address, telecom and contact
// persons, those of related persons, and the narrative that repeats them.
func (d *decoder) addressElement(v value) {
	var e node.Element
	for _, near := range d.bodiesOf("RelatedPerson") {
		if whose := near.get("patient"); whose.there() {
			d.parted = append(d.parted, whose.at) // each part is named by itself, whether there is an address or not
		}
	}
	for _, person := range append([]value{v}, d.bodiesOf("RelatedPerson")...) {
		for _, name := range []string{"text", "address", "telecom", "contact"} {
			if found := person.get(name); found.there() {
				e.Spans = append(e.Spans, found.member())
			}
		}
	}
	if len(e.Spans) > 0 {
		e.Name = "address"
		d.doc.Elements = append(d.doc.Elements, e)
	}
}
