package node_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
	"sild/trust"
)

// peer is another country's node that answers what a test tells it; what it is not told the real one answers.
type peer struct {
	node.Exchange
	prescription  func(*node.Document) *node.Document
	prescriptions func(*node.Listing) *node.Listing
	summary       func(*node.Document) *node.Document
	patient       func(*node.Patient) *node.Patient
}

func (p peer) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	found, err := p.Exchange.FindPatient(ctx, call, who)
	if err == nil && p.patient != nil {
		found = p.patient(found)
	}
	return found, err
}

func (p peer) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	d, err := p.Exchange.Summary(ctx, call, ref)
	if err == nil && p.summary != nil {
		d = p.summary(d)
	}
	return d, err
}

func (p peer) Prescriptions(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
	l, err := p.Exchange.Prescriptions(ctx, call, filter)
	if err == nil && p.prescriptions != nil {
		l = p.prescriptions(l)
	}
	return l, err
}

func (p peer) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	d, err := p.Exchange.Prescription(ctx, call, ref)
	if err == nil && p.prescription != nil {
		d = p.prescription(d)
	}
	return d, err
}

// otherForm puts another shared dose form over the chain of one.
func otherForm(form *code) code {
	other := *form
	other.Code = "10210000"
	return other
}

// sends makes a peer send a changed paper.
func sends(t testing.TB, change func(p *paper)) func(*node.Document) *node.Document {
	return func(d *node.Document) *node.Document {
		t.Helper()
		out := resealed(t, d.Out, change)
		return &node.Document{Kind: d.Kind, Format: d.Format, Out: out}
	}
}

func resealed(t testing.TB, sent *node.Encoded, change func(p *paper)) *node.Encoded {
	t.Helper()
	p, err := open(sent.Body())
	change(must(t, p, err))
	out, err := seal(p, sent.Report)
	return must(t, out, err)
}

func TestEachProfessionAsksWhatOurOwnLawLetsItAsk(t *testing.T) {
	for _, row := range []struct {
		a, b, role string
		may        []node.Verb
	}{
		{"EE", "FI", "2262", []node.Verb{node.FindPatientVerb, node.PrescriptionsVerb, node.PrescriptionVerb, node.DispenseVerb, node.WithdrawVerb}},
		{"EE", "FI", "2221", []node.Verb{node.FindPatientVerb, node.SummaryVerb}},
		{"FI", "EE", "2221", nil},
		{"FI", "EE", "221", []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb}},
		{"FI", "EE", "", nil},
	} {
		for _, verb := range node.Verbs() {
			w := in(t, row.a, row.b)
			p := w.proofB(verb, w.patient("main"))
			p.Person.Role = row.role
			call, err := w.gateB.AdmitLocal(t.Context(), p)
			must(t, call, err)
			_, err = w.verbsOfB()[verb](call)
			refused := err != nil && node.AsError(err).Reason == "profession"
			if refused == contains(row.may, verb) {
				t.Errorf("%s→%s, role %q, %s: %v", row.a, row.b, row.role, verb, err)
			}
			if refused {
				w.wantRefusal(w.bJournal, "B", node.Refused, "profession")
				if len(w.aJournal.events)+len(w.register.asked) > 0 {
					t.Error("the other country heard of it")
				}
			}
		}
	}
}

func contains(list []node.Verb, verb node.Verb) bool {
	for _, v := range list {
		if v == verb {
			return true
		}
	}
	return false
}

