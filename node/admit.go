package node

import (
	"sild/internal/barrier"
	"sild/trust"
)

// check is one question that a proof must pass. Its name is the machine word of the refusal.
type check struct {
	name  string
	stops func(*Gate, *Proof) *Error
}

func lifted(name string) bool { return barrier.Lifted(name) }

// peerChecks admit another node. Cheap and general first; the order is the same on every wire (DESIGN 6).
var peerChecks = []check{
	{"node.ready", unready},
	{"proof.sealed", unsealed},
	{"proof.issuer", wrongIssuer},
	{"proof.binding", unbound},
	{"proof.audience", wrongAudience},
	{"proof.issued", issuedAhead},
	{"proof.expired", expired},
	{"proof.life", livesTooLong},
	{"proof.id", unnamed},
	{"proof.verb", otherVerb},
	{"proof.patient", otherPatient},
	{"proof.patient-system", foreignPatient},
	{"proof.person", nobody},
	{"proof.role", unknownRole},
	{"proof.permission", unpermitted},
	{"proof.purpose", wrongPurpose},
	{"corridor.known", closedCorridor},
	{"trust.decision", untrusted},
	{"counter.identity", identityUnseen},
	{"counter.informed", patientUninformed},
	{"limit.organisation", organisationCrowded},
	{"limit.patient", patientBesieged},
}

// localChecks admit one of our own professionals. What the profession may see is Ask's table, not the token's claim.
var localChecks = []check{
	{"node.ready", unready},
	{"proof.sealed", unsealed},
	{"proof.issuer", wrongLocalIssuer},
	{"proof.audience", wrongAudience},
	{"proof.issued", issuedAhead},
	{"proof.expired", expired},
	{"proof.id", unnamed},
	{"proof.patient", noPatient},
	{"proof.person", nobody},
	{"proof.purpose", wrongPurpose},
	{"corridor.known", closedCorridor},
	{"counter.identity", identityUnseen},
	{"counter.informed", patientUninformed},
}

func unready(g *Gate, _ *Proof) *Error {
	if g.Ready == nil {
		return nil
	}
	if err := g.Ready(); err != nil {
		return &Error{Kind: Unavailable, Detail: "This contact point cannot keep its records right now, so it does not answer.", Err: err}
	}
	return nil
}

