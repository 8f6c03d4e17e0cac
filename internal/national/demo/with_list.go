package demo

import (
	"errors"
	"io/fs"

	"sild/internal/fhir"
)

// WithMedicineList puts the medicine list's entries for its product beside a Finnish prescription, as the register does
// when it answers: the structured strength stands in the list, never in the prescription's text. list is a
// medicines.csv; without one the built-in demo list is taken. A document that is no prescription comes back as it is.
func WithMedicineList(source, list []byte) ([]byte, error) {
	country, err := nationOf("FI")
	if err != nil {
		return nil, err
	}
	if list == nil {
		if list, err = fs.ReadFile(seed, country.seed+"/medicines.csv"); err != nil {
			return nil, err
		}
	}
	l := loader{register: &Register{nation: country}, medicines: map[string][]fhir.MedicineRow{}}
	l.readMedicines("medicines.csv", list)
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	d, err := l.decode(source)
	if err != nil {
		return nil, err
	}
	p := d.Prescription()
	if p == nil || d.Format != fhir.FinnishR4 {
		return source, nil
	}
	entries, err := l.listed(p)
	if err != nil || len(entries) == 0 {
		return source, err
	}
	return besides(source, entries)
}

// besides puts entries behind those that a Bundle has; every other byte of it stays as it is.
func besides(bundle []byte, entries [][]byte) ([]byte, error) {
	list, ok := memberOf(bundle, "entry")
	if !ok || bundle[list.end-1] != ']' {
		return nil, errors.New("the Bundle has no entries")
	}
	out := append([]byte(nil), bundle[:list.end-1]...)
	for _, entry := range entries {
		out = append(append(out, ','), entry...)
	}
	return append(out, bundle[list.end-1:]...), nil
}