func TestACountryWithoutAConnectionOrWithoutTrustIsNotAsked(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(w *world)
		reason string
	}{
		{"no connection", func(w *world) { w.line.there = false }, "peer.none"},
		{"no list", func(w *world) { w.list = nil }, "trust.decision"},
		{"an old list", func(w *world) { w.clock.forward(8 * 24 * time.Hour) }, "trust.decision"},
		{"suspended", func(w *world) {
			w.relist(func(p *trust.Participant) { p.Status = trust.StatusSuspended })
		}, "trust.decision"},
		{"it may only ask", func(w *world) {
			w.relist(func(p *trust.Participant) {
				for i := range p.Services {
					p.Services[i].Directions, p.Services[i].Endpoints = []trust.Direction{trust.Asks}, nil
					p.Services[i].Corridors = []trust.Corridor{{A: map[string]string{"EE": "FI", "FI": "EE"}[p.Country], B: p.Country}}
				}
			})
		}, "trust.decision"},
		{"another corridor", func(w *world) {
			w.relist(func(p *trust.Participant) {
				for i := range p.Services {
					p.Services[i].Corridors = []trust.Corridor{{A: "FI", B: "EE"}}
				}
			})
		}, "trust.decision"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			w.prescribe(1)
			calls := map[node.Verb]node.Call{}
			for _, verb := range []node.Verb{node.FindPatientVerb, node.PrescriptionsVerb, node.PrescriptionVerb, node.DispenseVerb, node.WithdrawVerb} {
				calls[verb] = w.callB(verb)
			}
			row.change(w)
			for verb, call := range calls {
				got, err := w.verbsOfB()[verb](call)
				w.wantError(err, node.Refused, row.reason)
				if got != nil {
					t.Errorf("%s answered %v", verb, got)
				}
				w.wantRefusal(w.bJournal, "B", node.Refused, row.reason)
			}
			if len(w.register.asked) > 0 {
				t.Errorf("asked %v", w.register.asked)
			}
		})
	}
}

func TestWhatAPeerAnswersIsBelievedOnlyAboutThePatientAndTheDocument(t *testing.T) {
	other := func(p *paper) { p.Patient.IDs[0].Value = "37605030299" }
	prescription, summary, list := node.PrescriptionVerb, node.SummaryVerb, node.PrescriptionsVerb
	for _, row := range []struct {
		name   string
		verb   node.Verb
		peer   func(t testing.TB) peer
		kind   node.Kind
		reason string
	}{
		{"another patient's prescription", prescription, func(t testing.TB) peer { return peer{prescription: sends(t, other)} }, node.Unavailable, "peer.other-patient"},
		{"another patient inside it", prescription, func(t testing.TB) peer {
			return peer{prescription: sends(t, func(p *paper) {
				p.Scripts[0].Patient = &person{IDs: []node.Identifier{{System: eePerson, Value: "37605030299"}}}
			})}
		}, node.Unavailable, "peer.other-patient"},
		{"another prescription", prescription, func(t testing.TB) peer {
			return peer{prescription: sends(t, func(p *paper) { p.Scripts[0].ID = rx(2) })}
		}, node.Unavailable, "peer.other-document"},
		{"two prescriptions", prescription, func(t testing.TB) peer {
			return peer{prescription: sends(t, func(p *paper) { p.Scripts = append(p.Scripts, p.Scripts[0]) })}
		}, node.Unavailable, "peer.other-document"},
		{"nothing readable", prescription, func(testing.TB) peer {
			return peer{prescription: func(*node.Document) *node.Document {
				return &node.Document{Out: &node.Encoded{Parts: []node.Part{{Body: []byte("<html>")}}}}
			}}
		}, node.Unavailable, "peer.unreadable"},
		{"no bytes at all", prescription, func(testing.TB) peer {
			return peer{prescription: func(*node.Document) *node.Document { return &node.Document{} }}
		}, node.Unavailable, "peer.unreadable"},
		{"a form that nobody knows", prescription, func(t testing.TB) peer {
			return peer{prescription: sends(t, func(p *paper) { p.Scripts[0].Medicine.Form.Code = "99999999" })}
		}, node.Untranslatable, "slot.refused"},
		{"a form over the code of another", prescription, func(t testing.TB) peer {
			return peer{prescription: sends(t, func(p *paper) { *p.Scripts[0].Medicine.Form = otherForm(p.Scripts[0].Medicine.Form) })}
		}, node.Untranslatable, "slot.contradiction"},
		{"no strength", prescription, func(t testing.TB) peer {
			return peer{prescription: sends(t, func(p *paper) { p.Scripts[0].Medicine.Ingredients[0].Amount = nil })}
		}, node.Untranslatable, "slot.missing"},
		{"another patient's listing", list, func(t testing.TB) peer {
			return peer{prescriptions: func(l *node.Listing) *node.Listing { l.Out = resealed(t, l.Out, other); return l }}
		}, node.Unavailable, "peer.other-patient"},
		{"one item of another patient", list, func(t testing.TB) peer {
			return peer{prescriptions: func(l *node.Listing) *node.Listing {
				l.Out = resealed(t, l.Out, func(p *paper) {
					p.Scripts = append(p.Scripts, &script{ID: rx(9), Medicine: tablets("EE"),
						Patient: &person{IDs: []node.Identifier{{System: eePerson, Value: "37605030299"}}}})
				})
				return l
			}}
		}, node.Unavailable, "peer.other-patient"},
		{"another patient's summary", summary, func(t testing.TB) peer { return peer{summary: sends(t, other)} }, node.Unavailable, "peer.other-patient"},
		{"no summary in it", summary, func(t testing.TB) peer {
			return peer{summary: sends(t, func(p *paper) { p.Summary = nil })}
		}, node.Unavailable, "peer.other-document"},
		{"another patient", node.FindPatientVerb, func(testing.TB) peer {
			return peer{patient: func(*node.Patient) *node.Patient {
				return &node.Patient{Identifiers: []node.Identifier{{System: eePerson, Value: "37605030299"}}}
			}}
		}, node.Unavailable, "peer.other-patient"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			w.prescribe(1)
			w.summarise("main", problems())
			p := row.peer(t)
			p.Exchange, w.line.Exchange = w.line.Exchange, &p
			got, err := w.verbsOfB()[row.verb](w.callB(row.verb))
			w.wantError(err, row.kind, row.reason)
			if got != nil {
				t.Errorf("shown %v", got)
			}
			w.wantRefusal(w.bJournal, "B", row.kind, row.reason)
			if len(w.bJournal.kept) > 0 {
				t.Error("it is kept for dispensing")
			}
		})
	}
}

