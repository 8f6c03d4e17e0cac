package sentence

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sild/node"
)

// Reader is for whom a sentence is.
type Reader int

// The two readers: the pharmacist's sentence is terse and uses the signs of the trade, the patient's is plain.
const (
	Pharmacist Reader = iota
	Patient
)

// Voice is a language and a reader, and what the sentences are about.
type Voice struct {
	Language string // BCP 47: et, fi, sv, en; any other reader gets English
	Reader   Reader
	Source   string // BCP 47 of the document's own words
	Denied   bool   // the document says of the whole statement that it does not hold
}

// Dosage says all dosages of one medicine. Where the record has no structured dosage it points to the prescriber's own words;
// it is empty where there are none either.
func (v Voice) Dosage(list []node.Dosage) string {
	if !slices.ContainsFunc(list, func(d node.Dosage) bool { return v.one(d) != "" }) {
		return v.onlyWords(list)
	}
	told := make([]told, len(list))
	for i, d := range inOrder(list) {
		told[i] = said(d, either(v.one(d), v.wordless(d)))
	}
	return v.join(told)
}

// onlyWords points to the free text and says in which language it is. It does not say that there is nothing else: a document
// may hold structure that no record keeps.
func (v Voice) onlyWords(list []node.Dosage) string {
	if !slices.ContainsFunc(list, hasWords) {
		return ""
	}
	return v.finished(v.denied(v.fill("words-only.all", "{s}", grammarOf(v.Language).tongue(v.Source))))
}

// denied puts before a sentence that it does not hold, where the document says so.
func (v Voice) denied(s string) string {
	if !v.Denied {
		return s
	}
	return v.fill("denied", "{s}", s)
}

// one says one dosage, without a capital letter or a full stop.
func (v Voice) one(d node.Dosage) string {
	c := &clauses{Voice: v, grammar: grammarOf(v.Language), source: v.Source}
	c.taken(d)
	c.when(d.Timing)
	c.route(d.Route)
	c.site(d.Site)
	c.rate(d.Rate)
	c.needed(d)
	c.most(d.Most)
	c.course(d.Timing)
	return v.whole(d, c.text())
}

// whole ends a sentence with a warning where the source says more than the record holds. Where nothing else is told but words
// are there, it points to them.
func (v Voice) whole(d node.Dosage, s string) string {
	switch {
	case !d.Untold:
		return s
	case s == "" && hasWords(d):
		s = v.fill("words-only")
	}
	return joined(s, v.fill("untold"))
}

func hasWords(d node.Dosage) bool { return d.Text != "" || len(d.Additional) > 0 }

// wordless holds the place of a dosage without structure among others: leaving it out would tell a half for the whole.
func (v Voice) wordless(d node.Dosage) string {
	if hasWords(d) {
		return v.fill("words-only")
	}
	return v.fill("dose.none")
}

// finished gives the patient's sentence its capital letter and full stop; the pharmacist's is a line of a list.
func (v Voice) finished(s string) string {
	if v.Reader == Pharmacist {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:] + "."
}

// join puts a letter before each of several dosages, and says which follows which where the record says it. A number there
// could be read as one with the dose behind it.
func (v Voice) join(list []told) string {
	if len(list) == 1 {
		return v.finished(v.denied(list[0].sentence))
	}
	parts := make([]string, len(list))
	for i, one := range list {
		s := one.sentence
		switch {
		case !ordered(list) || i == 0 && list[0].place == list[len(list)-1].place:
			s = v.finished(s)
		case i == 0:
			s = v.finished(v.fill("first", "{s}", s))
		case one.place == list[i-1].place:
			s = v.finished(v.fill("also", "{s}", s))
		default:
			s = v.finished(v.fill("then", "{s}", s))
		}
		parts[i] = letter(i) + ") " + s
	}
	between := " "
	if v.Reader == Pharmacist {
		between = "; "
	}
	all := strings.Join(parts, between)
	if !ordered(list) {
		all = v.fill("unordered", "{s}", all)
	}
	return v.denied(all)
}

// letter counts a, b, c and after z aa, ab. Those that look like a digit are left out.
func letter(i int) string {
	const letters = "abcdefghjkmnpqrstuvwxyz"
	if i < len(letters) {
		return letters[i : i+1]
	}
	return letter(i/len(letters)-1) + letter(i%len(letters))
}

// fill gives the words for a key, the reader's own where there are any, with what stands in braces filled in.
func (v Voice) fill(key string, pairs ...string) string {
	return grammarOf(v.Language).fill(v.Reader, key, pairs...)
}
