package cda

import (
	"math"
	"strings"
	"testing"
	"time"

	"sild/node"
)

// grown are documents that can be made of any size: what stands in them again and again, behind which place of which
// document. Each could be a loop within a loop.
var grown = []struct {
	name, base, before string
	again              func(n int) string
}{
	{"entries", summarised, "</section>", many(`<entry><observation><code code="1" codeSystem="2.999"/></observation></entry>`)},
	{"problems", summarised, "</section>", many(`<entry><act><entryRelationship typeCode="SUBJ"><observation><value code="I10" codeSystem="2.999"/></observation></entryRelationship></act></entry>`)},
	{"entries about somebody else", summarised, "</section>", many(`<entry><observation><subject/><code code="1"/></observation></entry>`)},
	{"members of one panel", summarised, "</section>", func(n int) string {
		return "<entry><organizer>" + strings.Repeat("<component><observation><code code=\"1\"/></observation></component>", n) + "</organizer></entry>"
	}},
	{"siblings", summarised, "</section>", many(`<x value="1"/>`)},
	{"IDs", summarised, "</section>", func(n int) string { return "<x>" + numbered(n, `<y ID="i%d"/>`) + "</x>" }},
	{"codes", summarised, "</section>", many(`<x code="1" codeSystem="2.999"/>`)},
	{"codes at a deep place", summarised, "</section>", func(n int) string {
		return strings.Repeat("<"+strings.Repeat("x", 1000)+">", 90) + strings.Repeat(`<y code="1"/>`, n) + strings.Repeat("</"+strings.Repeat("x", 1000)+">", 90)
	}},
	{"translations beside each other", summarised, "</section>", func(n int) string {
		return `<entry><observation><code code="1">` + strings.Repeat(`<translation code="2" codeSystem="2.999"/>`, n) + "</code></observation></entry>"
	}},
	{"references", summarised, "</section>", many(`<entry><act><text><reference value="#al1"/></text></act></entry>`)},
	{"references before the text", summarised, "</section>", func(n int) string {
		return `</section></component><component><section>` + strings.Repeat(`<entry><act><text><reference value="#last"/></text></act></entry>`, n) +
			`<text><content ID="last">jah</content></text>`
	}},
	{"paragraphs", prescribed, `<paragraph ID="apteegile">`, many("<paragraph>sõna <content>ja</content></paragraph>")},
	{"deep lists", prescribed, `<paragraph ID="apteegile">`, func(n int) string {
		return strings.Repeat(strings.Repeat("<list><item>", 40)+"õ"+strings.Repeat("</item></list>", 40), n/10)
	}},
	{"reasons", prescribed, `<entryRelationship typeCode="RSON">`, many(`<entryRelationship typeCode="RSON"><observation><value code="I10" codeSystem="2.999"/></observation></entryRelationship>`)},
	{"notes", prescribed, `<entryRelationship typeCode="RSON">`, many(`<entryRelationship><act><code code="48767-8"/><text>märge</text></act></entryRelationship>`)},
	{"instructions", prescribed, `<entryRelationship typeCode="RSON">`, many(`<entryRelationship><act><code code="PINSTRUCT"/><text>võtta</text></act></entryRelationship>`)},
	{"packages handed out", prescribed, `<entryRelationship typeCode="RSON">`, many(`<entryRelationship><supply moodCode="EVN"><quantity value="1"/></supply></entryRelationship>`)},
	{"ingredients", prescribed, "<pharm:ingredient ", many(`<pharm:ingredient><pharm:quantity><numerator value="1" unit="mg"/></pharm:quantity></pharm:ingredient>`)},
	{"events of the day", prescribed, "<routeCode", many(`<effectiveTime xsi:type="EIVL_TS"><event code="HS"/></effectiveTime>`)},
	{"names", prescribed, "<name use=", many("<name><family/></name>")},
	{"authors", prescribed, "<custodian", many(`<author><functionCode code="1"/><assignedAuthor/></author>`)},
	{"orders", dispensed, "<inFulfillmentOf>", many(`<inFulfillmentOf><order><id nullFlavor="NI"/></order></inFulfillmentOf>`)},
	{"parents", prescribed, "<relatedDocument", many(`<relatedDocument typeCode="XFRM"><parentDocument/></relatedDocument>`)},
	{"pages", pictured, "      </text>", many("AAAA\n")},
}

func many(what string) func(int) string {
	return func(n int) string { return strings.Repeat(what, n) }
}

// TestTimeGrowsAsTheDocumentDoes compares documents of 1,000 and of 10,000 repetitions. Ten times the size may take ten
// times the time, and noise on a busy machine twice that; a loop within a loop takes a hundred times. The best of some
// runs counts.
func TestTimeGrowsAsTheDocumentDoes(t *testing.T) {
	for _, g := range grown {
		source := string(readFile(t, g.base))
		small := []byte(first(g.before, g.again(1_000)+g.before)(source))
		big := []byte(first(g.before, g.again(10_000)+g.before)(source))
		exponent := math.Inf(1)
		for range 6 {
			ratio := float64(quickest(t, big)) / float64(quickest(t, small))
			if exponent = min(exponent, math.Log10(ratio)); exponent < 1.35 {
				break
			}
		}
		t.Logf("%s: %d and %d bytes, exponent %.2f", g.name, len(small), len(big), exponent)
		if exponent > 1.6 {
			t.Errorf("%s: time grows with exponent %.2f", g.name, exponent)
		}
	}
}

// quickest is the best of some runs that read a document and write it again.
func quickest(t *testing.T, source []byte) time.Duration {
	t.Helper()
	best := time.Duration(math.MaxInt64)
	for range 3 {
		began := time.Now()
		d, err := tongue().Decode(source)
		if err != nil {
			t.Fatal(err, node.AsError(err).Detail)
		}
		if _, err := tongue().Encode(d, d.Format, nil, nil); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(began))
	}
	return best
}

// TestALargeDocumentIsAnsweredInTime reads six megabytes of each kind. What has too many elements
// or places is refused, and nothing takes long.
func TestALargeDocumentIsAnsweredInTime(t *testing.T) {
	for _, g := range grown {
		source := string(readFile(t, g.base))
		n := (6 << 20) / max(1, (len(g.again(1_000))-len(g.again(100)))/900+1)
		large := []byte(first(g.before, g.again(n)+g.before)(source))
		began := time.Now()
		d, err := tongue().Decode(large)
		took := time.Since(began)
		places := 0
		if err == nil {
			places = len(d.Slots) + len(d.Residue)
		}
		t.Logf("%s: %d bytes in %v, %d places, %v", g.name, len(large), took.Round(time.Millisecond), places, err)
		if took > 8*time.Second {
			t.Errorf("%s: %d bytes took %v", g.name, len(large), took)
		}
	}
}
