package fhir

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"sild/node"
)

func TestHostileOrBrokenJSONIsRefusedByTheCheckThatNamesIt(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `"m%d":1,`, i)
	}
	for _, c := range []struct{ name, source, reason string }{
		{"empty", ``, "json.syntax"},
		{"white space only", " \n\t", "json.syntax"},
		{"byte order mark", "\xEF\xBB\xBF{}", "json.mark"},
		{"invalid UTF-8", "{\"a\":\"\xC3\x28\"}", "json.utf8"},
		{"overlong UTF-8", "{\"a\":\"\xC0\xAF\"}", "json.utf8"},
		{"encoded surrogate", "{\"a\":\"\xED\xA0\x80\"}", "json.utf8"},
		{"lone high surrogate", `{"a":"\uD83D"}`, "json.surrogate"},
		{"high surrogate before a plain character", `{"a":"\uD83Dx"}`, "json.surrogate"},
		{"high surrogate before another", `{"a":"\uD83D\uD83D"}`, "json.surrogate"},
		{"lone low surrogate", `{"a":"\uDE00"}`, "json.surrogate"},
		{"duplicate member", `{"a":1,"a":2}`, "json.duplicate"},
		{"duplicate member behind an escape", `{"a":1,"\u0061":2}`, "json.duplicate"},
		{"duplicate member deep inside", `{"x":[{"b":{"a":1,"c":2,"a":3}}]}`, "json.duplicate"},
		{"duplicate member among many", `{` + many.String() + `"m7":2}`, "json.duplicate"},
		{"too deep", deep(65), "json.depth"},
		{"trailing value", `{} {}`, "json.trailing"},
		{"trailing bracket", `{}}`, "json.trailing"},
		{"NaN", `{"a":NaN}`, "json.syntax"},
		{"infinity", `{"a":-Infinity}`, "json.number"},
		{"leading zero", `{"a":01}`, "json.number"},
		{"negative leading zero", `{"a":-00.5}`, "json.number"},
		{"plus", `{"a":+1}`, "json.syntax"},
		{"point without digits", `{"a":1.}`, "json.number"},
		{"point first", `{"a":.5}`, "json.syntax"},
		{"exponent without digits", `{"a":1e}`, "json.number"},
		{"hexadecimal", `{"a":0x10}`, "json.syntax"},
		{"raw control character", "{\"a\":\"x\ny\"}", "json.control"},
		{"escaped NUL", `{"a":"\u0000"}`, "json.control"},
		{"backspace", `{"a":"\b"}`, "json.control"},
		{"unknown escape", `{"a":"\x41"}`, "json.syntax"},
		{"short unicode escape", `{"a":"\u12"}`, "json.syntax"},
		{"single quotes", `{'a':1}`, "json.syntax"},
		{"comment", `{"a":1 /* x */}`, "json.syntax"},
		{"trailing comma in an object", `{"a":1,}`, "json.syntax"},
		{"trailing comma in an array", `[1,]`, "json.syntax"},
		{"missing comma", `[1 2]`, "json.syntax"},
		{"missing colon", `{"a" 1}`, "json.syntax"},
		{"open object", `{"a":1`, "json.syntax"},
		{"open string", `{"a":"b`, "json.syntax"},
		{"string ending in a backslash", `{"a":"b\`, "json.syntax"},
		{"wrong bracket", `[1}`, "json.syntax"},
		{"word cut short", `{"a":tru}`, "json.syntax"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read([]byte(c.source), limits{})
			refused(t, err, c.reason)
		})
	}
}

// refused checks kind and reason of a refusal.
func refused(t *testing.T, err error, reason string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", reason)
	}
	if known := node.AsError(err); known.Kind != node.Invalid || known.Reason != reason || known.Detail == "" {
		t.Fatalf("refused as %v %q (%s), want invalid %q", known.Kind, known.Reason, known.Detail, reason)
	}
}

func TestLimitsCanBeSetAndHoldExactly(t *testing.T) {
	for _, c := range []struct {
		name, source string
		bounds       limits
		reason       string
	}{
		{"size reached", `"abc"`, limits{size: 5}, ""},
		{"size passed", `"abcd"`, limits{size: 5}, "json.size"},
		{"depth reached", `[[{}]]`, limits{depth: 3}, ""},
		{"depth passed", `[[{"a":[]}]]`, limits{depth: 3}, "json.depth"},
		{"values reached", `[1,2]`, limits{values: 3}, ""},
		{"values passed", `[1,2,3]`, limits{values: 3}, "json.size"},
		{"own depth reached", strings.Repeat("[", 64) + strings.Repeat("]", 64), limits{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read([]byte(c.source), c.bounds)
			if c.reason != "" {
				refused(t, err, c.reason)
			} else if err != nil {
				t.Fatal(err)
			}
		})
	}
	if _, err := read(make([]byte, sizeLimit+1), limits{}); node.AsError(err).Reason != "json.size" {
		t.Errorf("a document over the own limit: %v", err)
	}
}

func TestARefusalNamesThePlaceAndNeverTheContent(t *testing.T) {
	source := `{"entry":[{"resource":{"name":"Žüürmannik","38001085718":{"id":"x","id":"y"}}}]}`
	_, err := read([]byte(source), limits{})
	refused(t, err, "json.duplicate")
	detail := node.AsError(err).Detail
	if !strings.Contains(detail, "entry[0].resource.?") || !strings.Contains(detail, "byte "+itoa(strings.LastIndex(source, `"id"`))) {
		t.Errorf("detail %q names another place", detail)
	}
	for _, secret := range []string{"38001085718", "Žüürmannik"} {
		if strings.Contains(detail, secret) {
			t.Errorf("detail %q repeats content", detail)
		}
	}
}

func TestAValueKnowsItsBytesItsNameAndItsPath(t *testing.T) {
	source := ` {"a" : [ 1.50 , {"b":"tere \"hommikust\" \u00f5\ud83d\ude00"} , null , true ] , "t\u00e4ht":{} } `
	a, err := read([]byte(source), limits{})
	if err != nil {
		t.Fatal(err)
	}
	list := a.root().get("a")
	for _, c := range []struct {
		name       string
		v          value
		kind       kind
		text, path string
		raw        string
	}{
		{"array", list, arrayKind, "", "a", `[ 1.50 , {"b":"tere \"hommikust\" \u00f5\ud83d\ude00"} , null , true ]`},
		{"number", list.item(0), numberKind, "1.50", "a[0]", "1.50"},
		{"string", list.item(1).get("b"), textKind, `tere "hommikust" õ😀`, "a[1].b", `"tere \"hommikust\" \u00f5\ud83d\ude00"`},
		{"null", list.item(2), nullKind, "", "a[2]", "null"},
		{"boolean", list.item(3), boolKind, "true", "a[3]", "true"},
		{"escaped name", a.root().get("täht"), objectKind, "", "täht", "{}"},
		{"absent", list.item(4).get("x").item(9), noKind, "", "", ""},
	} {
		span := c.v.span()
		if c.v.kind() != c.kind || c.v.text() != c.text || c.v.path() != c.path || c.v.raw() != c.raw || source[span.Start:span.End] != c.raw {
			t.Errorf("%s: %v %q %q %q", c.name, c.v.kind(), c.v.text(), c.v.path(), c.v.raw())
		}
	}
	if member := list.member(); !strings.HasPrefix(source[member.Start:member.End], `"a" : [ 1.50`) || list.count() != 4 {
		t.Errorf("member %q, count %d", source[member.Start:member.End], list.count())
	}
}

// FuzzRead holds the reader against a strict JSON reader that it does not share a line with: both accept and refuse the
// same documents, except for what FHIR refuses beyond JSON, and what is accepted is read the same way.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0.5e+7,"\u00e4\ud83d\ude00",null,true,{}]}`, `[[[]]]`, `{"a":1,"a":2}`, `"\ud800"`, "{\"a\":\"\x01\"}", ` 0 `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		a, err := read(source, limits{})
		valid := jsontext.Value(source).IsValid()
		if err != nil {
			switch node.AsError(err).Reason {
			case "json.depth", "json.size", "json.control":
			default:
				if valid {
					t.Fatalf("refused (%v) what is strict JSON", err)
				}
			}
			return
		}
		if !valid {
			t.Fatal("accepted what is no strict JSON")
		}
		var want any
		decoder := json.NewDecoder(strings.NewReader(string(source)))
		decoder.UseNumber()
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		sameValue(t, a.root(), want)
	})
}

func sameValue(t *testing.T, v value, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		if v.kind() != objectKind || v.count() != len(want) {
			t.Fatalf("%s: another object", v.path())
		}
		for name, inner := range want {
			sameValue(t, v.get(name), inner)
		}
	case []any:
		if v.kind() != arrayKind || v.count() != len(want) {
			t.Fatalf("%s: another array", v.path())
		}
		for i, inner := range want {
			sameValue(t, v.item(i), inner)
		}
	case nil:
		if v.kind() != nullKind {
			t.Fatalf("%s: no null", v.path())
		}
	default:
		if v.text() != fmt.Sprint(want) {
			t.Fatalf("%s: %q, want %v", v.path(), v.text(), want)
		}
	}
}
