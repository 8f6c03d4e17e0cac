package jose

import (
	"encoding/base64"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decode reads one JSON object into v and refuses duplicate members, members
// that v does not know, names in another letter case, invalid UTF-8, trailing
// bytes and deep nesting. The error is ReasonMalformed or ReasonSize.
func Decode(payload []byte, v any) error {
	return decodeLimited(payload, MaxMany, v)
}

// Encode writes v as JSON, the same bytes for the same value, fit for SignMany and Sign.
func Encode(v any) ([]byte, error) {
	out, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, refuse(ReasonMalformed)
	}
	return out, nil
}

func decodeLimited(raw []byte, limit int, v any) error {
	if err := checkShape(raw, limit); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v, json.RejectUnknownMembers(true)); err != nil {
		return refuse(ReasonMalformed)
	}
	return nil
}

// checkObject refuses anything but one strict JSON object.
func checkObject(raw []byte, limit int) error {
	if err := checkShape(raw, limit); err != nil {
		return err
	}
	if !jsontext.Value(raw).IsValid() {
		return refuse(ReasonMalformed)
	}
	return nil
}

// checkShape looks at size, first byte and nesting, before any parser that
// recurses or allocates sees the text.
func checkShape(raw []byte, limit int) error {
	if len(raw) > limit {
		return refuse(ReasonSize)
	}
	if len(raw) == 0 || raw[0] != '{' {
		return refuse(ReasonMalformed)
	}
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return refuse(ReasonSize)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// unbase64 decodes base64url without padding. The standard decoder skips line
// breaks even when strict, so the length is compared as well.
func unbase64(text []byte) ([]byte, error) {
	enc := base64.RawURLEncoding.Strict()
	out := make([]byte, enc.DecodedLen(len(text)))
	n, err := enc.Decode(out, text)
	if err != nil || enc.EncodedLen(n) != len(text) {
		return nil, refuse(ReasonMalformed)
	}
	return out[:n], nil
}

func base64url(raw []byte) []byte {
	return base64.RawURLEncoding.AppendEncode(nil, raw)
}
