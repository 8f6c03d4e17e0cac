package translation

import (
	"encoding/json"
	"reflect"
	"sync"
	"testing"
)

func TestTheWordsOfAReaderLeaveTheStepsAsTheyWere(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", aForm("T"))
	c.ToPivot("XA", s)
	pivot := s.Current
	for _, language := range []string{"fi", "et"} {
		c.FromPivot("XB", []string{language}, s)
		own := Coding{System: "http://b.example/form", Code: "tb"}
		if life := []Coding{aForm("T"), pivot, own}; !reflect.DeepEqual(s.Life(), life) || s.To(0) != pivot || s.To(1) != own {
			t.Errorf("%s: %+v", language, s.Life())
		}
		if s.Current.Display == "" || s.Current.Language != language {
			t.Errorf("%s: %+v", language, s.Current)
		}
	}
}

func TestALifeIsToldFromTheOriginalToTheCodeOfNow(t *testing.T) {
	s := NewSlot(DoseForm, "form", aForm("T"))
	if !reflect.DeepEqual(s.Life(), []Coding{aForm("T")}) {
		t.Errorf("%+v", s.Life())
	}
	s.Assert(form("1"))
	s.Take(&Step{Kind: Transcode}, form("2"))
	if !reflect.DeepEqual(s.Life(), []Coding{aForm("T"), form("1"), form("2")}) || s.Original() != aForm("T") || s.Hops[0].Kind != Asserted {
		t.Errorf("%+v", s)
	}
}

// A large summary has a hundred thousand hops, and they were made in a few ways.
func TestHopsThatWereMadeAlikeShareTheirStep(t *testing.T) {
	c := small(t)
	step := func(country, code string) *Step {
		s := NewSlot(DoseForm, "form", aForm(code))
		c.ToPivot(country, s)
		return s.Hops[0].Step
	}
	var found [8]*Step
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() { found[i] = step("XA", "T") })
	}
	all.Wait()
	for _, one := range found {
		if one != found[0] {
			t.Errorf("%+v is kept twice", *one)
		}
	}
	if draft := step("XA", "U"); draft == found[0] || !draft.Draft || found[0].Draft {
		t.Errorf("a draft: %+v, and what was accepted: %+v", *draft, *found[0])
	}
}

func TestAHopIsReadBackAsItWasWritten(t *testing.T) {
	c := small(t)
	s := NewSlot(DoseForm, "form", aForm("T"))
	c.ToPivot("XA", s)
	c.FromPivot("XB", []string{"fi"}, s)
	text, err := json.Marshal(s.Hops)
	if err != nil {
		t.Fatal(err)
	}
	var read []Hop
	if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, s.Hops) {
		t.Errorf("%s: %v", text, err)
	}
}
