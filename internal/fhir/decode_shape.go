package fhir

import "strings"

// shape is a document after its values were held against the element table: what type each value has, and where the
// places are that decoding asks for. Lists are in source order.
type shape struct {
	*arena
	of     []*shapeOf // by cell; nil where FHIR gives no type
	coded  []int32    // every CodeableConcept, every Coding outside one, every Quantity with a code or unit
	refs   []int32    // every Reference
	extras []int32    // every unknown member
	bodies []int32    // every resource, contained ones included
	mosts  []int32    // every list of the most in a period, of which R4 has only one
	err    error
}

// shapeUp holds the whole document against the table: types, letter case, arrays, dates, narratives, modifiers.
func shapeUp(a *arena) (*shape, error) {
	s := &shape{arena: a, of: make([]*shapeOf, len(a.cells))}
	s.resource(a.root())
	return s, s.err
}

func (s *shape) refuse(reason string, v value, what string) {
	if s.err == nil {
		s.err = invalidAt(reason, v, what)
	}
}

// invalidAt is a refusal that names the place.
func invalidAt(reason string, v value, what string) error {
	return invalid(reason, v.place()+": "+what+".")
}

// resource reads one resource by its resourceType. An unknown one is refused: nothing in it could be judged.
func (s *shape) resource(v value) {
	if v.kind() != objectKind {
		s.refuse("fhir.type", v, "object expected, "+v.kind().String()+" found")
		return
	}
	of := checkResource(v)
	if of == nil {
		if wrong := foldedMember(v, "resourcetype"); wrong.there() && wrong.name() != "resourceType" {
			s.refuse("fhir.case", v, "the member resourceType is written in another case")
		}
		s.refuse("fhir.resource", v, "a resource of a type that this contact point does not know")
		return
	}
	if of.name == "Bundle" && v.at > 0 {
		s.refuse("fhir.resource", v, "a Bundle inside a Bundle")
		return
	}
	s.bodies = append(s.bodies, v.at)
	s.object(v, of)
}

// checkResource finds the type of a resource; nil for one that no document of the corridor holds.
func checkResource(v value) *shapeOf {
	of := elements()[v.get("resourceType").text()]
	if of == nil || !of.resource || v.get("resourceType").kind() != textKind {
		return nil
	}
	return of
}

func foldedMember(v value, lower string) value {
	for _, member := range v.each {
		if strings.ToLower(member.name()) == lower {
			return member
		}
	}
	return value{}
}

func (s *shape) object(v value, of *shapeOf) {
	s.of[v.at] = of
	s.note(v, of)
	for _, member := range v.each {
		if s.err != nil {
			return
		}
		name := member.name()
		known := of.elements[name]
		switch {
		case name == "modifierExtension" || name == "implicitRules":
			s.checkModifier(member)
		case known != nil:
			s.element(member, known)
		case strings.HasPrefix(name, "_") && of.elements[name[1:]] != nil:
			s.beside(member, of.elements[name[1:]])
		default:
			s.checkCase(member, of)
			s.extras = append(s.extras, member.at)
			s.untyped(member)
		}
	}
	for _, choice := range of.choices {
		s.checkChoice(v, of, choice)
	}
}

// checkChoice refuses a second value where FHIR has one of several types (R4 2.6.0.3): nobody can say which of the two is
// meant.
func (s *shape) checkChoice(v value, of *shapeOf, choice string) {
	found := false
	for _, member := range v.each {
		rest, named := strings.CutPrefix(member.name(), choice)
		if !named || of.elements[member.name()] == nil || rest != "" && (rest[0] < 'A' || rest[0] > 'Z') {
			continue
		}
		if found {
			s.refuse("fhir.choice", member, "a second value where only one is allowed")
		}
		found = true
	}
}

// checkModifier refuses what changes the meaning of everything around it, because nothing here understands it
// (FHIR R4 2.4.0.2.2 and 2.27.0.4: a reader that does not understand it must not process the resource).
func (s *shape) checkModifier(v value) {
	s.refuse("fhir.modifier", v, "a modifier that this contact point does not understand")
}

// checkCase refuses a known name in another letter case: FHIR names are exact, and a lenient reader elsewhere might
// take it for the element.
func (s *shape) checkCase(v value, of *shapeOf) {
	if of.folded[strings.ToLower(strings.TrimPrefix(v.name(), "_"))] {
		s.refuse("fhir.case", v, "an element's name is written in another case")
	}
}

