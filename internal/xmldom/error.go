package xmldom

import (
	"fmt"
	"unicode/utf8"
)

// Error is a refusal of a document. It repeats nothing of the document, so it may be shown and logged.
type Error struct {
	Check  string // the check that failed, such as "xml.dtd"
	Line   int    // counted from 1; CR LF, CR and LF each end a line (XML 1.0, 2.11)
	Column int    // counted in characters from 1; a byte order mark at the start is not counted
	Why    string // a plain sentence
}

// Error is the refusal as one line.
func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Why)
}

// position turns an offset into line and column. It is only needed for refusals, so the parser need not count lines.
func position(src []byte, at int) (line, column int) {
	line, start := 1, len(bom(src))
	for i := start; i < at; i++ {
		switch {
		case src[i] == '\n', src[i] == '\r' && (i+1 >= len(src) || src[i+1] != '\n'):
			line, start = line+1, i+1
		}
	}
	if start > at {
		return line, 1
	}
	return line, utf8.RuneCount(src[start:at]) + 1
}

// refuse ends the parse with an error at an offset; the -1 is what every step of the parser gives when it has failed.
func (p *parser) refuse(check string, at int, why string) int {
	line, column := position(p.src, at)
	p.err = &Error{Check: check, Line: line, Column: column, Why: why}
	return -1
}
