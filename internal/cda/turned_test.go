package cda

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// mostTurned is how many places of one kind are tried in one document.
const mostTurned = 200

// TestNothingIsTurnedRoundInSilence denies, proposes and excludes in every document what it states: the document is
// refused, or its record, its slots or its residue are no longer the same.
func TestNothingIsTurnedRoundInSilence(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		before, unheld := contentOf(t, d), unheldOf(d)
		tried := 0
		for _, turn := range turnsOf(grow(t, one.source)) {
			if turn.at.In(unheld) || isTurned(d, turn.at.Start) {
				continue // the report says of it already that the record does not hold it
			}
			tried++
			source := string(one.source[:turn.at.Start]) + turn.now + string(one.source[turn.at.End:])
			after, err := tongue().Decode([]byte(source))
			if err == nil && contentOf(t, after) == before {
				t.Errorf("%s: %s goes unnoticed at %s", one.name, turn.name, around(one.source[max(0, turn.at.Start-80):turn.at.End], nil))
			}
		}
		if tried == 0 && d.Format != node.CDA1 {
			t.Errorf("%s: nothing was turned", one.name)
		}
	}
}

// turn is one change that turns a statement, or a bound, round.
type turn struct {
	name string
	at   translation.Span
	now  string
}

// turnsOf are the changes of a document, of each kind a part that stands all over it.
func turnsOf(root *branch) []turn {
	var moods, denials, bounds, silences []turn
	var walk func(b *branch)
	walk = func(b *branch) {
		switch b.name {
		case "act", "observation", "organizer", "procedure", "substanceAdministration", "supply":
			moods = append(moods, b.with("a goal", "moodCode", "GOL"))
			denials = append(denials, b.with("a denial", "negationInd", "true"))
		case "entryRelationship", "ingredient":
			denials = append(denials, b.with("a denial", "negationInd", "true"))
		case "low", "high":
			bounds = append(bounds, b.with("a bound that is left out", "inclusive", "false"))
		}
		if len(spoken(b)) > 0 && b.text == "" && unheld[b.name] == "" {
			silences = append(silences, b.with("a null flavour", "nullFlavor", "UNK"))
		}
		for _, c := range b.children {
			walk(c)
		}
	}
	walk(root)
	return slices.Concat(thinned(moods), thinned(denials), thinned(bounds), thinned(silences))
}

func thinned(all []turn) []turn {
	var some []turn
	for i := 0; i < len(all); i += 1 + len(all)/mostTurned {
		some = append(some, all[i])
	}
	return some
}

// with sets an attribute of an element; one that says true already is set to say false.
func (b *branch) with(name, attribute, value string) turn {
	old, there := b.attributes[attribute]
	if there && old == value {
		value = "false"
	}
	return turn{name: name, at: translation.Span{Start: b.start, End: b.open}, now: setIn(b.tag, attribute, value)}
}

// setIn writes an attribute into a start tag, in place of the one that is there.
func setIn(tag, attribute, value string) string {
	written := " " + attribute + `="` + value + `"`
	if at := strings.Index(tag, " "+attribute+`="`); at >= 0 {
		end := at + len(" "+attribute+`="`)
		end += strings.IndexByte(tag[end:], '"') + 1
		return tag[:at] + written + tag[end:]
	}
	at := len(strings.TrimSuffix(strings.TrimSuffix(tag, ">"), "/"))
	return tag[:at] + written + tag[at:]
}

// contentOf is all that is known of a document, but where it stands.
func contentOf(t *testing.T, d *node.Document) string {
	t.Helper()
	for _, slot := range d.Slots {
		slot.Span = translation.Span{}
	}
	var residue []string
	for _, r := range d.Residue {
		residue = append(residue, r.Path+r.Why)
	}
	b, err := json.Marshal([]any{d.Header, d.Patient, d.Prescriptions, d.Dispensation, d.Summary, d.Slots, residue})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// isTurned says that the residue tells of the element at a place that it is turned round already.
func isTurned(d *node.Document, at int) bool {
	return slices.ContainsFunc(d.Residue, func(r node.Residue) bool {
		return r.Span.Start == at && strings.HasSuffix(r.Why, "says so.")
	})
}

// unheldOf are the elements of which the report says that nothing of them is held.
func unheldOf(d *node.Document) []translation.Span {
	var found []translation.Span
	for _, r := range d.Residue {
		if r.Why == "No field of the record holds it." {
			found = append(found, r.Span)
		}
	}
	return found
}
