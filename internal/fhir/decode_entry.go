package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// statements reads the entries of every section. Their coded places are slots already; here they find their meaning.
func (d *decoder) statements(composition value) {
	for n, section := range composition.get("section").each {
		into := &d.doc.Summary.Sections[n]
		for _, ref := range section.get("entry").each {
			d.led(ref)
		}
		for _, v := range d.heads(section.get("entry")) {
			if d.deniesAbsence(v) {
				d.leave(v, "It is denied, and no field of the record says so.")
				continue
			}
			into.Entries = append(into.Entries, d.statement(v, nil))
		}
	}
}

// deniesAbsence says that a statement denies that there is nothing of the kind, or takes it back. The record could only
// say the reverse of it: it stays among what no field holds.
func (d *decoder) deniesAbsence(v value) bool {
	for _, coding := range v.walk("verificationStatus", "coding").each {
		switch coding.get("code").text() {
		case "refuted", string(node.InError):
			return d.absence(v) != ""
		}
	}
	return false
}

// heads lists the resources that a section names, without those that another one of them holds as its member: a panel
// and its results are one statement, however often they are named.
func (d *decoder) heads(list value) []value {
	var named []value
	place := make(map[value]int)
	for _, ref := range list.each {
		if v := d.target(ref); v.there() {
			if _, twice := place[v]; !twice {
				place[v] = len(named)
				named = append(named, v)
			}
		}
	}
	held := make([]map[value]bool, len(named))
	for i, v := range named {
		held[i] = d.below(v)
	}
	gone := make(map[value]bool)
	for i, v := range named {
		for inner := range held[i] {
			if k, isNamed := place[inner]; isNamed && (i < k || !held[k][v]) {
				gone[inner] = true // of two that hold each other the first stays
			}
		}
	}
	return slices.DeleteFunc(named, func(v value) bool { return gone[v] })
}

// mostMembers bounds the nesting of panels in panels, mostSteps the work that references to and fro can cause.
const (
	mostMembers = 8
	mostSteps   = 100_000
)

// step counts one more reference that was followed, and says whether there may be another.
func (d *decoder) step(v value) bool {
	if d.steps++; d.steps > mostSteps {
		d.refuse("fhir.members", v, "more statements within statements than any summary has")
	}
	return d.err == nil
}

// below is what a resource holds as members, at any depth.
func (d *decoder) below(v value) map[value]bool {
	var found map[value]bool
	layer := []value{v}
	for range mostMembers {
		var next []value
		for _, outer := range layer {
			for _, ref := range membersIn(outer).each {
				inner := d.target(ref)
				if !d.step(ref) {
					return nil
				}
				if inner.there() && inner != v && !found[inner] {
					if found == nil {
						found = make(map[value]bool)
					}
					found[inner] = true
					next = append(next, inner)
				}
			}
		}
		layer = next
	}
	return found
}

// membersIn is the list of references to the members of a panel or report.
func membersIn(v value) value {
	if v.get("resourceType").text() == "DiagnosticReport" {
		return v.get("result")
	}
	return v.get("hasMember")
}

// kindOfResource is the kind of statement that a resource makes.
func kindOfResource(resourceType string, members bool) node.EntryKind {
	switch resourceType {
	case "AllergyIntolerance":
		return node.AnAllergy
	case "Condition":
		return node.AProblem
	case "MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense":
		return node.AMedicationUse
	case "Device", "DeviceUseStatement":
		return node.ADevice
	case "Procedure":
		return node.AProcedure
	case "Immunization":
		return node.AnImmunisation
	case "CarePlan":
		return node.APlan
	case "Consent":
		return node.ADirectiveEntry
	case "DiagnosticReport":
		return node.APanel
	case "Observation":
		if members {
			return node.APanel
		}
		return node.AnObservation
	}
	return node.AnotherEntry
}

