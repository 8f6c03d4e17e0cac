package sentence

import (
	"math/big"
	"strings"

	"sild/node"
)

// grammar is what a language must know to say a dosage. Each stands in a file of its own and is never changed.
type grammar struct {
	language string
	comma    bool              // decimals are written with a comma
	dot      bool              // hours are written with a dot: 8.00
	belowOne bool              // a noun after a number below one stands in its singular: 0.5 tablet
	units    map[string]noun   // by the code of the shared dose unit, EDQM or UCUM
	times    map[string]period // by the unit of Timing
	shorts   map[string]string // the trade's sign after any number but one, where it is another
	days     map[string]string // mon …
	events   map[string]string // HL7 v3 TimingEvent and FHIR event-timing
	routes   map[string]string // EDQM
	tongues  map[string]string // in which language a quotation is
	words    map[string]string // sentences; a key with .short is the pharmacist's
	// courseAlone says that the length of a course is told with a noun of its own: kestus 7 päeva.
	courseAlone bool
	// every says a rhythm without its number where the language does: var 8:e timme, ülepäeviti. Empty where it does not.
	every func(number, unit string, words period) string
}

// noun is a unit after the number one and after any other number; short is the trade's sign for both, where it is safe.
type noun struct {
	one, many, short string
}

// period is a unit of time in the forms that the sentences of a language need.
type period struct {
	one, many string // after one and after other numbers, as the sentences about a length of time need it
	per       string // so many times a day
	each      string // every day
	apart     string // Swedish: 8 timmars (mellanrum)
	short     string // the pharmacist's sign
	// alone and counted are the forms of any other noun after one and after other numbers, where they differ from the above.
	alone, counted string
}

func grammarOf(language string) *grammar {
	first, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch first {
	case "et":
		return &estonian
	case "fi":
		return &finnish
	case "sv":
		return &swedish
	}
	return &english
}

// fill gives the words for a key, the reader's own where there are any, with what stands in braces filled in.
func (g *grammar) fill(reader Reader, key string, pairs ...string) string {
	words, ok := g.words[key+".short"]
	if !ok || reader == Patient {
		words = g.words[key]
	}
	return strings.NewReplacer(pairs...).Replace(words)
}

// number writes a decimal the language's way. A zero at its end can be read as ten times as much: it stands apart from the
// number, as it was written. What is no plain decimal stays as it is.
func (g *grammar) number(written string) string { return g.numbers(written, "") }

// digits writes a decimal with the language's sign and changes none of its digits.
func (g *grammar) digits(written string) string {
	if _, plain := node.Decimal(written); plain && g.comma {
		return strings.Replace(written, ".", ",", 1)
	}
	return written
}

// numbers writes a range, or the one number that there is, and how it was written where that differs.
func (g *grammar) numbers(low, high string) string {
	short, written := g.span(low, high)
	return strings.TrimSpace(short + " " + written)
}

// span writes a range without zeros at the end, and as it was written where that differs.
func (g *grammar) span(low, high string) (short, written string) {
	one := func(a, b string) string {
		if high == "" || high == low {
			return g.digits(a)
		}
		return g.digits(a) + "–" + g.digits(b)
	}
	short = one(trimmed(low), trimmed(high))
	if as := one(low, high); as != short {
		return short, g.fill(Patient, "written", "{n}", as)
	}
	return short, ""
}

// trimmed is a decimal without the zeros at the end of its fraction.
func trimmed(number string) string {
	if _, plain := node.Decimal(number); !plain || !strings.Contains(number, ".") {
		return number
	}
	return strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
}

// isOne says that a number, or the upper end of a range, is written as one: the number spoken last decides the form of a
// noun.
func isOne(low, high string) bool { return either(high, low) == "1" }

// isSingle says that a noun after a number stands in its singular.
func (g *grammar) isSingle(low, high string) bool {
	if isOne(trimmed(low), trimmed(high)) {
		return true
	}
	n, ok := node.Decimal(either(high, low))
	return g.belowOne && ok && n.Sign() > 0 && n.Cmp(big.NewRat(1, 1)) < 0
}

// unit gives a unit of time after a number; the pharmacist's sign where there is one.
func (g *grammar) unit(reader Reader, low, high, unit string) string {
	words := g.times[unit]
	switch {
	case reader == Pharmacist && words.short != "":
		return words.short
	case g.isSingle(low, high):
		return words.one
	}
	return words.many
}

// counted gives a unit of time after a number as any other noun stands.
func (g *grammar) counted(number, unit string) string {
	words := g.times[unit]
	if g.isSingle(number, "") {
		return either(words.alone, words.one)
	}
	return either(words.counted, words.many)
}

// list joins words with commas and the last two with "and".
func (g *grammar) list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + g.words["and"] + " " + words[last]
}
