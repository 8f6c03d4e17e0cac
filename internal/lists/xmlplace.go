package lists

import (
	"bytes"
	"fmt"

	"sild/internal/xmldom"
)

// xmlLines says on which line an element begins. It counts on from where it was asked last, so that going through a document
// in its order costs one pass.
type xmlLines struct {
	source   []byte
	at, line int // line is one less than people count
}

func (l *xmlLines) of(e xmldom.Element) string {
	start := e.Span().Start
	if start < l.at {
		l.at, l.line = 0, 0
	}
	l.line += bytes.Count(l.source[l.at:start], []byte("\n"))
	l.at = start
	return fmt.Sprintf("line %d", l.line+1)
}
