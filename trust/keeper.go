package trust

import (
	"context"
	"errors"
	"time"
)

// Keeper remembers the last accepted list across restarts. The store implements it.
type Keeper interface {
	// Accept keeps a list's bytes and state in one transaction, and refuses if
	// a list with a higher root version or sequence is kept already: replicas
	// share one keeper.
	Accept(ctx context.Context, raw []byte, state State) error
	// Last returns what was accepted last. Before the first list, raw is empty.
	Last(ctx context.Context) (raw []byte, state State, err error)
}

// Open reads the kept list when a node starts. A list whose time has passed is
// returned together with ReasonExpired: it denies everything and still says who
// the peers are. In every other refusal the list is nil, which denies everything.
func Open(ctx context.Context, keeper Keeper, root Root, now time.Time) (*List, error) {
	raw, state, err := keeper.Last(ctx)
	if err != nil {
		return nil, &Error{Reason: ReasonKeeper, Cause: err}
	}
	if len(raw) == 0 {
		return nil, refuse(ReasonNoList, "")
	}
	list, err := read(raw, root, now)
	if err != nil {
		return nil, err
	}
	if err := list.follows(root, &state, now); err != nil {
		return nil, err
	}
	if err := list.fresh(now); err != nil {
		if errors.Is(err, &Error{Reason: ReasonExpired}) {
			return list, err
		}
		return nil, err
	}
	return list, nil
}

// Refresh takes in a list that arrived. It returns the list to decide with from
// now on. If the new one is refused or cannot be kept, that is the last good
// list as Open returns it, beside the error for the operator; the kept state is
// unchanged. A list that is the kept one is not accepted a second time, unless the
// kept bytes carry signatures of operators who have since left.
func Refresh(ctx context.Context, keeper Keeper, raw []byte, root Root, now time.Time) (*List, error) {
	kept, state, err := keeper.Last(ctx)
	if err != nil {
		return nil, &Error{Reason: ReasonKeeper, Cause: err}
	}
	last := &state
	if len(kept) == 0 {
		last = nil
	}
	list, err := Verify(raw, root, last, now)
	if err == nil {
		if last != nil && last.RootVersion == root.Version && last.Digest == list.digest && reads(kept, root, now) {
			return list, nil
		}
		if err = keeper.Accept(ctx, raw, list.after(root, last, now)); err == nil {
			return list, nil
		}
		err = &Error{Reason: ReasonKeeper, Cause: err}
	}
	good, _ := Open(ctx, keeper, root, now)
	return good, err
}

func reads(raw []byte, root Root, now time.Time) bool {
	_, err := read(raw, root, now)
	return err == nil
}
