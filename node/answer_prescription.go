package node

import (
	"context"
	"time"

	"sild/translation"
)

// Prescriptions lists what the patient can have dispensed in the other country now. An item that a rule withholds is
// not mentioned; an item that cannot be translated is named as withheld with its slot.
func (a *Answer) Prescriptions(ctx context.Context, call Call, filter Filter) (*Listing, error) {
	const op = "answer.prescriptions"
	began := a.Now()
	if err := call.admitted(op, PrescriptionsVerb); err != nil {
		return nil, err
	}
	right, err := a.entitle(ctx, op, call)
	if err != nil {
		return nil, err
	}
	national := &Listing{}
	if !right.Hidden {
		national, err = a.Register.Prescriptions(ctx, call.Outward(), filter)
	}
	if err != nil && !KindIs(err, NotFound) {
		return nil, a.refuse(ctx, call, err)
	}
	if national == nil {
		national = &Listing{}
	}
	listing, cut, err := a.releaseAll(op, call, national)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if right.Hidden {
		cut = append(cut, right.Reason)
	}
	if call.Offer {
		return a.offer(ctx, op, call, listing, cut)
	}
	return a.deliverListing(ctx, op, call, began, listing, cut)
}

// releaseAll applies the corridor's rules to each item and carries the rest to the pivot.
func (a *Answer) releaseAll(op string, call Call, national *Listing) (*Listing, []string, error) {
	listing := &Listing{}
	var cut []string
	for _, item := range national.Items {
		d, rule, err := a.release(op, call, item.Document)
		switch {
		case rule != "":
			cut = append(cut, rule)
		case KindIs(err, Untranslatable):
			e := AsError(err)
			listing.Withheld = append(listing.Withheld, Withheld{ID: item.Ref.ID, Slot: e.Slot, Detail: e.Detail})
		case err != nil:
			return nil, nil, err
		default:
			p := d.Prescription()
			listing.Items = append(listing.Items, Item{Ref: Ref{ID: p.ID}, Status: p.Status, Date: p.Authored, Document: d})
		}
	}
	return listing, cut, nil
}

// release is the third gate and the translation of one prescription: decode, whose is it, may it cross, can it be
// dispensed now, carry. A rule that withholds it comes back as its id.
func (a *Answer) release(op string, call Call, national *Document) (*Document, string, error) {
	d, err := a.Tongue.Decode(national.Source)
	if err != nil {
		// What our own register holds is broken: the reader abroad learns that an item is withheld, not why.
		return nil, "", &Error{Op: op, Kind: Untranslatable, Reason: "register.unreadable", Slot: "document", Err: err,
			Detail: "The prescription cannot be read by its own country's contact point."}
	}
	p := d.Prescription()
	if p == nil || !d.Patient.Has(call.Patient) {
		return nil, "patient.other", nil
	}
	if e := a.adult(op, call, &d.Patient); e != nil {
		return nil, "", e
	}
	if rule, ok := a.Rules.Withholds(call.Corridor, p); ok {
		return nil, rule.ID, nil
	}
	if reason := undispensable(p, a.Now()); reason != "" {
		return nil, reason, nil
	}
	if err := a.carry(op, d); err != nil {
		return nil, "", err
	}
	// Once more with the pivot codes: a national substance id says nothing to a rule written in ATC.
	if rule, ok := a.Rules.Withholds(call.Corridor, p); ok {
		return nil, rule.ID, nil
	}
	return d, "", nil
}

// undispensable says why a prescription cannot be dispensed now, or nothing.
func undispensable(p *Prescription, now time.Time) string {
	switch {
	case p.Status != Active:
		return "prescription.status"
	case p.Is(Reserved):
		return "prescription.reserved"
	case !covers(p.Valid, now):
		return "prescription.validity"
	case p.Amount.Left != "" && atMostZero(p.Amount.Left):
		return "prescription.nothing-left"
	}
	return ""
}

func atMostZero(decimal string) bool {
	sign, ok := compare(decimal, "0")
	return !ok || sign <= 0
}

// covers compares dates in UTC; a validity that ends on a day holds until that day has ended everywhere in Europe.
func covers(valid Period, now time.Time) bool {
	if from, ok := moment(valid.From); ok && now.Before(from.Add(-12*time.Hour)) {
		return false
	}
	to, ok := moment(valid.To)
	if !ok {
		return valid.To == ""
	}
	if len(valid.To) == len(time.DateOnly) {
		to = to.Add(24 * time.Hour)
	}
	return now.Before(to)
}

