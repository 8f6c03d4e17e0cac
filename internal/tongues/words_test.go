package tongues_test

import (
	"html"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// said is every text that the records and the coded places of a document hold.
func said(d *node.Document) string {
	var b strings.Builder
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			b.WriteString(v.String() + "\x00" + html.UnescapeString(v.String()) + "\x00")
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		}
	}
	for _, held := range []any{d.Prescriptions, d.Dispensation, d.Summary, d.Patient, d.Header, d.Slots} {
		walk(reflect.ValueOf(held))
	}
	return b.String()
}

func TestEveryTextComesOutUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := newInventor(t, false)
		d := v.document()
		for _, form := range pivots(d) {
			body, report := written(t, from(d, form), form)
			if !utf8.Valid(body) || strings.ContainsRune(string(body), utf8.RuneError) {
				t.Fatalf("as %s: letters became something else", form)
			}
			there := said(decoded(t, body))
			for text, path := range v.words {
				if !strings.Contains(there, text) && !isLost(report, path) && !isSilent(d, path) {
					t.Errorf("as %s: %q of %s is not there", form, text, path)
				}
			}
		}
	})
}

// isSilent says that a place is in a section that says nothing: it looks the same as one never recorded.
func isSilent(d *node.Document, path string) bool {
	if d.Summary == nil {
		return false
	}
	for _, s := range d.Summary.Sections {
		if s.State == node.NoInformation && strings.HasPrefix(path, "section["+s.Code+"]") {
			return true
		}
	}
	return false
}

// foreign counts the letters outside of ASCII, as they stand and as references.
func foreign(text string) map[rune]int {
	found := map[rune]int{}
	for _, r := range html.UnescapeString(text) {
		if r >= utf8.RuneSelf {
			found[r]++
		}
	}
	return found
}

func TestNoLetterOfAnyDocumentIsLost(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if !d.Format.InCDA() && d.Format != node.EPS && d.Format != node.MPD {
			continue
		}
		arrive(d, "FI")
		body, _ := written(t, d, d.Format)
		there := foreign(string(body))
		for r, n := range foreign(string(one.source)) {
			if there[r] < n {
				t.Errorf("%s: %q stood there %d times and stands there %d times", one.name, r, n, there[r])
			}
		}
		if there[utf8.RuneError] > foreign(string(one.source))[utf8.RuneError] {
			t.Errorf("%s: a letter has been replaced", one.name)
		}
	}
}

func TestTheSpanishTripleKeepsItsLettersWhereTheOthersLostThem(t *testing.T) {
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: THE SPANISH TRIPLE IS NOT READ")
	}
	read := func(name string) []byte { return bytesOf(filepath.Join(root, "cda", "ps-l3-es-tm-"+name+".xml")) }
	input := read("input")
	for _, name := range []string{"transcoded", "translated"} {
		if out := foreign(string(read(name))); out['ñ'] >= foreign(string(input))['ñ'] && out['º'] >= foreign(string(input))['º'] {
			t.Errorf("%s shows no loss, so it shows nothing", name)
		}
	}
	for _, form := range []node.Format{node.CDA3, node.EPS} {
		d := decoded(t, input)
		abroad(d, "EE")
		body, _ := written(t, d, form)
		next := decoded(t, body)
		arrive(next, "FI")
		if body, _ = written(t, next, form); form == node.CDA3 {
			for _, r := range "ñºª" {
				if was, is := foreign(string(input))[r], foreign(string(body))[r]; is < was || was == 0 && r != 'ª' {
					t.Errorf("%q stood there %d times and stands there %d times", r, was, is)
				}
			}
		}
		last := decoded(t, body)
		if !strings.Contains(strings.Join(last.Patient.Given, " "), "Iñigo") || strings.Contains(string(body), "I?igo") {
			t.Errorf("as %s the patient is called %v", form, last.Patient.Given)
		}
		there := said(last)
		for _, s := range decoded(t, input).Slots {
			for _, word := range []string{s.Original().Display, s.Text} {
				if strings.ContainsAny(word, "ñºª") && !strings.Contains(there, word) {
					t.Errorf("as %s: %q is not there", form, word)
				}
			}
		}
	}
}

// statesOf tells the sections of a summary by what they say: entries, a known absence or no information.
func statesOf(d *node.Document) map[string]node.SectionState {
	found := map[string]node.SectionState{}
	for _, s := range d.Summary.Sections {
		if _, twice := found[s.Code]; !twice {
			found[s.Code] = s.State
		}
	}
	return found
}

// sameStates says that a section that says nothing, that there is nothing, or something goes on saying so.
func sameStates(t reporter, name string, before, after *node.Document) {
	t.Helper()
	now := statesOf(after)
	for code, was := range statesOf(before) {
		is, there := now[code]
		if was == is || was == node.NoInformation && !there {
			continue // a section that nobody demands and that says nothing may be left out
		}
		t.Errorf("%s: section %s said %s and says %q", name, code, was, is)
	}
	for code, is := range now {
		if _, there := statesOf(before)[code]; !there && is != node.NoInformation {
			t.Errorf("%s: section %s was not there and says %s", name, code, is)
		}
	}
}

