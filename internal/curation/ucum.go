package curation

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// measure is what one of a unit is: so much of one thing, or of one thing in so much of another. What stands above and
// below is not cancelled: a gram in a gram is no plain number. The size is exact.
type measure struct {
	size         *big.Rat
	above, below []string // dimensions, sorted
}

func (m measure) same(other measure) bool {
	return slices.Equal(m.above, other.above) && slices.Equal(m.below, other.below)
}

// kind says in words what is measured.
func (m measure) kind() string {
	words := strings.Join(m.above, "·")
	if words == "" {
		words = "a plain number"
	}
	if len(m.below) > 0 {
		words += " per " + strings.Join(m.below, "·")
	}
	return words
}

func (m measure) over(n measure) measure {
	return measure{new(big.Rat).Quo(m.size, n.size), joined(m.above, n.below), joined(m.below, n.above)}
}

func (m measure) times(n measure) measure {
	return measure{new(big.Rat).Mul(m.size, n.size), joined(m.above, n.above), joined(m.below, n.below)}
}

func joined(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return all
}

// ucumAtoms are the units of UCUM that medicines are measured in, by its own definitions (tables 1 to 4 of the
// specification). An arbitrary unit is a dimension of its own, as the specification says (section 3.2); so is an equivalent,
// which is a mole of charges; and a percent, so that a fraction does not become a piece.
var ucumAtoms = map[string]struct{ size, dimension string }{
	"g": {"1", "mass"}, "m": {"1", "length"}, "l": {"1/1000", "volume"}, "L": {"1/1000", "volume"},
	"s": {"1", "time"}, "min": {"60", "time"}, "h": {"3600", "time"}, "d": {"86400", "time"}, "wk": {"604800", "time"}, "mo": {"2629800", "time"}, "a": {"31557600", "time"},
	"mol": {"1", "amount of substance"}, "eq": {"1", "charge equivalents"}, "J": {"1", "energy"}, "Bq": {"1", "activity of nuclides"},
	"[IU]": {"1", "international units"}, "[iU]": {"1", "international units"}, "[arb'U]": {"1", "arbitrary units"},
	"[USP'U]": {"1", "USP units"}, "[CFU]": {"1", "colony-forming units"}, "U": {"1", "catalytic activity"},
	"%": {"1/100", "fraction"}, "[ppth]": {"1/1000", "fraction"}, "[ppm]": {"1/1000000", "fraction"},
}

var ucumPrefixes = map[string]string{
	"G": "1000000000", "M": "1000000", "k": "1000", "d": "1/10", "c": "1/100", "m": "1/1000", "u": "1/1000000",
	"n": "1/1000000000", "p": "1/1000000000000",
}

// measured reads an expression of UCUM. An annotation that stands alone counts what it names, as {tablet}; name gives each
// such thing the one name by which it is compared. The number one alone counts pieces of whatever it is.
func measured(expression string, name func(thing string) string) (measure, error) {
	if expression == "1" {
		return measure{big.NewRat(1, 1), []string{"pieces"}, nil}, nil
	}
	r := unitReader{rest: expression, name: name}
	m, err := r.term()
	if err == nil && r.rest != "" {
		err = errors.New("something is left over")
	}
	if err != nil {
		return measure{}, fmt.Errorf("%q is no unit that is known here: %w", expression, err)
	}
	return m, nil
}

type unitReader struct {
	rest string
	name func(string) string
}

// term is components joined by . and /, read from the left.
func (r *unitReader) term() (measure, error) {
	m, err := r.component()
	for err == nil && r.rest != "" && (r.rest[0] == '.' || r.rest[0] == '/') {
		join := m.times
		if r.rest[0] == '/' {
			join = m.over
		}
		r.rest = r.rest[1:]
		var next measure
		if next, err = r.component(); err == nil {
			m = join(next)
		}
	}
	return m, err
}

func (r *unitReader) component() (measure, error) {
	switch {
	case strings.HasPrefix(r.rest, "("):
		r.rest = r.rest[1:]
		m, err := r.term()
		if err != nil {
			return m, err
		}
		if !strings.HasPrefix(r.rest, ")") {
			return m, errors.New("a bracket is not closed")
		}
		r.rest = r.rest[1:]
		return m, nil
	case strings.HasPrefix(r.rest, "{"):
		thing, rest, closed := strings.Cut(r.rest[1:], "}")
		if !closed || thing == "" {
			return measure{}, errors.New("an annotation is not closed, or empty")
		}
		r.rest = rest
		return measure{big.NewRat(1, 1), []string{r.name(thing)}, nil}, nil
	case strings.HasPrefix(r.rest, "10*"):
		r.rest = r.rest[len("10*"):]
		return power(measure{size: big.NewRat(10, 1)}, r.exponent())
	}
	if n := r.digits(); n != "" {
		size, _ := new(big.Rat).SetString(n)
		if size.Sign() == 0 {
			return measure{}, errors.New("zero measures nothing")
		}
		return measure{size: size}, nil
	}
	return r.atom()
}

// atom is a unit with its prefix and exponent. A unit in square brackets may have signs inside.
func (r *unitReader) atom() (measure, error) {
	end := 0
	for end < len(r.rest) && !strings.ContainsRune("./(){}+-0123456789", rune(r.rest[end])) {
		if r.rest[end] == '[' {
			if closing := strings.IndexByte(r.rest[end:], ']'); closing > 0 {
				end += closing
			}
		}
		end++
	}
	symbol := r.rest[:end]
	r.rest = r.rest[end:]
	found, known := ucumAtoms[symbol]
	scale := "1"
	if !known && len(symbol) > 1 {
		if scale, known = ucumPrefixes[symbol[:1]]; known {
			found, known = ucumAtoms[symbol[1:]]
		}
	}
	if !known {
		return measure{}, fmt.Errorf("the unit %q", symbol)
	}
	size, _ := new(big.Rat).SetString(found.size)
	prefix, _ := new(big.Rat).SetString(scale)
	return power(measure{size: size.Mul(size, prefix), above: dimensions(found.dimension)}, r.exponent())
}

// dimensions writes a volume as the cube of a length, so that a cubic centimetre is a millilitre.
func dimensions(dimension string) []string {
	if dimension == "volume" {
		return []string{"length", "length", "length"}
	}
	return []string{dimension}
}

func (r *unitReader) digits() string {
	end := 0
	for end < len(r.rest) && r.rest[end] >= '0' && r.rest[end] <= '9' {
		end++
	}
	number := r.rest[:end]
	r.rest = r.rest[end:]
	return number
}

func (r *unitReader) exponent() string {
	sign := ""
	if strings.HasPrefix(r.rest, "-") || strings.HasPrefix(r.rest, "+") {
		sign, r.rest = strings.TrimPrefix(r.rest[:1], "+"), r.rest[1:]
	}
	return sign + r.digits()
}

// power raises a unit to a whole exponent, at most 12 either way; none is one.
func power(m measure, exponent string) (measure, error) {
	if exponent == "" {
		return m, nil
	}
	var n int
	if _, err := fmt.Sscanf(exponent, "%d", &n); err != nil || n == 0 || n < -12 || n > 12 {
		return measure{}, errors.New("the exponent")
	}
	made := measure{size: big.NewRat(1, 1)}
	for range max(n, -n) {
		made = made.times(m)
	}
	if n < 0 {
		made = measure{size: big.NewRat(1, 1)}.over(made)
	}
	return made, nil
}
