package xmldom

import "sild/internal/barrier"

// startTag reads a start tag and opens its element.
func (p *parser) startTag(i int) int {
	nameEnd, colon := p.name(i + 1)
	if nameEnd < 0 {
		return -1
	}
	p.attributes, p.bears = p.attributes[:0], 0
	end := p.attributesFrom(nameEnd)
	if end < 0 || !p.mayOpen(i) {
		return -1
	}
	at := int32(len(p.elements))
	r := record{start: uint32(i), open: uint32(end), parent: p.current, after: at + 1, bears: p.bears}
	within, ok := p.nameTag(&r, nameEnd, colon)
	if !ok {
		return -1
	}
	if within != p.binding {
		p.scopes = append(p.scopes, scope{at, within})
	}
	if p.src[end-2] == '/' {
		r.shut = r.open
	} else {
		r.shut = uint32(nameEnd) // until the end tag is read
		p.current, p.outer, p.binding = at, append(p.outer, p.binding), within
		p.depth++
	}
	p.elements = append(p.elements, r)
	return end
}

// mayOpen makes the checks on the place of a new element.
func (p *parser) mayOpen(i int) bool {
	switch {
	case p.current < 0 && len(p.elements) > 0 && !barrier.Lifted("xml.root"):
		return p.refuse("xml.root", i, "There is a second root element.") > 0
	case p.depth >= p.limits.Depth && !barrier.Lifted("xml.depth"):
		return p.refuse("xml.depth", i, "Elements stand deeper within each other than allowed.") > 0
	case len(p.elements) >= p.limits.Elements && !barrier.Lifted("xml.elements"):
		return p.refuse("xml.elements", i, "There are more elements than allowed.") > 0
	}
	return true
}

// nameTag gives the element and its attributes their expanded names, and says which is the innermost binding in it.
func (p *parser) nameTag(r *record, nameEnd, colon int) (within int32, ok bool) {
	within = p.binding
	if len(p.attributes) > 0 {
		if within, ok = p.scopeOf(within); !ok {
			return 0, false
		}
	}
	local, space := int(r.start)+1, uint32(0)
	switch {
	case colon > 0:
		if space, ok = p.prefixed(within, local, colon); !ok {
			return 0, false
		}
		local = colon + 1
	case within != p.known:
		p.fallback, _ = p.resolve(within, "")
		p.known = within
		space = p.fallback
	default:
		space = p.fallback
	}
	r.name = p.intern(space, local, nameEnd)
	return within, true
}

// prefixed is the namespace of a prefix in the source; it must have been declared.
func (p *parser) prefixed(scope int32, start, colon int) (uint32, bool) {
	prefix := view(p.src[start:colon])
	if prefix == "xmlns" && !barrier.Lifted("xml.namespace") {
		return 0, p.refuse("xml.namespace", start, "The prefix xmlns cannot be used.") > 0
	}
	space, ok := p.resolve(scope, prefix)
	if !ok && !barrier.Lifted("xml.prefix") {
		return 0, p.refuse("xml.prefix", start, "A namespace prefix is not declared.") > 0
	}
	return space, true
}

// scopeOf checks the attributes against each other and reads the namespace declarations among them.
func (p *parser) scopeOf(outer int32) (within int32, ok bool) {
	if at := p.twin(); at > 0 && !barrier.Lifted("xml.duplicate-attribute") {
		return 0, p.refuse("xml.duplicate-attribute", at, "An attribute stands twice in one element.") > 0
	}
	if within, ok = p.declare(outer); !ok {
		return 0, false
	}
	prefixes := 0
	for i := range p.attributes {
		a := &p.attributes[i]
		if a.colon == 0 || a.declares {
			continue
		}
		prefixes++
		if a.space, ok = p.prefixed(within, a.start, a.colon); !ok {
			return 0, false
		}
	}
	if prefixes < 2 {
		return within, true
	}
	if at := p.expandedTwin(); at > 0 && !barrier.Lifted("xml.duplicate-expanded") {
		return 0, p.refuse("xml.duplicate-expanded", at, "An attribute stands twice in one element under two prefixes.") > 0
	}
	return within, true
}

// endTag closes the current element; the name must be written as in its start tag (XML 1.0, section 3.1).
func (p *parser) endTag(i int) int {
	if p.current < 0 {
		return p.refuse("xml.nesting", i, "An end tag has no start tag.")
	}
	r := &p.elements[p.current]
	name := p.src[r.start+1 : r.shut]
	rest := p.src[i+2:]
	if len(rest) < len(name) || string(rest[:len(name)]) != string(name) {
		if len(rest) < len(name) && string(rest) == string(name[:len(rest)]) {
			return p.truncated()
		}
		return p.refuse("xml.nesting", i, "An end tag closes another element than is open.")
	}
	end := i + 2 + len(name)
	if end < len(p.src) && p.src[end] != '>' {
		end = skipWhite(p.src, end)
	}
	if end == len(p.src) {
		return p.truncated()
	}
	if p.src[end] != '>' {
		return p.refuse("xml.nesting", i, "An end tag closes another element than is open.")
	}
	end++
	r.shut, r.after = uint32(i), int32(len(p.elements))
	p.current = r.parent
	p.depth--
	p.binding, p.outer = p.outer[p.depth], p.outer[:p.depth]
	return end
}
