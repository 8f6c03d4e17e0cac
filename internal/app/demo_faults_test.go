package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sild/internal/fhir"
	"sild/internal/tongues"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// around is an Exchange with one verb done in another way.
type around struct {
	node.Exchange
	find     func(context.Context, node.Call, node.Demographics) (*node.Patient, error)
	list     func(context.Context, node.Call, node.Filter) (*node.Listing, error)
	fetch    func(context.Context, node.Call, node.Ref) (*node.Document, error)
	summary  func(context.Context, node.Call, node.Ref) (*node.Document, error)
	dispense func(context.Context, node.Call, *node.Document) (*node.Receipt, error)
	withdraw func(context.Context, node.Call, node.Withdrawal) (*node.Receipt, error)
}

func (a around) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	if a.find == nil {
		return a.Exchange.FindPatient(ctx, call, who)
	}
	return a.find(ctx, call, who)
}

func (a around) Prescriptions(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
	if a.list == nil {
		return a.Exchange.Prescriptions(ctx, call, filter)
	}
	return a.list(ctx, call, filter)
}

func (a around) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	if a.fetch == nil {
		return a.Exchange.Prescription(ctx, call, ref)
	}
	return a.fetch(ctx, call, ref)
}

func (a around) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	if a.summary == nil {
		return a.Exchange.Summary(ctx, call, ref)
	}
	return a.summary(ctx, call, ref)
}

func (a around) Dispense(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
	if a.dispense == nil {
		return a.Exchange.Dispense(ctx, call, in)
	}
	return a.dispense(ctx, call, in)
}

func (a around) Withdraw(ctx context.Context, call node.Call, w node.Withdrawal) (*node.Receipt, error) {
	if a.withdraw == nil {
		return a.Exchange.Withdraw(ctx, call, w)
	}
	return a.withdraw(ctx, call, w)
}

type planting = func(s *scene, x node.Exchange) node.Exchange

// whenFound does something with the answer to a search for the patient.
func whenFound(who func(truth) node.Identifier, do func(*scene, *node.Patient, error) (*node.Patient, error)) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, find: func(ctx context.Context, call node.Call, mask node.Demographics) (*node.Patient, error) {
			patient, err := x.FindPatient(ctx, call, mask)
			if call.Patient != who(s.truth) {
				return patient, err
			}
			return do(s, patient, err)
		}}
	}
}

// whenListed changes the main patient's listing.
func whenListed(edit func(*scene, *node.Listing)) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, list: func(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
			listing, err := x.Prescriptions(ctx, call, filter)
			if err == nil && call.Patient == s.truth.patient {
				edit(s, listing)
			}
			return listing, err
		}}
	}
}

// whenFetched changes the bytes of the one prescription that is fetched to be read.
func whenFetched(edit func(*scene, []byte) []byte) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, fetch: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
			d, err := x.Prescription(ctx, call, ref)
			if err == nil && ref.ID == s.truth.tablet {
				d.Out = rewritten(d.Out, func(body []byte) []byte { return edit(s, body) })
			}
			return d, err
		}}
	}
}

// whenSummarised changes the bytes of the main patient's summary.
func whenSummarised(edit func([]byte) []byte) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, summary: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
			d, err := x.Summary(ctx, call, ref)
			if err == nil && call.Patient == s.truth.patient {
				d.Out = rewritten(d.Out, edit)
			}
			return d, err
		}}
	}
}

func rewritten(out *node.Encoded, edit func([]byte) []byte) *node.Encoded {
	changed := *out
	changed.Parts = slices.Clone(out.Parts)
	changed.Parts[0].Body = edit(out.Body())
	return &changed
}

// instead replaces a text wherever it stands.
func instead(old, new string) func([]byte) []byte {
	return func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(new)) }
}

