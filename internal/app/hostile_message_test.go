package app

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sild/node"
)

// headedWith is a lawful search with another header line.
func headedWith(name string, values ...string) func(*siege) *http.Request {
	return func(s *siege) *http.Request {
		r := s.search(s.token(node.PrescriptionsVerb), s.listForm())
		r.Header[name] = values
		return r
	}
}

// unrulyHTTP is what stands around the message.
func unrulyHTTP() []hostile {
	handle := ""
	return []hostile{
		{name: "a form that calls itself XML", check: "http.content-type", kind: node.Unsupported, status: http.StatusUnsupportedMediaType, request: headedWith("Content-Type", "application/fhir+xml")},
		{name: "another charset", check: "http.content-type", kind: node.Unsupported, status: http.StatusUnsupportedMediaType, request: headedWith("Content-Type", formType+"; charset=iso-8859-1")},
		{name: "two content types", check: "http.content-type", kind: node.Unsupported, status: http.StatusUnsupportedMediaType, request: headedWith("Content-Type", formType, fhirJSON)},
		{name: "JSON in another charset", check: "http.content-type", kind: node.Unsupported, status: http.StatusUnsupportedMediaType, request: func(s *siege) *http.Request {
			r := s.summary(s.token(node.SummaryVerb), s.summaryBody())
			r.Header.Set("Content-Type", fhirJSON+"; charset=utf-16")
			return r
		}},
		{name: "a condition", check: "http.header", kind: node.Unsupported, request: headedWith("If-None-Exist", "identifier=1")},
		{name: "a packed body", check: "http.header", kind: node.Unsupported, request: headedWith("Content-Encoding", "identity")},
		{name: "a method in a header", check: "http.header", kind: node.Unsupported, request: headedWith("X-Http-Method-Override", "DELETE")},
		{name: "a message of more than a mebibyte", check: "http.size", kind: node.Invalid, status: http.StatusRequestEntityTooLarge, request: func(s *siege) *http.Request {
			return s.summary(s.token(node.SummaryVerb), s.summaryBody()+strings.Repeat(" ", 1<<20))
		}},
		{name: "a message of more than a mebibyte that does not say its length", check: "http.size", kind: node.Invalid, status: http.StatusRequestEntityTooLarge, request: func(s *siege) *http.Request {
			r := s.summary(s.token(node.SummaryVerb), s.summaryBody()+strings.Repeat(" ", 1<<20))
			r.ContentLength = -1
			return r
		}},
		{name: "another method", check: "http.method", kind: node.Unsupported, request: func(s *siege) *http.Request {
			return s.request("PUT", "/MedicationRequest/_search", formType, s.token(node.PrescriptionsVerb), []byte(s.listForm()))
		}},
		{name: "a patient in the address", check: "http.method", kind: node.Unsupported, request: func(s *siege) *http.Request {
			return s.request("GET", "/MedicationRequest?"+s.listForm(), "", s.token(node.PrescriptionsVerb), nil)
		}},
		{name: "a patient in the address of a form", check: "http.query", kind: node.Invalid, request: func(s *siege) *http.Request {
			return s.request("POST", "/MedicationRequest/_search?"+s.listForm(), formType, s.token(node.PrescriptionsVerb), []byte(s.listForm()))
		}},
		{name: "a body where none belongs", check: "http.body", kind: node.Invalid, before: func(s *siege) { handle = s.offered() }, request: func(s *siege) *http.Request {
			return s.request("GET", "/"+handle, "", s.token(node.PrescriptionVerb), []byte("x"))
		}},
		{name: "no body where one belongs", kind: node.Invalid, reason: "http.empty", solid: true, request: func(s *siege) *http.Request { return s.dispense(s.token(node.DispenseVerb), nil) }},
		{name: "an address that nobody offers", kind: node.Unsupported, reason: "http.route", status: http.StatusNotFound, solid: true, request: func(s *siege) *http.Request {
			return s.request("POST", "/Observation/_search", formType, s.token(node.PrescriptionsVerb), []byte(s.listForm()))
		}},
	}
}

// offered gives the address of a prescription that the node offers for fetching.
func (s *siege) offered() string {
	s.Helper()
	form := patientForm(s.truth().patient) + "&type=" + url.QueryEscape("http://loinc.org|57833-6")
	got := s.lawfully(s.request("POST", "/DocumentReference/_search", formType, s.token(node.PrescriptionsVerb), []byte(form)), http.StatusOK)
	at := bytes.Index(got.body, []byte("Bundle/p-"))
	if at < 0 {
		s.Fatal("nothing is offered")
	}
	address, _, _ := strings.Cut(string(got.body[at:]), `"`)
	return address
}

