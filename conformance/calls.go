package conformance

import (
	"errors"
	"time"

	"sild/node"
	"sild/translation"
)

// Calls describes the subject to Judge: how to ask it, whom it knows, and the truth about their prescriptions. Every
// person and prescription but the main patient is optional; the checks that need an absent one are not applicable.
type Calls struct {
	// Call makes a fresh call for a verb and a patient, admitted where the subject demands it.
	Call func(verb node.Verb, patient node.Identifier) node.Call
	// Tongue reads what comes back: Document.Out where the subject encoded, else Document.Source.
	Tongue node.Tongue
	// Now is the clock that deadlines and receipts are measured by: the subject's own, or time.Now for a live node.
	Now func() time.Time
	// Deadline is how long one answer may take.
	Deadline time.Duration

	Can    Can
	People People
	// Known is the truth about every prescription that the main patient can have dispensed abroad before the run.
	Known []Expect
	Never Never
	// Fresh hands out a prescription that nobody has dispensed on, with at least so many packages left; each one once.
	// They belong to another patient than Main, or stand in Known too. False when there are no more. Pool makes one
	// from a list.
	Fresh func(least int) (Expect, bool)
	// Dispensation writes the message that so many packages were handed out on the single prescription of the
	// document, for its patient, in the form that the subject takes. It writes any text as packages, also a wrong one.
	Dispensation func(of *node.Document, id node.Identifier, packages string) []byte
	// Withdrawal writes the message that takes a dispensation message back.
	Withdrawal func(of []byte) []byte
}

// Part says what becomes of the rest when fewer packages are handed out than are left.
type Part string

// The three ways. The zero value leaves the checks of parts out.
const (
	PartKept    Part = "keep"
	PartCloses  Part = "close"
	PartRefused Part = "refuse"
)

// Can says what kind of Exchange the subject is and what it is able to do.
type Can struct {
	// Face is set for everything that admits, restricts, releases and reports: either face of a node, a wire client, a
	// live node. A register is none: that is the face's work before it.
	Face bool
	// Relays is set where the subject sends a dispensation on in bytes of its own (Ask): the receipt's digest is then
	// not that of the bytes handed in.
	Relays bool
	// Handles is set where documents are offered and fetched by handle.
	Handles bool
	// Withdraws is set where a dispensation can be taken back. Without it a refusal that names its rule is expected.
	Withdraws bool
	Part      Part
}

// People are the patients of the checks by their part in them. What they forbade and what the corridor demands of them
// is judged before a face only: a register tells its own node everything.
type People struct {
	Main      node.Identifier // owns Known and a summary
	BirthDate string          // of Main, where the subject's search mask asks for it
	Other     node.Identifier // has prescriptions of their own and shares nothing with Main
	Unknown   node.Identifier // nobody bears it

	Restricted node.Identifier // forbade every disclosure
	Ambiguous  node.Identifier // two persons bear it
	NoConsent  node.Identifier // lacks the consent that the corridor requires
	Child      node.Identifier // younger than the corridor serves

	SummaryRestricted node.Identifier // forbade the summary
	SectionRestricted node.Identifier // forbade one section of the summary
	SectionNever      node.Identifier // the same summary, in which that section was never recorded
	Section           string          // LOINC code of that section
}

// Never names prescriptions that a face must not show.
type Never struct {
	Patient                      node.Identifier // whose they are; zero: Main
	Excluded, Expired, Cancelled node.Identifier
	Untranslatable               node.Identifier // named as withheld with its slot, and not shown
}

// Expect is the truth about one prescription, in the codes that the subject speaks. An empty field is not judged.
type Expect struct {
	ID       node.Identifier
	Patient  node.Identifier // zero: Main
	Packages string
	Left     string
	Form     translation.Coding
	ATC      []translation.Coding
	// Ingredients in the order of the document.
	Ingredients []Ingredient
	// Originals are codes of the issuing country that must still be found beside the translated ones.
	Originals []translation.Coding
	// Digest is the SHA-256 of the source document's bytes, hex, where it is known what they must be.
	Digest string
}

// Ingredient is one active substance with its strength as the subject must say it. Values are decimals as written.
type Ingredient struct {
	Substance translation.Coding
	Value     string
	Unit      translation.Coding
	Per       string
	PerUnit   translation.Coding
}

// Pool hands out each prescription of a list once: a Fresh for a subject whose prescriptions cannot be made at will.
// Packages of the list must be whole numbers.
func Pool(list ...Expect) func(least int) (Expect, bool) {
	rest := append([]Expect(nil), list...)
	return func(least int) (Expect, bool) {
		for i, e := range rest {
			left := e.Left
			if left == "" {
				left = e.Packages
			}
			if n, ok := whole(left); ok && n >= least {
				rest = append(rest[:i:i], rest[i+1:]...)
				return e, true
			}
		}
		return Expect{}, false
	}
}

// ready says what is missing without which nothing can be asked.
func (c Calls) ready() error {
	if c.Call == nil || c.Tongue == nil || c.Now == nil || c.Deadline <= 0 || c.People.Main.IsZero() {
		return errors.New("conformance: Call, Tongue, Now, Deadline and the main patient are all needed")
	}
	return nil
}
