package sentence

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"

	"pgregory.net/rapid"
)

// drawn makes dosages of everything that a record can hold, with numbers that are seldom alike.
type drawn struct{ t *rapid.T }

func (d drawn) number(name string) string {
	return rapid.SampledFrom([]string{"1", "2", "3", "0.5", "0.50", "1.0", "2.50", "7", "11", "12", "21", "0.125", "100", "1000.25", "0"}).Draw(d.t, name)
}

func (d drawn) maybe(name string) string {
	if rapid.Bool().Draw(d.t, name+" there") {
		return d.number(name)
	}
	return ""
}

func (d drawn) oneOf(name string, list ...string) string {
	return rapid.SampledFrom(list).Draw(d.t, name)
}

func (d drawn) some(name string, list ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(list), 0, 3, rapid.ID[string]).Draw(d.t, name)
}

func (d drawn) timeUnit(name string) string {
	return d.oneOf(name, "s", "min", "h", "d", "wk", "mo", "a", "fortnight", "")
}

func (d drawn) amount(name, code string) node.Quantity {
	return quantity(d.maybe(name), code, "")
}

func (d drawn) unit() string {
	codes := make([]string, 0, len(english.units)+2)
	for code := range english.units {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return d.oneOf("unit", append(codes, "99999999", "[foo_us]")...)
}

func (d drawn) perTime(name string) node.PerTime {
	unit := d.unit()
	return node.PerTime{Amount: d.amount(name, unit), High: d.amount(name+" high", unit), Time: d.maybe(name + " time"), Unit: d.timeUnit(name + " unit")}
}

func (d drawn) dosage() node.Dosage {
	unit := d.unit()
	o := node.Dosage{Dose: d.amount("dose", unit), DoseHigh: d.amount("dose high", unit), Rate: d.perTime("rate"), Most: d.perTime("most"),
		Timing: node.Timing{Frequency: d.maybe("frequency"), FrequencyMax: d.maybe("frequency max"), Period: d.maybe("period"), PeriodMax: d.maybe("period max"),
			PeriodUnit: d.timeUnit("period unit"), DayOfWeek: d.some("days", "mon", "wed", "sun", "xyz"), TimeOfDay: d.some("clock", "06:15:00", "18:45:30", "23:59", "noon"),
			When: d.some("when", "MORN", "AC", "HS", "PCV", "X9"), Offset: d.maybe("offset"), BoundsValue: d.maybe("bounds"), BoundsUnit: d.timeUnit("bounds unit"),
			BoundsFrom: d.oneOf("from", "", "2031", "2031-08", "2031-08-09", "soon"), BoundsTo: d.oneOf("to", "", "2032-10-13", "2032-10-13T04:05:00+02:00")}}
	if needed := rapid.IntRange(0, 2).Draw(d.t, "needed"); needed > 0 {
		yes := needed == 1
		o.AsNeeded = &yes
	}
	for _, reason := range d.some("reasons", "valu", "kuume") {
		o.NeededFor = append(o.NeededFor, word(reason))
	}
	if rapid.Bool().Draw(d.t, "site") {
		o.Site = word("vasak käsi")
	}
	if route := d.oneOf("route", "", "20053000", "20045000", "99999999"); route != "" {
		o.Route = translation.NewSlot(translation.Route, "route", translation.Coding{System: edqm, Code: route})
	}
	return o
}

// numeral finds the numbers of a sentence; a hyphen, a dot or a colon inside stays with it, as in a date or an hour.
var numeral = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

// missing are the numbers that a sentence must hold and does not, each as often as the record has it. One that is said in
// words (once, varannan, every hour) is not asked for by its digit.
func missing(sentence string, wanted []string) []string {
	found := numeral.FindAllString(strings.ReplaceAll(sentence, ",", "."), -1)
	var lost []string
	for _, n := range wanted {
		at := slices.Index(found, n)
		if n == "" {
			continue
		}
		if at < 0 {
			lost = append(lost, n)
			continue
		}
		found = slices.Delete(found, at, at+1)
	}
	return lost
}

// numbersOf are the numbers of a dosage that its sentence writes with digits: one with a zero at its end both with and without.
func numbersOf(o node.Dosage) []string {
	high := func(low, high string) string {
		if low == high {
			return "" // a range of one number is that number
		}
		return high
	}
	times := func(n string) string {
		if n == "1" {
			return "" // so much an hour
		}
		return n
	}
	t := o.Timing
	wanted := []string{o.Dose.Value, high(o.Dose.Value, o.DoseHigh.Value), o.Rate.Amount.Value, high(o.Rate.Amount.Value, o.Rate.High.Value), times(o.Rate.Time),
		o.Most.Amount.Value, high(o.Most.Amount.Value, o.Most.High.Value), times(o.Most.Time), t.BoundsValue, t.Offset}
	for _, n := range []string{t.Frequency, high(t.Frequency, t.FrequencyMax), t.Period, high(t.Period, t.PeriodMax)} {
		if n != "1" && n != "2" {
			wanted = append(wanted, n)
		}
	}
	for _, n := range wanted {
		if strings.Contains(n, ".") && strings.HasSuffix(n, "0") {
			wanted = append(wanted, strings.TrimSuffix(strings.TrimRight(n, "0"), "."))
		}
	}
	return wanted
}

func TestNoNumberIsLostInAnyLanguage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawn{t}.dosage()
		for _, v := range voices() {
			if s := v.Dosage([]node.Dosage{o}); len(missing(s, numbersOf(o))) > 0 {
				t.Fatalf("%s %d: %q lost %v of %+v", v.Language, v.Reader, s, missing(s, numbersOf(o)), o)
			}
		}
	})
}

