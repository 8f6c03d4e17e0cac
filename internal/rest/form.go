package rest

import (
	"strings"
	"time"
	"unicode/utf8"

	"sild/node"
)

// form is the parameters of a search: each once.
type form map[string]string

// longestParameter in bytes, decoded. Longer identifiers exist nowhere.
const longestParameter = 512

// parseForm reads parameters strictly (WHATWG URL, application/x-www-form-urlencoded): a name that the search does not
// know, or that stands there twice, is refused, because a search that passes over a condition finds too much.
func parseForm(raw string, known []parameter) (form, error) {
	f := form{}
	if raw == "" {
		return f, missing(f, known)
	}
	for _, pair := range strings.Split(raw, "&") {
		left, right, ok := strings.Cut(pair, "=")
		name, okName := unescape(left)
		value, okValue := unescape(right)
		if !ok || !okName || !okValue || name == "" {
			if err := stop(node.Invalid, "http.encoding", "The parameters are not properly encoded."); err != nil {
				return nil, err
			}
		}
		if err := f.add(name, value, known); err != nil {
			return nil, err
		}
	}
	return f, missing(f, known)
}

func (f form) add(name, value string, known []parameter) error {
	if !knows(known, name) {
		return stop(node.Unsupported, "http.parameter-unknown", "The search has a parameter that this contact point does not offer.")
	}
	if _, twice := f[name]; twice {
		return stop(node.Invalid, "http.parameter-duplicate", "A parameter of the search stands there twice.")
	}
	if value == "" || len(value) > longestParameter {
		if err := stop(node.Invalid, "http.parameter-value", "A parameter of the search is empty or too long."); err != nil {
			return err
		}
	}
	f[name] = value
	return nil
}

func knows(known []parameter, name string) bool {
	for _, p := range known {
		if p.name == name {
			return true
		}
	}
	return false
}

func missing(f form, known []parameter) error {
	for _, p := range known {
		if _, there := f[p.name]; p.must && !there {
			return stop(node.Invalid, "http.parameter-missing", "The parameter "+p.name+" of the search is missing.")
		}
	}
	return nil
}

// unescape decodes one name or value. Bytes that should have been encoded, control characters and what is not UTF-8 are
// refused.
func unescape(s string) (string, bool) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			out = append(out, ' ')
		case c == '%':
			if i+2 >= len(s) {
				return "", false
			}
			high, ok1 := unhex(s[i+1])
			low, ok2 := unhex(s[i+2])
			if !ok1 || !ok2 {
				return "", false
			}
			out = append(out, high<<4|low)
			i += 2
		case c <= ' ' || c > '~' || c == '=' || c == ';':
			return "", false
		default:
			out = append(out, c)
		}
	}
	for _, c := range out {
		if c < ' ' || c == 0x7f {
			return "", false
		}
	}
	return string(out), utf8.Valid(out)
}

func unhex(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// identifier reads a token parameter, system|value (FHIR R4 search, 3.1.1.4.10). A comma would mean "any of these": a
// question about several patients is none.
func (f form) identifier(name string) (node.Identifier, error) {
	parts, several, ok := separate(f[name])
	if several {
		if err := stop(node.Invalid, "http.parameter-several", "A parameter of the search has several values."); err != nil {
			return node.Identifier{}, err
		}
	}
	if !ok || len(parts) != 2 || parts[0] == "" || parts[1] == "" {
		if err := stop(node.Invalid, "http.parameter-value", "An identifier is searched for as system|value."); err != nil {
			return node.Identifier{}, err
		}
		return node.Identifier{Value: f[name]}, nil
	}
	return node.Identifier{System: parts[0], Value: parts[1]}, nil
}

// separate splits at bars and undoes the escapes of FHIR (\, \| \, \$).
func separate(value string) (parts []string, several, ok bool) {
	var part strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\':
			i++
			if i == len(value) || !strings.ContainsRune(`\|,$`, rune(value[i])) {
				return nil, several, false
			}
			part.WriteByte(value[i])
		case c == '|':
			parts = append(parts, part.String())
			part.Reset()
		case c == ',':
			several = true
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String()), several, true
}

// tokenOf writes an identifier as a token parameter.
func tokenOf(id node.Identifier) string {
	escape := strings.NewReplacer(`\`, `\\`, `|`, `\|`, `,`, `\,`, `$`, `\$`)
	return escape.Replace(id.System) + "|" + escape.Replace(id.Value)
}

// day reads a whole date of the calendar; ranges and prefixes are not offered.
func (f form) day(name string) (string, error) {
	value, there := f[name]
	if !there {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return value, stop(node.Invalid, "http.parameter-value", "A birth date is searched for as YYYY-MM-DD.")
	}
	return value, nil
}

// among checks a parameter that may only have one of a few values.
func (f form) among(name string, allowed ...string) error {
	value, there := f[name]
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	if !there {
		return nil
	}
	return stop(node.Unsupported, "http.parameter-value", "A parameter of the search has a value that this contact point does not offer.")
}
