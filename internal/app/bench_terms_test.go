package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sild/node"
)

// thousandsOfTerms writes a folder with so many national codes that have names in three languages.
func thousandsOfTerms(b *testing.B, concepts int) string {
	b.Helper()
	dir := b.TempDir()
	var names bytes.Buffer
	names.WriteString("system,code,en,et,fi,since,until,status\n")
	for i := range concepts {
		fmt.Fprintf(&names, "bench,N%07d,national term number %d,riigi termin %d,kansallinen termi %d,2026-01-01,,draft\n", i, i, i, i)
	}
	for name, content := range map[string]string{"ee/names.csv": names.String(), "systems.csv": "short,uri,oid,name\nbench,http://bench.example,,bench\n",
		"MANIFEST.csv": "file,kind,origin,release,licence,status\nee/names.csv,code-system,bench,1,CC0,draft\n"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// BenchmarkC1 starts the program with a snapshot of 200,000 concepts in three languages and carries one prescription: the
// time until it has answered, the memory it took, and the time of the opponent's first documents.
func BenchmarkC1(b *testing.B) {
	root := repository(b)
	binary := builtOnce(b, root)
	snapshot := filepath.Join(b.TempDir(), "snapshot")
	if err := (MapBuild{Sources: []string{thousandsOfTerms(b, 200_000)}, Out: snapshot, Unchecked: true}).Run(context.Background(), io.Discard, io.Discard); err != nil {
		b.Fatal(err)
	}
	document := filepath.Join(root, "internal", "national", "demo", "seed", "ee", "prescriptions", "plain-tablet.json")
	var seconds, theirs []float64
	for b.Loop() {
		run := exec.Command(binary, "translate", "--from", "EE", "--to", "FI", "--snapshot", snapshot, document)
		began := time.Now()
		out, err := run.Output()
		seconds = append(seconds, time.Since(began).Seconds())
		if err != nil || !bytes.Contains(out, []byte("10219000")) {
			b.Fatalf("the first answer is wrong: %v", err)
		}
		if peers := os.Getenv("SILD_PEERS"); peers != "" {
			file, _ := cdaSample(b, opponents[1])
			began := time.Now()
			if err := exec.Command("java", filepath.Join(peers, "DomTranscode.java"), "0.001", file).Run(); err != nil {
				b.Fatal(err)
			}
			theirs = append(theirs, time.Since(began).Seconds())
		}
	}
	b.ReportMetric(residentMegabytes(b, binary, snapshot, document), "resident_MB")
	slices.Sort(seconds)
	b.ReportMetric(seconds[len(seconds)/2], "seconds")
	if slices.Sort(theirs); len(theirs) > 0 {
		b.ReportMetric(seconds[len(seconds)/2]/theirs[len(theirs)/2], "ratio_to_JVM")
	}
}

// residentMegabytes is the most memory that the program has held when the tables are open and the document is to be read,
// as the system counts it, pages of the snapshot included. The document comes through a pipe, which tells the moment.
func residentMegabytes(b *testing.B, binary, snapshot, document string) float64 {
	pipe := filepath.Join(b.TempDir(), "document")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		b.Fatal(err)
	}
	run := exec.Command(binary, "translate", "--from", "EE", "--to", "FI", "--snapshot", snapshot, pipe)
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	writer, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", run.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	source, err := os.ReadFile(document)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := writer.Write(source); err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(writer.Close(), run.Wait()); err != nil {
		b.Fatal(err)
	}
	var kilobytes float64
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscanf(peak, "%f", &kilobytes); err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}

// BenchmarkC2 records dispensations while snapshots are swapped, and while none is: how many requests failed, and how much
// longer the slowest hundredth took.
func BenchmarkC2(b *testing.B) {
	one, _ := snapshotWith(b, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the bench")
	two, _ := snapshotWith(b, "ee-dose-form,9999,none,,,,,,no,test,2026-11-22,draft,a row for the bench")
	dir := b.TempDir()
	t := newBench(b, func(c *Config) {
		c.Terminology.Snapshots, c.Times.Terminology = dir, 20*time.Millisecond
		if _, err := (MapActivate{Snapshot: one}).on(context.Background(), *c); err != nil {
			b.Fatal(err)
		}
	})
	patient := demoTruth("EE").patient
	pharmacy, err := t.bridge.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
	if err != nil {
		b.Fatal(err)
	}
	var ratios []float64
	next := 0
	for b.Loop() {
		if next+200 > benchPrescriptions {
			break
		}
		quiet := t.slowest(t.dispensations(pharmacy, patient, next, 100))
		ctx, stop := context.WithCancel(context.Background())
		var swaps sync.WaitGroup
		swaps.Go(func() {
			for ctx.Err() == nil {
				activated(b, t.bridge, two)
				activated(b, t.bridge, one)
			}
		})
		swapped := t.slowest(t.dispensations(pharmacy, patient, next+100, 100))
		stop()
		swaps.Wait()
		ratios = append(ratios, float64(swapped)/float64(quiet))
		next += 200
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "p99_ratio")
	b.ReportMetric(0, "ns/op")
}

// slowest sends all requests from four clients, each of which must succeed, and gives the time that 99 of 100 stay under.
func (t *bench) slowest(requests []request) time.Duration {
	base := "https://" + t.bridge.configs["EE"].Listen.Peers + "/fhir"
	times := make([]time.Duration, len(requests))
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := worker; i < len(requests); i += 4 {
				began := time.Now()
				t.send(base, requests[i])
				times[i] = time.Since(began)
			}
		})
	}
	wait.Wait()
	slices.Sort(times)
	return times[len(times)*99/100]
}
