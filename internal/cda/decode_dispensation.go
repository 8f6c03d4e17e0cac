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
	d.claimAll(child(section, "id"))
	d.doc.Header.Narrative = d.narrative(child(section, "text"), "")
	entries := each(section, "entry")
	if len(entries) != 1 {
		d.refuse("cda.entry", section, "a dispensation that does not name exactly one thing handed out")
		if len(entries) == 0 {
			return
		}
	}
	supply := child(entries[0], "supply")
	d.demand(supply.There(), "cda.entry", entries[0], "an entry that hands nothing out")
	d.claim(entries[0])
	d.claim(supply)
	given := &node.Dispensation{ID: d.doc.ID, Item: d.identifier(child(supply, "id")), Status: "completed", Patient: d.doc.Patient,
		HandedOver: d.handedOver(supply), Recorded: d.doc.Header.Written}
	given.Group = d.identifier(path(d.xml.Root(), "inFulfillmentOf", "order", "id"))
	d.demand(!given.Group.IsZero(), "cda.order", d.xml.Root(), "a dispensation that names no prescription")
	given.Pharmacist = d.dispenser(supply)
	given.Packages = d.packages(child(supply, "quantity"))
	given.Medication = d.product(path(supply, "product", "manufacturedProduct"), "medication")
	d.fulfilled(supply, given)
	d.doc.Dispensation = given
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
	for _, relation := range each(supply, "entryRelationship") {
		switch item, act := child(relation, "substanceAdministration"), child(relation, "act"); {
		case attr(relation, "typeCode") == "REFR" && item.There():
			d.claim(item)
			if id := d.identifier(child(item, "id")); !id.IsZero() {
				given.Prescription = id
			}
			if product := path(item, "consumable", "manufacturedProduct"); product.There() {
				m := d.product(product, "prescribed")
				given.Prescribed = &m
			}
		case attr(child(act, "code"), "code") == "SUBST":
			yes := attr(act, "negationInd") != "true"
			given.Substituted = &yes
			d.claim(act)
			d.coded(child(act, "code"), translation.Structural, "substitution.question")
		}
	}
}
