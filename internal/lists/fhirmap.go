package lists

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// fhirConceptMap is what is read of a ConceptMap, R4 (equivalence) and R5 (relationship).
type fhirConceptMap struct {
	fhirHead
	SourceURI       string      `json:"sourceUri"`
	SourceCanonical string      `json:"sourceCanonical"`
	SourceScope     string      `json:"sourceScopeUri"`
	SourceScopeSet  string      `json:"sourceScopeCanonical"`
	TargetURI       string      `json:"targetUri"`
	TargetCanonical string      `json:"targetCanonical"`
	TargetScope     string      `json:"targetScopeUri"`
	TargetScopeSet  string      `json:"targetScopeCanonical"`
	Group           []fhirGroup `json:"group"`
	from            string
}

type fhirGroup struct {
	Source   string        `json:"source"`
	Target   string        `json:"target"`
	Element  []fhirElement `json:"element"`
	Unmapped *struct {
		Mode string `json:"mode"`
	} `json:"unmapped"`
}

type fhirElement struct {
	Code     string         `json:"code"`
	NoMap    bool           `json:"noMap"`
	ValueSet jsontext.Value `json:"valueSet"`
	Target   []fhirTarget   `json:"target"`
}

type fhirTarget struct {
	Code         string         `json:"code"`
	Equivalence  string         `json:"equivalence"`
	Relationship string         `json:"relationship"`
	Comment      string         `json:"comment"`
	ValueSet     jsontext.Value `json:"valueSet"`
	DependsOn    []struct{}     `json:"dependsOn"`
	Product      []struct{}     `json:"product"`
}

// standing is what a source that is not in force says of itself.
func (h fhirHead) standing() string {
	switch h.Status {
	case "active":
		return "experimental"
	case "":
		return "nothing"
	}
	return h.Status
}

// sides are the value sets that the map says it leads from and to.
func (m *fhirConceptMap) sides() (source, target string) {
	first := func(candidates ...string) string {
		for _, one := range candidates {
			if one != "" {
				url, _, _ := strings.Cut(one, "|")
				return url
			}
		}
		return ""
	}
	return first(m.SourceCanonical, m.SourceURI, m.SourceScopeSet, m.SourceScope),
		first(m.TargetCanonical, m.TargetURI, m.TargetScopeSet, m.TargetScope)
}

// relations say how the target lies to the source: R4 ConceptMapEquivalence and R5 ConceptMapRelationship. A target that
// subsumes the source says less, one that specializes it says more; of codes that are only related nothing is known.
var relations = map[string]relation{
	"equal": equivalent, "equivalent": equivalent, "wider": wider, "subsumes": wider, "narrower": narrower,
	"specializes": narrower, "inexact": inexact, "relatedto": inexact, "unmatched": none, "disjoint": none,
	"source-is-narrower-than-target": wider, "source-is-broader-than-target": narrower, "related-to": inexact,
	"not-related-to": none,
}

// takeConceptMap reads one map. Which of its two sides is ours, the value sets that it leads from and to say; where they do
// not, it leads from the country to us.
func (j *job) takeConceptMap(held *shelf, source *fhirConceptMap) error {
	id := source.canonical(source.from)
	outcome := j.report(id)
	if source.Status == "retired" {
		outcome.note("the map itself is retired; nothing of it is taken")
		return nil
	}
	fields, reversed, err := j.fieldsOf(held, source)
	if err != nil {
		return err
	}
	if len(fields) == 0 || j.Country == "" {
		pairs := 0
		for _, group := range source.Group {
			pairs += len(group.Element)
		}
		outcome.Rows = pairs
		outcome.skipMany("it leads to no field of ours, or the country is not said; --field and --country do", pairs)
		return nil
	}
	since, err := j.dated(source.fhirHead, source.from)
	if err != nil {
		return err
	}
	m := &conceptMap{id: id, from: source.from, fields: fields, reversed: reversed, release: source.Version, outcome: outcome}
	if since == "" {
		since = j.Since
	}
	m.since = min(since, j.today)
	m.licence, _ = words(source.Copyright) // no words: the operator must say them
	m.draft = source.Status != "active" || source.Experimental
	if m.draft {
		outcome.note("the map calls itself %s: its rows are drafts, whoever has accepted it", source.standing())
	}
	for n, group := range source.Group {
		if err := j.takeGroup(m, group, fmt.Sprintf("%s group[%d]", source.from, n)); err != nil {
			return err
		}
	}
	j.addMap(m)
	return nil
}

