package xmldom

import "sild/internal/barrier"

// attribute is one attribute of the start tag that is being read.
type attribute struct {
	start, nameEnd int
	colon          int // offset of the colon in the name, 0 for none
	value          Span
	space          uint32
	declares       bool // a namespace declaration
}

// name reads a qualified name (Namespaces in XML 1.0, production 7); colon is 0 when there is no prefix.
func (p *parser) name(start int) (end, colon int) {
	end = ncname(p.src, start)
	bad := end == start
	if !bad && end < len(p.src) && p.src[end] == ':' {
		colon = end
		end = ncname(p.src, colon+1)
		bad = end == colon+1
	}
	if end == len(p.src) {
		return p.truncated(), 0
	}
	if !bad && class[p.src[end]]&delimits != 0 {
		return end, colon
	}
	if barrier.Lifted("xml.name") {
		return p.loosely(start)
	}
	return p.refuse("xml.name", start, "A name has characters that a name cannot have."), 0
}

// loosely reads what stands for a name when the check of names is lifted: all up to the next delimiter.
func (p *parser) loosely(start int) (end, colon int) {
	for end = start; end < len(p.src) && class[p.src[end]]&delimits == 0; end++ {
		if p.src[end] == ':' && colon == 0 && end > start {
			colon = end
		}
	}
	switch {
	case end == len(p.src):
		return p.truncated(), 0
	case end == start:
		return p.refuse("xml.name", start, "A name is missing."), 0
	case colon == end-1:
		colon = 0
	}
	return end, colon
}

// attributesFrom reads the rest of a start tag after its name, and gives the offset after it.
func (p *parser) attributesFrom(i int) int {
	for {
		at := skipWhite(p.src, i)
		if at == len(p.src) {
			return p.truncated()
		}
		switch p.src[at] {
		case '>':
			return at + 1
		case '/':
			if at+1 == len(p.src) {
				return p.truncated()
			}
			if p.src[at+1] == '>' {
				return at + 2
			}
			return p.refuse("xml.attribute", at, "A slash stands inside a tag.")
		}
		if at == i && !barrier.Lifted("xml.attribute") {
			return p.refuse("xml.attribute", at, "White space is missing before an attribute.")
		}
		if i = p.attribute(at); i < 0 {
			return i
		}
	}
}

// attribute reads one attribute (XML 1.0, production 41).
func (p *parser) attribute(start int) int {
	if len(p.attributes) >= p.limits.Attributes && !barrier.Lifted("xml.attributes") {
		return p.refuse("xml.attributes", start, "An element has more attributes than allowed.")
	}
	end, colon := p.name(start)
	if end < 0 {
		return -1
	}
	quote := p.quoteAfter(end)
	if quote < 0 {
		return -1
	}
	shut := p.value(quote)
	if shut < 0 {
		return -1
	}
	a := attribute{start: start, nameEnd: end, colon: colon, value: Span{quote + 1, shut}}
	a.declares = declaresSpace(p.src[start:end])
	p.bears |= bit(view(p.src[max(start, colon+1):end]))
	p.attributes = append(p.attributes, a)
	return shut + 1
}

// bit is what stands for an attribute's name without its prefix among those that an element may have: from the length and
// the first letter of the name, so that the common names of clinical documents share few.
func bit(local string) uint32 {
	if local == "" {
		return speaks - 1
	}
	return 1 << ((4*len(local) + int(local[0])) % 31)
}

// bitsOf are those of several names.
func bitsOf(names []string) uint32 {
	all := uint32(0)
	for _, name := range names {
		all |= bit(name)
	}
	return all
}

// declaresSpace says whether a name of an attribute makes it a namespace declaration.
func declaresSpace(name []byte) bool {
	return len(name) >= 5 && string(name[:5]) == "xmlns" && (len(name) == 5 || name[5] == ':')
}

// quoteAfter finds the quote that opens the value of an attribute, after the equals sign.
func (p *parser) quoteAfter(i int) int {
	if i+1 < len(p.src) && p.src[i] == '=' && p.src[i+1] == '"' {
		return i + 1
	}
	equals := skipWhite(p.src, i)
	if equals == len(p.src) {
		return p.truncated()
	}
	if p.src[equals] != '=' {
		return p.refuse("xml.attribute", equals, "An attribute has no value.")
	}
	quote := skipWhite(p.src, equals+1)
	if quote == len(p.src) {
		return p.truncated()
	}
	if p.src[quote] != '"' && p.src[quote] != '\'' {
		return p.refuse("xml.attribute", quote, "The value of an attribute is not in quotes.")
	}
	return quote
}

// value checks the value of an attribute and finds the quote that ends it (XML 1.0, production 10).
func (p *parser) value(open int) int {
	quote := p.src[open]
	for i := open + 1; ; {
		i = find(p.src, i, quote, '<', '&')
		if i == len(p.src) {
			return p.truncated()
		}
		switch p.src[i] {
		case quote:
			return i
		case '&':
			if i = p.reference(i); i < 0 {
				return i
			}
		default:
			if !barrier.Lifted("xml.attribute") {
				return p.refuse("xml.attribute", i, "The value of an attribute contains an opening angle bracket.")
			}
			i++
		}
	}
}
