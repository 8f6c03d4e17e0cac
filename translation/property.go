package translation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Properties say what the codes of a system are, apart from their names: for a dose form its basic form, where it goes
// and how it is given (EDQM standard terms: BDF, ISI, AME, RCA). They are licensed content that an operator imports; without
// them a contradiction along a chain cannot be seen, and every check says so. They never change after loading.
type Properties struct {
	system string
	digest string
	of     map[string]properties // by code
	// become is what is done to a form before it is taken (EDQM TRA): a tablet that is dissolved first is no tablet that
	// is swallowed whole, though they contradict each other in nothing that is compared along a chain.
	become map[string][]string
}

// properties are the values of each compared property of one code.
type properties [4][]string

// compared are the properties that must not contradict each other along one chain, and their names for people.
var compared = [len(properties{})]struct{ code, name string }{
	{"BDF", "basic dose form"}, {"ISI", "intended site"}, {"AME", "administration method"}, {"RCA", "release characteristics"},
}

// ReadProperties reads a FHIR CodeSystem (R4, JSON) whose concepts carry properties of type code. A file that is no
// CodeSystem, or has none of the properties that are compared, is an error.
func ReadProperties(r io.Reader) (*Properties, error) {
	sum := sha256.New()
	var system struct {
		ResourceType string `json:"resourceType"`
		URL          string `json:"url"`
		Concept      []struct {
			Code     string `json:"code"`
			Property []struct {
				Code  string `json:"code"`
				Value string `json:"valueCode"`
			} `json:"property"`
		} `json:"concept"`
	}
	if err := json.NewDecoder(io.TeeReader(r, sum)).Decode(&system); err != nil {
		return nil, fmt.Errorf("read properties: %w", err)
	}
	if system.ResourceType != "CodeSystem" || system.URL == "" {
		return nil, errors.New("read properties: not a FHIR CodeSystem with its url")
	}
	p := &Properties{system: system.URL, of: map[string]properties{}, become: map[string][]string{}}
	for _, concept := range system.Concept {
		var values properties
		found := false
		for _, property := range concept.Property {
			if property.Code == transformation && property.Value != "" {
				p.become[concept.Code] = append(p.become[concept.Code], property.Value)
			}
			for i, known := range compared {
				if property.Code == known.code && property.Value != "" {
					values[i], found = append(values[i], property.Value), true
				}
			}
		}
		if found {
			p.of[concept.Code] = values
		}
	}
	if len(p.of) == 0 {
		return nil, errors.New("read properties: no concept has a basic form, a site or a method")
	}
	p.digest = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// With gives a catalogue that also compares properties. Its release is another one: the same tables with other
// properties raise other alarms. Properties of a code system that the tables do not know are an error, because nothing
// would ever be compared by them.
func (c *Catalogue) With(p *Properties) (*Catalogue, error) {
	system, known := c.System(p.system)
	if !known {
		return nil, fmt.Errorf("properties of %s: the tables know no such code system", p.system)
	}
	more, own := *c, *p
	own.system = system.URI
	more.properties = &own
	sum := sha256.Sum256([]byte(c.release + " " + p.digest))
	more.release = hex.EncodeToString(sum[:])
	return &more, nil
}

// Cohere writes into a slot whether all that stands for it on its way can mean one thing: by the tables, see Agreement,
// and for a dose form by the properties of the codes too. Only codes and amounts are compared, never displays. Of other
// fields than the dose form only a contradiction is written down.
func (c *Catalogue) Cohere(s *Slot) {
	if s.Rare != nil {
		s.Rare.Comparison = Comparison{Also: s.Rare.Also, Counted: s.Rare.Counted}
	}
	if s.Current.Code == "" {
		return
	}
	if s.Field == DoseForm {
		c.cohereForm(s)
	}
	agreement := c.Agreement(s)
	if agreement != Agrees {
		s.Compare().Unconfirmed = true
	}
	if agreement == Contradicts {
		s.Compare().Coherence = Contradicts
		s.Compare().Alarm = strings.TrimPrefix(s.Alarm()+" The codes or amounts that stand for one thing on its way contradict each other.", " ")
	}
}

// cohereForm compares the properties of all codes in the life of a dose form. A code of a country is compared by the
// shared code that its map names; where one has none, or no properties are loaded, the slot says that it was not checked.
func (c *Catalogue) cohereForm(s *Slot) {
	result := s.Compare()
	result.Coherence = Agrees
	if len(s.Hops) == 0 {
		if c.properties == nil {
			result.Coherence = NotChecked
		}
		return
	}
	known := c.propertiesAlso(s)
	for _, coding := range s.Life() {
		found, ok := c.propertiesOf(s.Field, coding)
		if !ok {
			result.Coherence = NotChecked
			continue
		}
		known = append(known, found)
	}
	if differs := contradictions(known); len(differs) > 0 {
		result.Coherence = Contradicts
		result.Alarm = "The codes that stand for one dose form on its way contradict each other: " + strings.Join(differs, ", ") + "."
	}
}

// propertiesAlso are the properties of the other codes that the source writes for the same thing, where they are known.
func (c *Catalogue) propertiesAlso(s *Slot) []properties {
	var known []properties
	for _, coding := range s.Comparison().Also {
		if found, ok := c.propertiesOf(s.Field, coding); ok {
			known = append(known, found)
		}
	}
	return known
}

// propertiesOf finds the properties of a code, or of the shared code that some country's map names for it.
func (c *Catalogue) propertiesOf(field Field, coding Coding) (properties, bool) {
	if c.properties == nil {
		return properties{}, false
	}
	k := c.key(coding)
	if k.system == c.properties.system {
		found, ok := c.properties.of[k.code]
		return found, ok
	}
	own := c.entry(k)
	for _, country := range c.countries {
		if m, r := c.forward(country, field, own); m != nil && r.relation != None {
			if target := c.key(r.to); target.system == c.properties.system {
				found, ok := c.properties.of[target.code]
				return found, ok
			}
		}
	}
	return properties{}, false
}

// contradictions names the properties in which two of the codes have nothing in common.
func contradictions(known []properties) []string {
	var differs []string
	for i, property := range compared {
		if disjoint(known, i) {
			differs = append(differs, property.name)
		}
	}
	return differs
}

func disjoint(known []properties, property int) bool {
	for i, one := range known {
		for _, other := range known[:i] {
			a, b := one[property], other[property]
			if len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) }) {
				return true
			}
		}
	}
	return false
}
