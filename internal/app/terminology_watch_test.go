package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sild/node"
	"sild/translation"
)

// still is the Estonian node of a corridor, built and not running: the test does its work.
func still(t *testing.T, b *bridge, log io.Writer) *App {
	t.Helper()
	if err := b.stop("EE"); err != nil {
		t.Fatal(err)
	}
	own, err := New(context.Background(), b.configs["EE"], Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := own.Close(); err != nil {
			t.Error(err)
		}
	})
	return own
}

func healthOf(t *testing.T, a *App) (int, string) {
	t.Helper()
	recorder := newRecorder()
	a.health(recorder, nil)
	return recorder.status, recorder.body.String()
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder                          { return &recorder{header: http.Header{}} }
func (r *recorder) Header() http.Header               { return r.header }
func (r *recorder) WriteHeader(status int)            { r.status = status }
func (r *recorder) Write(content []byte) (int, error) { return r.body.Write(content) }

// Whatever becomes of the folder of snapshots, the node goes on with the last good one, says so once for each change, and
// shows it in health and metrics until it is over.
func TestTroubleInTheFolderOfSnapshotsIsToldOnceAndShownUntilItIsOver(t *testing.T) {
	first, release := snapshotWith(t, "")
	b := corridorOn(t, first, io.Discard)
	dir := b.configs["EE"].Terminology.Snapshots
	active := filepath.Join(dir, activeFile)
	var log bytes.Buffer
	own := still(t, b, &log)
	good, err := os.ReadFile(active)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Repeat("ab", 32)
	do := func(steps ...error) {
		t.Helper()
		if err := errors.Join(steps...); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, want string
		spoil      func()
	}{
		{"a garbled name", "does not name a snapshot", func() { do(os.WriteFile(active, []byte("deadbeef"), 0o600)) }},
		{"a folder in its place", "no regular file", func() { do(os.Remove(active), os.Mkdir(active, 0o700)) }},
		{"a vanished folder", "no such file", func() { do(os.Remove(active), os.Rename(dir, dir+".away"), nil) }},
		{"a snapshot that is not there", other, func() { do(os.Rename(dir+".away", dir), os.WriteFile(active, []byte(other), 0o600)) }},
		{"a snapshot that is none", "no terminology snapshot", func() { do(os.WriteFile(snapshotFile(dir, other), []byte("sild-snapshot-2\nnot one"), 0o600)) }},
		{"a snapshot under another's name", "holds the snapshot " + release, func() {
			whole, err := os.ReadFile(first)
			do(err, os.WriteFile(snapshotFile(dir, other), whole, 0o600))
		}},
	} {
		test.spoil()
		log.Reset()
		for range 3 {
			own.refreshTerms(context.Background())
		}
		if strings.Count(log.String(), "ERROR") != 1 || !strings.Contains(log.String(), test.want) {
			t.Errorf("%s: the log says %s", test.name, log.String())
		}
		status, shown := healthOf(t, own)
		if status != http.StatusOK || !strings.Contains(shown, "terminologyTrouble") || !strings.Contains(shown, test.want) || !strings.Contains(shown, release) {
			t.Errorf("%s: health is %d %s", test.name, status, shown)
		}
		if value := gauge(t, own); value != 1 {
			t.Errorf("%s: the gauge shows %v", test.name, value)
		}
	}
	do(os.WriteFile(active, good, 0o600))
	own.refreshTerms(context.Background())
	if _, shown := healthOf(t, own); strings.Contains(shown, "terminologyTrouble") || gauge(t, own) != 0 {
		t.Errorf("it is over, and health is %s", shown)
	}
}

func gauge(t *testing.T, a *App) float64 {
	t.Helper()
	families, err := a.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "sild_terminology_trouble" {
			return family.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatal("there is no such gauge")
	return 0
}

// What stood in the way passes without anybody touching the folder; the node tries again by itself.
func TestASnapshotThatCouldNotBeTakenInIsTriedAgain(t *testing.T) {
	first, _ := snapshotWith(t, "")
	second, release := snapshotWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	b := corridorOn(t, first, io.Discard)
	own := still(t, b, io.Discard)
	calls, judge := 0, own.terms.check
	own.terms.check = func(c *translation.Catalogue) error {
		if calls++; calls == 1 {
			panic("the name of a patient")
		}
		return judge(c)
	}
	if _, err := (MapActivate{Snapshot: second}).on(context.Background(), b.configs["EE"]); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		own.refreshTerms(context.Background())
	}
	if _, shown := healthOf(t, own); calls != 1 || !strings.Contains(shown, "a fault in the program: a panic with a string") || strings.Contains(shown, "patient") {
		t.Errorf("judged %d times: %s", calls, shown)
	}
	own.terms.watch.again = time.Now()
	own.refreshTerms(context.Background())
	if now := own.terms.inForce.Load().Release(); now != release {
		t.Errorf("%s is in force", now)
	}
}

// A request that needs an earlier snapshot is answered although reading it brings out a fault.
func TestAnEarlierSnapshotThatBringsOutAFaultIsNotFound(t *testing.T) {
	first, release := snapshotWith(t, "")
	dir := t.TempDir()
	terms := newTerminology(Config{Country: "EE", Environment: "demo", Terminology: TerminologyConfig{Snapshots: dir}})
	terms.check = func(*translation.Catalogue) error { panic("x") }
	whole, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(snapshotFile(dir, release), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if terms.snapshot(release) != nil {
		t.Error("it was found")
	}
}

func TestAFaultInAPieceOfWorkStopsNeitherTheNodeNorTheOtherWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		own := &App{log: logger(&log, LogConfig{Level: "info"})}
		ctx, stop := context.WithCancel(context.Background())
		var tried, calm atomic.Int32
		var empty []string
		go own.repeat(ctx, work{"first", time.Second, func(context.Context) {
			if tried.Add(1); tried.Load() == 1 {
				panic(node.Identifier{Value: "47405179910"})
			}
			_ = empty[tried.Load()]
		}})
		go own.repeat(ctx, work{"second", time.Second, func(context.Context) { calm.Add(1) }})
		go own.repeat(ctx, work{"slow", time.Second, func(ctx context.Context) { <-ctx.Done() }})
		time.Sleep(3500 * time.Millisecond)
		stop()
		synctest.Wait()
		if tried.Load() != 3 || calm.Load() != 3 {
			t.Errorf("tried %d and %d times", tried.Load(), calm.Load())
		}
		said := log.String()
		for _, want := range []string{"work=first", "a panic with a node.Identifier", "index out of range", "terminology_watch_test.go"} {
			if !strings.Contains(said, want) {
				t.Errorf("the log does not say %q: %s", want, said)
			}
		}
		if strings.Contains(said, "47405179910") {
			t.Error("the log holds what the fault was called with")
		}
	})
}

