package xmldom

import (
	"slices"

	"sild/internal/barrier"
)

// The two namespaces that are bound without a declaration (Namespaces in XML 1.0, section 3).
const (
	SpaceXML   = "http://www.w3.org/XML/1998/namespace" // SpaceXML is what the prefix xml always stands for.
	SpaceXMLNS = "http://www.w3.org/2000/xmlns/"        // SpaceXMLNS is where namespace declarations live as attributes.
)

// The first namespaces of every document.
const (
	spaceNone = iota
	spaceXML
	spaceXMLNS
)

// mostBindings is how many different namespace bindings may be in scope at once. Every look-up walks them, so without a
// bound a hostile document could make each of its names slow. A declaration that repeats what is in scope adds none.
const mostBindings = 128

// binding is one namespace declaration. Bindings stay after their element has ended, and each knows the one outside it: so
// the scope of any element can be walked later.
type binding struct {
	start, after uint32 // the prefix in the source; empty for the default namespace
	space        uint32
	outer        int32
	rank         int32 // how many bindings are in scope with this one
}

// Resolve is the namespace that a prefix stands for at the element, "" being the default namespace. It serves qualified
// names in values, such as xsi:type="hl7:CE".
func (e Element) Resolve(prefix string) (space string, ok bool) {
	if e.d == nil {
		return "", false
	}
	id, ok := e.d.resolve(e.d.scopeOf(e.at), prefix)
	return e.d.spaces[id], ok
}

// PrefixFor is a prefix that stands for the namespace at the element: "" when that is the default namespace, otherwise
// the one that was declared last. The answer "" fits an element; an attribute without prefix has no namespace.
func (e Element) PrefixFor(space string) (prefix string, ok bool) {
	if e.d == nil {
		return "", false
	}
	within := e.d.scopeOf(e.at)
	if id, _ := e.d.resolve(within, ""); e.d.spaces[id] == space {
		return "", true
	}
	for at := within; at >= 0; at = e.d.bindings[at].outer {
		b := &e.d.bindings[at]
		if b.start == b.after || e.d.spaces[b.space] != space {
			continue
		}
		prefix := view(e.d.src[b.start:b.after])
		if id, _ := e.d.resolve(within, prefix); id == b.space {
			return prefix, true
		}
	}
	if space == SpaceXML {
		return "xml", true
	}
	return "", false
}

// scope is the innermost binding at an element that declares a namespace; few do.
type scope struct{ element, binding int32 }

// scopeOf is the innermost namespace binding at an element, or -1: its own, or that of the nearest element around it that
// has one.
func (d *Document) scopeOf(at int32) int32 {
	for left := d.scopes; at >= 0; at = d.elements[at].parent {
		i, found := slices.BinarySearchFunc(left, at, func(s scope, at int32) int { return int(s.element - at) })
		if found {
			return left[i].binding
		}
		if left = left[:i]; i == 0 {
			break
		}
	}
	return -1
}

// resolve walks outward from a binding. No default namespace is a good answer; no prefix is not.
func (d *Document) resolve(scope int32, prefix string) (uint32, bool) {
	switch prefix {
	case "xml":
		return spaceXML, true
	case "xmlns":
		return spaceXMLNS, true
	}
	for at := scope; at >= 0; {
		b := &d.bindings[at]
		if int(b.after-b.start) == len(prefix) && string(d.src[b.start:b.after]) == prefix {
			return b.space, true
		}
		at = b.outer
	}
	return spaceNone, prefix == ""
}

// declare reads the namespace declarations of a start tag and gives its scope.
func (p *parser) declare(scope int32) (now int32, ok bool) {
	for i := range p.attributes {
		a := &p.attributes[i]
		if !a.declares {
			continue
		}
		if scope, ok = p.declareOne(scope, a); !ok {
			return 0, false
		}
	}
	return scope, true
}

func (p *parser) declareOne(scope int32, a *attribute) (now int32, ok bool) {
	name := Span{} // of the default namespace
	if a.colon > 0 {
		name = Span{a.colon + 1, a.nameEnd}
	}
	prefix, uri := view(p.src[name.Start:name.End]), decodedValue(p.src[a.value.Start:a.value.End])
	if why := misdeclared(prefix, uri); why != "" && !barrier.Lifted("xml.namespace") {
		return 0, p.refuse("xml.namespace", a.start, why) > 0
	}
	if prefix == "xml" || prefix == "xmlns" {
		return scope, true
	}
	scope = p.bind(scope, name, uri)
	if scope >= 0 && p.bindings[scope].rank > mostBindings && !barrier.Lifted("xml.bindings") {
		return 0, p.refuse("xml.bindings", a.start, "Too many namespaces are in scope.") > 0
	}
	return scope, true
}

// misdeclared says what is wrong with a declaration (Namespaces in XML 1.0, sections 3 and 5 and the constraint "No Prefix
// Undeclaring"), or nothing.
func misdeclared(prefix, uri string) string {
	switch {
	case prefix == "xmlns":
		return "The prefix xmlns cannot be declared."
	case prefix == "xml" && uri != SpaceXML:
		return "The prefix xml cannot stand for another namespace."
	case prefix != "xml" && uri == SpaceXML:
		return "No other prefix can stand for the namespace of xml."
	case uri == SpaceXMLNS:
		return "No prefix can stand for the namespace of namespace declarations."
	case prefix != "" && uri == "":
		return "A namespace prefix cannot be undeclared."
	}
	return ""
}

// bind adds a binding to a scope, unless the scope says the same already.
func (p *parser) bind(scope int32, prefix Span, uri string) int32 {
	id, ok := p.spaceIDs[uri]
	if !ok {
		id = uint32(len(p.spaces))
		p.spaces = append(p.spaces, uri)
		p.spaceIDs[uri] = id
	}
	if now, ok := p.resolve(scope, view(p.src[prefix.Start:prefix.End])); ok && now == id {
		return scope
	}
	rank := int32(1)
	if scope >= 0 {
		rank += p.bindings[scope].rank
	}
	p.bindings = append(p.bindings, binding{uint32(prefix.Start), uint32(prefix.End), id, scope, rank})
	return int32(len(p.bindings) - 1)
}
