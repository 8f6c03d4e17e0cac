package lists

import (
	"fmt"
	"slices"
	"strings"
)

// fhirCodeSystem is what is read of a CodeSystem.
type fhirCodeSystem struct {
	fhirHead
	Content    string        `json:"content"`
	Supplement string        `json:"supplements"`
	Concept    []fhirConcept `json:"concept"`
	from       string
	displays   map[string]string // by code, made when first asked
}

// display is the name of a code.
func (s *fhirCodeSystem) display(code string) string {
	if s.displays == nil {
		s.displays = map[string]string{}
		for _, c := range s.flat() {
			s.displays[c.Code] = c.Display
		}
	}
	return s.displays[code]
}

type fhirProperty struct {
	Code          string `json:"code"`
	ValueCode     string `json:"valueCode"`
	ValueString   string `json:"valueString"`
	ValueBoolean  bool   `json:"valueBoolean"`
	ValueDateTime string `json:"valueDateTime"`
}

// flatConcept is a concept with what its place in the tree says.
type flatConcept struct {
	fhirConcept
	parent, at string
}

// flat lists the concepts of the tree, each behind its parent.
func (s *fhirCodeSystem) flat() []flatConcept {
	var all []flatConcept
	var walk func([]fhirConcept, string, string)
	walk = func(concepts []fhirConcept, parent, at string) {
		for n, c := range concepts {
			here := fmt.Sprintf("%s.concept[%d]", at, n)
			all = append(all, flatConcept{c, parent, here})
			walk(c.Concept, c.Code, here)
		}
	}
	walk(s.Concept, "", s.from+" CodeSystem")
	return all
}

// state is what the concept's properties say of its use: the value of status, or retired where it is inactive (FHIR concept
// properties). A status may itself be a code of the system; then its name counts.
func (s *fhirCodeSystem) state(c flatConcept) string {
	for _, p := range c.Property {
		value := p.ValueCode + p.ValueString
		if p.Code == "inactive" && (p.ValueBoolean || value == "true") {
			return "retired"
		}
		if p.Code == "status" {
			if name := s.display(value); name != "" {
				value = name
			}
			return strings.ToLower(value)
		}
	}
	return ""
}

// retired says whether a concept is out of use.
func (s *fhirCodeSystem) retired(c flatConcept) bool {
	return slices.Contains([]string{"retired", "deprecated", "inactive", "rejected", "withdrawn"}, s.state(c))
}

// days are since when and until when the concept's properties let it hold.
func (c flatConcept) days() (since, until string, err error) {
	for _, p := range c.Property {
		switch p.Code {
		case "effectiveDate":
			since, err = day(p.ValueDateTime, false)
		case "deprecationDate", "retirementDate":
			until, err = day(p.ValueDateTime, false)
		}
		if err != nil {
			return "", "", fmt.Errorf("property %s: %w", p.Code, err)
		}
	}
	return since, until, nil
}

func (c flatConcept) parentCode() string {
	for _, p := range c.Property {
		if p.Code == "parent" && c.parent == "" {
			return p.ValueCode
		}
	}
	return c.parent
}

// takeCodeSystem reads the words of a code system. They stand with the lists of the country, or with the shared ones.
func (j *job) takeCodeSystem(system *fhirCodeSystem) error {
	l := j.newList(system.fhirHead, system.from)
	url := system.URL
	if system.Content == "supplement" {
		url, _, _ = strings.Cut(system.Supplement, "|")
	}
	if len(system.Concept) == 0 {
		l.outcome.note("the code system names no code (its content is %q)", system.Content)
		return nil
	}
	short, err := j.stage.Systems.Short(url, system.Name)
	if err != nil {
		return fmt.Errorf("%s: %w", system.from, err)
	}
	l.table = "eu/codes-" + short + ".csv"
	if j.Country != "" {
		l.table = j.Country + "/" + strings.TrimPrefix(short, j.Country+"-") + ".csv"
	}
	l.whole = j.Country != "" && system.Content == "complete" // of shared code systems the value sets say what may stand where
	own := system.Language
	if own == "" {
		own = j.Language
	}
	date, err := j.dated(system.fhirHead, system.from)
	if err != nil {
		return err
	}
	for n, c := range system.flat() {
		if err := j.addConcept(l, system, c, conceptDefaults{short, own, date}); err != nil {
			return fmt.Errorf("%s: %w", c.at, err)
		}
		if n%5000 == 4999 {
			j.Progress(system.from, n+1)
		}
	}
	return nil
}

// conceptDefaults are what a concept has from its code system: the short name, the language of its display, since when it holds.
type conceptDefaults struct{ system, language, since string }

func (j *job) addConcept(l *list, system *fhirCodeSystem, c flatConcept, otherwise conceptDefaults) error {
	code, err := codeOf(c.Code)
	if err != nil {
		return err
	}
	named, err := named(c.Display, otherwise.language, c.Designation)
	if err != nil {
		return fmt.Errorf("code %q: %w", code, err)
	}
	since, until, err := c.days()
	if err != nil {
		return err
	}
	if since == "" {
		since = otherwise.since
	}
	if until == "" && system.retired(c) {
		until = j.today
	}
	since, until, skip := j.bounds(l, since, until)
	if system.state(c) == "pending" {
		skip = "pending: not in force yet"
	}
	if skip != "" {
		l.outcome.Rows++
		l.outcome.skip(skip)
		return nil
	}
	return l.add(entry{system: otherwise.system, code: code, parent: c.parentCode(), words: named, since: since, until: until, at: c.at})
}
