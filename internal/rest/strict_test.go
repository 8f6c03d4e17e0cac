package rest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sild/node"
)

var goodSummary = `{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":{"system":"` + personalID + `","value":"` + mari.Value + `"}}]}`

// strictness is what this door refuses of the message itself.
func strictness() []attack {
	return append(append(httpStrictness(), formStrictness()...), jsonStrictness()...)
}

func httpStrictness() []attack {
	header := func(name string, values ...string) func(*corridor) *http.Request {
		return altered(func(r *http.Request) { r.Header[name] = values })
	}
	small := func(h *Handler) { h.Limits.Form = 64 }
	return []attack{
		{name: "a form as JSON", check: "http.content-type", kind: node.Unsupported, request: header("Content-Type", jsonContent)},
		{name: "no content type", check: "http.content-type", kind: node.Unsupported, request: header("Content-Type")},
		{name: "two content types", check: "http.content-type", kind: node.Unsupported, request: header("Content-Type", formContent, formContent)},
		{name: "another charset", check: "http.content-type", kind: node.Unsupported, request: header("Content-Type", formContent+"; charset=latin1")},
		{name: "another FHIR version", check: "http.content-type", kind: node.Unsupported, request: func(c *corridor) *http.Request {
			r := posted("/fhir/Patient/$summary", node.SummaryVerb, goodSummary)(c)
			r.Header.Set("Content-Type", jsonContent+"; fhirVersion=5.0")
			return r
		}},
		{name: "a packed body", check: "http.header", kind: node.Unsupported, request: header("Content-Encoding", "identity")},
		{name: "a condition", check: "http.header", kind: node.Unsupported, request: header("If-None-Exist", "identifier=1")},
		{name: "a long form", check: "http.size", kind: node.Invalid, change: small, request: formed(goodForm)},
		{name: "a long form of unknown length", check: "http.size", kind: node.Invalid, change: small, request: altered(func(r *http.Request) { r.ContentLength = -1 })},
		{name: "another method", check: "http.method", kind: node.Unsupported, request: altered(func(r *http.Request) { r.Method = "PUT" })},
		{name: "identifiers in the address", check: "http.method", kind: node.Unsupported, request: func(c *corridor) *http.Request {
			return c.request("GET", "/fhir/MedicationRequest?"+goodForm, "", c.token(node.PrescriptionsVerb, nil), nil)
		}},
		{name: "identifiers in the address of a form", check: "http.query", kind: node.Invalid, request: altered(func(r *http.Request) { r.URL.RawQuery = goodForm })},
		{name: "a bare question mark", check: "http.query", kind: node.Invalid, request: altered(func(r *http.Request) { r.URL.ForceQuery = true })},
		{name: "a body where none belongs", check: "http.body", kind: node.Invalid, request: func(c *corridor) *http.Request {
			return c.request("GET", "/fhir/Bundle/p-h1", "", c.token(node.PrescriptionVerb, nil), []byte("x"))
		}},
		{name: "a dispensation without a body", check: "http.empty", kind: node.Invalid, request: posted("/fhir/MedicationDispense", node.DispenseVerb, "")},
		{name: "an unknown address", check: "http.route", kind: node.Unsupported, solid: true, request: posted("/fhir/Observation", node.SummaryVerb, "{}")},
		{name: "an address with two slashes", check: "http.route", kind: node.Unsupported, solid: true, request: posted("/fhir//Patient/_search", node.FindPatientVerb, "{}")},
	}
}

func formStrictness() []attack {
	patient := "patient.identifier=" + url.QueryEscape(tokenOf(mari))
	return []attack{
		{name: "no patient", check: "http.parameter-missing", kind: node.Invalid, request: formed("status=active")},
		{name: "an empty form with a space", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(" ")},
		{name: "the patient twice", check: "http.parameter-duplicate", kind: node.Invalid, request: formed(patient + "&" + patient)},
		{name: "an unknown condition", check: "http.parameter-unknown", kind: node.Unsupported, request: formed(patient + "&authoredon=gt2026-01-01")},
		{name: "a modifier", check: "http.parameter-unknown", kind: node.Unsupported, request: formed(patient + "&status:not=active")},
		{name: "all records", check: "http.parameter-value", kind: node.Unsupported, request: formed(patient + "&status=completed")},
		{name: "an empty condition", check: "http.parameter-value", kind: node.Invalid, solid: true, request: formed(patient + "&status=")},
		{name: "several patients", check: "http.parameter-several", kind: node.Invalid, solid: true, request: formed(patient + ",%7C1")},
		{name: "a patient without a system", check: "http.parameter-value", kind: node.Invalid, solid: true, request: formed("patient.identifier=48001012345")},
		{name: "a half percent sign", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(patient + "&status=active%2")},
		{name: "bytes that are not UTF-8", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(patient + "&status=%ff")},
		{name: "a line break in a value", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(patient + "%0a")},
		{name: "unencoded letters", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(patient + "&status=äctive")},
		{name: "no equals sign", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(patient + "&status")},
		{name: "an empty pair", check: "http.encoding", kind: node.Invalid, solid: true, request: formed(patient + "&")},
		{name: "a birth date that no calendar has", check: "http.parameter-value", kind: node.Invalid, solid: true, request: func(c *corridor) *http.Request {
			form := strings.Replace(patient, "patient.", "", 1) + "&birthdate=2025-02-30"
			return c.request("POST", "/fhir/Patient/_search", formContent, c.token(node.FindPatientVerb, nil), []byte(form))
		}},
	}
}

