package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sild/internal/curation"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// activeFile names the snapshot in force, by its release, in the folder of snapshots.
const activeFile = "active"

// terminology is the snapshot in force, and those before it that documents were made with. A mapped file stays mapped
// until the process ends, because texts of documents lie in it.
type terminology struct {
	dir        string                  // of the snapshots; empty where the tables that ship with the node are used
	properties *translation.Properties // nil where the operator has imported none
	country    string
	products   string // folder of the country's medicines; empty where there is none
	check      func(*translation.Catalogue) error

	inForce atomic.Pointer[translation.Catalogue]
	active  string // what the file named when it was last read, or why nothing; only the worker of the node touches it

	mu     sync.Mutex
	opened map[string]*translation.Catalogue // by release; nil for one that is gone
}

// openTables opens the tables and refuses to start without any.
func (a *App) openTables(ctx context.Context) error {
	a.terms = newTerminology(a.Config)
	if err := a.terms.open(a.Config.Terminology); err != nil {
		return err
	}
	first, err := a.terms.first()
	if err != nil {
		return err
	}
	if err := a.activate(ctx, first); err != nil {
		return err
	}
	a.rules, err = openRules(a.Config.Terminology.Corridors)
	return err
}

// openRules reads the rules of the corridors, with those of the operator's folder over them; an empty name is no folder.
func openRules(dir string) (*node.Rules, error) {
	if dir == "" {
		return node.LoadRules(mappings.Files())
	}
	rules, err := node.LoadRules(mappings.Files(), os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("terminology.corridors: %s: %w", dir, err)
	}
	return rules, nil
}

func newTerminology(config Config) *terminology {
	return &terminology{
		dir: config.Terminology.Snapshots, country: config.Country, products: config.Terminology.Products,
		check: func(c *translation.Catalogue) error { return acceptedBy(config, c) }, opened: map[string]*translation.Catalogue{},
	}
}

// open reads what the operator has imported besides the tables.
func (t *terminology) open(config TerminologyConfig) error {
	if config.Properties == "" {
		return nil
	}
	var err error
	if t.properties, err = readProperties(config.Properties); err != nil {
		return fmt.Errorf("terminology.properties: %w", err)
	}
	return nil
}

// first is what the node starts with.
func (t *terminology) first() (*translation.Catalogue, error) {
	if t.dir == "" {
		shipped, err := translation.Load(mappings.Files())
		if err != nil {
			return nil, err
		}
		return t.complete(shipped)
	}
	release, err := activeRelease(t.dir)
	if err != nil {
		return nil, fmt.Errorf("terminology.snapshots: %w; build a snapshot with `sild map build` and put it in force with `sild map activate`", err)
	}
	t.active = release + " " + t.changed(release)
	return t.read(release)
}

// activeRelease reads which snapshot is to be in force.
func activeRelease(dir string) (string, error) {
	named, err := os.ReadFile(filepath.Join(dir, activeFile))
	if err != nil {
		return "", err
	}
	release := strings.TrimSpace(string(named))
	if !isRelease(release) {
		return "", fmt.Errorf("%s does not name a snapshot", filepath.Join(dir, activeFile))
	}
	return release, nil
}

// isRelease says that a text has the form of a release; it becomes the name of a file.
func isRelease(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}

func snapshotFile(dir, release string) string { return filepath.Join(dir, release+".snapshot") }

// read opens a snapshot of the folder and judges whether this node may use it.
func (t *terminology) read(release string) (*translation.Catalogue, error) {
	catalogue, err := openSnapshot(snapshotFile(t.dir, release))
	if err != nil {
		return nil, err
	}
	if catalogue.Release() != release {
		return nil, fmt.Errorf("%s holds the snapshot %s", snapshotFile(t.dir, release), catalogue.Release())
	}
	return t.complete(catalogue)
}

func (t *terminology) complete(catalogue *translation.Catalogue) (*translation.Catalogue, error) {
	if t.properties != nil {
		var err error
		if catalogue, err = catalogue.With(t.properties); err != nil {
			return nil, err
		}
	}
	if t.products != "" {
		var err error
		if catalogue, err = withProducts(catalogue, t.products, t.country); err != nil {
			return nil, fmt.Errorf("terminology.products: %w", err)
		}
	}
	if err := answers(catalogue, t.country); err != nil {
		return nil, err
	}
	return catalogue, t.check(catalogue)
}

// answers refuses tables with which no prescription could be carried: a field that must be right has no list, or the
// country's codes lead nowhere.
func answers(catalogue *translation.Catalogue, country string) error {
	for _, field := range curation.FailClosed() {
		if len(catalogue.Members(field)) == 0 {
			return fmt.Errorf("terminology: the tables have no codes for %s", field)
		}
	}
	if !catalogue.HasMap(country, translation.DoseForm) {
		return fmt.Errorf("terminology: the tables have no dose forms of %s", country)
	}
	return nil
}

// openSnapshot maps a snapshot file.
func openSnapshot(file string) (*translation.Catalogue, error) {
	mapped, err := mapFile(file)
	if err != nil {
		return nil, err
	}
	catalogue, err := translation.Open(mapped)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), unmapFile(mapped))
	}
	return catalogue, nil
}

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
	fresh, err := t.read(release)
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

// snapshot finds a snapshot that was in force before, or nil when its file is gone or cannot be used any more.
func (t *terminology) snapshot(release string) *translation.Catalogue {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, asked := t.opened[release]; asked {
		return known
	}
	t.opened[release] = t.earlier(release)
	return t.opened[release]
}

// earlier opens a snapshot of the folder again, with the properties and medicines of today.
func (t *terminology) earlier(release string) *translation.Catalogue {
	if t.dir == "" || !isRelease(release) {
		return nil
	}
	catalogue, err := t.read(release)
	if err != nil {
		return nil
	}
	return catalogue
}

// acceptedBy refuses, in production, draft rows where a wrong code harms, unless the configuration names who accepted
// them and when (DESIGN 5).
func acceptedBy(config Config, catalogue *translation.Catalogue) error {
	if config.Environment != "production" {
		return nil
	}
	for _, field := range curation.FailClosed() {
		if drafts := catalogue.Drafts(field, config.Terminology.AcceptedOn); drafts > 0 {
			return fmt.Errorf("terminology: %d rows for %s are drafts that no pharmacist accepted, or that are younger than the day of it; name who "+
				"did in terminology.accepted_by and accepted_on", drafts, field)
		}
	}
	return nil
}
