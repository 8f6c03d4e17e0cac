package cda

import (
	"slices"
	"strconv"

	"sild/internal/cda/compose"
	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// mostSections bounds the work that the sections of one summary can cause; MyHealth@EU knows fourteen.
const mostSections = 64

// summary reads the sections of a patient summary.
func (d *decoder) summary(body xmldom.Element) {
	doc := d.doc
	doc.Summary = &node.Summary{ID: doc.ID, Date: doc.Header.Written, Title: doc.Header.Title, Patient: doc.Patient,
		Author: authorName(doc.Header.Author), Language: doc.Language}
	d.foretell()
	d.sections = map[int]string{}
	nth, others := map[string]int{}, 0
	for component := range each(body, "component") {
		d.claim(component)
		section := child(component, "section")
		if !section.There() {
			continue
		}
		code := codesOf(section)[0]
		if nth[code] > 0 || !slices.Contains(compose.Mandatory(), code) {
			others++ // a section that every summary must have may always be added
		}
		if others > mostSections {
			d.refuse("cda.section", section, "more sections than any summary has")
		}
		if d.err != nil {
			return
		}
		nth[code]++
		d.sections[component.Index()] = node.SectionPath(code, nth[code])
		d.section(section, code, d.sections[component.Index()])
	}
	d.withholdable(body)
	d.reasons()
}

// section reads one section with its narrative and entries; key begins its record paths. A section that names no code is
// still kept.
func (d *decoder) section(e xmldom.Element, code, key string) {
	d.claim(e)
	heading := child(e, "code")
	s := node.Section{Code: code, Title: d.text(child(e, "title")), State: node.HasEntries}
	s.Narrative = d.narrative(child(e, "text"), attr(child(e, "languageCode"), "code"))
	d.claimText(child(e, "id"))
	before := len(d.doc.Slots)
	if heading.There() {
		d.coded(heading, translation.Section, key+".code")
	}
	subjects := every(e, "subject") // of a section about somebody else nothing is read
	another := slices.ContainsFunc(subjects, func(subject xmldom.Element) bool { return !isSelf(subject) })
	entries := every(e, "entry")
	s.Entries = make([]node.Entry, 0, len(entries))
	for i, entry := range entries {
		if d.err != nil || another {
			break
		}
		d.claim(entry)
		at := key + ".entry[" + strconv.Itoa(i) + "]"
		if found, ok := d.entry(entry, code, at); ok {
			s.Entries = append(s.Entries, found)
		}
	}
	s.Slots = slices.Clone(d.doc.Slots[before:]) // a copy: the document's own are put in the order of the source later
	s.State = stateOf(e, s)
	d.doc.Summary.Sections = append(d.doc.Summary.Sections, s)
}

// stateOf tells entries, a known absence and no information apart: by the one entry that says so, by the section's own
// null flavour, or by an entry that is denied in every part.
func stateOf(e xmldom.Element, s node.Section) node.SectionState {
	if len(every(e, "entry")) != len(s.Entries) || child(e, "component").There() {
		return node.HasEntries // something is there, and not all of it is understood
	}
	if len(s.Entries) == 1 && s.Entries[0].Kind == node.AnAbsence {
		if what := s.Entries[0].What; what != nil && isKnownAbsence(what.Current) {
			return node.KnownAbsence
		}
		return node.NoInformation
	}
	if _, null := e.Attr("nullFlavor"); null && len(s.Entries) == 0 {
		return node.NoInformation
	}
	return node.HasEntries
}

// entry reads the clinical statement of an entry; false where there is none that the record can hold.
func (d *decoder) entry(e xmldom.Element, section, at string) (node.Entry, bool) {
	for statement := range e.Children() {
		if !known(statement) || !isFact(statement, section) || d.ofAnother(statement) || d.deniesAbsence(statement) {
			continue
		}
		switch statement.Local() {
		case "act":
			inner, concern := d.concerned(statement)
			if concern && !inner.There() {
				continue
			}
			return d.act(statement, inner, section, at), true
		case "substanceAdministration":
			return d.administration(statement, section, at), true
		case "supply":
			return d.supply(statement, at), true
		case "procedure":
			return d.procedure(statement, at), true
		case "observation":
			return d.observation(statement, node.AnObservation, at), true
		case "organizer":
			return d.organizer(statement, at), true
		}
	}
	return node.Entry{}, false
}

// ofAnother says that a statement is about somebody else than the patient (CDA R2 4.3.4): a parent's illness is not the
// patient's, so it stays residue with its codes.
func (d *decoder) ofAnother(statement xmldom.Element) bool {
	for i := statement.Index(); i < statement.End(); i++ {
		if e := d.xml.At(i); e.Local() == "subject" && known(e) && !isSelf(e) {
			return true
		}
	}
	return false
}

// isSelf says that a subject is the patient (HL7 v3 RoleCode SELF).
func isSelf(subject xmldom.Element) bool {
	related := every(subject, "relatedSubject")
	if len(related) != 1 || len(every(related[0], "code")) != 1 {
		return false
	}
	code := child(related[0], "code")
	system := attr(code, "codeSystem")
	_, null := code.Attr("nullFlavor")
	return !null && attr(code, "code") == "SELF" && (system == "" || system == oid.RoleCode)
}

// deniesAbsence says that a statement denies that there is nothing, or that nobody knows. That there is something is more
// than it says, so it stays residue with its codes.
func (d *decoder) deniesAbsence(statement xmldom.Element) bool {
	for i := statement.Index(); i < statement.End(); i++ {
		if e := d.xml.At(i); negated(e) && d.saysAbsence(e) {
			return true
		}
	}
	return false
}

// saysAbsence says that a code within an element states that there is nothing, or that nobody knows.
func (d *decoder) saysAbsence(e xmldom.Element) bool {
	for i := e.Index(); i < e.End(); i++ {
		if c := d.coding(d.xml.At(i)); isKnownAbsence(c) || isNoInformation(c) {
			return true
		}
	}
	return false
}

// begin claims a statement and reads what all of them have.
func (d *decoder) begin(e xmldom.Element, kind node.EntryKind) node.Entry {
	d.claim(e)
	d.heed(e)
	found := node.Entry{Kind: kind, IDs: d.identifiers(e), State: d.take(child(e, "statusCode"), "code")}
	found.Negated = negated(e)
	found.When = d.interval(child(e, "effectiveTime"))
	if text := child(e, "text"); text.There() {
		found.Text = d.words(text)
	}
	return found
}

// act reads a concern (templates 3.15, 3.16) around the observation of a problem or an allergy, or any other act.
func (d *decoder) act(e, inner xmldom.Element, section, at string) node.Entry {
	if !inner.There() {
		found := d.begin(e, actKind(section))
		found.What = d.coded(child(e, "code"), translation.Other, at+".what")
		return d.absentIfSaid(e, found)
	}
	kind := node.AProblem
	if section == "48765-2" {
		kind = node.AnAllergy
	}
	concern := d.begin(e, kind)
	d.concern(child(e, "code"), at)
	found := d.observation(inner, kind, at)
	found.IDs = append(concern.IDs, found.IDs...)
	found.Negated = found.Negated || concern.Negated
	if concern.State != "" && found.State != "nullified" {
		found.State = concern.State
	}
	if found.Text == "" {
		found.Text = concern.Text
	} else if concern.Text != "" && concern.Text != found.Text {
		found.Text = concern.Text + " " + found.Text
	}
	if (found.When == node.Period{}) {
		found.When = concern.When
	} else if concern.When != found.When {
		d.release(child(e, "effectiveTime")) // the record holds when it began, not since when it is a concern
	}
	return d.absentIfSaid(e, found)
}

// concern keeps the code that says that an act is a concern; a null flavour there says nothing.
func (d *decoder) concern(code xmldom.Element, at string) {
	if attr(code, "code") != "" {
		d.coded(code, fieldBySystem(code), at+".concern")
		return
	}
	d.claimNull(code)
}

func actKind(section string) node.EntryKind {
	switch section {
	case planOfCare:
		return node.APlan
	case "42348-3":
		return node.ADirectiveEntry
	}
	return node.AnotherEntry
}

// administration reads a medicine that is taken, or a vaccine that was given.
func (d *decoder) administration(e xmldom.Element, section, at string) node.Entry {
	if section == immunisations {
		return d.immunisation(e, at)
	}
	found := d.begin(e, node.AMedicationUse)
	if code := child(e, "code"); code.There() {
		found.What = d.coded(code, translation.Absence, at+".what")
	}
	if product := path(e, "consumable", "manufacturedProduct"); child(product, "manufacturedMaterial").There() {
		m := d.product(product, at+".medication")
		found.Medication = &m
	}
	found.Dosage = d.dosages(e, at+".")
	found.Reasons = d.statedReasons(e, at)
	return d.absentIfSaid(e, found)
}

// immunisation reads a vaccination (template 3.19): the vaccine is the code of the material.
func (d *decoder) immunisation(e xmldom.Element, at string) node.Entry {
	found := d.begin(e, node.AnImmunisation)
	if code := child(e, "code"); code.There() {
		if slot := d.coded(code, fieldBySystem(code), at+".concern"); isKnownAbsence(slot.Current) || isNoInformation(slot.Current) {
			found.What = slot
			return d.absentIfSaid(e, found)
		}
	}
	product := path(e, "consumable", "manufacturedProduct")
	material := child(product, "manufacturedMaterial")
	d.claim(material)
	found.What = d.coded(child(material, "code"), translation.Vaccine, at+".vaccine")
	found.Medication = &node.Medication{Name: d.text(child(material, "name")),
		Holder: d.text(path(product, "manufacturerOrganization", "name"))}
	if route := child(e, "routeCode"); route.There() {
		found.Dosage = []node.Dosage{{Route: d.coded(route, translation.Route, at+".route"), Untold: d.untold(e)}}
	}
	for participant := range each(e, "participant") {
		if code := path(participant, "participantRole", "code"); code.There() {
			found.Reasons = append(found.Reasons, d.coded(code, translation.Diagnosis, at+".against["+strconv.Itoa(len(found.Reasons))+"]"))
		}
	}
	for _, relation := range d.relations(e) {
		if inner := child(relation, "observation"); attr(child(inner, "code"), "code") == "30973-2" && tells(inner) {
			d.claim(inner)
			d.coded(child(inner, "code"), translation.Structural, at+".number.question")
			d.claimText(child(inner, "statusCode"))
			found.Number = d.take(child(inner, "value"), "value")
		}
	}
	return found
}

// supply reads a device (template 3.5), or a supply of anything else with its code.
func (d *decoder) supply(e xmldom.Element, at string) node.Entry {
	found := d.begin(e, node.ADevice)
	for participant := range each(e, "participant") {
		device := path(participant, "participantRole", "playingDevice")
		if device.There() {
			found.IDs = append(found.IDs, d.identifiers(child(participant, "participantRole"))...)
			found.What = d.coded(child(device, "code"), translation.Device, at+".device")
		}
	}
	return d.absentIfSaid(e, found)
}

// procedure reads what was done (template 3.26).
func (d *decoder) procedure(e xmldom.Element, at string) node.Entry {
	found := d.begin(e, node.AProcedure)
	found.What = d.coded(child(e, "code"), translation.Procedure, at+".procedure")
	found.Site = d.coded(child(e, "targetSiteCode"), translation.BodySite, at+".site")
	found.Reasons = d.statedReasons(e, at)
	return d.absentIfSaid(e, found)
}

// statedReasons reads what a statement was made for.
func (d *decoder) statedReasons(e xmldom.Element, at string) []*translation.Slot {
	var found []*translation.Slot
	for _, relation := range d.relations(e) {
		inner := child(relation, "observation")
		if attr(relation, "typeCode") != "RSON" || !inner.There() || !tells(inner) {
			continue
		}
		d.claim(inner)
		d.coded(child(inner, "code"), translation.Other, at+".reason.question")
		if slot := d.coded(child(inner, "value"), translation.Diagnosis, at+".reason["+strconv.Itoa(len(found))+"]"); slot != nil {
			found = append(found, slot)
		}
	}
	return found
}

// organizer reads several observations that were made together (templates 3.21, 3.42).
func (d *decoder) organizer(e xmldom.Element, at string) node.Entry {
	found := d.begin(e, node.APanel)
	found.What = d.coded(child(e, "code"), translation.Observation, at+".panel")
	for i, component := range every(e, "component") {
		member := at + ".member[" + strconv.Itoa(i) + "]"
		if inner := child(component, "observation"); inner.There() && isFact(inner, "") {
			found.Members = append(found.Members, d.observation(inner, node.AnObservation, member))
		}
	}
	return found
}

// absentIfSaid makes an entry an absence where its subject says that there is nothing, or where it has no subject and
// says nothing else either. What has words is no absence, whether anybody coded it or not.
func (d *decoder) absentIfSaid(statement xmldom.Element, e node.Entry) node.Entry {
	switch {
	case e.Negated: // what is denied is no absence, though nothing else be said
	case saysMore(e): // a medicine with a name or a dose is one, whatever the code beside it says
	case e.What != nil && (isKnownAbsence(e.What.Current) || isNoInformation(e.What.Current)):
		e.Kind, e.What.Field = node.AnAbsence, translation.Absence
		e.Medication, e.Dosage = nil, nil // an empty product that the form demands is no medicine
	case e.Medication != nil || e.Text != "" || e.What != nil && e.What.Text != "":
	case e.What == nil && d.silent(statement), e.What != nil && e.What.Current.Code == "" && e.What.Absent() == "not-applicable":
		e.Kind = node.AnAbsence
		if e.What != nil {
			e.What.Field = translation.Absence
		}
	}
	return e
}

// silent says that nothing in a statement is more than its grammar.
func (d *decoder) silent(statement xmldom.Element) bool {
	for i := statement.Index() + 1; i < statement.End(); i++ {
		switch e := d.xml.At(i); {
		case isGrammar(e), e.Local() == "id", e.Local() == "statusCode":
		case speaks(e):
			return false
		}
	}
	return true
}

// saysMore says that an entry holds something besides its code: a medicine, a dose, a reaction, a result, a reason.
func saysMore(e node.Entry) bool {
	m := e.Medication
	if m != nil && (m.Name != "" || m.Strength != "" || len(m.Parts) > 0 || written(m.Form) || written(m.Classification...)) {
		return true
	}
	for i := 0; m != nil && i < len(m.Ingredients); i++ {
		if one := m.Ingredients[i]; written(one.Substance) || one.Strength != nil && one.Strength.Numerator.Value != "" {
			return true
		}
	}
	for _, o := range e.Dosage {
		if o.Text != "" || o.Dose.Value != "" || o.DoseHigh.Value != "" || !o.Timing.IsZero() {
			return true
		}
	}
	return len(e.Reactions) > 0 || !e.Result.IsZero() || written(e.Reasons...) || len(e.Members) > 0
}

// written says that one of the slots holds a code.
func written(slots ...*translation.Slot) bool {
	return slices.ContainsFunc(slots, func(s *translation.Slot) bool { return s != nil && s.Current.Code != "" })
}

// The code systems that state absences, under the names that the tables give them.
const (
	absentUnknown = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
	snomed        = "http://snomed.info/sct"
)

// isKnownAbsence says that a code states that there is nothing of the kind (IPS absent-unknown, SNOMED CT).
func isKnownAbsence(c translation.Coding) bool {
	switch c.System {
	case oidPrefix + oid.AbsentUnknown, absentUnknown:
		return len(c.Code) > len("no-known") && c.Code[:len("no-known")] == "no-known"
	case oidPrefix + oid.SNOMED, snomed:
		switch c.Code {
		case "716186003", "160244002", "160245001", "787480003", "787481004", "787482006", "787483001":
			return true
		}
	}
	return false
}

// isNoInformation says that a code states that nobody knows.
func isNoInformation(c translation.Coding) bool {
	switch c.System {
	case oidPrefix + oid.AbsentUnknown, absentUnknown:
		return !isKnownAbsence(c)
	case oidPrefix + oid.SNOMED, snomed:
		return c.Code == "1287211007" || c.Code == "182904002" || c.Code == "396782006"
	}
	return false
}
