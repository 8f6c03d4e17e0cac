package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// small is a terminology server with one value set of numbered codes. Its faults are what real servers do wrong.
type small struct {
	codes   int
	fault   string
	asked   atomic.Int32
	matched atomic.Int32 // questions answered with 304
}

func (s *small) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := int(s.asked.Add(1))
	w.Header().Set("Content-Type", "application/fhir+json")
	switch {
	case s.fault == "500":
		w.WriteHeader(500)
		fmt.Fprint(w, `{"resourceType":"OperationOutcome","issue":[{"diagnostics":"the disk is full"}]}`)
	case s.fault == "503 once" && asked == 1, s.fault == "503":
		w.WriteHeader(503)
	case s.fault == "slow":
		<-r.Context().Done()
	case s.fault == "elsewhere":
		http.Redirect(w, r, "http://127.0.0.2:1/ValueSet/$expand", http.StatusFound)
	case strings.HasSuffix(r.URL.Path, "/ValueSet/$expand"):
		s.expand(w, r, asked)
	case strings.HasSuffix(r.URL.Path, "/CodeSystem/$lookup"):
		fmt.Fprintf(w, `{"resourceType":"Parameters","parameter":[{"name":"display","valueString":"code %s"},{"name":"designation","part":[
		  {"name":"language","valueCode":"et"},{"name":"value","valueString":"kood %s"}]}]}`, r.URL.Query().Get("code"), r.URL.Query().Get("code"))
	case strings.HasSuffix(r.URL.Path, "/ConceptMap/$translate"):
		s.translate(w, r)
	default:
		w.WriteHeader(404)
	}
}

