package keys

import (
	"crypto/rand"
	"errors"
	"fmt"
)

// A sealed row is
//
//	version (1) | ID of the KEK (8) | wrapped data key (60) | body
//
// The wrapped data key and the body are AES-256-GCM, nonce (12) first and tag
// (16) last. The data key is random and used for this row only. Additional
// data of the wrapping are version and ID, of the body version and purpose:
// re-wrapping touches the first 69 bytes and needs neither purpose nor body.
const (
	sealedVersion = 1
	gcmOverhead   = 12 + 16
	headSize      = 1 + len(ID{})
	wrappedSize   = secretSize + gcmOverhead
	minSealed     = headSize + wrappedSize + gcmOverhead
)

// Overhead is how many bytes a sealed row is longer than its plaintext.
const Overhead = minSealed

// ErrSealed says that sealed bytes are not what some KEK once sealed for this
// purpose: altered, cut, moved from another place, or never sealed.
var ErrSealed = errors.New("keys: sealed bytes were altered or belong elsewhere")

// ErrUnknownKEK says that the key-encryption key that sealed a row is not here.
var ErrUnknownKEK = errors.New("keys: sealed with a key-encryption key that is not known here")

// Seal encrypts plaintext under a fresh data key that this KEK wraps. The
// purpose is not stored but must be the same to open: name in it the table and
// whatever the row must not be moved away from. An operator should rotate the
// KEK before 2^32 rows (NIST SP 800-38D section 8.3).
func (k *KEK) Seal(purpose string, plaintext []byte) ([]byte, error) {
	var dataKey [secretSize]byte
	rand.Read(dataKey[:])
	body, err := newAEAD(dataKey[:])
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 0, len(plaintext)+Overhead)
	sealed = k.appendHead(sealed, dataKey[:])
	return body.Seal(sealed, nil, plaintext, bodyData(purpose)), nil
}

// Open returns what was sealed for this purpose. The error is ErrUnknownKEK if
// another KEK sealed it and ErrSealed for anything else.
func (k *KEK) Open(purpose string, sealed []byte) ([]byte, error) {
	dataKey, err := k.unwrap(sealed)
	if err != nil {
		return nil, err
	}
	body, err := newAEAD(dataKey)
	if err != nil {
		return nil, err
	}
	plaintext, err := body.Open(nil, nil, sealed[headSize+wrappedSize:], bodyData(purpose))
	if err != nil {
		return nil, ErrSealed
	}
	return plaintext, nil
}

// Rewrap returns the row under another KEK: only the data key is encrypted
// anew, the body is copied and not read. A body altered before is found by
// Open, as ever. The errors are those of Open.
func (k *KEK) Rewrap(sealed []byte, to *KEK) ([]byte, error) {
	dataKey, err := k.unwrap(sealed)
	if err != nil {
		return nil, err
	}
	out := to.appendHead(make([]byte, 0, len(sealed)), dataKey)
	return append(out, sealed[headSize+wrappedSize:]...), nil
}

// SealedBy returns the ID of the KEK that sealed a row, unproved until the row
// is opened.
func SealedBy(sealed []byte) (ID, error) {
	if len(sealed) < minSealed || sealed[0] != sealedVersion {
		return ID{}, ErrSealed
	}
	return ID(sealed[1:headSize]), nil
}

func (k *KEK) appendHead(sealed, dataKey []byte) []byte {
	sealed = append(sealed, sealedVersion)
	sealed = append(sealed, k.id[:]...)
	return k.wrap.Seal(sealed, nil, dataKey, sealed)
}

func (k *KEK) unwrap(sealed []byte) ([]byte, error) {
	id, err := SealedBy(sealed)
	if err != nil {
		return nil, err
	}
	if id != k.id {
		return nil, fmt.Errorf("%w: %s", ErrUnknownKEK, id)
	}
	dataKey, err := k.wrap.Open(nil, nil, sealed[headSize:headSize+wrappedSize], sealed[:headSize])
	if err != nil {
		return nil, ErrSealed
	}
	return dataKey, nil
}

// bodyData is the additional data of a body.
func bodyData(purpose string) []byte {
	return append([]byte{sealedVersion}, purpose...)
}
