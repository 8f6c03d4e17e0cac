package app

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sild/node"
	"sild/translation"
)

// activate writes the event and puts the snapshot in force: what is answered from here on is made with it.
func (a *App) activate(ctx context.Context, catalogue *translation.Catalogue) error {
	event := node.Event{ID: node.NewCorrelation(), At: a.options.Now().UTC(), Stage: node.ActivatedStage, Release: catalogue.Release()}
	if err := a.Store.Activated(ctx, event); err != nil {
		return err
	}
	t := a.terms
	t.mu.Lock()
	t.opened[catalogue.Release()], t.opened[catalogue.Tables()] = catalogue, catalogue
	t.mu.Unlock()
	t.inForce.Store(catalogue)
	return nil
}

// pauseAfterTrouble is how long a node waits before it reads a snapshot again that it could not take in: what was in the way
// may be over by then, such as a full disk.
const pauseAfterTrouble = 15 * time.Second

// following is what the node knows of its folder of snapshots. Only the worker touches what is not atomic.
type following struct {
	seen    string                 // what was named when it was last read, and when that was written
	again   time.Time              // when a snapshot that was refused is read anew
	trouble atomic.Pointer[string] // why the folder cannot be followed; nil where it is
}

// refreshTerms takes a newly activated snapshot in while the node runs. A call under way keeps the one under which it
// began; one that is refused changes nothing, is told in the log once, and shows in health until it is over.
func (a *App) refreshTerms(ctx context.Context) {
	t := a.terms
	if t.dir == "" {
		return
	}
	release, err := activeRelease(t.dir)
	if err != nil {
		t.watch.seen = ""
		a.troubled("no snapshot is named; the last one stays in force", "", err)
		return
	}
	named := release + " " + t.changed(release)
	if named == t.watch.seen && (t.watch.trouble.Load() == nil || time.Now().Before(t.watch.again)) {
		return
	}
	t.watch.seen, t.watch.again = named, time.Now().Add(pauseAfterTrouble)
	fresh, err := t.read(t.dir, release)
	if err == nil {
		err = a.activate(ctx, fresh)
	}
	if err != nil {
		a.troubled("the snapshot was refused; the last one stays in force", release, err)
		return
	}
	t.watch.trouble.Store(nil)
	a.log.Info("a new snapshot is in force", "release", fresh.Release())
}

// troubled tells once why the folder of snapshots is not followed.
func (a *App) troubled(what, release string, reason error) {
	told, words := a.terms.watch.trouble.Load(), what+": "+reason.Error()
	if told != nil && *told == words {
		return
	}
	a.terms.watch.trouble.Store(&words)
	a.log.Error(what, "release", release, "reason", reason)
}

// changed tells when what stands in the folder was last written: a new list of medicines is taken in by activating again, and
// a file that somebody changes is noticed.
func (t *terminology) changed(release string) string {
	told := ""
	for _, file := range []string{filepath.Join(t.dir, activeFile), snapshotFile(t.dir, release)} {
		if info, err := os.Stat(file); err == nil {
			told += info.ModTime().UTC().Format(time.RFC3339Nano) + " "
		}
	}
	return told
}

// measure shows in the metrics whether the folder of snapshots is followed.
func (t *terminology) measure(registry *prometheus.Registry) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "sild_terminology_trouble",
		Help: "1 while the snapshot that is named cannot be put in force and the one before it stays; /health says why."}, func() float64 {
		if t.watch.trouble.Load() != nil {
			return 1
		}
		return 0
	}))
}
