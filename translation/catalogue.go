package translation

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Catalogue is a snapshot of value sets, designations and concept maps. It never changes after Load and may be read by
// any number of goroutines.
type Catalogue struct {
	release string
	systems *systems
	sets    map[Field]*valueSet
	names   map[codeKey]*concept // designations of every concept, whatever field it stands in
	maps    map[mapKey]*conceptMap

	countries []string // that have maps, in the order of their codes

	properties *Properties // nil where the operator has imported none
}

// codeKey is a concept: the canonical URI of its system, and its code.
type codeKey struct{ system, code string }

// mapKey is the pair of a country (upper case) and a field. The country EU holds other spellings of shared codes.
type mapKey struct {
	country string
	field   Field
}

const shared = "EU"

type concept struct {
	texts []designation
	draft bool
}

type designation struct{ language, text string }

func (c *concept) text(language string) string {
	for _, d := range c.texts {
		if d.language == language {
			return d.text
		}
	}
	return ""
}

// valueSet binds a field. Besides the codes it names it may take any code of a system that has a given shape.
type valueSet struct {
	members map[codeKey]*concept
	open    map[string]openRule
	drafts  int
}

type openRule struct {
	shape *regexp.Regexp
	draft bool
}

// member says whether the code is in the set, and whether the row that says so is a draft.
func (v *valueSet) member(k codeKey) (in, draft bool) {
	if found, ok := v.members[k]; ok {
		return true, found.draft
	}
	if rule, ok := v.open[k.system]; ok && rule.shape.MatchString(k.code) {
		return true, rule.draft
	}
	return false, false
}

// conceptMap holds the rows of one file, looked up from either end.
type conceptMap struct {
	name    string
	rows    map[codeKey]*row
	anyCode map[string]*row // rows for every code of a national system that has no row of its own
	back    map[codeKey]*row
	anyBack map[string]*row
	drafts  int
}

// row is one judgement: how a national code lies to a shared one, and whether the way home may use it.
type row struct {
	from, to Coding
	relation Relation
	factor   rational
	per      Coding
	draft    bool
	remark   string
}

// Release is the SHA-256 of the content in lower-case hex. Two catalogues with the same release translate alike.
func (c *Catalogue) Release() string { return c.release }

// Member says whether a coding is in the value set that binds the field. A field without a value set has no members.
func (c *Catalogue) Member(field Field, coding Coding) bool {
	set, ok := c.sets[field]
	if !ok {
		return false
	}
	in, _ := set.member(c.key(coding))
	return in
}

// Members lists the codes that the value set of a field names, sorted by system and code. Codes that are in the set by
// their shape alone are not listed.
func (c *Catalogue) Members(field Field) []Coding {
	set, ok := c.sets[field]
	if !ok {
		return nil
	}
	list := make([]Coding, 0, len(set.members))
	for k := range set.members {
		list = append(list, c.shown(k))
	}
	return sorted(list)
}

// Sendable lists the national codes of a country (ISO 3166 alpha-2) that have a row in the map of a field, also rows
// that say why there is no target, sorted by system and code. Rows that hold for a whole code system are not listed.
func (c *Catalogue) Sendable(country string, field Field) []Coding {
	m, ok := c.maps[mapKey{strings.ToUpper(country), field}]
	if !ok {
		return nil
	}
	list := make([]Coding, 0, len(m.rows))
	for k := range m.rows {
		list = append(list, Coding{System: k.system, Code: k.code})
	}
	return sorted(list)
}

// Drafts counts the rows that nobody has accepted yet among the value set and the maps of a field.
func (c *Catalogue) Drafts(field Field) int {
	count := 0
	if set, ok := c.sets[field]; ok {
		count = set.drafts
	}
	for k, m := range c.maps {
		if k.field == field {
			count += m.drafts
		}
	}
	return count
}

// Designation names a concept in the first of the languages (BCP 47, best first) that has words for it: the exact tag,
// then its language without region or script, for each in turn, then English, then the display of the coding itself. It
// says which language the text is in; a display keeps the language that came with it, which may be unknown (empty).
func (c *Catalogue) Designation(coding Coding, languages ...string) (text, lang string) {
	if found, ok := c.names[c.key(coding)]; ok {
		for _, tag := range languages {
			if text = found.text(tag); text != "" {
				return text, tag
			}
			base, _, _ := strings.Cut(tag, "-")
			if text = found.text(base); text != "" {
				return text, base
			}
		}
		if text = found.text("en"); text != "" {
			return text, "en"
		}
	}
	return coding.Display, coding.Language
}

func (c *Catalogue) key(coding Coding) codeKey {
	return codeKey{c.systems.canonical(coding.System), coding.Code}
}

// shown is a concept as a coding with its English name.
func (c *Catalogue) shown(k codeKey) Coding {
	coding := Coding{System: k.system, Code: k.code}
	coding.Display, coding.Language = c.Designation(coding)
	return coding
}

func sorted(list []Coding) []Coding {
	slices.SortFunc(list, func(a, b Coding) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code))
	})
	return list
}
