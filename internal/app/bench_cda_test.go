package app

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sild/internal/cda"
	"sild/internal/splice"
	"sild/internal/tongues"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// opponents are the documents of P3 and P4: the large summary and the prescription.
var opponents = []string{"ps-l3-w7-full.xml", "ep-l3-fi-w7-pharm.xml"}

func cdaSample(t testing.TB, name string) (file string, source []byte) {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the published samples are not tried")
	}
	file = filepath.Join(root, "cda", name)
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, source
}

// everyCode is a catalogue of 200,000 concepts in which every code of a document has a map to another system, as the
// opponent's table has: each look-up is a hit and each code is rewritten.
func everyCode(t testing.TB, d *node.Document) *translation.Catalogue {
	t.Helper()
	const concepts = 200_000
	systems := map[string]string{"urn:oid:1.2.3.99": "target"}
	rows := map[translation.Field][]translation.Coding{}
	for _, slot := range d.Slots {
		if slot.Current.Code == "" || slot.Current.System == "" || slices.ContainsFunc(rows[slot.Field], slot.Current.Same) {
			continue
		}
		if systems[slot.Current.System] == "" {
			systems[slot.Current.System] = fmt.Sprintf("s%03d", len(systems))
		}
		rows[slot.Field] = append(rows[slot.Field], slot.Current)
	}
	files, manifest := fstest.MapFS{}, "file,kind,origin,release,licence,status\n"
	var table strings.Builder
	table.WriteString("short,uri,oid,name\n")
	for uri, short := range systems {
		fmt.Fprintf(&table, "%s,%s,%s,%s\n", short, uri, strings.TrimPrefix(uri, "urn:oid:"), short)
	}
	files["systems.csv"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(table.String(), ",http://unitsofmeasure.org,http://unitsofmeasure.org,", ",http://unitsofmeasure.org,2.16.840.1.113883.6.8,"))}
	more := concepts / max(1, len(rows))
	for field, codes := range rows {
		var set, maps strings.Builder
		set.WriteString("field,system,code,en,since,until,status\n")
		maps.WriteString("system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n")
		kind, factor := "concept-map", ""
		for _, c := range codes {
			if c.System == "http://unitsofmeasure.org" {
				kind, factor = "unit-map", "1"
			}
		}
		for i, c := range codes {
			fmt.Fprintf(&set, "%s,target,%s-%d,pivot term,2026-01-01,,accepted by the bench on 2026-01-01\n", field, quoted(c.Code+"P"), i)
			fmt.Fprintf(&maps, "%s,%s,equivalent,target,%s-%d,%s,,,no,bench,2026-01-01,accepted by the bench on 2026-01-01,\n", systems[c.System], quoted(c.Code), quoted(c.Code+"P"), i, factor)
		}
		for i := range more {
			fmt.Fprintf(&set, "%s,target,C%06d,pivot term %d,2026-01-01,,accepted by the bench on 2026-01-01\n", field, i, i)
		}
		files["eu/"+string(field)+".csv"] = &fstest.MapFile{Data: []byte(set.String())}
		files["xa-eu/"+string(field)+".csv"] = &fstest.MapFile{Data: []byte(maps.String())}
		manifest += "eu/" + string(field) + ".csv,value-set,bench,1,CC0,accepted\nxa-eu/" + string(field) + ".csv," + kind + ",bench,1,CC0,accepted\n"
	}
	files["MANIFEST.csv"] = &fstest.MapFile{Data: []byte(manifest)}
	catalogue, err := translation.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// quoted keeps a code that the table's own syntax would read as something else.
func quoted(code string) string {
	if strings.ContainsAny(code, ",\"") {
		return `"` + strings.ReplaceAll(code, `"`, `""`) + `"`
	}
	return code
}

// all makes every coded place one that is looked up: the opponent knows no grammar of a document, and a place that no table
// is for is looked up as if it were an observation.
func all(d *node.Document) {
	for _, slot := range d.Slots {
		switch slot.Field {
		case translation.Structural, translation.ProductID, translation.Other:
			slot.Field = translation.Observation
		}
	}
}

// pass translates one document as country A does: read, look every code up, report, write.
func pass(t testing.TB, tongue cda.Tongue, catalogue *translation.Catalogue, source []byte) (out []byte, mapped int) {
	d, err := tongue.Decode(source)
	if err != nil {
		t.Fatal(err)
	}
	all(d)
	for _, slot := range d.Slots {
		catalogue.ToPivot("XA", slot)
		if slot.Fate == translation.Mapped {
			mapped++
		}
	}
	encoded, err := tongue.Encode(d, d.Format, nil, node.Loss(d, catalogue.Release()))
	if err != nil {
		t.Fatal(err)
	}
	return encoded.Body(), mapped
}

