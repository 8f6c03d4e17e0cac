package translation

import (
	"iter"
	"slices"
	"strings"
)

// Provenance is what a row of the tables says of itself besides the judgement. Days are YYYY-MM-DD.
type Provenance = provenance

// Table is the line of the manifest of the table that a row stands in; false where the snapshot does not say, as those of an
// earlier format do not.
func (c *Catalogue) Table(p Provenance) (Origin, bool) {
	if p.Table < 1 || p.Table > len(c.head.Origins) {
		return Origin{}, false
	}
	return c.head.Origins[p.Table-1], true
}

// Concept is one code with all that a snapshot says of it apart from maps.
type Concept struct {
	Coding Coding            `json:"coding"`
	Words  map[string]string `json:"words,omitempty"` // by language (BCP 47)
	In     []Membership      `json:"in,omitempty"`
	Listed *Listing          `json:"listed,omitempty"` // by the national list of its code system
}

// Listing says that the national list of its code system has a code, or has ended it.
type Listing struct {
	Ended bool `json:"ended,omitempty"`
	Provenance
}

// Membership says that a code is in the value set of a field, or was.
type Membership struct {
	Field   Field `json:"field"`
	Retired bool  `json:"retired,omitempty"`
	Provenance
}

// MapRow is one row of a map as it holds in a snapshot. A row without a national code says why nothing national stands
// for To. A row whose codes are * holds for every code of the system that has no row of its own; one whose code begins with
// ~ holds for every code of that shape, and leads to the nearest code above, ^. Such a row may say none: then it leads nowhere.
type MapRow struct {
	Map      string   `json:"map"` // e.g. ee-eu/dose-form
	Country  string   `json:"country"`
	Field    Field    `json:"field"`
	From     Coding   `json:"from"`
	To       Coding   `json:"to"`
	Relation Relation `json:"relation"`
	Factor   string   `json:"factor,omitempty"` // whole number or fraction
	Per      Coding   `json:"per"`
	Home     bool     `json:"home,omitempty"` // the way into the country leads back over this row
	Provenance
}

// Shape admits to a field every code of a system that has the form, a regular expression.
type Shape struct {
	Field  Field  `json:"field"`
	System string `json:"system"`
	Form   string `json:"form"`
	Provenance
}

// Concepts hands out every code that the snapshot knows, in the order of systems and codes.
func (c *Catalogue) Concepts() iter.Seq[Concept] {
	return func(yield func(Concept) bool) {
		going := true
		c.each(func(k concept) {
			if going {
				going = yield(c.whole(k))
			}
		})
	}
}

func (c *Catalogue) whole(k concept) Concept {
	made := Concept{Coding: c.coding(k), Words: map[string]string{}}
	for i, language := range c.head.Languages {
		if words := k.text(i); words != "" {
			made.Words[language] = words
		}
	}
	for i, field := range c.head.Fields {
		if in, retired, note := k.in(i); in || retired {
			made.In = append(made.In, Membership{field, retired, c.head.Provenances[note]})
		}
	}
	if listed, ended, note := c.listing(k); listed || ended {
		made.Listed = &Listing{ended, c.head.Provenances[note]}
	}
	return made
}

// Rows hands out every row of every map that holds in the snapshot: those with a national code in the order of its system
// and code, with those that say why nothing national stands for a shared code among them by that one, then those that
// hold for a whole code system.
func (c *Catalogue) Rows() iter.Seq[MapRow] {
	return func(yield func(MapRow) bool) {
		going := true
		c.each(func(k concept) {
			for i := range c.head.Maps {
				for _, row := range c.rowsOf(i, k) {
					if going = going && yield(row); !going {
						return
					}
				}
			}
		})
		for _, m := range c.head.Maps {
			for _, every := range m.Every {
				if going = going && yield(c.everyRow(m, every)); !going {
					return
				}
			}
			for _, cut := range m.Cuts {
				if going = going && yield(c.cutRow(m, cut)); !going {
					return
				}
			}
		}
	}
}

