package node

import (
	"context"
	"slices"

	"sild/translation"
)

const noSummary = "There is no patient summary for this patient."

// Summary answers the patient summary. What the patient restricts is cut as whole elements and looks as if it had
// never been recorded.
func (a *Answer) Summary(ctx context.Context, call Call, ref Ref) (*Document, error) {
	const op = "answer.summary"
	a = a.pinned()
	began := a.Now()
	if err := call.admitted(op, SummaryVerb); err != nil {
		return nil, err
	}
	right, err := a.entitle(ctx, op, call)
	if err != nil {
		return nil, err
	}
	shelved, ref, err := a.fromShelf(ctx, op, call, ref, ASummary)
	if err != nil {
		return nil, a.none(ctx, call, began, err, "handle")
	}
	absent := fail(op, NotFound, "summary.none", noSummary)
	if right.Hidden {
		return nil, a.none(ctx, call, began, absent, right.Reason)
	}
	national, err := a.Register.Summary(ctx, call.Outward(), ref)
	if KindIs(err, NotFound) {
		return nil, a.none(ctx, call, began, absent, AsError(err).Reason)
	}
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	d, err := a.Tongue.Decode(national.Source)
	if err != nil || d.Summary == nil {
		return nil, a.refuse(ctx, call, &Error{Op: op, Kind: Untranslatable, Reason: "register.unreadable", Slot: "document",
			Detail: "The summary cannot be read by its own country's contact point.", Err: err})
	}
	if !d.about(call.Patient) {
		return nil, a.none(ctx, call, began, absent, "patient.other")
	}
	if e := a.adult(op, call, &d.Patient); e != nil {
		return nil, a.refuse(ctx, call, e)
	}
	if err := a.carry(op, d); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	names := a.withhold(d, right)
	if shelved != nil && slices.Equal(shelved.Cut, names) {
		d.Out = &shelved.Encoded // nothing was withheld or given back since the offer
	} else if err := a.encode(d, call.Reply); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if call.Offer {
		listing := &Listing{Items: []Item{{Ref: Ref{ID: d.Summary.ID}, Date: d.Summary.Date, Document: d}}}
		if err := a.shelve(ctx, op, call, listing, names); err != nil {
			return nil, err
		}
		return d, nil
	}
	event := a.event(call, ReadStage)
	event.Hash, event.Release, event.Withheld = d.Out.Hash, a.carriedBy(d.Out), names
	event.Documents = []string{d.Summary.ID.Value}
	if err := a.Journal.Disclosed(ctx, event, nil); err != nil {
		return nil, unlogged(op, err)
	}
	return d, nil
}

// withhold marks what the patient's restrictions and an address under protection cut from the document, with the slots
// and residue in it, and names the elements.
func (a *Answer) withhold(d *Document, right Entitlement) []string {
	withheld := map[string]bool{}
	for _, name := range right.Elements {
		withheld[name] = true
	}
	if d.Patient.Protected {
		withheld["address"] = true
	}
	d.hidden = map[*translation.Slot]bool{}
	for _, element := range d.Elements {
		if !withheld[element.Name] {
			continue
		}
		d.withheld = append(d.withheld, element.Name)
		d.cut = append(d.cut, element.Spans...)
		for _, slot := range d.Slots {
			if inside(slot.Span, element.Spans) {
				d.hidden[slot] = true
			}
		}
	}
	var residue []Residue
	for _, r := range d.Residue {
		if !inside(r.Span, d.cut) {
			residue = append(residue, r)
		}
	}
	d.Residue = residue
	return d.withheld
}

func inside(span translation.Span, spans []translation.Span) bool {
	for _, outer := range spans {
		if span.Len() > 0 && span.Start >= outer.Start && span.End <= outer.End {
			return true
		}
	}
	return false
}

// shelve commits an offer of one document that is encoded already.
func (a *Answer) shelve(ctx context.Context, op string, call Call, listing *Listing, cut []string) error {
	item := &listing.Items[0]
	item.Ref.Handle = NewCorrelation()
	event := a.event(call, OfferedStage)
	event.Hash, event.Release, event.Withheld = item.Document.Out.Hash, a.Catalogue().Release(), cut
	event.Documents = []string{item.Ref.ID.Value}
	shelf := []Shelved{{Handle: item.Ref.Handle, Peer: call.Peer, Patient: call.Patient, ID: item.Ref.ID,
		Kind: ASummary, Cut: cut, Encoded: *item.Document.Out, Expires: a.Now().Add(a.ShelfLife)}}
	if err := a.Journal.Offered(ctx, event, shelf); err != nil {
		return unlogged(op, err)
	}
	item.Document.Handle = item.Ref.Handle
	return nil
}