// stuckPeer is down for the first dispensation, and for every later one it takes its time.
type stuckPeer struct {
	node.Exchange
	tried atomic.Int32
	asked chan struct{}
	free  chan struct{}
}

func (s *stuckPeer) Dispense(ctx context.Context, call node.Call, d *node.Document) (*node.Receipt, error) {
	if s.tried.Add(1) == 1 {
		return nil, &node.Error{Op: "test", Kind: node.Unavailable, Reason: "peer.down", Detail: "down"}
	}
	s.asked <- struct{}{}
	<-s.free
	return s.Exchange.Dispense(ctx, call, d)
}

func TestASlowPeerHoldsBackNoNewSnapshot(t *testing.T) {
	first, _ := snapshotWith(t, "")
	second, _ := snapshotWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	peer := &stuckPeer{asked: make(chan struct{}, 9), free: make(chan struct{})}
	b := corridorBetween(t, first, io.Discard, func(country, place string, x node.Exchange) node.Exchange {
		if country != "EE" || place != "peer" {
			return x
		}
		peer.Exchange = x
		return peer
	})
	truth := demoTruth("FI")
	pharmacy, err := b.counter(node.Corridor{A: "FI", B: "EE"}, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := pharmacy.fetch(context.Background(), truth.patient, truth.tablet)
	if err != nil || fetched.Status != http.StatusOK {
		t.Fatalf("fetch: %v, %d", err, fetched.Status)
	}
	message, err := pharmacy.dispensation(fetched.Body, newDispensation(), 1, "completed")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := pharmacy.dispense(context.Background(), message)
	if err != nil || answer.Status != http.StatusAccepted {
		t.Fatalf("status %d: %s, %v", answer.Status, answer.Body, err)
	}
	<-peer.asked // the outbox is at it
	defer close(peer.free)
	activated(t, b, second)
}
