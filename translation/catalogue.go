package translation

import (
	"regexp"
	"strings"
)

// Catalogue is an open snapshot of value sets, designations and concept maps. It never changes and may be read by any
// number of goroutines.
type Catalogue struct {
	release, tables string // tables is the release of the snapshot alone, without properties and medicines
	head            head
	slots, concepts []byte

	systems   *systems
	uris      []string // canonical, by the number that concepts bear
	sets      map[Field]*valueSet
	maps      map[mapKey]*conceptMap
	units     []conversion
	countries []string // that have maps, in the order of their codes

	steps      *steps
	properties *Properties          // nil where the operator has imported none
	products   map[string]*Products // by country; nil where the operator has brought none
}

// conversion is how a national unit is converted, and the denominator where it is a ratio.
type conversion struct {
	factor rational
	per    codeKey
}

// valueSet binds a field. Besides the codes it names it may take any code of a system that has a given shape.
type valueSet struct {
	c      *Catalogue
	number int
	open   map[string]openRule
}

type openRule struct {
	shape *regexp.Regexp
	draft bool
}

// conceptMap is one map, looked up from either end.
type conceptMap struct {
	c         *Catalogue
	number    int
	name      string
	back      string                // its name, read from its target
	every     map[string]*everyHead // for every code of a national system that has no row of its own
	everyBack map[string]*everyHead
	cuts      map[string][]*cutRule // for the codes of a certain shape, by the national system and in the order of asking
}

// row is one judgement: how a national code lies to a shared one.
type row struct {
	from, to Coding
	relation Relation
	factor   rational
	per      Coding
	draft    bool
	remark   string
}

// entry is a code with what the tables hold of it.
type entry struct {
	codeKey
	concept
	known bool
}

// look finds a coding in the tables, by whatever name it gives its code system.
func (c *Catalogue) look(coding Coding) entry {
	system, ok := c.systems.byName[coding.System]
	if !ok {
		return entry{codeKey: codeKey{coding.System, coding.Code}}
	}
	found, known := c.find(system.number, coding.Code)
	return entry{codeKey: codeKey{system.URI, coding.Code}, concept: found, known: known}
}

func (c *Catalogue) entry(k codeKey) entry { return c.look(Coding{System: k.system, Code: k.code}) }

// member says whether the code is in the set, and whether the row that says so is a draft.
func (v *valueSet) member(e entry) (in, draft bool) {
	if e.known {
		in, retired, note := e.in(v.number)
		if in || retired {
			return in, v.c.head.Provenances[note].draft()
		}
	}
	rule, ok := v.open[e.codeKey.system]
	if !ok || !rule.shape.MatchString(e.codeKey.code) {
		return false, false
	}
	return true, rule.draft
}

// left says that a code was a member and is not any more; empty where it never was one.
func (v *valueSet) left(e entry) string {
	if e.known {
		if _, retired, note := e.in(v.number); retired {
			return "the shared list has ended the code on " + v.c.head.Provenances[note].Until
		}
	}
	return ""
}

// row finds what the map says of a national code that has a row of its own.
func (m *conceptMap) row(own entry) (row, bool) {
	if !own.known {
		return row{}, false
	}
	found, ok := own.by(m.number)
	if !ok {
		return row{}, false
	}
	note := &m.c.head.Provenances[found.provenance]
	made := row{
		from: Coding{System: own.codeKey.system, Code: own.concept.code}, relation: found.relation, draft: note.draft(), remark: note.Remark,
	}
	if found.to != 0 {
		made.to = m.c.coding(m.c.at(found.to))
	}
	if found.unit != 0 {
		unit := m.c.units[found.unit-1]
		made.factor = unit.factor
		if unit.per.code != "" {
			made.per = m.c.shown(unit.per)
		}
	}
	return made, true
}

// same is a row for every code of a system, read for one of them.
func (m *conceptMap) same(rule *everyHead, code string) row {
	return row{
		from: Coding{System: rule.From, Code: code}, to: m.c.shown(codeKey{rule.To, code}), relation: rule.Relation,
		draft: m.c.head.Provenances[rule.Provenance].draft(),
	}
}

// none is a row for many codes that says that there is no equal, read for one of them.
func (m *conceptMap) none(rule *everyHead, code string) row {
	note := &m.c.head.Provenances[rule.Provenance]
	return row{from: Coding{System: rule.From, Code: code}, relation: None, draft: note.draft(), remark: note.Remark}
}

// Release is the SHA-256 of the content in lower-case hex. Two catalogues with the same release translate alike.
func (c *Catalogue) Release() string { return c.release }

// Tables is the release of the snapshot alone, whatever properties and medicines were added to it.
func (c *Catalogue) Tables() string { return c.tables }

