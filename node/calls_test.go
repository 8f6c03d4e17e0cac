package node_test

import (
	"context"
	"time"

	"sild/node"
)

// proofA is flawless evidence of country B for a verb and a patient of country A.
func (w *world) proofA(verb node.Verb, patient node.Identifier) node.Proof {
	now := w.clock.now()
	return node.Proof{Wire: "fhir", Participant: w.b, Certificate: "cert", Confirmation: "cert", Sealed: true,
		ID: node.NewCorrelation(), Issuer: w.b, Audience: []string{"somebody", w.a}, Issued: now, NotBefore: now,
		Expires: now.Add(5 * time.Minute), Verb: verb, Patient: patient, Person: professional(verb), Purpose: node.Treatment,
		Counter: node.Counter{IdentitySeen: true, PatientInformed: true},
		Asked:   node.Request{Verb: verb, Patient: patient, Reply: replyTo(verb)}, Correlation: node.NewCorrelation()}
}

// proofB is flawless evidence of a professional of country B before their own node.
func (w *world) proofB(verb node.Verb, patient node.Identifier) node.Proof {
	p := w.proofA(verb, patient)
	p.Wire, p.Participant, p.Certificate, p.Confirmation = "local", "", "", ""
	p.Issuer, p.Audience, p.Country, p.Expires = "issuer."+w.b, []string{w.b}, w.a, p.Issued.Add(8*time.Hour)
	return p
}

func replyTo(verb node.Verb) node.Format {
	if verb == node.SummaryVerb {
		return node.EPS
	}
	return node.MPD
}

func professional(verb node.Verb) node.Person {
	role := "2262"
	if verb == node.SummaryVerb {
		role = "221"
	}
	return node.Person{ID: node.Identifier{Value: "P-1"}, Name: "Kass", Role: role, Permissions: node.Verbs(),
		Organisation: node.Organisation{ID: node.Identifier{Value: "A-1"}, Name: "Apteek"}}
}

// callA is admitted before country A's face, callB before country B's.
func (w *world) callA(verb node.Verb, patient ...string) node.Call {
	w.t.Helper()
	call, err := w.gateA.Admit(context.Background(), w.proofA(verb, w.patientOr(patient)))
	return must(w.t, call, err)
}

func (w *world) callB(verb node.Verb, patient ...string) node.Call {
	w.t.Helper()
	call, err := w.gateB.AdmitLocal(context.Background(), w.proofB(verb, w.patientOr(patient)))
	return must(w.t, call, err)
}

func (w *world) patientOr(name []string) node.Identifier {
	if len(name) > 0 {
		return w.patient(name[0])
	}
	return w.patient("main")
}

// offering is callA for an offer.
func (w *world) offering(verb node.Verb, patient ...string) node.Call {
	call := w.callA(verb, patient...)
	call.Offer = true
	return call
}

// released shows the prescription to country B first, as every dispensation needs.
func (w *world) released(n any) *node.Document {
	w.t.Helper()
	d, err := w.answer.Prescription(w.t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(n)})
	return must(w.t, d, err)
}

// fetched lets the pharmacy in B fetch the prescription.
func (w *world) fetched(n any) *node.Document {
	w.t.Helper()
	d, err := w.ask.Prescription(w.t.Context(), w.callB(node.PrescriptionVerb), node.Ref{ID: rx(n)})
	return must(w.t, d, err)
}

// report sends a dispensation straight to country A's face.
func (w *world) report(d *node.Document) (*node.Receipt, error) {
	return w.answer.Dispense(w.t.Context(), w.callA(node.DispenseVerb), d)
}

// handOut lets the pharmacy in B record a dispensation.
func (w *world) handOut(note []byte) (*node.Receipt, error) {
	return w.ask.Dispense(w.t.Context(), w.callB(node.DispenseVerb), &node.Document{Source: note})
}

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }
