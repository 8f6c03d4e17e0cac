package store

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"sild/node"
)

// share has so many clients make b.N writes of one dispensation's intent and its settlement each.
func share(b *testing.B, clients int) {
	s := sqliteSite(b)
	for i := range 64 {
		s.released(i)
	}
	before := s.Stats()
	b.ResetTimer()
	s.clients(b, clients, b.N)
	b.StopTimer()
	after := s.Stats()
	writes, commits := after.Writes-before.Writes, after.Commits-before.Commits
	b.ReportMetric(float64(writes)/float64(commits), "writes/commit")
	b.ReportMetric(float64(writes)/b.Elapsed().Seconds(), "writes/s")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "dispensations/s")
}

// clients records so many dispensations: an intent and a settlement each, both answered before the next begins.
func (s *site) clients(t testing.TB, clients, dispensations int) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range clients {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= dispensations; n = int(next.Add(1)) {
				wanted := intent(n, fmt.Sprint("evidence-", n))
				wanted.Prescription = prescription(n % 64)
				begun, err := s.Intend(t.Context(), event(node.IntendedStage, maarja), wanted)
				if err != nil {
					t.Error(err)
					return
				}
				begun.Receipt = receipt(n)
				if err := s.Settle(t.Context(), event(node.RecordedStage, maarja), begun); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkDispensation compares what group commit makes of the disk with bare durable commits of one row, in one run.
func BenchmarkDispensation(b *testing.B) {
	b.Run("bare", bareCommits)
	for _, clients := range []int{1, 8, 32, 128} {
		b.Run(fmt.Sprint("clients=", clients), func(b *testing.B) { share(b, clients) })
	}
}

// bareCommits is the yardstick: one row of 2 KB with its digest under a unique key, one durable commit each.
func bareCommits(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bare.db")
	must(b, makeFile(path))
	db, err := connect(path, durable, 1)
	must(b, err)
	defer db.Close()
	_, err = db.Exec("CREATE TABLE bare (id INTEGER PRIMARY KEY, key TEXT UNIQUE, digest BLOB, body BLOB)")
	must(b, err)
	insert, err := db.Preparex("INSERT INTO bare (key, digest, body) VALUES (?, ?, ?)")
	must(b, err)
	body := make([]byte, 2048)
	b.ResetTimer()
	for i := range b.N {
		digest := sha256.Sum256(body)
		_, err := insert.Exec(fmt.Sprint(i), digest[:], body)
		must(b, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}