// statement reads one resource as a statement. above are the panels that hold it.
func (d *decoder) statement(v value, above []value) node.Entry {
	resource := v.get("resourceType").text()
	status := v.get("status")
	e := node.Entry{State: stateNamed(resource, status.text()), Text: d.notesIn(v)}
	for _, id := range v.get("identifier").each {
		e.IDs = append(e.IDs, d.identifier(id))
	}
	if status.there() && status.text() == denied(resource) {
		e.Negated = true
	}
	if e.Negated || isSaid(resource, status.text()) {
		d.hold(status)
	}
	d.fill(v, resource, &e)
	d.members(v, above, &e)
	e.Kind = kindOfResource(resource, len(e.Members) > 0)
	d.told(v, &e)
	return e
}

// told reads what a contact point wrote beside the statement because its form has no element for it.
func (d *decoder) told(v value, e *node.Entry) {
	if ext := extension(v, extState); ext.there() {
		if e.State = d.claim(ext).get("valueCode").text(); e.State == "unknown" {
			e.State = ""
		}
	}
	if note := extension(v, extNote); note.there() && e.Text == "" {
		e.Text = d.claim(note).walk("valueAnnotation", "text").text()
	}
	if isAbsent(e.What) {
		e.Kind = node.AnAbsence
	}
	if kind := extension(v, extKind); kind.there() {
		e.Kind = node.EntryKind(d.claim(kind).get("valueCode").text())
	}
	if e.Kind == node.AnAbsence {
		e.Negated = false // a status such as not-done only repeats it
	}
}

// notesIn joins the notes of a resource.
func (d *decoder) notesIn(v value) string {
	var notes []string
	for _, note := range v.get("note").each {
		notes = append(notes, d.take(note.get("text")))
	}
	return strings.Join(notes, "\n")
}

// fill reads what the resource says, each type in its own elements.
func (d *decoder) fill(v value, resource string, e *node.Entry) {
	switch resource {
	case "AllergyIntolerance":
		d.allergy(v, e)
	case "Condition":
		d.problem(v, e)
	case "MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense":
		d.use(v, e)
	case "DeviceUseStatement", "Device":
		d.deviceUse(v, e)
	case "Procedure":
		d.procedure(v, e)
	case "Immunization":
		d.immunisation(v, e)
	case "CarePlan":
		d.plan(v, e)
	case "Consent":
		d.directive(v, e)
	case "Observation", "DiagnosticReport":
		d.observation(v, e)
	default:
		d.another(v, e)
	}
}

// members reads what a panel holds: other resources, or components of its own.
func (d *decoder) members(v value, above []value, e *node.Entry) {
	if len(above) >= mostMembers {
		return
	}
	above = append(slices.Clip(above), v)
	for _, ref := range membersIn(v).each {
		if inner := d.target(ref); d.step(ref) && inner.there() && !slices.Contains(above, inner) {
			d.led(ref)
			e.Members = append(e.Members, d.statement(inner, above))
		}
	}
	for _, component := range v.get("component").each {
		member := node.Entry{Kind: node.AnObservation, What: d.at(component.get("code")), Result: d.result(component),
			State: e.State, When: e.When}
		e.Members = append(e.Members, member)
	}
}

// at is the slot of a coded element; nil where there is none, or none that says anything.
func (d *decoder) at(v value) *translation.Slot {
	if !v.there() {
		return nil
	}
	if ext := extension(v, extCode); ext.there() {
		d.claim(ext)
		v = ext.get("valueCodeableConcept")
	}
	return d.places[v.at]
}

// allAt lists the slots of a list of concepts.
func (d *decoder) allAt(list value) []*translation.Slot {
	var found []*translation.Slot
	for _, v := range list.each {
		if slot := d.at(v); slot != nil {
			found = append(found, slot)
		}
	}
	return found
}

// when reads a moment or a period: the element's name with DateTime or Period behind it.
func (d *decoder) when(v value, name string) node.Period {
	if at := either(v, name+"DateTime", name+"Instant"); at.there() {
		return node.Period{From: d.take(at), To: at.text()}
	}
	return d.period(v.get(name + "Period"))
}

func (d *decoder) period(v value) node.Period {
	return node.Period{From: d.take(v.get("start")), To: d.take(v.get("end"))}
}
