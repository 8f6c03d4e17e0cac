package lists

import (
	"fmt"
	"slices"
	"strings"

	"sild/internal/lists/server"
)

// fhirValueSet is what is read of a ValueSet.
type fhirValueSet struct {
	fhirHead
	Compose struct {
		Include []fhirInclude `json:"include"`
		Exclude []fhirInclude `json:"exclude"`
	} `json:"compose"`
	Expansion *server.Page `json:"expansion"`
	from      string
}

type fhirInclude struct {
	System   string        `json:"system"`
	Concept  []fhirConcept `json:"concept"`
	Filter   []struct{}    `json:"filter"`
	ValueSet []string      `json:"valueSet"`
}

type fhirConcept struct {
	Code        string               `json:"code"`
	Display     string               `json:"display"`
	Designation []server.Designation `json:"designation"`
	Property    []fhirProperty       `json:"property"`
	Concept     []fhirConcept        `json:"concept"`
}

// member is one code of a value set before it is an entry.
type member struct {
	system, code, display string
	designations          []server.Designation
	inactive              bool
	at                    string
}

// takeValueSet reads the codes of a value set: as it enumerates them itself, else with the code systems and value sets of the
// same source, else as its own expansion lists them. Any other way needs a terminology server.
func (j *job) takeValueSet(held *shelf, set *fhirValueSet) error {
	l := j.newList(set.fhirHead, set.from)
	if set.Status == "retired" {
		l.outcome.note("the value set itself is retired; nothing of it is taken")
		return nil
	}
	if set.Status != "active" {
		l.outcome.note("the value set calls itself %q", set.Status)
	}
	members, why := held.enumerate(set, nil)
	if why != "" {
		if set.Expansion == nil {
			l.outcome.note("%s: a terminology server can expand it", why)
			return nil
		}
		if members, why = whole(set.Expansion, set.from); why != "" {
			l.outcome.note("%s: a terminology server can expand it", why)
			return nil
		}
	}
	return j.addMembers(l, set.fhirHead, members)
}

func (j *job) addMembers(l *list, head fhirHead, members []member) error {
	own := head.Language
	if own == "" {
		own = j.Language
	}
	since, err := j.dated(head, l.from)
	if err != nil {
		return err
	}
	for n, m := range members {
		if err := j.addMember(l, m, own, since); err != nil {
			return err
		}
		if n%5000 == 4999 {
			j.Progress(l.from, n+1)
		}
	}
	return nil
}

func (j *job) addMember(l *list, m member, own, since string) error {
	code, err := codeOf(m.code)
	if err != nil {
		return fmt.Errorf("%s: %w", m.at, err)
	}
	named, err := named(m.display, own, m.designations)
	if err != nil {
		return fmt.Errorf("%s: code %q: %w", m.at, code, err)
	}
	short, err := j.stage.Systems.Short(m.system, "")
	if err != nil {
		return fmt.Errorf("%s: %w", m.at, err)
	}
	until := ""
	if m.inactive {
		until = j.today
	}
	since, until, skip := j.bounds(l, since, until)
	if skip != "" {
		l.outcome.Rows++
		l.outcome.skip(skip)
		return nil
	}
	if err := l.add(entry{system: short, code: code, words: named, since: since, until: until, at: m.at}); err != nil {
		return fmt.Errorf("%s: %w", m.at, err)
	}
	return nil
}

// enumerate lists the members of a value set from what the source holds, or says why it cannot.
func (s *shelf) enumerate(set *fhirValueSet, above []string) (members []member, why string) {
	if slices.Contains(above, set.URL) || len(above) > 20 {
		return nil, "the value set includes itself"
	}
	above = append(slices.Clone(above), set.URL)
	if len(set.Compose.Include) == 0 {
		return nil, "the value set does not say what it includes"
	}
	for n, include := range set.Compose.Include {
		found, why := s.include(include, fmt.Sprintf("%s compose.include[%d]", set.from, n), above)
		if why != "" {
			return nil, why
		}
		members = append(members, found...)
	}
	for n, exclude := range set.Compose.Exclude {
		found, why := s.include(exclude, fmt.Sprintf("%s compose.exclude[%d]", set.from, n), above)
		if why != "" {
			return nil, why
		}
		members = slices.DeleteFunc(members, func(m member) bool {
			return slices.ContainsFunc(found, func(out member) bool { return out.system == m.system && out.code == m.code })
		})
	}
	return members, ""
}

func (s *shelf) include(include fhirInclude, at string, above []string) (members []member, why string) {
	switch {
	case len(include.Filter) > 0:
		return nil, "a filter selects its codes"
	case len(include.ValueSet) > 0 && (include.System != "" || len(include.ValueSet) > 1):
		return nil, "it is the overlap of several lists"
	case len(include.ValueSet) == 1:
		url, _, _ := strings.Cut(include.ValueSet[0], "|")
		at := slices.IndexFunc(s.sets, func(set *fhirValueSet) bool { return set.URL == url })
		if at < 0 {
			return nil, "it includes " + url + ", which is not among the sources"
		}
		return s.enumerate(s.sets[at], above)
	case len(include.Concept) > 0:
		for n, c := range include.Concept {
			members = append(members, member{system: include.System, code: c.Code, display: s.display(include.System, c),
				designations: c.Designation, at: fmt.Sprintf("%s.concept[%d]", at, n)})
		}
		return members, ""
	}
	found := slices.IndexFunc(s.systems, func(system *fhirCodeSystem) bool { return system.URL == include.System })
	if found < 0 || s.systems[found].Content != "complete" {
		return nil, "it includes all of " + include.System + ", which is not complete among the sources"
	}
	for _, c := range s.systems[found].flat() {
		members = append(members, member{include.System, c.Code, c.Display, c.Designation, s.systems[found].retired(c), c.at})
	}
	return members, ""
}

// display is the name of a code as the value set gives it, else as its code system does.
func (s *shelf) display(system string, c fhirConcept) string {
	if c.Display != "" {
		return c.Display
	}
	for _, held := range s.systems {
		if held.URL == system {
			return held.display(c.Code)
		}
	}
	return ""
}

// whole are the codes of a whole expansion; a page of one is not enough.
func whole(e *server.Page, from string) (members []member, why string) {
	members = flatten(e.Contains, from+" expansion", nil)
	if e.Offset > 0 || e.Next != "" || e.Total != nil && *e.Total > len(members) {
		return nil, "its expansion is only one page of it"
	}
	return members, ""
}

// flatten lists the codes of nested pages; an abstract one only groups others.
func flatten(contains []server.Contains, at string, into []member) []member {
	for n, c := range contains {
		here := fmt.Sprintf("%s.contains[%d]", at, n)
		if !c.Abstract && c.Code != "" {
			into = append(into, member{c.System, c.Code, c.Display, c.Designation, c.Inactive, here})
		}
		into = flatten(c.Contains, here, into)
	}
	return into
}
