package fhir

import (
	"encoding/binary"
	"strconv"
	"strings"

	"sild/node"
)

// reader fills an arena in one pass. The first refusal stops it: err is set and every further step does nothing.
type reader struct {
	*arena
	bytes  []byte // the source again, to be looked at in words
	bounds limits
	pos    int
	depth  int
	err    *node.Error
}

// few is the number of members up to which a repeated name is looked for by comparing each with each.
const few = 24

func (r *reader) refuse(reason, detail string, up int32) {
	if r.err == nil {
		r.err = invalid(reason, detail+" (byte "+itoa(r.pos)+", in "+value{r.arena, up}.openPlace()+").")
	}
}

// openPlace is the place of a container that is still being read.
func (v value) openPlace() string {
	if v.at < 0 || int(v.at) >= len(v.in.cells) {
		return "the document"
	}
	return v.place()
}

func (r *reader) peek() byte {
	if r.err == nil && r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

func (r *reader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\n', '\t', '\r':
			r.pos++
		default:
			return
		}
	}
}

// value reads the value at pos into a new cell that has its name and parent already.
func (r *reader) value(c cell) {
	at := int32(len(r.cells))
	if !r.room(c.up) {
		return
	}
	c.start = int32(r.pos)
	r.cells = append(r.cells, c)
	switch b := r.peek(); {
	case b == '{':
		r.object(at)
	case b == '[':
		r.array(at)
	case b == '"':
		r.cells[at].kind = textKind
		r.cells[at].escaped = r.quoted(c.up)
	case b == '-' || b >= '0' && b <= '9':
		r.cells[at].kind = numberKind
		r.number(c.up)
	default:
		r.cells[at].kind = r.word(c.up)
	}
	r.cells[at].end, r.cells[at].next = int32(r.pos), int32(len(r.cells))
}

func (r *reader) room(up int32) bool {
	if len(r.cells) >= r.bounds.values {
		r.refuse("json.size", "The document holds more values than this contact point accepts", up)
	}
	return r.err == nil
}

func (r *reader) enter(at int32) bool {
	r.depth++
	if r.depth > r.bounds.depth {
		r.refuse("json.depth", "The document is nested too deep", r.cells[at].up)
	}
	r.pos++
	r.space()
	return r.err == nil
}

// more steps over the comma between two members or items, or over the closing bracket, which ends the container. No
// comma may stand before the closing bracket.
func (r *reader) more(closing byte, at int32) bool {
	r.space()
	switch r.peek() {
	case closing:
		r.pos++
	case ',':
		r.pos++
		r.space()
		return true
	default:
		r.refuse("json.syntax", "A comma or a closing bracket is missing", at)
	}
	return false
}

func (r *reader) object(at int32) {
	r.cells[at].kind = objectKind
	if r.enter(at); r.peek() == '}' {
		r.pos++
	} else {
		for n := int32(0); r.err == nil; n++ {
			r.memberOf(at, n)
			if r.err != nil || !r.more('}', at) {
				break
			}
		}
		r.checkDuplicate(at)
	}
	r.depth--
}

func (r *reader) memberOf(at, index int32) {
	if r.peek() != '"' {
		r.refuse("json.syntax", "A member's name is missing", at)
		return
	}
	c := cell{up: at, index: index, nameAt: int32(r.pos + 1)}
	c.nameEsc = r.quoted(at)
	c.nameEnd = int32(r.pos - 1)
	r.space()
	if r.peek() != ':' {
		r.refuse("json.syntax", "A colon is missing", at)
		return
	}
	r.pos++
	r.space()
	r.value(c)
}

func (r *reader) array(at int32) {
	r.cells[at].kind = arrayKind
	if r.enter(at); r.peek() == ']' {
		r.pos++
	} else {
		for n := int32(0); r.err == nil; n++ {
			r.value(cell{up: at, index: n})
			if r.err != nil || !r.more(']', at) {
				break
			}
		}
	}
	r.depth--
}

// checkDuplicate refuses an object that names one member twice, in whatever spelling of the name: two readers might
// each believe another one of the two.
func (r *reader) checkDuplicate(at int32) {
	if r.err != nil {
		return
	}
	end := int32(len(r.cells))
	var names [few]string
	n := 0
	var seen map[string]bool
	for i := at + 1; i < end; i = r.cells[i].next {
		name := r.name(&r.cells[i])
		if n == few && seen == nil {
			seen = make(map[string]bool, 2*few)
			for _, known := range names {
				seen[known] = true
			}
		}
		if seen != nil {
			if seen[name] {
				r.refuseDuplicate(i, at)
				return
			}
			seen[name] = true
			continue
		}
		for _, known := range names[:n] {
			if known == name {
				r.refuseDuplicate(i, at)
				return
			}
		}
		names[n] = name
		n++
	}
}

