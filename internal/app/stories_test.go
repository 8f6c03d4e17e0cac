package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sild/internal/fhir"
	"sild/internal/ledger"
	"sild/internal/national/demo"
	"sild/internal/store"
	"sild/node"
)

// story is the state of one script: a running corridor, the counter we stand at, and the last answer.
type story struct {
	bridge   *bridge
	corridor node.Corridor
	counter  *counter
	last     *reply
	fetched  []byte
	message  []byte
	receipts map[string]*reply
	command  string // the name of the command that runs
}

// TestStories runs every script of conformance/stories against a corridor of its own: two nodes, TLS, databases.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "conformance", "stories"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			log := &lockedWriter{w: testWriter{env}}
			b, err := Demo{Out: testWriter{env}, Log: log, Request: 3 * time.Second, Dir: filepath.Join(env.WorkDir, "bridge")}.buildAnywhere(context.Background())
			if err != nil {
				return err
			}
			env.Values["story"] = &story{bridge: b, receipts: map[string]*reply{}}
			env.Defer(func() {
				if err := b.remove(); err != nil {
					env.T().Log("the corridor did not stop cleanly: " + err.Error())
				}
			})
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"counter": storyCommand("counter", atCounter), "find": storyCommand("find", findPatient), "list": storyCommand("list", listFor),
			"fetch": storyCommand("fetch", fetchOne), "summary": storyCommand("summary", readSummary), "dispense": storyCommand("dispense", handOut),
			"again": storyCommand("again", sendAgain), "other-content": storyCommand("other-content", otherContent), "withdraw": storyCommand("withdraw", takeBack), "status": storyCommand("status", hasStatus),
			"refused": storyCommand("refused", isRefused), "listed": storyCommand("listed", hasListed), "receipt": storyCommand("receipt", hasReceipt),
			"same": storyCommand("same", sameReceipt), "left": storyCommand("left", hasLeft), "stop": storyCommand("stop", stopNode),
			"start": storyCommand("start", startNode), "register": storyCommand("register", registerLeft), "event": storyCommand("event", hasEvent),
			"section": storyCommand("section", hasSection), "shown": storyCommand("shown", isShown), "raw": storyCommand("raw", sendRaw),
			"ledger": storyCommand("ledger", ledgerSound), "waits": storyCommand("waits", howManyWait), "guess": storyCommand("guess", guess),
			"lose-journal": storyCommand("lose-journal", registerFault), "lose-database": storyCommand("lose-database", registerFault),
			"register-down": storyCommand("register-down", registerFault), "register-up": storyCommand("register-up", registerFault),
			"register-slow": storyCommand("register-slow", registerFault), "register-crash": storyCommand("register-crash", registerFault),
		},
	})
}

type testWriter struct{ env *testscript.Env }

// Write shows the corridor's own output with the story's.
func (w testWriter) Write(p []byte) (int, error) { w.env.T().Log(string(p)); return len(p), nil }

// storyCommand turns a step that returns an error into a script command; a leading ! expects the error.
func storyCommand(name string, do func(*story, []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		s := ts.Value("story").(*story)
		s.command = name
		err := do(s, args)
		switch {
		case err != nil && !neg:
			said := ""
			if s.last != nil {
				said = fmt.Sprintf(" (last answer: %d, %s)", s.last.Status, saidKind(s.last))
			}
			ts.Fatalf("%v%s", err, said)
		case err == nil && neg:
			ts.Fatalf("expected this not to hold")
		}
	}
}

func saidKind(answer *reply) string {
	if refusal, _, err := fhir.DecodeOutcome(answer.Body); err == nil {
		return refusal.Kind.String() + " " + refusal.Reason
	}
	return "no outcome"
}

// counter FI pharmacy: stand at a Finnish pharmacy with a patient from the other country.
func atCounter(s *story, args []string) (err error) {
	s.corridor = node.Corridor{A: map[string]string{"FI": "EE", "EE": "FI"}[args[0]], B: args[0]}
	s.counter, err = s.bridge.counter(s.corridor, args[1])
	return err
}

// person finds a seeded patient's identifier by case name, or takes a value as it stands.
func (s *story) person(name string) node.Identifier {
	if running, up := s.bridge.nodes[s.corridor.A]; up {
		for _, c := range running.Register.Cases() {
			if c.Name == name {
				return c.Patient
			}
		}
	}
	return node.Identifier{System: patientSystems(s.corridor.A)[0], Value: name}
}

func (s *story) prescription(number string) node.Identifier {
	if s.corridor.A == "EE" {
		return node.Identifier{System: "https://fhir.ee/CodeSystem/tis-fhir-identifikaatorid/retseptikeskus-retsept", Value: number}
	}
	return finnishNumber(number)
}

