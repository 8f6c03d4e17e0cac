package translation

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// required are the fields that fail closed and have codes (DESIGN 4).
func required() []Field { return []Field{DoseForm, Substance, StrengthUnit, PackageUnit} }

// traveller is a required slot as a country sends it.
func traveller(field Field, code Coding) *Slot {
	s := NewSlot(field, "some.place", code)
	s.Required = true
	if field == StrengthUnit || field == PackageUnit || field == DoseUnit {
		s.Number = "12.50"
	}
	return s
}

func TestWhatOneCountryMaySendTheOtherCanRead(t *testing.T) {
	c := shipped(t)
	for _, way := range []struct{ from, to, language string }{{"EE", "FI", "fi"}, {"FI", "EE", "et"}} {
		for _, field := range required() {
			carried := 0
			for _, code := range append(c.Sendable(way.from, field), every(c, way.from, field)...) {
				s := traveller(field, code)
				c.ToPivot(way.from, s)
				if s.Fate == Refused {
					continue // said by a row, with its reason
				}
				carried++
				c.FromPivot(way.to, []string{way.language}, s)
				if s.Fate == Refused || s.Rendered == "" || s.Language != way.language {
					t.Errorf("%s to %s: %s arrives as %q (%s): %s", way.from, way.to, code.Code, s.Rendered, s.Language, s.Fate)
				}
			}
			if carried == 0 {
				t.Errorf("%s sends no %s", way.from, field)
			}
		}
	}
}

// every lists the codes of a country whose list is the shared one under another name.
func every(c *Catalogue, country string, field Field) []Coding {
	m := c.maps[mapKey{country, field}]
	list := []Coding{}
	for system, r := range m.every {
		for _, member := range c.Members(field) {
			if member.System == r.To {
				list = append(list, Coding{System: system, Code: member.Code})
			}
		}
	}
	return list
}

func TestTheCodesOfThePrescriptionsThatOpenedTheCorridorAreCarried(t *testing.T) {
	const ee, fi = "https://fhir.ee/CodeSystem/", "urn:oid:1.2.246.537.6."
	cases := []struct {
		country string
		field   Field
		code    Coding
		pivot   string
		amount  string
	}{
		{"EE", DoseForm, Coding{System: ee + "ravimvormid", Code: "738"}, "10219000", ""},
		{"EE", DoseForm, Coding{System: ee + "ravimvormid", Code: "1224"}, "10226000", ""},
		{"EE", DoseForm, Coding{System: ee + "ravimvormid", Code: "1461"}, "50060200", ""},
		{"EE", DoseForm, Coding{System: "urn:oid:1.3.6.1.4.1.28284.6.2.1.12", Code: "740"}, "12100", ""},
		{"FI", DoseForm, Coding{System: fi + "852", Code: "10221000"}, "10221000", ""},
		{"EE", Substance, Coding{System: ee + "toimeained", Code: "11707"}, "N05BA12", ""},
		{"EE", Substance, Coding{System: "urn:sild:demo:ee-substance", Code: "90004"}, "100000089842", ""},
		{"FI", Substance, Coding{System: fi + "32.2007", Code: "N02BA01"}, "B01AC06", ""},
		{"EE", Classification, Coding{System: ee + "atc-ee", Code: "A11DB85"}, "A11DB", ""},
		{"FI", Classification, Coding{System: "urn:oid:1.2.246.537.6.32", Code: "C09BA05"}, "C09BA05", ""},
		{"EE", StrengthUnit, Coding{System: ee + "retsept-mahu-ja-massiyhik", Code: "MG/5ML"}, "mg", "2.5"},
		{"EE", StrengthUnit, Coding{System: ee + "retsept-mahu-ja-massiyhik", Code: "ANNUS"}, "{dose}", "12.50"},
		{"EE", PackageUnit, Coding{System: ee + "retsept-mahu-ja-massiyhik", Code: "TABL"}, "15054000", "12.50"},
		{"FI", PackageUnit, Coding{System: fi + "138.202001", Code: "18"}, "15054000", "12.50"},
		{"EE", DoseUnit, Coding{System: ee + "retsept-annustamise-yhik", Code: "MA"}, "15001000", "12.50"},
		{"FI", Route, Coding{System: fi + "1403.202001", Code: "1055"}, "20053000", ""},
		{"EE", Diagnosis, Coding{System: ee + "rhk10", Code: "F41.0"}, "F41.0", ""},
		{"EE", CourseOfTherapy, Coding{System: ee + "ravikuuri-tyyp", Code: "P"}, "continuous", ""},
		{"EE", SubstitutionReason, Coding{System: ee + "ravimi-asendamatuse-pohjus", Code: "KP08"}, "KP08", ""},
	}
	c := shipped(t)
	for _, test := range cases {
		s := traveller(test.field, test.code)
		c.ToPivot(test.country, s)
		if s.Current.Code != test.pivot || s.Amount != test.amount || (s.Fate != Mapped && s.Fate != Identical) {
			t.Errorf("%s %s: %s %q as %q: %s", test.country, test.code.Code, s.Fate, s.Current.Code, s.Amount, s.Reason)
		}
	}
}

func TestUnclearUnitsAreNotGuessed(t *testing.T) {
	c := shipped(t)
	for _, code := range []string{"AD %", "MCI", "MCL", "ÜHIK", "100G", "X10ASTMES8", "ANNUST"} {
		s := traveller(StrengthUnit, Coding{System: "https://fhir.ee/CodeSystem/retsept-mahu-ja-massiyhik", Code: code})
		c.ToPivot("EE", s)
		if s.Fate != Refused {
			t.Errorf("%s becomes %s", code, s.Current.Code)
		}
	}
}

