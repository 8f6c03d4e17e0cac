package curation

import "strconv"

// way is the row by which a shared code comes home to a country.
type way struct {
	t *table
	r row
}

func (w way) code() string { return w.t.cell(w.r, "code") }

// place says where the row stands, for a sentence about another one.
func (w way) place() string {
	source := w.t.source
	if source == "" {
		source = "the first source"
	}
	return source + ": " + w.t.file + " row " + strconv.Itoa(w.r.Line)
}

// waysOf are the ways home into one country in one field, as the sources that have been read so far leave them.
type waysOf struct {
	home  map[key]way    // by the shared code
	every map[string]way // by the shared system: the row for all of its codes
}

// taken compares the ways home of each source with those of the sources before it. A source that knows a part of a country's
// codes finds one code for a shared one and leads home to it, also where an earlier source has another in mind. So who takes a
// way home must say what the other code is, and answer for it: otherwise the rule is broken.
func (c *checker) taken() {
	known := map[[2]string]*waysOf{}
	for _, t := range c.tables.of(kindConceptMap, kindUnitMap) {
		at := [2]string{t.country, string(t.field())}
		if known[at] == nil {
			known[at] = &waysOf{map[key]way{}, map[string]way{}}
		}
		own := map[key]bool{}
		for _, r := range t.rows {
			own[t.key(r)] = true
		}
		for _, r := range t.rows {
			if before, other, lost := known[at].before(t, r); lost {
				c.takes(way{t, r}, before, other, own[other] || c.ended(other))
			}
		}
		known[at].take(t, own)
	}
}

// before is the way home of an earlier source that a row takes the place of, and the national code to which it led.
func (w *waysOf) before(t *table, r row) (before way, other key, lost bool) {
	target, code := t.target(r), t.cell(r, "code")
	if before, lost = w.home[target]; lost && (t.cell(r, "back") == "yes" || code == "") && code != anyCode {
		other = before.t.key(before.r)
		return before, other, before.t.layer < t.layer && other != t.key(r)
	}
	if before, lost = w.every[target.system]; lost && t.cell(r, "back") == "yes" {
		other = key{before.t.cell(before.r, "system"), target.code}
		return before, other, before.t.layer < t.layer && other != t.key(r)
	}
	return way{}, key{}, false
}

// take lays the ways home of a table over those before it.
func (w *waysOf) take(t *table, own map[key]bool) {
	for target, before := range w.home {
		if before.t.layer < t.layer && own[before.t.key(before.r)] {
			delete(w.home, target)
		}
	}
	for _, r := range t.rows {
		switch target := t.target(r); {
		case t.cell(r, "code") == "":
			delete(w.home, target)
		case t.cell(r, "back") != "yes":
		case t.cell(r, "code") == anyCode:
			w.every[target.system] = way{t, r}
		default:
			w.home[target] = way{t, r}
		}
	}
}

// ended says that a country's own list has retired the code.
func (c *checker) ended(code key) bool { return c.listOf(code.system)[code.code].retired != "" }

// takes tells of one way home that a later source has taken. It is worth a look where somebody has accepted the row and the
// source says, in a row of its own, what the other code is; it breaks the rule otherwise.
func (c *checker) takes(now, before way, other key, dealt bool) {
	status := now.t.cell(now.r, "status")
	f := now.t.finding(RuleWayHome, now.r, now.code(), "it takes the way home from "+now.t.target(now.r).code+" that led to "+other.code+
		" ("+before.place()+")")
	if now.code() == "" {
		f.Words = "it says that nothing national stands for " + now.t.target(now.r).code + ", which led home to " + other.code + " (" + before.place() + ")"
	}
	switch {
	case !dealt:
		f.Words += ", and this source has no row that says what " + other.code + " is: add one, or take the way home back"
	case status == draft:
		f.Words += ", and nobody has accepted it"
	default:
		f.Broken = false
		f.Words += "; " + status
	}
	c.add(f)
}
