package translation

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"unsafe"

	"github.com/cespare/xxhash/v2"
)

// A snapshot file is: the magic; the SHA-256 of all that follows; three lengths, 8 bytes each, little-endian; the head, a
// JSON document with everything that is small; the slots, 5 bytes each, by which a code is found; the concepts, one
// after the other in the order of their systems and codes.
const (
	magic      = "sild-snapshot-3\n"
	magicOlder = "sild-snapshot-2\n" // without national lists; still read, since documents were made with such files
	hashAt     = len(magic)
	lengthsAt  = hashAt + sha256.Size
	headAt     = lengthsAt + 3*8
	slotSize   = 5 // four bytes of where the concept stands, one of its hash
	spareSlots = 3 // a third more slots than concepts
)

// head is what stands once in a snapshot.
type head struct {
	Origins     []Origin     `json:"origins"`
	Systems     []System     `json:"systems"` // with their aliases, in the order of the tables
	Languages   []string     `json:"languages"`
	Fields      []Field      `json:"fields"` // that have a value set
	Shapes      []shapeHead  `json:"shapes,omitempty"`
	Whole       []wholeHead  `json:"whole,omitempty"`
	Maps        []mapHead    `json:"maps"`
	Units       []unitHead   `json:"units,omitempty"`
	Provenances []provenance `json:"provenances"`
}

type shapeHead struct {
	Field      int    `json:"field"`
	System     string `json:"system"`
	Shape      string `json:"shape"`
	Provenance int    `json:"provenance"`
}

type mapHead struct {
	Name    string      `json:"name"` // e.g. ee-eu/dose-form
	Country string      `json:"country"`
	Field   Field       `json:"field"`
	Every   []everyHead `json:"every,omitempty"`
	Cuts    []cutHead   `json:"cuts,omitempty"`
}

type everyHead struct {
	From       string   `json:"from"`
	To         string   `json:"to"`
	Relation   Relation `json:"relation"`
	Home       bool     `json:"home,omitempty"`
	Provenance int      `json:"provenance"`
}

// unitHead is how a unit converts: a factor, and the denominator where a national code is a ratio.
type unitHead struct {
	Factor    string `json:"factor,omitempty"`
	PerSystem string `json:"per_system,omitempty"`
	Per       string `json:"per,omitempty"`
}

// Prefix is how many bytes of a file CheckPrefix looks at.
const Prefix = headAt

// CheckPrefix says what is wrong with the first bytes of a file of some size, so that no file is read whole that is no snapshot.
// A file that passes may still be none: Open says.
func CheckPrefix(first []byte, size int64) error {
	if len(first) < headAt || string(first[:hashAt]) != magic && string(first[:hashAt]) != magicOlder {
		return errors.New("open snapshot: the file is no terminology snapshot of this format")
	}
	rest := uint64(size - int64(headAt))
	for i := range 3 {
		length := binary.LittleEndian.Uint64(first[lengthsAt+8*i:])
		if length > rest {
			return errLengths
		}
		rest -= length
	}
	if rest != 0 {
		return errLengths
	}
	return nil
}

var errLengths = errors.New("open snapshot: the parts do not fill the file: it is cut short or was changed")

// Open reads a snapshot as Compile makes it. The catalogue keeps the bytes and hands out texts that lie in them: they
// must stay as they are, and mapped, as long as the program runs. A file that is cut short, changed or of another format
// is an error.
func Open(file []byte) (*Catalogue, error) {
	if err := CheckPrefix(file, int64(len(file))); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file[lengthsAt:])
	if string(file[hashAt:lengthsAt]) != string(sum[:]) {
		return nil, errors.New("open snapshot: the content is not what the file says of itself: it was changed")
	}
	var length [3]uint64
	for i := range length {
		length[i] = binary.LittleEndian.Uint64(file[lengthsAt+8*i:])
	}
	body := file[headAt:]
	release := hex.EncodeToString(sum[:])
	c := &Catalogue{
		release: release, tables: release, steps: newSteps(), slots: body[length[0] : length[0]+length[1]], concepts: body[length[0]+length[1]:],
	}
	strict := json.NewDecoder(bytes.NewReader(body[:length[0]]))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&c.head); err != nil {
		return nil, fmt.Errorf("open snapshot: %w", err)
	}
	if err := c.sound(); err != nil {
		return nil, fmt.Errorf("open snapshot: the content is not what this release writes: %w", err)
	}
	if err := c.index(); err != nil {
		return nil, fmt.Errorf("open snapshot: %w", err)
	}
	return c, nil
}

