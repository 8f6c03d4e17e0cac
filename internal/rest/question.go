package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/node"
)

// question is one request to a peer. path holds no patient data: identifiers travel in the body.
type question struct {
	op, method, path, content string
	id                        string // the last part of path, where somebody else gave it
	verb                      node.Verb
	body                      []byte
}

type field struct{ name, value string }

func searching(op string, verb node.Verb, resource string, fields []field) question {
	var body []byte
	for _, f := range fields {
		if len(body) > 0 {
			body = append(body, '&')
		}
		body = append(body, f.name+"="+url.QueryEscape(f.value)...)
	}
	return question{op: op, verb: verb, method: http.MethodPost, path: "/" + resource + "/_search", content: formContent, body: body}
}

func summaryOf(patient node.Identifier) []byte {
	type valued struct {
		Name  string     `json:"name"`
		Value identifier `json:"valueIdentifier"`
	}
	body, err := json.Marshal(struct {
		ResourceType string   `json:"resourceType"`
		Parameter    []valued `json:"parameter"`
	}{"Parameters", []valued{{"identifier", identifier(patient)}}})
	if err != nil {
		return nil // an identifier that is not UTF-8; the peer refuses the empty body
	}
	return body
}

// answer is what a peer said, unchanged.
type answer struct {
	status int
	body   []byte
}

func (a *answer) encoded(format node.Format) *node.Encoded {
	sum := sha256.Sum256(a.body)
	return &node.Encoded{Format: format, Parts: []node.Part{{ContentType: jsonContent, Body: a.body}}, Hash: hex.EncodeToString(sum[:])}
}

// mayWithhold says that a listing may name withheld items. It only spares the decoding of those that surely do not; a
// peer that writes the word with escapes is decoded.
func (a *answer) mayWithhold() bool {
	return bytes.Contains(a.body, []byte(extWithheld)) || bytes.Contains(a.body, []byte(`\u`))
}

// ask sends one question with a fresh token and reads the answer within its limits.
func (c *Client) ask(ctx context.Context, call node.Call, q question) (*answer, error) {
	token, err := c.token(call, q.verb)
	if err != nil {
		return nil, &node.Error{Op: q.op, Kind: node.Internal, Reason: "token.sign", Err: err,
			Detail: "Something went wrong at this contact point."}
	}
	request, err := http.NewRequestWithContext(ctx, q.method, c.Base+q.path, bytes.NewReader(q.body))
	if err != nil {
		return nil, &node.Error{Op: q.op, Kind: node.Internal, Reason: "peer.address", Err: err,
			Detail: "Something went wrong at this contact point."}
	}
	if q.content != "" {
		request.Header.Set("Content-Type", q.content)
	}
	request.Header.Set("Accept", jsonContent)
	request.Header.Set("Accept-Encoding", "identity") // an answer that unpacks to gigabytes is none
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, unreached(ctx, q.op, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, c.MostBytes+1))
	if err != nil {
		return nil, unreached(ctx, q.op, err)
	}
	return c.understood(q, response, body)
}

// understood separates answers from refusals, and both from what no door of this wire says.
func (c *Client) understood(q question, response *http.Response, body []byte) (*answer, error) {
	if int64(len(body)) > c.MostBytes {
		return nil, &node.Error{Op: q.op, Kind: node.Unavailable, Reason: "peer.size", Detail: "The other contact point's answer is too long."}
	}
	media, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || media != jsonContent || response.Header.Get("Content-Encoding") != "" {
		return nil, unsaid(q.op, response.StatusCode)
	}
	if expected(q.verb, response.StatusCode) {
		return &answer{status: response.StatusCode, body: body}, nil
	}
	return nil, refused(q.op, response.StatusCode, body)
}

func expected(verb node.Verb, status int) bool {
	if verb == node.DispenseVerb || verb == node.WithdrawVerb {
		return slices.Contains([]int{http.StatusOK, http.StatusCreated, http.StatusAccepted}, status)
	}
	return status == http.StatusOK
}

// refused turns a peer's OperationOutcome back into the error it was made from. An outcome whose kind and status
// contradict each other was made by something in between.
func refused(op string, status int, body []byte) error {
	said, _, err := fhir.DecodeOutcome(body)
	if err != nil || said.Reason != "outcome.foreign" && status != statusOf(said) {
		return unsaid(op, status)
	}
	said.Op = op
	return said
}

// unsaid is an answer that no door of this wire gives: a proxy's page, a redirect, another server.
func unsaid(op string, status int) error {
	e := &node.Error{Op: op, Kind: node.Unavailable, Reason: "peer.answer", Detail: "The other contact point did not answer as it should.",
		Err: errors.New("HTTP status " + http.StatusText(status))}
	switch status {
	case http.StatusTooManyRequests:
		e.Kind, e.Reason = node.Throttled, "limit.peer"
	case http.StatusGatewayTimeout:
		e.Kind, e.Reason = node.Overdue, "peer.slow"
	}
	return e
}

func strange(op string, cause error) error {
	return &node.Error{Op: op, Kind: node.Unavailable, Reason: "peer.unreadable", Err: cause,
		Detail: "The answer of the other contact point cannot be read."}
}

// unreached is a connection that failed, or took too long.
func unreached(ctx context.Context, op string, err error) error {
	var slow net.Error
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return &node.Error{Op: op, Kind: node.Overdue, Reason: "peer.slow", Detail: "The other contact point did not answer in time.", Err: err}
	}
	return &node.Error{Op: op, Kind: node.Unavailable, Reason: "peer.down", Detail: "The other contact point cannot be reached.", Err: err}
}

// token signs the facts of a call for one verb.
func (c *Client) token(call node.Call, verb node.Verb) (string, error) {
	now := c.Now()
	claims := callClaims{Issuer: c.Self, Audience: []string{c.Peer}, Issued: now.Unix(), NotBefore: now.Unix(),
		Expires: now.Add(c.Life).Unix(), ID: node.NewCorrelation(), Confirmation: confirmation{c.Thumbprint}, Verb: verb,
		Patient: identifier(call.Patient), Person: personOf(call.Person, verb), Purpose: call.Purpose,
		Counter: counter(call.Counter)}
	if at := call.Evidence.ActAt; !at.IsZero() {
		claims.Act = &act{At: at.Unix()}
	}
	if isCorrelation(call.Correlation) {
		claims.Correlation = call.Correlation
	}
	payload, err := jose.Encode(claims)
	if err != nil {
		return "", err
	}
	signed, err := jose.Sign(c.Signer, c.KID, CallType, payload)
	return string(signed), err
}
