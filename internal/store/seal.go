package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"sild/internal/keys"
	"sild/node"
)

// vault encrypts rows and makes blind indexes.
type vault struct {
	kek *keys.KEK
}

// index is the blind index of several texts: 16 bytes that say nothing without the key. Lengths stand before the
// texts, so that ("ab", "c") is not ("a", "bc").
func (v vault) index(purpose string, parts ...string) []byte {
	var joined []byte
	for _, part := range parts {
		joined = binary.AppendUvarint(joined, uint64(len(part)))
		joined = append(joined, part...)
	}
	return v.kek.Index("store/"+purpose, string(joined))[:16]
}

// patient is the blind index of a patient in the log; nil when the event names none.
func (v vault) patient(id node.Identifier) []byte {
	if id.IsZero() {
		return nil
	}
	return v.index("event/patient", id.System, id.Value)
}

// seal encrypts a head, as JSON, and the bytes that follow it.
func (v vault) seal(purpose string, head any, tail []byte) ([]byte, error) {
	text, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("store: write a %s row: %w", purpose, err)
	}
	plain := make([]byte, 0, len(text)+len(tail)+binary.MaxVarintLen64)
	plain = binary.AppendUvarint(plain, uint64(len(text)))
	plain = append(plain, text...)
	return v.kek.Seal(purpose, append(plain, tail...))
}

// open decrypts what seal made and returns the bytes after the head.
func (v vault) open(purpose string, sealed []byte, head any) ([]byte, error) {
	plain, err := v.kek.Open(purpose, sealed)
	if err != nil {
		return nil, fmt.Errorf("store: open a %s row: %w", purpose, err)
	}
	size, skip := binary.Uvarint(plain)
	if skip <= 0 || size > uint64(len(plain)-skip) {
		return nil, fmt.Errorf("store: a %s row: %w", purpose, keys.ErrSealed)
	}
	end := skip + int(size)
	if err := json.Unmarshal(plain[skip:end], head); err != nil {
		return nil, fmt.Errorf("store: a %s row is not of this release", purpose) // the cause could quote the row
	}
	return plain[end:], nil
}

// millis is a time as the columns hold it: milliseconds since 1970 UTC.
func millis(t time.Time) int64 { return t.UnixMilli() }

// moment reads a column of milliseconds.
func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
