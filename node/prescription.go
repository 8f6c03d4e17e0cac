package node

import "sild/translation"

// Status is the state of a prescription's authorisation (FHIR medicationrequest-status).
type Status string

// The states of a prescription that the corridor knows.
const (
	Active    Status = "active"
	OnHold    Status = "on-hold"
	Completed Status = "completed"
	Cancelled Status = "cancelled"
	Stopped   Status = "stopped"
	InError   Status = "entered-in-error"
)

// Class is a legal class of a prescription that corridor rules look at.
type Class string

// The classes that the two national models mark.
const (
	Narcotic      Class = "narcotic"
	CentralActing Class = "central-acting" // Finnish PKV
	Compounded    Class = "compounded"
	Device        Class = "device"
	Nutrition     Class = "nutrition"
	SpecialPermit Class = "special-permit"
	Unauthorised  Class = "unauthorised" // no marketing authorisation in the country of affiliation
	Kit           Class = "combination-pack"
	Iterated      Class = "iterated"
	ByDuration    Class = "by-duration" // amount given as a time, not as a quantity
	DoseDispensed Class = "dose-dispensing"
	Private       Class = "private-access"
	Reserved      Class = "reserved"
	Banned        Class = "cross-border-ban" // the patient's ban on this one prescription
)

// classes lists them all, so that a rule about a class that nobody marks is noticed.
var classes = []Class{Narcotic, CentralActing, Compounded, Device, Nutrition, SpecialPermit, Unauthorised, Kit, Iterated, ByDuration,
	DoseDispensed, Private, Reserved, Banned}

// Period is a validity in FHIR dates or instants; an empty end is open.
type Period struct {
	From, To string
}

// Dosage is one dosage instruction. Times and codes stay as written in Timing; Text is the prescriber's own sentence.
type Dosage struct {
	Text       string
	Additional []string
	Timing     Timing
	AsNeeded   *bool               // absent is not "no"
	NeededFor  []*translation.Slot // for what it is taken as needed
	Route      *translation.Slot
	Site       *translation.Slot
	Dose       Quantity
	DoseHigh   Quantity // upper end of a dose range
	Rate       PerTime  // how fast it is given
	Most       PerTime  // the most that may be taken in a period
	// Sequence is the place among several dosages: the same number is taken at the same time, a higher one afterwards.
	// Empty where the source gives no order.
	Sequence string
	// Untold says that the source says more about this dosage than the record holds, such as a second dose or how many
	// times in all: no sentence and no sum may pass for the whole. What is left out is named by the document's residue
	// or by slots of its own.
	Untold bool
}

// PerTime is an amount, or a range of amounts, in a length of time. Unit is one of Timing's.
type PerTime struct {
	Amount, High Quantity
	Time, Unit   string
}

// IsZero says that nothing was given.
func (p PerTime) IsZero() bool {
	return p.Amount.IsZero() && p.High.IsZero() && p.Time == "" && p.Unit == ""
}

// Timing is the structured part of a dosage: so often per period (FHIR Timing.repeat). Decimals are text.
type Timing struct {
	Frequency, FrequencyMax string
	Period, PeriodMax       string
	PeriodUnit              string   // s, min, h, d, wk, mo, a
	DayOfWeek               []string // mon, tue, wed, thu, fri, sat, sun
	TimeOfDay               []string
	When                    []string
	Offset                  string // minutes before or after the events
	BoundsValue, BoundsUnit string // duration of the course
	BoundsFrom, BoundsTo    string // or its dates
}

// IsZero says that the dosage has no structured timing.
func (t Timing) IsZero() bool {
	return t.Frequency == "" && t.Period == "" && len(t.DayOfWeek) == 0 && len(t.TimeOfDay) == 0 && len(t.When) == 0 &&
		t.BoundsValue == "" && t.BoundsFrom == "" && t.BoundsTo == ""
}

// Substitution says whether another product may be handed out. A nil Allowed is "not said", which is neither yes nor no.
type Substitution struct {
	Allowed *bool
	Code    *translation.Slot // how the source says it, where it says it by a code
	Reason  *translation.Slot
	Text    string
}

// AllowsSubstitution tells a code of HL7 v3 substanceAdminSubstitution as yes or no. A code that nobody knows, or one of
// another system, is neither.
func AllowsSubstitution(c translation.Coding) *bool {
	if c.System != "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution" && c.System != "urn:oid:2.16.840.1.113883.5.1070" {
		return nil
	}
	var yes bool
	switch c.Code {
	case "N":
	case "E", "EC", "BC", "G", "TE", "TB", "TG", "F":
		yes = true
	default:
		return nil
	}
	return &yes
}

// Amount is what was prescribed and what is left of it, in packages. Total is the prescribed amount in units of the
// medicine, where the issuing country writes it so.
type Amount struct {
	Packages string
	Total    Quantity
	// Left is the packages not dispensed yet, as the register says: a whole number, or an exact part such as 1/2 where
	// packages of another size were handed out (see Packages). Empty when the register does not say.
	Left string
}

// Prescription is one medicine prescribed to one patient: one item, one dispensable thing.
type Prescription struct {
	ID           Identifier // of the one item
	Group        Identifier // of the prescription that the item was written on, where the source tells them apart
	Version      string
	Status       Status
	Authored     string // FHIR date or instant, as written
	Valid        Period
	Patient      Patient
	Prescriber   Practitioner
	Medication   Medication
	Dosage       []Dosage
	Amount       Amount
	Substitution Substitution
	Indication   []*translation.Slot
	Course       *translation.Slot
	Notes        []string
	Instructions Instructions
	Classes      []Class
	Language     string // BCP 47 of its texts
}

// Instructions are the prescriber's own words to two readers, in the prescription's language.
type Instructions struct {
	Patient, Pharmacist string
}

// Is says that the prescription is of the class.
func (p *Prescription) Is(class Class) bool {
	for _, own := range p.Classes {
		if own == class {
			return true
		}
	}
	return false
}