func voices() []Voice {
	var all []Voice
	for _, language := range languages {
		all = append(all, Voice{Language: language, Source: "et"}, Voice{Language: language, Reader: Patient, Source: "et"})
	}
	return all
}

// TestNoWordOfNeedOrBoundIsLost asks for the words that turn a sentence round if they are lost.
func TestNoWordOfNeedOrBoundIsLost(t *testing.T) {
	needed := map[string]string{"et": "vajaduse korral", "fi": "tarvittaessa", "sv": "vid behov", "en": "as needed"}
	not := map[string]string{"et": "mitte ", "fi": "ei ", "sv": "inte ", "en": "not "}
	most := map[string][]string{"et": {"kõige rohkem", "max"}, "fi": {"enintään"}, "sv": {"högst", "max."}, "en": {"at most", "max."}}
	denied := map[string]string{"et": "See juhis EI kehti: ", "fi": "Tämä ohje EI päde: ", "sv": "Denna anvisning gäller INTE: ", "en": "This instruction does NOT apply: "}
	regular := map[string]string{"et": "regulaarselt, ", "fi": "säännöllisesti, ", "sv": "regelbundet, ", "en": "regularly, "}
	order := map[string]string{"et": "võtke ", "fi": "ota ", "sv": "ta ", "en": "take "}
	rapid.Check(t, func(t *rapid.T) {
		o := drawn{t}.dosage()
		for _, v := range voices() {
			s := strings.ToLower(v.Dosage([]node.Dosage{o}))
			if got := strings.Contains(s, needed[v.Language]); got != (o.AsNeeded != nil || len(o.NeededFor) > 0) {
				t.Fatalf("as needed: %q of %+v", s, o)
			}
			if got := strings.Contains(s, not[v.Language]+needed[v.Language]); got != (o.AsNeeded != nil && !*o.AsNeeded) {
				t.Fatalf("not as needed: %q of %+v", s, o)
			}
			repeats := o.AsNeeded != nil && !*o.AsNeeded && (o.Timing.Period != "" || len(o.Timing.DayOfWeek) > 0)
			if strings.Contains(s, regular[v.Language]+not[v.Language]) != repeats {
				t.Fatalf("regularly: %q of %+v", s, o)
			}
			bounds := 0
			for _, words := range most[v.Language] {
				bounds += strings.Count(s, words)
			}
			if want := boundsOf(o); bounds < want {
				t.Fatalf("%d upper bounds and %d said: %q of %+v", want, bounds, s, o)
			}
			for _, reason := range o.NeededFor {
				if !strings.Contains(s, reason.Text) {
					t.Fatalf("the reason is lost: %q", s)
				}
			}
			v.Denied = true
			no := v.Dosage([]node.Dosage{o})
			want := strings.ToLower(denied[v.Language]) + strings.TrimPrefix(s, order[v.Language])
			if s != "" && (strings.ToLower(no) != want || !strings.HasPrefix(no, denied[v.Language])) {
				t.Fatalf("the denial is lost, or what is denied is an order: %q", no)
			}
		}
	})
}

// boundsOf counts the upper ends without a lower end, and the most that may be taken.
func boundsOf(o node.Dosage) int {
	n := 0
	for _, bound := range []bool{o.Dose.IsZero() && !o.DoseHigh.IsZero(), !o.Most.IsZero(), o.Rate.Amount.IsZero() && !o.Rate.High.IsZero()} {
		if bound {
			n++
		}
	}
	return n
}

