package translation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// madeUp are properties of the forms of the small tables, as FHIR.
const madeUp = `{"resourceType":"CodeSystem","url":"http://forms.example","concept":[
 {"code":"1","property":[{"code":"BDF","valueCode":"tablet"},{"code":"ISI","valueCode":"mouth"},{"code":"AME","valueCode":"swallow"}]},
 {"code":"2","property":[{"code":"BDF","valueCode":"capsule"},{"code":"ISI","valueCode":"mouth"},{"code":"AME","valueCode":"swallow"}]},
 {"code":"3","property":[{"code":"BDF","valueCode":"tablet"},{"code":"ISI","valueCode":"mouth"}]},
 {"code":"4","property":[{"code":"BDF","valueCode":"tampon"},{"code":"ISI","valueCode":"ear"},{"code":"AME","valueCode":"insert"}]},
 {"code":"6","property":[{"code":"BDF","valueCode":"tablet"},{"code":"ISI","valueCode":"mouth"}]},
 {"code":"7","property":[{"code":"BDF","valueCode":"tablet"},{"code":"RCA","valueCode":"prolonged"}]},
 {"code":"8","property":[{"code":"BDF","valueCode":"tablet"},{"code":"RCA","valueCode":"conventional"}]},
 {"code":"9","property":[{"code":"BDF","valueCode":"tampon"}]},
 {"code":"5","property":[{"code":"class","valueCode":"PDF"}]}]}`

func knowing(t *testing.T, c *Catalogue, properties string) *Catalogue {
	t.Helper()
	p, err := ReadProperties(strings.NewReader(properties))
	if err != nil {
		t.Fatal(err)
	}
	more, err := c.With(p)
	if err != nil {
		t.Fatal(err)
	}
	return more
}

// passedOn is a slot whose chain a peer asserted, the oldest code first.
func passedOn(codes ...Coding) *Slot {
	s := NewSlot(DoseForm, "form", codes[0])
	for _, to := range codes[1:] {
		s.Assert(to)
	}
	return s
}

func TestCodesThatCannotMeanOneThingRaiseAnAlarm(t *testing.T) {
	c := knowing(t, small(t), madeUp)
	cases := []struct {
		name  string
		slot  *Slot
		want  Coherence
		alarm []string
	}{
		{"one code under two names", passedOn(form("1"), form("1")), Agrees, nil},
		{"a tablet that became an ear tampon", passedOn(form("1"), form("4")), Contradicts,
			[]string{"basic dose form", "intended site", "administration method"}},
		{"a national code that means a tablet", passedOn(aForm("T"), form("4")), Contradicts, []string{"intended site"}},
		{"the contradiction lies in the middle", passedOn(form("1"), form("4"), form("1")), Contradicts, []string{"intended site"}},
		{"tablet and capsule are swallowed both, but differ in form", passedOn(form("1"), form("2")), Contradicts, []string{"basic dose form"}},
		{"a property that one does not have decides nothing", passedOn(form("1"), form("6")), Agrees, nil},
		{"two codes of the shared list are two forms, whatever their properties", passedOn(form("1"), form("3")), Contradicts, []string{"stand"}},
		{"a tablet that came to last longer", passedOn(form("8"), form("7")), Contradicts, []string{"release characteristics"}},
		{"a national code without a map", passedOn(aForm("Q"), form("1")), NotChecked, nil},
		{"a code without properties", passedOn(form("5"), form("1")), NotChecked, nil},
		{"a contradiction is told though another code is unknown", passedOn(aForm("Q"), form("1"), form("4")), Contradicts, []string{"intended site"}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			c.Cohere(test.slot)
			if test.slot.Coherence() != test.want || (test.slot.Alarm() != "") != (test.alarm != nil) {
				t.Errorf("%s, %q", test.slot.Coherence(), test.slot.Alarm())
			}
			for _, word := range test.alarm {
				if !strings.Contains(test.slot.Alarm(), word) {
					t.Errorf("the alarm does not name the %s: %s", word, test.slot.Alarm())
				}
			}
		})
	}
}