// index builds what is small and asked often.
func (c *Catalogue) index() error {
	c.systems = newSystems()
	for _, row := range c.head.Systems {
		_, alias := c.systems.byShort[row.Short]
		if wrong := c.systems.add(row); wrong != "" {
			return errors.New(wrong)
		}
		if !alias {
			c.systems.byShort[row.Short].number = len(c.uris)
			c.uris = append(c.uris, row.URI)
		}
	}
	for _, unit := range c.head.Units {
		made := conversion{per: codeKey{unit.PerSystem, unit.Per}}
		if unit.Factor != "" {
			var ok bool
			if made.factor, ok = parseRational(unit.Factor); !ok {
				return fmt.Errorf("the factor %q is not a positive whole number or fraction", unit.Factor)
			}
		}
		c.units = append(c.units, made)
	}
	c.sets = map[Field]*valueSet{}
	for i, field := range c.head.Fields {
		c.sets[field] = &valueSet{c: c, number: i, open: map[string]openRule{}}
	}
	for _, shape := range c.head.Shapes {
		compiled, err := WholeShape(shape.Shape)
		if err != nil {
			return err
		}
		c.sets[c.head.Fields[shape.Field]].open[shape.System] = openRule{compiled, c.head.Provenances[shape.Provenance].draft()}
	}
	return c.indexMaps()
}

func (c *Catalogue) indexMaps() error {
	c.maps = map[mapKey]*conceptMap{}
	for i, m := range c.head.Maps {
		made := &conceptMap{c: c, number: i, name: m.Name, back: turnedName(m.Name), every: map[string]*everyHead{}, everyBack: map[string]*everyHead{}}
		var err error
		if made.cuts, err = cutRules(m.Cuts); err != nil {
			return err
		}
		for j := range m.Every {
			row := &m.Every[j]
			made.every[row.From] = row
			if row.Home {
				made.everyBack[row.To] = row
			}
		}
		c.maps[mapKey{m.Country, m.Field}] = made
		if !slices.Contains(c.countries, m.Country) {
			c.countries = append(c.countries, m.Country)
		}
	}
	slices.Sort(c.countries)
	return nil
}

// appendKey writes what a concept begins with, by which it is found: the number of its system, the length of its code, and
// the code.
func appendKey(into []byte, system int, code string) []byte {
	into = binary.AppendUvarint(into, uint64(system))
	into = binary.AppendUvarint(into, uint64(len(code)))
	return append(into, code...)
}

// place is where the slot of a concept begins to be looked for, and the byte that a slot keeps of its hash.
func place(key []byte, slots int) (at int, tag byte) {
	high, low := bits.Mul64(xxhash.Sum64(key), uint64(slots))
	return int(high), byte(low>>56) | 1
}

// find looks a code of a numbered system up; false when no table has it.
func (c *Catalogue) find(system int, code string) (concept, bool) {
	var room [64]byte // for all but the longest codes
	key := appendKey(room[:0], system, code)
	slots := len(c.slots) / slotSize
	at, tag := place(key, slots)
	for {
		slot := c.slots[at*slotSize : at*slotSize+slotSize]
		if slot[4] == 0 {
			return concept{}, false
		}
		if slot[4] == tag {
			if found := c.concepts[binary.LittleEndian.Uint32(slot):]; bytes.HasPrefix(found, key) {
				return concept{system, text(found[len(key)-len(code) : len(key)]), found[len(key):]}, true
			}
		}
		if at++; at == slots {
			at = 0
		}
	}
}

// text is a string that lies in the snapshot.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
