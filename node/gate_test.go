package node_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/trust"
)

// flaw is one thing that can be wrong with a proof, in the order in which the gate looks.
type flaw struct {
	name   string
	kind   node.Kind
	breaks func(w *world, p *node.Proof)
}

func peerFlaws() []flaw {
	return []flaw{
		{"proof.sealed", node.Untrusted, func(_ *world, p *node.Proof) { p.Sealed = false }},
		{"proof.issuer", node.Untrusted, func(_ *world, p *node.Proof) { p.Issuer = "LV" }},
		{"proof.binding", node.Untrusted, func(_ *world, p *node.Proof) { p.Confirmation = "another certificate" }},
		{"proof.audience", node.Untrusted, func(_ *world, p *node.Proof) { p.Audience = []string{"LV"} }},
		{"proof.issued", node.Untrusted, func(w *world, p *node.Proof) { p.Issued = w.clock.now().Add(31 * time.Second) }},
		{"proof.expired", node.Untrusted, func(w *world, p *node.Proof) { p.Expires = w.clock.now().Add(-30 * time.Second) }},
		{"proof.life", node.Untrusted, func(_ *world, p *node.Proof) { p.Expires = p.Issued.Add(5*time.Minute + time.Second) }},
		{"proof.id", node.Untrusted, func(_ *world, p *node.Proof) { p.ID = strings.Repeat("j", 129) }},
		{"proof.verb", node.Untrusted, func(_ *world, p *node.Proof) { p.Verb = node.WithdrawVerb }},
		{"proof.patient", node.Untrusted, func(w *world, p *node.Proof) { p.Asked.Patient = w.patient("other") }},
		{"proof.patient-system", node.Invalid, func(_ *world, p *node.Proof) { p.Patient.System = "urn:oid:2.999"; p.Asked.Patient = p.Patient }},
		{"proof.person", node.Unidentified, func(_ *world, p *node.Proof) { p.Person.Organisation.ID.Value = "" }},
		{"proof.role", node.Refused, func(_ *world, p *node.Proof) { p.Person.Role = "9999" }},
		{"proof.permission", node.Refused, func(_ *world, p *node.Proof) { p.Person.Permissions = []node.Verb{node.WithdrawVerb} }},
		{"proof.purpose", node.Refused, func(_ *world, p *node.Proof) { p.Purpose = "HRESCH" }},
		{"corridor.known", node.Refused, func(w *world, _ *node.Proof) {
			w.gateA.Country = "SE"
		}},
		{"trust.decision", node.Refused, func(w *world, _ *node.Proof) {
			w.relist(func(p *trust.Participant) { p.Status = trust.StatusSuspended })
		}},
		{"counter.identity", node.Refused, func(_ *world, p *node.Proof) { p.Counter.IdentitySeen = false }},
		{"counter.informed", node.Refused, func(_ *world, p *node.Proof) { p.Counter.PatientInformed = false }},
	}
}

func localFlaws() []flaw {
	return []flaw{
		{"proof.sealed", node.Untrusted, func(_ *world, p *node.Proof) { p.Sealed = false }},
		{"proof.issuer", node.Unidentified, func(_ *world, p *node.Proof) { p.Issuer = "issuer.LV" }},
		{"proof.audience", node.Untrusted, func(_ *world, p *node.Proof) { p.Audience = nil }},
		{"proof.issued", node.Untrusted, func(_ *world, p *node.Proof) { p.Issued = time.Time{} }},
		{"proof.expired", node.Untrusted, func(_ *world, p *node.Proof) { p.Expires = time.Time{} }},
		{"proof.id", node.Untrusted, func(_ *world, p *node.Proof) { p.ID = "" }},
		{"proof.patient", node.Invalid, func(_ *world, p *node.Proof) { p.Patient = node.Identifier{} }},
		{"proof.person", node.Unidentified, func(_ *world, p *node.Proof) { p.Person.ID.Value = "" }},
		{"proof.purpose", node.Refused, func(_ *world, p *node.Proof) { p.Purpose = "" }},
		{"corridor.known", node.Refused, func(_ *world, p *node.Proof) { p.Country = "SE" }},
		{"counter.identity", node.Refused, func(_ *world, p *node.Proof) { p.Counter.IdentitySeen = false }},
		{"counter.informed", node.Refused, func(_ *world, p *node.Proof) { p.Counter.PatientInformed = false }},
	}
}

