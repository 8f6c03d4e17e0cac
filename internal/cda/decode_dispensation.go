package cda

import (
	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// dispensation reads an eDispensation (template 1.2): one supply event, the prescription that it fulfils and the
// product as it was handed out. The document's own number is the dispensation's: with the peer it is the key by which
// nothing is recorded twice.
func (d *decoder) dispensation(body xmldom.Element) {
	section := d.oneSection(body, oid.DispensationSection)
	d.claimText(child(section, "id"))
	d.doc.Header.Narrative = d.narrative(child(section, "text"), "")
	entries := every(section, "entry")
	if len(entries) != 1 {
		d.refuse("cda.entry", section, "a dispensation that does not name exactly one thing handed out")
		if len(entries) == 0 {
			return
		}
	}
	d.ownMedicine(section)
	supply := d.single(entries[0], "supply")
	d.demand(supply.There(), "cda.entry", entries[0], "an entry that hands nothing out")
	d.claim(entries[0])
	d.claim(supply)
	d.handed(supply)
	given := &node.Dispensation{ID: d.doc.ID, Item: d.identifier(child(supply, "id")), Status: "completed", Patient: d.doc.Patient,
		HandedOver: d.handedOver(supply), Recorded: d.doc.Header.Written}
	given.Group = d.order()
	given.Pharmacist = d.dispenser(supply)
	given.Packages = d.packages(d.single(supply, "quantity"))
	given.Medication = d.product(d.single(d.single(supply, "product"), "manufacturedProduct"), "medication")
	d.fulfilled(supply, given)
	d.doc.Dispensation = given
}

// handed refuses a supply that tells of anything but a medicine that was handed out.
func (d *decoder) handed(supply xmldom.Element) {
	d.positive(supply)
	d.sound(supply)
	if mood := attr(supply, "moodCode"); mood != "EVN" && mood != "" {
		d.refuse("cda.mood", supply, "an entry that hands nothing out: it tells of something else")
	}
	switch attr(d.single(supply, "statusCode"), "code") {
	case "completed":
		d.sound(d.claim(child(supply, "statusCode")))
	case "":
	default:
		d.refuse("cda.status", supply, "a hand-out that did not come to its end")
	}
}

// order is the one prescription that a dispensation fulfils.
func (d *decoder) order() node.Identifier {
	var found node.Identifier
	for fulfils := range each(d.xml.Root(), "inFulfillmentOf") {
		for order := range each(fulfils, "order") {
			for id := range each(order, "id") {
				one := d.identifier(id)
				if !one.IsZero() && !found.IsZero() && one != found {
					d.refuse("cda.order", id, "a dispensation on two prescriptions")
				}
				if found.IsZero() {
					found = one
				}
			}
		}
	}
	d.demand(!found.IsZero(), "cda.order", d.xml.Root(), "a dispensation that names no prescription")
	return found
}

// handedOver is when the medicine was handed out: the performer's time, or the document's.
func (d *decoder) handedOver(supply xmldom.Element) string {
	if at := child(child(supply, "performer"), "time"); at.There() {
		if written := d.time(at); written != "" {
			return written
		}
	}
	return d.doc.Header.Written
}

// dispenser is who handed the medicine out: the performer, or the author of the document.
func (d *decoder) dispenser(supply xmldom.Element) node.Practitioner {
	entity := child(child(supply, "performer"), "assignedEntity")
	found := d.practitioner(entity, "pharmacist")
	if found.Family == "" && found.Organisation.Name == "" && found.ID.IsZero() {
		return d.doc.Header.Author
	}
	if found.Role == nil {
		found.Role = d.doc.Header.Author.Role
	}
	return found
}

// fulfilled reads the item that the medicine was handed out on, and whether it was substituted.
func (d *decoder) fulfilled(supply xmldom.Element, given *node.Dispensation) {
	given.Prescription = given.Group
	for _, relation := range d.relations(supply) {
		switch item, act := child(relation, "substanceAdministration"), child(relation, "act"); {
		case attr(relation, "typeCode") == "REFR" && item.There():
			d.claim(item)
			d.positive(item)
			if mood := moodOf(item); mood == "INT" || mood == "RQO" {
				d.heed(item)
			}
			if id := d.identifier(child(item, "id")); !id.IsZero() {
				if given.Prescription != given.Group && id != given.Prescription {
					d.refuse("cda.order", item, "a dispensation on two items of a prescription")
				}
				given.Prescription = id
			}
			if product := path(item, "consumable", "manufacturedProduct"); product.There() && given.Prescribed == nil {
				m := d.product(product, "prescribed")
				given.Prescribed = &m
			}
		case attr(child(act, "code"), "code") == "SUBST":
			yes := !negated(act)
			if given.Substituted != nil && *given.Substituted != yes {
				d.refuse("cda.twice", act, "a dispensation of another product and not of another one")
			}
			given.Substituted = &yes
			d.claim(act)
			if moodOf(act) == "EVN" {
				d.heed(act)
			}
			d.coded(child(act, "code"), translation.Structural, "substitution.question")
		}
	}
}
