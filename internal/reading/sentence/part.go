package sentence

import (
	"strings"

	"sild/node"
)

// Often says how often, by itself. It is empty where there is nothing to say or the language has no words for the unit.
func Often(t node.Timing, language string) string {
	c := &clauses{Voice: Voice{Language: language, Reader: Patient}, grammar: grammarOf(language)}
	return c.often(t)
}

// Event is the words for a time of the day by meals and sleep (FHIR R4 event-timing, HL7 v3 TimingEvent); empty for a code
// that nobody knows.
func Event(code, language string) string { return grammarOf(language).events[code] }

// Length is a number of units of time: 10 days. A unit that nobody knows stands for itself.
func Length(number, unit, language string) string {
	g := grammarOf(language)
	if _, known := g.times[unit]; known {
		unit = g.counted(number, unit)
	}
	return strings.TrimSpace(g.number(number) + " " + unit)
}
