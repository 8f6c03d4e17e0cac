package compose

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// inventor makes records by chance and remembers what they say.
type inventor struct {
	t *rapid.T
	maker
	words   map[string]string // texts that must stand in the document, and where the record says them
	numbers map[string]string // decimals that must stand in a value
	n       int
}

func (v *inventor) maybe() bool { return rapid.Bool().Draw(v.t, "there") }

// text is a text that no other is like, with everything that markup and half of Europe make hard.
func (v *inventor) text(path string) string {
	v.n++
	words := "w" + itoa(v.n) + "." + rapid.StringOfN(rapid.SampledFrom([]rune("aõäöüšžå<>&\"' \n漢😀®{}\\")), 0, 8, -1).Draw(v.t, "text") + "."
	v.words[words] = path
	return words
}

func (v *inventor) texts(path string) []string {
	var found []string
	for range rapid.IntRange(0, 2).Draw(v.t, "texts") {
		found = append(found, v.text(path))
	}
	return found
}

func (v *inventor) coding(systems ...string) translation.Coding {
	v.n++
	c := translation.Coding{System: rapid.SampledFrom(systems).Draw(v.t, "system"), Code: "c" + itoa(v.n)}
	if v.maybe() {
		c.Display = "d" + itoa(v.n) + "õ<&"
	}
	if v.maybe() {
		c.Version = "v" + itoa(v.n)
	}
	return c
}

// life is a slot with a life of up to three steps; its code of now is of one of the systems.
func (v *inventor) life(field translation.Field, path string, systems ...string) *translation.Slot {
	var forms []translation.Coding
	for range rapid.IntRange(0, 3).Draw(v.t, "steps") {
		forms = append(forms, v.coding(edqm, fiForm, nameless, snomed))
	}
	slot := v.slot(field, path, append(forms, v.coding(systems...))...)
	if v.maybe() {
		slot.Text = v.text(path)
	}
	if v.maybe() && slices.Contains([]string{edqm, snomed, atc}, slot.Current.System) {
		slot.Rendered = v.text(path)
	}
	return slot
}

func (v *inventor) some(field translation.Field, path string) *translation.Slot {
	if !v.maybe() {
		return nil
	}
	return v.life(field, path, edqm, snomed, nameless, fiForm)
}

func (v *inventor) amount(path string) node.Quantity {
	v.n++
	number := itoa(v.n) + rapid.SampledFrom([]string{"", ".5", ".50"}).Draw(v.t, "number")
	v.numbers[number] = path
	if !v.maybe() {
		return node.Quantity{Value: number}
	}
	q := v.quantity(path, number, v.coding(fiForm, nameless, ucum), unit("mg"))
	if v.maybe() {
		q.Unit.Amount = itoa(v.n) + "000"
		v.numbers[q.Unit.Amount] = path
	}
	return q
}

func (v *inventor) drug(path string, parts bool) node.Medication {
	m := node.Medication{Form: v.life(translation.DoseForm, path+".form", edqm), Product: v.some(translation.ProductID, path+".product"), Generic: v.some(translation.ProductID, path+".generic")}
	m.Classification = []*translation.Slot{v.life(translation.Classification, path+".classification[0]", atc)}
	if v.maybe() {
		m.Name, m.Strength = v.text(path+".name"), v.text(path+".strength")
	}
	if parts && v.maybe() {
		m.Parts = []node.Medication{v.drug(path+".part[0]", false), v.drug(path+".part[1]", false)}
		return m
	}
	for i := range rapid.IntRange(1, 3).Draw(v.t, "ingredients") {
		at := path + ".ingredient[" + itoa(i) + "]"
		in := node.Ingredient{Substance: v.life(translation.Substance, at+".substance", atc, nameless), Name: v.text(at), Strength: &node.Ratio{Numerator: v.amount(at + ".strength.numerator"), Denominator: v.amount(at + ".strength.denominator")}}
		if in.Strength.Numerator.Unit == nil {
			in.Strength.Numerator.Unit = v.slot(translation.StrengthUnit, at+".strength.numerator", unit("mg"))
		}
		m.Ingredients = append(m.Ingredients, in)
	}
	m.Package = node.Package{Items: v.amount(path + ".package.items")}
	if v.maybe() {
		m.Package.Content = v.amount(path + ".package.content")
	}
	return m
}

