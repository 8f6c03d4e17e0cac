package reading

import (
	"strings"
	"time"

	"sild/node"
)

// day shows a FHIR date or instant the reader's way, as exact as it was written: a year stays a year, and a time keeps the
// zone that it was written in. What is no date is shown as it stands.
func (w *writer) day(written string) Value {
	if written == "" {
		return Value{}
	}
	date, clock, _ := strings.Cut(written, "T")
	v := Value{Original: written, Translated: written, Neutral: true}
	for _, form := range []struct{ layout, label string }{{"2006-01-02", "date.day"}, {"2006-01", "date.month"}, {"2006", "date.year"}} {
		at, err := time.Parse(form.layout, date)
		if err != nil {
			continue
		}
		v.Translated = joined(" ", at.Format(w.say(form.label)), hour(clock))
		break
	}
	return v
}

// hour is the time of an instant with its zone, without seconds where they are zero.
func hour(clock string) string {
	at := strings.IndexAny(clock, "Z+-")
	if at < 0 {
		return clock
	}
	zone := clock[at:]
	if zone == "Z" {
		zone = "+00:00"
	}
	return strings.TrimSuffix(strings.TrimSuffix(clock[:at], ".000"), ":00") + " (UTC" + zone + ")"
}

// period shows from when to when something holds; an end that is not given is open.
func (w *writer) period(p node.Period) Value {
	from, to := w.day(p.From), w.day(p.To)
	switch {
	case p.From == "" && p.To == "":
		return Value{}
	case p.To == "":
		return Value{Original: p.From + " –", Translated: w.fill("from", "{d}", from.Translated), TranslatedIn: w.language}
	case p.From == "":
		return Value{Original: "– " + p.To, Translated: w.fill("until", "{d}", to.Translated), TranslatedIn: w.language}
	}
	return between(from, to, " – ")
}
