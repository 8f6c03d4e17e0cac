package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"sild/node"
)

// leak is a piece of personal data where none may be.
type leak struct{ place, form, text string }

// sieve finds many texts in many forms in one pass over the bytes.
type sieve struct {
	starts  [1 << 16]bool
	needles map[[4]byte][]needle
}

type needle struct {
	form, text string
	bytes      []byte
}

// newSieve takes every form of every text. A form shorter than four bytes would be found in anything.
func newSieve(t *testing.T, texts []string) *sieve {
	t.Helper()
	s := &sieve{needles: map[[4]byte][]needle{}}
	for _, text := range texts {
		for form, written := range formsOf(text) {
			if len(written) < 4 {
				t.Fatalf("%q is too short as %s to be searched for: give the seeded person a longer name", text, form)
			}
			key := [4]byte([]byte(written[:4]))
			s.needles[key] = append(s.needles[key], needle{form, text, []byte(written)})
			s.starts[int(key[0])<<8|int(key[1])] = true
		}
	}
	return s
}

// formsOf writes a text in each way in which a program may print it by accident. Of several forms that are the
// same bytes one stays.
func formsOf(text string) map[string]string {
	raw := []byte(text)
	forms := map[string]string{
		"percent-encoded": url.QueryEscape(text), "percent-encoded in lower case": lowerPercent(url.QueryEscape(text)),
		"percent-encoded path": url.PathEscape(text), "percent-encoded throughout": percent(raw, "%%%02X"),
		"percent-encoded throughout in lower case": percent(raw, "%%%02x"),
		"hex": hex.EncodeToString(raw), "upper-case hex": strings.ToUpper(hex.EncodeToString(raw)),
		"decimal bytes": strings.Trim(fmt.Sprint(raw), "[]"),
		"JSON escapes":  escaped(text, "\\u%04x", false), "upper-case JSON escapes": escaped(text, "\\u%04X", false),
		"JSON escapes throughout": escaped(text, "\\u%04x", true), "upper-case JSON escapes throughout": escaped(text, "\\u%04X", true),
		"UTF-16, low byte first": utf16Of(text, 0, 8), "UTF-16, high byte first": utf16Of(text, 8, 0),
	}
	for shift := range 3 {
		forms[fmt.Sprintf("base64 from byte %d", shift)] = inBase64(base64.RawStdEncoding, raw, shift)
		forms[fmt.Sprintf("base64url from byte %d", shift)] = inBase64(base64.RawURLEncoding, raw, shift)
	}
	known := map[string]bool{text: true}
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		if known[forms[form]] {
			delete(forms, form)
		}
		known[forms[form]] = true
	}
	forms["plain"] = text
	return forms
}

func percent(raw []byte, verb string) string {
	var out strings.Builder
	for _, b := range raw {
		fmt.Fprintf(&out, verb, b)
	}
	return out.String()
}

func lowerPercent(escaped string) string {
	out := []byte(escaped)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:i+3], bytes.ToLower(out[i+1:i+3]))
		}
	}
	return string(out)
}

func escaped(text, verb string, all bool) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		if all || unit > 126 {
			fmt.Fprintf(&out, verb, unit)
		} else {
			out.WriteByte(byte(unit))
		}
	}
	return out.String()
}

func utf16Of(text string, first, second int) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit>>first), byte(unit>>second))
	}
	return string(out)
}

// inBase64 is what every base64 text holds in which the bytes begin at a position that is shift more than a multiple of
// three: the letters that no neighbour has a part in.
func inBase64(encoding *base64.Encoding, raw []byte, shift int) string {
	whole := encoding.EncodeToString(append(make([]byte, shift), raw...))
	return whole[(8*shift+5)/6 : 8*(shift+len(raw))/6]
}

// search gives every leak in the bytes, each form of a text once a place.
func (s *sieve) search(places map[string][]byte) []leak {
	found := map[leak]bool{}
	for place, in := range places {
		for i := 0; i+4 <= len(in); i++ {
			if !s.starts[int(in[i])<<8|int(in[i+1])] {
				continue
			}
			for _, n := range s.needles[[4]byte(in[i:i+4])] {
				if bytes.HasPrefix(in[i:], n.bytes) {
					found[leak{place, n.form, n.text}] = true
				}
			}
		}
	}
	var leaks []leak
	for l := range found {
		leaks = append(leaks, l)
	}
	return leaks
}

// pad collects what is written or heard, from any goroutine.
type pad struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *pad) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *pad) read() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.text.Bytes())
}

