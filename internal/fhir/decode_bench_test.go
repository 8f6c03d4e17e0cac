package fhir

import (
	"os"
	"path/filepath"
	"testing"
)

// samples gives the bytes of an outside sample, and skips where there are none.
func sample(t testing.TB, path ...string) []byte {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: this test reads published sample documents that the repository does not hold")
	}
	source, err := os.ReadFile(filepath.Join(append([]string{root, "fhir"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func BenchmarkDecode(b *testing.B) {
	for _, path := range [][]string{
		{"estonia-r5", "case-metformin-prescribed.json"},
		{"ips-eps-r4", "Bundle-EPS-5042-537688-1.json"},
	} {
		b.Run(path[1], func(b *testing.B) {
			source := sample(b, path...)
			b.SetBytes(int64(len(source)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (Tongue{}).Decode(source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	source := sample(b, "ips-eps-r4", "Bundle-EPS-5042-537688-1.json")
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		a, err := read(source, limits{})
		if err != nil || len(a.cells) == 0 {
			b.Fatal(err)
		}
	}
}
