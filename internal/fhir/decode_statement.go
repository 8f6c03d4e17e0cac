package fhir

import (
	"sild/node"
	"sild/translation"
)

// fixed reads an element with a bare code of a closed list. Where a contact point wrote the source's own code beside it,
// that is the coded place, and the code of the list only says the same. Otherwise the bare code is the coded place: it
// is read as the code that the value sets of MyHealth@EU have for it, or as it stands where they have none.
func (d *decoder) fixed(v value, name string, field translation.Field, list closed) *translation.Slot {
	written, beside := v.get(name), v.get("_"+name)
	if slot := d.at(beside); slot != nil {
		d.hold(written)
		return slot
	}
	if !written.there() {
		return nil
	}
	slot := d.lone(written, field, list.inPivot(d.take(written)))
	slot.Rendered, slot.Language = d.rendered(beside)
	if d.handled {
		for _, words := range extensions(beside, extTranslation) {
			d.claim(words)
		}
	}
	return slot
}

// lone makes a slot of a value that is no coded element by its type: only the field of the record that it is read into
// tells that it is a code. What two statements hold in common is one slot.
func (d *decoder) lone(v value, field translation.Field, coding translation.Coding) *translation.Slot {
	if slot := d.places[v.at]; slot != nil {
		return slot
	}
	slot := translation.NewSlot(field, v.path(), coding)
	if _, n := d.holder(v); n >= 0 && d.paths[n].path != "" {
		slot.Path = pathFrom(d.paths[n].path, v, d.entries[n].resource)
		section := &d.doc.Summary.Sections[d.paths[n].section]
		section.Slots = append(section.Slots, slot)
	}
	return d.enlist(v, slot)
}

func (d *decoder) allergy(v value, e *node.Entry) {
	e.What, e.Status = d.at(v.get("code")), d.at(v.get("clinicalStatus"))
	d.certainty(v, e)
	e.Type = d.fixed(v, "type", translation.Other, allergyTypes())
	e.Criticality = d.fixed(v, "criticality", translation.Criticality, criticalities())
	if grave := extension(v, extSeverity); grave.there() {
		e.Severity = d.at(d.claim(grave).get("valueCodeableConcept"))
	}
	e.When, e.Recorded = d.onset(v), d.take(v.get("recordedDate"))
	for _, r := range v.get("reaction").each {
		e.Reactions = append(e.Reactions, node.Reaction{Manifestations: d.allAt(r.get("manifestation")), When: d.take(r.get("onset")),
			Severity: d.fixed(r, "severity", translation.Severity, severities())})
	}
}

// onset is when something began; a period there is the time in which it did.
func (d *decoder) onset(v value) node.Period {
	return node.Period{From: d.takeFirst(v.get("onsetDateTime"), v.walk("onsetPeriod", "start"))}
}

// certainty reads how sure a statement is. A refuted one is denied, and one that was entered in error is none.
func (d *decoder) certainty(v value, e *node.Entry) {
	e.Certainty = d.at(v.get("verificationStatus"))
	for _, coding := range v.walk("verificationStatus", "coding").each {
		switch coding.get("code").text() {
		case "refuted":
			e.Negated = true
		case string(node.InError):
			e.State = string(node.InError)
		}
	}
}

func (d *decoder) problem(v value, e *node.Entry) {
	e.What, e.Status, e.Severity = d.at(v.get("code")), d.at(v.get("clinicalStatus")), d.at(v.get("severity"))
	d.certainty(v, e)
	e.Type, e.Site = d.at(v.get("category").item(0)), d.at(v.get("bodySite").item(0))
	e.When, e.Recorded = d.onset(v), d.take(v.get("recordedDate"))
	ended := either(v, "abatementDateTime", "abatementString")
	if span := v.get("abatementPeriod"); span.there() {
		ended = either(span, "end", "start")
	}
	if dateIs(ended.text(), "dateTime") {
		e.When.To = d.take(ended)
	}
}

func (d *decoder) procedure(v value, e *node.Entry) {
	e.What, e.Type = d.at(v.get("code")), d.at(v.get("category"))
	e.Site, e.Reasons = d.at(v.get("bodySite").item(0)), d.allAt(v.get("reasonCode"))
	e.When = d.when(v, "performed")
}

// deviceUse reads a device and how long it has been used; a Device alone says nothing of its use.
func (d *decoder) deviceUse(v value, e *node.Entry) {
	device := v
	if ref := v.get("device"); ref.there() {
		device = d.led(ref)
	}
	e.What = d.at(device.get("type"))
	e.Site, e.Reasons = d.at(v.get("bodySite")), d.allAt(v.get("reasonCode"))
	e.When, e.Recorded = d.when(v, "timing"), d.take(v.get("recordedOn"))
}

