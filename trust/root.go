package trust

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"sild/internal/jose"
)

const rootType = "urn:sild:lote:1:root"

// Root is whom a node believes: the operators' keys and how many of them must
// agree. It comes to the node out of band, never over a wire.
type Root struct {
	// Version starts at 1. A higher version starts the sequence afresh, which is
	// how a scheme recovers from a list that jumped to the highest number.
	Version int64
	// Territory and Environment bind the lists of this root.
	Territory   string
	Environment Environment
	// Threshold is the number of distinct keys that must sign.
	Threshold int
	Keys      []RootKey
}

// RootKey is one operator's key. NotBefore and NotAfter (UTC) bound the time at
// which its signatures are accepted, whatever date the list bears.
type RootKey struct {
	Key                 jose.Key
	NotBefore, NotAfter time.Time
}

type rootDocument struct {
	Type        string        `json:"type"`
	Version     int64         `json:"version"`
	Territory   string        `json:"territory"`
	Environment Environment   `json:"environment"`
	Threshold   int           `json:"threshold"`
	Keys        []rootKeyText `json:"keys"`
}

type rootKeyText struct {
	JWK       jose.Key `json:"jwk"`
	NotBefore instant  `json:"notBefore"`
	NotAfter  instant  `json:"notAfter"`
}

// ParseRoot reads a root file and demands the fingerprint that the operator got
// by another way (a ceremony, a letter). There is no trust on first use: without
// the fingerprint the root is refused.
func ParseRoot(raw []byte, fingerprint string) (Root, error) {
	if Fingerprint(raw) != fingerprint {
		return Root{}, refuse(ReasonRoot, "fingerprint")
	}
	var doc rootDocument
	if err := jose.Decode(raw, &doc); err != nil {
		return Root{}, &Error{Reason: ReasonRoot, Cause: err}
	}
	if doc.Type != rootType {
		return Root{}, refuse(ReasonRoot, "type")
	}
	root := Root{Version: doc.Version, Territory: doc.Territory, Environment: doc.Environment, Threshold: doc.Threshold}
	for _, k := range doc.Keys {
		root.Keys = append(root.Keys, RootKey{
			Key: k.JWK, NotBefore: time.Time(k.NotBefore), NotAfter: time.Time(k.NotAfter),
		})
	}
	return root, root.check()
}

// EncodeRoot writes a root file and returns the fingerprint that goes the other way.
func EncodeRoot(root Root) (raw []byte, fingerprint string, err error) {
	if err := root.check(); err != nil {
		return nil, "", err
	}
	doc := rootDocument{
		Type: rootType, Version: root.Version, Territory: root.Territory,
		Environment: root.Environment, Threshold: root.Threshold,
	}
	for _, k := range root.Keys {
		doc.Keys = append(doc.Keys, rootKeyText{
			JWK: k.Key, NotBefore: instant(k.NotBefore), NotAfter: instant(k.NotAfter),
		})
	}
	raw, err = jose.Encode(doc)
	if err != nil {
		return nil, "", &Error{Reason: ReasonRoot, Cause: err}
	}
	return raw, Fingerprint(raw), nil
}

// Fingerprint is the SHA-256 of a root file in base64url without padding.
func Fingerprint(raw []byte) string {
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// check refuses a root that is empty, that a single key could satisfy twice, or
// that can never be satisfied.
func (r Root) check() error {
	if r.Version < 1 || !isTerritory(r.Territory) || !isEnvironment(r.Environment) {
		return refuse(ReasonRoot, "version, territory or environment")
	}
	if r.Threshold < 1 || r.Threshold > len(r.Keys) || len(r.Keys) > maxPerGroup {
		return refuse(ReasonRoot, "threshold")
	}
	seen := map[string]bool{}
	for _, k := range r.Keys {
		thumbprint, err := jose.Thumbprint(k.Key.Public)
		if err != nil {
			return &Error{Reason: ReasonRoot, Place: "key", Cause: err}
		}
		if seen["kid "+k.Key.KID] || seen["key "+thumbprint] || !k.NotBefore.Before(k.NotAfter) {
			return refuse(ReasonRoot, "key")
		}
		seen["kid "+k.Key.KID], seen["key "+thumbprint] = true, true
	}
	return nil
}

// keys returns the operators' keys in force at now, and all of them.
func (r Root) keys(now time.Time) (valid, all []jose.Key) {
	for _, k := range r.Keys {
		all = append(all, k.Key)
		if !now.Before(k.NotBefore) && !now.After(k.NotAfter) {
			valid = append(valid, k.Key)
		}
	}
	return valid, all
}
