package fhir

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sild/node"
	"sild/translation"
)

// limits bounds what the reader accepts before it looks at a single value. The zero value of a field takes the
// reader's own limit.
type limits struct {
	size   int // bytes of one document
	depth  int // nested objects and arrays
	values int // values of all kinds in one document
}

const (
	sizeLimit  = 5 << 20
	depthLimit = 64
	valueLimit = 600_000
)

func (l limits) orOwn() limits {
	if l.size == 0 {
		l.size = sizeLimit
	}
	if l.depth == 0 {
		l.depth = depthLimit
	}
	if l.values == 0 {
		l.values = valueLimit
	}
	return l
}

// kind is the JSON type of a value.
type kind uint8

const (
	noKind kind = iota // the value is not there
	objectKind
	arrayKind
	textKind
	numberKind
	boolKind
	nullKind
)

// String names the kind as an error says it.
func (k kind) String() string {
	return [...]string{"nothing", "object", "array", "string", "number", "boolean", "null"}[k]
}

// cell is one value in the arena. The children of cell i start at i+1; next is the first cell behind its subtree.
type cell struct {
	start, end       int32 // the value's bytes in the source
	nameAt, nameEnd  int32 // the member's name between its quotes; nameAt 0 for an item of an array
	next, up         int32
	index            int32 // place among its siblings, from 0
	kind             kind
	escaped, nameEsc bool
}

// arena is a whole JSON document as a flat list of values over its text. Nothing in it changes after reading.
type arena struct {
	src   string
	cells []cell
}

// read reads one strict JSON document (RFC 8259, I-JSON of RFC 7493): one pass, no duplicate member, no byte order
// mark, no invalid UTF-8, nothing behind the value. Offsets in errors and spans are bytes from the start of source.
func read(source []byte, bounds limits) (*arena, error) {
	bounds = bounds.orOwn()
	if err := checkSize(source, bounds.size); err != nil {
		return nil, err
	}
	if err := checkMark(source); err != nil {
		return nil, err
	}
	if err := checkUTF8(source); err != nil {
		return nil, err
	}
	r := reader{bytes: source, arena: &arena{src: string(source), cells: make([]cell, 0, len(source)/24+8)}, bounds: bounds}
	r.space()
	r.value(cell{up: -1})
	r.space()
	if err := r.checkTrailing(); err != nil {
		return nil, err
	}
	return r.arena, nil
}

// root is the document's outermost value.
func (a *arena) root() value { return value{in: a} }

// value is one place in an arena. The zero value is a place that is not there: every question about it is answered
// with nothing, so that a path can be walked without asking at every step.
type value struct {
	in *arena
	at int32
}

func (v value) cell() *cell { return &v.in.cells[v.at] }

// there says that the value exists, be it null.
func (v value) there() bool { return v.in != nil }

// kind is the value's JSON type, noKind when it is not there.
func (v value) kind() kind {
	if v.in == nil {
		return noKind
	}
	return v.cell().kind
}

// span is the value's bytes in the source, quotes and brackets included.
func (v value) span() translation.Span {
	if v.in == nil {
		return translation.Span{}
	}
	c := v.cell()
	return translation.Span{Start: int(c.start), End: int(c.end)}
}

// member is the bytes of the name, the colon and the value of an object's member; of an array's item its span.
func (v value) member() translation.Span {
	span := v.span()
	if v.in != nil && v.cell().nameAt > 0 {
		span.Start = int(v.cell().nameAt) - 1
	}
	return span
}

// name is the member's name, empty for an item or the root.
func (v value) name() string {
	if v.in == nil || v.cell().nameAt == 0 {
		return ""
	}
	return v.in.name(v.cell())
}

func (a *arena) name(c *cell) string {
	name := a.src[c.nameAt:c.nameEnd]
	if c.nameEsc {
		return unescape(name)
	}
	return name
}

// raw is the value's text as it stands in the source.
func (v value) raw() string {
	if v.in == nil {
		return ""
	}
	return v.in.src[v.cell().start:v.cell().end]
}

// text is what a string says; a number or a boolean as it was written; empty for everything else.
func (v value) text() string {
	switch v.kind() {
	case textKind:
		c := v.cell()
		inner := v.in.src[c.start+1 : c.end-1]
		if c.escaped {
			return unescape(inner)
		}
		return inner
	case numberKind, boolKind:
		return v.raw()
	default:
		return ""
	}
}

