package rest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sild/internal/jose"
	"sild/node"
)

// FuzzToken holds that nothing is believed but what the listed key signed, whatever stands in the header.
func FuzzToken(f *testing.F) {
	c := &corridor{TB: f, ee: newParty(f, "EE"), fi: newParty(f, "FI"), clock: &clock{now: noon}}
	good := c.token(node.PrescriptionsVerb, nil)
	parts := strings.Split(good, ".")
	for _, seed := range []string{"", ".", "..", good, parts[0] + ".e30." + parts[2], "eyJhbGciOiJub25lIn0.e30.", "noise", good + ".", good + "=",
		b64(`{"alg":"HS256","kid":"FI-seal-1","typ":"sild-call+jwt"}`) + "." + parts[1] + ".AAAA"} {
		f.Add(seed)
	}
	key, err := jose.NewKey(c.fi.kid(), c.fi.seal.Public())
	if err != nil {
		f.Fatal(err)
	}
	with := caller{participant: "FI", keys: []jose.Key{key}, sequence: 1}
	auth := &PeerAuth{}
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := auth.claims(token, with, noon)
		if (err == nil) != (token == good) {
			t.Fatalf("%q: %+v, %v", token, claims, err)
		}
		if err != nil && node.AsError(err).Kind != node.Untrusted {
			t.Fatalf("refused as %v", err)
		}
	})
}

// FuzzForm holds that a form that is read has every parameter once, in clean text, and means the same when it is
// written again.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"", goodForm, "patient.identifier=a%7Cb", "patient.identifier=a%5C%7C%7Cb%2C", "a&b", "=", "%", "%zz=1", "patient.identifier=a|b",
		"patient.identifier=%C3%B5%7Cb+c", "status=active&status=active", "patient.identifier=%00%7Cb"} {
		f.Add(seed)
	}
	known := searches()[1].parameters
	f.Fuzz(func(t *testing.T, raw string) {
		read, err := parseForm(raw, known)
		if err != nil {
			if e := node.AsError(err); e.Kind != node.Invalid && e.Kind != node.Unsupported || raw != "" && len(raw) > 6 && strings.Contains(e.Error(), raw) {
				t.Fatalf("refused as %v", err)
			}
			return
		}
		for name, value := range read {
			if !utf8.ValidString(value) || strings.ContainsAny(value, "\x00\r\n") || value == "" || !knows(known, name) {
				t.Fatalf("%q holds %q=%q", raw, name, value)
			}
		}
		id, err := read.identifier("patient.identifier")
		if err != nil {
			return
		}
		again, err := parseForm(string(searching("", "", "", []field{{"patient.identifier", tokenOf(id)}}).body), known)
		if len(tokenOf(id)) > longestParameter {
			return
		}
		if err != nil {
			t.Fatalf("%+v cannot be written: %v", id, err)
		}
		if back, err := again.identifier("patient.identifier"); err != nil || back != id {
			t.Fatalf("%+v came back as %+v", id, back)
		}
	})
}

// FuzzMessage holds that a body that is read names one patient or none, and that nothing else gets further.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(goodSummary))
	f.Add([]byte(`{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"application/fhir+json","data":"e30="}}]}`))
	f.Add([]byte(`{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":null}]}`))
	f.Add([]byte(`{"resourceType":"DocumentReference","status":"current","content":[]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m := &message{body: body}
		if readSummary(m) == nil && (m.asked.Patient.System == "" || m.asked.Patient.Value == "") {
			t.Fatalf("%q asks about nobody", body)
		}
		m = &message{body: body}
		if readSubmission(m) == nil && len(m.body) == 0 {
			t.Fatalf("%q brings nothing", body)
		}
	})
}