// rowsOf are the rows of one map that a concept begins, or that say why there is no way home from it.
func (c *Catalogue) rowsOf(m int, k concept) []MapRow {
	var rows []MapRow
	blank := MapRow{Map: c.head.Maps[m].Name, Country: c.head.Maps[m].Country, Field: c.head.Maps[m].Field}
	if found, ok := k.by(m); ok {
		row := blank
		row.From, row.Relation, row.Provenance = c.coding(k), found.relation, c.head.Provenances[found.provenance]
		if found.to != 0 {
			target := c.at(found.to)
			row.To = c.coding(target)
			row.Home = c.leadsHome(target, m, k)
		}
		if found.unit != 0 {
			unit := c.head.Units[found.unit-1]
			row.Factor = unit.Factor
			if unit.Per != "" {
				row.Per = c.shown(codeKey{unit.PerSystem, unit.Per})
			}
		}
		rows = append(rows, row)
	}
	if from, note, known := k.home(m); known && from == 0 {
		row := blank
		row.To, row.Relation, row.Provenance = c.coding(k), None, c.head.Provenances[note]
		rows = append(rows, row)
	}
	return rows
}

// leadsHome says that the way home of a map leads from a shared concept to a national one.
func (c *Catalogue) leadsHome(target concept, m int, national concept) bool {
	from, _, known := target.home(m)
	if !known || from == 0 {
		return false
	}
	found := c.at(from)
	return found.system == national.system && found.code == national.code
}

// cutRow is a row for the codes of a shape, which lead to the nearest code above.
func (c *Catalogue) cutRow(m mapHead, cut cutHead) MapRow {
	row := c.everyRow(m, cut.everyHead)
	row.From.Code, row.To = openCode+cut.Shape, Coding{}
	if row.Relation != None {
		row.To = Coding{System: cut.To, Code: codeAbove}
	}
	return row
}

func (c *Catalogue) everyRow(m mapHead, every everyHead) MapRow {
	row := MapRow{
		Map: m.Name, Country: m.Country, Field: m.Field, Relation: every.Relation, Home: every.Home,
		From: Coding{System: every.From, Code: anyCode}, Provenance: c.head.Provenances[every.Provenance],
	}
	if row.Relation != None {
		row.To = Coding{System: every.To, Code: anyCode}
	} else if every.To != "" {
		row.To = Coding{System: every.To} // whose codes nothing national stands for
	}
	return row
}

// Shapes lists the open rules of the value sets.
func (c *Catalogue) Shapes() []Shape {
	var list []Shape
	for _, shape := range c.head.Shapes {
		list = append(list, Shape{c.head.Fields[shape.Field], shape.System, shape.Shape, c.head.Provenances[shape.Provenance]})
	}
	return list
}

// Fields lists the fields that have a value set, in alphabetical order.
func (c *Catalogue) Fields() []Field { return slices.Clone(c.head.Fields) }

// Languages lists the languages that any code has words in, in alphabetical order.
func (c *Catalogue) Languages() []string { return slices.Clone(c.head.Languages) }

// Systems lists the code systems with their aliases, in the order of the tables.
func (c *Catalogue) Systems() []System { return slices.Clone(c.head.Systems) }

// HasMap says that there is a map between the codes of a country (ISO 3166 alpha-2) and the shared ones of a field.
func (c *Catalogue) HasMap(country string, field Field) bool {
	_, ok := c.maps[mapKey{strings.ToUpper(country), field}]
	return ok
}

// HasMembers says that the value set of a field names a code. It reads no further than to the first.
func (c *Catalogue) HasMembers(field Field) bool {
	set, ok := c.sets[field]
	for place := 1; ok && place < len(c.concepts); {
		var found concept
		found, place = c.next(place)
		if in, _, _ := found.in(set.number); in {
			return true
		}
	}
	return false
}

// Knows says whether the properties hold a code of their system.
func (p *Properties) Knows(code string) bool {
	_, ok := p.of[code]
	return ok
}

// Contradiction names the properties in which two codes have nothing in common; nothing where they may mean one thing or
// one of them is not known.
func (p *Properties) Contradiction(one, other string) []string {
	return contradictions([]properties{p.of[one], p.of[other]})
}

// System is the URI of the code system whose properties these are, as the file names it.
func (p *Properties) System() string { return p.system }

// Holds says whether any table of the snapshot names a code.
func (c *Catalogue) Holds(coding Coding) bool { return c.look(coding).known }
