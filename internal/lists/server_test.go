package lists

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// concept is a code that the small server knows, with its words by language.
type concept struct {
	code   string
	words  map[string]string
	target string // equivalence and code; empty for none
}

// termServer answers $expand, $lookup and $translate for one value set as a careful server does: in pages, in the display
// language where it has words in it and in English where not, and with ETags.
func termServer(t *testing.T, set, system string, concepts []concept) *httptest.Server {
	t.Helper()
	word := func(c concept, lang string) string {
		if c.words[lang] != "" {
			return c.words[lang]
		}
		return c.words["en"]
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /r4/ValueSet/$expand", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("url") != set {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"resourceType":"OperationOutcome","issue":[{"details":{"text":"no such value set"}}]}`)
			return
		}
		offset, _ := strconv.Atoi(q.Get("offset"))
		count, _ := strconv.Atoi(q.Get("count"))
		w.Header().Set("ETag", `"`+r.URL.RawQuery+`"`)
		if r.Header.Get("If-None-Match") == `"`+r.URL.RawQuery+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		var page []string
		for _, c := range concepts[offset:min(offset+count, len(concepts))] {
			page = append(page, fmt.Sprintf(`{"system":%q,"code":%q,"display":%q}`, system, c.code, word(c, q.Get("displayLanguage"))))
		}
		fmt.Fprintf(w, `{"resourceType":"ValueSet","url":%q,"version":"5","name":"FromServer","status":"active","date":"2026-05-05","copyright":"made up",
		  "expansion":{"total":%d,"offset":%d,"contains":[%s]}}`, set, len(concepts), offset, strings.Join(page, ","))
	})
	find := func(code string) concept {
		return concepts[slices.IndexFunc(concepts, func(c concept) bool { return c.code == code })]
	}
	mux.HandleFunc("GET /r4/CodeSystem/$lookup", func(w http.ResponseWriter, r *http.Request) {
		c, lang := find(r.URL.Query().Get("code")), r.URL.Query().Get("displayLanguage")
		designation := ""
		if hidden := c.words[lang+"-hidden"]; hidden != "" {
			designation = fmt.Sprintf(`,{"name":"designation","part":[{"name":"language","valueCode":%q},{"name":"value","valueString":%q}]}`, lang, hidden)
		}
		fmt.Fprintf(w, `{"resourceType":"Parameters","parameter":[{"name":"display","valueString":%q}%s]}`, word(c, lang), designation)
	})
	mux.HandleFunc("GET /r4/ConceptMap/$translate", func(w http.ResponseWriter, r *http.Request) {
		relation, target, found := strings.Cut(find(r.URL.Query().Get("code")).target, " ")
		if !found {
			fmt.Fprint(w, `{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]}`)
			return
		}
		fmt.Fprintf(w, `{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true},{"name":"match","part":[{"name":"equivalence",
		  "valueCode":%q},{"name":"concept","valueCoding":{"system":"http://standardterms.edqm.eu","code":%q}}]}]}`, relation, target)
	})
	ts := httptest.NewServer(mux)
	t.Cleanup(ts.Close)
	return ts
}

func still(context.Context, time.Duration) error { return nil }

func TestAServerGivesTheWordsOfAValueSetInTheLanguagesAskedFor(t *testing.T) {
	const set = "http://terminology.ehdsi.eu/ValueSet/eHDSIRouteofAdministration"
	ts := termServer(t, set, "http://standardterms.edqm.eu", []concept{
		{code: "20001000", words: map[string]string{"en": "ear", "et": "kõrv"}},
		{code: "20003000", words: map[string]string{"en": "mouth", "et-hidden": "suu"}},
		{code: "20009000", words: map[string]string{"en": "eye"}},
	})
	dir := into(t)
	ask := Import{Format: "server", Into: dir, Sources: []string{ts.URL + "/r4"}, Older: true,
		Server: Server{ValueSets: []string{set}, Languages: []string{"en", "et"}, Page: 2, Pause: still}}
	summary := imported(t, ask)
	routes := table(t, dir, "eu/route.csv")
	if routes["20001000"]["et"] != "kõrv" || routes["20003000"]["et"] != "" || routes["20009000"]["et"] != "" || routes["20009000"]["en"] != "eye" ||
		routes["20001000"]["since"] != "2026-05-05" {
		t.Errorf("the routes are %v", routes)
	}
	if !strings.Contains(summary.String(), "2 codes have no words in et") {
		t.Errorf("nobody is told of missing words:\n%s", summary)
	}
	if row := manifest(t, dir)["eu/route.csv"]; row["kind"] != "whole-value-set" || row["release"] != "5" || row["licence"] != "made up" ||
		row["origin"] != set+"|5 from "+ts.URL+"/r4" {
		t.Errorf("the manifest says %v", row)
	}
	ask.Server.LookUp = true
	imported(t, ask) // from the kept answers, and by looking up
	if routes := table(t, dir, "eu/route.csv"); routes["20003000"]["et"] != "suu" || routes["20009000"]["et"] != "" {
		t.Errorf("looked up: %v", routes)
	}
}

func TestAServerTranslatesTheCodesOfANationalList(t *testing.T) {
	ts := termServer(t, "https://example.ee/ValueSet/vormid", "https://example.ee/CodeSystem/vormid", []concept{
		{code: "01", words: map[string]string{"et": "lapik", "en": "flat"}, target: "equivalent 10219000"},
		{code: "02", words: map[string]string{"et": "muu", "en": "other"}, target: "subsumes 10221000"},
		{code: "03", words: map[string]string{"et": "pole", "en": "none"}},
	})
	dir := into(t)
	ask := Import{Format: "server", Into: dir, Sources: []string{ts.URL + "/r4"}, Country: "EE", Field: "dose-form", Release: "5",
		Server: Server{ValueSets: []string{"https://example.ee/ValueSet/vormid"}, ConceptMaps: []string{"https://example.ee/map"},
			Languages: []string{"et"}, Pause: still}}
	_, err := run(ask)
	if err == nil || !strings.Contains(err.Error(), "https://example.ee/map: the source does not say its licence") {
		t.Errorf("a map without a licence: %v", err)
	}
	ask.Licence = "unstated"
	imported(t, ask)
	rows := table(t, dir, "ee-eu/dose-form.csv")
	if rows["01"]["relation"] != "equivalent" || rows["01"]["back"] != "yes" || rows["02"]["relation"] != "wider" || rows["02"]["target"] != "10221000" ||
		rows["03"]["relation"] != "none" {
		t.Errorf("the map became %v", rows)
	}
	if words := table(t, dir, "ee/from-server.csv"); words["02"]["et"] != "muu" {
		t.Errorf("the words became %v", words)
	}
}

func TestAServerThatFailsLeavesTheDirectoryAsItWas(t *testing.T) {
	dir := into(t)
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc"}, Licence: "unstated"})
	before := tree(t, dir)
	ts := termServer(t, "http://known", "http://x", []concept{{code: "1", words: map[string]string{"en": "one"}}})
	for want, ask := range map[string]Server{
		"no such value set":    {ValueSets: []string{"http://known", "http://unknown"}, Pause: still},
		"--value-set says":     {},
		"is no language":       {ValueSets: []string{"http://known"}, Languages: []string{"english"}},
		"--country and --fiel": {ValueSets: []string{"http://known"}, ConceptMaps: []string{"m"}},
	} {
		_, err := run(Import{Format: "server", Into: dir, Sources: []string{ts.URL + "/r4"}, Server: ask, Licence: "unstated"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		untouched(t, dir, before)
	}
}
