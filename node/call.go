package node

import "time"

// Verb is one of the six questions of an Exchange.
type Verb string

// The six verbs.
const (
	FindPatientVerb   Verb = "find-patient"
	SummaryVerb       Verb = "summary"
	PrescriptionsVerb Verb = "prescriptions"
	PrescriptionVerb  Verb = "prescription"
	DispenseVerb      Verb = "dispense"
	WithdrawVerb      Verb = "withdraw"
)

// Verbs lists the six in the order of Exchange.
func Verbs() []Verb {
	return []Verb{FindPatientVerb, SummaryVerb, PrescriptionsVerb, PrescriptionVerb, DispenseVerb, WithdrawVerb}
}

// Corridor is an ordered pair of countries (ISO 3166 alpha-2): A answers, B asks. EE→FI and FI→EE are two corridors.
type Corridor struct {
	A, B string
}

// String writes the corridor as in its rules file: EE-FI.
func (c Corridor) String() string { return c.A + "-" + c.B }

// Purpose is why data are asked for (HL7 v3 PurposeOfUse).
type Purpose string

// The purposes that this node admits.
const (
	Treatment Purpose = "TREATMENT"
	Emergency Purpose = "EMERGENCY"
)

// Person is the professional who asks, as their country vouches for them.
type Person struct {
	ID           Identifier
	Name         string
	Role         string // ISCO code of the MyHealth@EU role value set, e.g. 2262 pharmacist
	Permissions  []Verb
	Organisation Organisation
}

// Counter is what was done at the counter before the question was asked.
type Counter struct {
	IdentitySeen    bool // a photo identity document was seen
	PatientInformed bool // the patient was told what will be shown to whom
}

// Proof is what a door read out of the caller's evidence, after it verified the signature with the caller's own keys.
// It claims; Gate.Admit decides.
type Proof struct {
	Wire        string // fhir, ihe or local
	Participant string // who stands at the other end of the TLS connection, by the trust list
	Certificate string // thumbprint of the TLS client certificate in use
	Sealed      bool   // the signature was verified with a seal key of Participant (local: of the configured issuer)

	ID           string // unique id of the evidence (jti)
	Issuer       string
	Audience     []string
	Confirmation string // thumbprint of the certificate that the evidence is bound to (RFC 8705 cnf)
	Issued       time.Time
	NotBefore    time.Time
	Expires      time.Time
	Verb         Verb // the verb that the evidence allows
	Patient      Identifier
	Person       Person
	Purpose      Purpose
	Counter      Counter
	Country      string // local proofs: the country of affiliation that is to be asked

	Asked       Request // what is really asked
	Correlation string
}

// Request is what the message itself asks, beside the evidence.
type Request struct {
	Verb    Verb
	Offer   bool
	Patient Identifier
	Reply   Format
}

// Call is an admitted question: who asks, for whom, between which countries, for what purpose, on what proof. Only
// Gate makes one that Answer and Ask accept.
type Call struct {
	Verb        Verb
	Offer       bool // encode and shelve, to be fetched by handle; otherwise deliver
	Corridor    Corridor
	Peer        string // participant id of the other node; empty for our own pharmacies
	Patient     Identifier
	Person      Person
	Purpose     Purpose
	Counter     Counter
	Reply       Format
	Evidence    Evidence
	Correlation string

	mark *admission
}

// Evidence is what the journal keeps of a proof.
type Evidence struct {
	ID            string
	Issuer        string
	Issued        time.Time // UTC
	Expires       time.Time // UTC
	TrustSequence int64
	ActAt         time.Time // UTC: the original act that a later delivery reports
}

// admission is the mark of the Gate. A Call without it was made by hand.
type admission struct{ verb Verb }

// admitted refuses a call that did not come through a Gate, or came for another verb.
func (c Call) admitted(op string, verb Verb) error {
	if c.mark == nil || c.mark.verb != verb || c.Verb != verb {
		return fail(op, Unidentified, "call.unadmitted", "The request did not pass the entrance checks.")
	}
	return nil
}

// Outward is the call as this node carries it to another node: the same facts without our own mark.
func (c Call) Outward() Call {
	c.mark = nil
	return c
}
