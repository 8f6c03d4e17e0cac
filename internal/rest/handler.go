package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gorilla/mux"

	"sild/node"
)

// Handler is the door of one face: Answer behind PeerAuth for other contact points, Ask behind LocalAuth for our own
// pharmacies and clinics.
type Handler struct {
	Gate   *node.Gate
	Face   node.Exchange
	Auth   Authenticator
	Limits Limits
	// GETSearch says whether a participant may search with GET, where identifiers stand in the URL and in every log on
	// the way. nil never allows it.
	GETSearch func(participant string) bool
	// Report tells the operator of every error with its cause; nil tells nobody. The error holds no patient data.
	Report func(correlation string, e *node.Error)
}

// Limits bound what one request may cost. Zero values are the defaults.
type Limits struct {
	Body     int64         // bytes of a document; 1 MiB
	Form     int64         // bytes of search parameters; 8 KiB
	Deadline time.Duration // for the whole request; 15 s
}

// NewHandler makes the door at /fhir. An error names what is missing.
func NewHandler(h Handler) (http.Handler, error) {
	if h.Gate == nil || h.Face == nil || h.Auth == nil || h.Gate.Now == nil || h.Gate.List == nil {
		return nil, errors.New("the FHIR handler needs a gate with list and clock, a face and an authenticator")
	}
	if h.Limits.Body <= 0 {
		h.Limits.Body = 1 << 20
	}
	if h.Limits.Form <= 0 {
		h.Limits.Form = 8 << 10
	}
	if h.Limits.Deadline <= 0 {
		h.Limits.Deadline = 15 * time.Second
	}
	served := h.routes()
	byPath := map[string][]route{}
	router := mux.NewRouter().SkipClean(true)
	for _, r := range served {
		byPath[r.path] = append(byPath[r.path], r)
	}
	for path, routes := range byPath {
		router.Path(path).HandlerFunc(h.serve(routes))
	}
	router.NotFoundHandler = h.serve(nil)
	return router, nil
}

// routes are what this door serves: to our own people nothing that only contact points say to each other.
func (h *Handler) routes() []route {
	all := routes()
	served := make([]route, 0, len(all)+1)
	for _, r := range all {
		if !r.peers || !h.Auth.local() {
			served = append(served, r)
		}
	}
	return append(served, metadata(served, h.Gate.Now()))
}

func (h *Handler) serve(routes []route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), h.Limits.Deadline)
		defer cancel()
		m := &message{correlation: node.NewCorrelation()}
		answer, err := h.handle(ctx, w, r.WithContext(ctx), routes, m)
		if err != nil {
			answer = h.failure(ctx, m, err)
		}
		if answer.status == http.StatusMethodNotAllowed {
			answer.allow = methods(routes)
		}
		answer.write(w, m.correlation)
	}
}

// handle is the way of one request, from the connection to the face.
func (h *Handler) handle(ctx context.Context, w http.ResponseWriter, r *http.Request, routes []route, m *message) (answer reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	who, err := h.Auth.approach(h.Gate, r)
	if err == nil {
		err = h.read(w, r, routes, who, m)
	}
	if err != nil {
		return reply{}, h.refuse(ctx, m.proof(who), err)
	}
	if m.route.fixed != nil {
		return reply{status: http.StatusOK, body: m.route.fixed}, nil
	}
	found, err := h.Auth.prove(h.Gate, r, who, m)
	if err != nil {
		return reply{}, h.refuse(ctx, found.proof, err)
	}
	m.correlation = found.proof.Correlation
	call, err := h.Auth.admit(context.WithoutCancel(ctx), h.Gate, found.proof)
	if err != nil {
		return reply{}, err
	}
	call.Evidence.ActAt = found.actAt
	return m.route.answer(ctx, h.Face, call, m)
}

// refuse records what failed before the gate decided, even when the caller has hung up.
func (h *Handler) refuse(ctx context.Context, proof node.Proof, err error) error {
	return h.Gate.Refuse(context.WithoutCancel(ctx), proof, err)
}

// panicked keeps the place and the type of a panic; its value may quote a message.
func panicked(p any) error {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	return &node.Error{Op: "rest.handle", Kind: node.Internal, Reason: "panic",
		Detail: "Something went wrong at this contact point.", Err: node.Spoken{Err: fmt.Errorf("%T\n%s", p, debug.Stack())}}
}

// failure turns an error into the answer that the caller may hear.
func (h *Handler) failure(ctx context.Context, m *message, err error) reply {
	e := node.AsError(err)
	if late(ctx, e) {
		e = &node.Error{Op: e.Op, Kind: node.Overdue, Reason: "deadline", Detail: "The answer took too long.", Err: e}
	}
	if h.Report != nil {
		h.Report(m.correlation, e)
	}
	if !h.Auth.local() {
		e = discreet(e, m.asked.Verb)
	}
	return refusal(e, m.correlation)
}

// late says that an error only means that the deadline passed.
func late(ctx context.Context, e *node.Error) bool {
	if e.Kind != node.Internal && e.Kind != node.Unavailable {
		return false
	}
	return errors.Is(e, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded)
}