func (v *inventor) dosages(prefix string) []node.Dosage {
	var found []node.Dosage
	for i := range rapid.IntRange(0, 3).Draw(v.t, "dosages") {
		at := prefix + "dosage[" + itoa(i) + "]"
		d := node.Dosage{Additional: v.texts(at), Route: v.some(translation.Route, at+".route"), Text: v.text(at)}
		if v.maybe() {
			d.Timing = node.Timing{Frequency: rapid.SampledFrom([]string{"", "1", "2", "3", "7"}).Draw(v.t, "frequency"), Period: "1", PeriodUnit: "d",
				When: rapid.SliceOfN(rapid.SampledFrom([]string{"ACM", "HS", "MORN", "CV"}), 0, 2).Draw(v.t, "when"), BoundsFrom: "2026-09-01", BoundsValue: rapid.SampledFrom([]string{"", "10"}).Draw(v.t, "length"), BoundsUnit: "d"}
		}
		if v.maybe() {
			d.Dose = v.amount(at + ".dose")
		}
		if v.maybe() {
			d.DoseHigh = v.amount(at + ".dose.high")
		}
		if v.maybe() {
			d.AsNeeded = flag(v.maybe())
		}
		found = append(found, d)
	}
	return found
}

func (v *inventor) somebody(path string) node.Practitioner {
	if !v.maybe() {
		return node.Practitioner{}
	}
	return node.Practitioner{Family: v.text(path), Given: v.texts(path), Role: v.some(translation.Role, path+".role"), Organisation: node.Organisation{Name: v.text(path)},
		ID: node.Identifier{System: rapid.SampledFrom([]string{eePerson, nameless}).Draw(v.t, "ids"), Value: "id"}}
}

func (v *inventor) prescription() *node.Document {
	p := &node.Prescription{ID: node.Identifier{System: eeRx, Value: v.text("id")}, Status: node.Active, Patient: v.person(), Prescriber: v.somebody("prescriber"), Medication: v.drug("medication", true), Dosage: v.dosages(""),
		Amount: node.Amount{Packages: "3"}, Notes: v.texts("notes"), Course: v.some(translation.CourseOfTherapy, "course")}
	if v.maybe() {
		p.Instructions = node.Instructions{Patient: v.text("instructions"), Pharmacist: v.text("instructions")}
		p.Indication = []*translation.Slot{v.life(translation.Diagnosis, "indication[0]", icd, nameless)}
		p.Substitution = node.Substitution{Allowed: flag(false), Text: v.text("substitution"), Reason: v.some(translation.SubstitutionReason, "substitution.reason")}
	}
	return &node.Document{Kind: node.APrescription, At: at(), Language: rapid.SampledFrom([]string{"", "et", "fi-FI"}).Draw(v.t, "language"), Prescriptions: []*node.Prescription{p}, Header: node.Header{Author: v.somebody("author")}}
}

func (v *inventor) person() node.Patient {
	p := patient()
	p.Family, p.Given = v.text("patient"), v.texts("patient")
	return p
}

func (v *inventor) handout() *node.Document {
	g := &node.Dispensation{ID: node.Identifier{System: eeRx, Value: v.text("id")}, Prescription: node.Identifier{System: eeRx, Value: v.text("id")}, Patient: v.person(), Pharmacist: v.somebody("pharmacist"),
		Medication: v.drug("medication", true), Packages: "2", HandedOver: "2026-11-20T15:04:00+02:00", Notes: v.texts("notes")}
	return &node.Document{Kind: node.ADispensation, At: at(), Dispensation: g}
}

func (v *inventor) statement(section string, at string, depth int) node.Entry {
	e := node.Entry{Kind: rapid.SampledFrom([]node.EntryKind{node.AnAllergy, node.AProblem, node.AMedicationUse, node.ADevice, node.AProcedure, node.AnImmunisation, node.AnObservation, node.APanel, node.APlan,
		node.AnotherEntry, node.ADirectiveEntry}).Draw(v.t, "kind"), Text: v.text(at + ".text"), What: v.some(translation.Other, at+".what"), Type: v.some(translation.Other, at+".type"), Status: v.some(translation.ClinicalStatus, at+".status"),
		Certainty: v.some(translation.Certainty, at+".certainty"), Criticality: v.some(translation.Criticality, at+".criticality"), Severity: v.some(translation.Severity, at+".severity"), Site: v.some(translation.BodySite, at+".site"),
		State: rapid.SampledFrom([]string{"", "active", "odd"}).Draw(v.t, "state")}
	if v.maybe() {
		e.When, e.Recorded = node.Period{From: "2026-01"}, "2026-02-03"
		e.Reactions = []node.Reaction{{Manifestations: []*translation.Slot{v.life(translation.Reaction, at+".reaction[0].manifestation[0]", snomed)}, Severity: v.some(translation.Severity, at+".reaction[0].severity")}}
		e.Reasons = []*translation.Slot{v.life(translation.Diagnosis, at+".reason[0]", icd)}
	}
	if v.maybe() {
		e.Result = node.Result{Code: v.some(translation.ObservationValue, at+".result"), Interpretation: v.some(translation.Other, at+".result"), Quantity: v.amount(at + ".result"), Text: v.text(at + ".result")}
		if v.maybe() {
			e.Result.High = v.amount(at + ".result")
		}
		e.Number = v.text(at + ".number")
		e.IDs = []node.Identifier{{System: eeRx, Value: "e" + itoa(v.n)}}
	}
	if v.maybe() {
		m := v.drug(at+".medication", false)
		e.Medication, e.Dosage = &m, v.dosages(at+".")
	}
	if depth == 0 && v.maybe() {
		e.Members = []node.Entry{v.statement(section, at+".member[0]", 1)}
	}
	return e
}

