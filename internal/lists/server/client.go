package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	mostBytes = 64 << 20 // of one answer
	mostTries = 3

	mostAnswered = 2 << 30   // bytes of all answers together
	mostCodes    = 1_000_000 // of one value set
)

// Client asks one server. A question that the server has no time for (429, 502, 503, 504) or that no answer comes to is asked
// again twice; any other failure ends the work. So does a server
// that sends more than an import can hold. A client is used by one goroutine.
type Client struct {
	base  *url.URL
	http  *http.Client
	cache Cache
	pause func(ctx context.Context, d time.Duration) error

	left      int64 // bytes that the server may still send
	mostCodes int   // of one value set
}

// Options are what a client may be told besides the address; the zero value asks with a client of its own and keeps nothing.
type Options struct {
	HTTP  *http.Client
	Cache Cache
	Pause func(ctx context.Context, d time.Duration) error // waits before a question is asked again
}

// Patience is how long one question may take altogether.
const Patience = time.Minute

// New makes a client for a base address, which is https, or http on this machine.
func New(base string, o Options) (*Client, error) {
	at, err := url.Parse(base)
	if err != nil || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return nil, fmt.Errorf("%q is no base address of a server", base)
	}
	if at.Scheme != "https" && !(at.Scheme == "http" && loopback(at.Hostname())) {
		return nil, fmt.Errorf("%s: the address of a server is https, or http on this machine", base)
	}
	c := &Client{base: at, http: o.HTTP, cache: o.Cache, pause: o.Pause, left: mostAnswered, mostCodes: mostCodes}
	if c.http == nil {
		c.http = &http.Client{Timeout: Patience}
	}
	asked := *c.http
	asked.CheckRedirect = func(request *http.Request, _ []*http.Request) error {
		if !c.here(request.URL) {
			return errors.New("the server sends the question to another server")
		}
		return nil
	}
	c.http = &asked
	if c.pause == nil {
		c.pause = wait
	}
	return c, nil
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// here says whether an address is of this server.
func (c *Client) here(at *url.URL) bool { return at.Scheme == c.base.Scheme && at.Host == c.base.Host }

// address is an operation with its parameters.
func (c *Client) address(operation string, parameters url.Values) *url.URL {
	at := c.base.JoinPath(operation)
	at.RawQuery = parameters.Encode()
	return at
}

// ask gets an answer and reads it as strict JSON.
func (c *Client) ask(ctx context.Context, at *url.URL, language string, into any) error {
	body, err := c.body(ctx, at, language)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if c.left -= int64(len(body)); c.left < 0 {
		return fmt.Errorf("%s: the answers of the server are together too large: ask for fewer lists at a time", at)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: the answer is not the FHIR that was asked for: %w", at, err)
	}
	return nil
}

// errBusy is an answer that may be another one later.
var errBusy = errors.New("the server has no time")

func (c *Client) body(ctx context.Context, at *url.URL, language string) ([]byte, error) {
	for try := 1; ; try++ {
		body, err := c.once(ctx, at, language)
		var timeout net.Error
		again := errors.Is(err, errBusy) || errors.As(err, &timeout) || errors.Is(err, io.ErrUnexpectedEOF)
		if err == nil || !again || try == mostTries || ctx.Err() != nil {
			return body, err
		}
		if err := c.pause(ctx, time.Duration(try)*time.Second); err != nil {
			return nil, err
		}
	}
}

// once asks once. What is kept from before counts when the server says that it has not changed.
func (c *Client) once(ctx context.Context, at *url.URL, language string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/fhir+json")
	if language != "" {
		request.Header.Set("Accept-Language", language)
	}
	kept, known := c.cache.read(at, language)
	if known {
		request.Header.Set("If-None-Match", kept.ETag)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBytes+1))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	switch {
	case len(body) > mostBytes:
		return nil, fmt.Errorf("the answer is larger than %d bytes", mostBytes)
	case response.StatusCode == http.StatusNotModified && known:
		return kept.Body, nil
	case response.StatusCode != http.StatusOK:
		return nil, refusal(response.StatusCode, body)
	case !jsontext.Value(body).IsValid():
		return nil, fmt.Errorf("the answer is no whole JSON document (%d bytes)", len(body))
	}
	return body, c.cache.write(at, language, answer{ETag: response.Header.Get("ETag"), Body: bytes.Clone(body)})
}

// refusal is an answer other than 200, with what the server says of it where it says it in FHIR.
func refusal(status int, body []byte) error {
	var outcome struct {
		Issue []struct {
			Diagnostics string `json:"diagnostics"`
			Details     struct {
				Text string `json:"text"`
			} `json:"details"`
		} `json:"issue"`
	}
	said := ""
	if json.Unmarshal(body, &outcome) == nil && len(outcome.Issue) > 0 {
		said = outcome.Issue[0].Details.Text + outcome.Issue[0].Diagnostics
		said = ": " + strconv.Quote(said[:min(len(said), 300)])
	}
	err := fmt.Errorf("the server answers %d %s%s", status, http.StatusText(status), said)
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return errors.Join(errBusy, err)
	}
	return err
}
