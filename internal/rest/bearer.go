package rest

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sild/internal/jose"
	"sild/node"
)

// longestToken in bytes. A call token of ours is a tenth of it.
const longestToken = 8 << 10

// bearer finds the one token of a request (RFC 6750 section 2.1). No other place is looked at.
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", &node.Error{Op: "rest.token", Kind: node.Unidentified, Reason: "token.present", Detail: "The request carries no call token."}
	}
	if len(values) > 1 {
		if err := stop(node.Untrusted, "token.single", "The request carries more than one Authorization header."); err != nil {
			return "", err
		}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,") {
		if err := stop(node.Untrusted, "token.scheme", "The request does not carry one bearer token."); err != nil {
			return "", err
		}
	}
	if len(token) > longestToken {
		if err := stop(node.Untrusted, "token.size", "The call token is too long."); err != nil {
			return "", err
		}
	}
	return token, nil
}

// verified is the payload of a token whose signature one of the keys made for the purpose typ.
func verified(token, typ string, keys []jose.Key) (payload []byte, kid string, err error) {
	signed, err := jose.Verify([]byte(token), typ, keys)
	if err == nil {
		return signed.Payload, signed.KID, nil
	}
	reason := reasonOf(err)
	if lifted(reason) {
		payload, err := unverified(token)
		return payload, "", err
	}
	return nil, "", &node.Error{Op: "rest.token", Kind: node.Untrusted, Reason: reason, Err: err,
		Detail: "The call token is not one that the caller's listed key has signed."}
}

func reasonOf(err error) string {
	var refused *jose.Error
	if errors.As(err, &refused) {
		return "token." + string(refused.Reason)
	}
	return "token.signature"
}

// decodeClaims reads a payload strictly: a claim that is not known, or stands there twice, is not passed over.
func decodeClaims(payload []byte, claims any) error {
	err := jose.Decode(payload, claims)
	if err == nil {
		return nil
	}
	if lifted("token.claims") || lifted("token.malformed") {
		return json.Unmarshal(payload, claims, jsontext.AllowDuplicateNames(true))
	}
	return badClaims(err)
}

func badClaims(cause error) error {
	return &node.Error{Op: "rest.token", Kind: node.Untrusted, Reason: "token.claims", Err: cause,
		Detail: "The call token claims something unknown, twice or unreadable."}
}
