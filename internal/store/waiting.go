package store

import (
	"context"
	"errors"
	"time"

	"sild/node"
)

// waitingFacts is what never changes about a waiting row, waitingHead the call that its body was made in, and
// waitingProgress what each try may add.
type (
	waitingFacts struct {
		ID           node.Identifier
		Prescription node.Identifier
		Patient      node.Identifier
		Packages     int    // of rows from before amounts were counted; Takes says it since
		Takes        string `json:",omitempty"`
		Digest       string
	}
	waitingHead struct {
		Call node.Call
	}
	waitingProgress struct {
		Target  string
		Receipt *node.Receipt
		Failure *node.Failure
	}
)

// waitingRow is a waiting row as the table holds it.
type waitingRow struct {
	id                        int64
	own, country, verb, state string
	since, next               int64
	tries                     int
	facts, body, progress     []byte
	key, lane                 []byte
	reason                    string
	bodyEnds, ends            int64
}

const waitingColumns = "id, own, country, verb, state, since, next, tries, facts, body, progress"

func (r *waitingRow) into() []any {
	return []any{&r.id, &r.own, &r.country, &r.verb, &r.state, &r.since, &r.next, &r.tries, &r.facts, &r.body, &r.progress}
}

// closeWaiting encrypts what a waiting row holds.
func (s *Store) closeWaiting(w node.Waiting) (r waitingRow, err error) {
	r = waitingRow{own: w.Own, country: w.Country, verb: string(w.Verb), state: string(w.State), since: millis(w.Since),
		next: millis(w.Next), tries: w.Tries, reason: reasonFor(w.Failure), key: s.waitingKey(w.ID, w.Verb),
		lane: s.vault.index("waiting/lane", w.Country, w.Prescription.System, w.Prescription.Value)}
	r.bodyEnds, r.ends = s.waitingEnds(w.State)
	var errs [3]error
	r.facts, errs[0] = s.vault.seal("waiting/facts", waitingFacts{ID: w.ID, Prescription: w.Prescription, Patient: w.Patient, Takes: w.Takes, Digest: w.Digest}, nil)
	r.body, errs[1] = s.vault.seal("waiting/body", waitingHead{w.Call}, w.Body)
	r.progress, errs[2] = s.vault.seal("waiting/progress", waitingProgress{w.Target, w.Receipt, w.Failure}, nil)
	return r, errors.Join(errs[:]...)
}

func reasonFor(f *node.Failure) string {
	if f == nil {
		return ""
	}
	return f.Reason
}

func (s *Store) waitingKey(id node.Identifier, verb node.Verb) []byte {
	return s.vault.index("waiting", id.System, id.Value, string(verb))
}

// waitingEnds says when the body and when the row may be erased, in milliseconds: what was delivered needs no body
// soon after, everything else needs it for as long as somebody may have to decide.
func (s *Store) waitingEnds(state node.WaitingState) (body, row int64) {
	now := s.now()
	row = millis(now.Add(s.retention.Receipts))
	if state == node.WaitingDone {
		return millis(now.Add(s.retention.Delivered)), row
	}
	return row, row
}

// openWaiting decrypts a row. The body of one that was delivered long ago is gone; facts and receipt are still there.
func (v vault) openWaiting(r waitingRow) (node.Waiting, error) {
	var facts waitingFacts
	var head waitingHead
	var progress waitingProgress
	if _, err := v.open("waiting/facts", r.facts, &facts); err != nil {
		return node.Waiting{}, err
	}
	if _, err := v.open("waiting/progress", r.progress, &progress); err != nil {
		return node.Waiting{}, err
	}
	w := node.Waiting{ID: facts.ID, Verb: node.Verb(r.verb), Country: r.country, Prescription: facts.Prescription,
		Patient: facts.Patient, Takes: facts.takes(), Digest: facts.Digest, Target: progress.Target, State: node.WaitingState(r.state), Since: moment(r.since),
		Next: moment(r.next), Tries: r.tries, Receipt: progress.Receipt, Own: r.own, Failure: progress.Failure}
	if r.body == nil {
		return w, nil
	}
	var err error
	w.Body, err = v.open("waiting/body", r.body, &head)
	w.Call = head.Call
	return w, err
}

// Queue makes a waiting row durable. One of the same key (ID and verb) is returned as it is, without a change; the
// event of the second call is committed all the same. An empty state means waiting. A new row that nothing of its
// prescription stands before is leased to the caller: Due leaves it alone until its Next. One that has to stand behind
// another is due as soon as that is settled.
func (s *Store) Queue(ctx context.Context, event node.Event, waiting node.Waiting) (node.Waiting, error) {
	const op = "store.queue"
	if waiting.State == "" {
		waiting.State = node.WaitingNow
	}
	r, err := s.closeWaiting(waiting)
	if err != nil {
		return node.Waiting{}, trouble(op, err)
	}
	var known waitingRow
	var found, behind bool
	err = s.record(ctx, op, event, func(t *tx) error {
		var err error
		found, err = t.row("SELECT "+waitingColumns+" FROM waiting WHERE key = ?", []any{r.key}, known.into()...)
		if err != nil || found {
			return err
		}
		if err := t.enough(op, r.lane, waiting); err != nil {
			return err
		}
		var ahead int64
		behind, err = t.row("SELECT id FROM waiting WHERE lane = ? AND state IN ('waiting', 'uncertain') LIMIT 1", []any{r.lane}, &ahead)
		if err != nil {
			return err
		}
		if behind {
			r.next = r.since
		}
		_, err = t.exec("INSERT INTO waiting (key, own, lane, takes, target, country, verb, state, since, next, lease, tries, reason,"+
			" facts, body, progress, body_ends, ends) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)",
			r.key, r.own, r.lane, taken(waiting), waiting.Target, r.country, r.verb, r.state, r.since, r.next, r.tries, r.reason,
			r.facts, r.body, r.progress, r.bodyEnds, r.ends)
		return err
	})
	if err != nil {
		return node.Waiting{}, err
	}
	if !found {
		known = r
	}
	w, err := s.vault.openWaiting(known)
	w.Leased = !found && !behind && w.State == node.WaitingNow
	return w, trouble(op, err)
}

