package store

import (
	"math/big"
	"testing"
	"time"

	"sild/node"
)

// What an earlier release delivered is in the answer of country A only where A was asked after the upgrade.
func TestRowsDeliveredBeforeTheUpgrade(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.write(t.Context(), "test", func(t *tx) error {
		for _, step := range []string{"ALTER TABLE waiting DROP COLUMN delivered", "ALTER TABLE waiting DROP COLUMN target",
			"DELETE FROM goose_db_version WHERE version_id = 4"} {
			if _, err := t.exec(step); err != nil {
				return err
			}
		}
		return nil
	}))
	for key, state := range []node.WaitingState{node.WaitingDone, node.WaitingNow, node.WaitingRefused} {
		must(t, s.write(t.Context(), "test", func(t *tx) error {
			_, err := t.exec("INSERT INTO waiting (key, own, lane, takes, country, verb, state, since, next, lease, tries, reason, facts,"+
				" progress, body_ends, ends) VALUES (?, ?, x'01', ?, 'EE', ?, ?, 1, 1, 0, 0, '', x'', x'', 0, 0)",
				[]byte{byte(key)}, string(state), []string{"2", "1/2", "7"}[key], string(node.DispenseVerb), string(state))
			return err
		}))
	}
	before := time.Now()
	s.restart()
	for _, c := range []struct {
		asked time.Time
		taken string
	}{{before, "5/2"}, {time.Now().Add(2 * time.Second), "1/2"}} {
		var sum *big.Rat
		must(t, s.write(t.Context(), "test", func(t *tx) (err error) {
			sum, err = t.takenSince([]byte{1}, millis(c.asked))
			return err
		}))
		if want, _ := new(big.Rat).SetString(c.taken); sum.Cmp(want) != 0 {
			t.Errorf("asked at %v: %s taken, want %s", c.asked.Sub(before), sum.RatString(), c.taken)
		}
	}
}
