package translation

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Built is a compiled snapshot.
type Built struct {
	Bytes   []byte
	Release string   // SHA-256 of the content in lower-case hex
	Notes   []string // what an official list made of our own rows, and the like: a sentence each
	Waiting Later    // rows that are not in force yet, and the first day on which one is
	Ending  Later    // rows that are in force and have an end, and the first day on which one has ended
}

// Compile makes one snapshot of any number of sources, each laid over those before it: a later row wins over an earlier
// one for the same code, words language by language, and an official list (kind whole-value-set) leaves nothing beside
// it in its value set. It refuses a file that its manifest does not name, an unknown code system, a map to a code
// outside its value set, a unit that does not convert exactly on the way home, and the like; the error names file and row.
// The same sources give the same bytes. Every row holds, whatever its day, and one with an end has ended: see CompileOn.
func Compile(sources ...Source) (*Built, error) { return CompileOn("", sources...) }

// CompileOn makes the snapshot of one day (YYYY-MM-DD): rows that begin later are left out and counted, and rows that end later
// are in force. A snapshot holds no day: it is the same on every day on which the same rows hold.
func CompileOn(day string, sources ...Source) (*Built, error) {
	t := &tables{
		day: day, systems: newSystems(), listed: map[codeKey]*setRow{}, whole: map[string]wholeCodes{}, sets: map[Field]*setTable{},
		names: map[codeKey][]designation{}, maps: map[mapKey]*mapTable{},
	}
	var loaders []*loader
	for layer, source := range sources {
		l, err := t.read(layer, source)
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		loaders = append(loaders, l)
	}
	for _, l := range loaders {
		if err := l.readMaps(); err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
	}
	t.national()
	file, err := newCompiler(t).file()
	if err != nil {
		return nil, fmt.Errorf("compile catalogue: %w", err)
	}
	return &Built{Bytes: file, Release: hex.EncodeToString(file[hashAt:lengthsAt]), Notes: t.notes, Waiting: t.waiting, Ending: t.ending}, nil
}

// compiler numbers everything and writes it down.
type compiler struct {
	t         *tables
	head      head
	systems   map[string]int
	languages map[string]int
	notes     map[provenance]int
	units     map[unitHead]int
	keys      []codeKey // every concept, in the order of the file
	parts     map[codeKey]*conceptParts
}

// conceptParts is all that is said of one concept.
type conceptParts struct {
	sets    []setMember
	forward []forwardRow
	back    []backRow
	at      uint32
}

type setMember struct {
	field, provenance int
	retired           bool
}

type forwardRow struct {
	m, unit, provenance int
	row                 *judgement
}

type backRow struct {
	m, provenance int
	from          codeKey // zero: nothing national stands for it, as the provenance says
}

func newCompiler(t *tables) *compiler {
	c := &compiler{
		t: t, systems: map[string]int{}, languages: map[string]int{}, notes: map[provenance]int{}, units: map[unitHead]int{},
		parts: map[codeKey]*conceptParts{},
	}
	c.head = head{Origins: t.origins, Systems: t.systems.rows, Maps: []mapHead{}, Provenances: []provenance{}}
	seen := map[string]bool{}
	for _, row := range t.systems.rows {
		if !seen[row.Short] {
			c.systems[row.URI] = len(c.systems)
		}
		seen[row.Short] = true
	}
	c.head.Fields = slices.Sorted(maps.Keys(t.sets))
	for i, field := range c.head.Fields {
		c.takeSet(i, t.sets[field])
	}
	for _, k := range sortedKeys(t.listed) {
		row, part := t.listed[k], c.of(k)
		part.sets = append(part.sets, setMember{len(c.head.Fields), c.note(row.provenance), row.ended})
	}
	for _, system := range slices.Sorted(maps.Keys(t.whole)) {
		c.head.Whole = append(c.head.Whole, wholeHead{system, t.whole[system].origin})
	}
	for _, key := range sortedMaps(t.maps) {
		c.takeMap(key, t.maps[key])
	}
	for k := range t.names {
		c.of(k)
	}
	c.order()
	return c
}

func (c *compiler) of(k codeKey) *conceptParts {
	part, ok := c.parts[k]
	if !ok {
		part = &conceptParts{}
		c.parts[k] = part
	}
	return part
}

func (c *compiler) takeSet(number int, set *setTable) {
	for _, k := range sortedKeys(set.rows) {
		row := set.rows[k]
		part := c.of(k)
		part.sets = append(part.sets, setMember{number, c.note(c.t.standing(k, row)), row.ended})
	}
	for _, system := range slices.Sorted(maps.Keys(set.shapes)) {
		shape := set.shapes[system]
		c.head.Shapes = append(c.head.Shapes, shapeHead{number, system, shape.shape, c.note(shape.provenance)})
	}
}

