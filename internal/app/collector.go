package app

import (
	"os"
	"runtime/debug"
)

// garbageBesideLive is how much garbage may lie beside what lives before it is collected, in per cent. Little lives in a
// node, as its tables are a mapped file, so that at Go's own 100 the collector runs after every few documents.
const garbageBesideLive = 400

// SpareCollector lets the process collect garbage less often than Go's default: a document is then translated in about four
// fifths of the time, for some tens of megabytes. GOGC in the environment goes before it, and GOMEMLIMIT still holds.
func SpareCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbageBesideLive)
	}
}