func (s *story) keep(answer *reply, err error) error {
	if err == nil {
		s.last = answer
	}
	return err
}

func findPatient(s *story, args []string) error {
	return s.keep(s.counter.find(context.Background(), s.person(args[0])))
}

func listFor(s *story, args []string) error {
	return s.keep(s.counter.list(context.Background(), s.person(args[0])))
}

func fetchOne(s *story, args []string) error {
	err := s.keep(s.counter.fetch(context.Background(), s.person(args[0]), s.prescription(args[1])))
	if err == nil {
		s.fetched = s.last.Body
	}
	return err
}

func readSummary(s *story, args []string) error {
	return s.keep(s.counter.summary(context.Background(), s.person(args[0])))
}

// dispense 2: hand out so many packages of what was fetched last.
func handOut(s *story, args []string) error {
	packages, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	if s.message, err = s.counter.dispensation(s.fetched, newDispensation(), packages, "completed"); err != nil {
		return err
	}
	return sendAgain(s, nil)
}

func sendAgain(s *story, _ []string) error {
	err := s.keep(s.counter.dispense(context.Background(), s.message))
	if err == nil && s.receipts["first"] == nil {
		s.receipts["first"] = s.last
	}
	return err
}

// other-content: the same identifier with a note that was not there.
func otherContent(s *story, _ []string) error {
	var resource map[string]json.RawMessage
	if err := json.Unmarshal(s.message, &resource); err != nil {
		return err
	}
	resource["note"] = json.RawMessage(`[{"text":"changed"}]`)
	message, err := json.Marshal(resource)
	if err != nil {
		return err
	}
	return s.keep(s.counter.dispense(context.Background(), message))
}

func takeBack(s *story, _ []string) error {
	message, err := restated(s.message, "entered-in-error")
	if err != nil {
		return err
	}
	receipt, _, err := fhir.DecodeReceipt(s.receipts["first"].Body)
	if err != nil {
		return err
	}
	return s.keep(s.counter.withdraw(context.Background(), receipt.ID, message))
}

func hasStatus(s *story, args []string) error {
	if strconv.Itoa(s.last.Status) != args[0] {
		return complain("status %d instead of %s", s.last.Status, args[0])
	}
	return nil
}

// refused conflict [reason]: the last answer is this refusal.
func isRefused(s *story, args []string) error {
	refusal, _, err := fhir.DecodeOutcome(s.last.Body)
	if err != nil {
		return err
	}
	if refusal.Kind.String() != args[0] || (len(args) > 1 && refusal.Reason != args[1]) {
		return complain("refused as %s %s", refusal.Kind, refusal.Reason)
	}
	if refusal.Detail == "" {
		return complain("there is no sentence for the person at the counter")
	}
	return nil
}

func (s *story) document() (*node.Document, error) { return fhir.Tongue{}.Decode(s.last.Body) }

// listed 7, or listed 2001 2002: how many or which.
func hasListed(s *story, args []string) error {
	d, err := s.document()
	if err != nil {
		return err
	}
	if len(args) == 1 && len(args[0]) < 3 {
		if strconv.Itoa(len(d.Prescriptions)) != args[0] {
			return complain("%d prescriptions listed", len(d.Prescriptions))
		}
		return nil
	}
	for _, number := range args {
		found := false
		for _, p := range d.Prescriptions {
			found = found || p.ID == s.prescription(number)
		}
		if !found {
			return complain("%s is not listed", number)
		}
	}
	return nil
}

func hasReceipt(s *story, args []string) error {
	receipt, seal, err := fhir.DecodeReceipt(s.last.Body)
	if err != nil {
		return err
	}
	if string(receipt.State) != args[0] || (args[0] != "waiting") != (seal != "") {
		return complain("the receipt says %s", receipt.State)
	}
	return nil
}

func sameReceipt(s *story, _ []string) error {
	if string(s.last.Body) != string(s.receipts["first"].Body) {
		return complain("it is another receipt")
	}
	return nil
}

// left 2: the last receipt or refusal says so many packages are left.
func hasLeft(s *story, args []string) error {
	if receipt, _, err := fhir.DecodeReceipt(s.last.Body); err == nil {
		if receipt.Left != args[0] {
			return complain("the receipt says %s left", receipt.Left)
		}
		return nil
	}
	refusal, _, err := fhir.DecodeOutcome(s.last.Body)
	if err != nil || refusal.Left != args[0] {
		return complain("nothing says that %s are left", args[0])
	}
	return nil
}

func stopNode(s *story, args []string) error { return s.bridge.stop(args[0]) }

func startNode(s *story, args []string) error {
	if err := s.bridge.start(context.Background(), args[0]); err != nil {
		return err
	}
	counter, err := s.bridge.counter(s.corridor, s.counter.client)
	if err == nil {
		s.counter = counter
	}
	return err
}

