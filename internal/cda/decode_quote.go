package cda

import (
	"sild/internal/xmldom"
	"sild/node"
)

// quote says by element that a field took words from a narrative: whose text they are, the passage that must not be
// withheld for them to be told, and what stands for the field.
type quote struct{ words, passage, field int32 }

// quoted notes a quote.
func (d *decoder) quoted(words, passage, field xmldom.Element) {
	d.quotes = append(d.quotes, quote{int32(words.Index()), int32(passage.Index()), int32(field.Index())})
}

// toldBy finds the words of the quotes of a document.
func toldBy(x *xmldom.Document, quotes []quote) func() []node.Quote {
	return func() []node.Quote {
		told := make([]node.Quote, len(quotes))
		for i, q := range quotes {
			told[i] = node.Quote{Words: plainText(x.At(int(q.words))), Span: span(x.At(int(q.passage))), For: span(x.At(int(q.field)))}
		}
		return told
	}
}
