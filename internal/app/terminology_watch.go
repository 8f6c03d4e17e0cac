package app

import (
	"context"
	"os"
	"path/filepath"
	"time"

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

// refreshTerms takes a newly activated snapshot in while the node runs. A call under way keeps the one under which it
// began; one that is refused changes nothing.
func (a *App) refreshTerms(ctx context.Context) {
	t := a.terms
	if t.dir == "" {
		return
	}
	release, err := activeRelease(t.dir)
	if err != nil {
		if err.Error() != t.active {
			t.active = err.Error() // told once
			a.log.Error("no snapshot is named; the last one stays in force", "reason", err)
		}
		return
	}
	named := release + " " + t.changed(release)
	if named == t.active {
		return
	}
	t.active = named
	fresh, err := t.read(t.dir, release)
	if err == nil {
		err = a.activate(ctx, fresh)
	}
	if err != nil {
		a.log.Error("the snapshot was refused; the last one stays in force", "release", release, "reason", err)
		return
	}
	a.log.Info("a new snapshot is in force", "release", fresh.Release())
}

// changed tells when what stands in the folder was last written: an activation that failed, or a new list of medicines, is
// taken in by activating again.
func (t *terminology) changed(release string) string {
	told := ""
	for _, file := range []string{filepath.Join(t.dir, activeFile), snapshotFile(t.dir, release)} {
		if info, err := os.Stat(file); err == nil {
			told += info.ModTime().UTC().Format(time.RFC3339Nano) + " "
		}
	}
	return told
}
