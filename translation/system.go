package translation

// System is a code system that the catalogue knows: the short name that the tables use, the canonical URI that hops and
// codings carry, its OID without the prefix urn:oid: where it has one, and a name for people.
type System struct {
	Short string
	URI   string
	OID   string
	Name  string

	number int // under which a snapshot keeps its concepts
}

const oidPrefix = "urn:oid:"

// systems resolves every spelling of a code system to one.
type systems struct {
	byShort map[string]*System
	byName  map[string]*System // URI, urn:oid:… and every alias of either
	rows    []System           // as the tables have them
}

func newSystems() *systems {
	return &systems{byShort: map[string]*System{}, byName: map[string]*System{}}
}

// canonical is the URI under which the catalogue files a system. A system that it does not know keeps its own.
func (s *systems) canonical(system string) string {
	if known, ok := s.byName[system]; ok {
		return known.URI
	}
	return system
}

// add takes one row of systems.csv. The first row of a short name is the canonical one, further rows are aliases. It
// returns what is wrong with the row, or nothing.
func (s *systems) add(row System) string {
	if row.Short == "" || (row.URI == "" && row.OID == "") {
		return "a code system needs a short name and a URI or an OID"
	}
	names := []string{}
	if row.URI != "" {
		names = append(names, row.URI)
	}
	if row.OID != "" && oidPrefix+row.OID != row.URI {
		names = append(names, oidPrefix+row.OID)
	}
	known, ok := s.byShort[row.Short]
	if !ok {
		if row.URI == "" {
			return "the first row of a code system needs its URI"
		}
		known = &row
		s.byShort[row.Short] = known
	}
	for _, name := range names {
		if _, taken := s.byName[name]; taken {
			return "another row has the same URI or OID"
		}
		s.byName[name] = known
	}
	s.rows = append(s.rows, row)
	return ""
}

// repeats says that a row of a later source says only what is known.
func (s *systems) repeats(row System) bool {
	known, ok := s.byShort[row.Short]
	if !ok {
		return false
	}
	for _, name := range []string{row.URI, oidPrefix + row.OID} {
		if name != "" && name != oidPrefix && s.byName[name] != known {
			return false
		}
	}
	return true
}

// mixes says that a row of a later source gives a known short name to what may be another system: none of its names is
// known. Codes of two systems under one name would be taken for each other.
func (s *systems) mixes(row System) bool {
	known, ok := s.byShort[row.Short]
	return ok && s.byName[row.URI] != known && s.byName[oidPrefix+row.OID] != known
}

// System finds a code system by its URI, by urn:oid: and its OID, or by an alias of either.
func (c *Catalogue) System(name string) (System, bool) {
	known, ok := c.systems.byName[name]
	if !ok {
		return System{}, false
	}
	return *known, true
}