// get finds the member of that exact name.
func (v value) get(name string) value {
	if v.kind() != objectKind {
		return value{}
	}
	end := v.cell().next
	for i := v.at + 1; i < end; i = v.in.cells[i].next {
		c := &v.in.cells[i]
		if !c.nameEsc && v.in.src[c.nameAt:c.nameEnd] == name || c.nameEsc && v.in.name(c) == name {
			return value{v.in, i}
		}
	}
	return value{}
}

// walk follows member names from value to value.
func (v value) walk(names ...string) value {
	for _, name := range names {
		v = v.get(name)
	}
	return v
}

// each gives the members of an object or the items of an array, in source order.
func (v value) each(yield func(int, value) bool) {
	if k := v.kind(); k != objectKind && k != arrayKind {
		return
	}
	end, n := v.cell().next, 0
	for i := v.at + 1; i < end; i = v.in.cells[i].next {
		if !yield(n, value{v.in, i}) {
			return
		}
		n++
	}
}

// item is the n-th item of an array or member of an object, counted from 0.
func (v value) item(n int) value {
	for i, found := range v.each {
		if i == n {
			return found
		}
	}
	return value{}
}

// count is the number of items or members.
func (v value) count() int {
	n := 0
	for range v.each {
		n++
	}
	return n
}

// parent is the object or array that holds the value.
func (v value) parent() value {
	if v.in == nil || v.cell().up < 0 {
		return value{}
	}
	return value{v.in, v.cell().up}
}

// path is the value's place in the source, e.g. entry[0].resource.code.coding[1]. It repeats member names as written.
func (v value) path() string {
	if v.in == nil {
		return ""
	}
	return string(v.appendPath(make([]byte, 0, 96), v.in.root(), nil))
}

// place is the path for errors: a name that no element of FHIR has is content and is shown as a question mark.
func (v value) place() string {
	if v.in == nil || v.at == 0 {
		return "the document"
	}
	return string(v.appendPath(nil, v.in.root(), publicName))
}

// appendPath appends the way from an outer value to this one, without a leading dot at the root.
func (v value) appendPath(to []byte, outer value, show func(string) string) []byte {
	if v == outer || v.at == 0 {
		return to
	}
	to = v.parent().appendPath(to, outer, show)
	c := v.cell()
	if c.nameAt == 0 {
		to = append(to, '[')
		to = strconv.AppendInt(to, int64(c.index), 10)
		return append(to, ']')
	}
	if len(to) > 0 {
		to = append(to, '.')
	}
	if show == nil {
		return append(to, v.name()...)
	}
	return append(to, show(v.name())...)
}

// unescape resolves the escapes of a string that the reader has already checked.
func unescape(raw string) string {
	var out strings.Builder
	out.Grow(len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out.WriteByte(raw[i])
			continue
		}
		i++
		if raw[i] != 'u' {
			out.WriteByte(plainEscape(raw[i]))
			continue
		}
		r := rune(hex4(raw[i+1:]))
		i += 4
		if r >= 0xD800 && r < 0xDC00 {
			r = (r-0xD800)<<10 + rune(hex4(raw[i+3:])) - 0xDC00 + 0x10000
			i += 6
		}
		out.WriteRune(r)
	}
	return out.String()
}

// plainEscape is the character behind a one-letter escape, 0 when there is none of that letter.
func plainEscape(letter byte) byte {
	switch letter {
	case '"', '\\', '/':
		return letter
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	}
	return 0
}

// hex4 reads four hexadecimal digits; -1 when there are not four.
func hex4(s string) int {
	if len(s) < 4 {
		return -1
	}
	n := 0
	for _, d := range []byte(s[:4]) {
		switch {
		case d >= '0' && d <= '9':
			n = n<<4 | int(d-'0')
		case d|0x20 >= 'a' && d|0x20 <= 'f':
			n = n<<4 | int(d|0x20-'a'+10)
		default:
			return -1
		}
	}
	return n
}

func checkSize(source []byte, most int) error {
	if len(source) > most {
		return invalid("json.size", "The document is larger than this contact point accepts.")
	}
	return nil
}

func checkMark(source []byte) error {
	if strings.HasPrefix(string(source[:min(3, len(source))]), "\uFEFF") {
		return invalid("json.mark", "The document starts with a byte order mark.")
	}
	return nil
}

func checkUTF8(source []byte) error {
	if !utf8.Valid(source) {
		return invalid("json.utf8", "The document is not valid UTF-8.")
	}
	return nil
}

// invalid is a refusal of a message that breaks its format. The detail names the place, never the content.
func invalid(reason, detail string) *node.Error {
	return &node.Error{Op: "fhir.decode", Kind: node.Invalid, Reason: reason, Detail: detail}
}
