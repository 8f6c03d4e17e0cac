package translation

import (
	"fmt"
	"slices"
)

// reasonUnlisted stands where the whole national list of a code system has no such code.
const reasonUnlisted = "the national list of this code system has no such code"

// reasonEnded begins the reason of a code that the national list has ended.
const reasonEnded = "the national list has ended the code on "

// wholeHead says in a snapshot that the list of a code system is whole: Origin is the line of the manifest that says so.
type wholeHead struct {
	System string `json:"system"`
	Origin int    `json:"origin"`
}

// WholeList is a national list that an operator has imported as a whole: a code that it does not have is none of its system.
type WholeList struct {
	System string // URI
	Origin Origin
}

// WholeLists are the national lists of the snapshot that are whole, in the order of their code systems.
func (c *Catalogue) WholeLists() []WholeList {
	var lists []WholeList
	for _, whole := range c.head.Whole {
		lists = append(lists, WholeList{whole.System, c.head.Origins[whole.Origin]})
	}
	return lists
}

// listing says whether the national list of its system has a code or had it, and by which provenance.
func (c *Catalogue) listing(k concept) (listed, ended bool, provenance int) {
	return k.in(len(c.head.Fields))
}

// gone says why a national code is none that a row for many codes may carry: its own list has ended it, or is whole and does not
// have it. Empty: nothing speaks against it.
func (c *Catalogue) gone(own entry) string {
	if own.known {
		listed, ended, note := c.listing(own.concept)
		if ended {
			return reasonEnded + c.head.Provenances[note].Until
		}
		if listed {
			return ""
		}
	}
	if slices.ContainsFunc(c.head.Whole, func(w wholeHead) bool { return w.System == own.codeKey.system }) {
		return reasonUnlisted
	}
	return ""
}

// wholeCodes is a whole list while the tables are read.
type wholeCodes struct{ layer, origin int }

// list files what a national list says of a code. Of two lists of one source the one in which the code is in force counts.
func (t *tables) list(k codeKey, row *setRow) {
	before, known := t.listed[k]
	if !known || before.layer < row.layer || before.ended {
		t.listed[k] = row
	}
}

// wholeList makes the national list of a file the whole of the code systems that it names: what earlier sources listed of them
// is not on it any more.
func (t *tables) wholeList(systems []string, layer, origin int) {
	for _, system := range systems {
		t.whole[system] = wholeCodes{layer, origin}
	}
	for k, row := range t.listed {
		if _, whole := t.whole[k.system]; whole && row.layer < layer && t.whole[k.system].layer == layer {
			delete(t.listed, k)
		}
	}
}

// national leaves out the rows for national codes that a whole list does not have, and the ways home to those and to codes that
// their list has ended.
func (t *tables) national() {
	for _, key := range sortedMaps(t.maps) {
		m := t.maps[key]
		for _, from := range sortedKeys(m.rows) {
			row, listed := m.rows[from], t.listed[from]
			whole, is := t.whole[from.system]
			switch {
			case is && listed == nil:
				delete(m.rows, from)
				t.notes = append(t.notes, fmt.Sprintf("%s: %s is not in the national list (%s): its row is left out", m.name, from.code,
					t.origins[whole.origin].Release))
			case row.home && listed != nil && listed.ended:
				row.home = false
				t.notes = append(t.notes, fmt.Sprintf("%s: the national list has ended %s on %s: it is no way into the country any more", m.name,
					from.code, listed.Until))
			}
		}
	}
}
