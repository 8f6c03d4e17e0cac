package translation

import "testing"

// counted is a slot of a unit whose number a peer has converted.
func counted(number string, from Coding, amount string, to Coding) *Slot {
	s := NewSlot(StrengthUnit, "strength", from)
	s.Number, s.Amount, s.Current = number, amount, to
	s.Hops = []Hop{{Kind: Asserted, From: from, To: to}}
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
		if alarm := test.slot.Alarm != ""; alarm != (test.want == Contradicts) {
			t.Errorf("%s: alarm %q", name, test.slot.Alarm)
		}
		if relation := test.slot.Relation(); (relation == "") != (test.want != Agrees) {
			t.Errorf("%s: relation %q", name, relation)
		}
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
