package fhir

import (
	"math/big"
	"strings"

	"sild/node"
	"sild/translation"
)

// finnish reads the Finnish national form: a collection Bundle of FHIR R4 with one MedicationRequest, to which the
// register has added the medicine's entry of the national medicine list.
func (d *decoder) finnish() {
	v := d.one("MedicationRequest", "fhir.prescription-count")
	if !v.there() {
		return
	}
	d.doc.Kind, d.doc.Language = node.APrescription, orElse(v.get("language").text(), "fi")
	d.thePatient(false)
	p := d.request(v, "")
	p.ID = d.prescriptionID(v, systemKantaID+"setId") // the same in every version of the document, unlike its id
	p.Version = d.take(extension(v, extKantaVersion).get("valuePositiveInt"))
	p.Indication = d.indications(v.get("reasonCode"), func(v value) value { return v }, "")
	d.kantaNotes(v, p)
	medicine, at := d.medicine(v.get("medicationReference"), "")
	p.Medication = d.listed(medicine, at)
	p.Amount = d.finnishAmount(v.get("dispenseRequest"), p.Medication)
	p.Amount.Left = d.left(p, v)
	p.Classes = d.finnishClasses(v, at, p)
	d.doc.Prescriptions = []*node.Prescription{p}
}

func hasKantaID(request value) bool {
	for _, id := range request.get("identifier").each {
		if strings.HasPrefix(id.get("system").text(), systemKantaID) {
			return true
		}
	}
	return false
}

// kantaNotes reads what Kanta keeps beside the dosage: what the medicine is for, in words, and whether it is taken only
// when needed, which counts for every dosage that does not say so itself.
func (d *decoder) kantaNotes(v value, p *node.Prescription) {
	if usage := d.take(extension(v, extKantaUsage).get("valueString")); usage != "" {
		p.Notes = append(p.Notes, usage)
	}
	needed := d.flag(extension(v, extKantaIfNeeded).get("valueBoolean"))
	for i := range p.Dosage {
		if p.Dosage[i].AsNeeded == nil {
			p.Dosage[i].AsNeeded = needed
		}
	}
}

// listed completes a medicine from the medicine list by its package number (VNR): dose form, substances, strength and
// package size. The prescription itself gives them only as text, and text is never parsed. Without a list entry they
// stay absent, and the prescription will be refused where they are required.
func (d *decoder) listed(m node.Medication, own value) node.Medication {
	if m.Product == nil || m.Product.Original().System != systemVNR {
		return m
	}
	v := d.listEntry(listPrefix + m.Product.Original().Code)
	if !v.there() {
		return m
	}
	list := d.medication(v, "medication")
	m.Form, m.Package, m.Ingredients, m.Parts = list.Form, list.Package, list.Ingredients, list.Parts
	if words := own.walk("form", "text"); m.Form != nil && words.there() {
		m.Form.Text = words.text()
		d.claim(own.get("form"))
	}
	return m
}

func (d *decoder) listEntry(id string) value {
	n, ok := d.byType["Medication/"+id]
	if !ok || n < 0 {
		return value{}
	}
	for _, tag := range d.entries[n].resource.walk("meta", "tag").each {
		if tag.get("system").text() == systemDemo && tag.get("code").text() == medicineList {
			d.claim(tag)
			return d.entries[n].resource
		}
	}
	return value{}
}

// finnishAmount reads how much was prescribed: so many packages, or a total amount, or a time for which no amount can
// be told.
func (d *decoder) finnishAmount(v value, m node.Medication) node.Amount {
	var amount node.Amount
	amount.Total = d.quantity(extension(v, extKantaTotal).get("valueQuantity"), translation.PackageUnit, "amount.total")
	if firstType(v) == byDuration {
		return amount
	}
	counted := extension(v, extKantaPackage)
	packages := d.take(extension(counted, "packageAmount").get("valuePositiveInt"))
	factor := d.take(extension(counted, "packageFactor").get("valuePositiveInt"))
	if packages != "" {
		amount.Packages = times(packages, orElse(factor, "1"))
	}
	if amount.Packages == "" {
		amount.Packages = packagesIn(amount.Total, m)
	}
	return amount
}

func firstType(dispenseRequest value) string {
	return extension(dispenseRequest, extKantaAmountKind).walk("valueCoding", "code").text()
}

// byDuration is the code of a prescription for a time (code list 1.2.246.537.5.40100.2006).
const byDuration = "3"

func times(a, b string) string {
	x, okX := node.Decimal(a)
	y, okY := node.Decimal(b)
	if !okX || !okY {
		return ""
	}
	product := new(big.Rat).Mul(x, y)
	if !product.IsInt() || product.Sign() <= 0 {
		return ""
	}
	return product.Num().String()
}

// finnishClasses reads the legal classes out of the national codes.
func (d *decoder) finnishClasses(v, medicine value, p *node.Prescription) []node.Class {
	var classes []node.Class
	add := func(is bool, class node.Class) {
		if is {
			classes = append(classes, class)
		}
	}
	is := func(holder value, url string) bool {
		return d.take(extension(holder, url).get("valueBoolean")) == "true"
	}
	kind := extension(medicine, extKantaType).walk("valueCoding", "code").text()
	dispense := v.get("dispenseRequest")
	add(is(medicine, extKantaNarcotic), node.Narcotic)
	add(extension(medicine, extKantaCNS).there(), node.CentralActing)
	add(kind == "2", node.SpecialPermit)
	add(kind == "3", node.Compounded)
	add(kind == "4" || kind == "5", node.Nutrition)
	add(kind == "6", node.Device)
	add(len(p.Medication.Parts) > 0, node.Kit)
	add(dispense.get("numberOfRepeatsAllowed").there() && dispense.get("dispenseInterval").there(), node.Iterated)
	add(firstType(dispense) == byDuration, node.ByDuration)
	add(is(v, extKantaDosed), node.DoseDispensed)
	add(is(v, extKantaBan), node.Banned)
	add(p.Status == node.OnHold, node.Reserved)
	return classes
}
