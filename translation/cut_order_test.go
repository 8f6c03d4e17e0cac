package translation

import "testing"

// layered builds small tables with folders of rows over them, each of the given rows of the diagnoses of a country.
func layered(t *testing.T, folders ...string) *Catalogue {
	t.Helper()
	sources := []Source{{Files: smallFiles()}}
	for _, rows := range folders {
		sources = append(sources, folderOf(aSystems, [3]string{"concept-map", "xa-eu/diagnosis.csv", mapHeader + rows}))
	}
	c, _ := built(t, sources...)
	return c
}

const (
	everyRow  = "a-icd,*,equivalent,icd,*,,,,yes,test,2026-01-01,draft,\n"
	neverRow  = "a-icd,*,none,,,,,,no,test,2026-01-01,draft,nobody has looked\n"
	cutAll    = "a-icd,~([A-Z][0-9]{2})[.][0-9],wider,icd,^,,,,no,test,2026-01-01,draft,\n"
	cutI      = "a-icd,~(I[0-9]{2})[.].*,wider,icd,^,,,,no,test,2026-01-01,draft,\n"
	noZ       = "a-icd,~(Z)99,none,,,,,,no,test,2026-01-01,draft,another shape\n"
	noI       = "a-icd,~I.*,none,,,,,,no,test,2026-01-01,draft,withdrawn\n"
	noICut    = "a-icd,~I[0-9]{2}[.].*,none,,,,,,no,test,2026-01-01,draft,withdrawn\n"
	ownI      = "a-icd,I10,equivalent,icd,I10,,,,yes,test,2026-01-01,draft,\n"
	withdrawn = "the shared list has no equal: withdrawn"
	noEqual   = "the shared list has no equal: nobody has looked"
)

// The order in which rows are asked: one for the code, then of a later source before those of an earlier one; one for a shape that
// says none goes before the one for every code of its own or an earlier source, in both directions.
func TestARowForAShapeTouchesOnlyItsOwnCodesAndGoesByItsSource(t *testing.T) {
	for name, test := range map[string]struct {
		folders     []string
		code, pivot string // pivot is empty where the code is not carried
		reason      string
		comes       bool // I10 comes into the country as its own code
	}{
		"none on another shape":                   {[]string{everyRow + cutAll, noZ}, "I10.1", "I10", "", true},
		"none on another shape of one source":     {[]string{everyRow + cutAll + noZ}, "I10.1", "I10", "", true},
		"none on a shape over every":              {[]string{everyRow, noI}, "I10", "", withdrawn, false},
		"and a code of another shape":             {[]string{everyRow, noI}, "K21", "K21", "", false},
		"none on a shape beside every":            {[]string{everyRow + noI}, "I10", "", withdrawn, false},
		"every over none on a shape":              {[]string{noI, everyRow}, "I10", "I10", "", true},
		"a row for the code stays":                {[]string{everyRow + ownI, noI}, "I10", "I10", "", true},
		"none on a narrower shape":                {[]string{everyRow + cutAll, noICut}, "I10.1", "", withdrawn, true},
		"two shapes of one source, none first":    {[]string{everyRow + cutI + noICut}, "I10.1", "", withdrawn, true},
		"a later shape restores":                  {[]string{everyRow + noICut, cutI}, "I10.1", "I10", "", true},
		"a shape over none on every":              {[]string{neverRow, cutI}, "I10.1", "I10", "", false},
		"a shape beside none on every":            {[]string{neverRow + cutI}, "I10.1", "I10", "", false},
		"none on every over a shape":              {[]string{everyRow + cutI, neverRow}, "I10.1", "", noEqual, false},
		"a wider shape leaves what every carries": {[]string{everyRow, cutAll, cutI}, "I10", "I10", "", true},
	} {
		c := layered(t, test.folders...)
		out := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: test.code})
		c.ToPivot("XA", out)
		if test.pivot == "" && (out.Fate != Passed || out.Reason != test.reason) || test.pivot != "" && (out.Fate != Mapped || out.Current.Code != test.pivot) {
			t.Errorf("%s: %s goes out as %s %s: %s", name, test.code, out.Fate, out.Current.Code, out.Reason)
		}
		in := NewSlot(Diagnosis, "reason", Coding{System: "http://icd.example", Code: "I10"})
		if c.FromPivot("XA", nil, in); (in.Current.System == aDiagnosis) != test.comes {
			t.Errorf("%s: I10 comes in as %s %+v", name, in.Fate, in.Current)
		}
	}
}
