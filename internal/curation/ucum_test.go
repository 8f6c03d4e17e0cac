package curation

import (
	"math/big"
	"strings"
	"testing"
)

func TestAUnitIsMeasuredByItsDefinition(t *testing.T) {
	cases := []struct{ one, other string }{
		{"mg", "1000.ug"}, {"mL", "cm3"}, {"L", "1000.mL"}, {"dL", "100.mL"}, {"kg", "10*3.g"}, {"10*6.[IU]", "1000000.[IU]"},
		{"mg/(5.mL)", "200.ug/mL"}, {"g/(100.mL)", "10.mg/mL"}, {"g/L", "mg/mL"}, {"m2", "10000.cm2"}, {"h", "60.min"}, {"[iU]", "[IU]"},
		{"mg/mL", "mg.mL-1"}, {"{Tablet}", "{tablet}"}, {"10*-6.g", "ug"}, {"meq", "10*-3.eq"}, {"[ppm]", "10*-4.%"},
	}
	for _, test := range cases {
		one, err := measured(test.one, strings.ToLower)
		if err != nil {
			t.Error(err)
			continue
		}
		other, err := measured(test.other, strings.ToLower)
		if err != nil || !one.same(other) || one.size.Cmp(other.size) != 0 {
			t.Errorf("%s is %s %s, %s is %s %s (%v)", test.one, one.size, one.kind(), test.other, other.size, other.kind(), err)
		}
	}
}

func TestDifferentThingsHaveDifferentDimensions(t *testing.T) {
	units := []string{"mg", "mL", "cm2", "mmol", "meq", "[IU]", "[arb'U]", "%", "1", "{tablet}", "{capsule}", "h", "mg/mL", "g/g", "mg/{dose}", "/mL"}
	for i, a := range units[:len(units)-1] {
		for _, b := range units[:i] {
			one, err := measured(a, strings.ToLower)
			other, wrong := measured(b, strings.ToLower)
			if err != nil || wrong != nil || one.same(other) {
				t.Errorf("%s and %s are both %s (%v, %v)", a, b, one.kind(), err, wrong)
			}
		}
	}
}

func TestWhatIsNoUnitIsRefused(t *testing.T) {
	for _, text := range []string{"", "mgg", "mg/", "/mL", "(mg", "mg)", "{", "{}", "mg..mL", "0.mg", "cm0", "cm99", "10*", "furlong", "mg mL", "-mg", "[", "µg", "m[", "cm-"} {
		if m, err := measured(text, strings.ToLower); err == nil && text != "10*" {
			t.Errorf("%q is %s %s", text, m.size, m.kind())
		}
	}
	if m, err := measured("10*", strings.ToLower); err != nil || m.size.Cmp(big.NewRat(10, 1)) != 0 {
		t.Errorf("ten is %v, %v", m.size, err)
	}
}

func FuzzUnit(f *testing.F) {
	for _, seed := range []string{"mg/(5.mL)", "10*-6.[arb'U]", "{Tbl", "cm2", "[[a]", "((((", "m-12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := measured(text, strings.ToLower); err == nil && m.size.Sign() <= 0 {
			t.Errorf("%q is %s", text, m.size)
		}
	})
}

func TestCheckDigits(t *testing.T) {
	for code, want := range map[string]bool{"22298006": true, "22298007": false, "404684003": true, "404648003": false} {
		if verhoeff(code) != want {
			t.Errorf("SNOMED CT %s: %v", code, !want)
		}
	}
	for code, want := range map[string]bool{"57833-6": true, "57833-5": false, "60591-5": true, "60951-5": false, "8716-3": true} {
		if mod10(code) != want {
			t.Errorf("LOINC %s: %v", code, !want)
		}
	}
}