func TestWhatThePeerRefusesReachesTheCounter(t *testing.T) {
	w := in(t, "FI", "EE")
	for verb, ask := range w.verbsOfB() {
		if verb == node.DispenseVerb || verb == node.WithdrawVerb {
			continue
		}
		_, err := ask(w.callB(verb, "unconsented"))
		w.wantError(err, node.Refused, "rule.fi-ee-01")
		w.wantRefusal(w.bJournal, "B", node.Refused, "rule.fi-ee-01")
		if w.bJournal.last().Peer != "FI" {
			t.Errorf("the event does not name the peer: %+v", w.bJournal.last())
		}
	}
}

func TestAPrescriptionIsShownInTheReadersWordsAndKeptAsItCame(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	d := w.fetched(1)
	form := d.Prescription().Medication.Form
	if form.Original().Code != "738" || form.Rendered != "tabletti" || form.Language != "fi" || form.Fate != translation.Mapped {
		t.Errorf("the form is %+v", form)
	}
	k, ok, _ := w.bJournal.Kept(t.Context(), "EE", rx(1))
	if !ok || k.Patient != w.patient("main") || k.Format != node.MPD || sha(k.Source) != w.aJournal.last().Hash {
		t.Errorf("kept %v %+v", ok, k)
	}
	e := w.bJournal.last()
	if e.Stage != node.ReadStage || e.Face != "B" || e.Peer != "EE" || e.Hash != d.Out.Hash || e.Documents[0] != "RX-1" {
		t.Errorf("event %+v", e)
	}
	if d.Peer == nil || d.Peer.Count() == 0 || d.Out.Report.Count() != len(d.Slots) {
		t.Error("one half of the loss report is missing")
	}
}

func TestAListingKeepsWhatCountryAWithheld(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.prescribe(2, func(s *script) { s.Medicine.Form = nil })
	l, err := w.ask.Prescriptions(t.Context(), w.callB(node.PrescriptionsVerb), node.Filter{})
	if must(t, l, err); len(l.Items) != 1 || len(l.Withheld) != 1 || l.Withheld[0].Slot != "medication.form" || l.Out == nil {
		t.Errorf("%+v", l)
	}
	if len(w.bJournal.kept) > 0 {
		t.Error("a listing is no fetch")
	}
	empty, err := w.ask.Prescriptions(t.Context(), w.callB(node.PrescriptionsVerb, "unknown"), node.Filter{})
	if must(t, empty, err); len(empty.Items) != 0 {
		t.Errorf("%+v", empty)
	}
}

func TestWhatIsOfferedCanBeFetchedByHandleFromB(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	l, err := w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
	handle := must(t, l, err).Items[0].Ref.Handle
	d, err := w.ask.Prescription(t.Context(), w.callB(node.PrescriptionVerb), node.Ref{Handle: handle})
	if must(t, d, err).Prescription().ID != rx(1) {
		t.Errorf("fetched %v", d.Prescription().ID)
	}
}

