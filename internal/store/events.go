package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"sild/internal/ledger"
	"sild/node"
)

// largestEvent bounds an event row, so that an export line can always hold it.
const largestEvent = 1 << 20

const eventPurpose = "event"

// entry is an event as it is written: the leaf, and salt and row encrypted together so that they are erased together.
type entry struct {
	leaf    ledger.Leaf
	patient []byte
	sealed  []byte
	ends    int64
}

// entry prepares an event outside the writer.
func (s *Store) entry(e node.Event) (entry, error) {
	row, err := json.Marshal(e)
	if err != nil {
		return entry{}, errors.New("store: an event cannot be written as JSON")
	}
	if len(row) > largestEvent {
		return entry{}, fmt.Errorf("store: an event of %d bytes is too long", len(row))
	}
	salt := ledger.NewSalt()
	sealed, err := s.vault.kek.Seal(eventPurpose, append(salt[:], row...))
	if err != nil {
		return entry{}, err
	}
	return entry{leaf: ledger.Commit(salt, row), patient: s.vault.patient(e.Patient), sealed: sealed,
		ends: millis(s.now().Add(s.retention.Events))}, nil
}

// opened decrypts an event row.
func (v vault) opened(sealed []byte) (*ledger.Opening, error) {
	plain, err := v.kek.Open(eventPurpose, sealed)
	if err != nil {
		return nil, err
	}
	o := &ledger.Opening{}
	if len(plain) < len(o.Salt) {
		return nil, errors.New("store: an event row is cut off")
	}
	o.Row = plain[copy(o.Salt[:], plain):]
	return o, nil
}

// record commits an event together with the state that the closure writes.
func (s *Store) record(ctx context.Context, op string, event node.Event, do func(*tx) error) error {
	e, err := s.entry(event)
	if err != nil {
		return trouble(op, err)
	}
	return s.write(ctx, op, func(t *tx) error {
		if do != nil {
			if err := do(t); err != nil {
				return err
			}
		}
		return t.event(e)
	})
}

// Refused commits the event of a refusal.
func (s *Store) Refused(ctx context.Context, event node.Event) error {
	return s.record(ctx, "store.refused", event, nil)
}

// Activated commits the event that a terminology snapshot is in force from now on.
func (s *Store) Activated(ctx context.Context, event node.Event) error {
	return s.record(ctx, "store.activated", event, nil)
}

// Access is one event of the log with its place there.
type Access struct {
	Leaf  int64
	Event node.Event
}

// Accesses lists who asked about a patient, newest first and at most so many. Erased events are not among them.
func (v *View) Accesses(ctx context.Context, patient node.Identifier, most int) ([]Access, error) {
	const op = "store.accesses"
	if v.vault == nil {
		return nil, trouble(op, errKeyless)
	}
	rows, err := v.db.QueryContext(ctx, v.db.Rebind(
		"SELECT leaf, sealed FROM events WHERE patient = ? ORDER BY leaf DESC LIMIT ?"), v.vault.patient(patient), most)
	if err != nil {
		return nil, trouble(op, err)
	}
	defer rows.Close()
	var found []Access
	for rows.Next() {
		var a Access
		var sealed []byte
		if err := rows.Scan(&a.Leaf, &sealed); err != nil {
			return nil, trouble(op, err)
		}
		opening, err := v.vault.opened(sealed)
		if err != nil {
			return nil, trouble(op, err)
		}
		if json.Unmarshal(opening.Row, &a.Event) != nil {
			return nil, trouble(op, fmt.Errorf("store: event %d is not of this release", a.Leaf))
		}
		found = append(found, a)
	}
	return found, trouble(op, rows.Err())
}