func TestEachCheckOfTheGateRefusesItsOwnFlaw(t *testing.T) {
	for _, f := range peerFlaws() {
		t.Run("peer "+f.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
			f.breaks(w, &p)
			call, err := w.gateA.Admit(t.Context(), p)
			w.wantError(err, f.kind, f.name)
			w.wantNothingAsked(call)
			w.wantRefusal(w.aJournal, "A", f.kind, f.name)
		})
	}
	for _, f := range localFlaws() {
		t.Run("local "+f.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			p := w.proofB(node.PrescriptionsVerb, w.patient("main"))
			f.breaks(w, &p)
			call, err := w.gateB.AdmitLocal(t.Context(), p)
			w.wantError(err, f.kind, f.name)
			w.wantNothingAsked(call)
			w.wantRefusal(w.bJournal, "B", f.kind, f.name)
		})
	}
}

// wantNothingAsked says that the register was left alone and that the call of a refusal opens nothing.
func (w *world) wantNothingAsked(call node.Call) {
	w.t.Helper()
	if _, err := w.answer.Prescriptions(w.t.Context(), call, node.Filter{}); !node.KindIs(err, node.Unidentified) {
		w.t.Errorf("the call of a refusal was answered with %v", err)
	}
	if len(w.register.asked) > 0 {
		w.t.Errorf("the register was asked %v", w.register.asked)
	}
}

func (w *world) wantRefusal(j *journal, face string, kind node.Kind, reason string) {
	w.t.Helper()
	e := j.last()
	if e.Stage != node.RefusedStage || e.Face != face || e.Kind != kind.String() || e.Reason != reason || e.ID == "" || e.At.IsZero() {
		w.t.Errorf("event %+v", e)
	}
}

func TestTheFirstFlawDecides(t *testing.T) {
	for name, flaws := range map[string][]flaw{"peer": peerFlaws(), "local": localFlaws()} {
		for i := range flaws {
			// Everything from the i-th check on is wrong; what breaks the same field is left to the earlier one.
			w := in(t, "EE", "FI")
			p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
			admit := w.gateA.Admit
			if name == "local" {
				p, admit = w.proofB(node.PrescriptionsVerb, w.patient("main")), w.gateB.AdmitLocal
			}
			for k := len(flaws) - 1; k >= i; k-- {
				flaws[k].breaks(w, &p)
			}
			_, err := admit(t.Context(), p)
			if err == nil || node.AsError(err).Reason != flaws[i].name {
				t.Errorf("%s: from %s on all is wrong, and the answer is %v", name, flaws[i].name, err)
			}
		}
	}
}

