package keys

import (
	"errors"
	"fmt"
)

// Ring is the current key-encryption key with the former ones, while rows are
// being re-wrapped. It may be used by many goroutines.
type Ring struct {
	keys []*KEK // the current one first
}

// NewRing returns a ring that seals with current and opens with any. It
// refuses the same key twice.
func NewRing(current *KEK, former ...*KEK) (*Ring, error) {
	r := &Ring{}
	for _, k := range append([]*KEK{current}, former...) {
		if k == nil {
			return nil, errors.New("keys: a ring needs its keys")
		}
		if r.find(k.id) != nil {
			return nil, fmt.Errorf("keys: key-encryption key %s is given twice", k.id)
		}
		r.keys = append(r.keys, k)
	}
	return r, nil
}

// Seal seals with the current key; see KEK.Seal.
func (r *Ring) Seal(purpose string, plaintext []byte) ([]byte, error) {
	return r.keys[0].Seal(purpose, plaintext)
}

// Open opens with whichever key sealed the row; see KEK.Open.
func (r *Ring) Open(purpose string, sealed []byte) ([]byte, error) {
	k, err := r.sealer(sealed)
	if err != nil {
		return nil, err
	}
	return k.Open(purpose, sealed)
}

// Rewrap brings a row under the current key, and returns the same slice if it
// is there already.
func (r *Ring) Rewrap(sealed []byte) ([]byte, error) {
	k, err := r.sealer(sealed)
	if err != nil {
		return nil, err
	}
	if k == r.keys[0] {
		return sealed, nil
	}
	return k.Rewrap(sealed, r.keys[0])
}

// Index returns the blind index to write with a new row; see KEK.Index.
func (r *Ring) Index(purpose, value string) []byte {
	return r.keys[0].Index(purpose, value)
}

// Indexes returns the blind index under every key, the current one first, to
// look up rows by. An index cannot be re-wrapped: until each row's index is
// written anew from its value, a row may stand under any of them.
func (r *Ring) Indexes(purpose, value string) [][]byte {
	all := make([][]byte, len(r.keys))
	for i, k := range r.keys {
		all[i] = k.Index(purpose, value)
	}
	return all
}

func (r *Ring) sealer(sealed []byte) (*KEK, error) {
	id, err := SealedBy(sealed)
	if err != nil {
		return nil, err
	}
	k := r.find(id)
	if k == nil {
		return nil, fmt.Errorf("%w: %s", ErrUnknownKEK, id)
	}
	return k, nil
}

func (r *Ring) find(id ID) *KEK {
	for _, k := range r.keys {
		if k.id == id {
			return k
		}
	}
	return nil
}