// due picks, oldest first, the head of every lane that is to be tried. Lanes are prescriptions: whatever was queued
// before and is still on its way, or unclear, holds back what came after.
const due = "SELECT " + waitingColumns + " FROM waiting WHERE state = 'waiting' AND next <= ? AND lease <= ?" +
	" AND NOT EXISTS (SELECT 1 FROM waiting AS ahead WHERE ahead.lane = waiting.lane AND ahead.id < waiting.id" +
	" AND ahead.state IN ('waiting', 'uncertain')) ORDER BY since, id LIMIT ?"

// Due lists what should be tried now, oldest first and at most one a prescription, so that order is kept. Those it
// returns are leased until the given time. Where nothing is due nothing is written.
func (s *Store) Due(ctx context.Context, now, lease time.Time, most int) ([]node.Waiting, error) {
	const op = "store.due"
	var first waitingRow
	some, err := s.row(ctx, due, []any{millis(now), millis(now), 1}, first.into()...)
	if err != nil || !some || most <= 0 {
		return nil, trouble(op, err)
	}
	var rows []waitingRow
	err = s.write(ctx, op, func(t *tx) error {
		var err error
		if rows, err = t.due(millis(now), most); err != nil {
			return err
		}
		for _, r := range rows {
			if _, err := t.exec("UPDATE waiting SET lease = ? WHERE id = ?", millis(lease), r.id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.openDue(op, rows)
}

// openDue passes over a row that cannot be opened, so that one broken row does not stop everybody's delivery; alone,
// it is an error. It stays in the outbox.
func (s *Store) openDue(op string, rows []waitingRow) ([]node.Waiting, error) {
	var list []node.Waiting
	var broken error
	for _, r := range rows {
		w, err := s.vault.openWaiting(r)
		if err != nil {
			broken = err
			continue
		}
		list = append(list, w)
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, trouble(op, broken)
}

func (t *tx) due(now int64, most int) ([]waitingRow, error) {
	rows, err := t.rows(due, now, now, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []waitingRow
	for rows.Next() {
		var r waitingRow
		if err := rows.Scan(r.into()...); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Progress commits a new state of a waiting row and gives its lease back. State, next try, tries, target, receipt and
// failure are taken over; identifiers, call and bytes stay as they were queued. What was delivered stays delivered,
// and what a person took over can only become delivered: anything else is a Conflict.
func (s *Store) Progress(ctx context.Context, event node.Event, waiting node.Waiting) error {
	const op = "store.progress"
	progress, err := s.vault.seal("waiting/progress", waitingProgress{waiting.Target, waiting.Receipt, waiting.Failure}, nil)
	if err != nil {
		return trouble(op, err)
	}
	key := s.waitingKey(waiting.ID, waiting.Verb)
	bodyEnds, ends := s.waitingEnds(waiting.State)
	return s.record(ctx, op, event, func(t *tx) error {
		changed, err := t.exec("UPDATE waiting SET state = ?, next = ?, lease = 0, tries = ?, reason = ?, progress = ?, receipt = ?,"+
			" delivered = CASE WHEN delivered = 0 AND ? = 'delivered' THEN ? ELSE delivered END,"+
			" body_ends = ?, ends = ? WHERE key = ? AND (state NOT IN ('delivered', 'handed-over') OR ? = 'delivered')",
			string(waiting.State), millis(waiting.Next), waiting.Tries, reasonFor(waiting.Failure), progress, receiptOf(waiting),
			string(waiting.State), millis(s.now()), bodyEnds, ends, key, string(waiting.State))
		if err != nil || changed > 0 {
			return err
		}
		return t.standing(op, key)
	})
}

func receiptOf(w node.Waiting) string {
	if w.Receipt == nil {
		return ""
	}
	return w.Receipt.ID
}

// standing says why a waiting row was not changed.
func (t *tx) standing(op string, key []byte) error {
	var state string
	found, err := t.row("SELECT state FROM waiting WHERE key = ?", []any{key}, &state)
	if err != nil {
		return err
	}
	if !found {
		return &node.Error{Op: op, Kind: node.NotFound, Reason: "waiting.none", Detail: "No such dispensation is waiting."}
	}
	return &node.Error{Op: op, Kind: node.Conflict, Reason: "waiting." + state,
		Detail: "This dispensation is settled already and does not wait any more."}
}

// Waiting finds a row by the opaque id that our pharmacy was given (our own, or that of country A's receipt), or by
// identifier and verb.
func (s *Store) Waiting(ctx context.Context, wanted node.WaitingKey) (node.Waiting, bool, error) {
	const op = "store.waiting"
	var r waitingRow
	where, args := " FROM waiting WHERE key = ?", []any{s.waitingKey(wanted.ID, wanted.Verb)}
	if wanted.Opaque != "" {
		where, args = " FROM waiting WHERE own = ? OR (receipt = ? AND receipt <> '')", []any{wanted.Opaque, wanted.Opaque}
	}
	found, err := s.row(ctx, "SELECT "+waitingColumns+where, args, r.into()...)
	if err != nil || !found {
		return node.Waiting{}, false, trouble(op, err)
	}
	w, err := s.vault.openWaiting(r)
	return w, err == nil, trouble(op, err)
}
