package node

import (
	"fmt"
	"slices"
	"strings"

	"sild/translation"
)

// require marks the slots that a prescription or dispensation cannot do without (DESIGN 4: substance, strength and its
// unit, dose form, package) and names the first thing that the source does not say at all. A summary requires nothing
// but its patient: it may save a life with one unmapped form.
func require(d *Document) *Error {
	mark(d.Code)
	var first *Error
	if d.Format == CDA1 {
		return missingInHeader(d)
	}
	for i, p := range d.Prescriptions {
		prefix := ""
		if len(d.Prescriptions) > 1 {
			prefix = fmt.Sprintf("prescription[%d].", i)
		}
		if slot := missingInPrescription(p); slot != "" && first == nil {
			first = missing(prefix + slot) // the others are marked all the same
		}
	}
	if d.Dispensation != nil {
		if slot := missingInDispensation(d.Dispensation); slot != "" {
			return missing(slot)
		}
	}
	return first
}

// missingInHeader is what a document that is a picture of its pages cannot do without: whose it is, and which one.
func missingInHeader(d *Document) *Error {
	switch {
	case d.ID.IsZero():
		return missing("document.id")
	case nameless(d.Patient):
		return missing("patient.id")
	case d.Dispensation != nil && d.Dispensation.Prescription.IsZero():
		return missing("prescription.id")
	}
	return nil
}

// nameless says that a patient has no identifier that says anything.
func nameless(p Patient) bool {
	return !slices.ContainsFunc(p.Identifiers, func(id Identifier) bool { return strings.TrimSpace(id.Value) != "" })
}

func missing(slot string) *Error {
	return &Error{Kind: Untranslatable, Reason: "slot.missing", Slot: slot,
		Detail: "The document does not say what is needed to dispense safely: " + slot + "."}
}

func missingInPrescription(p *Prescription) string {
	switch {
	case p.ID.IsZero():
		return "prescription.id"
	case nameless(p.Patient):
		return "patient.id"
	case p.Amount.Packages == "" || atMostZero(p.Amount.Packages):
		return "amount.packages"
	}
	if p.Substitution.Allowed == nil || !*p.Substitution.Allowed {
		mark(p.Substitution.Code) // a ban must be understood; what kind of permission it is may be lost
	}
	return missingInMedication("medication", &p.Medication, true)
}

func missingInDispensation(d *Dispensation) string {
	switch {
	case d.ID.IsZero():
		return "dispensation.id"
	case d.Prescription.IsZero():
		return "prescription.id"
	case nameless(d.Patient):
		return "patient.id"
	case d.Packages == "" || atMostZero(d.Packages):
		return "packages"
	}
	return missingInMedication("medication", &d.Medication, true)
}

// missingInMedication walks a medicine and, for a combination pack, each of its parts.
func missingInMedication(path string, m *Medication, packaged bool) string {
	if len(m.Parts) > 0 {
		for i := range m.Parts {
			if slot := missingInMedication(fmt.Sprintf("%s.part[%d]", path, i), &m.Parts[i], packaged); slot != "" {
				return slot
			}
		}
		return ""
	}
	if m.Form == nil {
		return path + ".form"
	}
	if len(m.Ingredients) == 0 {
		return path + ".ingredient"
	}
	for i := range m.Ingredients {
		if slot := missingInIngredient(fmt.Sprintf("%s.ingredient[%d]", path, i), &m.Ingredients[i]); slot != "" {
			return slot
		}
	}
	if packaged && (m.Package.Items.Value == "" || atMostZero(m.Package.Items.Value)) {
		return path + ".package"
	}
	if m.Package.Content.Value != "" && atMostZero(m.Package.Content.Value) {
		return path + ".package"
	}
	mark(m.Form, m.Package.Items.Unit, m.Package.Content.Unit)
	for _, level := range m.Package.Levels {
		mark(level.Quantity.Unit) // each of them is a factor of the items
	}
	return ""
}

func missingInIngredient(path string, ingredient *Ingredient) string {
	strength := ingredient.Strength
	switch {
	case ingredient.Substance == nil:
		return path + ".substance"
	case strength == nil || strength.Numerator.Value == "" || strength.Numerator.Unit == nil:
		return path + ".strength"
	case strength.Denominator.Value == "" && strength.Denominator.Unit != nil:
		return path + ".strength"
	}
	mark(ingredient.Substance, strength.Numerator.Unit, strength.Denominator.Unit)
	return ""
}

func mark(slots ...*translation.Slot) {
	for _, slot := range slots {
		if slot != nil {
			slot.Required = true
		}
	}
}

