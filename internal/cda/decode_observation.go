package cda

import (
	"strconv"
	"strings"

	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// The questions that observations under an observation answer (LOINC, HL7 ActCode).
const (
	askStatus       = "33999-4"
	askHealth       = "11323-3"
	askCertainty    = "66455-7"
	askCriticality  = "82606-5"
	askSeverity     = "SEV"
	mostUnderlyings = 64
)

// observation reads an observation: of a problem its code is in the value, of an allergy in the participant, of anything
// else in its own code.
func (d *decoder) observation(e xmldom.Element, kind node.EntryKind, at string) node.Entry {
	found := d.begin(e, kind)
	code, value := child(e, "code"), child(e, "value")
	switch kind {
	case node.AProblem:
		found.Type = d.coded(code, translation.Other, at+".type")
		found.What = d.coded(value, translation.Diagnosis, at+".problem")
	case node.AnAllergy:
		d.allergy(e, at, &found)
	default:
		found.What = d.coded(code, translation.Observation, at+".question")
		found.Result = d.result(value, at+".answer")
	}
	found.Result.Interpretation = d.coded(child(e, "interpretationCode"), translation.Structural, at+".interpretation")
	found.Site = d.coded(child(e, "targetSiteCode"), translation.BodySite, at+".site")
	d.underlying(e, kind, at, &found)
	return found
}

// allergy reads what somebody is allergic to: the participant, or the value where it says that there is nothing.
func (d *decoder) allergy(e xmldom.Element, at string, into *node.Entry) {
	into.Type = d.coded(child(e, "code"), translation.Other, at+".type")
	value := child(e, "value")
	for participant := range each(e, "participant") {
		entity := path(participant, "participantRole", "playingEntity")
		if attr(participant, "typeCode") != "CSM" || !entity.There() || into.What != nil {
			continue // the record holds one allergen: another is residue
		}
		d.claim(entity)
		if code := child(entity, "code"); attr(code, "code") == "" && attr(value, "code") != "" && !child(code, "translation").There() {
			d.claimNull(code) // the value says what the participant does not
		} else {
			into.What = d.coded(code, translation.Allergen, at+".allergen")
		}
		if name := child(entity, "name"); into.Text == "" {
			into.Text = d.text(name)
		} else {
			d.repeated(name, into.What)
		}
	}
	switch {
	case attr(value, "code") == "":
		d.claimNull(value)
	case into.What == nil || into.What.Current.Code == "":
		into.What = d.coded(value, translation.Allergen, at+".allergen")
	default:
		d.coded(value, translation.Other, at+".kind")
	}
}

// claimNull claims an element that only says that it is empty.
func (d *decoder) claimNull(e xmldom.Element) {
	if _, null := e.Attr("nullFlavor"); null && e.First() == (xmldom.Element{}) {
		d.claim(e)
	}
}

// underlying reads the observations under one: what the concern's status is, how sure, how grave, and how it showed.
func (d *decoder) underlying(e xmldom.Element, kind node.EntryKind, at string, into *node.Entry) {
	relations := d.relations(e)
	if len(relations) > mostUnderlyings {
		d.refuse("cda.entry", e, "more statements under one than any summary has")
		return
	}
	for i, relation := range relations {
		inner := child(relation, "observation")
		member := kind == node.AnObservation || kind == node.APanel
		if !inner.There() || !isFact(inner, "") || negated(inner) && !member {
			continue // what is denied of a problem or an allergy is residue
		}
		code := attr(child(inner, "code"), "code")
		switch {
		case negated(inner):
			into.Members = append(into.Members, d.observation(inner, node.AnObservation, at+".member["+strconv.Itoa(i)+"]"))
		case attr(relation, "typeCode") == "MFST":
			into.Reactions = append(into.Reactions, d.reaction(inner, at+".reaction["+strconv.Itoa(len(into.Reactions))+"]"))
		case code == askStatus:
			into.Status = d.answer(inner, translation.ClinicalStatus, at+".status")
		case code == askCertainty:
			into.Certainty = d.answer(inner, translation.Certainty, at+".certainty")
		case code == askCriticality:
			into.Criticality = d.answer(inner, translation.Criticality, at+".criticality")
		case code == askSeverity:
			into.Severity = d.answer(inner, translation.Severity, at+".severity")
		case code == askHealth && kind == node.AProblem:
			d.answer(inner, translation.Other, at+".health")
		case member:
			into.Members = append(into.Members, d.observation(inner, node.AnObservation, at+".member["+strconv.Itoa(i)+"]"))
		}
	}
}

// answer reads an observation that asks a fixed question: only its value counts.
func (d *decoder) answer(e xmldom.Element, field translation.Field, at string) *translation.Slot {
	d.claim(e)
	d.claimText(child(e, "statusCode"))
	d.claimText(child(e, "id"))
	d.pointer(child(e, "text"))
	d.coded(child(e, "code"), translation.Structural, at+".question")
	value := child(e, "value")
	if attr(value, "code") == "" && !child(value, "translation").There() {
		d.claimNull(value)
		if absence(value) == "" {
			return nil
		}
	}
	return d.coded(value, field, at)
}

// reaction reads how an allergy showed (template 3.44).
func (d *decoder) reaction(e xmldom.Element, at string) node.Reaction {
	d.claim(e)
	d.claimText(child(e, "statusCode"))
	d.claimText(child(e, "id"))
	d.pointer(child(e, "text"))
	var r node.Reaction
	d.coded(child(e, "code"), translation.Other, at+".type")
	if slot := d.coded(child(e, "value"), translation.Reaction, at+".manifestation"); slot != nil {
		r.Manifestations = append(r.Manifestations, slot)
	}
	r.When = d.start(child(e, "effectiveTime"))
	for _, relation := range d.relations(e) {
		if inner := child(relation, "observation"); attr(child(inner, "code"), "code") == askSeverity && tells(inner) {
			r.Severity = d.answer(inner, translation.Severity, at+".severity")
		}
	}
	return r
}

// result reads the answer of an observation by its type.
func (d *decoder) result(e xmldom.Element, at string) node.Result {
	var r node.Result
	if !e.There() {
		return r
	}
	switch typeOf(e) {
	case "PQ", "REAL", "INT", "MO":
		r.Quantity = d.quantity(e, translation.ResultUnit, at)
	case "IVL_PQ", "IVL_REAL", "IVL_INT":
		if excluded(child(e, "low")) || excluded(child(e, "high")) {
			return r // the record would say that the bound is part of the range
		}
		d.claim(e)
		r.Quantity = d.quantity(child(e, "low"), translation.ResultUnit, at+".low")
		r.High = d.quantity(child(e, "high"), translation.ResultUnit, at+".high")
	case "ST", "ED", "SC":
		r.Text = d.words(e)
	case "TS", "IVL_TS":
		r.Date = d.start(e)
	case "BL":
		r.Text = strings.ToLower(d.take(e, "value"))
	default:
		if attr(e, "code") != "" || child(e, "translation").There() || absence(e) != "" || child(e, "originalText").There() {
			r.Code = d.coded(e, translation.ObservationValue, at)
		}
	}
	return r
}
