package trust

import (
	"time"

	"sild/internal/jose"
)

// Sign makes a signed list from a draft. It refuses whatever Verify would
// refuse at the moment of issue, so an operator learns of a mistake at the desk.
// Further operators sign the same draft; it gives the same payload.
func Sign(draft Draft, signers ...jose.Signer) ([]byte, error) {
	draft.Issued, draft.NextUpdate = seconds(draft.Issued), seconds(draft.NextUpdate)
	payload, err := encode(draft)
	if err != nil {
		return nil, &Error{Reason: ReasonContent, Cause: err}
	}
	if _, err := build(payload, publicKeys(signers)); err != nil {
		return nil, err
	}
	signed, err := jose.SignMany(payload, signedType, signers...)
	if err != nil {
		return nil, fromJOSE(err)
	}
	return signed, nil
}

// publicKeys lists the signers' own keys: none of them may be a participant's.
func publicKeys(signers []jose.Signer) []jose.Key {
	var out []jose.Key
	for _, s := range signers {
		if s.Key == nil {
			continue
		}
		if key, err := jose.NewKey(s.KID, s.Key.Public()); err == nil {
			out = append(out, key)
		}
	}
	return out
}

func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
