package rest

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"sild/node"
)

// raw sends a request over a fresh connection and gives the answer's bytes as they are on the wire.
func (c *corridor) raw(r *http.Request) (head []string, body string) {
	c.Helper()
	conn, err := tls.Dial("tcp", c.server.Listener.Addr().String(), tlsFor(c))
	if err != nil {
		c.Fatal(err)
	}
	defer conn.Close()
	r.Close = true
	if err := r.Write(conn); err != nil {
		c.Fatal(err)
	}
	answer := bufio.NewReader(conn)
	for {
		line, err := answer.ReadString('\n')
		if err != nil {
			c.Fatal(err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		head = append(head, line)
	}
	rest, err := io.ReadAll(answer)
	if err != nil {
		c.Fatal(err)
	}
	return head, string(rest)
}

func tlsFor(c *corridor) *tls.Config {
	config := TLS([]string{c.ee.pin()}, c.fi.cert)
	config.ServerName = "localhost"
	config.NextProtos = []string{"http/1.1"}
	return config
}

// names are header names in their order, with the length of each line.
func names(head []string) string {
	list := ""
	for _, line := range head[1:] {
		name, _, _ := strings.Cut(line, ":")
		list += fmt.Sprintf("%s %d\n", name, len(line))
	}
	return head[0] + "\n" + list
}

func TestEveryNothingFoundIsTheSameOnTheWire(t *testing.T) {
	causes := []*node.Error{
		{Kind: node.NotFound, Reason: "patient.none", Detail: "Nobody."},
		{Kind: node.NotFound, Reason: "ee-fi-12", Detail: "Anabolic steroids do not cross the border.", Slot: "medication.form"},
		{Kind: node.NotFound, Reason: "restriction", Detail: "The patient does not want it.", Left: "3"},
		{Kind: node.NotFound},
	}
	requests := map[string]func(*corridor) *http.Request{
		"patient": func(c *corridor) *http.Request {
			return c.request("POST", "/fhir/Patient/_search", formContent, c.token(node.FindPatientVerb, nil), []byte(strings.Replace(goodForm[:strings.Index(goodForm, "&")], "patient.", "", 1)))
		},
		"prescription": func(c *corridor) *http.Request {
			return c.request("POST", searchPath, formContent, c.token(node.PrescriptionVerb, nil), []byte(goodForm+"&identifier=a%7Cb"))
		},
		"summary": posted("/fhir/Patient/$summary", node.SummaryVerb, goodSummary),
		"handle": func(c *corridor) *http.Request {
			return c.request("GET", "/fhir/Bundle/s-0123456789abcdef0123456789abcdef", "", c.token(node.SummaryVerb, nil), nil)
		},
		"offer": func(c *corridor) *http.Request {
			return c.request("POST", "/fhir/DocumentReference/_search", formContent, c.token(node.SummaryVerb, nil),
				[]byte(goodForm[:strings.Index(goodForm, "&")]+"&type=http://loinc.org%7C60591-5"))
		},
		"dispensation": func(c *corridor) *http.Request {
			return c.request("POST", "/fhir/MedicationDispense", jsonContent, c.token(node.DispenseVerb, nil), dispensation(c, "completed"))
		},
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			c := newCorridor(t, nil)
			firstHead, firstBody := "", ""
			for i, cause := range causes {
				c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return nil, cause }
				head, body := c.raw(request(c))
				body = withoutCorrelation(head, body)
				if i == 0 {
					firstHead, firstBody = names(head), body
					continue
				}
				if names(head) != firstHead {
					t.Errorf("cause %d has other headers:\n%s\nand\n%s", i, firstHead, names(head))
				}
				if body != firstBody {
					t.Errorf("cause %d has another body:\n%s\nand\n%s", i, firstBody, body)
				}
			}
			if len(c.desk.calls) != len(causes) {
				t.Errorf("the face was asked %d times", len(c.desk.calls))
			}
		})
	}
}

// withoutCorrelation takes the one thing out of a body that differs with every answer, and has a fixed length.
func withoutCorrelation(head []string, body string) string {
	for _, line := range head {
		if id, ok := strings.CutPrefix(line, "Sild-Correlation: "); ok && len(id) == correlationLength {
			return strings.ReplaceAll(body, id, "-")
		}
	}
	return "no correlation id: " + body
}