func (s *small) expand(w http.ResponseWriter, r *http.Request, asked int) {
	q := r.URL.Query()
	offset, _ := strconv.Atoi(q.Get("offset"))
	count, _ := strconv.Atoi(q.Get("count"))
	total := s.codes
	etag := fmt.Sprintf(`"%d-%d-%s"`, offset, s.codes, q.Get("displayLanguage"))
	if s.fault == "" {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			s.matched.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	switch {
	case s.fault == "total changes" && asked > 1:
		total--
	case s.fault == "ignores the offset":
		offset = 0
	case s.fault == "ignores pages":
		offset, count = 0, s.codes
	case s.fault == "page missing" && offset > 0:
		count = 0
	}
	var codes []string
	for n := offset; n < min(offset+count, s.codes); n++ {
		codes = append(codes, fmt.Sprintf(`{"system":"http://x","code":"%03d","display":"%s %d"}`, n, q.Get("displayLanguage"), n))
	}
	more := ""
	if s.fault == "next" && offset+count < s.codes {
		more = fmt.Sprintf(`"next":"%s?url=u&offset=%d&count=%d",`, r.URL.Path, offset+count, count)
	}
	if s.fault == "next elsewhere" {
		more = `"next":"https://evil.example/x",`
	}
	said := fmt.Sprintf(`"total":%d,`, total)
	if s.fault == "no total" || s.fault == "ignores pages" || s.fault == "ignores the offset" {
		said = ""
	}
	begins := offset
	if s.fault == "ignores the offset" {
		begins = 0
	}
	body := fmt.Sprintf(`{"resourceType":"ValueSet","url":"http://u","version":"1","name":"Small","identifier":[{"value":"urn:oid:2.999"}],
	  "expansion":{%s%s"offset":%d,"contains":[%s]}}`, said, more, begins, strings.Join(codes, ","))
	if s.fault == "truncated" && offset > 0 {
		body = body[:len(body)-9]
	}
	fmt.Fprint(w, body)
}

func (s *small) translate(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("code") == "none" {
		fmt.Fprint(w, `{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":false}]}`)
		return
	}
	if s.fault == "empty match" {
		fmt.Fprint(w, `{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true}]}`)
		return
	}
	fmt.Fprint(w, `{"resourceType":"Parameters","parameter":[{"name":"result","valueBoolean":true},{"name":"match","part":[
	  {"name":"equivalence","valueCode":"wider"},{"name":"concept","valueCoding":{"system":"http://y","code":"9"}}]}]}`)
}

// asking is a client of a small server that never really waits.
func asking(t *testing.T, s *small, cache Cache) *Client {
	t.Helper()
	ts := httptest.NewServer(s)
	t.Cleanup(ts.Close)
	c, err := New(ts.URL+"/fhir", Options{Cache: cache, HTTP: &http.Client{Timeout: 300 * time.Millisecond},
		Pause: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func expand(t *testing.T, c *Client, page int) (*Expansion, error) {
	t.Helper()
	return c.Expand(t.Context(), "http://u", "en", page, func(int) {})
}

func TestAValueSetIsReadPageByPage(t *testing.T) {
	for _, fault := range []string{"", "next", "no total", "ignores pages", "503 once"} {
		for codes, pages := range map[int]int{0: 1, 1: 1, 7: 1, 20: 3, 21: 3} {
			if fault == "ignores pages" && codes == 7 {
				continue // nobody can tell it from one that ignores the offset
			}
			s := &small{codes: codes, fault: fault}
			got, err := expand(t, asking(t, s, ""), 7)
			if err != nil || len(got.Concepts) != codes || got.OID != "2.999" || got.Version != "1" {
				t.Fatalf("%q, %d codes: %v, %v", fault, codes, got, err)
			}
			for n, c := range got.Concepts {
				if c.Code != fmt.Sprintf("%03d", n) || c.System != "http://x" {
					t.Errorf("%q: code %d is %v", fault, n, c)
				}
			}
			if fault == "" && int(s.asked.Load()) != pages {
				t.Errorf("%d codes took %d questions", codes, s.asked.Load())
			}
		}
	}
}

func TestPagesThatDoNotFitTogetherAreRefused(t *testing.T) {
	for fault, want := range map[string]string{
		"page missing":       "speaks of 20 codes and gave 7",
		"total changes":      "changed while it was read",
		"truncated":          "no whole JSON document",
		"ignores the offset": "comes a second time",
		"next elsewhere":     "leads to another server",
		"500":                `answers 500 Internal Server Error: "the disk is full"`,
		"503":                "has no time",
		"slow":               "Client.Timeout",
		"elsewhere":          "sends the question to another server",
	} {
		s := &small{codes: 20, fault: fault}
		got, err := expand(t, asking(t, s, ""), 7)
		if err == nil || got != nil && !strings.Contains(err.Error(), "speaks of") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", fault, err)
		}
		if (fault == "503" || fault == "slow") && s.asked.Load() != mostTries || fault == "500" && s.asked.Load() != 1 {
			t.Errorf("%s: asked %d times", fault, s.asked.Load())
		}
	}
}

func TestWhatHasNotChangedIsNotSentAgain(t *testing.T) {
	s, cache := &small{codes: 20}, Cache(t.TempDir())
	c := asking(t, s, cache)
	first, err := expand(t, c, 7)
	if err != nil {
		t.Fatal(err)
	}
	second, err := expand(t, c, 7)
	if err != nil || s.matched.Load() != 3 || len(second.Concepts) != len(first.Concepts) || second.Concepts[19].Code != "019" {
		t.Errorf("%d answers came from the cache, %v", s.matched.Load(), err)
	}
	if _, err := c.Expand(t.Context(), "http://u", "et", 7, func(int) {}); err != nil || s.matched.Load() != 3 {
		t.Error("another language came from the cache", err)
	}
	s.codes = 22
	if third, err := expand(t, c, 7); err != nil || len(third.Concepts) != 22 {
		t.Error("a changed list came from the cache", err)
	}
}

func TestACodeIsLookedUpAndTranslated(t *testing.T) {
	s := &small{}
	c := asking(t, s, "")
	found, err := c.LookUp(t.Context(), "http://x", "7", "et")
	if err != nil || found.Display != "code 7" || len(found.Designations) != 1 || found.Designations[0] != (Designation{Language: "et", Value: "kood 7"}) {
		t.Errorf("%v, %v", found, err)
	}
	matches, err := c.Translate(t.Context(), "http://m|2", "http://x", "7")
	if err != nil || len(matches) != 1 || matches[0] != (Match{System: "http://y", Code: "9", Equivalence: "wider"}) {
		t.Errorf("%v, %v", matches, err)
	}
	if matches, err := c.Translate(t.Context(), "http://m", "http://x", "none"); err != nil || len(matches) != 0 {
		t.Errorf("%v, %v", matches, err)
	}
	s.fault = "empty match"
	if _, err := c.Translate(t.Context(), "http://m", "http://x", "7"); err == nil {
		t.Error("a match without its code passes")
	}
}

func TestOnlyASafeAddressIsAsked(t *testing.T) {
	for address, good := range map[string]bool{
		"https://tx.example/fhir": true, "http://127.0.0.1:8080/r4": true, "http://localhost/x": true, "http://[::1]:1/": true,
		"http://tx.example/fhir": false, "ftp://x/": false, "tx.example": false, "https://": false, "https://u:p@tx.example/": false, "https://x/?a=b": false,
	} {
		if _, err := New(address, Options{}); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAnImportThatIsStoppedAsksNoMore(t *testing.T) {
	s := &small{codes: 20, fault: "503"}
	c := asking(t, s, "")
	ctx, stop := context.WithCancel(t.Context())
	c.pause = func(ctx context.Context, _ time.Duration) error { stop(); return wait(ctx, time.Hour) }
	if _, err := c.Expand(ctx, "http://u", "en", 7, func(int) {}); !errors.Is(err, context.Canceled) || s.asked.Load() != 1 {
		t.Errorf("asked %d times, %v", s.asked.Load(), err)
	}
}

// TestAServerThatNeverEndsIsNotFollowed: neither codes nor bytes may grow without end.
func TestAServerThatNeverEndsIsNotFollowed(t *testing.T) {
	for want, bound := range map[string]func(*Client){
		"more than 13 codes": func(c *Client) { c.mostCodes = 13 },
		"too large":          func(c *Client) { c.left = 1000 },
	} {
		s := &small{codes: 200}
		c := asking(t, s, "")
		bound(c)
		got, err := expand(t, c, 7)
		if err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if asked := s.asked.Load(); asked > 3 {
			t.Errorf("%s: asked %d times", want, asked)
		}
	}
}
