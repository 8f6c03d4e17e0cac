package node

import "sild/translation"

// Another lets the tests outside hold one product against a prescription as Ask does.
func Another(f *Finder, p *Prescription, product *translation.Product) error {
	want, slot := f.medicine("medication", &p.Medication)
	if slot != "" {
		return fail("", Invalid, "slot", slot)
	}
	if e := f.another(want, product); e != nil {
		return e
	}
	return nil
}

// Contradiction lets the tests outside ask what the gates ask.
func Contradiction(catalogue *translation.Catalogue, d *Document) *Error {
	return contradiction(catalogue, d)
}
