package translation

import (
	"strings"
	"testing"
)

func aForm(code string) Coding {
	return Coding{System: "http://a.example/form", Code: code, Display: "vorm", Language: "et"}
}

func form(code string) Coding { return Coding{System: "http://forms.example", Code: code} }

func TestASlotGetsItsFateOnTheWayToThePivot(t *testing.T) {
	c := small(t)
	cases := []struct {
		name     string
		slot     Slot
		fate     Fate
		relation Relation
		code     string
		reason   string
	}{
		{name: "an equivalent row carries a required slot", slot: Slot{Field: DoseForm, Required: true, Current: aForm("T")},
			fate: Mapped, relation: Equivalent, code: "1"},
		{name: "a shared code stays", slot: Slot{Field: DoseForm, Required: true, Current: form("1")},
			fate: Identical, relation: Equivalent, code: "1"},
		{name: "another spelling of a shared code is carried", slot: Slot{Field: DoseForm, Required: true, Current: form("TAB")},
			fate: Mapped, relation: Equivalent, code: "1"},
		{name: "a wider code is shown where it is not required", slot: Slot{Field: DoseForm, Current: aForm("V")},
			fate: Mapped, relation: Wider, code: "3"},
		{name: "a wider code is refused where it is required", slot: Slot{Field: DoseForm, Required: true, Current: aForm("V")},
			fate: Refused, relation: Equivalent, code: "V", reason: "carried exactly"},
		{name: "a narrower code is shown where it is not required", slot: Slot{Field: DoseForm, Current: aForm("W")},
			fate: Mapped, relation: Narrower, code: "4"},
		{name: "a narrower code is refused where it is required", slot: Slot{Field: DoseForm, Required: true, Current: aForm("W")},
			fate: Refused, relation: Equivalent, code: "W", reason: "carried exactly"},
		{name: "an inexact code is never used", slot: Slot{Field: DoseForm, Current: aForm("X")},
			fate: Passed, relation: Equivalent, code: "X", reason: "carried exactly"},
		{name: "a row without a target says why", slot: Slot{Field: DoseForm, Current: aForm("Y")},
			fate: Passed, relation: Equivalent, code: "Y", reason: "the name is a riddle"},
		{name: "a required slot without a target is refused", slot: Slot{Field: DoseForm, Required: true, Current: aForm("Y")},
			fate: Refused, relation: Equivalent, code: "Y", reason: "the name is a riddle"},
		{name: "an unknown code is passed on", slot: Slot{Field: DoseForm, Current: aForm("Q")},
			fate: Passed, relation: Equivalent, code: "Q", reason: "no map"},
		{name: "an unknown required code is refused", slot: Slot{Field: DoseForm, Required: true, Current: aForm("Q")},
			fate: Refused, relation: Equivalent, code: "Q", reason: "no map"},
		{name: "a shared code outside the value set is refused", slot: Slot{Field: DoseForm, Required: true, Current: form("9")},
			fate: Refused, relation: Equivalent, code: "9", reason: "no map"},
		{name: "a class may be levelled up though required", fate: Mapped, relation: Wider, code: "A01AB",
			slot: Slot{Field: Classification, Required: true, Current: Coding{System: "http://a.example/atc", Code: "A01AB77"}}},
		{name: "a row for every code carries what the value set has", fate: Mapped, relation: Equivalent, code: "A01",
			slot: Slot{Field: Classification, Required: true, Current: Coding{System: "http://a.example/atc", Code: "A01"}}},
		{name: "a row for every code checks the target", fate: Refused, relation: Equivalent, code: "A02", reason: "no map",
			slot: Slot{Field: Classification, Required: true, Current: Coding{System: "http://a.example/atc", Code: "A02"}}},
		{name: "a code of the right shape is carried", fate: Mapped, relation: Equivalent, code: "Z99",
			slot: Slot{Field: Diagnosis, Current: Coding{System: "http://a.example/icd", Code: "Z99"}}},
		{name: "an empty required slot is refused", slot: Slot{Field: DoseForm, Required: true},
			fate: Refused, relation: Equivalent, reason: "the source leaves it empty"},
		{name: "an empty slot is passed on", slot: Slot{Field: DoseForm}, fate: Passed, relation: Equivalent,
			reason: "the source leaves it empty"},
		{name: "an empty slot keeps its reason", slot: Slot{Field: DoseForm, Rare: &Rare{Absent: "unknown"}}, fate: Passed,
			relation: Equivalent, reason: "unknown"},
		{name: "a reason does not fill a required slot", slot: Slot{Field: DoseForm, Required: true, Rare: &Rare{Absent: "unknown"}},
			fate: Refused, relation: Equivalent, reason: "the source leaves it empty"},
		{name: "a product number is provenance", slot: Slot{Field: ProductID, Current: Coding{System: "urn:x", Code: "7"}},
			fate: Passed, relation: Equivalent, code: "7", reason: "provenance"},
		{name: "a place that no record claims is kept", slot: Slot{Field: Other, Current: Coding{System: "urn:x", Code: "7"}},
			fate: Passed, relation: Equivalent, code: "7", reason: "no value set"},
		{name: "the grammar of a document is alike everywhere", fate: Identical, relation: Equivalent, code: "7",
			slot: Slot{Field: Structural, Current: Coding{System: "urn:x", Code: "7"}}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s := test.slot
			c.ToPivot("XA", &s)
			if s.Fate != test.fate || s.Relation() != test.relation || s.Current.Code != test.code {
				t.Errorf("%s, %s, %q", s.Fate, s.Relation(), s.Current.Code)
			}
			if (test.reason == "") != (s.Reason == "") || !strings.Contains(s.Reason, test.reason) {
				t.Errorf("the reason is %q", s.Reason)
			}
			if s.Original() != test.slot.Original() {
				t.Error("the original has changed")
			}
		})
	}
}

