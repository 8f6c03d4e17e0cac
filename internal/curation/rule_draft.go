package curation

import (
	"slices"

	"sild/translation"
)

const draft = "draft"

// FailClosed are the fields in which a document is refused rather than guessed: in production no row of theirs may be a
// draft that nobody has accepted.
func FailClosed() []translation.Field {
	return []translation.Field{translation.DocumentCode, translation.Substance, translation.Classification, translation.StrengthUnit,
		translation.DoseForm, translation.PackageUnit}
}

// drafts counts what nobody has accepted yet, where it must be right.
func (c *checker) drafts(catalogue *translation.Catalogue) {
	count, must := map[string]int{}, FailClosed()
	for _, k := range c.concepts {
		for _, in := range k.In {
			if !in.Retired && in.Status == draft && slices.Contains(must, in.Field) {
				count["eu/"+string(in.Field)+".csv"]++
			}
		}
	}
	for _, row := range c.rows {
		if row.Status == draft && slices.Contains(must, row.Field) {
			count[row.Map+".csv"]++
		}
	}
	for _, shape := range catalogue.Shapes() {
		if shape.Status == draft && slices.Contains(must, shape.Field) {
			count["eu/"+string(shape.Field)+".csv"]++
		}
	}
	for file, rows := range count {
		c.add(Finding{Rule: RuleDraft, Broken: c.Production, File: file, Words: numbered(rows, "row") +
			" that must be right and that nobody has accepted"})
	}
}
