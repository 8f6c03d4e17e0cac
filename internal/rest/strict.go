package rest

import (
	"errors"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sild/node"
)

// deepest nesting of a JSON message that this room reads itself.
const deepest = 64

// decodeStrict reads a JSON message into v: one value, no member twice, none that v does not know, none in another
// letter case. Documents do not come this way; the tongue reads them.
func decodeStrict(body []byte, v any) error {
	if !utf8.Valid(body) {
		if err := badJSON("json.utf8"); err != nil {
			return err
		}
	}
	if depth(body) > deepest {
		if err := badJSON("json.depth"); err != nil {
			return err
		}
	}
	err := json.Unmarshal(body, v, json.RejectUnknownMembers(!lifted("json.member")),
		jsontext.AllowDuplicateNames(lifted("json.duplicate")), jsontext.AllowInvalidUTF8(lifted("json.utf8")))
	if err == nil {
		return nil
	}
	return &node.Error{Op: "rest.read", Kind: node.Invalid, Reason: reasonOfJSON(err), Detail: "The message is not strict FHIR JSON."}
}

func badJSON(reason string) error {
	return stop(node.Invalid, reason, "The message is not strict FHIR JSON.")
}

// reasonOfJSON names the fault without the text of the parser, which quotes the message.
func reasonOfJSON(err error) string {
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "json.duplicate"
	case errors.Is(err, json.ErrUnknownName):
		return "json.member"
	case errors.As(err, &semantic):
		return "json.type"
	}
	return "json.syntax"
}

// depth is how deep the brackets nest, whether or not the text is JSON.
func depth(body []byte) int {
	most, now, quoted := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}
