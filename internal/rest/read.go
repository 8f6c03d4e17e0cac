package rest

import (
	"crypto/sha1" // FHIR R4 fixes SHA-1 for Attachment.hash; it protects nothing here
	"encoding/base64"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"sild/node"
)

// Document types (LOINC) of the node-to-node API.
const (
	loinc            = "http://loinc.org"
	prescriptionType = "57833-6"
	summaryType      = "60591-5"
	dispensationType = "60593-1"
)

// about takes the patient of a search. Only a lifted check lets a search without one through; then it is about the
// token's patient.
func (m *message) about(name string) error {
	if _, named := m.params[name]; !named {
		m.inside = true
		return nil
	}
	patient, err := m.params.identifier(name)
	m.asked.Patient = patient
	return err
}

func readPatientSearch(m *message) (err error) {
	if err := m.about("identifier"); err != nil {
		return err
	}
	m.who.BirthDate, err = m.params.day("birthdate")
	return err
}

// readRequestSearch reads a listing, or with an identifier the question for one prescription.
func readRequestSearch(m *message) error {
	m.asked.Reply = node.MPD
	if err := m.about("patient.identifier"); err != nil {
		return err
	}
	if err := m.params.among("status", string(node.Active)); err != nil {
		return err
	}
	m.filter.Status = node.Status(m.params["status"])
	if _, single := m.params["identifier"]; !single {
		return nil
	}
	m.asked.Verb = node.PrescriptionVerb
	prescription, err := m.params.identifier("identifier")
	m.ref.ID = prescription
	return err
}

func readDocumentSearch(m *message) error {
	m.asked.Offer = true
	if err := m.about("patient.identifier"); err != nil {
		return err
	}
	if err := m.params.among("type", loinc+"|"+prescriptionType, loinc+"|"+summaryType); err != nil {
		return err
	}
	m.asked.Verb, m.asked.Reply = node.PrescriptionsVerb, node.MPD
	if strings.HasSuffix(m.params["type"], summaryType) {
		m.asked.Verb, m.asked.Reply = node.SummaryVerb, node.EPS
	}
	return nil
}

// readHandle reads what was offered before: p- for a prescription, s- for a summary. The handle is bound to peer and
// patient, and the token names the patient.
func readHandle(m *message) error {
	m.inside = true
	m.ref.Handle = m.id[2:]
	m.asked.Verb, m.asked.Reply = node.PrescriptionVerb, node.MPD
	if m.id[0] == 's' {
		m.asked.Verb, m.asked.Reply = node.SummaryVerb, node.EPS
	}
	return nil
}

// readDispensation leaves the document to the tongue; the face's first line compares its patient with the token's.
func readDispensation(m *message) error {
	m.inside, m.asked.Reply = true, node.MPD
	return nil
}

// parameters is the body of $summary: one identifier.
type parameters struct {
	ResourceType string `json:"resourceType"`
	Parameter    []struct {
		Name            string      `json:"name"`
		ValueIdentifier *identifier `json:"valueIdentifier,omitzero"`
	} `json:"parameter"`
}

func readSummary(m *message) error {
	m.asked.Reply = node.EPS
	var p parameters
	if err := decodeStrict(m.body, &p); err != nil {
		return err
	}
	if p.ResourceType != "Parameters" || len(p.Parameter) != 1 || p.Parameter[0].Name != "identifier" ||
		p.Parameter[0].ValueIdentifier == nil || p.Parameter[0].ValueIdentifier.System == "" || p.Parameter[0].ValueIdentifier.Value == "" {
		m.inside = true
		return stop(node.Invalid, "http.parameter-value", "The summary is asked for with one identifier.")
	}
	m.asked.Patient = p.Parameter[0].ValueIdentifier.known()
	return nil
}

