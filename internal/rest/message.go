package rest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/mux"

	"sild/node"
)

const (
	formContent = "application/x-www-form-urlencoded"
	jsonContent = "application/fhir+json"
)

// message is what one request says.
type message struct {
	route       *route
	correlation string
	asked       node.Request
	inside      bool // whose record it is stands in the document or behind the handle
	id          string
	params      form
	body        []byte // the document
	who         node.Demographics
	filter      node.Filter
	ref         node.Ref
}

// proof is what is known before the evidence is read.
func (m *message) proof(c caller) node.Proof {
	return node.Proof{Wire: c.wire, Participant: c.participant, Certificate: c.certificate, Asked: m.asked,
		Correlation: m.correlation}
}

// read finds the route and reads the message, strictly and within its limits. Nothing of it has been believed yet.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, routes []route, who caller, m *message) error {
	var err error
	if m.route, err = h.pick(r.Method, routes, who); err != nil {
		return err
	}
	m.asked.Verb = m.route.verb
	if err := plain(r, m.route); err != nil {
		return err
	}
	if m.route.content != "" {
		if m.body, err = h.body(w, r, m.route.content); err != nil {
			return err
		}
	}
	if len(m.route.parameters) > 0 {
		raw := r.URL.RawQuery
		if m.route.content != "" {
			raw = string(m.body)
		}
		if m.params, err = parseForm(raw, m.route.parameters); err != nil {
			return err
		}
	}
	m.id = mux.Vars(r)["id"]
	if m.route.read == nil {
		return nil
	}
	return m.route.read(m)
}

// pick finds the route for a method among those of a path.
func (h *Handler) pick(method string, routes []route, who caller) (*route, error) {
	if len(routes) == 0 {
		return nil, &node.Error{Op: "rest.read", Kind: node.Unsupported, Reason: "http.route",
			Detail: "This contact point does not offer what was asked for."}
	}
	picked := &routes[0]
	for i := range routes {
		if routes[i].method != method {
			continue
		}
		picked = &routes[i]
		if !picked.query || h.GETSearch != nil && h.GETSearch(who.participant) {
			return picked, nil
		}
	}
	return picked, stop(node.Unsupported, "http.method", "This contact point does not offer the method here.")
}

func methods(routes []route) string {
	list := ""
	for _, r := range routes {
		if r.query {
			continue
		}
		if list != "" {
			list += ", "
		}
		list += r.method
	}
	return list
}

// conditions are headers that would change what a request means. This door knows none of them, and passing over one
// would do something else than was asked.
var conditions = [...]string{"If-Match", "If-None-Match", "If-None-Exist", "If-Modified-Since", "If-Unmodified-Since",
	"Range", "Content-Range", "Content-Encoding", "X-Http-Method-Override", "X-Http-Method"}

// plain refuses what stands beside the message: conditions, a query where none belongs (identifiers never stand in a
// URL), a body where none belongs.
func plain(r *http.Request, to *route) error {
	for _, name := range conditions {
		if len(r.Header[name]) > 0 {
			if err := stop(node.Unsupported, "http.header", "The request has a condition that this contact point does not offer."); err != nil {
				return err
			}
		}
	}
	if !to.query && (r.URL.RawQuery != "" || r.URL.ForceQuery) {
		if err := stop(node.Invalid, "http.query", "The request has parameters in its address."); err != nil {
			return err
		}
	}
	if to.content == "" && r.ContentLength != 0 {
		return stop(node.Invalid, "http.body", "The request has a body where none belongs.")
	}
	return nil
}

// body reads the body of a request whose type is the demanded one.
func (h *Handler) body(w http.ResponseWriter, r *http.Request, content string) ([]byte, error) {
	if err := typed(r.Header, content); err != nil {
		return nil, err
	}
	limit := h.Limits.Body
	if content == formContent {
		limit = h.Limits.Form
	}
	// The connection's own clock: a sender that never ends its message is cut off when the request's time is over.
	conn := http.NewResponseController(w)
	if conn.SetReadDeadline(time.Now().Add(h.Limits.Deadline)) == nil {
		defer conn.SetReadDeadline(time.Time{})
	}
	body, err := readLimited(r.Body, r.ContentLength, limit)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, stop(node.Invalid, "http.empty", "The request has no body.")
	}
	return body, nil
}

func readLimited(from io.Reader, announced, limit int64) ([]byte, error) {
	tooLong := announced > limit
	var body bytes.Buffer
	if announced > 0 && !tooLong {
		body.Grow(int(announced) + bytes.MinRead)
	}
	if !tooLong {
		_, err := body.ReadFrom(io.LimitReader(from, limit+1))
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, &node.Error{Op: "rest.read", Kind: node.Overdue, Reason: "http.slow", Detail: "The request took too long to arrive."}
		}
		if err != nil {
			return nil, &node.Error{Op: "rest.read", Kind: node.Invalid, Reason: "http.broken", Detail: "The request broke off."}
		}
		tooLong = int64(body.Len()) > limit
	}
	if !tooLong {
		return body.Bytes(), nil
	}
	if err := stop(node.Invalid, "http.size", "The request is too long."); err != nil {
		return nil, err
	}
	_, err := body.ReadFrom(from)
	return body.Bytes(), err
}

// typed checks the content type: exactly one, of the demanded type, in UTF-8 and FHIR R4 where it says so.
func typed(header http.Header, content string) error {
	values := header.Values("Content-Type")
	ok := len(values) == 1
	if ok {
		media, params, err := mime.ParseMediaType(values[0])
		ok = err == nil && media == content
		for name, value := range params {
			ok = ok && (name == "charset" && isUTF8(value) || name == "fhirversion" && value == "4.0" && content == jsonContent)
		}
	}
	if ok {
		return nil
	}
	return stop(node.Unsupported, "http.content-type", "The request is not of the content type "+content+".")
}

func isUTF8(charset string) bool { return charset == "utf-8" || charset == "UTF-8" }
