package fhir

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// respelled writes a document again with the characters of its member names as escapes wherever pick says so.
func respelled(source []byte, pick func() bool) []byte {
	a := must(read(source, limits{}))
	var out bytes.Buffer
	at := 0
	for _, c := range a.cells {
		if c.nameAt == 0 {
			continue
		}
		out.Write(source[at:c.nameAt])
		for _, b := range source[c.nameAt:c.nameEnd] {
			if pick() {
				fmt.Fprintf(&out, `\u%04X`, b)
			} else {
				out.WriteByte(b)
			}
		}
		at = int(c.nameEnd)
	}
	out.Write(source[at:])
	return out.Bytes()
}

// spelling is a document as a face has it before it encodes: carried, with some of its parts to be withheld.
type spelling struct {
	name, country string
	source        []byte
	to            node.Format
	withhold      []string

	read *node.Document // of the plain source
	sent []byte
}

func (s spelling) carried(t reporter, source []byte) (*node.Document, []byte) {
	t.Helper()
	d, err := Tongue{}.Decode(source)
	if err != nil {
		t.Fatalf("%s: %s", s.name, node.AsError(err).Detail)
	}
	d.At = translated()
	carry(d, s.country)
	cut := s.cut(d)
	if len(s.withhold) > 0 && len(cut) == 0 {
		t.Fatalf("%s: nothing to withhold", s.name)
	}
	out, err := Tongue{}.Encode(d, s.to, cut, without(d, cut))
	if err != nil {
		t.Fatalf("%s: %s", s.name, node.AsError(err).Detail)
	}
	return d, out.Body()
}

func (s spelling) cut(d *node.Document) []translation.Span {
	var cut []translation.Span
	for _, e := range d.Elements {
		if slices.Contains(s.withhold, e.Name) {
			cut = append(cut, e.Spans...)
		}
	}
	if slices.Contains(s.withhold, "diagnosis") {
		cut = append(cut, d.Prescription().Indication[0].Span)
	}
	return cut
}

// compare holds another spelling of the source against the plain one.
func (s spelling) compare(t reporter, source []byte) {
	t.Helper()
	read, sent := s.carried(t, source)
	if diff := sameDocument(s.read, read); diff != "" {
		t.Fatalf("%s, plain (-) and escaped (+):\n%s\n%s", s.name, diff, source)
	}
	if diff := cmp.Diff(saying(t, s.sent, s.source), saying(t, sent, source)); diff != "" {
		t.Fatalf("%s, written from the plain (-) and the escaped one (+):\n%s\n%s", s.name, diff, source)
	}
}

// reporter is what a test and a property have in common.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// sameDocument compares two documents but for their bytes and the places in them.
func sameDocument(want, got *node.Document) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(node.Document{}), cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(node.Document{}, "Source", "Kept"), cmpopts.IgnoreTypes(translation.Span{}, []translation.Span{}))
}

// saying is what a JSON document says, without the source that it was made from and its digest.
func saying(t reporter, body, source []byte) any {
	t.Helper()
	body = bytes.ReplaceAll(body, []byte(hashOf(source)), nil)
	body = bytes.ReplaceAll(body, []byte(base64.StdEncoding.EncodeToString(source)), nil)
	var said any
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatalf("%v", err)
	}
	return said
}

func TestAMemberNameMayBeSpelledWithEscapesAndSaysTheSame(t *testing.T) {
	_, pivot := pivotOf(t, "ee-combination-tablet.json")
	spellings := []spelling{
		{name: "summary", country: "EE", source: national(t, "summary.json").Source, to: node.EPS, withhold: []string{"section:11450-4", "section:11369-6", "address"}},
		{name: "small summary", country: "EE", source: made(t, "eps-small.json"), to: node.EPS},
		{name: "pivot", country: "FI", source: pivot, to: node.MPD, withhold: []string{"diagnosis"}},
		{name: "listing", country: "FI", source: made(t, "mpd-listing.json"), to: node.MPD},
		{name: "Estonian", country: "EE", source: made(t, "ee-tablet.json"), to: node.MPD, withhold: []string{"diagnosis"}},
		{name: "Finnish", country: "FI", source: made(t, "fi-tablet.json"), to: node.MPD, withhold: []string{"address"}},
	}
	for i := range spellings {
		s := &spellings[i]
		s.read, s.sent = s.carried(t, s.source)
		s.compare(t, respelled(s.source, func() bool { return true }))
	}
	rapid.Check(t, func(t *rapid.T) {
		s := spellings[rapid.IntRange(0, len(spellings)-1).Draw(t, "document")]
		s.compare(t, respelled(s.source, func() bool { return rapid.IntRange(0, 40).Draw(t, "escape") == 0 }))
	})
}

func TestASectionWithheldUnderAnEscapedNameLeavesNothing(t *testing.T) {
	source := national(t, "summary.json").Source
	for _, name := range []string{"entry", "resource", "resourceType", "section", "fullUrl", "code", "coding", "text"} {
		escaped := strings.ReplaceAll(string(source), `"`+name+`"`, fmt.Sprintf(`"\u%04x%s"`, name[0], name[1:]))
		d := decoded(t, []byte(escaped))
		carry(d, "EE")
		cut := withholding(t, d, "section:11450-4", "section:11369-6", "address")
		hidden := spliced(t, d, cut, without(d, cut))
		for _, trace := range []string{"Sulgkõrvasus", "leid", "Kõrvetõve", "S40.9", "Pöördtee", "+372", "11369-6"} {
			if bytes.Contains(hidden, []byte(trace)) {
				t.Errorf("%s: %s still stands in the document", name, trace)
			}
		}
	}
}
