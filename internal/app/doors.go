package app

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/internal/rest"
	"sild/node"
)

// door is one listening address with its server.
type door struct {
	name     string
	listener net.Listener
	server   *http.Server
}

// openDoors binds the addresses; Run serves them. A door that cannot be bound stops the start.
func (a *App) openDoors(context.Context) error {
	limits := rest.Limits{Deadline: a.Config.Times.Request}
	peers, err := rest.NewHandler(rest.Handler{Gate: a.Gate, Face: a.options.Between("answer", a.Answer), Auth: &rest.PeerAuth{},
		Limits: limits, Report: a.reportError})
	if err != nil {
		return err
	}
	if err := a.open("peers", a.Config.Listen.Peers, peers, rest.ServerTLS(a.tls)); err != nil {
		return err
	}
	if a.Config.Listen.Pharmacy != "" {
		issuers, err := a.issuerKeys()
		if err != nil {
			return err
		}
		pharmacy, err := rest.NewHandler(rest.Handler{Gate: a.Gate, Face: a.options.Between("ask", a.Ask),
			Auth: &rest.LocalAuth{Keys: issuers}, Limits: limits, Report: a.reportError})
		if err != nil {
			return err
		}
		open := &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{a.tls}}
		if err := a.open("pharmacy", a.Config.Listen.Pharmacy, pharmacy, open); err != nil {
			return err
		}
	}
	if a.Config.Listen.Operator == "" {
		return nil
	}
	operator, err := a.operatorDoor()
	if err != nil {
		return err
	}
	return a.open("operator", a.Config.Listen.Operator, operator, nil)
}

// reportError logs what went wrong with its cause, for the operator. Refusals of the usual kinds are no news.
func (a *App) reportError(correlation string, e *node.Error) {
	level := slog.LevelDebug
	if e.Kind == node.Internal || e.Kind == node.Unavailable {
		level = slog.LevelError
	}
	a.log.Log(context.Background(), level, "request failed", "kind", e.Kind.String(), "reason", e.Reason, "op", e.Op, "error", e.Error(), "correlation", correlation)
}

func (a *App) issuerKeys() ([]jose.Key, error) {
	if a.Config.Pharmacy.DemoIssuerKey != "" {
		signer, err := keys.LoadSigner(a.Config.Pharmacy.DemoIssuerKey)
		if err != nil {
			return nil, err
		}
		key, err := jose.NewKey("", signer.Public())
		return []jose.Key{key}, err
	}
	raw, err := os.ReadFile(a.Config.Pharmacy.Keys)
	if err != nil {
		return nil, err
	}
	var issuers []jose.Key
	if err := json.Unmarshal(raw, &issuers); err != nil {
		return nil, fmt.Errorf("pharmacy.keys: %w", err)
	}
	return issuers, nil
}

func (a *App) open(name, address string, handler http.Handler, secure *tls.Config) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen.%s: %w", name, err)
	}
	if secure != nil {
		listener = tls.NewListener(listener, secure)
	}
	a.doors = append(a.doors, &door{name: name, listener: listener,
		server: &http.Server{Handler: a.observe(name, handler), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
			WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: silent(a.log, name)}})
	return nil
}

// Address is where a door listens, for a port that was chosen by the system.
func (a *App) Address(name string) string {
	for _, door := range a.doors {
		if door.name == name {
			return door.listener.Addr().String()
		}
	}
	return ""
}

// Run serves until ctx ends or a door fails. Close is still to be called.
func (a *App) Run(ctx context.Context) error {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, len(a.doors))
	for _, d := range a.doors {
		go func() {
			err := d.server.Serve(d.listener)
			if !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("door %s: %w", d.name, err)
			}
		}()
		a.log.Info("listening", "door", d.name, "address", d.listener.Addr().String())
	}
	stopped := make(chan struct{})
	go func() { defer close(stopped); a.keepWorking(running) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	cancel()
	<-stopped
	return err
}

func (d *door) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(d.server.Shutdown(ctx), ignoreClosed(d.listener.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
