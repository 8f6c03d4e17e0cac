package store

import (
	"context"

	"sild/node"
	"sild/trust"
)

// Accept keeps a trust list's bytes and state. It refuses one behind the kept list: a lower root version, or the same
// root and a lower sequence. Replicas and an operator's tool may write at the same time.
func (s *Store) Accept(ctx context.Context, raw []byte, state trust.State) error {
	const op = "store.trust-accept"
	sealed, err := s.vault.seal("trust", state, raw)
	if err != nil {
		return trouble(op, err)
	}
	return s.write(ctx, op, func(t *tx) error {
		changed, err := t.exec("INSERT INTO trust (id, root, sequence, sealed) VALUES (1, ?, ?, ?)"+
			" ON CONFLICT (id) DO UPDATE SET root = excluded.root, sequence = excluded.sequence, sealed = excluded.sealed"+
			" WHERE excluded.root > trust.root OR (excluded.root = trust.root AND excluded.sequence >= trust.sequence)",
			state.RootVersion, state.Sequence, sealed)
		if err == nil && changed == 0 {
			return &node.Error{Op: op, Kind: node.Conflict, Reason: "trust.rollback",
				Detail: "A newer trust list is kept already."}
		}
		return err
	})
}

// Last returns the trust list that was accepted last. Before the first, raw is empty.
func (s *Store) Last(ctx context.Context) (raw []byte, state trust.State, err error) {
	const op = "store.trust-last"
	var sealed []byte
	found, err := s.row(ctx, "SELECT sealed FROM trust WHERE id = 1", nil, &sealed)
	if err != nil || !found {
		return nil, trust.State{}, trouble(op, err)
	}
	raw, err = s.vault.open("trust", sealed, &state)
	return raw, state, trouble(op, err)
}