func (v *inventor) overview() *node.Document {
	s := &node.Summary{Title: v.text("title"), Patient: v.person(), Language: "et"}
	seen := map[string]bool{}
	for range rapid.IntRange(0, 4).Draw(v.t, "sections") {
		code := rapid.SampledFrom([]string{"48765-2", "10160-0", "11450-4", "46264-8", "47519-4", "11369-6", "8716-3", "30954-2", "10162-6", "99999-9"}).Draw(v.t, "section")
		if seen[code] {
			continue
		}
		seen[code] = true
		one := node.Section{Code: code, State: node.HasEntries}
		for i := range rapid.IntRange(1, 3).Draw(v.t, "entries") {
			one.Entries = append(one.Entries, v.statement(code, "section["+code+"].entry["+itoa(i)+"]", 0))
		}
		s.Sections = append(s.Sections, one)
	}
	return &node.Document{Kind: node.ASummary, At: at(), Language: "et-EE", Summary: s, Header: node.Header{Author: v.somebody("author")}}
}

func TestWhateverARecordSaysIsWrittenOrNamed(t *testing.T) {
	tried := 0
	rapid.Check(t, func(t *rapid.T) {
		v := &inventor{t: t, words: map[string]string{}, numbers: map[string]string{}}
		d := rapid.SampledFrom([]func() *node.Document{v.prescription, v.handout, v.overview}).Draw(t, "document")()
		d.Slots = v.slots
		var lost []string
		out, err := Document(d, options(), func(path, _ string) { lost = append(lost, path) })
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		again, _ := Document(d, options(), nil)
		if string(out) != string(again) {
			t.Fatalf("the same record gives two documents")
		}
		root := parsed(t, string(out))
		checkOrder(t, root)
		checkReferences(t, root)
		if tried++; tried <= 10 {
			wellFormed(t, string(out))
		}
		v.check(root, lost)
	})
}

// check looks for every code, number and text of the record. The text that we write ourselves tells everything once more:
// it is no proof that anything is said where programs read, so only what entries refer to counts in it.
func (v *inventor) check(root xmldom.Element, lost []string) {
	codes, values, said := map[string]bool{}, map[string]bool{}, []string{}
	for e := range descendants(root) {
		read := map[string]string{}
		for a := range e.Attributes() {
			read[a.Local] = a.Value
			said = append(said, a.Value)
		}
		codes[read["code"]+" "+read["codeSystem"]+" "+read["codeSystemVersion"]] = true
		codes[read["unit"]+" "+"2.16.840.1.113883.6.8 "] = true
		values[read["value"]] = true
		if !inNarrative(e) && e.Local() != "text" && !e.First().There() || read["ID"] != "" {
			said = append(said, e.Text())
		}
	}
	all := strings.ReplaceAll(strings.Join(said, "\x00"), "\n", "")
	for _, slot := range v.slots {
		for _, form := range append(slot.Life(), slot.Current) {
			number, _, _ := options().OID(form.System)
			if number == "" {
				number = strings.TrimPrefix(form.System, oidPrefix)
			}
			if !codes[form.Code+" "+number+" "+form.Version] && !isLost(lost, slot.Path) {
				v.t.Errorf("%s: %+v is neither written nor named (%v)", slot.Path, form, lost)
			}
		}
	}
	for words, path := range v.words {
		if !strings.Contains(all, strings.ReplaceAll(words, "\n", "")) && !isLost(lost, path) {
			v.t.Errorf("%s: %q is neither written nor named", path, words)
		}
	}
	for number, path := range v.numbers {
		if !values[number] && !isLost(lost, path) {
			v.t.Errorf("%s: %s is neither written nor named", path, number)
		}
	}
}

// isLost says that a place, or what it stands in, was named.
func isLost(lost []string, path string) bool {
	return slices.ContainsFunc(lost, func(place string) bool {
		return place == path || strings.HasPrefix(path, place+".") || strings.HasPrefix(path, place+"[")
	})
}
