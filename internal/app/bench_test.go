package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/internal/keys"
	"sild/internal/rest"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// bench is a running Estonian node with many prescriptions, and a bare server that answers bodies of the same size over
// the same mutual TLS. Each round measures both, one after the other, and the median of the rounds' ratios counts.
type bench struct {
	b      *testing.B
	bridge *bridge
	client *http.Client
	bare   string
	rounds []float64
}

const (
	benchPrescriptions = 1200
	benchClients       = 32
)

func newBench(b *testing.B, change ...func(*Config)) *bench {
	b.Helper()
	dir := b.TempDir()
	seed := filepath.Join(dir, "seed")
	writeBenchSeed(b, seed)
	demo := Demo{Out: io.Discard, Dir: filepath.Join(dir, "bridge")}
	t := &bench{b: b}
	var err error
	t.bridge, err = demo.buildAnywhere(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = t.bridge.remove() })
	if err := t.bridge.stop("EE"); err != nil {
		b.Fatal(err)
	}
	config := t.bridge.configs["EE"]
	config.Register.Dir, config.Register.Journal = seed, filepath.Join(dir, "bench.journal")
	config.Store.Path = filepath.Join(dir, "bench.db")
	config.Limits = LimitsConfig{}
	for _, c := range change {
		c(&config)
	}
	t.bridge.configs["EE"] = config
	if err := t.bridge.start(context.Background(), "EE"); err != nil {
		b.Fatal(err)
	}
	fi := t.bridge.nodes["FI"]
	entry, _ := fi.list.Load().Participant("EE")
	t.client = &http.Client{Transport: &http.Transport{TLSClientConfig: rest.TLS(entry.TLSServerPins, fi.tls), MaxIdleConnsPerHost: benchClients}}
	t.bare = t.serveBare(t.bridge.nodes["EE"].tls)
	return t
}

// writeBenchSeed writes many copies of one seeded prescription under different numbers, and its patient.
func writeBenchSeed(b *testing.B, dir string) {
	b.Helper()
	from := filepath.Join("..", "national", "demo", "seed", "ee")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(from, "prescriptions", "plain-tablet.json"))
	if err != nil {
		b.Fatal(err)
	}
	for i := range benchPrescriptions {
		copied := bytes.ReplaceAll(source, []byte("1026090101"), fmt.Appendf(nil, "20%08d", i))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("rx-%04d.json", i)), copied, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	patients, err := os.ReadFile(filepath.Join(from, "patients.json"))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "patients.json"), patients, 0o600); err != nil {
		b.Fatal(err)
	}
}

// serveBare answers POST with as many bytes as the query asks for, over mutual TLS 1.3, and checks nothing.
func (t *bench) serveBare(cert tls.Certificate) string {
	listener, err := tls.Listen("tcp", "127.0.0.1:0", rest.ServerTLS(cert))
	if err != nil {
		t.b.Fatal(err)
	}
	filler := bytes.Repeat([]byte("x"), 1<<20)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		var size int
		if _, err := fmt.Sscan(r.URL.Query().Get("size"), &size); err == nil {
			w.Header().Set("Content-Type", fhirJSON)
			_, _ = w.Write(filler[:size])
		}
	})}
	go func() { _ = server.Serve(listener) }()
	t.b.Cleanup(func() { _ = server.Close() })
	return "https://" + listener.Addr().(*net.TCPAddr).String()
}

// token signs a call token as the Finnish node would.
func (t *bench) token(verb node.Verb, patient node.Identifier) string {
	fi, now := t.bridge.nodes["FI"], time.Now()
	claims := map[string]any{"iss": "FI", "aud": []string{"EE"}, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(4 * time.Minute).Unix(),
		"jti": node.NewCorrelation(), "cnf": map[string]string{"x5t#S256": keys.Thumbprint(fi.tls.Certificate[0])}, "verb": verb,
		"patient": map[string]string{"system": patient.System, "value": patient.Value},
		"hcp":     professional(demoProfessionals("FI")["pharmacy"]), "purpose": "TREATMENT",
		"counter": map[string]bool{"identitySeen": true, "patientInformed": true}}
	claims["hcp"].(map[string]any)["permissions"] = []node.Verb{verb}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.b.Fatal(err)
	}
	signed, err := jose.Sign(fi.seal, fi.sealKID, rest.CallType, payload)
	if err != nil {
		t.b.Fatal(err)
	}
	return string(signed)
}

