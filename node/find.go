package node

import (
	"time"

	"sild/translation"
)

// Finder looks for the medicines of a country of treatment that a pharmacist may hand out on a foreign prescription. It
// compares shared codes and exact amounts only. It never offers another active substance, another strength, another way of
// release or another route, and never parts of tablets for a whole one. Another salt or ester it never offers where its code
// is another one; a code that does not tell salts, as in ATC, is helped by the words of both sides: where these are not the
// same or a side has none, the product stands behind those with the same words and bears a difference that says so.
type Finder struct {
	Catalogue *translation.Catalogue
	Rules     *Rules
	Corridor  Corridor
	Languages []string // of the words for forms and units, best first (BCP 47)
	Now       func() time.Time
}

// Offer is what the list of the country of treatment holds for one prescription: products, best first, or the reason why
// there is none.
type Offer struct {
	Prescription string    `json:"prescription,omitempty"` // its identifier
	Medicine     string    `json:"medicine,omitempty"`     // the name that was prescribed
	Country      string    `json:"country"`                // of treatment
	Release      string    `json:"release"`                // of the terminology and the list
	Products     []Offered `json:"products,omitempty"`
	// Larger are the products that would do, of which even one package holds more than was prescribed. None of them is
	// ever among Products.
	Larger []Offered `json:"larger,omitempty"`
	None   NoOffer   `json:"none,omitempty"` // why Products is empty
	Slot   string    `json:"slot,omitempty"` // the place of the prescription that None is about
	Also   []NoOffer `json:"also,omitempty"` // what else stands on the list that may not be handed out
}

// Offered is one product with the number of packages to hand out and every difference to what was prescribed.
type Offered struct {
	Number      translation.Coding   `json:"number"` // national package number
	Name        string               `json:"name"`
	Form        translation.Coding   `json:"form"` // in the reader's words
	Packs       string               `json:"packs"`
	Size        string               `json:"size"` // of one package: 28, or 5 × 3 mL
	Differences []Difference         `json:"differences,omitempty"`
	Draft       bool                 `json:"draft,omitempty"` // nobody has accepted the row of the list yet
	Product     *translation.Product `json:"-"`

	rank rank
}

// Difference is one thing in which a product is not what was prescribed.
type Difference struct {
	Kind       DifferenceKind `json:"kind"`
	Prescribed string         `json:"prescribed,omitempty"`
	Offered    string         `json:"offered,omitempty"`
	Rest       string         `json:"rest,omitempty"`    // how much is short or over
	Instead    string         `json:"instead,omitempty"` // with one package more: so much over
}

// DifferenceKind names a difference.
type DifferenceKind string

// The differences that a product may have and still be offered.
const (
	OtherPack        DifferenceKind = "pack"           // 2 × 28 instead of 56
	TooLittle        DifferenceKind = "short"          // a remainder is left
	TooMuch          DifferenceKind = "over"           // only of Offer.Larger
	OtherName        DifferenceKind = "name"           // prescribed under another name
	OtherFormSame    DifferenceKind = "form"           // the same form by its properties, and the corridor allows it
	ContentUnsaid    DifferenceKind = "content-unsaid" // only one side says how much an item holds
	SubstitutionOpen DifferenceKind = "substitution"   // the prescription does not say whether another product may be given
	MarketUnsaid     DifferenceKind = "market"         // the list does not say whether the product is on the market
	ReleaseUnsaid    DifferenceKind = "release"        // of another name: no code says over how long it releases its substance
	DeviceUnsaid     DifferenceKind = "device"         // of another name: the inhaler or pen may be handled in another way
	RouteUnsaid      DifferenceKind = "route"          // of another name: an injection, and the list does not say by which route
	SaltUnlike       DifferenceKind = "salt"           // the list calls the substance by other words: perhaps another salt or ester
	SaltUnsaid       DifferenceKind = "salt-unsaid"    // of another name: neither codes nor words of both sides tell the salt or ester
)

// DifferenceKinds lists them all, for the pages that have words for each.
func DifferenceKinds() []DifferenceKind {
	return []DifferenceKind{OtherPack, TooLittle, TooMuch, OtherName, OtherFormSame, ContentUnsaid, SubstitutionOpen, MarketUnsaid,
		ReleaseUnsaid, DeviceUnsaid, RouteUnsaid, SaltUnlike, SaltUnsaid}
}

// NoOffer says why no product is offered.
type NoOffer string