func TestWithoutPropertiesNothingIsClaimedToBeChecked(t *testing.T) {
	c := small(t)
	for _, s := range []*Slot{passedOn(form("6"), form("1")), passedOn(form("1"))} {
		if c.Cohere(s); s.Coherence() != NotChecked || s.Alarm() != "" {
			t.Errorf("%s, %q", s.Coherence(), s.Alarm())
		}
	}
	other := NewSlot(Diagnosis, "reason", form("1"))
	if c.Cohere(other); other.Coherence() != "" {
		t.Errorf("a diagnosis has no dose form's properties: %s", other.Coherence())
	}
}

func TestPropertiesOfASystemThatNobodyKnowsAreRefused(t *testing.T) {
	p, err := ReadProperties(strings.NewReader(strings.Replace(madeUp, "http://forms.example", "http://other.example", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := small(t).With(p); err == nil {
		t.Error("they are taken, though nothing would ever be compared by them")
	}
}

func TestDisplaysDecideNothing(t *testing.T) {
	c := knowing(t, small(t), madeUp)
	tampon, tablet := form("1"), form("1")
	tampon.Display, tablet.Display = "Ear tampon", "Film-coated tablet"
	s := passedOn(tampon, tablet)
	if c.Cohere(s); s.Coherence() != Agrees {
		t.Errorf("%s", s.Coherence())
	}
}

func TestOtherPropertiesAreAnotherRelease(t *testing.T) {
	c := small(t)
	if knowing(t, c, madeUp).Release() == c.Release() {
		t.Error("a document made with properties cannot be told from one made without")
	}
}

func TestAFileWithoutPropertiesIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":         `<CodeSystem/>`,
		"another resource": `{"resourceType":"ValueSet","url":"x"}`,
		"no property":      `{"resourceType":"CodeSystem","url":"x","concept":[{"code":"1"}]}`,
	} {
		if _, err := ReadProperties(strings.NewReader(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestAnEarTamponOverAFilmCoatedTabletRaisesTheAlarm is the chain of a real dispensation, with the properties of the
// EDQM sample.
func TestAnEarTamponOverAFilmCoatedTabletRaisesTheAlarm(t *testing.T) {
	samples := os.Getenv("SILD_SAMPLES")
	if samples == "" {
		t.Skip("SILD_SAMPLES is not set: THE PROPERTIES OF THE EDQM SAMPLE ARE NOT COMPARED")
	}
	f, err := os.Open(filepath.Join(samples, "fhir", "edqm-codesystem", "CodeSystem-edqm.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := ReadProperties(f)
	if err != nil {
		t.Fatal(err)
	}
	c, err := shipped(t).With(p)
	if err != nil {
		t.Fatal(err)
	}
	edqm := func(code string) Coding { return Coding{System: "urn:oid:0.4.0.127.0.16.1.1.2.1", Code: code} }
	danish := Coding{System: "urn:oid:2.16.17.710.802.1000.990.1.20.22", Code: "TABFILM"}
	for _, chain := range [][]Coding{{danish, edqm("10714000")}, {edqm("10221000"), edqm("10714000")}} {
		s := passedOn(chain...)
		if c.Cohere(s); s.Coherence() != Contradicts || !strings.Contains(s.Alarm(), "intended site") {
			t.Errorf("%s over %s: %s %q", chain[1].Code, chain[0].Code, s.Coherence(), s.Alarm())
		}
	}
	s := passedOn(danish, edqm("10221000"))
	if c.Cohere(s); s.Coherence() != Agrees {
		t.Errorf("a film-coated tablet over itself: %s %s", s.Coherence(), s.Alarm())
	}
}

func TestAStrengthIsMeasuredAndNotCounted(t *testing.T) {
	for code, want := range map[string]bool{"mg": true, "[iU]": true, "{ELISA'U}": true, "{Tablet}": false, "{dose}": false, "1": false, "h": false} {
		if got := MeasuresSubstance(Coding{System: "http://unitsofmeasure.org", Code: code}); got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
	if MeasuresSubstance(Coding{System: "http://standardterms.edqm.eu", Code: "15054000"}) {
		t.Error("a tablet measures no substance")
	}
}
