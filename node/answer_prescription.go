package node

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Prescriptions lists what the patient can have dispensed in the other country now. An item that a rule withholds is
// not mentioned; an item that cannot be translated is named as withheld with its slot.
func (a *Answer) Prescriptions(ctx context.Context, call Call, filter Filter) (*Listing, error) {
	const op = "answer.prescriptions"
	a = a.pinned()
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
	listing, cut, err := a.releaseAll(op, call, right, national)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if right.Hidden {
		cut = append(cut, right.Reason)
	}
	if call.Offer {
		return a.offer(ctx, op, call, began, listing, cut)
	}
	return a.deliverListing(ctx, op, call, began, listing, cut)
}

// releaseAll applies the corridor's rules to each item and carries the rest to the pivot.
func (a *Answer) releaseAll(op string, call Call, right Entitlement, national *Listing) (*Listing, []string, error) {
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
			cut = append(cut, a.withhold(d, right)...)
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
	if p == nil || !d.about(call.Patient) {
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
	err = a.carry(op, d)
	// Once more with the pivot codes: a national substance id says nothing to a rule written in ATC. Before the error,
	// because what is withheld must not be named as untranslatable.
	if rule, ok := a.Rules.Withholds(call.Corridor, p); ok {
		return nil, rule.ID, nil
	}
	if err != nil {
		return nil, "", err
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
	case leftOf(p) != "" && nothingRemains(p):
		return "prescription.nothing-left"
	}
	return ""
}

// leftOf is what may still be handed out, in packages: what the register says, or everything that was prescribed.
func leftOf(p *Prescription) string {
	if p.Amount.Left != "" {
		return p.Amount.Left
	}
	return p.Amount.Packages
}

func atMostZero(decimal string) bool {
	sign, ok := compare(decimal, "0")
	return !ok || sign <= 0
}

// covers compares a validity with now. An open end is open; an end that cannot be read is not. A validity written in
// days begins when the day begins in the easternmost of our countries (UTC+3) and ends when it has ended in the
// westernmost.
func covers(valid Period, now time.Time) bool {
	const east = 3 * time.Hour
	if valid.From != "" {
		from, ok := moment(valid.From)
		if isDay(valid.From) {
			from = from.Add(-east)
		}
		if !ok || now.Before(from) {
			return false
		}
	}
	if valid.To == "" {
		return true
	}
	to, ok := moment(valid.To)
	if isDay(valid.To) {
		to = to.Add(24 * time.Hour)
	}
	return ok && now.Before(to)
}

func isDay(text string) bool { return len(text) == len(time.DateOnly) }

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
	if e := CarryOut(a.Catalogue(), a.Country, d); e != nil {
		e.Op = op
		return e
	}
	if e := contradiction(a.Catalogue(), d); e != nil {
		e.Op, e.Kind = op, Untranslatable // of what a register holds or a peer sends; the pharmacy's own message is Invalid
		return e
	}
	return nil
}

func (a *Answer) deliverListing(ctx context.Context, op string, call Call, began time.Time, listing *Listing, cut []string) (*Listing, error) {
	err := a.encodeListing(listing, call.Reply)
	if KindIs(err, Untranslatable) {
		a.encodable(listing, call.Reply)
		err = a.encodeListing(listing, call.Reply)
	}
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	event := a.event(call, ReadStage)
	if len(listing.Items) == 0 {
		event.Stage = NothingStage
	}
	event.Hash, event.Release, event.Withheld = listing.Out.Hash, a.carriedBy(listing.Out), cut
	var released []Release
	for _, item := range listing.Items {
		event.Documents = append(event.Documents, item.Ref.ID.Value)
		released = append(released, Release{Prescription: item.Ref.ID, Terminology: a.tablesOf(event.Release), Expires: a.Now().Add(a.ReportLife)})
	}
	if err := a.Journal.Disclosed(ctx, event, released); err != nil {
		return nil, unlogged(op, err)
	}
	if len(listing.Items)+len(listing.Withheld) == 0 {
		if err := a.hush(ctx, op, began); err != nil {
			return nil, err
		}
	}
	return listing, nil
}

