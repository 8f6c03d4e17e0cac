package rest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"github.com/go-json-experiment/json"

	"sild/node"
)

// Extensions of an offer: the digest that the bytes will have (FHIR itself fixes SHA-1 for Attachment.hash), and the
// place for which an item cannot be carried.
const (
	extDigest   = "urn:sild:ext:sha256"
	extWithheld = "urn:sild:ext:withheld"
)

// offered is a searchset of DocumentReferences: what can be fetched, with the size and hash that it will have.
type offered struct {
	ResourceType string  `json:"resourceType"`
	Type         string  `json:"type"`
	Total        int     `json:"total"`
	Entry        []entry `json:"entry,omitempty"`
}

type entry struct {
	FullURL  string   `json:"fullUrl,omitzero"`
	Resource resource `json:"resource"`
	Search   search   `json:"search"`
}

type search struct {
	Mode string `json:"mode"`
}

// resource is a DocumentReference or, where items are withheld, an OperationOutcome.
type resource struct {
	ResourceType     string      `json:"resourceType"`
	MasterIdentifier identifier  `json:"masterIdentifier,omitzero"`
	Status           string      `json:"status,omitzero"`
	Type             concept     `json:"type,omitzero"`
	Subject          subject     `json:"subject,omitzero"`
	Content          []content   `json:"content,omitempty"`
	Issue            []heldIssue `json:"issue,omitempty"`
}

type content struct {
	Attachment attachment `json:"attachment"`
}

type attachment struct {
	Extension   []extension `json:"extension,omitempty"`
	ContentType string      `json:"contentType"`
	URL         string      `json:"url"`
	Size        int         `json:"size"`
	Hash        string      `json:"hash"`
	Creation    string      `json:"creation,omitzero"`
}

type extension struct {
	URL       string      `json:"url"`
	Extension []extension `json:"extension,omitempty"`
	Value     string      `json:"valueString,omitzero"`
}

type heldIssue struct {
	Extension []extension `json:"extension,omitempty"`
	Severity  string      `json:"severity"`
	Code      string      `json:"code"`
	Details   concept     `json:"details"`
}

// answerOffer answers what can be fetched. A patient without anything, an unknown and a restricted one get the same
// empty searchset.
func answerOffer(ctx context.Context, face node.Exchange, call node.Call, m *message) (reply, error) {
	listing, err := offers(ctx, face, call, m)
	if err != nil && !node.KindIs(err, node.NotFound) {
		return reply{}, err
	}
	out := offered{ResourceType: "Bundle", Type: "searchset"}
	if listing != nil {
		out.Total = len(listing.Items)
		for _, item := range listing.Items {
			out.Entry = append(out.Entry, offerOf(call, item))
		}
		out.withhold(listing.Withheld)
	}
	body, err := json.Marshal(out)
	if err != nil {
		return reply{}, &node.Error{Op: "rest.answer", Kind: node.Internal, Reason: "answer.encode", Err: err,
			Detail: "Something went wrong at this contact point."}
	}
	return reply{status: http.StatusOK, body: body}, nil
}

func offers(ctx context.Context, face node.Exchange, call node.Call, m *message) (*node.Listing, error) {
	if call.Verb != node.SummaryVerb {
		return face.Prescriptions(ctx, call, m.filter)
	}
	d, err := face.Summary(ctx, call, m.ref)
	if err != nil {
		return nil, err
	}
	item := node.Item{Ref: node.Ref{Handle: d.Handle}, Document: d}
	if d.Summary != nil {
		item.Ref.ID, item.Date = d.Summary.ID, d.Summary.Date
	}
	return &node.Listing{Items: []node.Item{item}}, nil
}

func offerOf(call node.Call, item node.Item) entry {
	handle, loincType := "p-"+item.Ref.Handle, prescriptionType
	if call.Verb == node.SummaryVerb {
		handle, loincType = "s-"+item.Ref.Handle, summaryType
	}
	body, digest := item.Document.Out.Body(), item.Document.Out.Hash
	return entry{FullURL: "urn:uuid:" + uuidOf(handle), Search: search{Mode: "match"}, Resource: resource{
		ResourceType: "DocumentReference", MasterIdentifier: identifier(item.Ref.ID), Status: "current",
		Type:    concept{Coding: []coding{{System: loinc, Code: loincType}}},
		Subject: subject{Type: "Patient", Identifier: identifier(call.Patient)},
		Content: []content{{Attachment: attachment{
			Extension: []extension{{URL: extDigest, Value: digest}}, ContentType: jsonContent, URL: "Bundle/" + handle,
			Size: len(body), Hash: attachmentHash(body), Creation: item.Date}}},
	}}
}

// withhold adds what exists but cannot be carried: the place and nothing else about it.
func (o *offered) withhold(items []node.Withheld) {
	if len(items) == 0 {
		return
	}
	outcome := resource{ResourceType: "OperationOutcome"}
	for _, item := range items {
		outcome.Issue = append(outcome.Issue, heldIssue{Severity: "warning", Code: "processing",
			Extension: []extension{{URL: extWithheld, Extension: []extension{{URL: "slot", Value: item.Slot}}}},
			Details:   concept{Text: item.Detail}})
	}
	o.Entry = append(o.Entry, entry{Resource: outcome, Search: search{Mode: "outcome"}})
}

// uuidOf derives the address of an entry from its handle (RFC 9562 version 8).
func uuidOf(handle string) string {
	sum := sha256.Sum256([]byte(handle))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
