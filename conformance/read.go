package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"sild/node"
	"sild/translation"
)

// listed is a listing as its reader sees it.
type listed struct {
	listing *node.Listing
	records []*node.Prescription
	bodies  [][]byte
	report  *node.Report
	err     error
}

// fetched is a document as its reader sees it: what came, and what its bytes say.
type fetched struct {
	came *node.Document
	read *node.Document
	err  error
}

func (f fetched) record() *node.Prescription {
	if f.err != nil {
		return nil
	}
	return f.read.Prescription()
}

// body is what leaves the subject: the encoded bytes, or the source where the subject does not encode.
func body(d *node.Document) []byte {
	if d.Out != nil {
		return d.Out.Body()
	}
	return d.Source
}

// report is the loss report that travels with a document.
func (f fetched) report() *node.Report {
	if f.came.Out != nil && f.came.Out.Report != nil {
		return f.came.Out.Report
	}
	return f.read.Peer
}

// read decodes the bytes of a document.
func (s *session) read(d *node.Document, err error) fetched {
	if err != nil {
		return fetched{err: err}
	}
	read, err := s.Tongue.Decode(body(d))
	if err != nil {
		return fetched{came: d, err: ours("conformance.unreadable", "The document cannot be read.")}
	}
	s.meet(&read.Patient)
	return fetched{came: d, read: read}
}

func (s *session) fetch(patient, id node.Identifier) fetched {
	return s.read(s.prescription(patient, node.Ref{ID: id}))
}

// known fetches a prescription of Main once for all checks that only look at it.
func (s *session) known(id node.Identifier) fetched {
	if f, ok := s.fetched[id.Value]; ok {
		return f
	}
	f := s.fetch(s.People.Main, id)
	s.fetched[id.Value] = f
	return f
}

// list is the main patient's listing, asked once for all checks that only look at it.
func (s *session) list() *listed {
	if s.listed == nil {
		s.listed = s.listFor(s.People.Main)
	}
	return s.listed
}

func (s *session) listFor(patient node.Identifier) *listed {
	l := &listed{}
	l.listing, l.err = s.prescriptions(patient, false)
	if l.err != nil {
		return l
	}
	for _, d := range bodiesOf(l.listing) {
		read, err := s.Tongue.Decode(d)
		if err != nil {
			l.err = ours("conformance.unreadable", "The listing cannot be read.")
			return l
		}
		l.bodies = append(l.bodies, d)
		l.records = append(l.records, read.Prescriptions...)
		l.report = read.Peer
	}
	if l.listing.Out != nil && l.listing.Out.Report != nil {
		l.report = l.listing.Out.Report
	}
	for _, p := range l.records {
		s.meet(&p.Patient)
	}
	return l
}

// bodiesOf finds the bytes of a listing: one whole body, or a document for each item.
func bodiesOf(l *node.Listing) [][]byte {
	switch {
	case l.Out != nil:
		return [][]byte{l.Out.Body()}
	case l.Document != nil:
		return [][]byte{body(l.Document)}
	}
	var all [][]byte
	for _, item := range l.Items {
		if item.Document != nil {
			all = append(all, body(item.Document))
		}
	}
	return all
}

// find gives the listed record with the identifier, or nil.
func (l *listed) find(id node.Identifier) *node.Prescription {
	for _, p := range l.records {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// names says that an identifier stands anywhere in a listing: among records, items or what is withheld.
func (l *listed) names(id node.Identifier) bool {
	if l.find(id) != nil {
		return true
	}
	for _, item := range l.listing.Items {
		if item.Ref.ID == id {
			return true
		}
	}
	for _, w := range l.listing.Withheld {
		if w.ID == id {
			return true
		}
	}
	return false
}

// slotsOf walks the coded places of a prescription's medicine.
func slotsOf(m *node.Medication) []*translation.Slot {
	all := []*translation.Slot{m.Product, m.Form, m.Package.Items.Unit, m.Package.Content.Unit}
	all = append(all, m.Classification...)
	for _, i := range m.Ingredients {
		all = append(all, i.Substance)
		if i.Strength != nil {
			all = append(all, i.Strength.Numerator.Unit, i.Strength.Denominator.Unit)
		}
	}
	for i := range m.Parts {
		all = append(all, slotsOf(&m.Parts[i])...)
	}
	var present []*translation.Slot
	for _, slot := range all {
		if slot != nil {
			present = append(present, slot)
		}
	}
	return present
}

// essence writes what a prescription says about the medicine and its amounts, for comparing two answers. Places, hops
// and renderings are left out: a listing may say less about them.
func essence(p *node.Prescription) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v|%s|%s|%s|%s|%s", p.ID, p.Status, p.Valid.From, p.Valid.To, p.Amount.Packages, p.Amount.Left)
	for _, slot := range slotsOf(&p.Medication) {
		fmt.Fprintf(&b, "|%s %s %s %s %s", slot.Field, slot.Current.System, slot.Current.Code, slot.Number, slot.Amount)
	}
	return b.String()
}

func sha(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

// whole reads a non-negative whole number of packages; 2.0 is one.
func whole(text string) (int, bool) {
	r, ok := node.Decimal(text)
	if !ok || !r.IsInt() || r.Sign() < 0 || !r.Num().IsInt64() {
		return 0, false
	}
	return int(r.Num().Int64()), true
}

// equal says that two decimals have the same value.
func equal(a, b string) bool {
	x, okX := node.Decimal(a)
	y, okY := node.Decimal(b)
	return okX && okY && x.Cmp(y) == 0
}

// is says that an error is of one of the kinds.
func is(err error, kinds ...node.Kind) bool {
	for _, kind := range kinds {
		if node.KindIs(err, kind) {
			return true
		}
	}
	return false
}

// came names what an answer was, for a reason that holds no patient data.
func came(err error) string {
	if err == nil {
		return "an answer"
	}
	e := node.AsError(err)
	if strings.HasPrefix(e.Reason, "conformance.") {
		return "nothing that could be read"
	}
	return "an error of kind " + e.Kind.String()
}