// anySlot draws a slot of any field, with a code from anywhere in the catalogue or from nowhere.
func anySlot(c *Catalogue) *rapid.Generator[*Slot] {
	pool, fields := []Coding{{}, {System: "urn:oid:9.9", Code: "lost", Display: "õäöüšžå®Ω"}}, []Field{Other, Structural, ProductID}
	for _, field := range c.head.Fields {
		fields = append(fields, field)
		pool = append(pool, c.Members(field)...)
		for _, country := range []string{"EE", "FI", shared} {
			pool = append(pool, c.Sendable(country, field)...)
		}
	}
	return rapid.Custom(func(t *rapid.T) *Slot {
		s := NewSlot(rapid.SampledFrom(fields).Draw(t, "field"), "some.place", rapid.SampledFrom(pool).Draw(t, "code"))
		s.Required = rapid.Bool().Draw(t, "required")
		s.Number = rapid.SampledFrom([]string{"", "0", "1.50", "0.0001", "-3", "7,5", "1e9"}).Draw(t, "number")
		return s
	})
}

func copied(s *Slot) *Slot {
	c := *s
	c.Hops = append([]Hop(nil), s.Hops...)
	return &c
}

func TestTranslatingTwiceIsTranslatingOnceAndTheOriginalStays(t *testing.T) {
	c, slots := shipped(t), anySlot(shipped(t))
	rapid.Check(t, func(t *rapid.T) {
		s := slots.Draw(t, "slot")
		before := copied(s)
		from := rapid.SampledFrom([]string{"EE", "FI"}).Draw(t, "from")
		to := rapid.SampledFrom([]string{"EE", "FI", "SE"}).Draw(t, "to")
		steps := []func(*Slot){
			func(s *Slot) { c.ToPivot(from, s) },
			func(s *Slot) { c.FromPivot(to, []string{"fi"}, s) },
			func(s *Slot) { c.Home(from, s) },
		}
		for i, step := range steps[:2] {
			step(s)
			once := copied(s)
			step(s)
			if !reflect.DeepEqual(once, copied(s)) {
				t.Fatalf("step %d: %+v is not %+v", i, s, once)
			}
			if s.Original() != before.Original() || s.Number != before.Number || s.Text != before.Text {
				t.Fatalf("step %d rewrote what was written: %+v", i, s)
			}
			if s.Fate == Untouched || (s.Gap() == "") != (s.Fate == Mapped || s.Fate == Identical) {
				t.Fatalf("step %d leaves the fate %q with the reason %q", i, s.Fate, s.Reason)
			}
		}
		home := traveller(before.Field, before.Original())
		steps[2](home)
		once := copied(home)
		steps[2](home)
		if !reflect.DeepEqual(once, copied(home)) {
			t.Fatalf("coming home twice: %+v is not %+v", home, once)
		}
	})
}

func TestTheSameSlotAlwaysGetsTheSameAnswer(t *testing.T) {
	one, other, slots := shipped(t), shipped(t), anySlot(shipped(t))
	rapid.Check(t, func(t *rapid.T) {
		a := slots.Draw(t, "slot")
		b := copied(a)
		one.ToPivot("EE", a)
		other.ToPivot("EE", b)
		if !reflect.DeepEqual(copied(a), copied(b)) {
			t.Fatalf("%+v is not %+v", a, b)
		}
	})
}

func TestEveryCodeThatDiffersFromTheSourceHasAHopAndItsTargetIsInTheValueSet(t *testing.T) {
	c, slots := shipped(t), anySlot(shipped(t))
	rapid.Check(t, func(t *rapid.T) {
		s := slots.Draw(t, "slot")
		c.ToPivot(rapid.SampledFrom([]string{"EE", "FI"}).Draw(t, "from"), s)
		if !s.Current.Same(s.Original()) && len(s.Hops) == 0 {
			t.Fatalf("%+v has no hop", s)
		}
		for _, hop := range s.Hops {
			if hop.Release != c.Release() || (hop.Kind == Transcode) != (hop.Map != "") {
				t.Fatalf("%+v names no map or no release", hop)
			}
		}
		if (s.Fate == Mapped || s.Fate == Identical) && s.Field != Structural && !c.Member(s.Field, s.Current) {
			t.Fatalf("%+v is outside its value set", s)
		}
		if s.Required && s.Fate == Mapped && s.Relation() != Equivalent && s.Field != Classification {
			t.Fatalf("%+v is required and not carried exactly", s)
		}
	})
}

// A country's own code comes back to it from the other side as it left, whatever the chain looked like on the way.
func TestACodeThatCrossesTheBorderComesHomeUnchanged(t *testing.T) {
	c := shipped(t)
	for _, country := range []string{"EE", "FI"} {
		for field := range c.sets {
			for _, code := range c.Sendable(country, field) {
				code.Display, code.Language = "sõna å", "et"
				s := NewSlot(field, "some.place", code)
				c.ToPivot(country, s)
				if s.Fate != Mapped {
					continue
				}
				back := NewSlot(field, s.Path, s.Original())
				back.Number = s.Amount
				back.SetPer(s.Per())
				back.Assert(s.Current)
				if way := c.Home(country, back); way != HomeKept || back.Current != code {
					t.Errorf("%s %s %s comes home as %+v (%s)", country, field, code.Code, back.Current, way)
				}
			}
		}
	}
}

func TestNoDesignationOfACarriedCodeIsMissing(t *testing.T) {
	c := shipped(t)
	for field := range c.sets {
		for _, code := range c.Members(field) {
			for _, language := range []string{"en", "et", "fi"} {
				if text, lang := c.Designation(code, language); strings.TrimSpace(text) == "" || lang != language {
					t.Errorf("%s %s is %q in %s", field, code.Code, text, lang)
				}
			}
		}
	}
}
