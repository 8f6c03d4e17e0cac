package translation

import (
	"reflect"
	"strings"
	"testing"
)

func TestASlotGetsItsFateOnTheWayIntoACountry(t *testing.T) {
	c := small(t)
	foreign := Coding{System: "http://forms.example", Code: "77", Display: "Čapík", Language: "sk"}
	cases := []struct {
		name       string
		slot       Slot
		fate       Fate
		code       string
		text, lang string
		reason     string
	}{
		{"the national code is found", Slot{Field: DoseForm, Required: true, Current: form("1")},
			Mapped, "tb", "tabletti", "fi", ""},
		{"another spelling is understood first", Slot{Field: DoseForm, Required: true, Current: form("TAB")},
			Mapped, "tb", "tabletti", "fi", ""},
		{"a required slot asks no less than an equal", Slot{Field: DoseForm, Required: true, Current: form("2")},
			Passed, "2", "pehmeä kapseli", "fi", "no code of its own"},
		{"a code that says more is shown where nothing is required", Slot{Field: DoseForm, Current: form("2")},
			Mapped, "sc", "pehmeä kapseli", "fi", ""},
		{"no national code is no refusal", Slot{Field: DoseForm, Required: true, Current: form("3")},
			Passed, "3", "oral film", "en", "no code of its own"},
		{"a country without a map of its own uses the shared code",
			Slot{Field: Diagnosis, Current: Coding{System: "http://icd.example", Code: "I10"}},
			Identical, "I10", "kohonnut verenpaine", "fi", ""},
		{"an unknown code is refused where it is required", Slot{Field: DoseForm, Required: true, Current: foreign},
			Refused, "77", "Čapík", "sk", "not in the value set"},
		{"an unknown code is shown in its own words elsewhere", Slot{Field: DoseForm, Current: foreign},
			Passed, "77", "Čapík", "sk", "not in the value set"},
		{"text serves where no code has words", Slot{Field: Other, Text: "üks lusikas"}, Passed, "", "üks lusikas", "", "leaves it empty"},
		{"a national product number is shown", Slot{Field: ProductID, Current: Coding{System: "urn:x", Code: "7", Display: "Pack"}},
			Passed, "7", "Pack", "", "provenance"},
		{"a bad number is refused at this end too", Slot{Field: StrengthUnit, Number: "-1",
			Current: Coding{System: "http://units.example", Code: "g"}}, Refused, "g", "gramma", "fi", "plain decimal"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s := test.slot
			c.FromPivot("XB", []string{"fi"}, &s)
			if s.Fate != test.fate || s.Current.Code != test.code || s.Rendered != test.text || s.Language != test.lang {
				t.Errorf("%s, %q, %q in %q", s.Fate, s.Current.Code, s.Rendered, s.Language)
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

func TestTheWholeWayKeepsBothHopsAndTheOriginal(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", aForm("T"))
	c.ToPivot("XA", s)
	c.FromPivot("XB", []string{"fi-FI"}, s)
	if len(s.Hops) != 2 || s.Hops[0].Map != "xa-eu/dose-form" || s.Hops[1].Map != "eu-xb/dose-form" ||
		s.Hops[0].Country != "XA" || s.Hops[1].Country != "XB" || !s.Hops[1].From.Same(form("1")) || s.To(0) != s.Hops[1].From {
		t.Fatalf("%+v", s.Hops)
	}
	if s.Original() != aForm("T") || s.Current.Code != "tb" || s.Current.Display != "tabletti" || s.Language != "fi" {
		t.Errorf("%+v", s)
	}
}

func TestWhatWasNotCarriedOutIsShownInItsOwnWords(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", aForm("Y"))
	c.ToPivot("XA", s)
	c.FromPivot("XB", []string{"fi"}, s)
	if s.Fate != Passed || !strings.Contains(s.Reason, "riddle") || s.Rendered != "vorm" || s.Language != "et" {
		t.Errorf("%+v", s)
	}
}

func TestTheOriginalWordsServeWhereTheSharedCodeHasNone(t *testing.T) {
	c := small(t)
	s := NewSlot(Diagnosis, "reason", Coding{System: "http://a.example/icd", Code: "Z99", Display: "hingamine", Language: "et"})
	c.ToPivot("XA", s)
	c.FromPivot("XB", []string{"fi"}, s)
	if s.Rendered != "hingamine" || s.Language != "et" {
		t.Errorf("%q in %q", s.Rendered, s.Language)
	}
}

func TestAskingInAnotherLanguageChangesTheWordsOnly(t *testing.T) {
	c := small(t)
	s := NewSlot(StrengthUnit, "strength", Coding{System: "http://a.example/unit", Code: "G/100ML"})
	s.Number = "2"
	c.ToPivot("XA", s)
	c.FromPivot("XB", []string{"fi"}, s)
	hops := len(s.Hops)
	c.FromPivot("XB", []string{"et"}, s)
	if s.Rendered != "gramm" || s.Per().Display != "milliliiter" || len(s.Hops) != hops || s.Amount != "0.02" {
		t.Errorf("%+v", s)
	}
}

func TestASlotComesHome(t *testing.T) {
	c := small(t)
	levelled := Coding{System: "http://atc.example", Code: "A01AB"}
	chain := func(own Coding) []Hop { return []Hop{{From: own, Step: asserted}} }
	cases := []struct {
		name     string
		slot     Slot
		way      HomeWay
		fate     Fate
		code     string
		relation Relation
	}{
		{"the country's own code is kept while it still means the same",
			Slot{Field: DoseForm, Required: true, Current: form("1"), Hops: chain(aForm("T"))}, HomeKept, Mapped, "T", Equivalent},
		{"an own code that means something else now is not believed",
			Slot{Field: DoseForm, Required: true, Current: form("1"), Hops: chain(aForm("U"))}, HomeMapped, Mapped, "T", Equivalent},
		{"an own code that no table knows is not believed",
			Slot{Field: DoseForm, Required: true, Current: form("1"), Hops: chain(aForm("Q"))}, HomeMapped, Mapped, "T", Equivalent},
		{"a code of another country is not ours",
			Slot{Field: DoseForm, Required: true, Current: form("1"), Hops: chain(Coding{System: "http://b.example/form", Code: "tb"})},
			HomeMapped, Mapped, "T", Equivalent},
		{"without a chain the tables name the code",
			Slot{Field: DoseForm, Required: true, Current: form("2")}, HomeMapped, Mapped, "U", Equivalent},
		{"without a way home the shared code stays",
			Slot{Field: DoseForm, Required: true, Current: form("3")}, HomeNone, Passed, "3", Equivalent},
		{"an unknown code that is required is refused",
			Slot{Field: DoseForm, Required: true, Current: form("99")}, HomeNone, Refused, "99", Equivalent},
		{"a class that was levelled up is found again by its chain",
			Slot{Field: Classification, Current: levelled, Hops: chain(Coding{System: "http://a.example/atc", Code: "A01AB77"})}, HomeKept, Mapped, "A01AB77", Narrower},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s := test.slot
			original := s.Original()
			way := c.Home("XA", &s)
			if way != test.way || s.Fate != test.fate || s.Current.Code != test.code || s.Relation() != test.relation {
				t.Errorf("%s, %s, %q, %s", way, s.Fate, s.Current.Code, s.Relation())
			}
			if s.Original() != original {
				t.Error("the original has changed")
			}
			once := s
			if again := c.Home("XA", &s); again != way || !reflect.DeepEqual(once, s) {
				t.Errorf("coming home twice: %s, %+v", again, s)
			}
		})
	}
}

func TestAnAmountComesHomeInTheUnitItLeftIn(t *testing.T) {
	c := small(t)
	kilo := Coding{System: "http://a.example/unit", Code: "KG"}
	ratio := Coding{System: "http://a.example/unit", Code: "G/100ML"}
	millilitre := Coding{System: "http://units.example", Code: "mL"}
	gram := Coding{System: "http://units.example", Code: "g"}
	cases := []struct {
		name         string
		own, per     Coding
		number       string
		code, amount string
	}{
		{"divided again", kilo, Coding{}, "2500", "KG", "2.5"},
		{"with its denominator", ratio, millilitre, "0.015", "G/100ML", "1.5"},
		{"not where the denominator has gone", ratio, Coding{}, "0.015", "G", "0.015"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			s := NewSlot(StrengthUnit, "strength", gram)
			s.Number, s.Hops = test.number, []Hop{{From: test.own, Step: asserted}}
			s.SetPer(&test.per)
			c.Home("XA", s)
			if s.Current.Code != test.code || s.Amount != test.amount {
				t.Errorf("%s %s", s.Amount, s.Current.Code)
			}
		})
	}
}
