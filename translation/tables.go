package translation

import (
	"regexp"
	"slices"
	"strings"
)

// tables are all sources read together, a later row over an earlier one, before they are compiled.
type tables struct {
	day             string // for which they are compiled; empty: every row holds, and one with an end has ended
	waiting, ending Later

	origins []Origin
	systems *systems
	sets    map[Field]*setTable
	names   map[codeKey][]designation
	maps    map[mapKey]*mapTable
	listed  map[codeKey]*setRow // codes of national lists; those with an end have been ended
	whole   map[string]wholeCodes
	notes   []string
}

// Origin is the line of a manifest that says what a table is and where it comes from.
type Origin struct {
	File    string `json:"file"`
	Kind    string `json:"kind"`
	Origin  string `json:"origin"`
	Release string `json:"release"`
	Licence string `json:"licence"`
	Status  string `json:"status"`
}

// codeKey is a concept: the canonical URI of its system, and its code.
type codeKey struct{ system, code string }

// mapKey is the pair of a country (upper case) and a field. The country EU holds other spellings of shared codes.
type mapKey struct {
	country string
	field   Field
}

const shared = "EU"

// provenance is what a row says of itself besides the judgement. Days are YYYY-MM-DD.
type provenance struct {
	Source string `json:"source,omitempty"`
	Since  string `json:"since,omitempty"`
	Until  string `json:"until,omitempty"`
	Status string `json:"status,omitempty"`
	Remark string `json:"remark,omitempty"`
	Table  int    `json:"table,omitempty"` // number of the table among the origins, from one; 0 is unknown
}

func (p provenance) draft() bool { return p.Status == draftStatus }

// setTable binds a field. Besides the codes it names it may take any code of a system that has a given shape.
type setTable struct {
	rows   map[codeKey]*setRow // members, and codes that were members
	shapes map[string]*shapeRow
	later  map[codeKey]string // codes that are no members yet, and since when they will be
	whole  map[string]int     // by code system, the newest source that has the list as a whole, counted from one; "" is of every system
}

// left says that a source after a layer has taken a code out of the list: by a row that retires it, or by a whole list
// without it.
func (s *setTable) left(k codeKey, layer int) bool {
	row, known := s.rows[k]
	return max(s.whole[""], s.whole[k.system]) > layer+1 || (known && row.ended && row.layer > layer)
}

type setRow struct {
	provenance
	layer int
	ended bool
}

type shapeRow struct {
	provenance
	layer   int
	shape   string
	matches *regexp.Regexp
}

// member says whether a code may stand in the field.
func (s *setTable) member(k codeKey) bool {
	if row, ok := s.rows[k]; ok {
		return !row.ended
	}
	shape, ok := s.shapes[k.system]
	return ok && shape.matches.MatchString(k.code)
}

// designation is what a code is called in a language, whatever field it stands in.
type designation struct {
	language, text string
	layer          int
	draft          bool // nobody has accepted the row that brought the words
	since          string
}

// standing is what a member of a value set says of itself, with its words: a list that has words in one language and was accepted
// does not accept what an earlier row calls the code in another. Such a member is a draft since the newest of those words.
func (t *tables) standing(k codeKey, row *setRow) provenance {
	unread, since := []string{}, ""
	for _, d := range t.names[k] {
		if d.draft {
			unread, since = append(unread, d.language), max(since, d.since)
		}
	}
	if row.draft() || len(unread) == 0 {
		return row.provenance
	}
	slices.Sort(unread)
	p := row.provenance
	p.Remark = strings.TrimPrefix(p.Remark+"; the code is "+p.Status+", its words in "+strings.Join(unread, ", ")+" are drafts", "; ")
	p.Status, p.Since = draftStatus, since
	return p
}

// mapTable holds the rows of one map over all sources, by the national code.
type mapTable struct {
	name   string
	rows   map[codeKey]*judgement
	every  map[string]*judgement  // rows for every code of a national system that has no row of its own
	cuts   map[codeKey]*judgement // rows for every code of a national system that has a certain shape, by both
	absent map[codeKey]*judgement
}

// judgement is one row: how a national code lies to a shared one, and whether the way home may use it.
type judgement struct {
	provenance
	layer    int
	from, to codeKey
	relation Relation
	factor   string
	per      codeKey
	home     bool
}