// refused names the first required slot that was not carried. A substance that no map knows is forgiven where the
// medicine has only this one and its ATC code is carried as an equivalent; an ATC that was levelled up is accepted
// only where every ingredient is carried by substance and strength.
func refused(catalogue *translation.Catalogue, d *Document) *Error {
	settle(catalogue, d)
	for _, slot := range d.Slots {
		if d.Summary != nil && slot != d.Code {
			continue // a summary is refused only where it is not certain what it is and whose
		}
		if slot.Fate == translation.Refused {
			return &Error{Kind: Untranslatable, Reason: "slot.refused", Slot: slot.Path,
				Detail: "A part of the document that must be right cannot be translated: " + slot.Path + "."}
		}
	}
	return nil
}

// settle gives the slots of the medicines the fates that only the whole medicine can tell.
func settle(catalogue *translation.Catalogue, d *Document) {
	for _, m := range medicines(d) {
		judge(catalogue, m)
	}
}

func judge(catalogue *translation.Catalogue, m *Medication) {
	for i := range m.Parts {
		judge(catalogue, &m.Parts[i])
	}
	for _, ingredient := range m.Ingredients {
		judgeStrength(ingredient.Strength)
	}
	if len(m.Ingredients) == 1 {
		forgiveSubstance(catalogue, m.Ingredients[0].Substance, m.Classification)
	}
	for _, atc := range m.Classification {
		if (atc.Relation() != translation.Equivalent || atc.Fate == translation.Passed) && !allCarried(m.Ingredients) {
			atc.Fate = translation.Refused
			if atc.Reason == "" {
				atc.Reason = "the ATC code says less than the original and an ingredient is not carried by substance and strength"
			}
		}
	}
}

// judgeStrength refuses a strength that does not say how much substance there is in how much of the medicine.
func judgeStrength(s *Ratio) {
	if s == nil || !named(s.Numerator.Unit) {
		return
	}
	unit := s.Numerator.Unit
	switch {
	case !translation.MeasuresSubstance(pivotOf(unit)):
		unit.Fate = translation.Refused
		unit.Reason = "a strength says how much substance there is; this unit counts something else"
	case s.Denominator.Value != "" && unit.Per() != nil:
		unit.Fate = translation.Refused
		unit.Reason = "the unit is a quotient already, and the strength has a denominator too"
	case s.Denominator.Value == "" && unit.Per() == nil:
		unit.Fate = translation.Refused
		unit.Reason = "a strength says in how much of the medicine the substance is; here only the substance is counted"
	}
}

// named says that a unit was written and not refused yet. A shared unit that the reader's country has no code of its own
// for counts too: it stays.
func named(unit *translation.Slot) bool {
	return unit != nil && unit.Current.Code != "" && unit.Fate != translation.Untouched && unit.Fate != translation.Refused
}

// pivotOf is a slot's shared code, at whichever end of the way we stand: the current one, or the one before the last hop
// of a slot that was carried into a national code.
func pivotOf(slot *translation.Slot) translation.Coding {
	if n := len(slot.Hops); n > 0 && !translation.MeasuresSubstance(slot.Current) && translation.MeasuresSubstance(slot.Hops[n-1].From) {
		return slot.Hops[n-1].From
	}
	return slot.Current
}

// forgiveSubstance lets a substance whose code no map knows pass where the medicine's ATC code is itself in the list of
// substances: then it names the only one. A code of the same system as the ATC code that is another one is no unknown
// name for it.
func forgiveSubstance(catalogue *translation.Catalogue, substance *translation.Slot, classification []*translation.Slot) {
	if substance == nil || substance.Fate != translation.Refused {
		return
	}
	for _, atc := range classification {
		if carried(atc) && atc.Relation() == translation.Equivalent && catalogue.Names(translation.Substance, atc) &&
			!catalogue.Rivals(substance, atc) {
			substance.Fate = translation.Passed
			substance.Reason = "the substance code has no map; the medicine's ATC code names its only substance"
			return
		}
	}
}

func carried(slot *translation.Slot) bool {
	return slot != nil && (slot.Fate == translation.Mapped || slot.Fate == translation.Identical)
}

// allCarried says that every ingredient is told by its substance and its strength. A unit is required there, so one that
// only the country of treatment has no code for is carried: it stays as it arrived.
func allCarried(ingredients []Ingredient) bool {
	for _, ingredient := range ingredients {
		s := ingredient.Strength
		if !carried(ingredient.Substance) || s == nil || !named(s.Numerator.Unit) {
			return false
		}
		if s.Denominator.Unit != nil && !named(s.Denominator.Unit) {
			return false
		}
	}
	return len(ingredients) > 0
}
