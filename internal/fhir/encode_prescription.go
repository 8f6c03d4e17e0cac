package fhir

import (
	"slices"
	"strings"

	"sild/node"
)

// prescriptionIDs are the ids of the entries that one prescription is written into.
type prescriptionIDs struct {
	request, patient, role, practitioner, organisation string
	medications                                        []string // the medicine, then the parts of a combination pack
}

func idsOf(p *node.Prescription, patient string) prescriptionIDs {
	ids := prescriptionIDs{
		request: entryID(p.ID, "MedicationRequest"), patient: patient, role: entryID(p.ID, "PractitionerRole"),
		practitioner: entryID(p.ID, "Practitioner"), organisation: entryID(p.ID, "Organization"),
		medications: []string{entryID(p.ID, "Medication")},
	}
	for i := range p.Medication.Parts {
		ids.medications = append(ids.medications, entryID(p.ID, "Medication."+itoa(i)))
	}
	return ids
}

// request writes the MedicationRequest entry (MedicationRequest-eu-mpd). What the prescription does not say stays
// unsaid; a mandatory element without a value says so with data-absent-reason.
func (e *encoder) request(p *node.Prescription, ids prescriptionIDs) {
	if p.Status == "" || p.ID.Value == "" {
		e.refuse("status", "encode.status", "The prescription has no identifier or no status.")
	}
	e.entry(ids.request, "MedicationRequest", profileRequest)
	e.text("language", p.Language)
	e.renderedDosage(p.Dosage)
	list := e.array("identifier")
	e.identifier("", p.ID)
	e.close(list)
	e.text("status", string(p.Status))
	e.text("intent", "order")
	if !p.Group.IsZero() {
		e.identifier("groupIdentifier", p.Group)
	}
	e.reference("medicationReference", ids.medications[0])
	e.reference("subject", ids.patient)
	e.textOrAbsent("authoredOn", p.Authored)
	e.requester(p, ids)
	e.indications(p)
	e.concept("courseOfTherapyType", p.Course)
	e.notes(known(append(slices.Clip(p.Notes), p.Instructions.Pharmacist)...))
	e.dosages("dosageInstruction", "", p.Dosage, p.Instructions.Patient)
	e.dispenseRequest(p)
	e.substitution(p.Substitution)
	e.endEntry("match")
}

// textOrAbsent writes a mandatory string element, or that it is unknown.
func (e *encoder) textOrAbsent(name, value string) {
	if value != "" {
		e.text(name, value)
		return
	}
	mark := e.object("_" + name)
	e.absentBecause("unknown")
	e.close(mark)
}

func (e *encoder) requester(p *node.Prescription, ids prescriptionIDs) {
	if knowsPractitioner(p.Prescriber) {
		e.reference("requester", ids.role)
		return
	}
	mark := e.object("requester")
	e.absentBecause("unknown")
	e.close(mark)
}

func (e *encoder) indications(p *node.Prescription) {
	list := e.array("reasonCode")
	for _, slot := range p.Indication {
		e.concept("", slot)
	}
	e.close(list)
}

func (e *encoder) notes(notes []string) {
	list := e.array("note")
	for _, note := range notes {
		mark := e.object("")
		e.text("text", note)
		e.close(mark)
	}
	e.close(list)
}

// renderedDosage writes the whole dosage as the prescriber's own sentences, where there are any.
func (e *encoder) renderedDosage(dosage []node.Dosage) {
	var texts []string
	for _, d := range dosage {
		if d.Text != "" {
			texts = append(texts, d.Text)
		}
	}
	if len(texts) > 0 {
		list := e.array("extension")
		e.part(extRenderedDosage, "valueMarkdown", strings.Join(texts, "\n"))
		e.close(list)
	}
}

// dispenseRequest writes how much may be handed out. The amount is counted in packages; a prescription that counts
// in tablets or millilitres and has no number of packages keeps its own count, as the MPD guide describes.
func (e *encoder) dispenseRequest(p *node.Prescription) {
	mark := e.object("dispenseRequest")
	list := e.array("extension")
	if amount := e.extension(extPrescribedQuantity); p.Amount.Packages != "" {
		e.packages("valueQuantity", p.Amount.Packages)
		e.close(amount)
		e.loseTotal(p)
	} else if !p.Amount.Total.IsZero() {
		e.quantity("valueQuantity", p.Amount.Total)
		e.close(amount)
	} else {
		e.b = e.b[:amount]
	}
	if words := p.Instructions.Pharmacist; words != "" {
		mark := e.extension(extDispenserWords)
		annotation := e.object("valueAnnotation")
		e.text("text", words)
		e.close(annotation)
		e.close(mark)
	}
	if p.Amount.Left != "" {
		e.left(p)
	}
	e.close(list)
	period := e.object("validityPeriod")
	e.text("start", p.Valid.From)
	e.text("end", p.Valid.To)
	e.close(period)
	e.close(mark)
}

func (e *encoder) loseTotal(p *node.Prescription) {
	if total := p.Amount.Total; !total.IsZero() && (total.Unit == nil || !e.hidden(total.Unit)) {
		e.lose("amount.total", "The prescribed total is carried as a number of packages.")
	}
}

// substitution writes whether another product may be handed out. R4 demands that an answer stands beside a reason, and MPD
// that it is yes or no; the code that says it stands beside it. A code that is neither yes nor no stands for itself.
func (e *encoder) substitution(s node.Substitution) {
	withheld := s.Reason != nil && e.hidden(s.Reason)
	if s.Allowed == nil && e.hidden(s.Code) && (withheld || s.Reason == nil && s.Text == "") {
		return
	}
	mark := e.object("substitution")
	switch {
	case s.Allowed != nil:
		e.boolean("allowedBoolean", *s.Allowed)
		if !e.hidden(s.Code) {
			beside := e.object("_allowedBoolean")
			e.asWritten(s.Code)
			e.close(beside)
		}
	case !e.hidden(s.Code):
		e.concept("allowedCodeableConcept", s.Code)
	default:
		e.textOrAbsent("allowedBoolean", "")
	}
	e.concept("reason", s.Reason)
	if s.Reason == nil {
		reason := e.object("reason")
		e.text("text", s.Text)
		e.close(reason)
	}
	e.close(mark)
}
