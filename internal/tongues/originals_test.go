package tongues_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// original is what the issuing country wrote in one coded place.
type original struct {
	coding       translation.Coding
	text, number string
}

// originalOf leaves out what stands beside the code of a unit: the words for it, and the name of a UCUM unit.
func originalOf(s *translation.Slot) original {
	o := original{canonical(s.Original()), s.Text, s.Number}
	if s.Field.IsUnit() || s.Number != "" {
		o.text = ""
		if o.coding.System == ucum {
			o.coding.Display = ""
		}
	}
	return o
}

// bare is the number of a product: FHIR writes it as an identifier, with nothing beside it.
func (o original) bare() original {
	return original{translation.Coding{System: o.coding.System, Code: o.coding.Code}, "bare", ""}
}

// isTold says that a time of the day stands in a dosage as the code that both forms share.
func isTold(d *node.Document, slot *translation.Slot) bool {
	if slot.Field != translation.TimingEvent {
		return false
	}
	for _, dosage := range dosagesOf(d) {
		if slices.Contains(dosage.Timing.When, slot.Original().Code) {
			return true
		}
	}
	return false
}

func dosagesOf(d *node.Document) []node.Dosage {
	var found []node.Dosage
	for _, p := range d.Prescriptions {
		found = append(found, p.Dosage...)
	}
	if d.Summary != nil {
		for _, s := range d.Summary.Sections {
			for _, e := range s.Entries {
				found = append(found, e.Dosage...)
			}
		}
	}
	return found
}

// unaccounted are the coded places whose original neither stands in the document read back nor is named as lost.
func unaccounted(before, after *node.Document, r *node.Report) []string {
	arrived := map[original]int{}
	for _, slot := range everySlot(after) {
		o := originalOf(slot)
		arrived[o]++
		arrived[original{o.coding, "*", o.number}]++
		arrived[o.bare()]++
	}
	var missing []string
	for _, slot := range everySlot(before) {
		o := originalOf(slot)
		wanted := o
		if o.text == "" {
			wanted.text = "*" // another name of the same thing may stand there
		}
		if slot.Field == translation.ProductID {
			wanted = o.bare()
		}
		switch {
		case o == (original{}), silent(before, slot), isLost(r, slot.Path), isGrammar(slot), isTold(after, slot):
		case arrived[wanted] > 0:
			arrived[wanted]--
		default:
			missing = append(missing, fmt.Sprintf("%s %s %+v", slot.Field, slot.Path, o))
		}
	}
	return missing
}

// isGrammar says that a code only holds a document together: each form has its own.
func isGrammar(slot *translation.Slot) bool { return slot.Field == translation.Structural }

// silent says that a slot stands in a section that says that nothing is known: it looks the same as one never recorded.
func silent(d *node.Document, slot *translation.Slot) bool {
	if d.Summary == nil {
		return false
	}
	for _, s := range d.Summary.Sections {
		if s.State == node.NoInformation && slices.Contains(s.Slots, slot) {
			return true
		}
	}
	return false
}

func TestTheOriginalsOfAnyRecordArriveInEitherForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newInventor(t, false).document()
		for _, form := range pivots(d) {
			body, report := written(t, from(d, form), form)
			for _, lost := range unaccounted(d, decoded(t, body), report) {
				t.Errorf("as %s: %s", form, lost)
			}
		}
	})
}

// carriedOn writes a document in a form and reads it back, and holds the originals of the two against each other. It is
// nil where the form cannot take the document: a refusal that names the place is no loss.
func carriedOn(t reporter, name string, d *node.Document, form node.Format) *node.Document {
	t.Helper()
	body, report, err := tried(d, form)
	if err != nil {
		if e := node.AsError(err); e.Kind != node.Untranslatable || e.Slot == "" {
			t.Errorf("%s as %s: %v: %s", name, form, err, e.Detail)
		}
		return nil
	}
	next := decoded(t, body)
	for _, lost := range unaccounted(d, next, report) {
		t.Errorf("%s as %s: %s", name, form, lost)
	}
	return next
}

// other is the form that a document is not in.
func other(d *node.Document) node.Format {
	if d.Format.InCDA() {
		return fhirOf(d)
	}
	return node.CDA3
}

// abroad carries the codes of a document as far as they go, and says whether it may leave.
func abroad(d *node.Document, country string) bool {
	return node.CarryOut(shipped(), country, d) == nil
}

func arrive(d *node.Document, country string) {
	node.CarryIn(shipped(), country, []string{strings.ToLower(country), "en"}, d)
}

func TestTheOriginalsOfAnyDocumentSurviveTheOtherFormAndTheWayBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := invented(t, false)
		for _, translate := range []func(*node.Document){func(*node.Document) {}, func(d *node.Document) { abroad(d, "EE") }, func(d *node.Document) { arrive(d, "FI") }} {
			if translate(d); d.Summary == nil && node.Refusal(shipped(), d) != nil {
				continue
			}
			there := carriedOn(t, "there", d, other(d))
			if there == nil {
				return
			}
			back := carriedOn(t, "back", there, d.Format)
			if back == nil {
				return
			}
			d = back
		}
	})
}

func TestTheOriginalsOfEveryKeptDocumentSurviveTheOtherFormAndTheWayBack(t *testing.T) {
	crossed := 0
	for _, one := range data(t) {
		d := decoded(t, one.source)
		if !abroad(d, one.country) && d.Summary == nil {
			continue // it must not leave; the splice below keeps it anyway
		}
		if d.Kind == node.APrescription && d.Prescription() == nil {
			continue // several items are split before they are written anew
		}
		first := fhirOf(d)
		for _, form := range []node.Format{first, node.CDA3, first} {
			if form == node.EPS && d.Format == node.EPS {
				continue
			}
			next := carriedOn(t, one.name, d, form)
			if next == nil {
				break
			}
			arrive(next, "FI")
			crossed++
			if d = next; d.Summary == nil && node.Refusal(shipped(), d) != nil {
				break // nobody hands it on
			}
		}
	}
	if crossed < 100 {
		t.Errorf("only %d crossings", crossed)
	}
}

func TestTheOriginalsOfEveryDocumentSurviveAnyNumberOfStepsInTheirOwnForm(t *testing.T) {
	spliced := 0
	for _, one := range readable(t) {
		first := decoded(t, one.source)
		if first.Format != node.EPS && first.Format != node.MPD && !first.Format.InCDA() {
			continue
		}
		d := first
		for range 3 {
			abroad(d, "EE")
			d = carriedOn(t, one.name, d, d.Format)
			arrive(d, "FI")
			d = carriedOn(t, one.name, d, d.Format)
		}
		spliced++
	}
	if spliced < 15 {
		t.Errorf("only %d documents", spliced)
	}
}