// watched is a corridor in which everything is heard that may hold no personal data.
type watched struct {
	*testing.T
	bridge                  *bridge
	dir, temp               string
	log, printed, said, out pad // node logs, the process's own log, error answers and error texts, the step table
	refused                 int
}

// The seeded names with which the register is asked to fail; it quotes them while it does.
const (
	panicsOn = "Rüüträbasoo"
	failsOn  = "Müürsepõrn"
	blamesOn = "Ruisnäätälä"
)

func watch(t *testing.T) *watched {
	t.Helper()
	root := t.TempDir()
	w := &watched{T: t, dir: filepath.Join(root, "bridge"), temp: filepath.Join(root, "temp")}
	if err := os.Mkdir(w.temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", w.temp)
	before := log.Writer()
	log.SetOutput(&w.printed)
	t.Cleanup(func() { log.SetOutput(before) })
	ports, err := freePorts(6)
	if err != nil {
		t.Fatal(err)
	}
	w.bridge, err = Demo{Out: &w.out, Log: &w.log, Level: "debug", Dir: w.dir, Between: w.between}.build(context.Background(),
		map[string][3]int{"EE": [3]int(ports[:3]), "FI": [3]int(ports[3:])})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.bridge.remove(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// between makes the register quote names when it fails, and hears every error that a face or a peer returns.
func (w *watched) between(_, place string, x node.Exchange) node.Exchange {
	if place == "register" {
		return around{Exchange: x, find: func(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
			switch call.Patient.Value {
			case panicsOn:
				panic("no such person: " + panicsOn)
			case failsOn:
				return nil, errors.New("SELECT … WHERE name = " + failsOn)
			case blamesOn:
				return nil, &node.Error{Op: "register", Kind: node.Unavailable, Reason: "register.down", Err: fmt.Errorf("dial %s: refused", blamesOn)}
			}
			return x.FindPatient(ctx, call, who)
		}}
	}
	return around{Exchange: x,
		find: func(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
			return hear(w, func() (*node.Patient, error) { return x.FindPatient(ctx, call, who) })
		},
		list: func(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
			return hear(w, func() (*node.Listing, error) { return x.Prescriptions(ctx, call, filter) })
		},
		fetch: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
			return hear(w, func() (*node.Document, error) { return x.Prescription(ctx, call, ref) })
		},
		summary: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
			return hear(w, func() (*node.Document, error) { return x.Summary(ctx, call, ref) })
		},
		dispense: func(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
			return hear(w, func() (*node.Receipt, error) { return x.Dispense(ctx, call, in) })
		},
		withdraw: func(ctx context.Context, call node.Call, withdrawal node.Withdrawal) (*node.Receipt, error) {
			return hear(w, func() (*node.Receipt, error) { return x.Withdraw(ctx, call, withdrawal) })
		}}
}

func hear[T any](w *watched, ask func() (T, error)) (T, error) {
	answer, err := ask()
	if err != nil {
		e := node.AsError(err)
		fmt.Fprintf(&w.said, "%s\n%s %s %s %s\n", err, e.Detail, e.Reason, e.Slot, e.Left)
	}
	return answer, err
}

// everywhere reads every place that is searched.
func (w *watched) everywhere() map[string][]byte {
	w.Helper()
	places := map[string][]byte{"log": w.log.read(), "process log": w.printed.read(), "errors": w.said.read(), "step table": w.out.read()}
	for country, config := range w.bridge.configs {
		for _, path := range []string{"/metrics", "/health"} {
			if _, up := w.bridge.nodes[country]; up {
				places[country+path] = w.get("http://" + config.Listen.Operator + path)
			}
		}
	}
	for _, dir := range []string{w.dir, w.temp} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || secret(entry.Name()) {
				return err
			}
			content, err := os.ReadFile(path)
			places[strings.TrimPrefix(path, filepath.Dir(w.dir)+"/")] = content
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
	}
	return places
}

// secret says that a file is a key, public by itself, or the demo register's own journal, which holds patients as a
// national register does.
func secret(name string) bool {
	return slices.Contains([]string{"register.journal", "kek", "list.json", "root.json"}, name) || slices.Contains([]string{".pem", ".key"}, filepath.Ext(name))
}

func (w *watched) get(address string) []byte {
	w.Helper()
	response, err := http.Get(address)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		w.Fatalf("%s: status %d, %v", address, response.StatusCode, err)
	}
	return body
}