// Origins are the lines of the manifests that the snapshot was compiled from, the first source first.
func (c *Catalogue) Origins() []Origin { return c.head.Origins }

// Size is how much a snapshot holds.
type Size struct {
	Concepts int // codes that any table names
	Members  int // codes in value sets; one that is in two counts twice
	Rows     int // rows of maps for one code
}

// Size counts what the snapshot holds. It reads all of it.
func (c *Catalogue) Size() Size {
	var size Size
	c.each(func(k concept) {
		size.Concepts++
		for field := range c.head.Fields {
			if in, _, _ := k.in(field); in {
				size.Members++
			}
		}
		for m := range c.head.Maps {
			if _, ok := k.by(m); ok {
				size.Rows++
			}
		}
	})
	return size
}

// Member says whether a coding is in the value set that binds the field. A field without a value set has no members.
func (c *Catalogue) Member(field Field, coding Coding) bool {
	set, ok := c.sets[field]
	if !ok {
		return false
	}
	in, _ := set.member(c.look(coding))
	return in
}

// Members lists the codes that the value set of a field names, sorted by system and code. Codes that are in the set by
// their shape alone are not listed. It reads the whole snapshot.
func (c *Catalogue) Members(field Field) []Coding {
	set, ok := c.sets[field]
	if !ok {
		return nil
	}
	list := []Coding{}
	c.each(func(k concept) {
		if in, _, _ := k.in(set.number); in {
			list = append(list, c.coding(k))
		}
	})
	return list
}

// Sendable lists the national codes of a country (ISO 3166 alpha-2) that have a row in the map of a field, also rows
// that say why there is no target, sorted by system and code. Rows that hold for a whole code system are not listed. It
// reads the whole snapshot.
func (c *Catalogue) Sendable(country string, field Field) []Coding {
	m, ok := c.maps[mapKey{strings.ToUpper(country), field}]
	if !ok {
		return nil
	}
	list := []Coding{}
	c.each(func(k concept) {
		if _, sends := k.by(m.number); sends {
			list = append(list, Coding{System: c.uris[k.system], Code: k.code})
		}
	})
	return list
}

// Drafts counts the rows that nobody has accepted yet among the value set and the maps of a field: those that hold since
// a day after the given one (YYYY-MM-DD), or all with none. It reads the whole snapshot.
func (c *Catalogue) Drafts(field Field, after string) int {
	count := 0
	for row := range c.Rows() {
		if row.Field == field && row.Provenance.draft() && row.Provenance.Since > after {
			count++
		}
	}
	for _, shape := range c.head.Shapes {
		if from := &c.head.Provenances[shape.Provenance]; c.head.Fields[shape.Field] == field && from.draft() && from.Since > after {
			count++
		}
	}
	if set, ok := c.sets[field]; ok {
		c.each(func(k concept) {
			in, _, note := k.in(set.number)
			if from := &c.head.Provenances[note]; in && from.draft() && from.Since > after {
				count++
			}
		})
	}
	return count
}

// Designation names a concept in the first of the languages (BCP 47, best first) that has words for it: the exact tag,
// then its language without region or script, for each in turn, then English, then the display of the coding itself. It
// says which language the text is in; a display keeps the language that came with it, which may be unknown (empty).
func (c *Catalogue) Designation(coding Coding, languages ...string) (text, lang string) {
	if found := c.look(coding); found.known {
		if text, lang = c.name(found.concept, languages); text != "" {
			return text, lang
		}
	}
	return coding.Display, coding.Language
}

// name is what a concept is called in the first of the languages that has words for it, or in English.
func (c *Catalogue) name(k concept, languages []string) (text, lang string) {
	for _, tag := range languages {
		if text = c.in(k, tag); text != "" {
			return text, tag
		}
		base, _, regional := strings.Cut(tag, "-")
		if !regional {
			continue
		}
		if text = c.in(k, base); text != "" {
			return text, base
		}
	}
	return c.in(k, english), english
}

const english = "en"

// in is what a concept is called in one language.
func (c *Catalogue) in(k concept, language string) string {
	for i, own := range c.head.Languages {
		if own == language {
			return k.text(i)
		}
	}
	return ""
}

func (c *Catalogue) key(coding Coding) codeKey {
	return codeKey{c.systems.canonical(coding.System), coding.Code}
}

// shown is a code as a coding with its English name.
func (c *Catalogue) shown(k codeKey) Coding {
	if found := c.entry(k); found.known {
		return c.coding(found.concept)
	}
	return Coding{System: k.system, Code: k.code}
}

// coding is a concept as a coding with its English name.
func (c *Catalogue) coding(k concept) Coding {
	coding := Coding{System: c.uris[k.system], Code: k.code}
	if coding.Display = c.in(k, english); coding.Display != "" {
		coding.Language = english
	}
	return coding
}