// without takes the resources of a type out of a Bundle.
func without(resourceType string) func([]byte) []byte {
	return func(body []byte) []byte {
		var bundle map[string]json.RawMessage
		var entries, kept []json.RawMessage
		if json.Unmarshal(body, &bundle) != nil || json.Unmarshal(bundle["entry"], &entries) != nil {
			return nil
		}
		for _, entry := range entries {
			if !bytes.Contains(entry, []byte(`"resource":{"resourceType":"`+resourceType+`"`)) {
				kept = append(kept, entry)
			}
		}
		bundle["entry"], _ = json.Marshal(kept)
		out, _ := json.Marshal(bundle)
		return out
	}
}

// receive is one dispensation on its way: what it is in the journey, and how the rest of the way answers it.
type receive struct {
	s    *scene
	call node.Call
	in   *node.Document
	next func() (*node.Receipt, error)
}

// whenDispensed does something with one message of the journey: the first of the three packages, the second, which is
// one too many, the first again, or the one that waits.
func whenDispensed(which string, do func(receive) (*node.Receipt, error)) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, dispense: func(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
			next := func() (*node.Receipt, error) { return x.Dispense(context.WithoutCancel(ctx), call, in) }
			if !strings.Contains(which, s.which(in)) {
				return next()
			}
			return do(receive{s, call, in, next})
		}}
	}
}