func jsonStrictness() []attack {
	summary := func(body string) func(*corridor) *http.Request {
		return posted("/fhir/Patient/$summary", node.SummaryVerb, body)
	}
	submit := func(members string) func(*corridor) *http.Request {
		return func(c *corridor) *http.Request {
			data := base64.StdEncoding.EncodeToString(dispensation(c, "completed"))
			return posted("/fhir/DocumentReference", node.DispenseVerb, `{"resourceType":"DocumentReference","status":"current",`+
				strings.Replace(members, "DATA", data, 1)+`}`)(c)
		}
	}
	return []attack{
		{name: "a member twice", check: "json.duplicate", kind: node.Invalid, request: summary(`{"resourceType":"Parameters",` + goodSummary[1:])},
		{name: "an unknown member", check: "json.member", kind: node.Invalid, request: summary(`{"extra":1,` + goodSummary[1:])},
		{name: "a member in another case", check: "json.member", kind: node.Invalid, request: summary(`{"Parameter":[],` + goodSummary[1:])},
		{name: "bytes that are not UTF-8 in JSON", check: "json.utf8", kind: node.Invalid, solid: true, request: summary(goodSummary[:len(goodSummary)-1] + ",\"\xff\":1}")},
		{name: "a member of another type", check: "json.type", kind: node.Invalid, solid: true, request: summary(`{"resourceType":"Parameters","parameter":{}}`)},
		{name: "half a message", check: "json.syntax", kind: node.Invalid, solid: true, request: summary(goodSummary[:40])},
		{name: "two messages", check: "json.syntax", kind: node.Invalid, solid: true, request: summary(goodSummary + goodSummary)},
		{name: "a summary of nobody", check: "http.parameter-value", kind: node.Invalid, request: summary(`{"resourceType":"Parameters","parameter":[]}`)},
		{name: "deep brackets", check: "json.depth", kind: node.Invalid,
			request: submit(`"meta":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `,"content":[{"attachment":{"contentType":"application/fhir+json","data":"DATA"}}]`)},
		{name: "a link instead of a document", check: "json.member", kind: node.Invalid, solid: true,
			request: submit(`"content":[{"attachment":{"contentType":"application/fhir+json","url":"https://elsewhere.example/"}}]`)},
		{name: "a modifier extension", check: "json.member", kind: node.Invalid,
			request: submit(`"modifierExtension":[],"content":[{"attachment":{"contentType":"application/fhir+json","data":"DATA"}}]`)},
		{name: "a document of another size", check: "document.attachment", kind: node.Invalid,
			request: submit(`"content":[{"attachment":{"contentType":"application/fhir+json","data":"DATA","size":7}}]`)},
		{name: "a document of another hash", check: "document.attachment", kind: node.Invalid,
			request: submit(`"content":[{"attachment":{"contentType":"application/fhir+json","data":"DATA","hash":"AAAA"}}]`)},
		{name: "a document of another kind", check: "document.reference", kind: node.Invalid,
			request: submit(`"type":{"coding":[{"system":"http://loinc.org","code":"57833-6"}]},"content":[{"attachment":{"contentType":"application/fhir+json","data":"DATA"}}]`)},
		{name: "a submission about another patient than the token", check: "proof.patient", kind: node.Untrusted,
			request: submit(`"subject":{"identifier":{"system":"x","value":"y"}},"content":[{"attachment":{"contentType":"application/fhir+json","data":"DATA"}}]`)},
	}
}

func TestEscapesOfATokenParameterAreUndoneExactly(t *testing.T) {
	for _, c := range []struct {
		value string
		want  node.Identifier
		ok    bool
	}{
		{"a|b", node.Identifier{System: "a", Value: "b"}, true},
		{`a\|b|c\,d\\e\$`, node.Identifier{System: "a|b", Value: `c,d\e$`}, true},
		{"a|b|c", node.Identifier{}, false},
		{"a|", node.Identifier{}, false},
		{"|b", node.Identifier{}, false},
		{`a|b\`, node.Identifier{}, false},
		{`a|b\n`, node.Identifier{}, false},
		{"a|b,c|d", node.Identifier{}, false},
	} {
		got, err := form{"p": c.value}.identifier("p")
		if (err == nil) != c.ok || c.ok && got != c.want {
			t.Errorf("%q: %+v, %v", c.value, got, err)
		}
		if c.ok {
			if again, err := (form{"p": tokenOf(got)}).identifier("p"); err != nil || again != got {
				t.Errorf("%q does not come back: %+v", c.value, again)
			}
		}
	}
}
