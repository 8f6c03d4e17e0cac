package fhir

import (
	"strconv"

	"sild/node"
	"sild/translation"
)

// prescription writes one prescription as a searchset Bundle from its record, without what is withheld.
func (e *encoder) prescription(whole *node.Document) (*node.Encoded, error) {
	d := whole.Without(e.cut)
	p := d.Prescription()
	e.b = make([]byte, 0, 16<<10+2*len(d.Source))
	e.searchset(1)
	ids := idsOf(p, entryID(p.ID, "Patient"))
	e.request(p, ids)
	e.medications(&p.Medication, ids.medications)
	e.patientEntry(ids.patient, p.Patient)
	e.prescriber(p.Prescriber, ids)
	e.moved = renaming(prescriptionPaths(p))
	e.provenance(entryID(p.ID, "Provenance"), d, append([]string{ids.request}, ids.medications...))
	if !e.withholds(d) && len(d.Source) > 0 {
		e.original(entryID(p.ID, "DocumentReference"), d, ids)
	}
	e.loseUnclaimed(d, p)
	e.outcome(entryID(p.ID, "OperationOutcome"), "outcome", pathsWithin(whole.Slots, e.cut), nil)
	e.b = append(e.b, `]}`...)
	return e.encoded(node.MPD)
}

func (e *encoder) searchset(total int) {
	e.b = append(e.b, `{"resourceType":"Bundle","type":"searchset","total":`...)
	e.b = strconv.AppendInt(e.b, int64(total), 10)
	e.b = append(e.b, `,"entry":[`...)
}

// listing writes several prescriptions as one searchset Bundle.
func (e *encoder) listing(documents []*node.Document, withheld []node.Withheld) (*node.Encoded, error) {
	e.searchset(len(documents))
	patient := ""
	for i, d := range documents {
		p := d.Prescription()
		if p == nil {
			return nil, unsupported("A listing holds documents of one prescription each.")
		}
		if patient == "" {
			patient = entryID(p.ID, "Patient")
		}
		e.prefix = "prescription[" + itoa(i) + "]."
		ids := idsOf(p, patient)
		e.request(p, ids)
		e.medications(&p.Medication, ids.medications)
		if i == 0 {
			e.patientEntry(patient, p.Patient)
		}
		e.prescriber(p.Prescriber, ids)
		e.loseUnclaimed(d, p)
	}
	seed := node.Identifier{}
	if len(documents) > 0 {
		seed = documents[0].Prescription().ID
	}
	e.outcome(entryID(seed, "OperationOutcome"), "outcome", nil, withheld)
	e.b = append(e.b, `]}`...)
	return e.encoded(node.MPD)
}

// loseUnclaimed reports what MPD has no element for: coded places that nothing took, what a CDA header says of the document
// itself, and the version number of the prescription.
func (e *encoder) loseUnclaimed(d *node.Document, p *node.Prescription) {
	e.loseUntaken(d.Slots, nil)
	e.loseHeader(d)
	if p.Version != "" {
		e.lose("version", "The pivot form has no place for the version number.")
	}
}

// loseHeader reports what every CDA document has and MPD has not. The line does not look at the values: it would tell by its
// absence that the narrative was left out with something that is withheld.
func (e *encoder) loseHeader(d *node.Document) {
	if d.Format.InCDA() {
		e.lose("header", "The title, the narrative and the custodian of the document have no place in the pivot form.")
	}
}

// pathsWithin are the record paths of the slots that stand in something withheld.
func pathsWithin(slots []*translation.Slot, cut []translation.Span) cutPaths {
	if len(cut) == 0 {
		return nil
	}
	paths := make(cutPaths)
	for _, slot := range slots {
		if slot.Span.In(cut) {
			paths[slot.Path] = true
		}
	}
	return paths
}