// submission is a DocumentReference that brings a document. What this room does not use is read over but must be known:
// an element that could change the meaning is refused.
type submission struct {
	ResourceType     string         `json:"resourceType"`
	ID               string         `json:"id,omitzero"`
	Meta             jsontext.Value `json:"meta,omitzero"`
	Language         string         `json:"language,omitzero"`
	Text             jsontext.Value `json:"text,omitzero"`
	MasterIdentifier jsontext.Value `json:"masterIdentifier,omitzero"`
	Identifier       jsontext.Value `json:"identifier,omitzero"`
	Status           string         `json:"status"`
	DocStatus        string         `json:"docStatus,omitzero"`
	Type             concept        `json:"type,omitzero"`
	Category         jsontext.Value `json:"category,omitzero"`
	Subject          subject        `json:"subject,omitzero"`
	Date             string         `json:"date,omitzero"`
	Author           jsontext.Value `json:"author,omitzero"`
	Custodian        jsontext.Value `json:"custodian,omitzero"`
	Description      string         `json:"description,omitzero"`
	SecurityLabel    jsontext.Value `json:"securityLabel,omitzero"`
	Content          []struct {
		Attachment brought        `json:"attachment"`
		Format     jsontext.Value `json:"format,omitzero"`
	} `json:"content"`
	Context jsontext.Value `json:"context,omitzero"`
}

type brought struct {
	ContentType string `json:"contentType"`
	Language    string `json:"language,omitzero"`
	Data        string `json:"data"`
	Size        *int   `json:"size,omitzero"`
	Hash        string `json:"hash,omitzero"`
	Title       string `json:"title,omitzero"`
	Creation    string `json:"creation,omitzero"`
}

type concept struct {
	Coding []coding `json:"coding,omitzero"`
	Text   string   `json:"text,omitzero"`
}

type coding struct {
	System  string `json:"system,omitzero"`
	Version string `json:"version,omitzero"`
	Code    string `json:"code,omitzero"`
	Display string `json:"display,omitzero"`
}

type subject struct {
	Type       string     `json:"type,omitzero"`
	Identifier identifier `json:"identifier,omitzero"`
	Display    string     `json:"display,omitzero"`
}

// readSubmission takes the dispensation out of a DocumentReference. A link instead of data is an unknown member: this
// door fetches nothing from anywhere.
func readSubmission(m *message) error {
	var s submission
	if err := decodeStrict(m.body, &s); err != nil {
		return err
	}
	if s.ResourceType != "DocumentReference" || s.Status != "current" || len(s.Content) != 1 || !s.Type.mayBe(dispensationType) {
		if err := stop(node.Invalid, "document.reference", "The message is not one current document of a dispensation."); err != nil {
			return err
		}
	}
	data, ok := s.data()
	if !ok {
		if err := stop(node.Invalid, "document.attachment", "The document is not in the message as it says."); err != nil {
			return err
		}
	}
	m.body, m.asked.Reply = data, node.MPD
	m.asked.Patient = s.Subject.Identifier.known()
	m.inside = m.asked.Patient.IsZero()
	return nil
}

func (s *submission) data() ([]byte, bool) {
	if len(s.Content) == 0 {
		return nil, false
	}
	a := s.Content[0].Attachment
	data, err := base64.StdEncoding.Strict().DecodeString(a.Data)
	switch {
	case err != nil || len(data) == 0 || strings.ContainsAny(a.Data, "\r\n"):
		return data, false
	case a.ContentType != jsonContent:
		return data, false
	case a.Size != nil && *a.Size != len(data), a.Hash != "" && a.Hash != attachmentHash(data):
		return data, false
	}
	return data, true
}

func attachmentHash(data []byte) string {
	sum := sha1.Sum(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// mayBe says that a concept is of the type or does not say its type.
func (c concept) mayBe(code string) bool {
	said := false
	for _, own := range c.Coding {
		if own.System == loinc {
			said = true
			if own.Code == code {
				return true
			}
		}
	}
	return !said
}
