package app

import (
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are counts and times by door, route and status; no label ever holds an identifier.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sild_requests_total", Help: "Requests by door, route and HTTP status."},
			[]string{"door", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sild_request_seconds", Help: "Seconds a request took, by door and route.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}, []string{"door", "route"})}
	m.registry.MustRegister(m.requests, m.seconds)
	return m
}

// observe counts and logs every request: door, method, route, status and time. Never the query, a body or an id.
func (a *App) observe(door string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		route, took := routeOf(r.URL.Path), time.Since(began)
		a.metrics.requests.WithLabelValues(door, route, strconv.Itoa(seen.status)).Inc()
		a.metrics.seconds.WithLabelValues(door, route).Observe(took.Seconds())
		a.log.Debug("request", "door", door, "method", r.Method, "route", route, "status", seen.status,
			"milliseconds", took.Milliseconds(), "correlation", seen.Header().Get("Sild-Correlation"))
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status.
func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// routeOf keeps the words of a path that we know and blanks everything else: a path is a stranger's text.
func routeOf(path string) string {
	known := map[string]bool{"fhir": true, "Patient": true, "_search": true, "$summary": true, "MedicationRequest": true, "Bundle": true,
		"MedicationDispense": true, "DocumentReference": true, "metadata": true, "health": true, "metrics": true, "token": true}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) > 4 {
		return "/…"
	}
	for i, part := range parts {
		if !known[part] {
			parts[i] = "…"
		}
	}
	return "/" + strings.Join(parts, "/")
}

// silent turns the HTTP server's own complaints into log lines without their text, which can hold a stranger's bytes.
func silent(to *slog.Logger, door string) *log.Logger {
	return log.New(complaints{to, door}, "", 0)
}

type complaints struct {
	to   *slog.Logger
	door string
}

// Write notes that the server complained.
func (c complaints) Write(text []byte) (int, error) {
	c.to.Debug("a connection failed", "door", c.door)
	return len(text), nil
}

// operatorDoor serves health and metrics, and in a demo the issuer of tokens.
func (a *App) operatorDoor() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", a.health)
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	if a.Config.Pharmacy.DemoIssuerKey != "" {
		issuer, err := newDemoIssuer(a.Config, a.options.Now)
		if err != nil {
			return nil, err
		}
		mux.Handle("POST /token", issuer)
	}
	return mux, nil
}

// health says whether the node can answer: a node that cannot record does not answer.
func (a *App) health(w http.ResponseWriter, _ *http.Request) {
	state := map[string]any{"country": a.Config.Country, "list": a.list.Load().Sequence(), "listUntil": a.list.Load().NextUpdate(), "store": "ok",
		"terminology": a.terms.inForce.Load().Release()}
	if trouble := a.terms.watch.trouble.Load(); trouble != nil {
		state["terminologyTrouble"] = *trouble // the node answers with the last good one
	}
	status := http.StatusOK
	if err := a.Store.Healthy(); err != nil {
		status, state["store"] = http.StatusServiceUnavailable, err.Error()
	}
	if !a.options.Now().Before(a.list.Load().NextUpdate()) {
		status, state["trust"] = http.StatusServiceUnavailable, "the trust list has expired"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(state); err != nil {
		a.log.Debug("health was not read to its end")
	}
}
