package cda

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// shipped is the catalogue that travels with the program.
var shipped = sync.OnceValue(func() *translation.Catalogue {
	c, err := translation.Load(mappings.Files())
	if err != nil {
		panic(err)
	}
	return c
})

// tongue is the one that a node speaks with.
func tongue() Tongue {
	return Tongue{Participant: "EE", Language: "en", Systems: shipped().System}
}

// translated is when the documents of these tests are written.
func translated() time.Time { return time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC) }

// document is a file that can be read.
type document struct {
	name   string
	source []byte
}

// madeUp are the documents of testdata.
func madeUp(t testing.TB) []document { return filesOf(t, filepath.Join("testdata", "documents")) }

// sampled are the real documents and the made-up ones.
func sampled(t testing.TB) []document {
	t.Helper()
	samples := os.Getenv("SILD_SAMPLES")
	if samples == "" {
		t.Log("SILD_SAMPLES is not set: only the made-up documents are read")
		return madeUp(t)
	}
	return append(filesOf(t, filepath.Join(samples, "cda")), madeUp(t)...)
}

func filesOf(t testing.TB, dir string) []document {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no documents in %s: %v", dir, err)
	}
	var found []document
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, document{filepath.Base(name), source})
	}
	return found
}

// decoded reads a document that must be readable.
func decoded(t testing.TB, source []byte) *node.Document {
	t.Helper()
	d, err := tongue().Decode(source)
	if err != nil {
		t.Fatalf("%v: %s", err, node.AsError(err).Detail)
	}
	d.At = translated()
	return d
}

// readable are the documents that the tongue reads; the others are judged by their own test.
func readable(t testing.TB) []document {
	t.Helper()
	var found []document
	for _, one := range sampled(t) {
		if _, err := tongue().Decode(one.source); err == nil {
			found = append(found, one)
		}
	}
	return found
}

// spliced writes a document back in its own format.
func spliced(t testing.TB, d *node.Document, cut []translation.Span) []byte {
	t.Helper()
	out, err := tongue().Encode(d, d.Format, cut, &node.Report{})
	if err != nil {
		t.Fatalf("%v: %s", err, node.AsError(err).Detail)
	}
	return out.Body()
}
