package reading

import (
	"strings"

	"sild/internal/reading/sentence"
	"sild/node"
)

// dosages shows every dosage instruction, and that there is none. Several are told as a whole first: what comes after what is
// in no single one of them. A denied statement is denied in its sentence too, which may be read aloud alone.
func (w *writer) dosages(list []node.Dosage, denied bool) []Block {
	whole := w.sentences(list, denied)
	if len(list) == 0 {
		whole.must("dosage")
	}
	if len(list) < 2 {
		for _, d := range list {
			whole.dosage(d)
		}
		return []Block{{Heading: w.say("dosage"), Rows: whole.rows}}
	}
	var blocks []Block
	if len(whole.rows) > 0 {
		blocks = append(blocks, Block{Heading: w.say("dosage"), Rows: whole.rows})
	}
	for i, d := range list {
		s := sheet{writer: w}
		s.dosage(d)
		blocks = append(blocks, Block{Heading: w.numbered("dosage", i, len(list)), Rows: s.rows})
	}
	return blocks
}

// sentences tells the structured dosage to a pharmacist and to a patient, with the prescriber's own words beside it: the
// sentence is not their translation.
func (w *writer) sentences(list []node.Dosage, denied bool) *sheet {
	s := &sheet{writer: w}
	voice := sentence.Voice{Language: w.language, Source: w.source, Denied: denied}
	var own []string
	for _, d := range list {
		own = append(own, d.Text)
	}
	said := Value{Translated: voice.Dosage(list), TranslatedIn: w.language}
	if said.Translated == "" {
		return s
	}
	if beside := joined(" | ", own...); beside != "" {
		said.Original, said.OriginalIn = beside, w.source
	}
	s.row("dosage.pharmacist", said)
	voice.Reader = sentence.Patient
	s.row("dosage.patient", Value{Translated: voice.Dosage(list), TranslatedIn: w.language})
	return s
}

// dosage shows the prescriber's own sentence, then each structured part in a line of its own, as it was written and as it
// counts now.
func (s *sheet) dosage(d node.Dosage) {
	before := len(s.rows)
	s.texts("dosage.text", d.Text)
	s.texts("dosage.more", d.Additional...)
	s.names("dosage.sequence", d.Sequence)
	s.row("dosage.dose", s.span(d.Dose, d.DoseHigh))
	s.row("dosage.most", s.perTime(d.Most))
	s.row("dosage.rate", s.perTime(d.Rate))
	s.slots("dosage.route", d.Route)
	s.slots("dosage.site", d.Site)
	if d.AsNeeded != nil {
		word := "dosage.as-needed.no"
		if *d.AsNeeded {
			word = "dosage.as-needed.yes"
		}
		s.row("dosage.as-needed", Value{Original: s.answer(*d.AsNeeded).Original, Translated: s.say(word), TranslatedIn: s.language})
	}
	s.slots("dosage.needed-for", d.NeededFor...)
	s.timing(d.Timing)
	if len(s.rows) == before {
		s.must("dosage.text")
	}
}

func (s *sheet) timing(t node.Timing) {
	s.row("timing.often", s.often(t))
	var days, clocks, events []Value
	for _, day := range t.DayOfWeek {
		days = append(days, s.worded("day", day))
	}
	for _, clock := range t.TimeOfDay {
		clocks = append(clocks, Value{Original: clock, Translated: strings.TrimSuffix(clock, ":00"), Neutral: true})
	}
	for _, event := range t.When {
		events = append(events, s.event(event))
	}
	for i, clock := range clocks {
		if len(clock.Translated) < len("08:00") {
			clocks[i].Translated = clock.Original
		}
	}
	s.row("timing.days", days...)
	s.row("timing.clock", clocks...)
	s.row("timing.event", events...)
	s.row("timing.offset", s.number(t.Offset))
	if t.BoundsValue != "" || t.BoundsUnit != "" {
		s.row("timing.lasts", s.counted(t.BoundsValue, t.BoundsUnit))
	}
	s.row("timing.dates", s.period(node.Period{From: t.BoundsFrom, To: t.BoundsTo}))
}

// event is a time of the day by meals and sleep; a code that nobody knows stands for itself.
func (w *writer) event(code string) Value {
	words := sentence.Event(code, w.language)
	if words == "" {
		return neutral(code)
	}
	return Value{Original: code, Translated: words, TranslatedIn: w.language}
}

// counted is a number of time units: 10 days.
func (w *writer) counted(number, unit string) Value {
	return Value{Original: joined(" ", number, unit), Translated: sentence.Length(number, unit, w.language), TranslatedIn: w.language}
}

// perTime is an amount in a length of time.
func (w *writer) perTime(p node.PerTime) Value {
	if p.IsZero() {
		return Value{}
	}
	return between(w.span(p.Amount, p.High), w.counted(p.Time, p.Unit), " / ")
}

// often says how many times in which period, each with its upper end where it has one.
func (w *writer) often(t node.Timing) Value {
	v := Value{Original: joined(" / ", rangeOf(t.Frequency, t.FrequencyMax), joined(" ", rangeOf(t.Period, t.PeriodMax), t.PeriodUnit)),
		Translated: sentence.Often(t, w.language), TranslatedIn: w.language}
	if v.Translated == "" {
		return neutral(v.Original)
	}
	return v
}

// rangeOf writes "2–3", "2", or "≤ 3" where only the upper end is given.
func rangeOf(low, high string) string {
	switch {
	case high == "" || high == low:
		return low
	case low == "":
		return "≤ " + high
	}
	return low + "–" + high
}