// TestNoUnitDayEventOrDateIsLost reads each of them back from every sentence.
func TestNoUnitDayEventOrDateIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawn{t}.dosage()
		for _, v := range voices() {
			s, g := v.Dosage([]node.Dosage{o}), grammarOf(v.Language)
			for _, q := range []node.Quantity{o.Dose, o.DoseHigh, o.Rate.Amount, o.Rate.High, o.Most.Amount, o.Most.High} {
				if q.Unit != nil {
					holdsOne(t, s, q.Unit.Current.Code, nounForms(g.units[q.Unit.Current.Code], q.Unit.Current.Code)...)
				}
			}
			for unit, given := range map[string]bool{o.Rate.Unit: true, o.Most.Unit: true, o.Timing.BoundsUnit: true, o.Timing.PeriodUnit: true} {
				if given && unit != "" {
					p := g.times[unit]
					holdsOne(t, s, unit, unit, p.one, p.many, p.per, p.each, p.apart, p.short, p.alone, p.counted)
				}
			}
			for _, day := range o.Timing.DayOfWeek {
				holdsOne(t, s, day, g.days[day], day)
			}
			for _, event := range o.Timing.When {
				holdsOne(t, s, event, either(g.events[event], event))
			}
			for _, date := range []string{o.Timing.BoundsFrom, o.Timing.BoundsTo} {
				holdsOne(t, s, "date", Day(date, v.Language))
			}
			for _, hour := range o.Timing.TimeOfDay {
				hour = strings.TrimPrefix(strings.TrimSuffix(hour, ":00"), "0")
				holdsOne(t, s, "hour", hour, strings.ReplaceAll(hour, ":", "."))
			}
			if o.Site != nil {
				holdsOne(t, s, "site", o.Site.Text)
			}
			if o.Route != nil {
				holdsOne(t, s, "route", either(g.routes[o.Route.Current.Code], o.Route.Current.Code))
			}
		}
	})
}

func nounForms(n noun, code string) []string {
	if n == (noun{}) {
		return []string{code}
	}
	return []string{n.one, n.many, n.short, english.shorts[n.short]}
}

// holdsOne wants one of the forms in the sentence.
func holdsOne(t *rapid.T, sentence, name string, forms ...string) {
	for _, form := range forms {
		if form != "" && strings.Contains(strings.ToLower(sentence), strings.ToLower(form)) {
			return
		}
	}
	if !slices.ContainsFunc(forms, func(f string) bool { return f != "" }) {
		return
	}
	t.Fatalf("%s is lost from %q: none of %q", name, sentence, forms)
}

// TestSeveralDosagesAreAllToldInTheirOrder finds every sentence of the single ones in the sentence of all.
func TestSeveralDosagesAreAllToldInTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "dosages")
		list := make([]node.Dosage, n)
		for i := range list {
			list[i] = drawn{t}.dosage()
			list[i].Dose = quantity("1", "15054000", "")
			list[i].Sequence = rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "sequence")
		}
		for _, v := range voices() {
			s, at := v.Dosage(list), 0
			for i, o := range inOrder(list) {
				one := v.one(o)
				found := strings.Index(strings.ToLower(s[at:]), strings.ToLower(one))
				if found < 0 {
					t.Fatalf("number %d is not in its place in %q: %q", i+1, s, one)
				}
				if mark := letter(i) + ") "; !strings.Contains(s[at:at+found], mark) {
					t.Fatalf("%q does not stand before %q in %q", mark, one, s)
				}
				at += found + len(one)
			}
			if hasGap := slices.ContainsFunc(list, func(o node.Dosage) bool { return o.Sequence == "" }); hasGap != strings.Contains(s, strings.TrimSuffix(v.fill("unordered", "{s}", ""), ": ")) {
				t.Fatalf("whether the order is known is not told as it is: %q", s)
			}
		}
	})
}

// TestEveryLanguageHasTheSameWords looks for a gap in a table.
func TestEveryLanguageHasTheSameWords(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for _, language := range languages {
		g := grammarOf(language)
		for key, words := range english.words {
			if g.words[key] == "" {
				t.Errorf("%s has no words for %s", language, key)
			}
			want, got := placeholder.FindAllString(words, -1), placeholder.FindAllString(g.words[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) && key != "every" && key != "within" {
				t.Errorf("%s fills %v into %s, and English %v", language, got, key, want)
			}
		}
		for code := range english.units {
			if n := g.units[code]; n.one == "" || n.many == "" {
				t.Errorf("%s has no forms of unit %s", language, code)
			}
		}
		for code := range english.routes {
			if g.routes[code] == "" {
				t.Errorf("%s has no words for route %s", language, code)
			}
		}
		for code := range english.events {
			if g.events[code] == "" {
				t.Errorf("%s has no words for event %s", language, code)
			}
		}
		if len(g.words) != len(english.words) || len(g.units) != len(english.units) || len(g.routes) != len(english.routes) || len(g.events) != len(english.events) {
			t.Errorf("%s has words that English has not", language)
		}
	}
}