// within waits for what the outbox does in the background.
func within(d time.Duration, check func() error) error {
	deadline := time.Now().Add(d)
	for {
		err := check()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// register M1 2004 2: country A's own register has so many packages left.
func registerLeft(s *story, args []string) error {
	j := &journey{bridge: s.bridge, corridor: s.corridor, truth: truth{patient: s.person(args[0])}}
	return within(15*time.Second, func() error { return j.registerSays(context.Background(), s.prescription(args[1]), args[2]) })
}

// event EE refused proof.expired: country's journal holds an event of that stage and reason (reason optional).
func hasEvent(s *story, args []string) error {
	return within(5*time.Second, func() error {
		events, err := eventsOf(s.bridge.nodes[args[0]].Store)
		if err != nil {
			return err
		}
		for _, event := range events {
			if string(event.Stage) == args[1] && (len(args) < 3 || event.Reason == args[2] || contains(event.Withheld, args[2])) {
				return nil
			}
		}
		return complain("no event %s among %d", strings.Join(args[1:], " "), len(events))
	})
}

// eventsOf reads every event row of a node back, by way of the ledger's export.
func eventsOf(s *store.Store) ([]node.Event, error) {
	var export bytes.Buffer
	if err := s.Export(context.Background(), &export, true); err != nil {
		return nil, err
	}
	var events []node.Event
	for line, err := range ledger.ReadLines(&export) {
		if err != nil {
			return nil, err
		}
		if line.Opening == nil {
			continue
		}
		var event node.Event
		if err := json.Unmarshal(line.Opening.Row, &event); err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

// section 11450-4 entries|no-information|known-absence
func hasSection(s *story, args []string) error {
	d, err := s.document()
	if err != nil || d.Summary == nil {
		return complain("no summary: %v", err)
	}
	for _, section := range d.Summary.Sections {
		if section.Code == args[0] {
			if string(section.State) != args[1] {
				return complain("section %s is %s", args[0], section.State)
			}
			return nil
		}
	}
	return complain("no section %s", args[0])
}

// shown õhukese: the last answer's bytes hold the text.
func isShown(s *story, args []string) error {
	if !strings.Contains(string(s.last.Body), strings.Join(args, " ")) {
		return complain("not shown: %s", strings.Join(args, " "))
	}
	return nil
}

// raw POST /MedicationDispense application/fhir+json {...}: send anything.
func sendRaw(s *story, args []string) error {
	return s.keep(s.counter.ask(context.Background(), args[0], args[1], args[2], []byte(strings.Join(args[3:], " "))))
}

func ledgerSound(s *story, args []string) error {
	app := s.bridge.nodes[args[0]]
	if _, err := app.Store.Checkpoint(context.Background()); err != nil {
		return err
	}
	words, sound, err := app.verifyOwnLedger(context.Background())
	if err == nil && !sound {
		err = complain("%s", words)
	}
	return err
}

// register-slow EE 5s: a fault that the demo register can play; the command's own name says which.
func registerFault(s *story, args []string) error {
	running, up := s.bridge.nodes[args[0]]
	if !up && s.command != "lose-journal" {
		return complain("%s is down", args[0])
	}
	var faults *demo.Faults
	if up {
		faults = running.Register.Faults()
	}
	switch {
	case len(args) == 2:
		slow, err := time.ParseDuration(args[1])
		faults.SetSlow(slow)
		return err
	case s.command == "lose-journal":
		return os.Remove(s.bridge.configs[args[0]].Register.Journal)
	case s.command == "lose-database":
		return os.Rename(s.bridge.configs[args[0]].Store.Path, s.bridge.configs[args[0]].Store.Path+".gone")
	case s.command == "register-down":
		faults.SetDown(true)
	case s.command == "register-up":
		faults.SetDown(false)
	default:
		faults.CrashAfterRecord()
	}
	return nil
}

// guess 40: ask for so many patients who do not exist.
func guess(s *story, args []string) error {
	times, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	for i := range times {
		who := node.Identifier{System: patientSystems(s.corridor.A)[0], Value: fmt.Sprintf("3901010%04d", i)}
		if err := s.keep(s.counter.find(context.Background(), who)); err != nil {
			return err
		}
	}
	return nil
}

// waits FI 1: so many rows wait in the outbox.
func howManyWait(s *story, args []string) error {
	return within(15*time.Second, func() error {
		lines, err := s.bridge.nodes[args[0]].Store.Outbox(context.Background())
		if err != nil {
			return err
		}
		waiting := 0
		for _, line := range lines {
			if line.State == node.WaitingNow {
				waiting++
			}
		}
		if strconv.Itoa(waiting) != args[1] {
			return complain("%d wait", waiting)
		}
		return nil
	})
}