// BenchmarkP3 is docs a second against the DOM opponent of the peers, in the same run: ours before and after.
func BenchmarkP3(b *testing.B) {
	peers := os.Getenv("SILD_PEERS")
	if peers == "" {
		b.Skip("SILD_PEERS is not set: there is no opponent")
	}
	SpareCollector()
	for _, name := range opponents {
		b.Run(name, func(b *testing.B) {
			file, source := cdaSample(b, name)
			d, err := cda.Tongue{}.Decode(source)
			if err != nil {
				b.Fatal(err)
			}
			all(d)
			catalogue := everyCode(b, d)
			tongue := cda.Tongue{Systems: catalogue.System}
			_, mapped := pass(b, tongue, catalogue, source)
			var ratios []float64
			for b.Loop() {
				before := docsPerSecond(b, tongue, catalogue, source)
				theirs, coded := opponent(b, peers, file)
				after := docsPerSecond(b, tongue, catalogue, source)
				ratios = append(ratios, (before+after)/2/theirs)
				b.ReportMetric(float64(coded), "opponent_codes")
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "ratio_to_DOM")
			b.ReportMetric(ratios[0], "min_ratio")
			b.ReportMetric(docsPerSecond(b, tongue, catalogue, source), "docs/s")
			b.ReportMetric(float64(mapped), "our_codes")
		})
	}
}

func docsPerSecond(b *testing.B, tongue cda.Tongue, catalogue *translation.Catalogue, source []byte) float64 {
	began, done := time.Now(), 0
	for time.Since(began) < 2*time.Second {
		pass(b, tongue, catalogue, source)
		done++
	}
	return float64(done) / time.Since(began).Seconds()
}

func opponent(b *testing.B, peers, file string) (docs float64, coded int) {
	out, err := exec.Command("java", filepath.Join(peers, "DomTranscode.java"), "0.8", file).Output()
	if err != nil {
		b.Fatalf("the opponent did not run: %v", err)
	}
	var size int
	if _, err := fmt.Sscanf(string(out[bytes.IndexByte(out, ' '):]), "%d %d %f", &size, &coded, &docs); err != nil {
		b.Fatal(err)
	}
	return docs, coded
}

// BenchmarkP4 is bytes in and out a second against copying as many.
func BenchmarkP4(b *testing.B) {
	SpareCollector()
	for _, name := range opponents {
		b.Run(name, func(b *testing.B) {
			_, source := cdaSample(b, name)
			d, err := cda.Tongue{}.Decode(source)
			if err != nil {
				b.Fatal(err)
			}
			all(d)
			catalogue := everyCode(b, d)
			tongue := cda.Tongue{Systems: catalogue.System}
			out, _ := pass(b, tongue, catalogue, source)
			var ratios []float64
			for b.Loop() {
				ratios = append(ratios, copying(len(source)+len(out))/translating(b, tongue, catalogue, source))
			}
			slices.Sort(ratios)
			b.ReportMetric(100*ratios[len(ratios)/2], "percent_of_memcpy")
		})
	}
}

func translating(b *testing.B, tongue cda.Tongue, catalogue *translation.Catalogue, source []byte) float64 {
	const times = 200
	began := time.Now()
	for range times {
		pass(b, tongue, catalogue, source)
	}
	return time.Since(began).Seconds() / times
}

func copying(size int) float64 {
	const times = 4000
	whole := make([]byte, size)
	began := time.Now()
	for range times {
		copied := make([]byte, size)
		copy(copied, whole)
	}
	return time.Since(began).Seconds() / times
}

