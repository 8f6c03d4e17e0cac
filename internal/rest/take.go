package rest

import (
	"context"
	"strings"

	"github.com/go-json-experiment/json"

	"sild/node"
)

// taken is the part of a searchset of DocumentReferences that this client uses. A peer may say more.
type taken struct {
	ResourceType string `json:"resourceType"`
	Type         string `json:"type"`
	Entry        []struct {
		Resource resource `json:"resource"`
	} `json:"entry"`
}

// offers asks what can be fetched by handle. Of each document there is its identifier, its handle and, where the peer
// says it, the digest that its bytes will have.
func (c *Client) offers(ctx context.Context, call node.Call, verb node.Verb) (*node.Listing, error) {
	const op = "rest.offers"
	wanted, prefix, d := prescriptionType, "p-", node.Document{Kind: node.APrescription, Format: node.MPD}
	if verb == node.SummaryVerb {
		wanted, prefix, d = summaryType, "s-", node.Document{Kind: node.ASummary, Format: node.EPS}
	}
	got, err := c.ask(ctx, call, searching(op, verb, "DocumentReference",
		[]field{{"patient.identifier", tokenOf(call.Patient)}, {"type", loinc + "|" + wanted}}))
	if err != nil {
		return nil, err
	}
	var set taken
	if err := json.Unmarshal(got.body, &set); err != nil || set.ResourceType != "Bundle" || set.Type != "searchset" {
		return nil, strange(op, nil)
	}
	listing := &node.Listing{}
	for _, e := range set.Entry {
		switch e.Resource.ResourceType {
		case "DocumentReference":
			item, ok := c.item(e.Resource, prefix, d)
			if !ok {
				return nil, strange(op, nil)
			}
			listing.Items = append(listing.Items, item)
		case "OperationOutcome":
			listing.Withheld = append(listing.Withheld, withheldIn(e.Resource.Issue)...)
		}
	}
	return listing, nil
}

func (c *Client) item(r resource, prefix string, d node.Document) (node.Item, bool) {
	if len(r.Content) != 1 || r.Status != "current" {
		return node.Item{}, false
	}
	a := r.Content[0].Attachment
	handle, ok := strings.CutPrefix(strings.TrimPrefix(a.URL, c.Base+"/"), "Bundle/"+prefix)
	if !ok || !isID(prefix+handle) {
		return node.Item{}, false
	}
	d.Handle, d.Out = handle, &node.Encoded{Format: d.Format, Hash: valueOf(a.Extension, extDigest)}
	return node.Item{Ref: node.Ref{ID: r.MasterIdentifier.known(), Handle: handle}, Date: a.Creation, Document: &d}, true
}

func withheldIn(issues []heldIssue) []node.Withheld {
	var found []node.Withheld
	for _, issue := range issues {
		for _, e := range issue.Extension {
			if e.URL == extWithheld {
				found = append(found, node.Withheld{Slot: valueOf(e.Extension, "slot"), Detail: issue.Details.Text})
			}
		}
	}
	return found
}

func valueOf(list []extension, url string) string {
	for _, e := range list {
		if e.URL == url {
			return e.Value
		}
	}
	return ""
}

// isID says that a text is a FHIR id, which is all that ever stands in an address that this client calls.
func isID(text string) bool {
	if text == "" || len(text) > 64 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return true
}
