package lists

import (
	"context"
	"errors"
	"fmt"

	"sild/internal/xmldom"
)

// svsSpace is the namespace of IHE Sharing Value Sets (ITI TF-2: 3.48 and 3.60).
const svsSpace = "urn:ihe:iti:svs:2008"

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

func (j *job) readSVS(ctx context.Context) error {
	sources, err := files(ctx, j.Sources, ".xml")
	if err != nil {
		return err
	}
	for _, source := range sources {
		if err := ctx.Err(); err != nil {
			return err
		}
		content, err := source.read()
		if err != nil {
			return err
		}
		doc, err := readXML(source.name, content)
		if err != nil {
			return err
		}
		r := &svsReader{job: j, from: source.name, lines: &xmlLines{source: doc.Source()}}
		if err := r.response(doc.Root()); err != nil {
			return fmt.Errorf("%s %w", source.name, err)
		}
	}
	return j.svsOnce()
}

// readXML reads a large list strictly.
func readXML(name string, content []byte) (*xmldom.Document, error) {
	doc, err := xmldom.Parse(content, xmldom.Limits{Bytes: mostBytes, Elements: 8 << 20})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}

func (j *job) svsOnce() error {
	seen := map[string]string{}
	for _, l := range j.lists {
		if before, twice := seen[l.oid]; twice {
			return fmt.Errorf("%s: the value set %s stands in %s too: give one release of it", l.from, l.oid, before)
		}
		seen[l.oid] = l.from
	}
	return nil
}

// svsReader reads the value sets of one file.
type svsReader struct {
	*job
	from  string
	lines *xmlLines
}

// response reads the answer to either query: one ValueSet, or several.
func (r *svsReader) response(root xmldom.Element) error {
	if !root.Is(svsSpace, "RetrieveValueSetResponse") && !root.Is(svsSpace, "RetrieveMultipleValueSetsResponse") {
		return errors.New("is no answer of IHE Sharing Value Sets")
	}
	found := 0
	for set := range root.Children() {
		if set.Is(svsSpace, "ValueSet") || set.Is(svsSpace, "DescribedValueSet") {
			found++
			if err := r.valueSet(set); err != nil {
				return err
			}
		}
	}
	if found == 0 {
		return errors.New("holds no value set")
	}
	return nil
}

func (r *svsReader) valueSet(set xmldom.Element) error {
	oid, name, release := attribute(set, "id", "ID"), attribute(set, "displayName"), attribute(set, "version")
	if oid == "" {
		return fmt.Errorf("%s: a value set without its id", r.lines.of(set))
	}
	id := "urn:oid:" + oid
	if release != "" {
		id += "|" + release
	}
	l := &list{id: id, name: name, oid: oid, release: release, from: r.from, again: firstCounts, outcome: r.report(id)}
	r.lists = append(r.lists, l)
	since := ""
	if given := childText(set, "EffectiveDate"); given != "" {
		date, err := day(given, false)
		if err != nil {
			return fmt.Errorf("%s: EffectiveDate: %w", r.lines.of(set), err)
		}
		since = min(date, r.today)
	}
	l.licence, _ = words(childText(set, "Source")) // without one the operator says it
	gathered := &svsSet{list: l, since: since}
	for concepts := range set.Children() {
		if !concepts.Is(svsSpace, "ConceptList") {
			continue
		}
		if err := r.concepts(gathered, concepts); err != nil {
			return err
		}
	}
	return gathered.finish(r.job)
}

// svsSet gathers the concept lists of one value set, of which each is in one language.
type svsSet struct {
	list  *list
	since string
	order []codeKey
	found map[codeKey]*svsConcept
}

type svsConcept struct {
	words map[string]string
	line  string
}

func (r *svsReader) concepts(set *svsSet, concepts xmldom.Element) error {
	tag, _ := concepts.AttrNS(xmlSpace, "lang")
	if tag == "" {
		tag = r.Language
	}
	lang, err := language(tag)
	if err != nil {
		return fmt.Errorf("%s: xml:lang: %w", r.lines.of(concepts), err)
	}
	rows := 0
	for c := range concepts.Children() {
		if !c.Is(svsSpace, "Concept") {
			continue
		}
		if err := r.concept(set, c, lang); err != nil {
			return fmt.Errorf("%s: %w", r.lines.of(c), err)
		}
		if rows++; rows%5000 == 0 {
			r.Progress(set.list.from, rows)
		}
	}
	return nil
}

func (r *svsReader) concept(set *svsSet, c xmldom.Element, lang string) error {
	code, err := codeOf(attribute(c, "code"))
	if err != nil {
		return err
	}
	system := attribute(c, "codeSystem")
	if code == "" || system == "" {
		return errors.New("a concept without its code or codeSystem")
	}
	short, err := r.stage.Systems.Short("urn:oid:"+system, attribute(c, "codeSystemName"))
	if err != nil {
		return err
	}
	word, err := words(attribute(c, "displayName"))
	if err != nil {
		return fmt.Errorf("displayName: %w", err)
	}
	if set.found == nil {
		set.found = map[codeKey]*svsConcept{}
	}
	key := codeKey{short, code}
	known := set.found[key]
	if known == nil {
		known = &svsConcept{words: map[string]string{}, line: r.lines.of(c)}
		set.found[key], set.order = known, append(set.order, key)
	}
	first, twice := known.words[lang]
	switch {
	case twice:
		set.list.outcome.Rows++
		set.list.outcome.skip(map[bool]string{true: "the same row again",
			false: "the code again with other words; the first ones are kept"}[first == word])
	case word != "":
		known.words[lang] = word
	}
	return nil
}

func (s *svsSet) finish(j *job) error {
	for _, key := range s.order {
		c := s.found[key]
		since, until, _ := j.bounds(s.list, s.since, "")
		made := entry{system: key.system, code: key.code, words: c.words, since: since, until: until, at: s.list.from + " " + c.line}
		if err := s.list.add(made); err != nil {
			return fmt.Errorf("%s: %w", c.line, err)
		}
	}
	return nil
}

// attribute is the first of the attributes that is there.
func attribute(e xmldom.Element, names ...string) string {
	for _, name := range names {
		if value, ok := e.Attr(name); ok {
			return value
		}
	}
	return ""
}

func childText(e xmldom.Element, local string) string {
	child := e.Child(svsSpace, local)
	if !child.There() {
		return ""
	}
	return child.Text()
}