func (c *compiler) takeMap(key mapKey, m *mapTable) {
	number := len(c.head.Maps)
	made := mapHead{Name: m.name, Country: key.country, Field: key.field}
	for _, k := range sortedKeys(m.rows) {
		row := m.rows[k]
		unit := 0
		if row.factor != "" || row.per.code != "" {
			unit = c.unit(unitHead{row.factor, row.per.system, row.per.code})
		}
		part := c.of(k)
		part.forward = append(part.forward, forwardRow{number, unit, c.note(row.provenance), row})
		if row.to.code != "" {
			c.of(row.to)
		}
	}
	home, notes := m.homeward()
	c.t.notes = append(c.t.notes, notes...)
	for _, k := range sortedKeys(home) {
		part := c.of(k)
		part.back = append(part.back, backRow{number, c.note(home[k].provenance), home[k].from})
	}
	for _, system := range slices.Sorted(maps.Keys(m.every)) {
		row := m.every[system]
		made.Every = append(made.Every, everyHead{row.from.system, row.to.system, row.relation, row.home, c.note(row.provenance)})
	}
	for _, row := range m.ordered() {
		every := everyHead{row.from.system, row.to.system, row.relation, false, c.note(row.provenance)}
		made.Cuts = append(made.Cuts, cutHead{every, row.shape(), m.before(row)})
	}
	c.head.Maps = append(c.head.Maps, made)
}

// note numbers a provenance.
func (c *compiler) note(p provenance) int {
	number, known := c.notes[p]
	if !known {
		number = len(c.head.Provenances)
		c.notes[p] = number
		c.head.Provenances = append(c.head.Provenances, p)
	}
	return number
}

// unit numbers a conversion, from one: zero is none.
func (c *compiler) unit(u unitHead) int {
	number, known := c.units[u]
	if !known {
		c.head.Units = append(c.head.Units, u)
		number = len(c.head.Units)
		c.units[u] = number
	}
	return number
}

// order sorts the concepts and the languages of their names.
func (c *compiler) order() {
	c.keys = sortedKeys(c.parts)
	seen := map[string]bool{}
	for _, texts := range c.t.names {
		for _, d := range texts {
			seen[d.language] = true
		}
	}
	c.head.Languages = slices.Sorted(maps.Keys(seen))
	for i, language := range c.head.Languages {
		c.languages[language] = i
	}
}

func sortedMaps(all map[mapKey]*mapTable) []mapKey {
	return slices.SortedFunc(maps.Keys(all), func(a, b mapKey) int {
		return cmp.Or(cmp.Compare(a.country, b.country), cmp.Compare(a.field, b.field))
	})
}

func sortedKeys[V any](rows map[codeKey]V) []codeKey {
	return slices.SortedFunc(maps.Keys(rows), func(a, b codeKey) int {
		return cmp.Or(cmp.Compare(a.system, b.system), cmp.Compare(a.code, b.code))
	})
}

// file writes the snapshot: once to learn where each concept stands, once with the references between them.
func (c *compiler) file() ([]byte, error) {
	concepts := c.concepts(nil)
	if len(concepts) > math.MaxUint32 {
		return nil, errors.New("the concepts take more than four gigabytes")
	}
	concepts = c.concepts(concepts[:0])
	head, err := json.Marshal(c.head)
	if err != nil {
		return nil, err
	}
	slots := c.slots()
	file := make([]byte, 0, headAt+len(head)+len(slots)+len(concepts))
	file = append(file, magic...)
	file = append(file, make([]byte, sha256.Size)...)
	for _, part := range [][]byte{head, slots, concepts} {
		file = binary.LittleEndian.AppendUint64(file, uint64(len(part)))
	}
	file = append(append(append(file, head...), slots...), concepts...)
	sum := sha256.Sum256(file[lengthsAt:])
	copy(file[hashAt:], sum[:])
	return file, nil
}

// slots places every concept by its hash.
func (c *compiler) slots() []byte {
	count := len(c.keys) + len(c.keys)/spareSlots + 1
	slots := make([]byte, count*slotSize)
	var key []byte
	for _, k := range c.keys {
		key = appendKey(key[:0], c.systems[k.system], k.code)
		at, tag := place(key, count)
		for slots[at*slotSize+4] != 0 {
			if at++; at == count {
				at = 0
			}
		}
		binary.LittleEndian.PutUint32(slots[at*slotSize:], c.parts[k].at)
		slots[at*slotSize+4] = tag
	}
	return slots
}
