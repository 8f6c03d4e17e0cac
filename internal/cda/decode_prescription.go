package cda

import (
	"strconv"
	"strings"

	"sild/internal/cda/compose"
	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// mostItems bounds the items of one prescription document.
const mostItems = 64

// prescriptions reads an ePrescription: one section, and each entry an item of it. Several items are several records in
// one document; whoever lists them abroad splits them, one medicine a document.
func (d *decoder) prescriptions(body xmldom.Element) {
	section := d.oneSection(body, oid.PrescriptionSection)
	group := d.identifier(child(section, "id"))
	d.doc.Header.Narrative = d.narrative(child(section, "text"), "")
	d.reasons()
	entries := every(section, "entry")
	d.demand(len(entries) > 0, "cda.entry", section, "a prescription without an item")
	d.ownMedicine(section)
	if len(entries) > mostItems {
		d.refuse("cda.entry", section, "more items than any prescription has")
		return
	}
	for i, entry := range entries {
		item := d.single(entry, "substanceAdministration")
		d.demand(item.There(), "cda.entry", entry, "an entry that prescribes nothing")
		d.claim(entry)
		d.prescription(item, section, group, prefixOf(i, len(entries)))
		if d.err != nil {
			return
		}
	}
	d.distinct(section)
	d.substitution(entries)
}

// distinct refuses two items under one number: a dispensation could not name the one that it is for.
func (d *decoder) distinct(section xmldom.Element) {
	seen := map[node.Identifier]bool{}
	for _, p := range d.doc.Prescriptions {
		if seen[p.ID] && !p.ID.IsZero() {
			d.refuse("cda.item", section, "two items under one number")
		}
		seen[p.ID] = true
	}
}

// oneSection is the section of the code, or the only one there is. A second section of the code is refused.
func (d *decoder) oneSection(body xmldom.Element, code string) xmldom.Element {
	var only xmldom.Element
	others := 0
	for component := range each(body, "component") {
		section := d.single(component, "section")
		if !section.There() {
			continue
		}
		own := attr(child(section, "code"), "code") == code
		if own && only.There() && attr(child(only, "code"), "code") == code {
			d.refuse("cda.section", section, "a second section of the kind that there is one of")
			continue
		}
		if own || !only.There() {
			only = section
		}
		if !own {
			others++
		}
	}
	if others > 1 && attr(child(only, "code"), "code") != code {
		d.refuse("cda.section", only, "several sections, and none of the kind that there must be one of")
	}
	d.demand(only.There(), "cda.section", body, "a document without its section")
	d.claim(only)
	if heading := child(only, "code"); heading.There() {
		d.repeated(child(only, "title"), d.coded(heading, translation.Section, "section.code"))
	}
	if title := child(only, "title"); plainText(title) == d.doc.Header.Title {
		d.claimText(title)
	}
	return only
}

// prescription reads one item (template 3.2).
func (d *decoder) prescription(e, section xmldom.Element, group node.Identifier, prefix string) {
	d.claim(e)
	d.heed(e)
	d.positive(e)
	d.sound(e)
	switch mood := attr(e, "moodCode"); mood {
	case "", "INT", "RQO":
	default:
		d.refuse("cda.mood", e, "an entry that prescribes nothing: it tells of something else")
	}
	p := &node.Prescription{ID: d.identifier(child(e, "id")), Group: group, Patient: d.doc.Patient, Language: d.doc.Language,
		Status: d.status(e), Authored: d.written(e, section)}
	if p.ID.IsZero() {
		p.ID = group
	}
	if p.Group == p.ID {
		p.Group = node.Identifier{}
	}
	p.Prescriber = d.prescriber(e, section, prefix)
	p.Medication = d.product(d.single(d.single(e, "consumable"), "manufacturedProduct"), prefix+"medication")
	p.Dosage = d.dosages(e, prefix)
	d.related(e, prefix, p)
	if len(p.Dosage) > 0 && p.Dosage[0].Timing.IsZero() && p.Dosage[0].Text == "" {
		p.Dosage[0].Text = p.Instructions.Patient
	}
	if len(p.Medication.Parts) > 0 {
		p.Classes = append(p.Classes, node.Kit)
	}
	d.doc.Prescriptions = append(d.doc.Prescriptions, p)
}

// positive refuses what says that something is not to be done, or was not done: nothing may be handed out on it.
func (d *decoder) positive(e xmldom.Element) {
	if negated(e) {
		d.refuse("cda.negated", e, "a statement that denies what it would have to say")
	}
}

// ownMedicine refuses a medicine that is for somebody else, or was handed out to somebody else, than the patient.
func (d *decoder) ownMedicine(section xmldom.Element) {
	if d.ofAnother(section) {
		d.refuse("cda.subject", section, "a statement about somebody else than the patient")
	}
}

// written is when the prescription was made: the nearest author's time, or the document's.
func (d *decoder) written(e, section xmldom.Element) string {
	for _, holder := range []xmldom.Element{e, section, d.xml.Root()} {
		if at := child(child(holder, "author"), "time"); at.There() {
			if written := d.time(at); written != "" {
				return written
			}
		}
	}
	return d.doc.Header.Written
}

// prescriber is the author nearest to the item.
func (d *decoder) prescriber(e, section xmldom.Element, prefix string) node.Practitioner {
	for _, holder := range []xmldom.Element{e, section} {
		if child(holder, "author").There() {
			return d.authorOf(holder, prefix+"prescriber")
		}
	}
	return d.doc.Header.Author
}

// status is an ActStatus in the words of FHIR. An item that does not say is not active: nobody may hand it out on a
// guess.
func (d *decoder) status(e xmldom.Element) node.Status {
	code := d.take(d.single(e, "statusCode"), "code")
	if code != "" {
		d.sound(child(e, "statusCode"))
	}
	switch code {
	case "active":
		return node.Active
	case "suspended", "held":
		return node.OnHold
	case "completed":
		return node.Completed
	case "aborted":
		return node.Stopped
	case "cancelled":
		return node.Cancelled
	case "nullified":
		return node.InError
	}
	return ""
}

// related reads what hangs on an item: how much, whether it may be substituted, for what, and words to two readers.
func (d *decoder) related(e xmldom.Element, prefix string, p *node.Prescription) {
	handed, asked := node.Quantity{}, 0
	told := map[*string][]string{} // a prescriber may say several things to one reader
	for _, relation := range d.relations(e) {
		for inner := range relation.Children() {
			if !known(inner) {
				continue
			}
			switch inner.Local() {
			case "supply":
				if asks(inner) {
					asked++
				}
				if asked > 1 {
					d.refuse("cda.twice", inner, "an amount that is asked for twice")
				}
				d.supplied(inner, prefix, p, &handed)
			case "observation":
				d.remark(relation, inner, prefix, p)
			case "act":
				if into, words := d.instruct(inner, prefix, p); words != "" {
					told[into] = append(told[into], words)
				}
			}
		}
	}
	for into, words := range told {
		*into = strings.Join(words, " ")
	}
	p.Amount.Left = left(p.Amount.Packages, handed)
}

// asks says that a supply has an amount that was not handed out yet, whether it is asked for, intended or promised: of
// two such nobody can say which one the prescriber meant.
func asks(supply xmldom.Element) bool {
	return !negated(supply) && moodOf(supply) != "EVN" && number(child(supply, "quantity")) != ""
}

// supplied reads how many packages are asked for (RQO), or were handed out on it already (EVN).
func (d *decoder) supplied(e xmldom.Element, prefix string, p *node.Prescription, handed *node.Quantity) {
	mood := attr(e, "moodCode")
	if negated(e) || mood != "" && mood != "EVN" && mood != "INT" && mood != "RQO" {
		return // nothing was asked for or handed out: residue
	}
	d.heed(e)
	quantity := d.single(e, "quantity")
	if number(quantity) != "" {
		d.sound(e) // one without an amount is only silent
	}
	switch mood {
	case "EVN":
		d.claim(e)
		if state := attr(child(e, "statusCode"), "code"); state != "" && state != "completed" {
			return
		}
		*handed = add(*handed, d.taken(quantity))
	default:
		d.claim(e)
		if p.Amount.Packages != "" || !p.Amount.Total.IsZero() {
			d.refuse("cda.twice", e, "an amount that is asked for twice")
		}
		if when := d.interval(child(e, "effectiveTime")); when != (node.Period{}) {
			p.Valid = when // until when it may be handed out (CDA R2 4.3.8.5)
		}
		if unit := attr(quantity, "unit"); unit == "" || unit == "1" {
			p.Amount.Packages = d.packages(quantity)
			return
		}
		p.Amount.Total = d.quantity(quantity, translation.PackageUnit, prefix+"amount.total")
	}
}

// packages reads a number of packages: a whole number above zero. A source that says why it has none is only silent.
func (d *decoder) packages(e xmldom.Element) string {
	value := number(e)
	if value == "" || !d.bounded(e, value) {
		return ""
	}
	d.claim(e)
	d.sound(e)
	number, ok := node.Decimal(value)
	switch unit := attr(e, "unit"); {
	case !ok:
		d.refuse("cda.number", e, "a number of packages that is no plain decimal")
	case number.Sign() < 0:
		d.refuse("cda.negative", e, "a number of packages below zero")
	case number.Sign() == 0:
		d.refuse("cda.zero", e, "a number of packages that is zero")
	case !number.IsInt():
		d.refuse("cda.fraction", e, "a number of packages that is no whole number")
	case unit != "" && unit != "1":
		d.refuse("cda.package-unit", e, "a number of packages that counts something else")
	default:
		return number.Num().String()
	}
	return value
}

// taken reads what a noted dispensation takes off its prescription: its packages or, where a contact point counted that they
// are of another size, what they come to of the prescribed one: a PQR whose unit is a part of a package.
func (d *decoder) taken(quantity xmldom.Element) string {
	packages := d.packages(quantity)
	counted := child(quantity, "translation")
	by, ok := strings.CutPrefix(attr(counted, "code"), partOfPackage)
	if !ok || attr(counted, "codeSystem") != oid.UCUM {
		return packages
	}
	if !d.bounded(counted, attr(counted, "value")) || !d.bounded(counted, by) {
		return packages
	}
	part, ok := node.Packages(attr(counted, "value") + "/" + by)
	if !ok || part.Sign() <= 0 {
		d.refuse("cda.number", counted, "a part of a package that cannot be counted")
		return packages
	}
	d.claim(counted)
	return part.RatString()
}

// add sums what was handed out.
func add(sum node.Quantity, number string) node.Quantity {
	a, ok := node.Packages(number)
	if !ok {
		return sum
	}
	if b, ok := node.Packages(sum.Value); ok {
		a.Add(a, b)
	}
	return node.Quantity{Value: a.RatString()}
}

// left is what may still be handed out: what was prescribed without what the document notes as handed out.
func left(packages string, handed node.Quantity) string {
	all, ok := node.Decimal(packages)
	gone, some := node.Packages(handed.Value)
	if !ok || !some {
		return "" // the document does not say
	}
	if all.Sub(all, gone); all.Sign() < 0 {
		return "0"
	}
	return all.RatString()
}

// remark reads an observation on an item: substitution, or the reason for treatment.
func (d *decoder) remark(relation, e xmldom.Element, prefix string, p *node.Prescription) {
	value := child(e, "value")
	code := child(e, "code")
	switch {
	case attr(code, "code") == "SUBST":
		d.claim(e)
		d.positive(e)
		d.sound(code)
		d.single(e, "value")
		if p.Substitution.Code != nil {
			d.refuse("cda.twice", e, "two answers on whether another product may be handed out")
		}
		d.coded(code, translation.Structural, prefix+"substitution.question")
		if slot := d.coded(value, translation.Substitution, prefix+"substitution"); slot != nil {
			p.Substitution.Code, p.Substitution.Allowed = slot, node.AllowsSubstitution(slot.Current)
			d.sameAnswer(value, p.Substitution.Allowed)
		}
	case attr(relation, "typeCode") == "RSON" && tells(e):
		d.claim(e)
		d.coded(code, translation.Other, prefix+"indication.question")
		at := prefix + "indication[" + strconv.Itoa(len(p.Indication)) + "]"
		if slot := d.coded(value, translation.Diagnosis, at); slot != nil {
			p.Indication = append(p.Indication, slot)
		}
	}
}

// annotation is the LOINC code of a comment (IHE 1.3.6.1.4.1.19376.1.5.3.1.4.2).
const annotation = "48767-8"

// instruct reads the prescriber's words to the patient (PINSTRUCT), to the pharmacist (FINSTRUCT) or to anybody.
func (d *decoder) instruct(e xmldom.Element, prefix string, p *node.Prescription) (into *string, words string) {
	code := child(e, "code")
	at := prefix + "instruction."
	if negated(e) {
		return nil, ""
	}
	if moodOf(e) == "INT" {
		d.heed(e)
	}
	switch attr(code, "code") {
	case "PINSTRUCT":
		into, at = &p.Instructions.Patient, at+"patient"
	case "FINSTRUCT":
		into, at = &p.Instructions.Pharmacist, at+"pharmacist"
	case annotation:
		d.coded(code, translation.Structural, prefix+"note["+strconv.Itoa(len(p.Notes))+"].question")
		d.claim(e)
		d.claimText(child(e, "statusCode"))
		d.note(d.words(child(e, "text")), p)
		return nil, ""
	default:
		return nil, ""
	}
	d.coded(code, translation.Structural, at)
	d.claim(e)
	d.claimText(child(e, "statusCode"))
	return into, d.words(child(e, "text"))
}

// note keeps a comment on an item. Our own one, that the dosage says less than the original, is said of the dosage.
func (d *decoder) note(words string, p *node.Prescription) {
	switch {
	case words == compose.Untold && len(p.Dosage) > 0:
		for i := range p.Dosage {
			p.Dosage[i].Untold = true
		}
	case words != "":
		p.Notes = append(p.Notes, words)
	}
}
