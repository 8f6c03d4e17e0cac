package cda

import (
	"bytes"
	"strings"
	"time"

	"sild/internal/cda/oid"
	"sild/internal/splice"
	"sild/internal/xmldom"
	"sild/node"
)

// EncodeNationalDispense writes a dispensation made abroad as a country that keeps its prescriptions as CDA notes it on
// the prescription: a supply event (CDA R2 4.3.8.5 Supply) under the item that it was handed out on, with the number of
// packages, what they take off the prescription where they are of another size, and when. An id without a system is one of this country's own. A dispensation without packages is an error of
// kind Invalid.
func (t Tongue) EncodeNationalDispense(d *node.Dispensation) ([]byte, error) {
	if _, ok := node.Decimal(d.Packages); !ok {
		return nil, &node.Error{Op: "cda.dispense", Kind: node.Invalid, Reason: "dispensation.packages",
			Detail: "The dispensation does not say how many packages were handed out."}
	}
	b := []byte(`<entryRelationship typeCode="REFR"><supply classCode="SPLY" moodCode="EVN">` +
		`<templateId root="2.16.840.1.113883.10.20.1.34"/>`)
	b = t.appendID(b, d.ID)
	b = append(b, `<statusCode code="completed"/>`...)
	if at := pointInTime(d.HandedOver); at != "" {
		b = append(append(append(b, `<effectiveTime value="`...), at...), `"/>`...)
	}
	b = append(xmldom.AppendAttr(append(b, `<quantity value="`...), d.Packages), `" unit="1">`...)
	b = append(appendPart(b, d), `</quantity>`...)
	if d.Medication.Name != "" {
		b = append(b, `<product><manufacturedProduct><manufacturedMaterial><name>`...)
		b = append(xmldom.AppendText(b, d.Medication.Name), `</name></manufacturedMaterial></manufacturedProduct></product>`...)
	}
	return append(b, `</supply></entryRelationship>`...), nil
}

// partOfPackage begins the unit of UCUM for a part of a package: {Package}/2 is a half.
const partOfPackage = "{Package}/"

// appendPart writes what a dispensation takes off its prescription, in packages as prescribed, where that is not its number
// of packages: an exact part, in the one place that a quantity has for another way of counting it (PQR).
func appendPart(b []byte, d *node.Dispensation) []byte {
	takes, ok := node.Packages(d.Takes)
	if !ok || d.Takes == d.Packages {
		return b
	}
	b = append(b, `<translation value="`+takes.Num().String()+`" code="`+partOfPackage+takes.Denom().String()+`" codeSystem="`+oid.UCUM...)
	return append(b, `" codeSystemName="UCUM"/>`...)
}

func (t Tongue) appendID(b []byte, id node.Identifier) []byte {
	if id.System == "urn:ietf:rfc:3986" && strings.HasPrefix(id.Value, oidPrefix) {
		b = xmldom.AppendAttr(append(b, `<id root="`...), strings.TrimPrefix(id.Value, oidPrefix))
		return append(b, `"/>`...)
	}
	root, _, ok := t.number(id.System)
	if !ok {
		return append(b, `<id nullFlavor="OTH"/>`...)
	}
	b = xmldom.AppendAttr(append(b, `<id root="`...), root)
	b = xmldom.AppendAttr(append(b, `" extension="`...), id.Value)
	return append(b, `"/>`...)
}

// pointInTime writes a FHIR date or instant as HL7 v3 does, with its own offset; empty for anything else.
func pointInTime(written string) string {
	if at, err := time.Parse(time.RFC3339, written); err == nil {
		return at.Format("20060102150405-0700")
	}
	if _, err := time.Parse(time.DateOnly, written); err == nil {
		return strings.ReplaceAll(written, "-", "")
	}
	return ""
}

// Nullified is a noted dispensation as it stands after it was taken back.
func Nullified(note []byte) []byte {
	return bytes.Replace(note, []byte(`<statusCode code="completed"/>`), []byte(`<statusCode code="nullified"/>`), 1)
}

// WithNotes is a national prescription with what was noted on it: the dispensations behind everything else of its one
// item, and the status that the register gives it, in the words of FHIR; an empty status leaves the document's own.
// Everything else stays byte for byte.
func (t Tongue) WithNotes(source []byte, notes [][]byte, status node.Status) ([]byte, error) {
	x, err := xmldom.Parse(source, t.Limits)
	if err != nil {
		return nil, malformed(err)
	}
	section := path(x.Root(), "component", "structuredBody", "component", "section")
	items := every(section, "entry")
	item := path(section, "entry", "substanceAdministration")
	if len(items) != 1 || !item.There() {
		return nil, &node.Error{Op: "cda.note", Kind: node.Invalid, Reason: "cda.entry",
			Detail: "Only a prescription of one item can be noted on."}
	}
	s := &splicer{tongue: t, xml: x, src: source}
	if code, ok := actStatus(status); ok {
		s.setAttribute(child(item, "statusCode"), "code", code)
	}
	var all []byte
	for _, note := range notes {
		if space, _ := item.Resolve(""); space != oid.V3 {
			note = append([]byte(`<entryRelationship xmlns="`+oid.V3+`"`), note[len("<entryRelationship"):]...)
		}
		all = append(all, note...)
	}
	if len(all) > 0 {
		s.put(item, all)
	}
	return splice.Apply(source, s.edits)
}

// actStatus is a prescription's status as HL7 v3 ActStatus.
func actStatus(status node.Status) (string, bool) {
	switch status {
	case node.Active:
		return "active", true
	case node.OnHold:
		return "suspended", true
	case node.Completed:
		return "completed", true
	case node.Stopped:
		return "aborted", true
	case node.Cancelled:
		return "cancelled", true
	case node.InError:
		return "nullified", true
	}
	return "", false
}