// grown is a document whose entries stand so many times, section by section.
func grown(t testing.TB, source []byte, times int) []byte {
	t.Helper()
	x, err := xmldom.Parse(source, xmldom.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var edits []splice.Edit
	for e := range x.Elements() {
		if e.Local() != "section" {
			continue
		}
		start, end := 0, 0
		for c := range e.Children() {
			if c.Local() == "entry" {
				if start == 0 {
					start = c.Span().Start
				}
				end = c.Span().End
			}
		}
		if start > 0 {
			edits = append(edits, splice.Edit{Start: end, End: end, Text: bytes.Repeat(source[start:end], times-1)})
		}
	}
	out, err := splice.Apply(source, edits)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// raised are limits for documents larger than any honest sender's.
func raised(bytes int) xmldom.Limits { return xmldom.Limits{Bytes: bytes, Elements: bytes / 16} }

// BenchmarkG4 is the exponent of the time by the size of the document: ten and a hundred times as many entries as the
// large summary, up to 16 MB. The tables are those that ship, so that the heap is the document's own.
func BenchmarkG4(b *testing.B) {
	SpareCollector()
	_, source := cdaSample(b, "ps-l3-w7-full.xml")
	catalogue := shippedTables(b)
	tongue := cda.Tongue{Systems: catalogue.System, Limits: raised(64 << 20)}
	sizes := [][]byte{source, grown(b, source, 10), grown(b, source, 140)}
	var exponents []float64
	for b.Loop() {
		first := once(b, tongue, catalogue, sizes[0], 200)
		last := once(b, tongue, catalogue, sizes[2], 2)
		middle := once(b, tongue, catalogue, sizes[1], 20)
		exponents = append(exponents, math.Log(last/first)/math.Log(float64(len(sizes[2]))/float64(len(sizes[0]))))
		b.ReportMetric(math.Log(middle/first)/math.Log(float64(len(sizes[1]))/float64(len(sizes[0]))), "exponent_to_x10")
	}
	slices.Sort(exponents)
	b.ReportMetric(exponents[len(exponents)/2], "exponent")
	b.ReportMetric(float64(len(sizes[2]))/(1<<20), "MB")
}

// BenchmarkG5 is the peak of memory that a process needs to translate a document of 50 MB, against its size, and
// without what the same process needs for a small one.
func BenchmarkG5(b *testing.B) {
	if file := os.Getenv("SILD_BENCH_DOCUMENT"); file != "" {
		hugeDocument(b, file)
		return
	}
	_, source := cdaSample(b, "ps-l3-w7-full.xml")
	huge := grown(b, source, 52<<20/(len(source)*3/4))
	for b.Loop() {
		peak := peakOf(b, huge) - peakOf(b, source)
		b.ReportMetric(float64(peak)/float64(len(huge)), "ratio_to_document")
		b.ReportMetric(float64(len(huge))/(1<<20), "MB")
	}
}

// hugeDocument is what the process of BenchmarkG5 does: read, translate, report, write.
func hugeDocument(b *testing.B, file string) {
	source, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	catalogue := shippedTables(b)
	tongue := cda.Tongue{Systems: catalogue.System, Limits: raised(128 << 20)}
	for b.Loop() {
		d, err := tongue.Decode(source)
		if err != nil {
			b.Fatal(err)
		}
		node.CarryOut(catalogue, "EE", d)
		report := node.Loss(d, catalogue.Release())
		edits, err := tongue.Edits(d, nil, report)
		if err != nil {
			b.Fatal(err)
		}
		if err := splice.To(io.Discard, d.Source, edits); err != nil {
			b.Fatal(err)
		}
	}
	status, err := os.ReadFile("/proc/self/status") // the usage that a parent reads holds the parent's own, from before the start
	if err != nil {
		b.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println("VmHWM:", strings.Fields(peak)[0])
}

// peakOf is the most memory that a process of its own took for a document, in bytes.
func peakOf(b *testing.B, source []byte) int64 {
	b.Helper()
	file := filepath.Join(b.TempDir(), "document.xml")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		b.Fatal(err)
	}
	command := exec.Command(os.Args[0], "-test.run", "XXX", "-test.bench", "G5", "-test.benchtime", "1x")
	command.Env = append(os.Environ(), "SILD_BENCH_DOCUMENT="+file, "GOGC=20")
	out, err := command.CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	_, said, _ := bytes.Cut(out, []byte("VmHWM:"))
	var kilobytes int64
	if _, err := fmt.Sscan(string(said), &kilobytes); err != nil {
		b.Fatalf("the process did not say its peak: %s", out)
	}
	return kilobytes << 10
}

// BenchmarkP5 turns every CDA sample that can be carried into FHIR, and counts those that could not be.
func BenchmarkP5(b *testing.B) {
	SpareCollector()
	catalogue := shippedTables(b)
	tongue := tongues.New("EE", "en", catalogue)
	var sources [][]byte
	for _, file := range samples(b) {
		if s := sweep(b, catalogue, file); s.outcome == "carried" && s.doc.Format == node.CDA3 {
			sources = append(sources, s.doc.Source)
		}
	}
	failed := 0
	for b.Loop() {
		for _, source := range sources {
			d, err := tongue.Decode(source)
			if err != nil {
				b.Fatal(err)
			}
			d.At = time.Unix(0, 0)
			node.CarryOut(catalogue, "EE", d)
			to := node.MPD
			if d.Summary != nil {
				to = node.EPS
			}
			if _, err := tongue.Encode(d, to, nil, node.Loss(d, catalogue.Release())); err != nil {
				failed++
			}
		}
	}
	b.ReportMetric(float64(len(sources)*b.N)/b.Elapsed().Seconds(), "docs/s")
	b.ReportMetric(float64(len(sources)), "documents")
	b.ReportMetric(float64(failed), "not_convertible")
}

func once(b *testing.B, tongue cda.Tongue, catalogue *translation.Catalogue, source []byte, times int) float64 {
	began := time.Now()
	for range times {
		pass(b, tongue, catalogue, source)
	}
	return time.Since(began).Seconds() / float64(times)
}

// BenchmarkPass is one translation alone, for profiles.
func BenchmarkPass(b *testing.B) {
	SpareCollector()
	for _, name := range opponents {
		b.Run(name, func(b *testing.B) {
			_, source := cdaSample(b, name)
			d, err := cda.Tongue{}.Decode(source)
			if err != nil {
				b.Fatal(err)
			}
			all(d)
			catalogue := everyCode(b, d)
			tongue := cda.Tongue{Systems: catalogue.System}
			out, _ := pass(b, tongue, catalogue, source)
			b.SetBytes(int64(len(source) + len(out)))
			b.ReportAllocs()
			for b.Loop() {
				pass(b, tongue, catalogue, source)
			}
		})
	}
}