func (r *reader) refuseDuplicate(i, at int32) {
	r.pos = int(r.cells[i].nameAt) - 1
	r.refuse("json.duplicate", "A member is named twice", at)
}

// quoted steps over a string and says whether it holds escapes.
func (r *reader) quoted(up int32) bool {
	r.pos++
	escaped := false
	for r.err == nil {
		r.pos = plainEnd(r.bytes, r.pos)
		switch {
		case r.pos >= len(r.src):
			r.refuse("json.syntax", "A string does not end", up)
		case r.src[r.pos] == '"':
			r.pos++
			return escaped
		case r.src[r.pos] == '\\':
			escaped = true
			r.escape(up)
		default:
			r.refuse("json.control", "A control character stands in a string", up)
		}
	}
	return escaped
}

// escape checks one escape. A surrogate must be the first half of a pair whose second half follows; a control
// character that FHIR text cannot hold (string, R4 2.24.0.1) is refused in this spelling too.
func (r *reader) escape(up int32) {
	rest := r.src[r.pos+1:]
	switch {
	case rest != "" && rest[0] == 'u' && hex4(rest[1:]) >= 0:
		r.unicode(hex4(rest[1:]), rest[5:], up)
	case rest == "" || plainEscape(rest[0]) == 0:
		r.refuse("json.syntax", "An unknown escape stands in a string", up)
	case rest[0] == 'b' || rest[0] == 'f':
		r.refuse("json.control", "A control character stands in a string", up)
	default:
		r.pos += 2
	}
}

func (r *reader) unicode(unit int, rest string, up int32) {
	switch {
	case unit >= 0xDC00 && unit < 0xE000:
		r.refuse("json.surrogate", "A lone surrogate stands in a string", up)
	case unit >= 0xD800 && unit < 0xDC00:
		second := -1
		if strings.HasPrefix(rest, `\u`) {
			second = hex4(rest[2:])
		}
		if second < 0xDC00 || second >= 0xE000 {
			r.refuse("json.surrogate", "A lone surrogate stands in a string", up)
			return
		}
		r.pos += 12
	case unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r':
		r.refuse("json.control", "A control character stands in a string", up)
	default:
		r.pos += 6
	}
}

// number checks the grammar of RFC 8259 section 6: no leading zero, no plus, no point without digits, no NaN.
func (r *reader) number(up int32) {
	if r.peek() == '-' {
		r.pos++
	}
	whole := r.pos
	good := r.digits()
	good = good && (r.src[whole] != '0' || r.pos == whole+1)
	if r.peek() == '.' {
		r.pos++
		good = r.digits() && good
	}
	if b := r.peek(); b == 'e' || b == 'E' {
		r.pos++
		if b = r.peek(); b == '+' || b == '-' {
			r.pos++
		}
		good = r.digits() && good
	}
	if !good {
		r.refuse("json.number", "A number is not written as JSON writes it", up)
	}
}

func (r *reader) digits() bool {
	from := r.pos
	for r.pos < len(r.src) && r.src[r.pos] >= '0' && r.src[r.pos] <= '9' {
		r.pos++
	}
	return r.pos > from
}

func (r *reader) word(up int32) kind {
	rest := r.src[r.pos:]
	switch {
	case strings.HasPrefix(rest, "true"):
		r.pos += 4
		return boolKind
	case strings.HasPrefix(rest, "false"):
		r.pos += 5
		return boolKind
	case strings.HasPrefix(rest, "null"):
		r.pos += 4
		return nullKind
	}
	r.refuse("json.syntax", "A value is missing or is none that JSON knows", up)
	return noKind
}

func (r *reader) checkTrailing() error {
	if r.err == nil && r.pos < len(r.src) {
		r.refuse("json.trailing", "Something stands behind the document", -1)
	}
	if r.err != nil {
		return r.err
	}
	return nil
}

// plainEnd is the first place at or behind from that is a quote, a backslash or a control character, or the end. It
// looks at eight bytes at a time: a byte is found by the borrow that subtracting makes in its highest bit.
func plainEnd(s []byte, from int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; from+8 <= len(s); from += 8 {
		w := binary.LittleEndian.Uint64(s[from:])
		quote, slash := w^(low*'"'), w^(low*'\\')
		found := (quote-low)&^quote | (slash-low)&^slash | (w-low*0x20)&^w
		if found&high != 0 {
			break
		}
	}
	for from < len(s) && s[from] >= 0x20 && s[from] != '"' && s[from] != '\\' {
		from++
	}
	return from
}

func itoa(n int) string { return strconv.Itoa(n) }
