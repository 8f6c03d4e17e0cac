package translation

// Field names what a coded place means, and by that the value set that binds it. The binding hangs on the field of a
// record, not on a path in a document, so a CDA and a FHIR document are judged alike.
type Field string

// The fields that prescriptions, dispensations and summaries of the corridor carry.
const (
	DocumentCode       Field = "document-code"
	DoseForm           Field = "dose-form"
	Substance          Field = "substance"           // active ingredient of one ingredient
	Classification     Field = "classification"      // ATC of the whole product
	StrengthUnit       Field = "strength-unit"       // unit of a strength's numerator or denominator
	PackageUnit        Field = "package-unit"        // unit that a package's content or a total is counted in
	DoseUnit           Field = "dose-unit"           // unit of one dose
	Route              Field = "route"               // route of administration
	SubstitutionReason Field = "substitution-reason" // why a substitution is forbidden
	Diagnosis          Field = "diagnosis"
	CourseOfTherapy    Field = "course-of-therapy"
	ProductID          Field = "product-id" // national package number: provenance only, never mapped
	Allergen           Field = "allergen"
	Reaction           Field = "reaction"
	Severity           Field = "severity"
	Criticality        Field = "criticality"
	ClinicalStatus     Field = "clinical-status"
	Certainty          Field = "certainty"
	Procedure          Field = "procedure"
	Device             Field = "device"
	Vaccine            Field = "vaccine"
	Section            Field = "section"
	Absence            Field = "absence"      // known absence, no information
	Substitution       Field = "substitution" // whether another product may be handed out, as a code
	Role               Field = "role"         // profession of an author, prescriber or dispenser
	Container          Field = "container"    // what a package is: box, blister, bottle
	BodySite           Field = "body-site"
	Observation        Field = "observation"       // what was asked: the code of a result, a vital sign, a habit
	ObservationValue   Field = "observation-value" // what was answered, as a code
	ResultUnit         Field = "result-unit"       // unit of a measured value
	TimingEvent        Field = "timing-event"      // when in the day, by meals and sleep
	Structural         Field = "structural"
	Other              Field = "other" // a coded place that no record field claims: kept, shown, not bound
)

// IsUnit says that the field is the unit of a number.
func (f Field) IsUnit() bool {
	switch f {
	case StrengthUnit, PackageUnit, DoseUnit, ResultUnit:
		return true
	}
	return false
}

// Coherence is what comparing the properties of the codes along a chain gave.
type Coherence string

// The outcomes of a comparison. The empty one is a slot whose field has no properties to compare.
const (
	NotChecked  Coherence = "not-checked" // the properties of a code in the chain are not known here
	Agrees      Coherence = "agrees"
	Contradicts Coherence = "contradicts"
)

// Slot is one coded place in a document: what was written, what each hop made of it, and where it stands in the
// source. A record holds pointers to the slots of its document, so a translated slot is seen from both.
type Slot struct {
	Field    Field  `json:"field"`
	Path     string `json:"path"` // place in the record, e.g. medication.ingredient[0].strength.numerator
	Required bool   `json:"required,omitempty"`
	Fate     Fate   `json:"fate,omitempty"`
	Told     bool   `json:"-"` // FromPivot has put it into the words of a reader here; the source may have brought Rendered with it

	Current  Coding `json:"current"`            // the code after the last hop
	Hops     []Hop  `json:"hops,omitempty"`     // oldest first: the first one knows the original
	Text     string `json:"text,omitempty"`     // original text beside the code
	Number   string `json:"number,omitempty"`   // the decimal that a unit slot counts, as written
	Amount   string `json:"amount,omitempty"`   // the decimal in the current unit
	Rendered string `json:"rendered,omitempty"` // the reader's words for Current
	Language string `json:"language,omitempty"` // BCP 47 of Rendered

	Reason string `json:"reason,omitempty"` // why Passed or Refused: a sentence without patient data
	Rare   *Rare  `json:"rare,omitempty"`   // nil where the slot has nothing of it

	Span Span `json:"-"` // bytes of the coded element in the source
}

// NewSlot makes a slot as a decoder finds it: what is written is also what is current.
func NewSlot(field Field, path string, original Coding) *Slot {
	return &Slot{Field: field, Path: path, Current: original}
}

// Original is the code as the issuing country wrote it: no hop changes it.
func (s *Slot) Original() Coding {
	if len(s.Hops) > 0 {
		return s.Hops[0].From
	}
	return s.Current
}

// Relation is the weakest relation on the way from the original to the current code: one wider hop makes the whole
// way wider. Where somebody else says that one code stands for another and no table confirms it, the relation is not
// known: empty.
func (s *Slot) Relation() Relation {
	if s.Comparison().Unconfirmed {
		return ""
	}
	weakest := Equivalent
	for i := range s.Hops {
		if hop := &s.Hops[i]; hop.Kind == Transcode && rank(hop.Relation) > rank(weakest) {
			weakest = hop.Relation
		}
	}
	return weakest
}

// Draft says that a hop rests on a row that nobody has accepted yet.
func (s *Slot) Draft() bool {
	for i := range s.Hops {
		if s.Hops[i].Draft {
			return true
		}
	}
	return false
}

// Gap says why the slot is not carried, or is empty when it is.
func (s *Slot) Gap() string {
	if s.Fate == Passed || s.Fate == Refused {
		return s.Reason
	}
	return ""
}

func rank(r Relation) int {
	for i, known := range []Relation{Equivalent, Wider, Narrower, Inexact, None} {
		if r == known {
			return i
		}
	}
	return len("unknown")
}
