package fhir

import (
	"sild/node"
	"sild/translation"
)

// fixed reads a slot that stands beside an element with a code of a closed list. Where it came without one, the code
// itself is read as the one that the value sets of MyHealth@EU have for it: it is alike in every country, so nothing is
// translated and it is no coded place of the document's own.
func (d *decoder) fixed(v value, name string, field translation.Field, pairs []paired) *translation.Slot {
	if slot := d.at(v.get("_" + name)); slot != nil {
		return slot
	}
	written := v.get(name)
	coding, ok := inPivot(pairs, written.text())
	if !ok {
		return nil
	}
	slot := translation.NewSlot(field, written.path(), coding)
	slot.Span = written.span()
	return slot
}

func (d *decoder) allergy(v value, e *node.Entry) {
	e.What, e.Status = d.at(v.get("code")), d.at(v.get("clinicalStatus"))
	d.certainty(v, e)
	e.Type = d.fixed(v, "type", translation.Other, allergyTypes())
	e.Criticality = d.fixed(v, "criticality", translation.Criticality, criticalities())
	if grave := extension(v, extSeverity); grave.there() {
		e.Severity = d.at(d.claim(grave).get("valueCodeableConcept"))
	}
	e.When, e.Recorded = onset(v), v.get("recordedDate").text()
	for _, r := range v.get("reaction").each {
		e.Reactions = append(e.Reactions, node.Reaction{Manifestations: d.allAt(r.get("manifestation")), When: r.get("onset").text(),
			Severity: d.fixed(r, "severity", translation.Severity, severities())})
	}
}

// onset is when something began; a period there is the time in which it did.
func onset(v value) node.Period {
	if at := v.get("onsetDateTime"); at.there() {
		return node.Period{From: at.text()}
	}
	return node.Period{From: v.walk("onsetPeriod", "start").text()}
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
	e.When, e.Recorded = onset(v), v.get("recordedDate").text()
	e.When.To = either(v, "abatementDateTime", "abatementString").text()
	if ended := v.get("abatementPeriod"); ended.there() {
		e.When.To = orElse(ended.get("end").text(), ended.get("start").text())
	}
	if e.When.To != "" && !dateIs(e.When.To, "dateTime") {
		e.When.To = ""
	}
}

func (d *decoder) procedure(v value, e *node.Entry) {
	e.What, e.Type = d.at(v.get("code")), d.at(v.get("category"))
	e.Site, e.Reasons = d.at(v.get("bodySite").item(0)), d.allAt(v.get("reasonCode"))
	e.When = when(v, "performed")
}

// deviceUse reads a device and how long it has been used; a Device alone says nothing of its use.
func (d *decoder) deviceUse(v value, e *node.Entry) {
	device := v
	if ref := v.get("device"); ref.there() {
		device = d.target(ref)
	}
	e.What = d.at(device.get("type"))
	e.Site, e.Reasons = d.at(v.get("bodySite")), d.allAt(v.get("reasonCode"))
	e.When, e.Recorded = when(v, "timing"), v.get("recordedOn").text()
}

func (d *decoder) immunisation(v value, e *node.Entry) {
	e.What, e.Site = d.at(v.get("vaccineCode")), d.at(v.get("site"))
	e.When, e.Recorded = when(v, "occurrence"), v.get("recorded").text()
	dosage := node.Dosage{Route: d.at(v.get("route")), Dose: d.measured(v.get("doseQuantity"))}
	if !isSilent(dosage) {
		e.Dosage = []node.Dosage{dosage}
	}
	protocol := v.get("protocolApplied").item(0)
	e.Reasons = append(d.allAt(protocol.get("targetDisease")), d.allAt(v.get("reasonCode"))...)
	e.Number = either(protocol, "doseNumberPositiveInt", "doseNumberString").text()
	if ext := extension(v, extProductGiven); ext.there() {
		if given := d.target(extension(ext, "reference").get("valueReference")); given.there() {
			d.claim(ext)
			m := d.medicineAt(given, nil)
			e.Medication = &m
			return
		}
	}
	if maker := v.walk("manufacturer", "display").text(); maker != "" {
		e.Medication = &node.Medication{Holder: maker}
	}
}

func (d *decoder) plan(v value, e *node.Entry) {
	e.Type = d.at(v.get("category").item(0))
	activity := v.get("activity").item(0).get("detail")
	e.What, e.Reasons = d.at(activity.get("code")), d.allAt(activity.get("reasonCode"))
	if e.What == nil && !activity.get("code").there() {
		e.What, e.Type = e.Type, nil
	}
	e.When, e.Recorded = periodOf(v.get("period")), v.get("created").text()
	if e.Text == "" {
		e.Text = orElse(v.get("description").text(), activity.get("description").text())
	}
}

func (d *decoder) directive(v value, e *node.Entry) {
	e.What, e.Recorded = d.at(v.get("category").item(0)), v.get("dateTime").text()
	provision := v.get("provision")
	e.When, e.Result.Code = periodOf(provision.get("period")), d.at(provision.get("code").item(0))
}

// observation reads a question with its answer, or a report of several.
func (d *decoder) observation(v value, e *node.Entry) {
	e.What, e.Type, e.Site = d.at(v.get("code")), d.at(v.get("category").item(0)), d.at(v.get("bodySite"))
	e.When, e.Recorded = when(v, "effective"), v.get("issued").text()
	e.Result = d.result(v)
	if e.Text == "" {
		e.Text = v.get("conclusion").text()
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
	if e.When = periodOf(v.get("period")); e.When == (node.Period{}) {
		e.When = when(v, "effective")
	}
	if e.Text == "" {
		e.Text = orElse(v.get("description").text(), v.get("summary").text())
	}
}

// result reads the answer of an observation or of one of its components.
func (d *decoder) result(v value) node.Result {
	r := node.Result{Code: d.at(v.get("valueCodeableConcept")), Quantity: d.measured(v.get("valueQuantity")),
		Text: v.get("valueString").text(), Date: v.get("valueDateTime").text(), Interpretation: d.at(v.get("interpretation").item(0))}
	if span := v.get("valueRange"); span.there() {
		r.Quantity, r.High = d.measured(span.get("low")), d.measured(span.get("high"))
	}
	if number := v.get("valueInteger"); number.there() {
		r.Quantity = node.Quantity{Value: number.text()}
	}
	if said := either(v, "valueBoolean", "valueTime"); said.there() {
		r.Text = said.text()
	}
	if q := v.get("valueQuantity"); q.get("comparator").there() && r.Quantity.Unit == nil {
		r.Text, r.Quantity = q.get("comparator").text()+q.get("value").text(), node.Quantity{} // a bare number has no room for it
	}
	return r
}

// measured is a quantity whose unit is a slot already.
func (d *decoder) measured(v value) node.Quantity {
	q := node.Quantity{Value: v.get("value").text(), Unit: d.at(v)}
	if q.Unit != nil && q.Unit.Amount != "" {
		q.Value = q.Unit.Number
	}
	return q
}