// form is a search with these parameters.
func form(parameters func(*siege) string) func(*siege) *http.Request {
	return func(s *siege) *http.Request { return s.search(s.token(node.PrescriptionsVerb), parameters(s)) }
}

// unrulyForms are searches that find more than they should, or that nobody can read.
func unrulyForms() []hostile {
	with := func(more string) func(*siege) *http.Request {
		return form(func(s *siege) string { return patientForm(s.truth().patient) + more })
	}
	return []hostile{
		{name: "a search for nobody", check: "http.parameter-missing", kind: node.Invalid, request: form(func(*siege) string { return "status=active" })},
		{name: "a parameter twice", check: "http.parameter-duplicate", kind: node.Invalid, request: with("&status=active&status=active")},
		{name: "a condition that nobody knows", check: "http.parameter-unknown", kind: node.Unsupported, request: with("&authoredon=gt2026-01-01")},
		{name: "a modifier", check: "http.parameter-unknown", kind: node.Unsupported, request: with("&status:not=active")},
		{name: "closed prescriptions too", check: "http.parameter-value", kind: node.Unsupported, request: with("&status=completed")},
		{name: "two patients in one question", kind: node.Invalid, reason: "http.parameter-several", solid: true, request: with("," + url.QueryEscape("a|b"))},
		{name: "a patient without a system", kind: node.Invalid, reason: "http.parameter-value", solid: true, request: form(func(s *siege) string { return "patient.identifier=" + s.truth().patient.Value })},
		{name: "bytes that are no UTF-8 in a form", kind: node.Invalid, reason: "http.encoding", solid: true, request: with("&status=%ff")},
	}
}

// told is a question for a summary in these words.
func told(words func(good string) string) func(*siege) *http.Request {
	return func(s *siege) *http.Request { return s.summary(s.token(node.SummaryVerb), words(s.summaryBody())) }
}

// first puts a member before those of a JSON object.
func first(member string) func(string) string {
	return func(good string) string { return "{" + member + "," + good[1:] }
}