func (s *scene) which(in *node.Document) string {
	d, err := fhir.Tongue{}.Decode(in.Source)
	if err != nil || d.Dispensation == nil {
		return "unreadable"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.Dispensation.Prescription == s.truth.inhaler {
		return "waiting"
	}
	if slices.Contains(s.given, d.Dispensation.ID) {
		return "again"
	}
	s.given = append(s.given, d.Dispensation.ID)
	return []string{"first", "second"}[min(len(s.given), 2)-1]
}

// counterfeit is a receipt for a message that nobody recorded.
func counterfeit(source []byte, state node.ReceiptState, left string) (*node.Receipt, error) {
	d, err := fhir.Tongue{}.Decode(source)
	if err != nil {
		return nil, err
	}
	receipt := &node.Receipt{ID: node.NewCorrelation(), State: state, Dispensation: d.Dispensation.ID, Left: left, At: time.Now().UTC(),
		Prescription: d.Dispensation.Prescription, Digest: fmt.Sprintf("%x", sha256.Sum256(source))}
	receipt.Body, err = fhir.Tongue{}.EncodeReceipt(receipt, "")
	return receipt, err
}

func mistaken(kind node.Kind) error {
	return &node.Error{Op: "test.fault", Kind: kind, Reason: "planted", Detail: "This fault was planted."}
}

func theMain(t truth) node.Identifier { return t.patient }

// readingFaults are those of the verbs that show something.
func readingFaults() []fault {
	find, list, fetch, summary, alike := steps[0].name, steps[1].name, steps[2].name, steps[9].name, steps[10].name
	edit := func(e func([]byte) []byte) planting {
		return whenFetched(func(_ *scene, body []byte) []byte { return e(body) })
	}
	listing := func(e func([]byte) []byte) planting {
		return whenListed(func(_ *scene, l *node.Listing) { l.Out = rewritten(l.Out, e) })
	}
	return []fault{
		{step: find, name: "the register names somebody else", place: "register", why: "another patient", plant: whenFound(theMain,
			func(_ *scene, p *node.Patient, err error) (*node.Patient, error) { p.Family = "Keegi"; return p, err })},
		{step: find, name: "the peer answers another person's identifier", place: "peer", why: "status 503", plant: whenFound(theMain,
			func(s *scene, p *node.Patient, err error) (*node.Patient, error) {
				p.Identifiers = []node.Identifier{s.truth.other}
				return p, err
			})},
		{step: find, name: "nobody is found", place: "answer", why: "0 patients", plant: whenFound(theMain,
			func(*scene, *node.Patient, error) (*node.Patient, error) { return nil, mistaken(node.NotFound) })},
		{step: list, name: "the register loses an item", place: "register", why: "items instead of", plant: whenListed(
			func(s *scene, l *node.Listing) {
				l.Items = slices.DeleteFunc(l.Items, func(i node.Item) bool { return i.Ref.ID == s.truth.threePack })
			})},
		{step: list, name: "how much is left is dropped", place: "answer", why: "how much is left", plant: listing(instead("urn:sild:ext:remaining", "urn:sild:ext:other"))},
		{step: list, name: "the loss report is dropped", place: "ask", why: "no loss report", plant: listing(without("OperationOutcome"))},
		{step: fetch, name: "another prescription is fetched", place: "register", why: "status 404", plant: wrongPrescription},
		{step: fetch, name: "country A doubles the amount", place: "answer", why: "the amount", plant: edit(instead(`prescribedQuantity","valueQuantity":{"value":1,`, `prescribedQuantity","valueQuantity":{"value":2,`))},
		{step: fetch, name: "another ATC code is shown", place: "ask", why: "the ATC code", plant: edit(instead("A10BA02", "A10BB01"))},
		{step: fetch, name: "a tenth of the strength arrives", place: "peer", why: "the strength", plant: edit(instead(`"value":500`, `"value":50`))},
		{step: fetch, name: "the original code of the form is lost", place: "ask", why: "lost its original", plant: whenFetched(
			func(s *scene, body []byte) []byte { return instead(nationalForms[s.a], "urn:oid:2.999")(body) })},
		{step: fetch, name: "the reader's words are lost", place: "ask", why: "the reader's language", plant: whenFetched(
			func(s *scene, body []byte) []byte {
				return instead(`"valueCode":"`+readerLanguages(s.b)[0]+`"`, `"valueCode":"de"`)(body)
			})},
		{step: fetch, name: "the loss report is empty", place: "ask", why: "no loss report", plant: edit(instead("urn:sild:ext:line", "urn:sild:ext:other"))},
		{step: summary, name: "a restricted section leaks", place: "answer", why: "not withheld", plant: cutOtherwise(func(t truth) node.Identifier { return t.sectioned })},
		{step: summary, name: "a section is withheld that nobody restricted", place: "answer", why: "problems", plant: cutOtherwise(theMain, "section:"+problems)},
		{step: summary, name: "the loss report is dropped", place: "ask", why: "no loss report", plant: whenSummarised(without("OperationOutcome"))},
		{step: alike, name: "a restricted patient is refused instead of not found", place: "answer", why: "statuses 403", plant: whenFound(
			func(t truth) node.Identifier { return t.restricted },
			func(*scene, *node.Patient, error) (*node.Patient, error) { return nil, mistaken(node.Refused) })},
		{step: alike, name: "a restricted patient's list is another's", place: "ask", why: "the bodies differ", plant: wrongList},
		{step: steps[11].name, name: "a row of country A's ledger is changed", place: "ask", why: "not sound", plant: tampered(
			func(s *scene) string { return s.a }, "UPDATE events SET commitment = zeroblob(32) WHERE leaf = 3")},
		{step: steps[11].name, name: "a row of country B's ledger is lost", place: "ask", only: "FI", why: "EE: not sound", plant: tampered(
			func(s *scene) string { return s.b }, "DELETE FROM events WHERE leaf = 3")},
	}
}

func wrongPrescription(s *scene, x node.Exchange) node.Exchange {
	return around{Exchange: x, fetch: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
		if ref.ID == s.truth.tablet {
			ref.ID = s.truth.threePack
		}
		return x.Prescription(ctx, call, ref)
	}}
}

// cutOtherwise answers one patient's summary with other sections withheld than the patient's restrictions say.
func cutOtherwise(who func(truth) node.Identifier, withheld ...string) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, summary: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
			if call.Patient != who(s.truth) {
				return x.Summary(ctx, call, ref)
			}
			catalogue, err := translation.Load(mappings.Files())
			if err != nil {
				return nil, err
			}
			national, err := s.record.Summary(ctx, call, ref)
			if err != nil {
				return nil, err
			}
			tongue := tongues.New(s.a, "en", catalogue)
			d, err := tongue.Decode(national.Source)
			if err != nil {
				return nil, err
			}
			d.At = time.Now().UTC()
			if e := node.CarryOut(catalogue, s.a, d); e != nil {
				return nil, e
			}
			var cut []translation.Span
			for _, element := range d.Elements {
				if slices.Contains(withheld, element.Name) {
					cut = append(cut, element.Spans...)
				}
			}
			d.Out, err = tongue.Encode(d, node.EPS, cut, node.Loss(d, catalogue.Release()))
			return d, err
		}}
	}
}

