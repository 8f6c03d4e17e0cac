package view

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sild/internal/reading"
	"sild/node"
	"sild/translation"
)

func TestEveryDoubtIsMarkedBySignAndWordsAndCountedAtTheTop(t *testing.T) {
	d := gaps()
	for _, language := range []string{"et", "fi", "en", "sv"} {
		html := rendered(t, View{Document: d, Sent: sent(d), Language: language, At: morning})
		page := reading.Of(d, language)
		for _, kind := range []reading.MarkKind{reading.Alarm, reading.Gap, reading.Wider, reading.Narrower, reading.Absent} {
			words := page.Say("mark:" + string(kind))
			if kind == reading.Absent {
				words = page.Say("absent:asked-unknown")
			}
			if !regexp.MustCompile(`class="mark ` + string(kind) + `"><span class="sign" aria-hidden="true">` + regexp.QuoteMeta(kind.Sign()) + `</span> ` + regexp.QuoteMeta(words)).MatchString(html) {
				t.Errorf("%s: no mark for %s with sign and words", language, kind)
			}
		}
		for _, want := range []string{page.Say("mark:refused"), page.Say("mark:residue"), "component.section.entry[0].act[2]", "extension[4]", "prescription.version", labels["short:draft"][0]} {
			if language == "en" && !strings.Contains(html, want) {
				t.Errorf("%q is not on the page", want)
			}
		}
	}
}

func TestTheBoxAtTheTopCountsWhatThePageShows(t *testing.T) {
	d := gaps()
	m := newModel(View{Document: d, Sent: sent(d), Language: "en", At: morning})
	want := map[string]int{"alarm": 1, "wider": 1, "narrower": 1, "draft": 1, "not-checked": 1, "absent": 1,
		"gap": 3 + 1 + 3} // on the page; residue; only country A tells of them: a code, residue, what its format lost
	for _, c := range m.Counts {
		if c.N != want[c.Class] {
			t.Errorf("%d of %s, not %d", c.N, c.Class, want[c.Class])
		}
		delete(want, c.Class)
	}
	if len(want) > 0 {
		t.Errorf("not counted: %v", want)
	}
	if m.Findings[0].Kind != reading.Alarm {
		t.Error("the alarm is not the first of the findings")
	}
}

func TestADocumentWithoutADoubtSaysSo(t *testing.T) {
	d := &node.Document{Kind: node.ADispensation, Language: "et", Patient: patient(), Dispensation: &node.Dispensation{Packages: "1", Substituted: no(),
		Medication: node.Medication{Name: "X"}}}
	d.Dispensation.Medication.Form = coded(d, translation.DoseForm, "tablett", "tabletti")
	d.Dispensation.Medication.Ingredients = []node.Ingredient{{Substance: coded(d, translation.Substance, "aine", "aine"), Strength: &node.Ratio{Numerator: node.Quantity{Value: "5", Unit: coded(d, translation.StrengthUnit, "mg", "mg")}}}}
	html := rendered(t, View{Document: d, Sent: node.Loss(d, "r"), Language: "fi", At: morning})
	if !strings.Contains(html, labels["attention.none"][2]) {
		t.Error("the page does not say that nothing needs attention")
	}
}

func TestBothHalvesOfTheLossReportAreShown(t *testing.T) {
	d := gaps()
	html := rendered(t, View{Document: d, Sent: sent(d), Language: "en", At: morning})
	for _, want := range []string{"Contact point of the patient&#39;s country", "This contact point", "5f1c0a9be77d", "the format cannot hold it", "A national extension."} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if html := rendered(t, View{Document: d, Language: "en", At: morning}); !strings.Contains(html, labels["report.none"][0]) {
		t.Error("a missing report is not said to be missing")
	}
}

