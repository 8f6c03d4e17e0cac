package tongues_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// checkLives holds the life of every coded place against the rules: a chain without a gap from the original to the code of
// now, every step of ours with its map and release, and staying the same a step too.
func checkLives(t reporter, name string, d *node.Document) {
	t.Helper()
	for _, s := range d.Slots {
		at := s.Original()
		for i, hop := range s.Hops {
			if !canonical(hop.From).Same(canonical(at)) {
				t.Errorf("%s %s: a step sets out from %s, not from %s", name, s.Path, hop.From.Code, at.Code)
			}
			if at = s.To(i); hop.Kind == translation.Asserted {
				continue
			}
			if hop.Release == "" || hop.Country == "" || (hop.Kind == translation.Transcode) != (hop.Map != "") {
				t.Errorf("%s %s: a step without its map, release or country: %+v", name, s.Path, hop)
			}
		}
		if !canonical(at).Same(canonical(s.Current)) {
			t.Errorf("%s %s: the steps lead to %s, and the code is %s", name, s.Path, at.Code, s.Current.Code)
		}
		checkFate(t, name, s)
	}
}

// checkFate says that a slot has one fate, and what that fate rests on.
func checkFate(t reporter, name string, s *translation.Slot) {
	t.Helper()
	ours := func(kind translation.HopKind) bool {
		return slices.ContainsFunc(s.Hops, func(h translation.Hop) bool { return h.Kind == kind && h.Release == shipped().Release() })
	}
	switch s.Fate {
	case translation.Mapped:
		if s.Reason != "" || !ours(translation.Transcode) {
			t.Errorf("%s %s: mapped by no map of ours", name, s.Path)
		}
	case translation.Identical:
		if s.Reason != "" || s.Field != translation.Structural && !ours(translation.Identity) {
			t.Errorf("%s %s: identical, and no step says so", name, s.Path)
		}
	case translation.Passed, translation.Refused:
		if s.Reason == "" {
			t.Errorf("%s %s: %s without a reason", name, s.Path, s.Fate)
		}
	default:
		t.Errorf("%s %s: no fate but %q", name, s.Path, s.Fate)
	}
}

// checkReport says that the loss report lists every coded place once, as it is.
func checkReport(t reporter, name string, d *node.Document) {
	t.Helper()
	report := node.Loss(d, shipped().Release())
	if report.Release != shipped().Release() || report.Count() != len(d.Slots) || len(report.Residue) != len(d.Residue) {
		t.Fatalf("%s: %d lines for %d places", name, report.Count(), len(d.Slots))
	}
	seen := map[string]bool{}
	lines := slices.Collect(report.Lines())
	for i, slot := range d.Slots {
		line := lines[i]
		if line.Path != slot.Path || line.Fate != slot.Fate || line.Original != slot.Original() || line.Current != slot.Current || line.Reason != slot.Reason ||
			line.Draft != slot.Draft() || line.Coherence != slot.Coherence() || line.Alarm != slot.Alarm() {
			t.Errorf("%s: line %+v is not the place %+v", name, line, slot)
		}
		if wanted := relationOf(slot); line.Relation != wanted {
			t.Errorf("%s %s: the report calls it %q, it is %q", name, slot.Path, line.Relation, wanted)
		}
		if seen[slot.Path] || slot.Path == "" {
			t.Errorf("%s: two places are called %q", name, slot.Path)
		}
		seen[slot.Path] = true
	}
}

// relationOf is the weakest relation of the steps by a map, worked out anew.
func relationOf(s *translation.Slot) translation.Relation {
	if s.Fate != translation.Mapped && s.Fate != translation.Identical {
		return ""
	}
	if shipped().Agreement(s) != translation.Agrees {
		return "" // somebody else's step that no table confirms
	}
	order := []translation.Relation{translation.Equivalent, translation.Wider, translation.Narrower, translation.Inexact, translation.None}
	weakest := 0
	for _, hop := range s.Hops {
		if hop.Kind == translation.Transcode {
			weakest = max(weakest, slices.Index(order, hop.Relation))
		}
	}
	return order[weakest]
}

// checkHeld says that the coded places of the records are those of the document, and each has its bytes.
func checkHeld(t reporter, name string, d *node.Document) {
	t.Helper()
	for _, slot := range recordSlots(d) {
		if !slices.Contains(d.Slots, slot) || slot.Span.Len() == 0 {
			t.Errorf("%s: the record holds %s, the document does not", name, slot.Path)
		}
	}
}

func TestEveryCodeThatDiffersFromItsSourceSaysByWhichMapAndRelease(t *testing.T) {
	check := func(t reporter, name, country string, source []byte) {
		for _, to := range []string{"FI", "EE"} {
			out, in := decoded(t, source), decoded(t, source)
			checkHeld(t, name, out)
			abroad(out, country)
			arrive(in, to)
			for _, d := range []*node.Document{out, in} {
				checkLives(t, name, d)
				checkReport(t, name, d)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, "made up", "EE", invented(t, false).Source)
	})
	for _, one := range readable(t) {
		check(t, one.name, one.country, one.source)
	}
}

// step is a step as both sides of the border must know it.
type step struct {
	original, from, to translation.Coding
	of, release        string
}

func stepsOf(d *node.Document) map[step]int {
	found := map[step]int{}
	for _, s := range d.Slots {
		for i, h := range s.Hops {
			if h.Kind == translation.Transcode {
				o := canonical(s.Original())
				found[step{translation.Coding{System: o.System, Code: o.Code}, bareOf(h.From), bareOf(s.To(i)), h.Map, h.Release}]++
			}
		}
	}
	return found
}