func TestAHopNamesItsMapItsReleaseAndItsCountry(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", aForm("U"))
	c.ToPivot("xa", s)
	want := Step{Kind: Transcode, Relation: Equivalent, Map: "xa-eu/dose-form", Release: c.Release(), Country: "XA", Draft: true}
	to := Coding{System: "http://forms.example", Code: "2", Display: "soft capsule", Language: "en"}
	if len(s.Hops) != 1 || *s.Hops[0].Step != want || s.Hops[0].From != aForm("U") || s.To(0) != to || s.Current != to || !s.Draft() {
		t.Errorf("%+v", s.Hops)
	}
}

func TestAnIdentityIsAHopTooAndWritesTheCanonicalSystem(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", Coding{System: "urn:oid:1.2.99", Version: "7", Code: "2", Display: "weich", Language: "de"})
	c.ToPivot("XA", s)
	if len(s.Hops) != 1 || s.Hops[0].Kind != Identity || s.Hops[0].Map != "" || !s.Hops[0].Draft {
		t.Fatalf("%+v", s.Hops)
	}
	if s.Current.System != "http://forms.example" || s.Current.Version != "7" || s.Current.Display != "weich" {
		t.Errorf("%+v", s.Current)
	}
}

func TestNumbers(t *testing.T) {
	c := small(t)
	cases := []struct {
		name, unit, number string
		required           bool
		fate               Fate
		amount, per        string
	}{
		{"a number whose unit stays is not rewritten", "G", "1.50", true, Mapped, "1.50", ""},
		{"a number is scaled exactly", "KG", "0.125", true, Mapped, "125", ""},
		{"a ratio in one code has a denominator", "G/100ML", "1.50", true, Mapped, "0.015", "mL"},
		{"a fraction that is finite after all is taken", "T", "6", true, Mapped, "2", ""},
		{"a number without a finite decimal is refused", "T", "1", false, Refused, "", ""},
		{"a negative number is refused", "G", "-1", false, Refused, "", ""},
		{"a plus sign is refused", "G", "+1", false, Refused, "", ""},
		{"a comma is refused", "G", "1,5", false, Refused, "", ""},
		{"an exponent is refused", "G", "1e3", false, Refused, "", ""},
		{"a blank is refused", "G", " 1", false, Refused, "", ""},
		{"a point without digits is refused", "G", "1.", false, Refused, "", ""},
		{"a fraction is refused", "G", "1/2", false, Refused, "", ""},
		{"words are refused", "G", "NaN", false, Refused, "", ""},
		{"a number without end is refused", "G", strings.Repeat("9", 41), false, Refused, "", ""},
		{"zero is refused where it is required", "G", "0.00", true, Refused, "", ""},
		{"zero stays zero where it is not", "KG", "0.0", false, Mapped, "0", ""},
		{"no number is no amount", "KG", "", true, Mapped, "", ""},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s := NewSlot(StrengthUnit, "strength", Coding{System: "http://a.example/unit", Code: test.unit})
			s.Number, s.Required = test.number, test.required
			c.ToPivot("XA", s)
			if s.Fate != test.fate || s.Amount != test.amount || perOf(s).Code != test.per || s.Number != test.number {
				t.Errorf("%s, %q per %q: %s", s.Fate, s.Amount, perOf(s).Code, s.Reason)
			}
		})
	}
}

func TestAReasonNamesNoCode(t *testing.T) {
	c := small(t)
	s := NewSlot(Diagnosis, "reason", Coding{System: "http://a.example/icd", Code: "F20-secret"})
	c.ToPivot("XA", s)
	if s.Reason == "" || strings.Contains(s.Reason, "F20") {
		t.Errorf("%q", s.Reason)
	}
}

func TestOnlyWhatIsMeasuredMayBeBelowZero(t *testing.T) {
	c := small(t)
	for field, want := range map[Field]bool{ResultUnit: false, Other: false, StrengthUnit: true, PackageUnit: true, DoseUnit: true} {
		s := NewSlot(field, "x", Coding{System: "http://units.example", Code: "g"})
		s.Number = "-2.5"
		c.ToPivot("XA", s)
		if refused := s.Fate == Refused; refused != want {
			t.Errorf("%s: %s %s", field, s.Fate, s.Reason)
		}
		for _, odd := range []string{"--1", "-", "+1", "-1,5", "-1e3"} {
			s.Number, s.Fate = odd, Untouched
			if c.ToPivot("XA", s); s.Fate != Refused {
				t.Errorf("%s %s: %s", field, odd, s.Fate)
			}
		}
	}
}
