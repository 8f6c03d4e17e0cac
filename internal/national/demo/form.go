package demo

import (
	"sild/internal/cda"
	"sild/internal/fhir"
	"sild/node"
)

// form is how a country wrote one prescription down, and how its register notes on it what was handed out abroad.
type form interface {
	// document is the prescription with everything that was noted on it. A status is written only where the register
	// itself has changed it; empty leaves the document's own.
	document(notes [][]byte, status node.Status) ([]byte, error)
	// note writes a dispensation as the national documents show it; id names it where the form needs one of its own.
	note(d *node.Dispensation, id string) ([]byte, error)
	// nullified is a note of a dispensation that was taken back.
	nullified(note []byte) ([]byte, error)
}

// bundled is a prescription in FHIR: the entries of its file byte for byte, behind them those of the medicine list.
type bundled struct {
	country string
	entries [][]byte
}

func (b bundled) document(notes [][]byte, status node.Status) ([]byte, error) {
	parts := b.entries
	if status != "" {
		var err error
		if parts, err = withStatus(parts, "MedicationRequest", status); err != nil {
			return nil, err
		}
	}
	source := appendEntries([]byte(bundleStart), parts)
	return append(appendEntries(source, notes), bundleEnd...), nil
}

func (b bundled) note(d *node.Dispensation, id string) ([]byte, error) {
	return fhir.EncodeNationalDispense(d, b.country, id)
}

// nullified writes the status of the dispensation; other entries of the note, its medicine, stay as they are.
func (b bundled) nullified(note []byte) ([]byte, error) {
	entries, err := entriesOf([]byte(bundleStart + string(note) + bundleEnd))
	if err != nil {
		return nil, err
	}
	if entries, err = withStatus(entries, "MedicationDispense", node.InError); err != nil {
		return nil, err
	}
	return appendEntries(nil, entries), nil
}

const (
	bundleStart = `{"resourceType":"Bundle","type":"collection","entry":[`
	bundleEnd   = "]}"
)

func appendEntries(source []byte, entries [][]byte) []byte {
	for _, entry := range entries {
		if len(source) > 0 && source[len(source)-1] != '[' {
			source = append(source, ',')
		}
		source = append(source, entry...)
	}
	return source
}

// clinical is a prescription in CDA, as its file holds it.
type clinical struct{ source []byte }

func (c clinical) document(notes [][]byte, status node.Status) ([]byte, error) {
	return cda.Tongue{}.WithNotes(c.source, notes, status)
}

func (c clinical) note(d *node.Dispensation, _ string) ([]byte, error) {
	return cda.Tongue{}.EncodeNationalDispense(d)
}

func (c clinical) nullified(note []byte) ([]byte, error) { return cda.Nullified(note), nil }
