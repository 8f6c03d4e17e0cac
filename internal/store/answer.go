package store

import (
	"context"
	"fmt"
	"time"

	"sild/node"
)

// Disclosed commits the event and what it released, before the data leave.
func (s *Store) Disclosed(ctx context.Context, event node.Event, released []node.Release) error {
	keys := make([][]byte, len(released))
	for i, r := range released {
		keys[i] = s.releaseKey(event.Peer, r.Prescription)
	}
	return s.record(ctx, "store.disclosed", event, func(t *tx) error {
		for i, r := range released {
			if err := t.keepLonger(keys[i], r.Terminology, millis(r.Expires)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) releaseKey(peer string, prescription node.Identifier) []byte {
	return s.vault.index("released", peer, prescription.System, prescription.Value)
}

// keepLonger writes a release; one that is there already only ever moves its end later, and keeps by which snapshots it
// was shown, the last one first: an earlier showing may be dispensed too.
func (t *tx) keepLonger(key []byte, terminology string, ends int64) error {
	_, err := t.exec("INSERT INTO released (key, terminology, ends) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"+
		" terminology = CASE WHEN instr(released.terminology, excluded.terminology) > 0 THEN released.terminology"+
		" ELSE trim(excluded.terminology || ' ' || released.terminology) END, ends = max(excluded.ends, released.ends)", key, terminology, ends)
	return err
}

// shelfHead is a shelved document without its bytes, which follow it one part after another.
type shelfHead struct {
	Shelved node.Shelved
	Lengths []int
}

// Offered commits the event and the shelf.
func (s *Store) Offered(ctx context.Context, event node.Event, shelf []node.Shelved) error {
	const op = "store.offered"
	keys, rows := make([][]byte, len(shelf)), make([][]byte, len(shelf))
	for i, d := range shelf {
		head := shelfHead{Shelved: d}
		head.Shelved.Encoded.Parts = make([]node.Part, len(d.Encoded.Parts))
		var bodies []byte
		for n, part := range d.Encoded.Parts {
			head.Shelved.Encoded.Parts[n].ContentType = part.ContentType
			head.Lengths = append(head.Lengths, len(part.Body))
			bodies = append(bodies, part.Body...)
		}
		var err error
		if rows[i], err = s.vault.seal("shelf", head, bodies); err != nil {
			return trouble(op, err)
		}
		keys[i] = s.shelfKey(d.Handle, d.Peer, d.Patient)
	}
	return s.record(ctx, op, event, func(t *tx) error {
		for i, d := range shelf {
			if _, err := t.exec("INSERT INTO shelf (key, sealed, ends) VALUES (?, ?, ?)", keys[i], rows[i], millis(d.Expires)); err != nil {
				return err
			}
		}
		return nil
	})
}

// shelfKey binds the handle to peer and patient: with another of either there is nothing to be found.
func (s *Store) shelfKey(handle, peer string, patient node.Identifier) []byte {
	return s.vault.index("shelf", handle, peer, patient.System, patient.Value)
}

// Shelved finds a shelved document; false when there is none, it expired, or it is another peer's or patient's.
func (s *Store) Shelved(ctx context.Context, handle, peer string, patient node.Identifier) (node.Shelved, bool, error) {
	const op = "store.shelved"
	var sealed []byte
	found, err := s.row(ctx, "SELECT sealed FROM shelf WHERE key = ? AND ends > ?",
		[]any{s.shelfKey(handle, peer, patient), millis(s.now())}, &sealed)
	if err != nil || !found {
		return node.Shelved{}, false, trouble(op, err)
	}
	var head shelfHead
	bodies, err := s.vault.open("shelf", sealed, &head)
	if err != nil {
		return node.Shelved{}, false, trouble(op, err)
	}
	parts := head.Shelved.Encoded.Parts
	for i, length := range head.Lengths {
		if i >= len(parts) || length > len(bodies) {
			return node.Shelved{}, false, trouble(op, fmt.Errorf("store: a shelved document lacks bytes"))
		}
		parts[i].Body, bodies = bodies[:length:length], bodies[length:]
	}
	return head.Shelved, true, nil
}

// keptHead is a kept prescription without its source, which follows it.
type keptHead struct {
	Country string
	ID      node.Identifier
	Patient node.Identifier
	Format  node.Format
	Expires time.Time

	Terminology string
}

// Fetched commits the event that data from abroad are about to be shown, and keeps prescriptions for dispensing. One
// that is fetched again replaces the one before.
func (s *Store) Fetched(ctx context.Context, event node.Event, kept []node.Kept) error {
	const op = "store.fetched"
	keys, rows := make([][]byte, len(kept)), make([][]byte, len(kept))
	for i, k := range kept {
		var err error
		if rows[i], err = s.vault.seal("kept", keptHead{k.Country, k.ID, k.Patient, k.Format, k.Expires, k.Terminology}, k.Source); err != nil {
			return trouble(op, err)
		}
		keys[i] = s.keptKey(k.Country, k.ID)
	}
	return s.record(ctx, op, event, func(t *tx) error {
		for i, k := range kept {
			if _, err := t.exec("INSERT INTO kept (key, sealed, ends) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"+
				" SET sealed = excluded.sealed, ends = excluded.ends", keys[i], rows[i], millis(k.Expires)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) keptKey(country string, id node.Identifier) []byte {
	return s.vault.index("kept", country, id.System, id.Value)
}

// Kept finds a kept prescription; false when there is none or it expired.
func (s *Store) Kept(ctx context.Context, country string, id node.Identifier) (node.Kept, bool, error) {
	const op = "store.kept"
	var sealed []byte
	found, err := s.row(ctx, "SELECT sealed FROM kept WHERE key = ? AND ends > ?",
		[]any{s.keptKey(country, id), millis(s.now())}, &sealed)
	if err != nil || !found {
		return node.Kept{}, false, trouble(op, err)
	}
	var head keptHead
	source, err := s.vault.open("kept", sealed, &head)
	if err != nil {
		return node.Kept{}, false, trouble(op, err)
	}
	return node.Kept{Country: head.Country, ID: head.ID, Patient: head.Patient, Format: head.Format, Source: source,
		Expires: head.Expires, Terminology: head.Terminology}, true, nil
}
