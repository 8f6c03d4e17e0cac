package tongues_test

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/internal/national/demo"
	"sild/internal/tongues"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// reporter is a test, of the standard kind or of a property.
type reporter interface {
	Helper()
	Errorf(format string, arguments ...any)
	Fatalf(format string, arguments ...any)
}

// shipped is the catalogue that travels with the program.
var shipped = sync.OnceValue(func() *translation.Catalogue {
	c, err := translation.Load(mappings.Files())
	if err != nil {
		panic(err)
	}
	return c
})

func tongue() tongues.Both { return tongues.New("EE", "en", shipped()) }

// translated is when the documents of these tests are written.
func translated() time.Time { return time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC) }

// file is a document as it lies somewhere, and the country whose codes it may hold.
type file struct {
	name, country string
	source        []byte
}

// seeds are the documents of both demo registers, the Finnish prescriptions with their entries of the medicine list.
var seeds = sync.OnceValue(func() []file {
	var found []file
	for _, country := range []string{"ee", "fi"} {
		for _, kind := range []string{"prescriptions", "summaries"} {
			for _, name := range matching(filepath.Join("..", "national", "demo", "seed", country, kind, "*.*")) {
				source := bytesOf(name)
				if kind == "prescriptions" && country == "fi" {
					listed, err := demo.WithMedicineList(source, nil)
					if err != nil {
						panic(err)
					}
					source = listed
				}
				found = append(found, file{"seed/" + country + "/" + filepath.Base(name), strings.ToUpper(country), source})
			}
		}
	}
	return found
})

// made are the documents that the tongues' own tests keep.
var made = sync.OnceValue(func() []file {
	var found []file
	for _, name := range matching(filepath.Join("..", "cda", "testdata", "documents", "*.xml")) {
		found = append(found, file{"made/" + filepath.Base(name), countryOf(name), bytesOf(name)})
	}
	return found
})

// sampled are the real documents that the tongues read.
func sampled(t testing.TB) []file {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Log("SILD_SAMPLES is not set: NO REAL DOCUMENT is held against this invariant")
		return nil
	}
	var found []file
	for _, pattern := range []string{"cda/*.xml", "fhir/ips-eps-r4/*.json", "fhir/estonia-r5/case-*.json"} {
		names := matching(filepath.Join(root, pattern))
		if len(names) == 0 {
			t.Fatalf("no documents in %s", pattern)
		}
		for _, name := range names {
			found = append(found, file{filepath.Base(name), countryOf(name), bytesOf(name)})
		}
	}
	return found
}

func matching(pattern string) []string {
	names, err := filepath.Glob(pattern)
	if err != nil {
		panic(err)
	}
	return names
}

func bytesOf(name string) []byte {
	source, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return source
}

func countryOf(name string) string {
	base := filepath.Base(name)
	if strings.Contains(base, "-fi-") {
		return "FI"
	}
	return "EE"
}

// readable are all kept documents that the tongues read: samples, seeds and the tongues' own. A sample that cannot be
// read is judged by its own tongue's tests.
func readable(t testing.TB) []file {
	t.Helper()
	var found []file
	for _, one := range append(append(sampled(t), seeds()...), made()...) {
		if _, err := tongue().Decode(one.source); err == nil {
			found = append(found, one)
		}
	}
	if len(found) < len(seeds()) {
		t.Fatalf("only %d documents can be read", len(found))
	}
	return found
}

// data are the readable documents that are no mere pictures of pages.
func data(t testing.TB) []file {
	t.Helper()
	var found []file
	for _, one := range readable(t) {
		if decoded(t, one.source).Format != node.CDA1 {
			found = append(found, one)
		}
	}
	return found
}

// decoded reads a document that must be readable.
func decoded(t reporter, source []byte) *node.Document {
	t.Helper()
	d, err := tongue().Decode(source)
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, node.AsError(err).Detail, clipped(source))
	}
	d.At = translated()
	return d
}

func clipped(source []byte) string {
	if len(source) > 6000 {
		source = source[:6000]
	}
	return string(source)
}

// fhirOf is the FHIR form that a document of the kind takes abroad.
func fhirOf(d *node.Document) node.Format {
	if d.Summary != nil {
		return node.EPS
	}
	return node.MPD
}

// pivots are the two forms in which a document can leave.
func pivots(d *node.Document) []node.Format { return []node.Format{node.CDA3, fhirOf(d)} }

// written encodes a document, with a loss report as the faces make it.
func written(t reporter, d *node.Document, to node.Format) ([]byte, *node.Report) {
	t.Helper()
	body, report, err := tried(d, to)
	if err != nil {
		t.Fatalf("%s: %v: %s", to, err, node.AsError(err).Detail)
	}
	return body, report
}

// tried encodes a document that may be refused.
func tried(d *node.Document, to node.Format) ([]byte, *node.Report, error) {
	report := node.Loss(d, shipped().Release())
	out, err := tongue().Encode(d, to, nil, report)
	if err != nil {
		return nil, nil, err
	}
	return out.Body(), report, nil
}

// canonical is a coding with its system under the one name that the tables give it, and without the language of its
// display, which formats keep elsewhere.
func canonical(c translation.Coding) translation.Coding {
	if known, ok := shipped().System(c.System); ok {
		c.System = known.URI
	}
	c.Language = ""
	return c
}

// isLost says that a report names a place, or what it stands in, as something that the format cannot hold.
func isLost(r *node.Report, path string) bool {
	for _, lost := range r.Lost {
		if path == lost.Path || strings.HasPrefix(path, lost.Path+".") || strings.HasPrefix(path, lost.Path+"[") {
			return true
		}
	}
	return false
}

func escaped(text string) string { return html.EscapeString(text) }