func TestTheGateForgivesHalfAMinute(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(p *node.Proof, now time.Time)
		want   string
	}{
		{"issued 30 s ahead", func(p *node.Proof, now time.Time) { p.Issued = now.Add(30 * time.Second) }, ""},
		{"valid from 31 s ahead", func(p *node.Proof, now time.Time) { p.NotBefore = now.Add(31 * time.Second) }, "proof.issued"},
		{"expired 29 s ago", func(p *node.Proof, now time.Time) {
			p.Issued, p.NotBefore, p.Expires = now.Add(-5*time.Minute), now.Add(-5*time.Minute), now.Add(-29*time.Second)
		}, ""},
		{"never issued", func(p *node.Proof, _ time.Time) { p.Issued = time.Time{} }, "proof.issued"},
		{"never expires", func(p *node.Proof, _ time.Time) { p.Expires = time.Time{} }, "proof.expired"},
		{"lives five minutes exactly", func(p *node.Proof, _ time.Time) { p.Expires = p.Issued.Add(5 * time.Minute) }, ""},
		{"an empty issuer", func(p *node.Proof, _ time.Time) { p.Issuer, p.Participant = "", "" }, "proof.issuer"},
		{"an empty binding", func(p *node.Proof, _ time.Time) { p.Confirmation, p.Certificate = "", "" }, "proof.binding"},
		{"a long patient identifier", func(p *node.Proof, _ time.Time) {
			p.Patient.Value = strings.Repeat("9", 65)
			p.Asked.Patient = p.Patient
		}, "proof.patient-system"},
		{"emergency", func(p *node.Proof, _ time.Time) { p.Purpose = node.Emergency }, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
			row.change(&p, w.clock.now())
			_, err := w.gateA.Admit(t.Context(), p)
			if row.want == "" && err != nil || row.want != "" && (err == nil || node.AsError(err).Reason != row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func TestARoleAsksOnlyWhatMakesSenseForIt(t *testing.T) {
	allowed := map[string]string{
		"2262": "find-patient summary prescriptions prescription dispense withdraw",
		"221":  "find-patient summary prescriptions prescription", "2221": "find-patient summary", "": "", "5321": ""}
	w := in(t, "EE", "FI")
	for role, verbs := range allowed {
		for _, verb := range node.Verbs() {
			p := w.proofA(verb, w.patient("main"))
			p.Person.Role = role
			_, err := w.gateA.Admit(t.Context(), p)
			if want := strings.Contains(" "+verbs+" ", " "+string(verb)+" "); (err == nil) != want {
				t.Errorf("role %q, %s: %v", role, verb, err)
			}
		}
	}
}

func TestAnAdmittedCallSaysWhatTheProofSaid(t *testing.T) {
	w := in(t, "EE", "FI")
	p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
	p.Asked.Offer, p.Correlation = true, ""
	call, err := w.gateA.Admit(t.Context(), p)
	must(t, call, err)
	if call.Verb != node.PrescriptionsVerb || !call.Offer || call.Corridor != (node.Corridor{A: "EE", B: "FI"}) || call.Peer != "FI" ||
		call.Patient != p.Patient || call.Reply != node.MPD || call.Counter != p.Counter || call.Purpose != p.Purpose {
		t.Errorf("call %+v", call)
	}
	if call.Evidence.ID != p.ID || call.Evidence.TrustSequence != 7 || !call.Evidence.Expires.Equal(p.Expires) || call.Correlation == "" {
		t.Errorf("evidence %+v, correlation %q", call.Evidence, call.Correlation)
	}
	if len(w.aJournal.events) > 0 {
		t.Errorf("an admission is no event: %+v", w.aJournal.events)
	}
	local, err := w.gateB.AdmitLocal(t.Context(), w.proofB(node.PrescriptionsVerb, w.patient("main")))
	if must(t, local, err).Corridor != (node.Corridor{A: "EE", B: "FI"}) || local.Peer != "" {
		t.Errorf("local call %+v", local)
	}
}

func TestWithoutATrustListNobodyIsAdmitted(t *testing.T) {
	w := in(t, "EE", "FI")
	p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
	w.list = nil
	_, err := w.gateA.Peer(pin("FI"))
	w.wantError(err, node.Unidentified, "trust.absent")
	_, err = w.gateA.Admit(t.Context(), p)
	if err == nil {
		t.Error("a peer was admitted without a list")
	}
}

func TestAPeerIsFoundByItsTLSClientKeyAlone(t *testing.T) {
	w := in(t, "EE", "FI")
	p, err := w.gateA.Peer(pin("FI"))
	if must(t, p, err).ID != "FI" {
		t.Errorf("found %s", p.ID)
	}
	for _, stranger := range []string{"", pin("stranger"), pin("FI server")} {
		_, err := w.gateA.Peer(stranger)
		w.wantError(err, node.Unidentified, "peer.unlisted")
	}
	if len(w.aJournal.events) > 0 {
		t.Error("a stranger can fill the journal")
	}
}

func TestAPeerThatAsksTooOftenIsThrottledAndRecovers(t *testing.T) {
	w := in(t, "EE", "FI")
	w.gateA.Limits = &node.Limits{PerPeer: 2}
	for range 3 {
		p, err := w.gateA.Peer(pin("FI"))
		must(t, p, err)
	}
	_, err := w.gateA.Peer(pin("FI"))
	w.wantError(err, node.Throttled, "limit.peer")
	p, err := w.gateA.Peer(pin("EE"))
	must(t, p, err)
	if len(w.aJournal.events) > 0 {
		t.Error("a throttled request left an event")
	}
	w.clock.forward(time.Second)
	p, err = w.gateA.Peer(pin("FI"))
	must(t, p, err)
}

func TestAFloodOfRefusalsIsAnEventAndACount(t *testing.T) {
	w := in(t, "EE", "FI")
	refuse := func(change func(*node.Proof)) {
		p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
		change(&p)
		if _, err := w.gateA.Admit(t.Context(), p); err == nil {
			t.Fatal("admitted")
		}
	}
	unsealed := func(p *node.Proof) { p.Sealed = false }
	for range 5 {
		refuse(unsealed)
	}
	refuse(func(p *node.Proof) { p.Purpose = "" })
	refuse(func(p *node.Proof) { p.Sealed, p.Participant = false, "EE" })
	if got := len(w.aJournal.events); got != 3 {
		t.Fatalf("%d events for three kinds of refusal", got)
	}
	w.clock.forward(time.Minute)
	refuse(unsealed)
	if got := len(w.aJournal.events); got != 5 {
		t.Fatalf("%d events after the minute", got)
	}
	summary := w.aJournal.events[3]
	if summary.Count != 4 || summary.Reason != "proof.sealed" || summary.Peer != "FI" || summary.Stage != node.RefusedStage || summary.ID == "" {
		t.Errorf("the rest of the minute is %+v", summary)
	}
	refuse(unsealed)
	must(t, 0, w.gateA.Flush(t.Context()))
	if last := w.aJournal.last(); last.Count != 1 {
		t.Errorf("flushed %+v", last)
	}
	must(t, 0, w.gateA.Flush(t.Context()))
	if got := len(w.aJournal.events); got != 6 {
		t.Errorf("a second flush wrote again: %d events", got)
	}
}

func TestARefusalThatCannotBeWrittenIsUnavailable(t *testing.T) {
	w := in(t, "EE", "FI")
	p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
	p.Sealed = false
	w.aJournal.fail(1)
	_, err := w.gateA.Admit(t.Context(), p)
	w.wantError(err, node.Unavailable, "journal")
	_, err = w.gateA.Admit(t.Context(), p)
	w.wantError(err, node.Untrusted, "proof.sealed")
	if len(w.aJournal.events) != 1 {
		t.Errorf("the refusal was answered with %d events", len(w.aJournal.events))
	}
}

func TestTheCountOfAMinuteSurvivesAWriteThatFails(t *testing.T) {
	w := in(t, "EE", "FI")
	p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
	p.Sealed = false
	for range 3 {
		w.gateA.Admit(t.Context(), p)
	}
	w.aJournal.fail(1)
	if err := w.gateA.Flush(t.Context()); err == nil {
		t.Error("nobody heard that the count was not written")
	}
	must(t, 0, w.gateA.Flush(t.Context()))
	if last := w.aJournal.last(); last.Count != 2 {
		t.Errorf("the count was lost: %+v", last)
	}
}

func TestACallerWhoHangsUpIsStillRecorded(t *testing.T) {
	w := in(t, "EE", "FI")
	p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
	p.Sealed = false
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	_, err := w.gateA.Admit(gone, p)
	w.wantError(err, node.Untrusted, "proof.sealed")
	if len(w.aJournal.events) != 1 {
		t.Error("a refusal is not recorded when the caller has hung up")
	}
}

func TestARefusalOfADoorIsRecordedToo(t *testing.T) {
	w := in(t, "EE", "FI")
	p := w.proofA(node.DispenseVerb, w.patient("main"))
	err := w.gateA.Refuse(t.Context(), p, &node.Error{Op: "rest", Kind: node.Untrusted, Reason: "token.signature", Detail: "Not signed."})
	w.wantError(err, node.Untrusted, "token.signature")
	w.wantRefusal(w.aJournal, "A", node.Untrusted, "token.signature")
}

func TestServicesOfTheTrustListCoverEveryVerb(t *testing.T) {
	want := map[node.Verb]trust.Service{node.FindPatientVerb: trust.PatientIdentification, node.SummaryVerb: trust.PatientSummary,
		node.PrescriptionsVerb: trust.PrescriptionFetch, node.PrescriptionVerb: trust.PrescriptionFetch,
		node.DispenseVerb: trust.PrescriptionDispense, node.WithdrawVerb: trust.PrescriptionDispense}
	for _, verb := range node.Verbs() {
		if got := node.ServiceFor(verb); got != want[verb] {
			t.Errorf("%s is %s", verb, got)
		}
	}
}
