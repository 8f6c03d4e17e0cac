package fhir

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"sild/node"
	"sild/translation"
)

// encoder writes one body of the pivot forms from records.
type encoder struct {
	writer
	participant string
	cut         []translation.Span
	report      *node.Report
	prefix      string             // of paths in a listing: prescription[1].
	silent      []translation.Span // elements of which no report that leaves may speak
	moved       func(path string) string
	taken       map[*translation.Slot]string // the slots that an element holds, with the path of it
	whens       []string                     // the times of the day that stand in a dosage
	root        node.Identifier              // of the summary that is written
	patientID   string                       // the id of the entry of its patient
	document    bool                         // a document Bundle, whose entries no search has found
	err         *node.Error
}

// place is a path as it stands in the document that leaves: where something before it was withheld, its numbers are
// smaller than in the source.
func (e *encoder) place(path string) string {
	if e.moved == nil {
		return path
	}
	return e.moved(path)
}

// refuse keeps the first reason why a record cannot be written. A summary goes on without the part, and reports it: it
// may save a life without one strength.
func (e *encoder) refuse(slot, reason, detail string) {
	if e.document {
		e.lose(slot, detail)
		return
	}
	if e.err == nil {
		e.err = &node.Error{Op: "fhir.encode", Kind: node.Untranslatable, Reason: reason, Detail: detail, Slot: e.prefix + slot}
	}
}

// lose reports what the target form cannot hold.
func (e *encoder) lose(path, why string) {
	if e.report != nil {
		e.report.Lost = append(e.report.Lost, node.Residue{Path: e.prefix + path, Why: why})
	}
}

// hidden says that a slot is not there, or stands inside something that was withheld.
func (e *encoder) hidden(slot *translation.Slot) bool {
	return slot == nil || slot.Span.In(e.cut)
}

// entry starts an entry; endEntry ends it and says how a searchset found it: match, include or outcome (R4 bdl-2).
func (e *encoder) entry(id, resourceType, profile string) {
	e.object("")
	e.text("fullUrl", fullURL+id)
	e.object("resource")
	e.text("resourceType", resourceType)
	e.text("id", id)
	e.profile(profile)
}

func (e *encoder) profile(profile string) {
	if profile == "" {
		return
	}
	meta := e.object("meta")
	list := e.array("profile")
	e.text("", profile)
	e.close(list)
	e.close(meta)
}

func (e *encoder) endEntry(mode string) {
	e.b = append(e.b, '}')
	e.trail = nil
	if mode != "" && !e.document {
		e.b = append(e.b, `,"search":{"mode":"`...)
		e.b = append(e.b, mode...)
		e.b = append(e.b, `"}`...)
	}
	e.b = append(e.b, '}')
}

// reference writes a reference to an entry by its id, or to a contained resource by its #id.
func (e *encoder) reference(name, id string) {
	mark := e.object(name)
	if strings.HasPrefix(id, "#") {
		e.text("reference", id)
	} else {
		e.text("reference", fullURL+id)
	}
	e.close(mark)
}

func (e *encoder) identifier(name string, id node.Identifier) {
	mark := e.object(name)
	e.text("system", id.System)
	e.text("value", id.Value)
	e.close(mark)
}

// identifierOf writes a logical reference: to something that this message does not carry.
func (e *encoder) identifierOf(name, resourceType string, id node.Identifier) {
	mark := e.object(name)
	e.text("type", resourceType)
	e.identifier("identifier", id)
	e.close(mark)
}

// instant writes a time as FHIR instant in UTC.
func (e *encoder) instant(name string, at time.Time) {
	if at.IsZero() {
		if e.err == nil {
			e.err = &node.Error{Op: "fhir.encode", Kind: node.Internal, Reason: "encode.time",
				Detail: "The document does not say when it was made."}
		}
		return
	}
	e.name(name)
	e.b = append(e.b, '"')
	e.b = at.UTC().AppendFormat(e.b, time.RFC3339Nano)
	e.b = append(e.b, '"')
}

const fullURL = "urn:uuid:"

// entryID is the id of an entry: a name-based UUID (RFC 9562 version 8) over the identifier of the prescription and
// the role of the entry, so that the same document always gets the same bytes.
func entryID(of node.Identifier, role string) string {
	seed := make([]byte, 0, 128)
	seed = append(append(append(append(append(seed, of.System...), 0), of.Value...), 0), role...)
	sum := sha256.Sum256(seed)
	sum[6] = sum[6]&0x0F | 0x80
	sum[8] = sum[8]&0x3F | 0x80
	text := make([]byte, 36)
	hex.Encode(text[0:8], sum[0:4])
	hex.Encode(text[9:13], sum[4:6])
	hex.Encode(text[14:18], sum[6:8])
	hex.Encode(text[19:23], sum[8:10])
	hex.Encode(text[24:36], sum[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text)
}

// encoded closes the work: the parts, their hash, and the report that they were made with.
func (e *encoder) encoded(format node.Format) (*node.Encoded, error) {
	if e.err != nil {
		return nil, e.err
	}
	return sealed(format, e.b, e.report), nil
}

func sealed(format node.Format, body []byte, report *node.Report) *node.Encoded {
	sum := sha256.Sum256(body)
	return &node.Encoded{
		Format: format,
		Parts:  []node.Part{{ContentType: jsonContent, Body: body}},
		Hash:   hex.EncodeToString(sum[:]),
		Report: report,
	}
}
