package sheet

import (
	"strings"
	"testing"
)

func example() Sheet {
	part := Part{Heading: "Findings", Columns: []string{"code", "words"}}
	part.Add(Grave, "738", "<script>alert(1)</script> & \"more\"")
	part.Add(Look, "740", "red \x1b[31m and turned \u202e")
	part.Add(Plain, "741", "nothing")
	return Sheet{Title: "Check <of> tables", Facts: []Fact{{"release", "abc"}}, Parts: []Part{part, {Heading: "Empty", Note: "none"}}}
}

func TestTextHoldsEverythingAndObeysNothing(t *testing.T) {
	var out strings.Builder
	if err := example().Text(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Check <of> tables\nrelease: abc\n", "▲ 738   <script>", "■ 740   red", "  741   nothing", "Empty\nnone\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, out.String())
		}
	}
	if strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Error("a table can colour the screen")
	}
}

func TestThePageIsInert(t *testing.T) {
	var out strings.Builder
	if err := example().HTML(&out); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, want := range []string{"&lt;script&gt;alert(1)", "Check &lt;of&gt; tables", `class="alarm"`, "default-src &#39;none&#39;", "Findings (3)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{"<script", "src=\"", "href=", "\u202e", "javascript:", "@import", "url("} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if strings.Count(page, "<style>") != 1 || !strings.Contains(page, style) {
		t.Error("the style is not the one whose digest the policy names")
	}
}
