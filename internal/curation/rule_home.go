package curation

import (
	"slices"
	"strings"

	"sild/translation"
)

// shared is the country of tables that hold other spellings of shared codes.
const shared = "EU"

// ways is what one map says about the shared codes on the way into its country.
type ways struct {
	home, absent map[[2]string]bool
	every        map[string]bool // systems whose codes all have their way, or of which a row says that none has one
	covers       map[string]bool // shared systems that the map of this or another country deals with at all
}

// homes checks that every shared code that a country of the corridor can receive leads to one national code, or that a
// row says why it does not. A national code that is shared as it stands needs none.
func (c *checker) homes(catalogue *translation.Catalogue) {
	said, covers := map[[2]string]*ways{}, map[translation.Field]map[string]bool{}
	for _, row := range c.rows {
		at := [2]string{row.Country, string(row.Field)}
		if covers[row.Field] == nil {
			covers[row.Field] = map[string]bool{}
		}
		if said[at] == nil {
			said[at] = &ways{map[[2]string]bool{}, map[[2]string]bool{}, map[string]bool{}, covers[row.Field]}
		}
		said[at].take(row)
	}
	short := map[string]string{}
	for _, system := range catalogue.Systems() {
		if _, known := short[system.URI]; !known {
			short[system.URI] = system.Short
		}
	}
	for _, k := range c.concepts {
		for _, in := range k.In {
			for _, country := range c.Countries {
				w := said[[2]string{country, string(in.Field)}]
				if in.Retired || w == nil || strings.HasPrefix(short[k.Coding.System], strings.ToLower(country)+"-") {
					continue
				}
				c.home(country, in.Field, k.Coding, w)
			}
		}
	}
}

func (w *ways) take(row translation.MapRow) {
	to := [2]string{row.To.System, row.To.Code}
	if row.To.System != "" {
		w.covers[row.To.System] = true
	}
	switch {
	case row.From.Code == anyCode:
		w.every[row.To.System] = w.every[row.To.System] || row.Home || row.Relation == translation.None
	case row.From.Code == "":
		w.absent[to] = true
	case row.Home:
		w.home[to] = true
	}
}

func (c *checker) home(country string, field translation.Field, pivot translation.Coding, w *ways) {
	at := [2]string{pivot.System, pivot.Code}
	f := Finding{Rule: RuleWayHome, Broken: true, File: strings.ToLower(country) + "-eu/" + string(field) + ".csv", Code: pivot.Code}
	switch {
	case w.home[at] && w.absent[at]:
		f.Words = "one row leads to a national code, and another says that there is none"
	case w.home[at] || w.absent[at] || w.every[pivot.System] || !w.covers[pivot.System]:
		return
	default:
		if !c.wayExpected(country, field, pivot) {
			f.Words = "no row says which national code stands for it on the way into " + country
			c.gather(f, pivot.Code)
			return
		}
		f.Words = "no row says which national code stands for it on the way into " + country + ", or why none does"
	}
	c.add(f)
}

// exact checks that the way home changes nothing, and that a shared code has only one.
func (c *checker) exact() {
	for _, t := range c.tables.of(kindConceptMap, kindUnitMap) {
		own, home, absent := map[key]bool{}, map[key]string{}, map[key]bool{}
		every := map[string]string{} // shared system to the national one, all codes of which lead home
		for _, r := range t.rows {
			own[t.key(r)] = true
			if t.cell(r, "code") == anyCode && t.cell(r, "back") == "yes" {
				every[t.cell(r, "target_system")] = t.cell(r, "system")
			}
			if t.cell(r, "code") == "" {
				absent[t.target(r)] = true
			}
		}
		for _, r := range t.rows {
			if t.cell(r, "back") != "yes" {
				continue
			}
			code, target := t.cell(r, "code"), t.target(r)
			if strings.EqualFold(t.country, shared) {
				c.add(t.finding(RuleExact, r, code, "another spelling of a shared code is no way into a country"))
			}
			if t.cell(r, "relation") != "equivalent" || t.cell(r, "per") != "" || !slices.Contains([]string{"", "1"}, t.cell(r, "factor")) {
				c.add(t.finding(RuleExact, r, code, "the way home takes an equivalent row that converts nothing"))
			}
			if other, taken := home[target]; taken && code != anyCode {
				c.add(t.finding(RuleWayHome, r, code, "another row leads home from "+target.code+" to "+other))
			}
			if absent[target] {
				c.add(t.finding(RuleWayHome, r, code, "another row says that nothing national stands for "+target.code))
			}
			if same := (key{every[target.system], target.code}); same.system != "" && code != anyCode && t.key(r) != same && !own[same] {
				c.add(t.finding(RuleWayHome, r, code, "the row for every code leads home from "+target.code+
					" to the same code: say in a row of its own what that one is, if it is not to be used"))
			}
			home[target] = code
		}
	}
}

// roundTrips sends every national code abroad and home again, as the two nodes would.
func (c *checker) roundTrips(catalogue *translation.Catalogue) {
	for _, row := range c.rows {
		if !single(row.From.Code) || row.Relation != translation.Equivalent || row.Per.Code != "" ||
			!slices.Contains(c.Countries, row.Country) {
			continue
		}
		s := translation.NewSlot(row.Field, "", row.From)
		catalogue.ToPivot(row.Country, s)
		back := translation.NewSlot(row.Field, "", s.Current)
		catalogue.FromPivot(row.Country, nil, back)
		again := translation.NewSlot(row.Field, "", back.Current)
		catalogue.ToPivot(row.Country, again)
		if back.Fate != translation.Mapped || again.Current.Same(s.Current) && again.Relation() == translation.Equivalent {
			continue // a shared code without a way home is told of by the rule for that
		}
		c.add(Finding{Rule: RuleRoundTrip, Broken: true, File: row.Map + ".csv", Code: row.From.Code,
			Words: "it goes out as " + s.Current.Code + " and comes home as " + back.Current.Code + ", which means " + again.Current.Code})
	}
}