func TestNoInformationAndKnownAbsenceAreNeverMixedUp(t *testing.T) {
	check := func(t reporter, name string, d *node.Document) {
		for _, form := range []node.Format{other(d), d.Format, other(d)} {
			next := carriedOn(t, name, d, form)
			if next == nil {
				return // a patient whose number cannot stand in CDA
			}
			sameStates(t, name+" as "+string(form), d, next)
			arrive(next, "FI")
			d = next
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := newInventor(t, true)
		record := v.summary()
		d := inBytes(t, record, rapid.SampledFrom(pivots(record)).Draw(t, "form"))
		sameStates(t, "first", record, d)
		check(t, "made up", d)
	})
	for _, one := range data(t) {
		if d := decoded(t, one.source); d.Summary != nil {
			check(t, one.name, d)
		}
	}
}

func TestTheReasonWhyACodeIsMissingStaysTheReason(t *testing.T) {
	for _, reason := range []string{"", "unknown", "asked-unknown", "not-asked", "temp-unknown", "not-applicable", "unsupported"} {
		for _, form := range []node.Format{node.CDA3, node.MPD} {
			d := plainPrescription()
			p := d.Prescriptions[0]
			p.Dosage[0].Route = coded(translation.Route, "dosage[0].route", "", "")
			if p.Dosage[0].Route.SetAbsent(reason); reason == "" {
				p.Dosage[0].Route = nil
			}
			d.Slots = recordSlots(d)
			first := inBytes(t, d, form)
			for _, read := range []*node.Document{first, inBytes(t, first, other(first))} {
				route := read.Prescription().Dosage[0].Route
				if reason == "" && route != nil || reason != "" && (route == nil || route.Absent() != reason || !route.Original().IsZero()) {
					t.Errorf("%s by way of %s: %+v", reason, form, route)
				}
			}
		}
	}
}

func TestAbsentEmptyAndZeroAreThreeThings(t *testing.T) {
	for _, value := range []string{"", "0", "0.0"} {
		for _, form := range []node.Format{node.CDA3, node.EPS} {
			d := plainSummary()
			e := node.Entry{Kind: node.AnObservation, State: "completed", When: node.Period{From: "2026-05-06", To: "2026-05-06"}, What: coded(translation.Observation, "section[30954-2].entry[0].question", loinc, "718-7")}
			if value != "" {
				e.Result.Quantity = measured(translation.ResultUnit, "section[30954-2].entry[0].answer", value, ucum, "g/L")
			}
			d.Summary.Sections = append(d.Summary.Sections, node.Section{Code: "30954-2", Title: "Uuringud", State: node.HasEntries, Entries: []node.Entry{e}})
			d.Slots = recordSlots(d)
			first := inBytes(t, d, form)
			for _, read := range []*node.Document{first, inBytes(t, first, other(first))} {
				sections := read.Summary.Sections
				for _, s := range sections {
					if s.Code == "30954-2" && s.Entries[0].Result.Quantity.Value != value {
						t.Errorf("%q by way of %s: %q", value, form, s.Entries[0].Result.Quantity.Value)
					}
				}
			}
		}
	}
}

// narratives are the texts of the sections of a summary that have the title.
func narrativeOf(d *node.Document, code string) node.Narrative {
	for _, s := range d.Summary.Sections {
		if s.Code == code {
			return s.Narrative
		}
	}
	return node.Narrative{}
}

func TestWhatPeopleWroteKeepsItsLanguageAndIsNeverMixedWithWhatWeWrite(t *testing.T) {
	words := `<p>Kõrge vererõhk: <b>Äärmine</b> &amp; &lt;ohtlik&gt;</p>`
	for _, form := range []node.Format{node.CDA3, node.EPS} {
		for _, language := range []string{"et", "fi", "sv-FI"} {
			d := plainSummary()
			d.Summary.Sections[1].Narrative = node.Narrative{XHTML: words, Language: language}
			first := inBytes(t, d, form)
			for i, read := range []*node.Document{first, inBytes(t, first, other(first))} {
				own, ours := narrativeOf(read, "11450-4"), narrativeOf(read, "10160-0")
				if !strings.HasPrefix(own.XHTML, words) || own.Generated || own.Language != language || strings.Contains(strings.ToLower(own.XHTML), "generated") {
					t.Errorf("%s %d %s: %+v", form, i, language, own)
				}
				if form == node.EPS && i == 0 && !ours.Generated || ours.XHTML == "" || strings.Contains(ours.XHTML, "Äärmine") {
					t.Errorf("%s %d %s: what we wrote reads %+v", form, i, language, ours)
				}
			}
		}
	}
}
