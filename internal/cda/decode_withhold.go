package cda

import (
	"slices"
	"sort"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// withholdable names the sections of a summary as what a rule or a patient may withhold: each under every code that it
// bears, in whatever section it stands, with the references that lead into it.
func (d *decoder) withholdable(body xmldom.Element) {
	named := map[int]*node.Element{} // by section
	var order []xmldom.Element
	within, end := "", 0
	for i := body.Index() + 1; i < body.End() && d.err == nil; i++ {
		section := d.xml.At(i)
		if section.Local() != "section" || !known(section) {
			continue
		}
		inner := i < end
		d.alone(section, body, inner)
		if !inner {
			within, end = d.sections[section.Parent().Index()], section.End()
		}
		named[i] = &node.Element{Section: within, Nested: inner, Spans: []translation.Span{span(section.Parent())}}
		order = append(order, section)
		if len(order) > 2*mostSections {
			d.refuse("cda.section", section, "more sections in sections than any summary has")
		}
	}
	d.ledInto(body, named)
	for _, section := range order {
		for _, code := range codesOf(section) {
			element := *named[section.Index()]
			element.Name = "section:" + code
			d.doc.Elements = append(d.doc.Elements, element)
		}
	}
}

// alone refuses a section that does not stand by itself in a component of the body or of another section: it leaves with
// the component around it.
func (d *decoder) alone(section, body xmldom.Element, inner bool) {
	component := section.Parent()
	if child(component, "section") != section || component.Local() != "component" || !inner && component.Parent() != body {
		d.refuse("cda.section", section, "a section that is not alone in a component of the body or of another section")
	}
}

// ledInto adds to each section the references that lead into it from outside.
func (d *decoder) ledInto(body xmldom.Element, named map[int]*node.Element) {
	for i := body.Index() + 1; i < body.End() && d.err == nil; i++ {
		if d.leads[i] == 0 {
			continue
		}
		e := d.xml.At(i)
		for section := sectionAround(d.led(e)); section.There(); section = sectionAround(section.Parent()) {
			element := named[section.Index()]
			if element == nil || i >= section.Index() && i < section.End() {
				break
			}
			element.Spans = append(element.Spans, span(e))
		}
	}
}

// codesOf are the codes of a section, or of an observation, its own first and then those of its translations, each once: a rule may name a
// section that a country codes in its own way by any of them.
func codesOf(section xmldom.Element) []string {
	all := codesIn(nil, child(section, "code"))
	if len(all) == 1 {
		return all
	}
	codes, seen := all[:1], map[string]bool{"": true, all[0]: true}
	for _, code := range all[1:] {
		if !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	return codes
}

func codesIn(codes []string, e xmldom.Element) []string {
	codes = append(codes, strings.TrimSpace(attr(e, "code")))
	for inner := range each(e, "translation") {
		codes = codesIn(codes, inner)
	}
	return codes
}

// reasons names what says for which disease something was prescribed, however it hangs on the item, as something that
// a rule or a patient may withhold: the statement, the passages of the narrative that its own text refers to, and in a
// prescription every other reference to them. In a summary it is what hangs on a treatment, and what the record holds as
// a disease.
func (d *decoder) reasons() {
	var read []int
	for _, slot := range d.doc.Slots {
		if slot.Field == translation.Diagnosis {
			read = append(read, d.xml.Starting(slot.Span.Start).Index())
		}
	}
	statements, passages := d.diagnoses(read)
	if len(statements) == 0 {
		return
	}
	d.causes, d.telling = joined(statements), joined(passages)
	spans := slices.Concat(statements, passages, d.leading())
	d.doc.Elements = append(d.doc.Elements, node.Element{Name: "diagnosis", Spans: spans})
}

// foretell finds what tells for which disease something in a summary was done, before anything is read: no other code may
// take its words from there.
func (d *decoder) foretell() {
	statements, passages := d.diagnoses(nil)
	d.causes, d.telling = joined(statements), joined(passages)
}

// diagnoses are the statements of a disease, with the passages of the narrative that they refer to. read are the places
// that the record holds as one, by element.
func (d *decoder) diagnoses(read []int) (statements, passages []translation.Span) {
	places := slices.Concat(d.toldDiagnoses(), read)
	slices.Sort(places)
	end := 0
	for _, i := range places {
		if i < end {
			continue
		}
		e := d.xml.At(i)
		statement := statementOf(e)
		for _, part := range []xmldom.Element{statement, textBeside(statement)} {
			if part.There() {
				statements, passages = append(statements, span(part)), append(passages, d.passages(part)...)
			}
		}
		end = statement.End()
	}
	return statements, passages
}

// toldDiagnoses are the elements that say by themselves for which disease something was done. They are looked for once.
func (d *decoder) toldDiagnoses() []int {
	if d.diagnosed == nil {
		d.diagnosed = []int{}
		for e := range d.xml.Bearing("typeCode", systemNames[0], systemNames[1]) {
			if d.saysDiagnosis(e) {
				d.tells(e)
			}
		}
		for e := range d.xml.Named("observation") {
			if known(e) && asksDiagnosis(e) {
				d.tells(e)
			}
		}
	}
	return d.diagnosed
}

// tells notes an element that says for which disease something was done; in a summary only where that hangs on a treatment.
func (d *decoder) tells(e xmldom.Element) {
	if d.strict || isHung(e) {
		d.diagnosed = append(d.diagnosed, e.Index())
	}
}

// leading are the references from outside of the diagnoses to passages that tell of one.
func (d *decoder) leading() []translation.Span {
	var found []translation.Span
	for i, to := range d.leads {
		if to == 0 {
			continue
		}
		if e := d.xml.At(i); !meets(span(e), d.causes) && meets(span(d.target(e)), d.telling) {
			found = append(found, span(e))
		}
	}
	return found
}

// joined puts spans in order, as one where they overlap.
func joined(spans []translation.Span) []translation.Span {
	var apart []translation.Span
	for _, span := range widestFirst(spans) {
		if n := len(apart); n > 0 && span.Start < apart[n-1].End {
			apart[n-1].End = max(apart[n-1].End, span.End)
			continue
		}
		apart = append(apart, span)
	}
	return apart
}

// meets says that a span overlaps one of several that are joined.
func meets(span translation.Span, apart []translation.Span) bool {
	i := sort.Search(len(apart), func(i int) bool { return apart[i].End > span.Start })
	return i < len(apart) && apart[i].Start < span.End
}

// saysDiagnosis says that an element gives the reason for something, or by its attributes a code of a disease, in whatever
// place.
func (d *decoder) saysDiagnosis(e xmldom.Element) bool {
	if e.Local() == "entryRelationship" {
		kind := attr(e, "typeCode")
		return (kind == "RSON" || kind == "CAUS") && known(e) && !saysElse(e)
	}
	var named [2]string
	if e.Values(systemNames[:], named[:]); named == [2]string{} || !known(e) {
		return false
	}
	disease, asked := d.diseases[named]
	if !asked {
		disease = ofDiseases(named[0], strings.ToUpper(named[1]))
		d.diseases[named] = disease
	}
	return disease
}

// systemNames are the attributes that say of which system a code is.
var systemNames = [...]string{"codeSystem", "codeSystemName"}

// ofDiseases says that a code system is one of diseases, by its number or by its name in capitals.
func ofDiseases(system, name string) bool {
	for _, number := range oid.Diagnoses() {
		if rest, under := strings.CutPrefix(system, number); under && (rest == "" || rest[0] == '.') {
			return true
		}
	}
	return slices.ContainsFunc(diseaseNames[:], func(part string) bool { return strings.Contains(name, part) })
}

// diseaseNames are parts of the names that code systems of diseases go by.
var diseaseNames = [...]string{"ICD", "RHK", "TAUTILUOKITUS", "CLASSIFICATION OF DISEASES", "HAIGUSTE KLASSIFIKATSIOON", "SJUKDOMSKLASSIFIKATION"}

// asksDiagnosis says that an observation is that of a disease, whatever system its answer is of: a diagnosis, a finding, a
// problem, a disease or a complaint (LOINC and SNOMED CT, IHE problem entry).
func asksDiagnosis(observation xmldom.Element) bool {
	for _, code := range codesOf(observation) {
		switch code {
		case "29308-4", "282291009", "439401001", "64572001", "55607006":
			return true
		}
	}
	return false
}

// isHung says that something in a summary hangs on a treatment: what that is made for, and neither the treatment itself
// nor an illness in a section of illnesses or allergies.
func isHung(e xmldom.Element) bool {
	for _, code := range codesOf(sectionAround(e)) {
		switch code {
		case "11450-4", "11348-0", "48765-2":
			return false
		}
	}
	own := e.Local() == "code" || e.Local() == "translation"
	for e = e.Parent(); e.There() && e.Local() != "entry" && e.Local() != "consumable"; e = e.Parent() {
		switch e.Local() {
		case "substanceAdministration", "supply", "procedure", "encounter":
			return !own
		case "code", "translation":
		default:
			own = false
		}
	}
	return false
}

// statementOf is what leaves with a diagnosis: the innermost relation around it, or the coded place alone where the
// relation says something without which the item would be another.
func statementOf(e xmldom.Element) xmldom.Element {
	for e.Local() == "translation" {
		e = e.Parent()
	}
	relation := e
	for relation.There() && (relation.Local() != "entryRelationship" || !known(relation)) {
		relation = relation.Parent()
	}
	if relation.There() && !saysElse(relation) {
		return relation
	}
	return e
}

// textBeside is the text of a statement of which only the coded place leaves: it tells the same in words. That of a
// section, of a medicine, of a whole entry, and of an answer on substitution, tells of more.
func textBeside(place xmldom.Element) xmldom.Element {
	statement := place.Parent()
	whole := place.Local() == "entryRelationship" || place.Local() == "observation" || statement.Local() == "section"
	more := statement.Local() == "substanceAdministration" || statement.Parent().Local() == "entry"
	if whole || more || attr(child(statement, "code"), "code") == "SUBST" {
		return xmldom.Element{}
	}
	return child(statement, "text")
}

// saysElse says that a relation holds how much is handed out, or whether another product may be.
func saysElse(relation xmldom.Element) bool {
	for inner := range relation.Children() {
		if inner.Local() == "supply" || attr(child(inner, "code"), "code") == "SUBST" {
			return true
		}
	}
	return false
}

// passages are the parts of the narrative that the texts in a statement refer to. The text of the whole section is none.
func (d *decoder) passages(statement xmldom.Element) []translation.Span {
	var found []translation.Span
	for i := statement.Index(); i < statement.End(); i++ {
		if d.leads[i] > 0 {
			if told := d.target(d.xml.At(i)); told.There() && told.Local() != "text" {
				found = append(found, span(told))
			}
		}
	}
	return found
}