// texts are what must not be found: what the registers hold and the numbers of people whom nobody knows.
func (w *watched) texts() []string {
	texts := []string{demoTruth("EE").unknown.Value, demoTruth("FI").unknown.Value}
	for _, running := range w.bridge.nodes {
		texts = append(texts, running.Register.Strings()...)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func TestNoPersonalDataLeaveTheirPlace(t *testing.T) {
	w := watch(t)
	s := newSieve(t, w.texts())
	for _, corridor := range []node.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}} {
		if !w.bridge.play(context.Background(), corridor) {
			t.Fatalf("the demo did not hold:\n%s", w.out.read())
		}
		w.beRefused(corridor)
	}
	began := time.Now()
	places := w.everywhere()
	w.full(places)
	for _, found := range s.search(places) {
		t.Errorf("leak: %+v", found)
	}
	for _, country := range []string{"EE", "FI"} {
		if err := w.bridge.stop(country); err != nil {
			t.Fatal(err)
		}
	}
	for _, found := range s.search(w.everywhere()) {
		t.Errorf("leak once the nodes have stopped: %+v", found)
	}
	journal, err := os.ReadFile(filepath.Join(w.dir, "ee", "register.journal"))
	if err != nil || len(s.search(map[string][]byte{"journal": journal})) == 0 {
		t.Errorf("the search does not even find what the register itself records: %v", err)
	}
	took := time.Since(began)
	t.Logf("%d requests were refused; both searches took %s", w.refused, took)
	if took > 20*time.Second {
		t.Errorf("the search took %s", took)
	}
	w.plant(s)
}

// full makes sure that there was something to search.
func (w *watched) full(places map[string][]byte) {
	w.Helper()
	for place, least := range map[string]int{"log": 5_000, "errors": 5_000, "EE/metrics": 1_000, "FI/metrics": 1_000, "EE/health": 20, "FI/health": 20,
		"bridge/ee/node.db": 20_000, "bridge/fi/node.db": 20_000, "bridge/ee/node.db-wal": 1, "bridge/fi/node.db-wal": 1, "step table": 1_000} {
		if len(places[place]) < least {
			w.Errorf("%s has only %d bytes: nothing was searched", place, len(places[place]))
		}
	}
	if w.refused < 2*20 {
		w.Errorf("only %d requests were refused", w.refused)
	}
}

// plant puts one leak into each searched place, each in another form, and expects to find exactly these.
func (w *watched) plant(s *sieve) {
	w.Helper()
	for _, country := range []string{"EE", "FI"} {
		if err := w.bridge.start(context.Background(), country); err != nil {
			w.Fatal(err)
		}
	}
	fi, form := w.bridge.nodes["FI"], func(text, name string) string { return formsOf(text)[name] }
	fi.log.Debug("request", "patient", "Äyränmetsola")
	log.Print("retried for ", []byte("Ants"))
	fi.metrics.requests.WithLabelValues("peers", form("Õuntähepõld", "percent-encoded in lower case"), "200").Inc()
	w.said.Write(fmt.Appendf(nil, `{"text":"%s"}`, form("Žoržik", "JSON escapes")))
	if err := os.WriteFile(filepath.Join(w.temp, "spool"), []byte("<"+form("47405179910", "UTF-16, low byte first")+">"), 0o600); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "ee", "core"), base64.RawURLEncoding.AppendEncode(nil, []byte("id=140271-9022;")), 0o600); err != nil {
		w.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, "fi", "node.db")+"?_busy_timeout=5000&mode=rw")
	if err != nil {
		w.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE waiting SET reason = ?", "at "+form("1974-05-17", "upper-case hex")); err != nil {
		w.Fatal(err)
	}
	want := []leak{{"log", "plain", "Äyränmetsola"}, {"process log", "decimal bytes", "Ants"}, {"FI/metrics", "percent-encoded in lower case", "Õuntähepõld"},
		{"errors", "JSON escapes", "Žoržik"}, {"temp/spool", "UTF-16, low byte first", "47405179910"},
		{"bridge/ee/core", "base64 from byte 0", "140271-9022"}, {"bridge/fi/node.db", "upper-case hex", "1974-05-17"}}
	found := map[leak]bool{}
	for _, l := range s.search(w.everywhere()) {
		l.place = strings.TrimSuffix(l.place, "-wal") // the database writes it there first
		found[l] = true
		if !slices.Contains(want, l) {
			w.Errorf("found what was not planted: %+v", l)
		}
	}
	for _, l := range want {
		if !found[l] {
			w.Errorf("a planted leak was not found: %+v", l)
		}
	}
}