// The reasons, from the one that is nearest to an offer to the one that is farthest. Where several hold, the nearest is
// the answer.
const (
	OnlyLarger           NoOffer = "only-larger"         // one package holds more than was prescribed
	SizesUnlike          NoOffer = "sizes-unlike"        // sizes of packages that cannot be compared
	SubstitutionBanned   NoOffer = "substitution-banned" // and the prescribed product is not on the list
	OnlyByName           NoOffer = "only-by-name"        // its codes do not tell medicines of this class apart
	OffMarket            NoOffer = "off-market"          // the product that would do is not on the market
	OtherContentOnly     NoOffer = "other-content"       // syringes, pens, vials of another content
	StrengthsUnlike      NoOffer = "strengths-unlike"    // strengths that cannot be compared
	OtherFormOnly        NoOffer = "other-form"          // the same strength in other forms
	OtherStrengthOnly    NoOffer = "other-strength"      // other strengths in the same form
	OtherBothOnly        NoOffer = "other-strength-form" // other strengths in other forms
	OtherPartsOnly       NoOffer = "other-parts"         // no combination pack of the same parts
	OtherCombinationOnly NoOffer = "other-combination"   // an ingredient is missing or one too many
	OtherSaltOnly        NoOffer = "other-salt"          // the same single substance under another code
	NothingOnMarket      NoOffer = "nothing-on-market"   // the substance is on the list, none of it on the market
	NotCarried           NoOffer = "not-carried"         // products of it stand there, but not in codes that can be compared
	SubstanceUnknown     NoOffer = "substance-unknown"   // the list has no product of it
	SourceGap            NoOffer = "source-gap"          // what must be right on the prescription was not carried over
	AmountUnclear        NoOffer = "amount-unclear"      // how much was prescribed cannot be counted
	NothingLeft          NoOffer = "nothing-left"        // everything has been handed out
	MadeInPharmacy       NoOffer = "made-in-pharmacy"    // nothing on a list is that medicine
	NoMedicine           NoOffer = "no-medicine"         // a device or nutrition
)

// NoOffers lists the reasons in their order.
func NoOffers() []NoOffer {
	return []NoOffer{OnlyLarger, SizesUnlike, SubstitutionBanned, OnlyByName, OffMarket, OtherContentOnly, StrengthsUnlike, OtherFormOnly,
		OtherStrengthOnly, OtherBothOnly, OtherPartsOnly, OtherCombinationOnly, OtherSaltOnly, NothingOnMarket, NotCarried, SubstanceUnknown,
		SourceGap, AmountUnclear, NothingLeft, MadeInPharmacy, NoMedicine}
}

// Find offers the products of the country of treatment for a prescription that was carried to shared codes or to that
// country's own. It is nil where the country has brought no list of its medicines.
func (f *Finder) Find(p *Prescription) *Offer {
	products := f.Catalogue.Products(f.Corridor.B)
	if products == nil {
		return nil
	}
	offer := &Offer{Prescription: p.ID.Value, Medicine: p.Medication.Name, Country: products.Country(), Release: f.Catalogue.Release()}
	want, none, slot := f.need(p)
	if none != "" {
		offer.None, offer.Slot = none, slot
		return offer
	}
	found := map[NoOffer]bool{}
	for _, product := range candidates(products, want) {
		one, why := f.fits(want, product)
		switch {
		case why == OnlyLarger:
			offer.Larger = append(offer.Larger, *one)
			found[why] = true
		case why != "":
			found[why] = true
		default:
			offer.Products = append(offer.Products, *one)
		}
	}
	order(offer.Products)
	order(offer.Larger)
	offer.reasons(products, want, found)
	return offer
}

// reasons names what else stands on the list, and where nothing is offered the nearest reason why.
func (o *Offer) reasons(products *translation.Products, want *need, found map[NoOffer]bool) {
	for _, ingredient := range want.substances() {
		found[NotCarried] = found[NotCarried] || products.Lost(ingredient, want.class())
	}
	for _, reason := range NoOffers() {
		if found[reason] {
			o.Also = append(o.Also, reason)
		}
	}
	if len(o.Products) > 0 {
		o.Also = nil // that other strengths and forms stand there too is nobody's question then
		return
	}
	if len(o.Also) == 0 {
		o.None = SubstanceUnknown
		return
	}
	o.None, o.Also = o.Also[0], o.Also[1:]
}

// candidates are the products that hold any of the wanted substances, or have the same ATC code; each once.
func candidates(products *translation.Products, want *need) []*translation.Product {
	var list []*translation.Product
	seen := map[*translation.Product]bool{}
	add := func(more []*translation.Product) {
		for _, product := range more {
			if !seen[product] {
				seen[product] = true
				list = append(list, product)
			}
		}
	}
	for _, substance := range want.substances() {
		add(products.Containing(substance))
	}
	add(products.Classified(want.class()))
	return list
}
