package translation

import (
	"strings"
	"testing"
)

// counted is a slot of a unit whose number a peer has converted.
func counted(number string, from Coding, amount string, to Coding) *Slot {
	s := NewSlot(StrengthUnit, "strength", from)
	s.Number, s.Amount = number, amount
	s.Assert(to)
	return s
}

var gram = Coding{System: "http://units.example", Code: "g"}

func TestEverythingThatAChainNamesMustMeanOneThing(t *testing.T) {
	c := small(t)
	for name, test := range map[string]struct {
		slot *Slot
		want Coherence
	}{
		"the shared code over the national one that means it": {passedOn(aForm("T"), form("1")), Agrees},
		"over one that means another":                         {passedOn(aForm("T"), form("2")), Contradicts},
		"between the two stands another":                      {passedOn(aForm("T"), form("2"), form("1")), Contradicts},
		"over one that nobody knows":                          {passedOn(aForm("Q"), form("1")), NotChecked},
		"an unknown one over a known one":                     {passedOn(aForm("T"), form("unheard-of")), NotChecked},
		"a code alone":                                        {passedOn(form("1")), Agrees},
		"the same amount in the same unit":                    {counted("5", gram, "5", gram), Agrees},
		"the same amount otherwise written":                   {counted("5", gram, "5.0", gram), Agrees},
		"another amount in the same unit":                     {counted("500", gram, "5", gram), Contradicts},
	} {
		if got := c.Agreement(test.slot); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		c.Cohere(test.slot)
		if alarm := test.slot.Alarm() != ""; alarm != (test.want == Contradicts) {
			t.Errorf("%s: alarm %q", name, test.slot.Alarm())
		}
		if relation := test.slot.Relation(); (relation == "") != (test.want != Agrees) {
			t.Errorf("%s: relation %q", name, relation)
		}
	}
}

// Another code that the source writes for the same thing is compared with what the reader sees.
func TestAnotherCodeForTheSameThingMustMeanIt(t *testing.T) {
	plain, known := small(t), knowing(t, small(t), madeUp)
	for name, test := range map[string]struct {
		also        []Coding
		want, forms Coherence // by the tables alone, and with the properties of the dose forms
		alarm       string
	}{
		"the shared code itself":                {[]Coding{form("1")}, Agrees, Agrees, ""},
		"another shared code":                   {[]Coding{form("4")}, Contradicts, Contradicts, "intended site"},
		"a code that nobody knows":              {[]Coding{aForm("Q")}, Agrees, Agrees, ""},
		"a contradiction behind an unknown one": {[]Coding{aForm("Q"), form("2")}, Contradicts, Contradicts, "basic dose form"},
		"a code with properties only":           {[]Coding{form("9")}, Agrees, Contradicts, "basic dose form"},
	} {
		for i, c := range []*Catalogue{plain, known} {
			s := NewSlot(DoseForm, "form", aForm("T"))
			s.Compare().Also = test.also
			c.ToPivot("XA", s)
			if c.Cohere(s); c.Agreement(s) != test.want {
				t.Errorf("%s: %s, want %s", name, c.Agreement(s), test.want)
			}
			if (test.want == Contradicts) != (s.Relation() == "") {
				t.Errorf("%s: relation %q", name, s.Relation())
			}
			if i == 1 && (s.Coherence() != test.forms || !strings.Contains(s.Alarm(), test.alarm) || (s.Alarm() == "") != (test.alarm == "")) {
				t.Errorf("%s: %s, %q", name, s.Coherence(), s.Alarm())
			}
		}
	}
	free := NewSlot(BodySite, "site", form("1"))
	free.Compare().Also = []Coding{form("2")}
	if plain.Agreement(free) != Agrees {
		t.Error("a place that nothing binds was compared")
	}
}

func TestWhatThisCatalogueCarriedAgreesWithItself(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", aForm("T"))
	c.ToPivot("XA", s)
	if c.Agreement(s) != Agrees || s.Relation() != Equivalent {
		t.Errorf("%s, %s", c.Agreement(s), s.Relation())
	}
}

// Half a gram is five hundred milligrams, whichever of them stands where.
func TestOneAmountInTwoUnitsIsOneAmount(t *testing.T) {
	milligram, gramOfUCUM := Coding{System: ucum, Code: "mg"}, Coding{System: ucum, Code: "g"}
	for _, row := range []struct {
		first, second string
		unit, other   Coding
		same          bool
	}{
		{"500", "0.5", milligram, gramOfUCUM, true}, {"500", "0.50", milligram, gramOfUCUM, true}, {"500", "500", milligram, gramOfUCUM, false},
		{"500", "5", milligram, milligram, false}, {"1", "1", milligram, Coding{System: ucum, Code: "mL"}, false},
		{"", "", milligram, gramOfUCUM, true}, {"", "5", milligram, gramOfUCUM, true}, {"", "", milligram, Coding{System: ucum, Code: "mmol"}, false},
	} {
		if got := sameThing(StrengthUnit, row.unit, row.first, row.other, row.second); got != row.same {
			t.Errorf("%s %s and %s %s: %v", row.first, row.unit.Code, row.second, row.other.Code, got)
		}
	}
}

func TestEveryNumberThatASourceWritesIsCompared(t *testing.T) {
	c := small(t)
	for number, want := range map[string]Coherence{"5": Agrees, "5.0": Agrees, "50": Contradicts} {
		s := counted("5", gram, "5", gram)
		s.Compare().Counted = []Counted{{Number: "5", Unit: gram}, {Number: number, Unit: gram}}
		if got := c.Agreement(s); got != want {
			t.Errorf("5 and %s: %s", number, got)
		}
	}
}

func TestACodeThatOnlySaysLessContradictsNothing(t *testing.T) {
	c := knowing(t, small(t), madeUp)
	for _, row := range []struct {
		field Field
		a, b  Coding
		want  bool
	}{
		{Diagnosis, Coding{Code: "E11"}, Coding{Code: "E11.9"}, true}, {Diagnosis, Coding{Code: "E11.9"}, Coding{Code: "E11"}, true},
		{Diagnosis, Coding{Code: "E1"}, Coding{Code: "E11"}, false}, {Diagnosis, Coding{Code: "E10.9"}, Coding{Code: "E11.9"}, false},
		{DoseForm, form("1"), form("6"), true}, {DoseForm, form("1"), form("4"), false}, {DoseForm, form("1"), form("unheard-of"), false},
		{Substance, Coding{Code: "A"}, Coding{Code: "A.1"}, false},
	} {
		if got := c.lessExact(row.field, row.a, row.b); got != row.want {
			t.Errorf("%s %s and %s: %v", row.field, row.a.Code, row.b.Code, got)
		}
	}
}
