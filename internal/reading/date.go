package reading

import (
	"sild/internal/reading/sentence"
	"sild/node"
)

// day shows a FHIR date or instant the reader's way, as exact as it was written.
func (w *writer) day(written string) Value {
	return Value{Original: written, Translated: sentence.Day(written, w.language), Neutral: written != ""}
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
