package fhir

import (
	"crypto/sha1" //nolint:gosec // FHIR R4 Attachment.hash is SHA-1 by definition; SHA-256 stands in the Provenance
	"slices"
	"time"

	"sild/node"
	"sild/translation"
)

// provenance writes the Provenance entry: which code became which, by which map and release, made in which country,
// and from which original bytes.
func (e *encoder) provenance(id string, d *node.Document, targets []string) {
	e.entry(id, "Provenance", "")
	e.hops(d.Slots, nil)
	list := e.array("target")
	for _, target := range targets {
		e.reference("", target)
	}
	e.close(list)
	source := d.Source
	if e.withholds(d) {
		source = nil
	}
	e.provenanceEnd(d.At, countries(d.Slots, nil), source)
	e.endEntry("include")
}

// withholds says that something of the document stays at home: then neither its bytes nor their hash leave.
func (e *encoder) withholds(d *node.Document) bool {
	return len(e.cut) > 0 || d.Patient.Protected || d.Prescription() != nil && d.Prescription().Patient.Protected
}

// provenanceEnd writes when and by whom the steps were made, and what they were made from.
func (e *encoder) provenanceEnd(at time.Time, made []string, source []byte) {
	e.instant("recorded", at)
	e.agents(made)
	if len(source) == 0 {
		return
	}
	list := e.array("entity")
	mark := e.object("")
	e.text("role", "source")
	what := e.object("what")
	e.identifier("identifier", node.Identifier{System: systemSHA256, Value: hashOf(source)})
	e.close(what)
	e.close(mark)
	e.close(list)
}

// agents writes the nodes that made the hops. Where none is named, this node answers for the document.
func (e *encoder) agents(made []string) {
	if len(made) == 0 {
		made = []string{e.participant}
	}
	list := e.array("agent")
	for _, country := range made {
		agent := e.object("")
		e.who("who", country)
		e.close(agent)
	}
	e.close(list)
}

// who writes a reference to a contact point by its id in the trust list.
func (e *encoder) who(name, participant string) {
	mark := e.object(name)
	if participant != "" {
		e.identifier("identifier", node.Identifier{System: systemParticipant, Value: participant})
	} else {
		e.text("display", "National Contact Point for eHealth")
	}
	e.close(mark)
}

// hops writes the steps of all slots as extensions. fresh, where given, says from which step on a slot's are new; a
// slot that stands in something withheld is left out.
func (e *encoder) hops(slots []*translation.Slot, fresh map[*translation.Slot]int) {
	list := e.array("extension")
	for _, slot := range slots {
		if e.hidden(slot) {
			continue
		}
		for i := freshFrom(slot, fresh); i < len(slot.Hops); i++ {
			e.hop(slot, i)
		}
	}
	e.close(list)
}

// freshFrom is the index of the first step that belongs into this Provenance.
func freshFrom(slot *translation.Slot, fresh map[*translation.Slot]int) int {
	if fresh == nil {
		return 0
	}
	if from, known := fresh[slot]; known {
		return from
	}
	return len(slot.Hops)
}

func (e *encoder) hop(slot *translation.Slot, i int) {
	h := slot.Hops[i]
	mark := e.extension(extHop)
	list := e.array("extension")
	e.part("path", "valueString", e.place(slot.Path))
	e.part("kind", "valueCode", string(h.Kind))
	e.codingPart("from", h.From)
	e.codingPart("to", slot.To(i))
	e.part("relation", "valueCode", string(h.Relation))
	e.part("map", "valueString", h.Map)
	e.part("release", "valueString", h.Release)
	e.part("country", "valueCode", h.Country)
	e.flag("draft", h.Draft)
	e.close(list)
	e.close(mark)
}

func (e *encoder) codingPart(url string, c translation.Coding) {
	if c.IsZero() {
		return
	}
	mark := e.extension(url)
	e.coding("valueCoding", c, nil, false)
	e.close(mark)
}

// countries lists the countries that made the steps, in the order of their first one.
func countries(slots []*translation.Slot, fresh map[*translation.Slot]int) []string {
	var made []string
	for _, slot := range slots {
		for _, hop := range slot.Hops[freshFrom(slot, fresh):] {
			if hop.Country != "" && !slices.Contains(made, hop.Country) {
				made = append(made, hop.Country)
			}
		}
	}
	return made
}

// contentOf is the content type of a document in its source format.
func contentOf(format node.Format) string {
	if format == node.CDA3 || format == node.CDA1 {
		return xmlContent
	}
	return jsonContent
}

// original writes the DocumentReference entry with the bytes as the issuing country wrote them.
func (e *encoder) original(id string, d *node.Document, ids prescriptionIDs) {
	e.entry(id, "DocumentReference", "")
	e.text("status", "current")
	e.reference("subject", ids.patient)
	e.instant("date", d.At)
	list := e.array("content")
	content := e.object("")
	attachment := e.object("attachment")
	e.text("contentType", contentOf(d.Format))
	e.text("language", d.Language)
	e.bytes("data", d.Source)
	e.raw("size", itoa(len(d.Source)))
	sum := sha1.Sum(d.Source)
	e.bytes("hash", sum[:])
	e.close(attachment)
	e.close(content)
	e.close(list)
	context := e.object("context")
	related := e.array("related")
	e.reference("", ids.request)
	e.close(related)
	e.close(context)
	e.endEntry("include")
}