// request is one HTTP request, made before the clock runs.
type request struct {
	path, content, token string
	body                 []byte
	want                 int
}

// run sends all requests from several clients and gives the rate a second and the size of the last answer.
func (t *bench) run(base string, requests []request) (rate float64, size int) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	began := time.Now()
	for worker := range benchClients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := worker; i < len(requests); i += benchClients {
				n := t.send(base, requests[i])
				mu.Lock()
				size = n
				mu.Unlock()
			}
		}()
	}
	wait.Wait()
	return float64(len(requests)) / time.Since(began).Seconds(), size
}

func (t *bench) send(base string, r request) int {
	q, err := http.NewRequest(http.MethodPost, base+r.path, bytes.NewReader(r.body))
	if err != nil {
		t.b.Error(err)
		return 0
	}
	q.Header.Set("Content-Type", r.content)
	q.Header.Set("Authorization", "Bearer "+r.token)
	response, err := t.client.Do(q)
	if err != nil {
		t.b.Error(err)
		return 0
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != r.want {
		t.b.Errorf("status %d: %.200s", response.StatusCode, body)
	}
	return len(body)
}

// compare runs one round: the node, then the bare server with requests and answers of the same size.
func (t *bench) compare(requests []request) {
	base := "https://" + t.bridge.configs["EE"].Listen.Peers + "/fhir"
	rate, size := t.run(base, requests)
	plain := make([]request, len(requests))
	for i, r := range requests {
		plain[i] = request{path: fmt.Sprintf("/?size=%d", size), content: r.content, token: r.token, body: r.body, want: http.StatusOK}
	}
	bare, _ := t.run(t.bare, plain)
	t.rounds = append(t.rounds, rate/bare)
	t.b.ReportMetric(rate, "node_req/s")
	t.b.ReportMetric(bare, "bare_req/s")
}

func (t *bench) report() {
	slices.Sort(t.rounds)
	t.b.ReportMetric(t.rounds[len(t.rounds)/2], "ratio")
	t.b.ReportMetric(t.rounds[0], "ratio_min")
	t.b.ReportMetric(t.rounds[len(t.rounds)-1], "ratio_max")
	t.b.ReportMetric(0, "ns/op")
}

func benchPrescription(i int) node.Identifier {
	return node.Identifier{System: demoTruth("EE").tablet.System, Value: fmt.Sprintf("20%08d", i)}
}

// BenchmarkH1Read fetches prescriptions through every gate, with translation, loss report and durable event, against a
// bare server over the same mutual TLS. The call token is reused within its life, as it may be for reading.
func BenchmarkH1Read(b *testing.B) {
	t, patient := newBench(b), demoTruth("EE").patient
	token := t.token(node.PrescriptionVerb, patient)
	var requests []request
	for i := range 400 {
		form := url.Values{"patient.identifier": {searchToken(patient)}, "identifier": {searchToken(benchPrescription(i))}}
		requests = append(requests, request{"/MedicationRequest/_search", "application/x-www-form-urlencoded", token, []byte(form.Encode()), http.StatusOK})
	}
	for b.Loop() {
		t.compare(requests)
	}
	t.report()
}

// BenchmarkH1Write records dispensations end to end: proof verified, intent, register, signed receipt, all durable.
func BenchmarkH1Write(b *testing.B) {
	t, patient := newBench(b), demoTruth("EE").patient
	pharmacy, err := t.bridge.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
	if err != nil {
		b.Fatal(err)
	}
	next := 0
	for b.Loop() {
		if next+200 > benchPrescriptions {
			break
		}
		t.compare(t.dispensations(pharmacy, patient, next, 200))
		next += 200
	}
	t.report()
}

// dispensations prepares messages for prescriptions that were released to the peer; only sending them is measured.
func (t *bench) dispensations(pharmacy *counter, patient node.Identifier, from, n int) []request {
	fetched, err := pharmacy.fetch(context.Background(), patient, benchPrescription(from))
	if err != nil || fetched.Status != http.StatusOK {
		t.b.Fatalf("fetch: %v", err)
	}
	pivot := t.pivotMessage(pharmacy, fetched.Body)
	var released []node.Release
	var requests []request
	for i := from; i < from+n; i++ {
		released = append(released, node.Release{Prescription: benchPrescription(i), Expires: time.Now().Add(time.Hour)})
		body := strings.ReplaceAll(string(pivot), benchPrescription(from).Value, benchPrescription(i).Value)
		body = strings.ReplaceAll(body, "urn:sild:demo:bench", "urn:sild:demo:"+node.NewCorrelation())
		requests = append(requests, request{"/MedicationDispense", fhirJSON, t.token(node.DispenseVerb, patient), []byte(body), http.StatusCreated})
	}
	event := node.Event{ID: node.NewCorrelation(), At: time.Now(), Face: "A", Verb: node.PrescriptionVerb, Stage: node.ReadStage, Patient: patient}
	event.Peer = "FI"
	if err := t.bridge.nodes["EE"].Store.Disclosed(context.Background(), event, released); err != nil {
		t.b.Fatal(err)
	}
	return requests
}

// pivotMessage is the dispensation as country B's node sends it.
func (t *bench) pivotMessage(pharmacy *counter, fetched []byte) []byte {
	own, err := pharmacy.dispensation(fetched, node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:sild:demo:bench"}, 1, "completed")
	if err != nil {
		t.b.Fatal(err)
	}
	d, err := fhir.Tongue{}.Decode(own)
	if err != nil {
		t.b.Fatal(err)
	}
	d.At = time.Now().UTC()
	catalogue := t.bridge.nodes["FI"].terms.inForce.Load()
	if e := node.CarryOut(catalogue, "FI", d); e != nil {
		t.b.Fatal(e)
	}
	out, err := fhir.Tongue{}.Encode(d, node.MPD, nil, node.Loss(d, catalogue.Release()))
	if err != nil {
		t.b.Fatal(err)
	}
	return out.Body()
}

// BenchmarkTranslate carries a document from country A's own form to what country A sends, loss report included,
// against copying as many bytes in memory.
func BenchmarkTranslate(b *testing.B) {
	catalogue, err := translation.Load(mappings.Files())
	if err != nil {
		b.Fatal(err)
	}
	seed := filepath.Join("..", "national", "demo", "seed", "ee")
	for name, to := range map[string]node.Format{"prescriptions/plain-tablet.json": node.MPD, "summaries/m1.json": node.EPS} {
		source, err := os.ReadFile(filepath.Join(seed, name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var ratios []float64
			for b.Loop() {
				ratios = append(ratios, translateRound(b, catalogue, source, to))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "ratio_to_memcpy")
		})
	}
}

// translateRound translates and copies for about as long, and gives the ratio of bytes a second.
func translateRound(b *testing.B, catalogue *translation.Catalogue, source []byte, to node.Format) float64 {
	const times = 200
	var bytesOut int
	began := time.Now()
	for range times {
		d, err := fhir.Tongue{}.Decode(source)
		if err != nil {
			b.Fatal(err)
		}
		d.At = began
		if e := node.CarryOut(catalogue, "EE", d); e != nil {
			b.Fatal(e)
		}
		out, err := fhir.Tongue{}.Encode(d, to, nil, node.Loss(d, catalogue.Release()))
		if err != nil {
			b.Fatal(err)
		}
		bytesOut = len(out.Body())
	}
	translated := time.Since(began)
	whole := make([]byte, len(source)+bytesOut)
	began = time.Now()
	for range times * 20 {
		copied := make([]byte, len(whole))
		copy(copied, whole)
	}
	copied := time.Since(began) / 20
	return copied.Seconds() / translated.Seconds()
}