func bareOf(c translation.Coding) translation.Coding {
	c = canonical(c)
	return translation.Coding{System: c.System, Code: c.Code}
}

func TestMapAndReleaseOfEveryStepArriveOverFHIR(t *testing.T) {
	check := func(t reporter, name, country string, d *node.Document) {
		if !abroad(d, country) && d.Summary == nil || d.Kind == node.APrescription && d.Prescription() == nil {
			return
		}
		body, report, err := tried(d, fhirOf(d))
		if err != nil {
			return
		}
		read := decoded(t, body)
		there := stepsOf(read)
		for _, slot := range d.Slots {
			one := &node.Document{Slots: []*translation.Slot{slot}}
			for s := range stepsOf(one) {
				if there[s] == 0 && !isLost(report, slot.Path) && !silent(d, slot) {
					t.Errorf("%s %s: nobody abroad learns of %+v", name, slot.Path, s)
				}
			}
		}
		if d.Dispensation == nil { // one resource, which has no room for a report
			checkPeer(t, name, d, read, report)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, "made up", "EE", invented(t, true)) })
	for _, one := range data(t) {
		check(t, one.name, one.country, decoded(t, one.source))
	}
}

// checkPeer says that the loss report arrives line by line.
func checkPeer(t reporter, name string, d, read *node.Document, sent *node.Report) {
	t.Helper()
	if read.Peer == nil || read.Peer.Release != sent.Release {
		t.Errorf("%s: the report of country A does not arrive", name)
		return
	}
	arrived := map[string]int{}
	for line := range read.Peer.Lines() {
		arrived[fmt.Sprint(line.Fate, line.Field, bareOf(line.Original), bareOf(line.Current), line.Relation, line.Draft, line.Reason)]++
	}
	for i, line := range slices.Collect(sent.Lines()) {
		key := fmt.Sprint(line.Fate, line.Field, bareOf(line.Original), bareOf(line.Current), line.Relation, line.Draft, line.Reason)
		if silent(d, d.Slots[i]) {
			continue
		}
		if arrived[key]--; arrived[key] < 0 {
			t.Errorf("%s: the line for %s does not arrive", name, line.Path)
		}
	}
	if len(read.Peer.Lost) < len(sent.Lost) {
		t.Errorf("%s: %d places are lost, %d are told of", name, len(sent.Lost), len(read.Peer.Lost))
	}
}

func TestNoCodedPlaceOfASourceIsOverlooked(t *testing.T) {
	check := func(t reporter, name string, source []byte) {
		d := decoded(t, source)
		find := codedJSON
		if d.Format.InCDA() {
			find = codedXML
		}
		var told []translation.Span
		for _, slot := range d.Slots {
			told = append(told, slot.Span)
		}
		for _, left := range d.Residue {
			told = append(told, left.Span)
		}
		for _, at := range find(t, source) {
			if !slices.ContainsFunc(told, func(s translation.Span) bool { return s.Start <= at && at < s.End }) {
				t.Errorf("%s: nothing tells of the coded place before %q", name, source[at:min(len(source), at+120)])
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, "made up", invented(t, false).Source) })
	for _, one := range readable(t) {
		check(t, one.name, one.source)
	}
}

// codedXML are the offsets of all elements with a code of a system, read by another reader than ours.
func codedXML(t reporter, source []byte) []int {
	t.Helper()
	var found []int
	reading := xml.NewDecoder(bytes.NewReader(source))
	for {
		at := int(reading.InputOffset())
		token, err := reading.RawToken()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range element.Attr {
			if a.Name.Local == "codeSystem" {
				found = append(found, at)
			}
		}
	}
}

// codedJSON are the offsets of all codes of a list of codings and of the bare codes of an allergy, read by another reader
// than ours. What a contact point writes of its own work is left out.
func codedJSON(t reporter, source []byte) []int {
	t.Helper()
	var bundle struct {
		Entry []struct {
			Resource json.RawMessage `json:"resource"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(source, &bundle); err != nil {
		t.Fatalf("%v", err)
	}
	var found []int
	start := 0
	for _, entry := range bundle.Entry {
		at := start + bytes.Index(source[start:], entry.Resource)
		start = at + len(entry.Resource)
		head := string(entry.Resource)
		if strings.Contains(head, `"Provenance"`) || strings.Contains(head, `"OperationOutcome"`) {
			continue
		}
		found = append(append(found, codings(t, entry.Resource, at)...), bareCodes(entry.Resource, at)...)
	}
	return found
}

// codings are the offsets of the arrays called coding that hold a code of the source's, but for those of meta.
func codings(t reporter, resource []byte, at int) []int {
	t.Helper()
	var found []int
	reading := json.NewDecoder(bytes.NewReader(resource))
	for {
		token, err := reading.Token()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatalf("%v", err)
		}
		if token != "coding" {
			continue
		}
		where := int(reading.InputOffset())
		if bytes.Contains(resource[max(0, where-160):where], []byte("unitofpresentation")) {
			continue // it repeats the unit of the items
		}
		var list []struct {
			Code      string `json:"code"`
			Extension []struct {
				URL string `json:"url"`
			} `json:"extension"`
		}
		if json.NewDecoder(bytes.NewReader(bytes.TrimLeft(resource[where:], ": \t\r\n"))).Decode(&list) != nil || len(list) == 0 {
			continue
		}
		if list[0].Code != "" && !slices.ContainsFunc(list[0].Extension, func(e struct {
			URL string `json:"url"`
		}) bool {
			return strings.HasSuffix(e.URL, "added")
		}) {
			found = append(found, at+where)
		}
	}
}
