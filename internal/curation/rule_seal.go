package curation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// seals checks that columns which somebody has read as a whole say the same as then. A seal does not say that they are
// right; it says that nobody has changed them unseen.
func (c *checker) seals() {
	for _, s := range c.tables.of(kindSeals) {
		has := map[*table][]string{}
		for _, r := range s.rows {
			t := c.fileOf(s.layer, s.cell(r, "file"))
			if t == nil {
				c.add(s.finding(RuleSeal, r, "", "there is no table "+s.cell(r, "file")+" to compare with"))
				continue
			}
			column := s.cell(r, "column")
			has[t] = append(has[t], column)
			if _, there := t.columns[column]; !there {
				c.add(s.finding(RuleSeal, r, "", t.file+" has no column "+column))
				continue
			}
			if digest := t.digest(column); digest != s.cell(r, "digest") || strconv.Itoa(len(t.rows)) != s.cell(r, "rows") {
				c.add(s.finding(RuleSeal, r, "", fmt.Sprintf("the column %s of %s is not what %s read on %s: read it again and seal it with %d rows, digest %s",
					column, t.file, s.cell(r, "reader"), s.cell(r, "on"), len(t.rows), digest)))
			}
		}
		c.unsealed(s, has)
	}
}

// unsealed finds columns without a seal in a table whose other columns have one.
func (c *checker) unsealed(s *table, has map[*table][]string) {
	for t, columns := range has {
		for _, column := range t.sealed() {
			if !slices.Contains(columns, column) {
				c.add(s.finding(RuleSeal, row{}, "", "the column "+column+" of "+t.file+" has no seal, and the others of the table have"))
			}
		}
	}
}

func (c *checker) fileOf(layer int, file string) *table {
	for _, t := range slices.Concat(c.tables.list, c.tables.systems, c.tables.manifests) {
		if t.layer == layer && t.file == file {
			return t
		}
	}
	return nil
}

// sealed are the columns of a table that somebody reads from top to bottom.
func (t *table) sealed() []string {
	switch {
	case t.isSet():
		return append([]string{"code"}, t.languages...)
	case t.kind == kindSystems, t.kind == kindCorridor, t.kind == kindManifest:
		return t.header
	}
	return nil
}

// beside are the columns with which a cell that is sealed stands.
func (t *table) beside() []string {
	if t.isSet() {
		return []string{"system", "code", "until"}
	}
	return t.header[:1:1]
}

// digest is the first 16 hexadecimal digits of the SHA-256 of a column, each cell with what it stands beside: in a value set
// the code and whether it is retired, elsewhere the first column.
func (t *table) digest(column string) string {
	sum := sha256.New()
	for _, r := range t.rows {
		cells := []string{}
		for _, name := range append(t.beside(), column) {
			cells = append(cells, t.cell(r, name))
		}
		fmt.Fprintln(sum, strings.Join(cells, "\x00"))
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}