func TestAFaceWithoutItsPartsDoesNotStart(t *testing.T) {
	w := in(t, "EE", "FI")
	for name, breaks := range map[string]func(*node.Answer){
		"register": func(a *node.Answer) { a.Register = nil }, "rights": func(a *node.Answer) { a.Rights = nil },
		"recall": func(a *node.Answer) { a.Recall = nil }, "rules": func(a *node.Answer) { a.Rules = nil },
		"journal": func(a *node.Answer) { a.Journal = nil }, "seal": func(a *node.Answer) { a.Seal = nil },
		"clock": func(a *node.Answer) { a.Now = nil }, "tongue": func(a *node.Answer) { a.Tongue = nil },
		"catalogue": func(a *node.Answer) { a.Catalogue = nil },
	} {
		a := *w.answer
		breaks(&a)
		if got, err := node.NewAnswer(a); err == nil || got != nil {
			t.Errorf("country A started without its %s", name)
		}
	}
	for name, breaks := range map[string]func(*node.Ask){
		"route": func(a *node.Ask) { a.Route = nil }, "list": func(a *node.Ask) { a.List = nil },
		"rules": func(a *node.Ask) { a.Rules = nil }, "journal": func(a *node.Ask) { a.Journal = nil },
		"retry": func(a *node.Ask) { a.Retry = nil }, "clock": func(a *node.Ask) { a.Now = nil },
		"tongue": func(a *node.Ask) { a.Tongue = nil }, "catalogue": func(a *node.Ask) { a.Catalogue = nil },
	} {
		a := *w.ask
		breaks(&a)
		if got, err := node.NewAsk(a); err == nil || got != nil {
			t.Errorf("country B started without its %s", name)
		}
	}
}

func TestDirectPassesTheSameGateForEveryVerb(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1)
	w.summarise("main", problems())
	call := w.callB(node.PrescriptionVerb)
	direct := w.line.Exchange
	ask := map[string]func(node.Call) error{
		"find": func(c node.Call) error {
			_, err := direct.FindPatient(t.Context(), c, node.Demographics{BirthDate: "1971-01-01"})
			return err
		},
		"list": func(c node.Call) error { _, err := direct.Prescriptions(t.Context(), c, node.Filter{}); return err },
		"fetch": func(c node.Call) error {
			_, err := direct.Prescription(t.Context(), c, node.Ref{ID: rx(1)})
			return err
		},
		"report": func(c node.Call) error { _, err := direct.Dispense(t.Context(), c, w.message(1, 1, "1")); return err },
		"withdraw": func(c node.Call) error {
			_, err := direct.Withdraw(t.Context(), c, w.takeBack(w.aJournal.intents[key("EE", "dispense", given(1).System, given(1).Value)].Receipt.ID, 1, 1))
			return err
		},
	}
	for _, name := range []string{"find", "list", "fetch", "report", "withdraw"} {
		must(t, 0, ask[name](call.Outward()))
	}
	careless := call.Outward()
	careless.Counter.IdentitySeen = false
	for _, name := range []string{"find", "list", "fetch", "report", "withdraw"} {
		w.wantError(ask[name](careless), node.Refused, "counter.identity")
	}
	_, err := direct.Summary(t.Context(), careless, node.Ref{})
	if !node.KindIs(err, node.Refused) {
		t.Errorf("summary %v", err)
	}
	doctor := w.callB(node.SummaryVerb).Outward()
	d, err := direct.Summary(t.Context(), doctor, node.Ref{})
	if must(t, d, err).Out.Format != node.EPS {
		t.Errorf("a summary came as %s", d.Out.Format)
	}
}

func TestErrorsOfThePeerThatAreNoneOfOursAreNotShown(t *testing.T) {
	w := in(t, "EE", "FI")
	w.line.Exchange = angry{}
	for verb, ask := range w.verbsOfB() {
		if verb == node.DispenseVerb || verb == node.WithdrawVerb || verb == node.SummaryVerb {
			continue
		}
		_, err := ask(w.callB(verb))
		w.wantError(err, node.Internal, "internal")
	}
}

// angry answers everything with a plain error that names the patient.
type angry struct{ node.Exchange }

var errAngry = errors.New("47101010033 Õunapuuvõsa")

func (angry) FindPatient(context.Context, node.Call, node.Demographics) (*node.Patient, error) {
	return nil, errAngry
}
func (angry) Prescriptions(context.Context, node.Call, node.Filter) (*node.Listing, error) {
	return nil, errAngry
}
func (angry) Prescription(context.Context, node.Call, node.Ref) (*node.Document, error) {
	return nil, errAngry
}
