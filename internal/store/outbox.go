package store

import (
	"context"
	"time"

	"sild/node"
)

// OutboxLine is a dispensation or withdrawal on its way, as an operator may see it: nothing clinical, nobody's name.
type OutboxLine struct {
	Own     string            `json:"own"`     // opaque id, the one that the pharmacy was given
	Country string            `json:"country"` // of affiliation, ISO 3166 alpha-2
	Verb    node.Verb         `json:"verb"`
	State   node.WaitingState `json:"state"`
	Since   time.Time         `json:"since"` // UTC
	Tries   int               `json:"tries"`
	Next    time.Time         `json:"next"`             // UTC; when it is tried again, if it is
	Reason  string            `json:"reason,omitempty"` // machine word of the last failure
}

// Outbox lists everything that is not delivered, in the order in which it was queued. It needs no key.
func (v *View) Outbox(ctx context.Context) ([]OutboxLine, error) {
	const op = "store.outbox"
	rows, err := v.db.QueryContext(ctx, "SELECT own, country, verb, state, since, tries, next, reason FROM waiting"+
		" WHERE state <> 'delivered' ORDER BY id")
	if err != nil {
		return nil, trouble(op, err)
	}
	defer rows.Close()
	var lines []OutboxLine
	for rows.Next() {
		var l OutboxLine
		var since, next int64
		if err := rows.Scan(&l.Own, &l.Country, &l.Verb, &l.State, &since, &l.Tries, &next, &l.Reason); err != nil {
			return nil, trouble(op, err)
		}
		l.Since, l.Next = moment(since), moment(next)
		lines = append(lines, l)
	}
	return lines, trouble(op, rows.Err())
}
