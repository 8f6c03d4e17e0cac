package app

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/node"
)

// stepLine is a printed step: whether it held, its name, how long it took and what did not hold.
var stepLine = regexp.MustCompile(`^  (ok  |FAIL) (.{50}) +([0-9]+\.[0-9]) ms(: .*)?$`)

// played is what one demo printed, by direction ("EE → FI") in the order of the steps.
type played map[string][]playedStep

type playedStep struct{ mark, name, why string }

// readPlay reads the printed table. A line of no known form is an error: nothing is passed over.
func readPlay(out string) (played, error) {
	table, direction := played{}, ""
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		found := stepLine.FindStringSubmatch(line)
		switch {
		case found != nil && direction != "":
			table[direction] = append(table[direction], playedStep{strings.TrimSpace(found[1]), strings.TrimSpace(found[2]), found[4]})
		case strings.Contains(line, " → "):
			direction = line
		case line != "every check held":
			return nil, fmt.Errorf("a line that is no step: %q", line)
		}
	}
	return table, nil
}

// failed lists the steps of a direction that did not hold.
func (p played) failed(direction string) []string {
	var names []string
	for _, s := range p[direction] {
		if s.mark == "FAIL" {
			names = append(names, s.name)
		}
	}
	return names
}

// playOnce runs the demo with one fault planted in its product path, or none. The two nodes choose free ports before
// they bind them; when another process was faster the run is made again.
func playOnce(t *testing.T, f *fault) (held bool, table played, err error) {
	for range 3 {
		var out bytes.Buffer
		d := Demo{Out: &out, Dir: t.TempDir()}
		if f != nil {
			d.Between, d.Patience = f.between(d.Dir), f.patience
		}
		held, err = d.Once(context.Background())
		if err != nil && strings.Contains(err.Error(), "address already in use") {
			continue
		}
		if err == nil {
			table, err = readPlay(out.String())
		}
		return held, table, err
	}
	return held, table, err
}

// bothDirections are the headings of the table.
var bothDirections = map[string]string{"EE": "EE → FI", "FI": "FI → EE"}

func TestTheDemoHolds(t *testing.T) {
	t.Parallel()
	held, table, err := playOnce(t, nil)
	if err != nil || !held {
		t.Fatalf("the demo did not hold: %v\n%v", err, table)
	}
	if len(table) != len(bothDirections) {
		t.Errorf("%d directions were played instead of %d", len(table), len(bothDirections))
	}
	for _, direction := range bothDirections {
		if len(table[direction]) != len(steps) {
			t.Fatalf("%s: %d lines for %d steps", direction, len(table[direction]), len(steps))
		}
		for i, s := range steps {
			if line := table[direction][i]; line.name != s.name || line.mark != "ok" || line.why != "" {
				t.Errorf("%s: line %d is %v instead of %q holding", direction, i+1, line, s.name)
			}
		}
	}
}

// fault is one thing that the product does wrong, in both directions unless only names a country of affiliation.
type fault struct {
	step  string // the step that must notice it
	name  string
	place string // where it is planted: register and answer of country A's node, peer and ask of country B's
	only  string
	why   string   // what the failed step says
	also  []string // later steps that cannot hold either, because the fault lasts
	// plant wraps the Exchange at the place. It is called again when a node restarts; what must be remembered is kept
	// in the scene.
	plant    func(s *scene, x node.Exchange) node.Exchange
	patience time.Duration
}

// scene is what a fault knows of the direction that it is planted in, and what it has seen so far.
type scene struct {
	truth  truth
	a, b   string
	dir    string
	mu     sync.Mutex
	record node.Exchange // country A's register itself
	given  []node.Identifier
	late   func() error // what the register is still to record
}

func (f *fault) between(dir string) func(country, place string, x node.Exchange) node.Exchange {
	scenes := map[string]*scene{"EE": {truth: demoTruth("EE"), a: "EE", b: "FI", dir: dir}, "FI": {truth: demoTruth("FI"), a: "FI", b: "EE", dir: dir}}
	return func(country, place string, x node.Exchange) node.Exchange {
		s := scenes[country]
		if place == "peer" || place == "ask" {
			s = scenes[s.b]
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		switch place {
		case "register":
			s.record = x
		case "ask":
			x = around{Exchange: x, dispense: s.afterLate(x)}
		}
		if place != f.place || (f.only != "" && f.only != s.a) {
			return x
		}
		return f.plant(s, x)
	}
}

// verdict says what is wrong with how a run with the fault ended.
func (f *fault) verdict(held bool, table played) error {
	if held {
		return fmt.Errorf("the demo says that every check held")
	}
	for a, direction := range bothDirections {
		var want []string
		if f.only == "" || f.only == a {
			want = append([]string{f.step}, f.also...)
		}
		if got := table.failed(direction); !slices.Equal(got, want) {
			return fmt.Errorf("%s: the steps %q failed instead of %q: %v", direction, got, want, table[direction])
		}
		for _, s := range table[direction] {
			if s.mark == "FAIL" && s.name == f.step && !strings.Contains(s.why, f.why) {
				return fmt.Errorf("%s: the step says %q instead of %q", direction, s.why, f.why)
			}
		}
	}
	return nil
}

// oneSided are the same fault in one direction alone: the demo has failed then, too.
func oneSided(f fault) []fault {
	first, second := f, f
	first.only, second.only = "EE", "FI"
	first.name, second.name = f.name+", only for Estonia", f.name+", only for Finland"
	return []fault{first, second}
}

// TestAFaultInTheProductPathIsNoticedAtEveryStep plants each fault in turn and sees exactly its step fail. The runs
// mostly wait for the outbox, so several go on at the same time.
func TestAFaultInTheProductPathIsNoticedAtEveryStep(t *testing.T) {
	t.Parallel()
	faults := slices.Concat(oneSided(readingFaults()[0]), readingFaults(), recordingFaults())
	verdicts := make([]error, len(faults))
	slots, done := make(chan struct{}, 16), sync.WaitGroup{}
	for i := range faults {
		done.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			held, table, err := playOnce(t, &faults[i])
			if err == nil {
				err = faults[i].verdict(held, table)
			}
			verdicts[i] = err
		})
	}
	done.Wait()
	noticed := map[string]bool{}
	for i, f := range faults {
		t.Run(f.step+"/"+f.name, func(t *testing.T) {
			if verdicts[i] != nil {
				t.Error(verdicts[i])
			}
			for a := range bothDirections {
				noticed[a+f.step] = noticed[a+f.step] || (len(f.also) == 0 && (f.only == "" || f.only == a))
			}
		})
	}
	for _, s := range steps {
		for a, direction := range bothDirections {
			if !noticed[a+s.name] {
				t.Errorf("%s: no fault makes the step %q fail alone", direction, s.name)
			}
		}
	}
}
