package fhir

import (
	"slices"
	"strings"

	"sild/node"
)

// holding says where a value of a summary is kept once its bytes are gone, because another form is written from the
// record.
type holding uint8

const (
	loose holding = iota // nowhere: another form loses it
	kept                 // in a field of the record or in a slot
	apart                // nowhere, and a reference that may be cut from what stays
)

// hold notes that a field of the record holds the value and everything in it. Only a summary asks for that: what is
// claimed beside it (see waive) is lost with the bytes.
func (d *decoder) hold(v value) value {
	if v.there() && d.held != nil {
		for i := v.at; i < v.cell().next; i++ {
			d.held[i] = kept
		}
	}
	return v
}

// holdAlone notes the same of a value without what is in it.
func (d *decoder) holdAlone(v value) {
	if d.held != nil {
		d.held[v.at] = kept
	}
}

// led follows a Reference to what the record says in its stead. The words beside a reference are a label of what it
// leads to; an identifier beside it is more than that and stays loose.
func (d *decoder) led(ref value) value {
	found := d.target(ref)
	if found.there() {
		for _, name := range []string{"reference", "type", "display"} {
			d.hold(ref.get(name))
		}
	}
	return found
}

// granted holds what every form takes for granted of a summary: it is final, and was put together when it was written.
func (d *decoder) granted(composition value) {
	if status := composition.get("status"); status.text() == "final" {
		d.hold(status)
	}
	if made := d.root().get("timestamp"); made.text() == composition.get("date").text() {
		d.hold(made)
	}
}

// isTrail says that a Provenance tells of a contact point's own steps, which the slots hold as their hops. Any other
// says who stands behind a statement.
func isTrail(v value) bool {
	if extension(v, extHop).there() {
		return true
	}
	for _, agent := range v.get("agent").each {
		if agent.walk("who", "identifier", "system").text() == systemParticipant {
			return true
		}
	}
	return false
}

// isReport says that an OperationOutcome is the loss report of a contact point.
func isReport(v value) bool {
	for _, issue := range v.get("issue").each {
		if extension(issue, extLine).there() || extension(issue, extResidue).there() {
			return true
		}
	}
	return extension(v, extRelease).there()
}

// rest names what a summary says and neither a field of the record nor a slot holds: the largest values of which
// nothing is held. A reference that may be cut while what it stands in stays is always named by itself, so that no
// path tells of what is withheld.
func (d *decoder) rest() {
	for _, at := range d.parted {
		if d.held[at] == loose {
			d.held[at] = apart
		}
	}
	counts := make([]int32, len(d.held)+1)
	for i, holding := range d.held {
		counts[i+1] = counts[i]
		if holding != loose {
			counts[i+1]++
		}
	}
	d.unheld(d.root(), counts)
}

func (d *decoder) unheld(v value, counts []int32) {
	for _, inner := range v.each {
		switch {
		case d.held[inner.at] == kept || d.isFrame(inner):
		case counts[inner.at+1] == counts[inner.cell().next] && !d.isMeta(inner):
			d.miss(inner)
		default:
			d.unheld(inner, counts)
		}
	}
}

// miss names one value that is held nowhere. What a section says of itself beside its parts leaves with its text; and
// of a section that says that nothing is known no more is named than of one that is withheld: the fixed words stand for
// both.
func (d *decoder) miss(v value) {
	span := v.span()
	if list := d.entries[0].resource.get("section"); inside(v, list) {
		section := list.item(sectionAbove(v, list))
		if d.saysNothing(section) {
			return
		}
		within := func(part string) bool { return v == section.get(part) || inside(v, section.get(part)) }
		if !slices.ContainsFunc(sectionParts(), within) {
			span = section.get("text").span()
		}
	}
	d.doc.Rest = append(d.doc.Rest, node.Residue{Path: v.path(), Why: "No field of the record holds it.", Span: span})
}

// saysNothing says that a section states that its information is unavailable or withheld.
func (d *decoder) saysNothing(section value) bool {
	for _, coding := range section.walk("emptyReason", "coding").each {
		code := coding.get("code").text()
		if coding.get("system").text() == systemEmptyReason && (code == "unavailable" || code == "withheld") {
			return true
		}
	}
	return false
}

// isFrame says that a member holds the summary together or repeats what stands elsewhere in it. Whose summary it is
// need not be said again: decoding has refused every other subject. A resource's own text is a rendering of its
// elements where its status says so (R4 narrative-status); a text to which a person added stays loose.
func (d *decoder) isFrame(v value) bool {
	holder := d.of[v.parent().at]
	switch v.name() {
	case "subject", "patient":
		return v.get("reference").there()
	case "text":
		return holder != nil && holder.resource && slices.Contains([]string{"generated", "extensions"}, v.get("status").text())
	}
	return v.kind() == nullKind || isUnsaid(v) || d.isStructure(v)
}

// isUnsaid says that something beside an element only says that its value is unknown, which an empty field says too. Any
// other reason, such as that the patient was asked and declined, is more than that.
func isUnsaid(v value) bool {
	return strings.HasPrefix(v.name(), "_") && v.count() == 1 && v.get("extension").count() == 1 &&
		extension(v, extAbsent).get("valueCode").text() == "unknown"
}
