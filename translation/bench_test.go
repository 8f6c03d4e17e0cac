package translation

import "testing"

// BenchmarkToPivot carries one slot of each kind that a prescription has, hop and amount included.
func BenchmarkToPivot(b *testing.B) {
	const ee = "https://fhir.ee/CodeSystem/"
	c := shipped(b)
	codes := []struct {
		field  Field
		code   Coding
		number string
	}{
		{DoseForm, Coding{System: ee + "ravimvormid", Code: "1224"}, ""},
		{Substance, Coding{System: ee + "toimeained", Code: "11707"}, ""},
		{Classification, Coding{System: ee + "atc-ee", Code: "N05BA12"}, ""},
		{StrengthUnit, Coding{System: ee + "retsept-mahu-ja-massiyhik", Code: "MG"}, "0.5"},
		{StrengthUnit, Coding{System: ee + "retsept-mahu-ja-massiyhik", Code: "TABL"}, "1"},
		{Diagnosis, Coding{System: ee + "rhk10", Code: "F41.0"}, ""},
	}
	slots := make([]Slot, len(codes))
	b.ReportAllocs()
	for b.Loop() {
		for i, code := range codes {
			slots[i] = Slot{Field: code.field, Current: code.code, Number: code.number, Required: true}
			c.ToPivot("EE", &slots[i])
			if slots[i].Fate != Mapped {
				b.Fatal(slots[i].Reason)
			}
		}
	}
}

// BenchmarkFromPivot does the other half, rendering included.
func BenchmarkFromPivot(b *testing.B) {
	c := shipped(b)
	languages := []string{"fi-FI", "sv-FI"}
	code := Coding{System: "http://standardterms.edqm.eu", Code: "10226000", Display: "Prolonged-release tablet"}
	b.ReportAllocs()
	for b.Loop() {
		s := Slot{Field: DoseForm, Current: code, Required: true}
		c.FromPivot("FI", languages, &s)
		if s.Rendered != "depottabletti" {
			b.Fatal(s.Rendered)
		}
	}
}

// BenchmarkLoad reads the shipped tables, as a node does when it starts.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		shipped(b)
	}
}
