package translation

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// manyTerms are tables with so many national codes, each mapped to a shared one of the same number, with words in three
// languages on both sides: half of the concepts are national, half are shared.
func manyTerms(concepts int) fstest.MapFS {
	var set, names, rows bytes.Buffer
	set.WriteString("field,system,code,en,et,fi,since,until,status\n")
	names.WriteString("system,code,en,et,fi,since,until,status\n")
	rows.WriteString(mapHeader)
	for i := range concepts / 2 {
		fmt.Fprintf(&set, "dose-form,form,%d,shared term number %d of the list,ühise loendi termin %d,yhteinen termi nro %d,2026-01-01,,draft\n", 10000000+i, i, i, i)
		fmt.Fprintf(&names, "a-form,N%07d,national term number %d,riigi termin %d,kansallinen termi %d,2026-01-01,,draft\n", i, i, i, i)
		fmt.Fprintf(&rows, "a-form,N%07d,equivalent,form,%d,,,,yes,bench,2026-01-01,draft,\n", i, 10000000+i)
	}
	return fstest.MapFS{
		"systems.csv": {Data: []byte(smallSystems)}, "eu/dose-form.csv": {Data: set.Bytes()},
		"xa/forms.csv": {Data: names.Bytes()}, "xa-eu/dose-form.csv": {Data: rows.Bytes()},
		"MANIFEST.csv": {Data: []byte("file,kind,origin,release,licence,status\neu/dose-form.csv,value-set,bench,1,CC0,draft\n" +
			"xa/forms.csv,code-system,bench,1,CC0,draft\nxa-eu/dose-form.csv,concept-map,bench,1,CC0,draft\n")},
	}
}

func nationalCode(i int) string { return fmt.Sprintf("N%07d", i) }

// termFile compiles the terms into a file, so that what is measured is a mapped file as the node has it.
func termFile(b *testing.B, concepts int) string {
	b.Helper()
	built, err := Compile(Source{Files: manyTerms(concepts)})
	if err != nil {
		b.Fatal(err)
	}
	name := filepath.Join(b.TempDir(), strconv.Itoa(concepts))
	if err := os.WriteFile(name, built.Bytes, 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

func mapped(b *testing.B, name string) (*Catalogue, int) {
	b.Helper()
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	bytes, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = syscall.Munmap(bytes) })
	c, err := Open(bytes)
	if err != nil {
		b.Fatal(err)
	}
	return c, len(bytes)
}

// plainTerm is what a Go map would hold of a concept.
type plainTerm struct{ names [3]string }

type plainKey struct {
	system uint16
	code   string
}

// BenchmarkT1 looks up random codes and reads their English names, against a Go map that holds the same.
func BenchmarkT1(b *testing.B) {
	for _, concepts := range []int{200_000, 2_000_000} {
		b.Run(strconv.Itoa(concepts), func(b *testing.B) {
			c, _ := mapped(b, termFile(b, concepts))
			plain := map[plainKey]*plainTerm{}
			codes := make([]string, concepts/2)
			for i := range codes {
				codes[i] = nationalCode(i)
				plain[plainKey{5, strings.Clone(codes[i])}] = &plainTerm{[3]string{fmt.Sprintf("national term number %d", i), fmt.Sprintf("riigi termin %d", i), fmt.Sprintf("kansallinen termi %d", i)}}
				plain[plainKey{0, strconv.Itoa(10000000 + i)}] = &plainTerm{[3]string{fmt.Sprintf("shared term number %d of the list", i), fmt.Sprintf("ühise loendi termin %d", i), fmt.Sprintf("yhteinen termi nro %d", i)}}
			}
			rand.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
			codes = codes[:min(len(codes), 200_000)]
			var ratios []float64
			for b.Loop() {
				began, length := time.Now(), 0
				for _, code := range codes {
					text, _ := c.Designation(Coding{System: "http://a.example/form", Code: code})
					length += len(text)
				}
				own, other := time.Since(began), 0
				began = time.Now()
				for _, code := range codes {
					other += len(plain[plainKey{5, code}].names[0])
				}
				if length != other || length == 0 {
					b.Fatal("the two do not find the same")
				}
				ratios = append(ratios, float64(time.Since(began))/float64(own))
				b.ReportMetric(float64(len(codes))/own.Seconds(), "lookups/s")
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "ratio")
			runtime.KeepAlive(plain)
		})
	}
}

// BenchmarkT2 compares what an open snapshot holds in memory when all of it has been read with the distinct texts in it.
func BenchmarkT2(b *testing.B) {
	for _, concepts := range []int{200_000, 2_000_000} {
		b.Run(strconv.Itoa(concepts), func(b *testing.B) {
			file := termFile(b, concepts)
			texts := 0
			for i := range concepts / 2 {
				for _, text := range []string{nationalCode(i), fmt.Sprintf("national term number %d", i), fmt.Sprintf("riigi termin %d", i), fmt.Sprintf("kansallinen termi %d", i),
					strconv.Itoa(10000000 + i), fmt.Sprintf("shared term number %d of the list", i), fmt.Sprintf("ühise loendi termin %d", i), fmt.Sprintf("yhteinen termi nro %d", i)} {
					texts += len(text)
				}
			}
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				c, size := mapped(b, file)
				runtime.GC()
				runtime.ReadMemStats(&after)
				held := float64(size) + float64(after.HeapAlloc) - float64(before.HeapAlloc)
				b.ReportMetric(held/float64(texts), "ratio")
				b.ReportMetric(held/float64(concepts)*100_000/1e6, "MB/100k")
				runtime.KeepAlive(c)
			}
		})
	}
}

// BenchmarkG3 carries the same number of random codes there and back with 20 thousand and with 2 million concepts: the
// exponent of the growth.
func BenchmarkG3(b *testing.B) {
	sizes := []int{20_000, 2_000_000}
	var open []*Catalogue
	for _, concepts := range sizes {
		c, _ := mapped(b, termFile(b, concepts))
		open = append(open, c)
	}
	run := func(c *Catalogue, concepts int) time.Duration {
		codes := make([]string, 2000) // as many as a busy node has in use
		for i := range codes {
			codes[i] = nationalCode(rand.IntN(concepts / 2))
		}
		began := time.Now()
		for range 10 {
			for _, code := range codes {
				s := Slot{Field: DoseForm, Current: Coding{System: "http://a.example/form", Code: code}}
				if c.ToPivot("XA", &s); s.Fate != Mapped {
					b.Fatal(s.Reason)
				}
			}
		}
		return time.Since(began)
	}
	var exponents []float64
	for b.Loop() {
		small, large := run(open[0], sizes[0]), run(open[1], sizes[1])
		exponents = append(exponents, math.Log(float64(large)/float64(small))/math.Log(float64(sizes[1])/float64(sizes[0])))
	}
	slices.Sort(exponents)
	b.ReportMetric(exponents[len(exponents)/2], "exponent")
}
