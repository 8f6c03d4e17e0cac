package rest

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

// seen remembers which tokens' signatures were verified, until they expire. A read token may be used more than once in
// its life, and the signature is the only check that gives the same result each time: every other one runs again. It
// may be lost at any time. It holds digests, never tokens.
type seen struct {
	mu         sync.Mutex
	young, old map[mark]signature
}

// mark names a token by everything that its signature was verified with: a newer trust list or another peer makes
// another mark. The key's id stands in the token.
type mark [sha256.Size]byte

// signature is one that held.
type signature struct {
	kid   string
	until time.Time
}

// mostSeen bounds each of the two generations.
const mostSeen = 4096

func markOf(token, participant string, sequence int64) mark {
	text := make([]byte, 0, len(token)+len(participant)+16)
	text = binary.BigEndian.AppendUint64(text, uint64(sequence))
	text = binary.BigEndian.AppendUint64(text, uint64(len(participant)))
	text = append(append(text, participant...), token...)
	return sha256.Sum256(text)
}

// find gives the id of the key that verified the token, if that is remembered and the token has not expired.
func (s *seen) find(m mark, now time.Time) (kid string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, ok := s.young[m]
	if !ok {
		held, ok = s.old[m]
	}
	return held.kid, ok && now.Before(held.until)
}

// keep remembers a verified signature until the token expires.
func (s *seen) keep(m mark, held signature) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.young == nil || len(s.young) >= mostSeen {
		s.old, s.young = s.young, make(map[mark]signature, 64)
	}
	s.young[m] = held
}
