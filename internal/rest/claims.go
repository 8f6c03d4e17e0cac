package rest

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"sild/node"
)

// Types of what is signed on this wire (RFC 7515 section 4.1.9). A signature made for one is worth nothing as another.
const (
	// CallType is the type of a call token.
	CallType = "sild-call+jwt"
	// ReceiptType is the type of the seal on a receipt.
	ReceiptType = "sild-receipt+jwt"
	// SignInType is the type of an access token of our own professionals (RFC 9068).
	SignInType = "at+jwt"
)

// callClaims is the call token: who asks whom, for which patient, as which professional, for what purpose, after what
// was done at the counter. Times are seconds since 1970 (RFC 7519).
type callClaims struct {
	Issuer       string       `json:"iss"`
	Audience     []string     `json:"aud"`
	Issued       int64        `json:"iat"`
	NotBefore    int64        `json:"nbf"`
	Expires      int64        `json:"exp"`
	ID           string       `json:"jti"`
	Confirmation confirmation `json:"cnf"`
	Verb         node.Verb    `json:"verb"`
	Patient      identifier   `json:"patient"`
	Person       person       `json:"hcp"`
	Purpose      node.Purpose `json:"purpose"`
	Counter      counter      `json:"counter"`
	Act          *act         `json:"act,omitzero"`
	Correlation  string       `json:"corr,omitzero"`
}

// signInClaims is the access token of one of our own professionals. What it may be used for is the country's own table
// of professions, not the token's word.
type signInClaims struct {
	Issuer    string   `json:"iss"`
	Audience  audience `json:"aud"`
	Issued    int64    `json:"iat"`
	NotBefore int64    `json:"nbf,omitzero"`
	Expires   int64    `json:"exp"`
	ID        string   `json:"jti"`
	Subject   string   `json:"sub,omitzero"`
	Client    string   `json:"client_id,omitzero"`
	Person    person   `json:"hcp"`
}

// confirmation binds a token to the certificate of the connection (RFC 8705 section 3.1).
type confirmation struct {
	Thumbprint string `json:"x5t#S256"`
}

type identifier struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

type person struct {
	ID           identifier   `json:"id"`
	Name         string       `json:"name,omitzero"`
	Role         string       `json:"role"`
	Permissions  []node.Verb  `json:"permissions,omitzero"`
	Organisation organisation `json:"organisation"`
}

type organisation struct {
	ID   identifier `json:"id"`
	Name string     `json:"name,omitzero"`
}

type counter struct {
	IdentitySeen    bool `json:"identitySeen"`
	PatientInformed bool `json:"patientInformed"`
}

// act is the act at the counter that a later delivery reports.
type act struct {
	At int64 `json:"at"`
}

// audience is one name or several (RFC 7519 section 4.1.3); a call token always writes the list.
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(raw []byte) error {
	if strings.HasPrefix(string(raw), `"`) {
		var one string
		err := json.Unmarshal(raw, &one)
		*a = audience{one}
		return err
	}
	var several []string
	err := json.Unmarshal(raw, &several)
	*a = several
	return err
}

// furthest bounds the times that a token may name, so that no arithmetic on them overflows: the year 4707.
const furthest = 86400_000_000

// moment turns a numeric date into a time; an absent one stays the zero time, which no check takes for a date.
func moment(seconds int64) time.Time {
	if seconds <= 0 || seconds > furthest {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// sane says that every time of a token is one: absent or within reach.
func sane(seconds ...int64) bool {
	for _, s := range seconds {
		if s < 0 || s > furthest {
			return false
		}
	}
	return true
}

func (c *callClaims) sane(latest time.Time) bool {
	if c.Act != nil && (c.Act.At <= 0 || moment(c.Act.At).After(latest)) {
		return false
	}
	return sane(c.Issued, c.NotBefore, c.Expires)
}

func (c *callClaims) actAt() time.Time {
	if c.Act == nil {
		return time.Time{}
	}
	return moment(c.Act.At)
}

// state writes the claims into a proof; what is asked and who stands at the connection are already in it.
func (c *callClaims) state(p *node.Proof) {
	p.ID, p.Issuer, p.Audience, p.Confirmation = c.ID, c.Issuer, c.Audience, c.Confirmation.Thumbprint
	p.Issued, p.NotBefore, p.Expires = moment(c.Issued), moment(c.NotBefore), moment(c.Expires)
	p.Verb, p.Patient, p.Person, p.Purpose = c.Verb, c.Patient.known(), c.Person.known(), c.Purpose
	p.Counter = node.Counter(c.Counter)
	if isCorrelation(c.Correlation) {
		p.Correlation = c.Correlation
	}
}

func (c *signInClaims) state(p *node.Proof) {
	p.ID, p.Issuer, p.Audience = c.ID, c.Issuer, c.Audience
	p.Issued, p.NotBefore, p.Expires = moment(c.Issued), moment(c.NotBefore), moment(c.Expires)
	p.Person = c.Person.known()
}

func (i identifier) known() node.Identifier { return node.Identifier(i) }

func (p person) known() node.Person {
	return node.Person{ID: p.ID.known(), Name: p.Name, Role: p.Role, Permissions: p.Permissions,
		Organisation: node.Organisation{ID: p.Organisation.ID.known(), Name: p.Organisation.Name}}
}

func personOf(p node.Person, permissions ...node.Verb) person {
	return person{ID: identifier(p.ID), Name: p.Name, Role: p.Role, Permissions: permissions,
		Organisation: organisation{ID: identifier(p.Organisation.ID), Name: p.Organisation.Name}}
}

// correlationLength is the length of every correlation id, so that no answer differs by it.
const correlationLength = 32

// isCorrelation says that a peer's correlation id has our own format: lower-case hex of fixed length, which can hold no
// words. Another one is not taken over.
func isCorrelation(id string) bool {
	if len(id) != correlationLength {
		return false
	}
	for i := range len(id) {
		if (id[i] < '0' || id[i] > '9') && (id[i] < 'a' || id[i] > 'f') {
			return false
		}
	}
	return true
}