func TestNoAnswerTellsWhenOrWhoInItsHeaders(t *testing.T) {
	c := newCorridor(t, nil)
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
		return &node.Listing{Out: encoded(node.MPD, "{}")}, nil
	}
	head, _ := c.raw(asked(c, c.token(node.PrescriptionsVerb, nil)))
	for _, line := range head {
		if strings.Contains(line, mari.Value) || strings.HasPrefix(line, "Etag") || strings.HasPrefix(line, "Last-Modified") || strings.HasPrefix(line, "Server") {
			t.Errorf("the answer says: %s", line)
		}
	}
}

func TestThePeersCorrelationIsTakenOverInOurFormatOnly(t *testing.T) {
	for given, taken := range map[string]bool{"0123456789abcdef0123456789abcdef": true, "": false, "48001012345": false,
		"0123456789ABCDEF0123456789ABCDEF": false, "0123456789abcdef0123456789abcdef0": false} {
		c := newCorridor(t, nil)
		c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
			return &node.Listing{Out: encoded(node.MPD, "{}")}, nil
		}
		response, _ := knock(t, c.transport(c.fi), claimed(func(claims *callClaims) { claims.Correlation = given })(c))
		got := response.Header.Get("Sild-Correlation")
		if (got == given) != taken || !isCorrelation(got) {
			t.Errorf("%q became %q", given, got)
		}
	}
}

func TestASlowFaceIsOverdue(t *testing.T) {
	c := newCorridor(t, func(h *Handler) { h.Limits.Deadline = 20 * time.Millisecond })
	slow := &patience{desk: c.desk}
	for _, cause := range []func(context.Context) error{
		func(ctx context.Context) error { return ctx.Err() },
		func(ctx context.Context) error {
			return &node.Error{Kind: node.Unavailable, Reason: "journal", Err: ctx.Err()}
		},
	} {
		slow.then = cause
		door, err := NewHandler(Handler{Gate: c.gate, Face: slow, Auth: &PeerAuth{}, Limits: Limits{Deadline: 20 * time.Millisecond}})
		if err != nil {
			t.Fatal(err)
		}
		c.server.Config.Handler = door
		_, err = c.client().Prescriptions(context.Background(), c.call(node.PrescriptionsVerb), node.Filter{})
		if !node.KindIs(err, node.Overdue) {
			t.Errorf("want overdue, got %v", err)
		}
	}
}

// patience waits for the end of its time.
type patience struct {
	*desk
	then func(context.Context) error
}

func (p *patience) Prescriptions(ctx context.Context, _ node.Call, _ node.Filter) (*node.Listing, error) {
	<-ctx.Done()
	return nil, p.then(ctx)
}

func TestASenderThatNeverEndsIsCutOff(t *testing.T) {
	c := newCorridor(t, func(h *Handler) { h.Limits.Deadline = 50 * time.Millisecond })
	reader, writer := io.Pipe()
	defer writer.Close()
	r, err := http.NewRequest("POST", c.server.URL+searchPath, reader)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", formContent)
	response, _ := knock(t, c.transport(c.fi), r)
	if response.StatusCode != http.StatusGatewayTimeout || c.journal.last().Reason != "http.slow" {
		t.Errorf("answered %d, recorded %q", response.StatusCode, c.journal.last().Reason)
	}
}

func TestAPanicIsAnInternalErrorWithoutItsWords(t *testing.T) {
	c := newCorridor(t, nil)
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { panic(mari.Value) }
	_, err := c.client().Prescriptions(context.Background(), c.call(node.PrescriptionsVerb), node.Filter{})
	if !node.KindIs(err, node.Internal) || strings.Contains(err.Error(), mari.Value) {
		t.Errorf("got %v", err)
	}
	if len(c.failed) != 1 || strings.Contains(c.failed[0].Error(), mari.Value) || !strings.Contains(c.failed[0].Error(), "quiet_test.go") {
		t.Errorf("the operator should learn the place and not the value: %v", c.failed)
	}
}
