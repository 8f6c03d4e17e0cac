package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sild/internal/curation"
	"sild/translation"
)

// MapBuild compiles terminology tables into a snapshot file.
type MapBuild struct {
	Sources []string // folders with tables, each laid over those before it
	Alone   bool     // without the tables that ship with the node
	On      string   // the day for which they are compiled (YYYY-MM-DD); today otherwise
	Out     string

	Unchecked bool // build even where a rule of `sild map check` is broken
}

// Run writes the snapshot and says what is in it; what an official list made of other rows, and which rows are still to begin
// or to end, it says line by line. When ctx ends before all is read, or a rule of `sild map check` is broken, nothing is written.
func (b MapBuild) Run(ctx context.Context, stdout, stderr io.Writer) error {
	if b.Alone && len(b.Sources) == 0 {
		return errors.New("--alone leaves nothing to build from: name a folder")
	}
	day, err := tablesDay(b.On)
	if err != nil {
		return err
	}
	built, err := translation.CompileOn(day, tableSources(ctx, b.Sources, b.Alone)...)
	if ctx.Err() != nil {
		return fmt.Errorf("%w: nothing was written", errStopped)
	}
	if err != nil {
		return err
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		return err
	}
	if err := b.check(ctx, stderr); err != nil {
		return err
	}
	if err := writeWhole(b.Out, built.Bytes, 0o444); err != nil {
		return err
	}
	for _, note := range append(built.Notes, curation.LaterWords(built)...) {
		fmt.Fprintln(stderr, note)
	}
	size := catalogue.Size()
	fmt.Fprintf(stdout, "%s\n%d concepts, %d members of value sets, %d map rows from %d tables; %d bytes in %s\n", built.Release,
		size.Concepts, size.Members, size.Rows, len(catalogue.Origins()), len(built.Bytes), b.Out)
	return nil
}

// brokenNamed is how many broken rules a refused build names.
const brokenNamed = 5

// check asks of the tables what `sild map check` asks: a snapshot does not show every fault that its tables have.
func (b MapBuild) check(ctx context.Context, stderr io.Writer) error {
	if b.Unchecked {
		return nil
	}
	check, err := MapCheck{MapTables: MapTables{Sources: b.Sources, Alone: b.Alone, On: b.On}}.what(ctx)
	if err != nil {
		return err
	}
	verdict := check.Run()
	if ctx.Err() != nil {
		return fmt.Errorf("%w: nothing was written", errStopped)
	}
	if verdict.Broken == 0 {
		return nil
	}
	named := 0
	for _, f := range verdict.Findings {
		if f.Broken && named < brokenNamed {
			fmt.Fprintf(stderr, "%s: %s %s: %s\n", f.Rule, f.Place(), f.Code, f.Words)
			named++
		}
	}
	return fmt.Errorf("the tables break rules in %d places (sild map check names them all): nothing was written; --unchecked builds all the same", verdict.Broken)
}