// fieldsOf are the fields that a map serves, and whether it leads out of our value sets instead of into them.
func (j *job) fieldsOf(held *shelf, m *fhirConceptMap) (fields []string, reversed bool, err error) {
	all, err := bindings()
	if err != nil {
		return nil, false, err
	}
	bound := func(url string) []string {
		l := &list{id: url}
		for _, set := range held.sets {
			if set.URL == url && url != "" {
				l.name, l.oid = set.Name, set.oid()
			}
		}
		if oid, is := strings.CutPrefix(url, "urn:oid:"); is {
			l.oid = oid
		}
		var found []string
		for _, b := range of(all, l) {
			if b.field != "" && url != "" {
				found = append(found, b.field)
			}
		}
		return found
	}
	source, target := m.sides()
	fields = bound(target)
	if len(fields) == 0 {
		fields = bound(source)
		reversed = len(fields) > 0
	}
	if j.Field != "" {
		fields = []string{j.Field}
	}
	return fields, reversed, nil
}

// takeGroup reads the pairs of one pair of code systems.
func (j *job) takeGroup(m *conceptMap, group fhirGroup, at string) error {
	source, err := j.stage.Systems.Short(cutVersion(group.Source), "")
	if err != nil {
		return fmt.Errorf("%s source: %w", at, err)
	}
	target := ""
	if group.Target != "" {
		if target, err = j.stage.Systems.Short(cutVersion(group.Target), ""); err != nil {
			return fmt.Errorf("%s target: %w", at, err)
		}
	}
	if group.Unmapped != nil {
		m.outcome.note("what it says of codes that it does not name (%s) is not taken: a code without a row stays untranslated",
			group.Unmapped.Mode)
	}
	for n, element := range group.Element {
		here := fmt.Sprintf("%s.element[%d]", at, n)
		if err := takeElement(m, element, source, target, here); err != nil {
			return fmt.Errorf("%s: %w", here, err)
		}
		if n%5000 == 4999 {
			j.Progress(m.from, n+1)
		}
	}
	return nil
}

func cutVersion(url string) string {
	url, _, _ = strings.Cut(url, "|")
	return url
}

// takeElement reads what the map says of one code.
func takeElement(m *conceptMap, element fhirElement, source, target, at string) error {
	code, err := codeOf(element.Code)
	if err != nil {
		return err
	}
	if code == "" {
		m.outcome.Rows++
		m.outcome.skip("no code: a whole value set is mapped at once")
		return nil
	}
	if element.NoMap || len(element.Target) == 0 {
		m.add(pair{source: source, code: code, relation: none, remark: "the map names no target", at: at})
		return nil
	}
	for n, t := range element.Target {
		p, err := t.pair()
		if err != nil {
			return fmt.Errorf("target[%d]: %w", n, err)
		}
		p.source, p.code, p.target, p.at = source, code, target, at
		if p.targetCode == "" || p.relation == none {
			p.target = ""
			p.targetCode = ""
		} else if target == "" {
			return fmt.Errorf("target[%d]: the group names no code system for its targets", n)
		}
		m.add(p)
	}
	return nil
}

// pair reads one target. A pair that holds only under a condition, or with a second target beside it, is no pair that may be
// used on its own.
func (t fhirTarget) pair() (pair, error) {
	word := t.Equivalence
	if word == "" {
		word = t.Relationship
	}
	rel, known := relations[word]
	if !known {
		return pair{}, fmt.Errorf("unknown equivalence %q", word)
	}
	comment, err := words(t.Comment)
	if err != nil {
		return pair{}, fmt.Errorf("comment: %w", err)
	}
	code, err := codeOf(t.Code)
	if err != nil {
		return pair{}, err
	}
	p := pair{targetCode: code, relation: rel, remark: comment}
	switch {
	case len(t.DependsOn) > 0 || len(t.Product) > 0:
		p.relation = none
		p.remark = strings.TrimSpace("holds only together with other codes (" + code + "); " + comment)
	case code == "" && rel != none:
		return pair{}, fmt.Errorf("the target is %s and has no code", word)
	case rel == none && comment == "":
		p.remark = "the map says " + word
	}
	p.remark = strings.TrimSuffix(p.remark, ";")
	return p, nil
}
