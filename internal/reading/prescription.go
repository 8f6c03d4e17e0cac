package reading

import (
	"math/big"
	"strconv"

	"sild/internal/reading/sentence"
	"sild/node"
)

func itoa(n int) string { return strconv.Itoa(n) }

// prescription shows one prescribed medicine: what a pharmacist asks first comes first.
func (w *writer) prescription(heading string, p *node.Prescription, of node.Patient) Block {
	w = w.in(p.Language)
	s := sheet{writer: w}
	s.row("prescription.status", w.worded("status", string(p.Status)))
	s.must("amount.packages", w.number(p.Amount.Packages))
	s.row("amount.total", w.quantity(p.Amount.Total))
	s.row("amount.steps", w.steps(p))
	s.row("amount.left", w.left(p))
	s.substitution(p.Substitution)
	s.slots("prescription.indication", p.Indication...)
	s.texts("prescription.to-patient", p.Instructions.Patient)
	s.texts("prescription.to-pharmacist", p.Instructions.Pharmacist)
	s.texts("notes", p.Notes...)
	s.date("prescription.authored", p.Authored)
	s.row("prescription.valid", w.period(p.Valid))
	s.practitioner("prescription.prescriber", p.Prescriber)
	s.slots("prescription.course", p.Course)
	s.row("prescription.classes", w.classes(p.Classes)...)
	s.ids("prescription.id", p.ID)
	s.ids("prescription.group", p.Group)
	s.names("prescription.version", p.Version)
	s.names("texts-in", p.Language)
	b := Block{Heading: heading, Rows: s.rows}
	if p.Status == node.InError {
		b.State, b.Grave = w.say("error.prescription"), true
	}
	b.Inner = append(b.Inner, w.medicine(w.say("medicine"), &p.Medication))
	b.Inner = append(b.Inner, w.dosages(p.Dosage, b.Grave)...)
	b.Inner = append(b.Inner, w.another(p.Patient, of)...)
	return b
}

// steps shows how much the course needs and how much was prescribed, as far as each is certain, and marks that they differ.
func (w *writer) steps(p *node.Prescription) Value {
	total := sentence.Voice{Language: w.language, Source: w.source}.Total(p)
	v := Value{Translated: total.Steps, TranslatedIn: w.language}
	if total.Differs {
		v.Marks = []Mark{{Kind: Differs, Words: w.say("mark:differs")}}
	}
	return v
}

// number is a bare count, the reader's way.
func (w *writer) number(n string) Value {
	return Value{Original: n, Translated: w.decimal(n), Neutral: true}
}

// left is the number of packages that may still be handed out. A part of a package is told by what it holds too.
func (w *writer) left(p *node.Prescription) Value {
	packages, ok := node.Packages(p.Amount.Left)
	one, known := node.OnePackage(&p.Medication)
	if !ok || packages.IsInt() || !known {
		return w.number(p.Amount.Left)
	}
	amount := new(big.Rat).Mul(packages, one.Number)
	places, finite := amount.FloatPrec()
	if !finite {
		return w.number(p.Amount.Left)
	}
	unit := p.Medication.Package.Items.Unit
	if !p.Medication.Package.Content.IsZero() {
		unit = p.Medication.Package.Content.Unit
	}
	held := node.Quantity{Value: amount.FloatString(places)}
	if unit != nil {
		counted := *unit
		counted.Number, counted.Amount = held.Value, held.Value
		held.Unit = &counted
	}
	v := w.number(p.Amount.Left)
	v.Translated, v.TranslatedIn, v.Neutral = v.Translated+" ("+w.quantity(held).Translated+")", w.language, false
	return v
}

// substitution says whether another product may be handed out, also when nobody said it.
func (s *sheet) substitution(sub node.Substitution) {
	word := "substitution.not-said"
	if sub.Allowed != nil {
		word = "substitution." + strconv.FormatBool(*sub.Allowed)
	}
	said := Value{Translated: s.say(word), TranslatedIn: s.language}
	if sub.Allowed == nil {
		said.Marks = s.notSaid().Marks
	}
	s.row("substitution", said)
	s.row("substitution.code", s.codedIn(sub.Code, "substitution-code"))
	s.slots("substitution.reason", sub.Reason)
	s.texts("substitution.words", sub.Text)
}

// classes shows the legal classes that matter at a counter. A patient's own ban or hiding of a prescription is theirs, and
// is never told.
func (w *writer) classes(classes []node.Class) []Value {
	var values []Value
	for _, class := range classes {
		if class != node.Private && class != node.Banned {
			values = append(values, w.worded("class", string(class)))
		}
	}
	return values
}