func TestAStateIsNeverSaidByColourAlone(t *testing.T) {
	html := rendered(t, View{Document: large(), Language: "et", At: morning})
	for _, want := range []string{`▲</span> EITATUD`, `○</span> Teadaolevalt puudub`, `○</span> Andmed puuduvad`} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

func TestHeadingsFollowEachOtherAndIdsStandOnce(t *testing.T) {
	d := gaps()
	for _, v := range []View{{Document: d, Sent: sent(d), Language: "et"}, {Document: large(), Language: "sv"}, hostile()} {
		html := rendered(t, v)
		last := 0
		for _, found := range regexp.MustCompile(`<h([1-6])[ >]`).FindAllStringSubmatch(html, -1) {
			level, _ := strconv.Atoi(found[1])
			if level > last+1 {
				t.Errorf("a heading of level %d follows one of level %d", level, last)
			}
			last = level
		}
		ids := map[string]bool{}
		for _, found := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(html, -1) {
			if ids[found[1]] {
				t.Errorf("the id %s stands twice", found[1])
			}
			ids[found[1]] = true
		}
		if strings.Count(html, "<h1") != 1 {
			t.Error("a page has one title")
		}
	}
}

func TestEveryForeignTextNamesItsLanguage(t *testing.T) {
	html := rendered(t, View{Document: gaps(), Language: "fi", At: morning})
	for _, want := range []string{`<html lang="fi">`, `<bdi lang="et">kõrvatampoon</bdi>`, `<bdi lang="fi">korvatamponi</bdi>`, `<span lang="en">the form is for the ear`,
		`<div class="narrative" lang="et"`, `<div class="narrative" lang="fi"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

func TestThePolicyAllowsTheOneStyleAndNothingElse(t *testing.T) {
	html := rendered(t, View{Document: gaps(), Language: "en", At: morning})
	if !strings.Contains(html, `content="`+strings.ReplaceAll(strings.ReplaceAll(policy(), "'", "&#39;"), "+", "&#43;")+`"`) {
		t.Error("the page does not carry its policy")
	}
	for _, want := range []string{"default-src 'none'", "style-src 'sha256-", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(Policy(), want) {
			t.Errorf("the header does not say %s", want)
		}
	}
	for _, never := range []string{"<script", "src=", "@import", "url(", "http-equiv=\"refresh"} {
		if strings.Contains(html, never) {
			t.Errorf("the page holds %s", never)
		}
	}
}

func TestEveryLabelOfThePageHasWordsInFourLanguages(t *testing.T) {
	used := regexp.MustCompile(`\.Say "([^"]+)"`).FindAllStringSubmatch(pageTemplate+offerTemplate, -1)
	if len(used) < 15 {
		t.Fatal("the test looks in the wrong place")
	}
	for _, found := range used {
		if _, ok := labels[found[1]]; !ok {
			t.Errorf("%q has no words", found[1])
		}
	}
	for label, row := range labels {
		for i, words := range row {
			if strings.TrimSpace(words) == "" {
				t.Errorf("%q has no words in language %d", label, i)
			}
		}
	}
	for _, kind := range reading.MarkKinds() {
		if _, ok := labels["count:"+string(kind)]; !ok {
			t.Errorf("%s is not counted in words", kind)
		}
	}
	for _, kind := range node.DifferenceKinds() {
		if _, ok := labels["diff:"+string(kind)]; !ok {
			t.Errorf("the difference %s has no words", kind)
		}
	}
	for _, reason := range node.NoOffers() {
		if _, ok := labels["none:"+string(reason)]; !ok {
			t.Errorf("the reason %s has no words", reason)
		}
	}
}

func TestNothingIsWrittenWhereThereIsNoDocument(t *testing.T) {
	var e *node.Error
	if err := Render(io.Discard, View{Language: "et"}); !errors.As(err, &e) || e.Kind != node.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestTheSameViewIsTheSamePage(t *testing.T) {
	first := rendered(t, View{Document: large(), Language: "et", At: morning})
	if again := rendered(t, View{Document: large(), Language: "et", At: morning}); again != first {
		t.Error("two pages of one document differ")
	}
}
