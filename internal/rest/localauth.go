package rest

import (
	"context"
	"net/http"
	"strings"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/node"
)

// LocalAuth admits the software of our own pharmacies and clinics: a bearer token of the sign-in service that the gate
// is configured for (Gate.Issuer), and three headers that say what the token cannot know: Sild-Country (the patient's
// country of affiliation, ISO 3166 alpha-2), Sild-Purpose, and Sild-Counter with what was done at the counter
// ("identity-seen, patient-informed").
type LocalAuth struct {
	// Keys are the signature keys of the sign-in service.
	Keys []jose.Key
}

func (a *LocalAuth) local() bool { return true }

func (a *LocalAuth) approach(*node.Gate, *http.Request) (caller, error) {
	return caller{wire: "local", keys: a.Keys}, nil
}

func (a *LocalAuth) prove(g *node.Gate, r *http.Request, c caller, m *message) (evidence, error) {
	found := evidence{proof: m.proof(c)}
	token, err := bearer(r.Header)
	if err != nil {
		return found, err
	}
	payload, _, err := verified(token, SignInType, c.keys)
	if err != nil {
		return found, unidentified(err)
	}
	var claims signInClaims
	if err := decodeClaims(payload, &claims); err != nil {
		return found, unidentified(err)
	}
	if !sane(claims.Issued, claims.NotBefore, claims.Expires) {
		return found, unidentified(badClaims(nil))
	}
	claims.state(&found.proof)
	found.proof.Sealed, found.proof.Verb = true, m.asked.Verb
	if err := circumstances(r.Header, &found.proof); err != nil {
		return found, err
	}
	if m.inside {
		if err := m.findPatient(&found.proof); err != nil {
			return found, err
		}
	}
	found.proof.Patient = found.proof.Asked.Patient
	return found, nil
}

func (a *LocalAuth) admit(ctx context.Context, g *node.Gate, p node.Proof) (node.Call, error) {
	return g.AdmitLocal(ctx, p)
}

// unidentified says to our own people that they are not signed in, rather than that somebody forged something.
func unidentified(err error) error {
	e := *node.AsError(err)
	e.Kind, e.Detail = node.Unidentified, "The sign-in is not valid. Sign in again."
	return &e
}

// circumstances reads what the pharmacy's software says besides the token. Nothing has a default.
func circumstances(header http.Header, p *node.Proof) error {
	country, err := one(header, "Sild-Country")
	if err != nil {
		return err
	}
	purpose, err := one(header, "Sild-Purpose")
	if err != nil {
		return err
	}
	p.Country, p.Purpose = country, node.Purpose(purpose)
	done, err := one(header, "Sild-Counter")
	if err != nil {
		return err
	}
	for _, deed := range strings.Split(done, ",") {
		switch strings.TrimSpace(deed) {
		case "identity-seen":
			p.Counter.IdentitySeen = true
		case "patient-informed":
			p.Counter.PatientInformed = true
		case "":
		default:
			return stop(node.Invalid, "http.header", "The header Sild-Counter says something unknown.")
		}
	}
	return nil
}

// one is the single value of a header that must be there; it may be empty.
func one(header http.Header, name string) (string, error) {
	values := header.Values(name)
	if len(values) == 1 {
		return strings.TrimSpace(values[0]), nil
	}
	return "", stop(node.Invalid, "http.header", "The header "+name+" must be there once.")
}

// findPatient reads whose document it is, where no token says it. A document that names its patient twice is refused:
// nobody could say which of the two is asked about.
func (m *message) findPatient(p *node.Proof) error {
	d, err := fhir.Tongue{}.Decode(m.body)
	if err != nil {
		return err
	}
	if len(d.Patient.Identifiers) != 1 {
		return &node.Error{Op: "rest.read", Kind: node.Invalid, Reason: "document.patient",
			Detail: "The message must name its patient by exactly one identifier."}
	}
	p.Asked.Patient = d.Patient.Identifiers[0]
	return nil
}
