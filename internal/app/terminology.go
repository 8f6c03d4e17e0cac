package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"

	"sild/internal/curation"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// terminology is the snapshot in force, and those before it that documents were made with. What was read of a snapshot stays
// in memory until the process ends, because texts of documents lie in it.
type terminology struct {
	dir        string                  // of the snapshots; empty where the tables that ship with the node are used
	kept       string                  // where a node without such a folder keeps the tables of each program that it ran
	properties *translation.Properties // nil where the operator has imported none
	country    string
	products   string // folder of the country's medicines; empty where there is none
	check      func(*translation.Catalogue) error
	log        *slog.Logger

	inForce atomic.Pointer[translation.Catalogue]
	watch   following

	reading sync.Mutex // of earlier snapshots, one at a time: a list of medicines may take seconds

	mu     sync.Mutex
	held   map[string]*translation.Catalogue // as they were read, by release
	opened map[string]*translation.Catalogue // with properties and medicines, by release
	lost   map[string]string                 // releases that were asked for and are not to be had, and why
}

// openTables opens the tables and refuses to start without any.
func (a *App) openTables(ctx context.Context) error {
	a.terms = newTerminology(a.Config)
	a.terms.log = a.log
	a.terms.measure(a.metrics.registry)
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
	if a.rules, err = openRules(a.Config.Terminology.Corridors); err != nil {
		return err
	}
	a.tellLoosened()
	return nil
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
		dir: config.Terminology.Snapshots, kept: config.Store.Path + ".snapshots", country: config.Country, products: config.Terminology.Products,
		check: func(c *translation.Catalogue) error { return acceptedBy(config, c) }, log: slog.New(slog.DiscardHandler),
		held: map[string]*translation.Catalogue{}, opened: map[string]*translation.Catalogue{}, lost: map[string]string{},
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
		return t.shipped()
	}
	release, err := activeRelease(t.dir)
	if err != nil {
		return nil, fmt.Errorf("terminology.snapshots: %w; build a snapshot with `sild map build` and put it in force with `sild map activate`", err)
	}
	t.watch.seen = release + " " + t.changed(release)
	return t.read(t.dir, release)
}

// read opens a snapshot of a folder and judges whether this node may use it. A file is no reason to stop: a fault in the program
// that only a certain file brings out is an error as well.
func (t *terminology) read(dir, release string) (read *translation.Catalogue, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			read, err = nil, fmt.Errorf("%s: a fault in the program: %s", snapshotFile(dir, release), faultWords(fault))
		}
	}()
	catalogue, err := t.hold(dir, release)
	if err != nil {
		return nil, err
	}
	return t.complete(catalogue)
}

// hold reads a snapshot whole each time, since its file may not be what it was, and keeps each release once: memory is never
// given back while texts of documents may lie in it.
func (t *terminology) hold(dir, release string) (*translation.Catalogue, error) {
	file := snapshotFile(dir, release)
	catalogue, content, err := holdSnapshot(file)
	if err != nil {
		return nil, err
	}
	if catalogue.Release() != release {
		err := fmt.Errorf("%s holds the snapshot %s", file, catalogue.Release())
		return nil, errors.Join(err, freeMemory(content))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.held[release]; ok {
		return known, freeMemory(content)
	}
	t.held[release] = catalogue
	return catalogue, nil
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
		if !catalogue.HasMembers(field) {
			return fmt.Errorf("terminology: the tables have no codes for %s", field)
		}
	}
	if !catalogue.HasMap(country, translation.DoseForm) {
		return fmt.Errorf("terminology: the tables have no dose forms of %s", country)
	}
	return nil
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