func (s *shape) element(v value, known *element) {
	if known.of == nil {
		s.untyped(v)
		return
	}
	if v.kind() == arrayKind && known.many != 0 {
		s.checkEmpty(v)
		if v.name() == "maxDosePerPeriod" {
			s.mosts = append(s.mosts, v.at)
		}
		for _, item := range v.each {
			s.single(item, known.of, item.kind() == nullKind && known.of.json != objectKind)
		}
		return
	}
	if known.many == '*' {
		s.refuse("fhir.type", v, "array expected, "+v.kind().String()+" found")
		return
	}
	s.single(v, known.of, false)
}

// checkEmpty refuses an array, object or string without content: FHIR has no empty elements (R4 2.1.0.1.1.5), absent
// and empty are not the same, and only the first is allowed.
func (s *shape) checkEmpty(v value) {
	if v.at+1 == v.cell().next && v.kind() != textKind || v.kind() == textKind && v.cell().end-v.cell().start == 2 {
		s.refuse("fhir.empty", v, "an element without content")
	}
}

// single checks one value. A null is allowed only in an array of primitives, beside an extension (R4 2.6.2.3).
func (s *shape) single(v value, of *shapeOf, nullable bool) {
	if nullable {
		return
	}
	if v.kind() != of.json {
		s.refuse("fhir.type", v, of.json.String()+" expected, "+v.kind().String()+" found")
		return
	}
	if of.json == objectKind || of.json == textKind {
		s.checkEmpty(v)
	}
	switch {
	case s.err != nil:
	case of.name == "Resource" || of.resource:
		s.resource(v)
	case of.json == objectKind:
		s.object(v, of)
	default:
		s.of[v.at] = of
		s.primitive(v, of.check)
	}
}

// beside reads the _name member that carries the extensions of a primitive.
func (s *shape) beside(v value, known *element) {
	if known.of == nil || known.of.json == objectKind {
		s.refuse("fhir.type", v, "only a primitive element has such a member")
		return
	}
	if v.kind() == arrayKind && known.many != 0 {
		for _, item := range v.each {
			s.single(item, elements()["Element"], item.kind() == nullKind)
		}
		return
	}
	s.single(v, elements()["Element"], false)
}

func (s *shape) primitive(v value, check string) {
	switch check {
	case "date", "dateTime", "instant", "time":
		s.checkDate(v, check)
	case "integer":
		if strings.ContainsAny(v.raw(), ".eE") {
			s.refuse("fhir.type", v, "a whole number expected")
		}
	case "xhtml":
		s.checkNarrative(v)
	}
}

// checkDate refuses a day that no calendar has, and a time of day without its zone.
func (s *shape) checkDate(v value, of string) {
	if !dateIs(v.text(), of) {
		s.refuse("fhir.date", v, "not a date of the calendar, or a time without its zone")
	}
}

func (s *shape) checkNarrative(v value) {
	if why := narrativeFault(v.text()); why != "" {
		s.refuse("fhir.xhtml", v, why)
	}
}

// note keeps the places that decoding asks for.
func (s *shape) note(v value, of *shapeOf) {
	switch of.name {
	case "CodeableConcept":
		s.coded = append(s.coded, v.at)
	case "Coding":
		if up := v.parent().parent(); !up.there() || s.of[up.at] == nil || s.of[up.at].name != "CodeableConcept" {
			s.coded = append(s.coded, v.at)
		}
	case "Quantity":
		if v.get("code").there() || v.get("unit").there() {
			s.coded = append(s.coded, v.at)
		}
	case "Reference":
		s.refs = append(s.refs, v.at)
	}
}

// untyped walks content that FHIR has no type for. Codes in it are found by their look, so that they are kept and
// named even there, and a modifier is refused even there.
func (s *shape) untyped(v value) {
	if v.kind() == objectKind && s.looksCoded(v) {
		s.coded = append(s.coded, v.at)
		s.denyModifiers(v)
		return
	}
	for _, inner := range v.each {
		if inner.name() == "modifierExtension" {
			s.checkModifier(inner)
		}
		s.untyped(inner)
	}
}

func (s *shape) denyModifiers(v value) {
	for _, inner := range v.each {
		if inner.name() == "modifierExtension" {
			s.checkModifier(inner)
		}
		s.denyModifiers(inner)
	}
}

func (s *shape) looksCoded(v value) bool {
	coding := v.get("coding").item(0)
	return v.get("system").kind() == textKind && v.get("code").kind() == textKind ||
		coding.get("code").there() || coding.get("display").there()
}
