package rest

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/node"
)

// Clients of the benchmark and the requests that each sends in one round.
const (
	customers = 8
	round     = 25
)

// BenchmarkH1 measures the door against bare net/http over the same mutual TLS with the same body sizes, in turn: one
// operation is a round of 200 requests to each. of-bare is the share of the bare server's rate that the door reaches.
func BenchmarkH1(b *testing.B) {
	c := newCorridor(b, nil)
	source := dispensation(b, "completed")
	receipt := c.receipt(source, nil)
	listing := &node.Listing{Out: encoded(node.MPD, `{"x":"`+strings.Repeat("a", 16<<10)+`"}`)}
	c.desk.answer = func(call node.Call, _ node.Ref, _ []byte) (any, error) {
		if call.Verb == node.DispenseVerb {
			return receipt, nil
		}
		return listing, nil
	}
	reused := c.token(node.PrescriptionsVerb, nil)
	fresh := func(verb node.Verb) func() string { return func() string { return c.token(verb, nil) } }
	for _, way := range []struct {
		name, path, content string
		token               func() string
		body, answer        []byte
	}{
		{"read-token-reused", searchPath, formContent, func() string { return reused }, []byte(goodForm), listing.Out.Body()},
		{"read-token-fresh", searchPath, formContent, fresh(node.PrescriptionsVerb), []byte(goodForm), listing.Out.Body()},
		{"write", "/fhir/MedicationDispense", jsonContent, fresh(node.DispenseVerb), source, receipt.Body},
	} {
		b.Run(way.name, func(b *testing.B) {
			bare := bareServer(b, c, way.answer)
			ours, theirs := c.transport(c.fi), c.transport(c.fi)
			var mine, other time.Duration
			for b.Loop() {
				tokens := make([]string, customers*round)
				for i := range tokens {
					tokens[i] = way.token()
				}
				send := func(over *http.Client, server string) time.Duration {
					return timed(b, over, func(i int) *http.Request {
						r := c.request("POST", way.path, way.content, tokens[i], way.body)
						r.URL.Host = strings.TrimPrefix(server, "https://")
						return r
					})
				}
				other += send(theirs, bare.URL)
				mine += send(ours, c.server.URL)
				c.desk.calls = c.desk.calls[:0]
			}
			b.ReportMetric(float64(other)/float64(mine), "of-bare")
			requests := float64(b.N * customers * round)
			b.ReportMetric(requests/mine.Seconds(), "door-req/s")
			b.ReportMetric(requests/other.Seconds(), "bare-req/s")
		})
	}
}

func bareServer(b *testing.B, c *corridor, answer []byte) *httptest.Server {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		_, _ = w.Write(answer)
	}))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{c.ee.cert}, ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	b.Cleanup(server.Close)
	return server
}

// timed sends one round by all customers at once.
func timed(b *testing.B, over *http.Client, request func(int) *http.Request) time.Duration {
	var group sync.WaitGroup
	began := time.Now()
	for customer := range customers {
		group.Go(func() {
			for i := range round {
				response, err := over.Do(request(customer*round + i))
				if err != nil {
					b.Error(err)
					return
				}
				var body bytes.Buffer
				if _, err := body.ReadFrom(response.Body); err != nil || response.StatusCode >= 300 {
					b.Errorf("%d %v %s", response.StatusCode, err, body.Bytes())
				}
				response.Body.Close()
			}
		})
	}
	group.Wait()
	return time.Since(began)
}