// encodeListing writes all items as one body with one loss report.
func (a *Answer) encodeListing(listing *Listing, to Format) error {
	whole := &Report{Release: a.Catalogue().Release()}
	var documents []*Document
	for i, item := range listing.Items {
		documents = append(documents, item.Document)
		r := Loss(item.Document, whole.Release)
		if len(listing.Items) > 1 {
			r.prefix(fmt.Sprintf("prescription[%d].", i))
		}
		whole.Told = slices.AppendSeq(whole.Told, r.Lines())
		whole.Residue = append(whole.Residue, r.Residue...)
	}
	out, err := a.Tongue.EncodeListing(documents, listing.Withheld, to, whole)
	listing.Out = out
	return err
}

// offer encodes each document, shelves it and hands out handles: hash and size promised now hold at the fetch.
func (a *Answer) offer(ctx context.Context, op string, call Call, began time.Time, listing *Listing, cut []string) (*Listing, error) {
	event := a.event(call, OfferedStage)
	event.Withheld = cut
	var shelf []Shelved
	var items []Item
	for _, item := range listing.Items {
		if err := a.encode(item.Document, call.Reply); err != nil {
			listing.withhold(item, err)
			continue
		}
		item.Ref.Handle = NewCorrelation()
		shelf = append(shelf, Shelved{Handle: item.Ref.Handle, Peer: call.Peer, Patient: call.Patient, ID: item.Ref.ID,
			Kind: item.Document.Kind, Cut: item.Document.withheld, Encoded: *item.Document.Out, Expires: a.Now().Add(a.ShelfLife)})
		event.Documents = append(event.Documents, item.Ref.ID.Value)
		event.Release = a.Catalogue().Release()
		items = append(items, item)
	}
	listing.Items = items
	if err := a.Journal.Offered(ctx, event, shelf); err != nil {
		return nil, unlogged(op, err)
	}
	if len(listing.Items)+len(listing.Withheld) == 0 {
		if err := a.hush(ctx, op, began); err != nil {
			return nil, err
		}
	}
	return listing, nil
}

// withhold names an item that the format cannot hold and keeps the others.
func (l *Listing) withhold(item Item, err error) {
	e := AsError(err)
	slot := e.Slot
	if slot == "" {
		slot = "document"
	}
	l.Withheld = append(l.Withheld, Withheld{ID: item.Ref.ID, Slot: slot, Detail: e.Detail})
}

// encodable drops the items that the format cannot hold into Withheld, one by one.
func (a *Answer) encodable(listing *Listing, to Format) {
	var items []Item
	for _, item := range listing.Items {
		if _, err := a.Tongue.EncodeListing([]*Document{item.Document}, nil, to, Loss(item.Document, a.Catalogue().Release())); err != nil {
			listing.withhold(item, err)
			continue
		}
		items = append(items, item)
	}
	listing.Items = items
}

func (a *Answer) encode(d *Document, to Format) error {
	out, err := a.Tongue.Encode(d, to, d.cut, Loss(d, a.Catalogue().Release()))
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
	a = a.pinned()
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
	if rule == "" && !ref.ID.IsZero() && d.Prescription().ID != ref.ID {
		rule = "prescription.other"
	}
	if rule != "" {
		return nil, a.none(ctx, call, began, absent, rule)
	}
	names := a.withhold(d, right)
	if shelved != nil && slices.Equal(shelved.Cut, names) {
		d.Out = &shelved.Encoded
	} else if err := a.encode(d, call.Reply); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	event := a.event(call, ReadStage)
	event.Hash, event.Release, event.Withheld = d.Out.Hash, a.carriedBy(d.Out), names
	event.Documents = []string{d.Prescription().ID.Value}
	released := []Release{{Prescription: d.Prescription().ID, Terminology: a.tablesOf(event.Release), Expires: a.Now().Add(a.ReportLife)}}
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
func (a *Answer) fromShelf(ctx context.Context, op string, call Call, ref Ref, kind DocumentKind) (*Shelved, Ref, error) {
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
	return &shelved, Ref{ID: shelved.ID}, nil
}
