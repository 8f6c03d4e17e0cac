package cda

import (
	"bytes"
	"encoding/base64"
	"strings"

	"sild/internal/xmldom"
	"sild/node"
)

// levelOne reads a document whose body is a PDF. The PDF is kept byte for byte; the record holds what the header says.
func (d *decoder) levelOne(root, body xmldom.Element) {
	d.doc.Format = node.CDA1
	text := child(body, "text")
	switch {
	case !body.There():
		d.refuse("cda.body", root, "a document without a body")
		return
	case attr(text, "mediaType") != "application/pdf" || attr(text, "representation") != "B64":
		d.refuse("cda.pdf", body, "a body that is no PDF in base 64")
	}
	if d.err != nil {
		return
	}
	pages, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text.Text()), ""))
	if err != nil || !bytes.HasPrefix(pages, []byte("%PDF-")) {
		d.refuse("cda.pdf", text, "a PDF that cannot be read")
	}
	if d.claim(text).There() {
		d.told[text.Index()] = true
	}
	d.doc.Pages = pages
	d.headerRecord()
}

// headerRecord is as much of a record as a header tells.
func (d *decoder) headerRecord() {
	doc := d.doc
	switch doc.Kind {
	case node.APrescription:
		doc.Prescriptions = []*node.Prescription{{ID: doc.ID, Patient: doc.Patient, Prescriber: doc.Header.Author,
			Authored: doc.Header.Written, Language: doc.Language}}
	case node.ADispensation:
		order := d.order()
		doc.Dispensation = &node.Dispensation{ID: doc.ID, Status: "completed", Patient: doc.Patient, Prescription: order, Group: order,
			Pharmacist: doc.Header.Author, Recorded: doc.Header.Written}
	default:
		doc.Summary = &node.Summary{ID: doc.ID, Date: doc.Header.Written, Title: doc.Header.Title, Patient: doc.Patient,
			Author: authorName(doc.Header.Author), Language: doc.Language}
	}
}

// authorName is the author in one line.
func authorName(p node.Practitioner) string {
	if name := strings.TrimSpace(strings.Join(append(append([]string(nil), p.Given...), p.Family), " ")); name != "" {
		return name
	}
	return p.Organisation.Name
}