// unrulyJSON is JSON that two readers could read differently, or that wears a reader out.
func unrulyJSON() []hostile {
	return []hostile{
		{name: "a member twice", check: "json.duplicate", kind: node.Invalid, request: told(first(`"resourceType":"Parameters"`))},
		{name: "a member twice in two spellings", check: "json.duplicate", kind: node.Invalid, request: told(first(`"resource\u0054ype":"Parameters"`))},
		{name: "a member that nobody knows", check: "json.member", kind: node.Invalid, request: told(first(`"extra":1`))},
		{name: "a member in another case", check: "json.member", kind: node.Invalid, request: told(first(`"Parameter":[]`))},
		{name: "brackets a hundred deep", check: "json.depth", kind: node.Invalid, before: (*siege).show, request: submitted(`"meta":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)+`,`, "")},
		{name: "bytes that are no UTF-8", check: "json.utf8", kind: node.Invalid, before: (*siege).show, request: submitted("\"description\":\"\xff\",", "")},
		{name: "half a message", kind: node.Invalid, reason: "json.syntax", solid: true, request: told(func(good string) string { return good[:60] })},
		{name: "two messages in one", kind: node.Invalid, reason: "json.syntax", solid: true, request: told(func(good string) string { return good + good })},
		{name: "a document type with an entity", kind: node.Invalid, reason: "json.syntax", solid: true, request: told(func(string) string {
			return `<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Parameters>&x;</Parameters>`
		})},
		{name: "a question about nobody", kind: node.Invalid, reason: "http.parameter-value", solid: true, request: told(func(string) string { return `{"resourceType":"Parameters","parameter":[]}` })},
	}
}

// submitted is a dispensation inside a DocumentReference; members stand before the content, more inside the attachment.
func submitted(members, more string) func(*siege) *http.Request {
	return func(s *siege) *http.Request {
		data := base64.StdEncoding.EncodeToString(s.handedOut(s.clock.read()))
		body := `{"resourceType":"DocumentReference","status":"current",` + members + `"content":[{"attachment":{"contentType":"` + fhirJSON + `","data":"` + data + `"` + more + `}}]}`
		return s.request("POST", "/DocumentReference", fhirJSON, s.token(node.DispenseVerb), []byte(body))
	}
}

// falseDocuments are dispensations that contradict their envelope, their token or the clock.
func falseDocuments() []hostile {
	return []hostile{
		{name: "a document of another kind than its envelope says", check: "document.reference", kind: node.Invalid, before: (*siege).show,
			request: submitted(`"type":{"coding":[{"system":"http://loinc.org","code":"57833-6"}]},`, "")},
		{name: "a document of another size than its envelope says", check: "document.attachment", kind: node.Invalid, before: (*siege).show, request: submitted("", `,"size":7`)},
		{name: "a document of another hash than its envelope says", check: "document.attachment", kind: node.Invalid, before: (*siege).show, request: submitted("", `,"hash":"AAAA"`)},
		{name: "an envelope for another patient than the token's", check: "proof.patient", kind: node.Untrusted, before: (*siege).show,
			request: submitted(`"subject":{"identifier":{"system":"https://fhir.ee/sid/pid/est/ni","value":"36111039925"}},`, "")},
		{name: "a dispensation to another patient than the token's", check: "document.patient", kind: node.Untrusted, before: (*siege).show, request: func(s *siege) *http.Request {
			message := strings.ReplaceAll(string(s.handedOut(s.clock.read())), s.truth().patient.Value, s.truth().other.Value)
			return s.dispense(s.token(node.DispenseVerb), []byte(message))
		}},
		{name: "a dispensation of tomorrow", check: "dispensation.sense", reason: "dispensation.recorded", kind: node.Invalid, before: (*siege).show, request: func(s *siege) *http.Request {
			return s.dispense(s.token(node.DispenseVerb), s.handedOut(s.clock.read().Add(24*time.Hour)))
		}},
		{name: "a link instead of a document", kind: node.Invalid, reason: "json.member", solid: true, before: (*siege).show, request: submitted("", `,"url":"https://elsewhere.example/"`)},
		{name: "a withdrawal sent as a dispensation", kind: node.Invalid, reason: "document.kind", solid: true, before: (*siege).show, request: altered(func(s *siege, m map[string]json.RawMessage) {
			m["status"] = json.RawMessage(`"entered-in-error"`)
		})},
	}
}

// altered is a dispensation with other members.
func altered(change func(*siege, map[string]json.RawMessage)) func(*siege) *http.Request {
	return func(s *siege) *http.Request {
		var m map[string]json.RawMessage
		s.must(json.Unmarshal(s.handedOut(s.clock.read()), &m))
		change(s, m)
		body, err := json.Marshal(m)
		s.must(err)
		return s.dispense(s.token(node.DispenseVerb), body)
	}
}

// brokenDocuments are dispensations that the tongue must not read. What it cannot read it cannot let through.
func brokenDocuments() []hostile {
	broken := func(name, reason string, change func(message string) string) hostile {
		return hostile{name: name, reason: reason, kind: node.Invalid, solid: true, before: (*siege).show, request: func(s *siege) *http.Request {
			return s.dispense(s.token(node.DispenseVerb), []byte(change(string(s.handedOut(s.clock.read())))))
		}}
	}
	return []hostile{
		broken("a dispensation with a member twice", "json.duplicate", first(`"status":"completed"`)),
		broken("a dispensation that nests too deep", "json.depth", first(`"a":`+strings.Repeat("[", 200)+strings.Repeat("]", 200))),
		broken("a dispensation with a byte order mark", "json.mark", func(m string) string { return "\uFEFF" + m }),
		broken("a dispensation that is no UTF-8", "json.utf8", first("\"note\":[{\"text\":\"\xc3\x28\"}]")),
		broken("a dispensation with half a surrogate pair", "json.surrogate", first(`"note":[{"text":"\ud83d"}]`)),
		broken("a dispensation with a control character", "json.control", first("\"note\":[{\"text\":\"a\x01\"}]")),
		broken("a dispensation of 01 packages", "json.number", func(m string) string { return strings.Replace(m, `"value":1}`, `"value":01}`, 1) }),
		broken("a dispensation with something behind it", "json.trailing", func(m string) string { return m + "{}" }),
		broken("a dispensation that breaks off", "json.syntax", func(m string) string { return m[:len(m)/2] }),
		broken("a dispensation in XML", "cda.root", func(string) string { return `<MedicationDispense xmlns="http://hl7.org/fhir"/>` }),
		broken("a dispensation with a modifier", "fhir.modifier", first(`"modifierExtension":[{"url":"urn:x","valueBoolean":true}]`)),
		broken("a dispensation with a script in its words", "fhir.xhtml", first(`"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"}`)),
		broken("a dispensation of less than nothing", "fhir.negative", func(m string) string { return strings.Replace(m, `"value":1}`, `"value":-1}`, 1) }),
		broken("a dispensation of nothing", "fhir.quantity", func(m string) string { return strings.Replace(m, `"value":1}`, `"value":0}`, 1) }),
	}
}
