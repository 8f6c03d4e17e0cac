package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sild/internal/curation"
	"sild/mappings"
	"sild/translation"
)

// MapBuild compiles terminology tables into a snapshot file.
type MapBuild struct {
	Sources []string // folders with tables, each laid over those before it
	Alone   bool     // without the tables that ship with the node
	On      string   // the day for which they are compiled (YYYY-MM-DD); today otherwise
	Out     string
}

// Run writes the snapshot and says what is in it; what an official list made of other rows, and which rows are still to begin
// or to end, it says line by line.
func (b MapBuild) Run(stdout, stderr io.Writer) error {
	if b.Alone && len(b.Sources) == 0 {
		return errors.New("--alone leaves nothing to build from: name a folder")
	}
	day, err := tablesDay(b.On)
	if err != nil {
		return err
	}
	built, err := translation.CompileOn(day, tableSources(b.Sources, b.Alone)...)
	if err != nil {
		return err
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
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

// tableSources are the tables that ship with the node, unless they are left out, and the operator's folders over them.
func tableSources(folders []string, alone bool) []translation.Source {
	var sources []translation.Source
	if !alone {
		sources = append(sources, translation.Source{Files: mappings.Files()})
	}
	for _, folder := range folders {
		sources = append(sources, translation.Source{Name: folder, Files: os.DirFS(folder)})
	}
	return sources
}

// writeWhole writes a file under its name only when all of it is on the disk.
func writeWhole(name string, content []byte, mode os.FileMode) error {
	dir := filepath.Dir(name)
	half, err := os.CreateTemp(dir, ".half-*")
	if err != nil {
		return err
	}
	_, err = half.Write(content)
	err = errors.Join(err, half.Chmod(mode), half.Sync(), half.Close())
	if err == nil {
		err = os.Rename(half.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(half.Name()))
	}
	return syncDir(dir)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