func wrongList(s *scene, x node.Exchange) node.Exchange {
	return around{Exchange: x, list: func(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
		if call.Patient == s.truth.restricted {
			call.Patient = s.truth.patient
		}
		return x.Prescriptions(ctx, call, filter)
	}}
}

// tampered changes a node's database behind its back with the last request before the ledgers are verified: a node that
// notices, and it does within a second, answers nothing more.
func tampered(whose func(*scene) string, statement string) planting {
	return func(s *scene, x node.Exchange) node.Exchange {
		return around{Exchange: x, summary: func(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
			d, err := x.Summary(ctx, call, ref)
			if call.Patient != s.truth.unknown {
				return d, err
			}
			found, lost := filepath.Glob(filepath.Join(s.dir, "demo-*", strings.ToLower(whose(s)), "node.db"))
			if lost != nil || len(found) == 0 {
				return nil, fmt.Errorf("no database to tamper with: %w", lost)
			}
			db, lost := sql.Open("sqlite3", "file:"+found[len(found)-1]+"?_busy_timeout=5000")
			if lost != nil {
				return nil, lost
			}
			defer db.Close()
			if _, lost = db.Exec(statement); lost != nil {
				return nil, lost
			}
			return d, err
		}}
	}
}

// recordingFaults are those of the verbs that change something.
func recordingFaults() []fault {
	dispense, second, again, withdraw, down, back := steps[3].name, steps[4].name, steps[5].name, steps[6].name, steps[7].name, steps[8].name
	return []fault{
		{step: dispense, name: "the receipt counts wrongly", place: "ask", why: "the receipt says", plant: whenDispensed("first again",
			func(r receive) (*node.Receipt, error) {
				receipt, err := r.next()
				receipt.Body = instead(`"url":"left","valueString":"`, `"url":"left","valueString":"1`)(receipt.Body)
				return receipt, err
			})},
		{step: dispense, name: "the register answers before it has recorded", place: "register", why: "the register has", plant: whenDispensed("first",
			func(r receive) (*node.Receipt, error) {
				r.s.mu.Lock()
				defer r.s.mu.Unlock()
				r.s.late = func() error { _, err := r.next(); return err }
				return counterfeit(r.in.Source, node.ReceiptRecorded, r.s.truth.leftAfterOne)
			})},
		{step: dispense, name: "the register loses it", place: "register", why: "the register has", also: []string{second, again, withdraw},
			plant: whenDispensed("first", func(r receive) (*node.Receipt, error) {
				return counterfeit(r.in.Source, node.ReceiptRecorded, r.s.truth.leftAfterOne)
			})},
		{step: second, name: "what is gone is handed out again", place: "ask", why: "status 201", plant: whenDispensed("second",
			func(r receive) (*node.Receipt, error) { return counterfeit(r.in.Source, node.ReceiptRecorded, "0") })},
		{step: second, name: "the refusal does not say what is left", place: "ask", why: "refused as conflict", plant: whenDispensed("second",
			func(r receive) (*node.Receipt, error) {
				_, err := r.next()
				e := *node.AsError(err)
				e.Left = ""
				return nil, &e
			})},
		{step: again, name: "the receipt has other bytes", place: "ask", why: "another one", plant: whenDispensed("again",
			func(r receive) (*node.Receipt, error) {
				receipt, err := r.next()
				receipt.Body = append(slices.Clone(receipt.Body), '\n')
				return receipt, err
			})},
		{step: again, name: "it looks like a new dispensation", place: "ask", why: "status 201", plant: whenDispensed("again",
			func(r receive) (*node.Receipt, error) {
				receipt, err := r.next()
				receipt.Replayed = false
				return receipt, err
			})},
		{step: withdraw, name: "the withdrawal changes nothing", place: "register", only: "FI", why: "the register has 2", plant: idleWithdrawal},
		{step: withdraw, name: "it is taken back although it is refused", place: "ask", only: "EE", why: "the register has 3", plant: hiddenWithdrawal},
		{step: withdraw, name: "it cannot be taken back just now", place: "ask", why: "status 503", plant: func(_ *scene, x node.Exchange) node.Exchange {
			return around{Exchange: x, withdraw: func(context.Context, node.Call, node.Withdrawal) (*node.Receipt, error) {
				return nil, mistaken(node.Unavailable)
			}}
		}},
		{step: down, name: "the pharmacy is told that it is recorded", place: "ask", why: "status 201", plant: whenDispensed("waiting",
			func(r receive) (*node.Receipt, error) {
				receipt, err := r.next()
				receipt.State = node.ReceiptRecorded
				return receipt, err
			})},
		{step: down, name: "the pharmacy is told of another dispensation", place: "ask", why: "not told that it waits", plant: whenDispensed("waiting",
			func(r receive) (*node.Receipt, error) {
				receipt, err := r.next()
				receipt.Body = instead("urn:sild:demo:", "urn:sild:other:")(receipt.Body)
				return receipt, err
			})},
		{step: down, name: "the peer speaks for a country that is down", place: "peer", why: "status 201", also: []string{back}, patience: 3 * time.Second,
			plant: whenDispensed("waiting", func(r receive) (*node.Receipt, error) { return counterfeit(r.in.Source, node.ReceiptRecorded, "0") })},
		{step: back, name: "the peer never delivers", place: "peer", why: "the register has", patience: 4 * time.Second, plant: whenDispensed("waiting",
			func(receive) (*node.Receipt, error) { return nil, mistaken(node.Unavailable) })},
		{step: back, name: "the register loses it", place: "register", why: "the register has", patience: 4 * time.Second, plant: whenDispensed("waiting",
			func(r receive) (*node.Receipt, error) { return counterfeit(r.in.Source, node.ReceiptRecorded, "0") })},
		{step: back, name: "the receipt never comes home", place: "peer", why: "still wait", patience: 8 * time.Second, plant: whenDispensed("waiting",
			func(r receive) (*node.Receipt, error) {
				_, _ = r.next()
				return nil, mistaken(node.Unavailable)
			})},
		{step: back, name: "it is never queued", place: "ask", why: "the register has", patience: 4 * time.Second, plant: whenDispensed("waiting",
			func(r receive) (*node.Receipt, error) { return counterfeit(r.in.Source, node.ReceiptWaiting, "") })},
	}
}

