package view

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// attacks are texts that a browser, a style sheet or an eye could fall for.
func attacks() []string {
	return []string{
		"<script>window.hacked=1</script>", `"><img src=x onerror="window.hacked=1">`, `' onmouseover='window.hacked=1' x='`, "javascript:window.hacked=1",
		"</style><style>*{display:none}</style>", "}body{display:none}/*", "\u202eegasod\u202c \u2066x\u2069\u200b", "a\x00b\x08", "</title><script>window.hacked=1</script>",
		"{{.Policy}}", "<svg/onload=window.hacked=1>", "data:text/html,<script>window.hacked=1</script>", "&lt;script&gt;", "\xff\xfe", "]]><!--", "<base href=//evil.example>",
	}
}

// hostile is a document with an attack in every field, and in every kind of place a different one each time.
func hostile() View {
	d := &node.Document{Kind: node.AListing}
	n := 0
	next := func() string { n++; return attacks()[n%len(attacks())] }
	poison(reflect.ValueOf(d).Elem(), d, next, 0)
	d.Kind, d.Peer, d.Out, d.Kept = node.AListing, nil, nil, nil
	sent := &node.Report{}
	poison(reflect.ValueOf(sent).Elem(), d, next, 0)
	return View{Document: d, Sent: sent, Language: "en", At: morning, Offers: []*node.Offer{hostileOffer(next), hostileOffer(next)}}
}

// hostileOffer is an offer from a list that an operator took from somewhere.
func hostileOffer(next func() string) *node.Offer {
	one := node.Offered{Number: translation.Coding{System: next(), Code: next()}, Name: next(), Packs: next(), Size: next(), Draft: true,
		Form: translation.Coding{Code: next(), Display: next(), Language: next()}, Differences: []node.Difference{
			{Kind: node.OtherName, Prescribed: next(), Offered: next()}, {Kind: node.TooLittle, Rest: next(), Instead: next()},
			{Kind: node.OtherPack, Prescribed: next(), Offered: next()}, {Kind: node.DifferenceKind(next())}}}
	return &node.Offer{Country: next(), Medicine: next(), Products: []node.Offered{one}, Larger: []node.Offered{one}, None: node.NoOffer(next()), Slot: next(),
		Also: []node.NoOffer{node.NoOffer(next())}}
}

func poison(v reflect.Value, d *node.Document, next func() string, depth int) {
	if v.Type() == reflect.TypeFor[time.Time]() || depth > 12 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(next())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		poisonPointer(v, d, next, depth)
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			poison(v.Index(0), d, next, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Type().Field(i).IsExported() && name != "Slots" && (depth < 8 || name != "Members" && name != "Parts") {
				poison(v.Field(i), d, next, depth+1)
			}
		}
	}
}

func poisonPointer(v reflect.Value, d *node.Document, next func() string, depth int) {
	if v.Type() != reflect.TypeFor[*translation.Slot]() {
		v.Set(reflect.New(v.Type().Elem()))
		poison(v.Elem(), d, next, depth)
		return
	}
	s := &translation.Slot{}
	poison(reflect.ValueOf(s).Elem(), d, next, 0) // whole, however deep it stands
	d.Slots = append(d.Slots, s)
	v.Set(reflect.ValueOf(s))
}

func TestMarkupIsCheckedAgainAndWrittenAnew(t *testing.T) {
	for _, good := range []struct{ in, out string }{
		{"<p>a <b>b</b><br/>c</p>", "<p>a <b>b</b><br>c</p>"},
		{`<table><tbody><tr><td colspan="2">1 &lt; 2 &amp; 3</td><td/></tr></tbody></table>`, `<table><tbody><tr><td colspan="2">1 &lt; 2 &amp; 3</td><td></td></tr></tbody></table>`},
		{"õ &#228; &#xE4; &quot;", "õ ä ä &#34;"},
		{"", ""},
	} {
		if out, ok := markup(good.in); !ok || string(out) != good.out {
			t.Errorf("%q became %q (%v)", good.in, out, ok)
		}
	}
	for _, bad := range []string{
		"<script>x</script>", "<p onclick=\"x\">a</p>", "<p style=\"color:red\">a</p>", "<a href=\"javascript:x\">a</a>", "<img src=x>", "<p>a", "a</p>", "<p><b>a</p></b>",
		"<td colspan='2'>a</td>", `<td colspan="2" colspan="3">a</td>`, `<td colspan="99999">a</td>`, `<td colspan="-1">a</td>`, `<p colspan="2">a</p>`, "<P>a</P>", "<p >a</ p>",
		"a > b", "a & b", "&nbsp;", "&#0;", "&#x202e;", "&lt", "<!-- a -->", "<![CDATA[a]]>", "<?pi?>", "<br>", "<p\n>a</p\n><x>", "<p/onclick=x>", "<p \u202e>", "a\u202eb", "<", "<p", "<>", "</>",
		strings.Repeat("<p>", 100) + strings.Repeat("</p>", 100),
	} {
		if out, ok := markup(bad); ok {
			t.Errorf("%q was trusted as %q", bad, out)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, seed := range append(attacks(), `<table><tr><td colspan="2">a&amp;b</td></tr></table>`, "<p>a<br/></p>") {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out, ok := markup(text)
		if !ok {
			return
		}
		if again, ok := markup(strings.ReplaceAll(string(out), "<br>", "<br/>")); !ok || again != out {
			t.Fatalf("%q became %q, which is not accepted", text, out)
		}
		low := strings.ToLower(string(out))
		for _, word := range []string{"<script", "<a", "<img", "<style", "<svg", "<!"} {
			if strings.Contains(low, word) {
				t.Fatalf("%q became %q", text, out)
			}
		}
	})
}

func TestWhatIsNotMarkupIsShownAsText(t *testing.T) {
	d := gaps()
	d.Header.Narrative.XHTML = `<p onclick="x">tere</p>`
	html := rendered(t, View{Document: d, Language: "et", At: morning})
	if !strings.Contains(html, "&lt;p onclick=&#34;x&#34;&gt;tere&lt;/p&gt;") || !strings.Contains(html, labels["text.unsafe"][1]) {
		t.Error("the narrative that is not allowed is not shown as text, or not said to be")
	}
}
