//go:build lifted

package rest

import (
	"testing"

	"sild/internal/barrier"
)

func TestEachAttackGetsThroughWhenItsOwnCheckIsLifted(t *testing.T) {
	for _, a := range attacks() {
		if a.solid {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			barrier.Lift(a.check)
			defer barrier.Lift("")
			c, response, body := a.send(t)
			if len(c.desk.calls) == 0 || response.StatusCode >= 300 {
				t.Errorf("%s was not what stopped it: %d %s", a.check, response.StatusCode, body)
			}
		})
	}
}

func TestAnotherLiftedCheckHelpsNoAttack(t *testing.T) {
	for _, a := range attacks() {
		barrier.Lift("nothing of the sort")
		if c, _, _ := a.send(t); len(c.desk.calls) != 0 {
			t.Errorf("%s got through", a.name)
		}
		barrier.Lift("")
	}
}