func (d *decoder) immunisation(v value, e *node.Entry) {
	e.What, e.Site = d.at(v.get("vaccineCode")), d.at(v.get("site"))
	e.When, e.Recorded = d.when(v, "occurrence"), d.take(v.get("recorded"))
	dosage := node.Dosage{Route: d.at(v.get("route")), Dose: d.measured(v.get("doseQuantity"))}
	if !isSilent(dosage) {
		e.Dosage = []node.Dosage{dosage}
	}
	protocol := v.get("protocolApplied").item(0)
	e.Reasons = append(d.allAt(protocol.get("targetDisease")), d.allAt(v.get("reasonCode"))...)
	e.Number = d.take(either(protocol, "doseNumberPositiveInt", "doseNumberString"))
	if ext := extension(v, extProductGiven); ext.there() {
		if given := d.target(extension(ext, "reference").get("valueReference")); given.there() {
			d.claim(ext)
			m := d.medicineAt(given, nil)
			e.Medication = &m
			return
		}
	}
	if maker := d.take(v.walk("manufacturer", "display")); maker != "" {
		e.Medication = &node.Medication{Holder: maker}
	}
}

func (d *decoder) plan(v value, e *node.Entry) {
	e.Type = d.at(v.get("category").item(0))
	activity := v.get("activity").item(0).get("detail")
	if intent := v.get("intent"); intent.text() == "plan" {
		d.hold(intent) // the kind of the statement says it
	}
	if status := activity.get("status"); status.text() == "unknown" {
		d.hold(status)
	}
	e.What, e.Reasons = d.at(activity.get("code")), d.allAt(activity.get("reasonCode"))
	if e.What == nil && !activity.get("code").there() {
		e.What, e.Type = e.Type, nil
	}
	e.When, e.Recorded = d.period(v.get("period")), d.take(v.get("created"))
	if e.Text == "" {
		e.Text = d.takeFirst(v.get("description"), activity.get("description"))
	}
}

func (d *decoder) directive(v value, e *node.Entry) {
	e.What, e.Recorded = d.at(v.get("category").item(0)), d.take(v.get("dateTime"))
	provision := v.get("provision")
	e.When, e.Result.Code = d.period(provision.get("period")), d.at(provision.get("code").item(0))
}

// observation reads a question with its answer, or a report of several.
func (d *decoder) observation(v value, e *node.Entry) {
	e.What, e.Type, e.Site = d.at(v.get("code")), d.at(v.get("category").item(0)), d.at(v.get("bodySite"))
	e.When, e.Recorded = d.when(v, "effective"), d.take(v.get("issued"))
	e.Result = d.result(v)
	if e.Text == "" {
		e.Text = d.take(v.get("conclusion"))
	}
}

// another reads a resource of a type that the record has no kind for: its code, its time and its words.
func (d *decoder) another(v value, e *node.Entry) {
	for _, name := range []string{"code", "type", "category"} {
		for _, holder := range []value{v.get(name), v.get(name).item(0)} {
			if slot := d.at(holder); slot != nil && e.What == nil {
				e.What = slot
			}
		}
	}
	if e.When = d.period(v.get("period")); e.When == (node.Period{}) {
		e.When = d.when(v, "effective")
	}
	if e.Text == "" {
		e.Text = d.takeFirst(v.get("description"), v.get("summary"))
	}
}

// result reads the answer of an observation or of one of its components.
func (d *decoder) result(v value) node.Result {
	r := node.Result{Code: d.at(v.get("valueCodeableConcept")), Date: d.take(v.get("valueDateTime")),
		Interpretation: d.at(v.get("interpretation").item(0))}
	amount, span, number := v.get("valueQuantity"), v.get("valueRange"), v.get("valueInteger")
	switch {
	case number.there():
		r.Quantity = node.Quantity{Value: d.take(number)}
	case span.there():
		r.Quantity, r.High = d.measured(span.get("low")), d.measured(span.get("high"))
	case amount.get("comparator").there() && d.at(amount) == nil: // a bare number has no room for it
		r.Text = d.take(amount.get("comparator")) + d.take(amount.get("value"))
		return r
	default:
		r.Quantity = d.measured(amount)
	}
	said := either(v, "valueBoolean", "valueTime")
	if !said.there() {
		said = v.get("valueString")
	}
	r.Text = d.take(said)
	return r
}

// measured is a quantity whose unit is a slot already.
func (d *decoder) measured(v value) node.Quantity {
	q := node.Quantity{Value: d.take(v.get("value")), Unit: d.at(v)}
	if q.Unit != nil && q.Unit.Amount != "" {
		q.Value = q.Unit.Number
	}
	return q
}
