package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"sild/node"
)

// Demo is Tallinn–Helsinki on one laptop: two nodes, two registers and throwaway keys in a temporary folder.
type Demo struct {
	Out   io.Writer // the step table or the tour
	Log   io.Writer // log lines of both nodes
	Level string    // log level; empty is error
	Dir   string    // where keys and databases go; empty is a temporary folder that is removed at the end
	// Patience is how long a step waits for the outbox; 0 is 15 seconds.
	Patience time.Duration
	// Request bounds one request; 0 is the usual 15 seconds.
	Request time.Duration
	// Between plants faults in one country's node (see Options); nil changes nothing.
	Between func(country, place string, x node.Exchange) node.Exchange
}

// demoPorts are where `sild demo` listens when it stays up: peers, pharmacy, operator.
var demoPorts = map[string][3]int{"EE": {9443, 9444, 9445}, "FI": {9543, 9544, 9545}}

// bridge is a running corridor: both nodes and where they keep things.
type bridge struct {
	demo    Demo
	dir     string
	configs map[string]Config
	nodes   map[string]*running
}

type running struct {
	*App
	cancel  context.CancelFunc
	stopped chan error
}

// Once plays every journey in both directions and says whether all checks held. An error means that the demo itself
// could not run.
func (d Demo) Once(ctx context.Context) (bool, error) {
	b, err := d.buildAnywhere(ctx)
	if err != nil {
		return false, err
	}
	defer b.remove()
	held := true
	for _, corridor := range []node.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}} {
		fmt.Fprintf(d.Out, "%s → %s\n", corridor.A, corridor.B)
		held = b.play(ctx, corridor) && held
	}
	if held {
		fmt.Fprintln(d.Out, "every check held")
	}
	return held, nil
}

// Stay keeps the corridor up until ctx ends, and prints an address per role and a tour.
func (d Demo) Stay(ctx context.Context) error {
	b, err := d.build(ctx, demoPorts)
	if err != nil {
		return err
	}
	defer b.remove()
	b.tour(d.Out)
	<-ctx.Done()
	return nil
}

// buildAnywhere listens on ports that the system names. Somebody else may take one of them before the nodes do; then
// others are tried.
func (d Demo) buildAnywhere(ctx context.Context) (*bridge, error) {
	for try := 1; ; try++ {
		ports, err := freePorts(6)
		if err != nil {
			return nil, err
		}
		own := d
		if d.Dir != "" {
			own.Dir = filepath.Join(d.Dir, fmt.Sprintf("demo-%d", try))
		}
		b, err := own.build(ctx, map[string][3]int{"EE": [3]int(ports[:3]), "FI": [3]int(ports[3:])})
		if try == 5 || !errors.Is(err, syscall.EADDRINUSE) {
			return b, err
		}
	}
}

func (d Demo) build(ctx context.Context, ports map[string][3]int) (*bridge, error) {
	if d.Level == "" {
		d.Level = "error"
	}
	if d.Patience == 0 {
		d.Patience = 15 * time.Second
	}
	d.Out = &lockedWriter{w: d.Out}
	if d.Log == nil {
		d.Log = io.Discard
	}
	d.Log = &lockedWriter{w: d.Log}
	b := &bridge{demo: d, dir: d.Dir, configs: map[string]Config{}, nodes: map[string]*running{}}
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "sild-demo-")
		if err != nil {
			return nil, err
		}
		b.dir = dir
	}
	parties := []DemoParty{{"EE", fmt.Sprintf("127.0.0.1:%d", ports["EE"][0])}, {"FI", fmt.Sprintf("127.0.0.1:%d", ports["FI"][0])}}
	if err := InitDemoTrust(b.dir, parties, time.Now()); err != nil {
		return nil, errors.Join(err, b.remove())
	}
	for _, party := range parties {
		config := demoConfig(b.dir, party.Country, ports[party.Country], d.Level)
		if d.Request > 0 {
			config.Times.Request = d.Request
		}
		b.configs[party.Country] = config
		if err := b.start(ctx, party.Country); err != nil {
			return nil, errors.Join(err, b.remove())
		}
	}
	return b, nil
}

// demoConfig is the configuration of one demo node; configs/ee.yaml and configs/fi.yaml say the same for two processes.
func demoConfig(dir, country string, ports [3]int, level string) Config {
	own := filepath.Join(dir, strings.ToLower(country))
	config := Defaults()
	config.Country, config.Participant, config.Environment = country, country, "demo"
	config.Languages = readerLanguages(country)
	address := func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
	config.Listen = ListenConfig{Peers: address(ports[0]), Pharmacy: address(ports[1]), Operator: address(ports[2])}
	config.Keys.Dir = own
	config.Trust = TrustConfig{List: filepath.Join(dir, "list.json"), Root: filepath.Join(dir, "root.json"),
		FingerprintFile: filepath.Join(dir, "fingerprint")}
	config.Store = StoreConfig{Path: filepath.Join(own, "node.db"), Create: true}
	config.Register = RegisterConfig{Kind: "demo", Journal: filepath.Join(own, "register.journal")}
	config.Pharmacy = PharmacyConfig{Issuer: "https://login.example/" + strings.ToLower(country), DemoIssuerKey: filepath.Join(own, "issuer.pem")}
	config.Times.Quiet, config.Times.Deliver = 20*time.Millisecond, 200*time.Millisecond
	config.Log.Level = level
	return config
}

// start brings one node up.
func (b *bridge) start(ctx context.Context, country string) error {
	options := Options{Log: b.demo.Log}
	if b.demo.Between != nil {
		options.Between = func(place string, x node.Exchange) node.Exchange { return b.demo.Between(country, place, x) }
	}
	app, err := New(ctx, b.configs[country], options)
	if err != nil {
		return err
	}
	running := &running{App: app, stopped: make(chan error, 1)}
	var served context.Context
	served, running.cancel = context.WithCancel(ctx)
	go func() { running.stopped <- app.Run(served) }()
	b.nodes[country] = running
	return nil
}

// stop takes one node down as an operator would.
func (b *bridge) stop(country string) error {
	running, ok := b.nodes[country]
	if !ok {
		return nil
	}
	delete(b.nodes, country)
	running.cancel()
	return errors.Join(<-running.stopped, running.Close())
}

// remove stops both nodes and removes a temporary folder.
func (b *bridge) remove() error {
	problems := []error{b.stop("EE"), b.stop("FI")}
	if b.demo.Dir == "" {
		problems = append(problems, os.RemoveAll(b.dir))
	}
	return errors.Join(problems...)
}

// freePorts asks the system for ports that nobody uses now.
func freePorts(n int) ([]int, error) {
	var ports []int
	var held []net.Listener
	defer func() {
		for _, listener := range held {
			listener.Close()
		}
	}()
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		held = append(held, listener)
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// lockedWriter lets two nodes write lines to one place.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes one piece whole.
func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
