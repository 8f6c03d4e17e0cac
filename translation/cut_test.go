package translation

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestANationalRefinementIsLevelledUpToTheNearestSharedCode(t *testing.T) {
	const atc, ee, fi = "https://fhir.ee/CodeSystem/atc-ee", "https://fhir.ee/CodeSystem/rhk10", "urn:oid:1.2.246.537.6.1.1999"
	c := shipped(t)
	for _, test := range []struct {
		name, country    string
		field            Field
		system, code     string
		fate             Fate
		relation         Relation
		pivot, becauseOf string
	}{
		{"an Estonian extension of ATC", "EE", Classification, atc, "A11DB85", Mapped, Wider, "A11DB", ""},
		{"one whose next level is not shared", "EE", Classification, atc, "A14BX80", Mapped, Wider, "A14B", ""},
		{"one above which nothing is shared", "EE", Classification, atc, "C03BA82", Passed, Equivalent, "C03BA82", reasonUnknown},
		{"an unknown number that is no extension", "EE", Classification, atc, "A11DB79", Passed, Equivalent, "A11DB79", reasonUnknown},
		{"a code of the WHO", "EE", Classification, atc, "A02BC01", Mapped, Equivalent, "A02BC01", ""},
		{"an extension as an allergen", "EE", Allergen, atc, "A11DB85", Passed, Equivalent, "A11DB85", reasonUnknown},
		{"a fifth character", "EE", Diagnosis, ee, "M54.50", Mapped, Wider, "M54.5", ""},
		{"an asterisk", "FI", Diagnosis, fi, "G63.2*", Mapped, Wider, "G63.2", ""},
		{"a dagger on a category", "FI", Diagnosis, fi, "A39+", Mapped, Wider, "A39", ""},
		{"a national subdivision by a letter", "FI", Diagnosis, fi, "I20.0A", Mapped, Wider, "I20.0", ""},
		{"a code of the international edition", "FI", Diagnosis, fi, "E11.9", Mapped, Equivalent, "E11.9", ""},
		{"two codes in one", "FI", Diagnosis, fi, "G63.2*E10.4", Passed, Equivalent, "G63.2*E10.4", reasonUnknown},
		{"no code at all", "FI", Diagnosis, fi, "5", Passed, Equivalent, "5", reasonUnknown},
	} {
		s := NewSlot(test.field, "some.place", Coding{System: test.system, Code: test.code})
		c.ToPivot(test.country, s)
		if s.Fate != test.fate || s.Relation() != test.relation || s.Current.Code != test.pivot || s.Reason != test.becauseOf {
			t.Errorf("%s: %s %s %q: %s", test.name, s.Fate, s.Relation(), s.Current.Code, s.Reason)
		}
		if s.Original().Code != test.code {
			t.Errorf("%s: the original became %q", test.name, s.Original().Code)
		}
	}
}

func TestNothingIsLevelledUpFurtherThanItsRowAllows(t *testing.T) {
	files := smallFiles()
	files["xa-eu/classification.csv"] = &fstest.MapFile{Data: []byte(mapHeader +
		"a-atc,~([A-Z][0-9]{2}[A-Z])[A-Z][89][0-9],wider,atc,^,,,,no,test,2026-01-01,draft,\n")}
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"A01AB80": "A01AB", "A01AC80": "A01AC80", "A01BB80": "A01BB80"} { // A01 is shared
		s := NewSlot(Classification, "some.place", Coding{System: "http://a.example/atc", Code: code})
		if c.ToPivot("XA", s); s.Current.Code != want {
			t.Errorf("%s becomes %s, want %s", code, s.Current.Code, want)
		}
		if s.Fate == Mapped && !s.Hops[0].Draft {
			t.Errorf("%s rests on a draft and does not say so", code)
		}
	}
}

func TestALevelledCodeIsNotEnoughWhereAPlaceMustBeExact(t *testing.T) {
	s := NewSlot(Diagnosis, "some.place", Coding{System: "https://fhir.ee/CodeSystem/rhk10", Code: "M54.50"})
	s.Required = true
	if shipped(t).ToPivot("EE", s); s.Fate != Refused || s.Reason != reasonWeak {
		t.Errorf("%s: %s", s.Fate, s.Reason)
	}
}

// The country itself finds its own code again, since it leads to the shared one that comes back.
func TestALevelledCodeComesHomeAsItLeft(t *testing.T) {
	c, own := shipped(t), Coding{System: "https://fhir.ee/CodeSystem/rhk10", Code: "M54.50"}
	s := NewSlot(Diagnosis, "some.place", own)
	c.ToPivot("EE", s)
	back := NewSlot(Diagnosis, s.Path, own)
	back.Assert(s.Current)
	if way := c.Home("EE", back); way != HomeKept || back.Current != own {
		t.Errorf("%s: %+v", way, back.Current)
	}
}

func TestARowForCodesOfAShapeIsCheckedWhenItIsRead(t *testing.T) {
	const good = "a-icd,~([A-Z][0-9]{2})[.][0-9],wider,icd,^,,,,no,test,2026-01-01,draft,\n"
	for _, test := range []struct{ name, old, new, want string }{
		{"as it should be", "", "", ""},
		{"another target", "icd,^", "icd,I10", "leads to the code above"},
		{"a code of its own", "~([A-Z][0-9]{2})[.][0-9]", "I10.1", "leads to the code above"},
		{"an equivalent", "wider", "equivalent", "says less"},
		{"a way home", ",no,", ",yes,", "says less"},
		{"no group", "([A-Z][0-9]{2})", "[A-Z][0-9]{2}", "one group"},
		{"no expression", "[.][0-9]", "[.", "missing closing"},
		{"a second shape", good, good + strings.Replace(good, "[.]", "[+]", 1), ""},
		{"the same shape", good, good + strings.Replace(good, "icd,^", "form,^", 1), "same direction"},
	} {
		files := smallFiles()
		files["xa-eu/diagnosis.csv"] = &fstest.MapFile{Data: []byte(aDiagnoses + strings.Replace(good, test.old, test.new, 1))}
		_, err := Load(files)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
