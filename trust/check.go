package trust

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sild/internal/jose"
)

// Bounds of a list.
const (
	// MaxLife is the longest time between issue and next update.
	MaxLife = 31 * 24 * time.Hour
	// MaxSequence is the highest sequence number. A list that jumps there can be
	// followed by nothing; a new root version starts afresh.
	MaxSequence = 1 << 53
	// Tolerance is how far the clocks of two honest machines may be apart.
	Tolerance = 5 * time.Minute

	maxParticipants = 64
	maxPerGroup     = 64  // pins, keys or corridors of one participant
	maxText         = 200 // characters of a name or address
)

// inventory remembers, across the whole list, what may stand only once.
type inventory struct {
	env   Environment
	once  map[string]bool
	pins  map[string]bool   // TLS keys, by SPKI digest
	seals map[string]bool   // seal keys, by SPKI digest
	hosts map[string]string // host to participant id
}

// check judges the content of a list, apart from its dates and its sequence.
// Root keys are handed in because nobody's seal or TLS key may be one.
func check(d Draft, root []jose.Key) error {
	if !isTerritory(d.Territory) || !isText(d.Operator) || !isEnvironment(d.Environment) {
		return refuse(ReasonContent, "scheme information")
	}
	if len(d.Participants) == 0 || len(d.Participants) > maxParticipants {
		return refuse(ReasonContent, "number of participants")
	}
	use := &inventory{
		env: d.Environment, once: map[string]bool{}, hosts: map[string]string{},
		pins: map[string]bool{}, seals: map[string]bool{},
	}
	for i, p := range d.Participants {
		if err := use.participant(p, fmt.Sprintf("participant %d", i+1)); err != nil {
			return err
		}
	}
	return use.apart(root)
}

// apart holds the three uses of keys apart over the whole list, whoever they belong to.
func (u *inventory) apart(root []jose.Key) error {
	for spki := range u.seals {
		if u.pins[spki] {
			return refuse(ReasonKeyUse, "a seal key is also a TLS key")
		}
	}
	for _, key := range root {
		spki, err := jose.SPKI(key.Public)
		if err != nil {
			return &Error{Reason: ReasonRoot, Cause: err}
		}
		if u.seals[spki] || u.pins[spki] {
			return refuse(ReasonKeyUse, "a root key is also a participant's key")
		}
	}
	return nil
}

func (u *inventory) participant(p Participant, place string) error {
	if !isCountry(p.Country) || !isParticipantID(p.ID, p.Country) {
		return refuse(ReasonCountry, place)
	}
	if !u.first("country " + p.Country) { // an id begins with its country, so ids are unique too
		return refuse(ReasonDuplicate, place)
	}
	if !isStatus(p.Status) || !isText(p.Name) || !isText(p.Address) ||
		!isLink(p.Contact, "mailto:") || !isLink(p.Website, "https://") {
		return refuse(ReasonContent, place)
	}
	if err := u.tlsPins(p, place); err != nil {
		return err
	}
	if err := u.sealKeys(p.SealKeys, place); err != nil {
		return err
	}
	for i, s := range p.Services {
		at := fmt.Sprintf("%s, service %d", place, i+1)
		if !u.first("service " + p.ID + " " + string(s.Service)) {
			return refuse(ReasonDuplicate, at)
		}
		if err := u.service(p, s, at); err != nil {
			return err
		}
	}
	return nil
}

// tlsPins allows one key as server and client of the same participant, and
// nothing else twice.
func (u *inventory) tlsPins(p Participant, place string) error {
	own := map[string]bool{}
	for _, group := range [][]string{p.TLSServerPins, p.TLSClientPins} {
		if len(group) > maxPerGroup {
			return refuse(ReasonContent, place+", TLS pins")
		}
		for i, pin := range group {
			if !isDigest(pin) {
				return refuse(ReasonContent, place+", TLS pins")
			}
			if slices.Contains(group[:i], pin) || u.pins[pin] && !own[pin] {
				return refuse(ReasonDuplicate, place+", TLS pins")
			}
			own[pin], u.pins[pin] = true, true
		}
	}
	return nil
}

