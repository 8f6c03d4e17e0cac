package curation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// seals checks that columns which somebody has read as a whole say the same as then. A seal does not say that they are
// right; it says that nobody has changed them unseen.
func (c *checker) seals() {
	for _, s := range c.tables.of(kindSeals) {
		for _, r := range s.rows {
			t := c.fileOf(s.layer, s.cell(r, "file"))
			if t == nil {
				c.add(s.finding(RuleSeal, r, "", "there is no table "+s.cell(r, "file")+" to compare with"))
				continue
			}
			column := s.cell(r, "column")
			if _, has := t.columns[column]; !has {
				c.add(s.finding(RuleSeal, r, "", t.file+" has no column "+column))
				continue
			}
			if digest := t.digest(column); digest != s.cell(r, "digest") || strconv.Itoa(len(t.rows)) != s.cell(r, "rows") {
				c.add(s.finding(RuleSeal, r, "", fmt.Sprintf("the column %s of %s is not what %s read on %s: read it again and seal it with %d rows, digest %s",
					column, t.file, s.cell(r, "reader"), s.cell(r, "on"), len(t.rows), digest)))
			}
		}
	}
}

func (c *checker) fileOf(layer int, file string) *table {
	for _, t := range c.tables.list {
		if t.layer == layer && t.file == file {
			return t
		}
	}
	return nil
}

// digest is the first 16 hexadecimal digits of the SHA-256 of a column, each cell with the code that it stands beside and
// whether that code is retired.
func (t *table) digest(column string) string {
	sum := sha256.New()
	for _, r := range t.rows {
		fmt.Fprintln(sum, strings.Join([]string{t.cell(r, "system"), t.cell(r, "code"), t.cell(r, "until"), t.cell(r, column)}, "\x00"))
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}