func unsealed(_ *Gate, p *Proof) *Error {
	if p.Sealed {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request is not signed by the calling contact point."}
}

func wrongIssuer(_ *Gate, p *Proof) *Error {
	if p.Issuer != "" && p.Issuer == p.Participant {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request was signed in another contact point's name."}
}

func wrongLocalIssuer(g *Gate, p *Proof) *Error {
	if g.Issuer != "" && p.Issuer == g.Issuer {
		return nil
	}
	return &Error{Kind: Unidentified, Detail: "The sign-in does not come from the configured issuer."}
}

func unbound(_ *Gate, p *Proof) *Error {
	if p.Confirmation != "" && p.Confirmation == p.Certificate {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request is not bound to the connection it came over."}
}

func wrongAudience(g *Gate, p *Proof) *Error {
	for _, audience := range p.Audience {
		if audience == g.ID {
			return nil
		}
	}
	return &Error{Kind: Untrusted, Detail: "The request is meant for another contact point."}
}

func issuedAhead(g *Gate, p *Proof) *Error {
	now := g.Now().Add(skew)
	if !p.Issued.IsZero() && !p.Issued.After(now) && !p.NotBefore.After(now) {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request is dated in the future or not dated."}
}

func expired(g *Gate, p *Proof) *Error {
	if p.Expires.After(g.Now().Add(-skew)) {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request has expired."}
}

func livesTooLong(_ *Gate, p *Proof) *Error {
	if p.Expires.Sub(p.Issued) <= longest {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request claims to be valid for too long."}
}

func unnamed(_ *Gate, p *Proof) *Error {
	if p.ID != "" && len(p.ID) <= 128 {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request carries no usable id of its own."}
}

func otherVerb(_ *Gate, p *Proof) *Error {
	if p.Verb == p.Asked.Verb {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request asks for something else than it was signed for."}
}

func noPatient(_ *Gate, p *Proof) *Error {
	if p.Patient.IsZero() || p.Asked.Patient != p.Patient {
		return &Error{Kind: Invalid, Detail: "The request must name one patient."}
	}
	return nil
}

func otherPatient(_ *Gate, p *Proof) *Error {
	if !p.Patient.IsZero() && p.Asked.Patient == p.Patient {
		return nil
	}
	return &Error{Kind: Untrusted, Detail: "The request was signed for another patient."}
}

func foreignPatient(g *Gate, p *Proof) *Error {
	for _, system := range g.PatientSystems {
		if p.Patient.System == system && p.Patient.Value != "" && len(p.Patient.Value) <= 64 {
			return nil
		}
	}
	return &Error{Kind: Invalid, Detail: "The patient's identifier is not of this country."}
}

func nobody(_ *Gate, p *Proof) *Error {
	if p.Person.ID.Value != "" && p.Person.Organisation.ID.Value != "" {
		return nil
	}
	return &Error{Kind: Unidentified, Detail: "The request names no professional or organisation."}
}

// roles are the MyHealth@EU roles (ISCO) that may ask at all, with the verbs that make sense for each. Which
// profession sees what inside a country of treatment is that country's own table.
var roles = map[string][]Verb{
	"2262": {FindPatientVerb, PrescriptionsVerb, PrescriptionVerb, DispenseVerb, WithdrawVerb, SummaryVerb},
	"221":  {FindPatientVerb, SummaryVerb, PrescriptionsVerb, PrescriptionVerb},
	"2221": {FindPatientVerb, SummaryVerb},
}

func unknownRole(_ *Gate, p *Proof) *Error {
	if verbIn(p.Asked.Verb, roles[p.Person.Role]) {
		return nil
	}
	return &Error{Kind: Refused, Detail: "The professional's role does not allow this request."}
}

func unpermitted(_ *Gate, p *Proof) *Error {
	if verbIn(p.Asked.Verb, p.Person.Permissions) {
		return nil
	}
	return &Error{Kind: Refused, Detail: "The professional has no permission for this request."}
}

func wrongPurpose(_ *Gate, p *Proof) *Error {
	if p.Purpose == Treatment || p.Purpose == Emergency {
		return nil
	}
	return &Error{Kind: Refused, Detail: "Data are given for treatment only."}
}

func closedCorridor(g *Gate, p *Proof) *Error {
	if g.Rules.Knows(g.corridor(*p)) {
		return nil
	}
	return &Error{Kind: Refused, Detail: "There is no corridor between the two countries."}
}

// ServiceFor names the service of the trust list that a verb belongs to.
func ServiceFor(verb Verb) trust.Service {
	switch verb {
	case FindPatientVerb:
		return trust.PatientIdentification
	case SummaryVerb:
		return trust.PatientSummary
	case DispenseVerb, WithdrawVerb:
		return trust.PrescriptionDispense
	}
	return trust.PrescriptionFetch
}

func untrusted(g *Gate, p *Proof) *Error {
	list := g.List()
	if list == nil {
		return &Error{Kind: Unidentified, Detail: "This contact point has no valid list of partners."}
	}
	decision := list.Decide(trust.Question{Participant: p.Participant, Direction: trust.Asks,
		Service: ServiceFor(p.Asked.Verb), A: g.Country, B: g.countryOf(p.Participant), Wire: trust.Wire(p.Wire), At: g.Now()})
	if decision.Permit {
		return nil
	}
	return &Error{Kind: Refused, Detail: "The trust list does not allow this request."}
}

func organisationCrowded(g *Gate, p *Proof) *Error {
	if g.Limits.crowded(p.Participant+" "+p.Person.Organisation.ID.Value, g.Now()) {
		return &Error{Kind: Throttled, Detail: "Too many requests from this organisation. Try again shortly."}
	}
	return nil
}

func patientBesieged(g *Gate, p *Proof) *Error {
	if g.Limits.besieged(p.Patient, g.Now()) {
		return &Error{Kind: Throttled, Detail: "Too many requests about this patient. Try again shortly."}
	}
	return nil
}

func identityUnseen(g *Gate, p *Proof) *Error {
	if _, asked := g.Rules.Of(g.corridor(*p), "counter", "identity"); asked && !p.Counter.IdentitySeen {
		return &Error{Kind: Refused, Detail: "The patient's identity document must be seen first."}
	}
	return nil
}

func patientUninformed(g *Gate, p *Proof) *Error {
	if _, asked := g.Rules.Of(g.corridor(*p), "counter", "informed"); asked && !p.Counter.PatientInformed {
		return &Error{Kind: Refused, Detail: "The patient must be informed first."}
	}
	return nil
}
