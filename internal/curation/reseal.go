package curation

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"sild/translation"
)

const sealsFile = "SEALS.csv"

// Reseal writes the SEALS.csv that a source should have after a reader has read every column of its value sets, of its code
// systems, of the rules of its corridors and of its manifest: a seal that still holds stays as it is, with its reader and day;
// every other is made anew by the reader on the day (YYYY-MM-DD).
func Reseal(source translation.Source, reader, day string) (string, error) {
	if reader == "" || strings.ContainsAny(reader, "\",\n\r") {
		return "", errors.New("a seal names its reader, without commas or quotation marks")
	}
	all := readTables([]translation.Source{source})
	for _, f := range all.found {
		if f.File != sealsFile {
			return "", errors.New(f.Place() + ": " + f.Words)
		}
	}
	before := map[[2]string]string{}
	for _, t := range all.of(kindSeals) {
		for _, r := range t.rows {
			before[[2]string{t.cell(r, "file"), t.cell(r, "column")}] = strings.Join(r.Cells, ",")
		}
	}
	lines := []string{}
	for _, t := range slices.Concat(all.of(append(slices.Clone(setKinds), kindCorridor)...), all.systems, all.manifests) {
		if len(t.rows) == 0 {
			continue
		}
		for _, column := range t.sealed() {
			line := strings.Join([]string{t.file, column, strconv.Itoa(len(t.rows)), t.digest(column)}, ",") + ","
			if old := before[[2]string{t.file, column}]; strings.HasPrefix(old, line) {
				line = old
			} else {
				line += reader + "," + day
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return "file,column,rows,digest,reader,on\n" + strings.Join(lines, "\n") + "\n", nil
}
