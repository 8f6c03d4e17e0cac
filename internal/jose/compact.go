package jose

import (
	"bytes"
	"crypto"

	"github.com/lestrrat-go/jwx/v2/jws"
)

// Sign makes a compact signature of a JSON object (RFC 7515 section 7.1). The
// signer's key decides the algorithm; kid and typ enter the protected header.
func Sign(signer crypto.Signer, kid, typ string, payload []byte) ([]byte, error) {
	if err := checkObject(payload, MaxCompact); err != nil {
		return nil, err
	}
	head, alg, err := makeHeader(signer, kid, typ)
	if err != nil {
		return nil, err
	}
	out := append(base64url(head), '.')
	out = append(out, base64url(payload)...)
	signature, err := signInput(alg, signer, out)
	if err != nil {
		return nil, err
	}
	out = append(append(out, '.'), base64url(signature)...)
	if len(out) > MaxCompact {
		return nil, refuse(ReasonSize)
	}
	return out, nil
}

// Verify checks a compact signature made for the purpose typ by one of keys.
// Keys under the same kid are tried in turn. The error is always an *Error.
func Verify(compact []byte, typ string, keys []Key) (*Verified, error) {
	if len(compact) > MaxCompact {
		return nil, refuse(ReasonSize)
	}
	head, rest, ok := bytes.Cut(compact, []byte{'.'})
	if !ok {
		return nil, refuse(ReasonMalformed)
	}
	body, tail, ok := bytes.Cut(rest, []byte{'.'})
	if !ok {
		return nil, refuse(ReasonMalformed)
	}
	h, err := readHeader(head, typ)
	if err != nil {
		return nil, err
	}
	payload, err := readPayload(body, MaxCompact)
	if err != nil {
		return nil, err
	}
	signature, err := unbase64(tail)
	if err != nil {
		return nil, err
	}
	input := compact[:len(head)+1+len(body)]
	if _, err := verifyInput(h, input, signature, keys); err != nil {
		return nil, err
	}
	return &Verified{KID: h.KID, Payload: payload, Header: h.header()}, nil
}

func readPayload(encoded []byte, limit int) ([]byte, error) {
	payload, err := unbase64(encoded)
	if err != nil {
		return nil, err
	}
	return payload, checkObject(payload, limit)
}

func makeHeader(signer crypto.Signer, kid, typ string) (raw []byte, alg string, err error) {
	if signer == nil || typ == "" {
		return nil, "", refuse(ReasonKey)
	}
	key, err := NewKey(kid, signer.Public())
	if err != nil {
		return nil, "", err
	}
	raw, err = Encode(protected{Alg: key.Alg, KID: key.KID, Typ: typ})
	return raw, key.Alg, err
}

func signInput(alg string, signer crypto.Signer, input []byte) ([]byte, error) {
	name, _ := signatureAlgorithm(alg)
	engine, err := jws.NewSigner(name)
	if err != nil {
		return nil, refuse(ReasonAlgorithm)
	}
	signature, err := engine.Sign(input, signer)
	if err != nil {
		return nil, refuse(ReasonSignature)
	}
	return signature, nil
}

// verifyInput tries every key with the header's kid and returns the one whose
// signature holds. The key must be bound to the algorithm before it is used.
func verifyInput(h protected, input, signature []byte, keys []Key) (Key, error) {
	reason := ReasonKey
	for _, key := range keys {
		if key.KID != h.KID {
			continue
		}
		switch bound, err := algorithmOf(key.Public); {
		case err != nil:
			continue
		case bound != h.Alg || key.Alg != h.Alg:
			if reason == ReasonKey {
				reason = ReasonAlgorithm
			}
		case holds(key, input, signature):
			return key, nil
		default:
			reason = ReasonSignature
		}
	}
	return Key{}, refuse(reason)
}

func holds(key Key, input, signature []byte) bool {
	name, ok := signatureAlgorithm(key.Alg)
	if !ok {
		return false
	}
	engine, err := jws.NewVerifier(name)
	return err == nil && engine.Verify(input, signature, key.Public) == nil
}