// afterLate lets the register first record what it has only promised.
func (s *scene) afterLate(x node.Exchange) func(context.Context, node.Call, *node.Document) (*node.Receipt, error) {
	return func(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
		s.mu.Lock()
		late := s.late
		s.late = nil
		s.mu.Unlock()
		if late != nil {
			if err := late(); err != nil {
				return nil, err
			}
		}
		return x.Dispense(ctx, call, in)
	}
}

func idleWithdrawal(s *scene, x node.Exchange) node.Exchange {
	return around{Exchange: x, withdraw: func(_ context.Context, _ node.Call, w node.Withdrawal) (*node.Receipt, error) {
		return counterfeit(w.Source, node.ReceiptWithdrawn, s.truth.leftAfterWithdraw)
	}}
}

// hiddenWithdrawal refuses by the corridor's rule and takes back all the same.
func hiddenWithdrawal(s *scene, x node.Exchange) node.Exchange {
	return around{Exchange: x, withdraw: func(ctx context.Context, call node.Call, w node.Withdrawal) (*node.Receipt, error) {
		d, err := fhir.Tongue{}.Decode(w.Source)
		if err != nil {
			return nil, err
		}
		behind := call
		behind.Peer = s.b
		if _, err := s.record.Withdraw(ctx, behind, node.Withdrawal{Receipt: d.Dispensation.ID.Value, Source: w.Source}); err != nil {
			return nil, err
		}
		return x.Withdraw(ctx, call, w)
	}}
}
