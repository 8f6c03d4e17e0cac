package app

import (
	"runtime/debug"
	"testing"
)

func TestTheEnvironmentGoesBeforeOurSettingOfTheCollector(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	for _, c := range []struct {
		environment string
		want        int
	}{{"", garbageBesideLive}, {"50", 100}, {"off", 100}} {
		t.Setenv("GOGC", c.environment)
		SpareCollector()
		if got := debug.SetGCPercent(100); got != c.want {
			t.Errorf("GOGC=%q: the collector waits for %d %%, want %d", c.environment, got, c.want)
		}
	}
}