func (u *inventory) sealKeys(keys []SealKey, place string) error {
	if len(keys) > maxPerGroup {
		return refuse(ReasonContent, place+", seal keys")
	}
	for i, k := range keys {
		at := fmt.Sprintf("%s, seal key %d", place, i+1)
		spki, err := jose.SPKI(k.Key.Public)
		if err != nil {
			return &Error{Reason: ReasonContent, Place: at, Cause: err}
		}
		if !isStatus(k.Status) || !k.NotBefore.Before(k.NotAfter) {
			return refuse(ReasonContent, at)
		}
		if !u.first("kid "+k.Key.KID) || u.seals[spki] {
			return refuse(ReasonDuplicate, at)
		}
		u.seals[spki] = true
	}
	return nil
}

func (u *inventory) service(p Participant, s ServiceGrant, place string) error {
	answers, asks := slices.Contains(s.Directions, Answers), slices.Contains(s.Directions, Asks)
	switch {
	case !isService(s.Service), !isStatus(s.Status):
		return refuse(ReasonContent, place)
	case !distinct(s.Directions, isDirection), !distinct(s.Wires, isWire), len(s.Corridors) > maxPerGroup:
		return refuse(ReasonContent, place)
	case answers && len(p.TLSServerPins) == 0, asks && len(p.TLSClientPins) == 0, len(p.SealKeys) == 0:
		return refuse(ReasonContent, place+": a key for it is missing")
	case !distinct(s.Corridors, func(c Corridor) bool { return c.fits(p.Country, answers, asks) }):
		return refuse(ReasonContent, place+", corridors")
	}
	return u.endpoints(p, s, answers, place)
}

// fits demands two different countries, the participant on one side, and a
// direction that covers that side.
func (c Corridor) fits(country string, answers, asks bool) bool {
	if !isCountry(c.A) || !isCountry(c.B) || c.A == c.B {
		return false
	}
	return c.A == country && answers || c.B == country && asks
}

// endpoints demands one address per wire from who answers and none from who
// only asks, and gives every host one owner.
func (u *inventory) endpoints(p Participant, s ServiceGrant, answers bool, place string) error {
	var wires []Wire
	for _, e := range s.Endpoints {
		host, ok := checkEndpoint(e.URL, u.env)
		if !ok {
			return refuse(ReasonEndpoint, place)
		}
		if owner, taken := u.hosts[host]; taken && owner != p.ID {
			return refuse(ReasonDuplicate, place+", endpoint")
		}
		u.hosts[host] = p.ID
		wires = append(wires, e.Wire)
	}
	if !answers && len(wires) > 0 || answers && !sameWires(wires, s.Wires) {
		return refuse(ReasonContent, place+", endpoints")
	}
	return nil
}

func sameWires(a, b []Wire) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

func (u *inventory) first(key string) bool {
	seen := u.once[key]
	u.once[key] = true
	return !seen
}

// distinct demands at least one entry, every entry acceptable and none twice.
func distinct[T comparable](entries []T, acceptable func(T) bool) bool {
	for i, e := range entries {
		if !acceptable(e) || slices.Contains(entries[:i], e) {
			return false
		}
	}
	return len(entries) > 0
}

func isDigest(pin string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(pin)
	return err == nil && len(raw) == 32 && len(pin) == 43
}

func isStatus(s Status) bool {
	return s == StatusGranted || s == StatusSuspended || s == StatusWithdrawn
}

func isService(s Service) bool {
	return s == PatientIdentification || s == PatientSummary || s == PrescriptionFetch || s == PrescriptionDispense
}

func isDirection(d Direction) bool { return directionBit(d) != 0 }

func isWire(w Wire) bool { return wireBit(w) != 0 }

func isEnvironment(e Environment) bool { return e == Production || e == Test || e == Demo }

// isText accepts what can be printed on an operator's screen without surprises.
func isText(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || utf8.RuneCountInString(s) > maxText {
		return false
	}
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

func isLink(s, prefix string) bool {
	return strings.HasPrefix(s, prefix) && len(s) > len(prefix) && len(s) <= 512 && visibleASCII(s)
}