func moment(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// carry takes every code to the pivot and refuses the document if one that must be right was not carried.
func (a *Answer) carry(op string, d *Document) error {
	d.At = a.Now().UTC()
	if e := require(d); e != nil {
		e.Op = op
		return e
	}
	catalogue := a.Catalogue()
	for _, slot := range d.Slots {
		catalogue.ToPivot(a.Country, slot)
	}
	if e := refused(d); e != nil {
		e.Op = op
		return e
	}
	return nil
}

func (a *Answer) deliverListing(ctx context.Context, op string, call Call, began time.Time, listing *Listing, cut []string) (*Listing, error) {
	documents := make([]*Document, len(listing.Items))
	released := make([]Release, len(listing.Items))
	whole := &Report{Release: a.Catalogue().Release()}
	for i, item := range listing.Items {
		documents[i] = item.Document
		released[i] = Release{Prescription: item.Ref.ID, Expires: a.Now().Add(a.ReportLife)}
		r := report(item.Document, whole.Release, nil)
		whole.Lines = append(whole.Lines, r.Lines...)
		whole.Residue = append(whole.Residue, r.Residue...)
	}
	out, err := a.Tongue.EncodeListing(documents, listing.Withheld, call.Reply, whole)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	listing.Out = out
	event := a.event(call, ReadStage)
	if len(documents) == 0 {
		event.Stage = NothingStage
	}
	event.Hash, event.Release, event.Withheld = out.Hash, whole.Release, cut
	for _, item := range listing.Items {
		event.Documents = append(event.Documents, item.Ref.ID.Value)
	}
	if err := a.Journal.Disclosed(ctx, event, released); err != nil {
		return nil, unlogged(op, err)
	}
	if len(documents)+len(listing.Withheld) == 0 {
		return listing, a.hush(ctx, op, began)
	}
	return listing, nil
}

// offer encodes each document, shelves it and hands out handles: hash and size promised now hold at the fetch.
func (a *Answer) offer(ctx context.Context, op string, call Call, listing *Listing, cut []string) (*Listing, error) {
	began := a.Now()
	event := a.event(call, OfferedStage)
	event.Withheld = cut
	var shelf []Shelved
	for i := range listing.Items {
		item := &listing.Items[i]
		if err := a.encode(item.Document, call.Reply, nil, nil); err != nil {
			return nil, a.refuse(ctx, call, err)
		}
		item.Ref.Handle = NewCorrelation()
		shelf = append(shelf, Shelved{Handle: item.Ref.Handle, Peer: call.Peer, Patient: call.Patient, ID: item.Ref.ID,
			Kind: item.Document.Kind, Encoded: *item.Document.Out, Expires: a.Now().Add(a.ShelfLife)})
		event.Documents = append(event.Documents, item.Ref.ID.Value)
		event.Release = a.Catalogue().Release()
	}
	if err := a.Journal.Offered(ctx, event, shelf); err != nil {
		return nil, unlogged(op, err)
	}
	if len(listing.Items)+len(listing.Withheld) == 0 {
		return listing, a.hush(ctx, op, began)
	}
	return listing, nil
}

func (a *Answer) encode(d *Document, to Format, cut []translation.Span, hidden map[*translation.Slot]bool) error {
	out, err := a.Tongue.Encode(d, to, cut, report(d, a.Catalogue().Release(), hidden))
	if err != nil {
		return err
	}
	d.Out = out
	return nil
}

const noPrescription = "There is no such prescription that can be dispensed now."

// Prescription answers one prescription in full. By handle it passes all gates again and returns the shelved bytes.
func (a *Answer) Prescription(ctx context.Context, call Call, ref Ref) (*Document, error) {
	const op = "answer.prescription"
	began := a.Now()
	if err := call.admitted(op, PrescriptionVerb); err != nil {
		return nil, err
	}
	right, err := a.entitle(ctx, op, call)
	if err != nil {
		return nil, err
	}
	shelved, ref, err := a.fromShelf(ctx, op, call, ref, APrescription)
	if err != nil {
		return nil, a.none(ctx, call, began, err, "handle")
	}
	absent := fail(op, NotFound, "prescription.none", noPrescription)
	if right.Hidden {
		return nil, a.none(ctx, call, began, absent, right.Reason)
	}
	national, err := a.Register.Prescription(ctx, call.Outward(), ref)
	if KindIs(err, NotFound) {
		return nil, a.none(ctx, call, began, absent, AsError(err).Reason)
	}
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	d, rule, err := a.release(op, call, national)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if rule != "" {
		return nil, a.none(ctx, call, began, absent, rule)
	}
	if shelved != nil {
		d.Out = shelved
	} else if err := a.encode(d, call.Reply, nil, nil); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	event := a.event(call, ReadStage)
	event.Hash, event.Release = d.Out.Hash, a.Catalogue().Release()
	event.Documents = []string{d.Prescription().ID.Value}
	released := []Release{{Prescription: d.Prescription().ID, Expires: a.Now().Add(a.ReportLife)}}
	if err := a.Journal.Disclosed(ctx, event, released); err != nil {
		return nil, unlogged(op, err)
	}
	return d, nil
}

// none is "nothing found" for a single document: same event path, same least time, whatever the reason.
func (a *Answer) none(ctx context.Context, call Call, began time.Time, absent error, reason string) error {
	e := AsError(absent)
	if e.Kind != NotFound {
		return a.refuse(ctx, call, e)
	}
	event := a.event(call, NothingStage)
	event.Withheld = []string{reason}
	if err := a.Journal.Disclosed(ctx, event, nil); err != nil {
		return unlogged(e.Op, err)
	}
	if err := a.hush(ctx, e.Op, began); err != nil {
		return err
	}
	return e
}

// fromShelf finds the bytes that a handle promised; without a handle there is nothing to find.
func (a *Answer) fromShelf(ctx context.Context, op string, call Call, ref Ref, kind DocumentKind) (*Encoded, Ref, error) {
	if ref.Handle == "" {
		return nil, ref, nil
	}
	shelved, ok, err := a.Journal.Shelved(ctx, ref.Handle, call.Peer, call.Patient)
	if err != nil {
		return nil, ref, &Error{Op: op, Kind: Unavailable, Reason: "journal", Detail: "The shelf cannot be read.", Err: err}
	}
	if !ok || shelved.Kind != kind {
		return nil, ref, fail(op, NotFound, "handle.none", "The offered document is no longer available. Ask again.")
	}
	return &shelved.Encoded, Ref{ID: shelved.ID}, nil
}
