package fhir

import (
	"sort"
	"strings"

	"sild/node"
)

// entry is one entry of a bundle.
type entry struct {
	url      string
	resource value
	of       string // resource type
}

// bundle is the entries of a document and where references lead.
type bundle struct {
	entries []entry
	byURL   map[string]int
	byType  map[string]int // by Type/id; -1 where two entries share it
}

// enter lists the entries of a Bundle; a document that is no Bundle has none.
func (d *decoder) enter() {
	if d.root().get("resourceType").text() != "Bundle" {
		return
	}
	list := d.root().get("entry")
	d.byURL, d.byType = make(map[string]int), make(map[string]int)
	for _, item := range list.each {
		resource := item.get("resource")
		if !resource.there() {
			d.refuse("fhir.entry", item, "an entry without a resource")
			return
		}
		e := entry{url: item.get("fullUrl").text(), resource: resource, of: resource.get("resourceType").text()}
		d.checkFullURL(e, item)
		n := len(d.entries)
		d.entries = append(d.entries, e)
		if id := resource.get("id").text(); id != "" {
			key := e.of + "/" + id
			if _, twice := d.byType[key]; twice {
				n = -1
			}
			d.byType[key] = n
		}
	}
}

// checkFullURL refuses an entry that a reference could not name, or that another one could be mistaken for (bdl-7).
func (d *decoder) checkFullURL(e entry, item value) {
	if e.url == "" {
		d.refuse("fhir.fullurl", item, "an entry without fullUrl")
		return
	}
	if _, twice := d.byURL[e.url]; twice {
		d.refuse("fhir.fullurl", item, "a fullUrl that stands twice")
	}
	d.byURL[e.url] = len(d.entries)
}

// all lists the resources of a type among the entries.
func (d *decoder) all(of string) []value {
	var found []value
	for _, e := range d.entries {
		if e.of == of {
			found = append(found, e.resource)
		}
	}
	return found
}

// one finds the only entry of a type, and refuses none or several.
func (d *decoder) one(of, reason string) value {
	found := d.all(of)
	if len(found) != 1 {
		d.refuse(reason, d.root(), "exactly one "+of+" expected, "+itoa(len(found))+" found")
		return value{}
	}
	return found[0]
}

// holder is the resource that a value stands in: an entry's, or the document itself. Contained resources count to
// what contains them.
func (d *decoder) holder(v value) (value, int) {
	n := sort.Search(len(d.entries), func(i int) bool { return d.entries[i].resource.cell().next > v.at })
	if n < len(d.entries) && v.at >= d.entries[n].resource.at {
		return d.entries[n].resource, n
	}
	return d.root(), -1
}

// target finds the resource that a Reference names; nothing when it names none in this document.
func (d *decoder) target(ref value) value {
	to := ref.get("reference").text()
	holder, from := d.holder(ref)
	if strings.HasPrefix(to, "#") {
		return contained(holder, to[1:])
	}
	if n, ok := d.byURL[to]; ok {
		return d.entries[n].resource
	}
	if strings.Contains(to, ":") || from < 0 {
		return value{}
	}
	if n, ok := d.byURL[baseOf(d.entries[from])+to]; ok {
		return d.entries[n].resource
	}
	if n, ok := d.byType[to]; ok && n >= 0 {
		return d.entries[n].resource
	}
	return value{}
}

// contained finds a contained resource by its id; the empty id is the container itself.
func contained(holder value, id string) value {
	if id == "" {
		return holder
	}
	for _, inner := range holder.get("contained").each {
		if inner.get("id").text() == id {
			return inner
		}
	}
	return value{}
}

// baseOf is the part of an entry's fullUrl before Type/id: relative references in it start there (R4 bundle 2.36.4.1).
func baseOf(e entry) string {
	tail := e.of + "/" + e.resource.get("id").text()
	if base, found := strings.CutSuffix(e.url, tail); found {
		return base
	}
	return ""
}

// follow resolves a Reference to a resource of one of the types, claims it, and refuses one that leads nowhere or to
// something else.
func (d *decoder) follow(ref value, types ...string) value {
	if !ref.get("reference").there() {
		return value{}
	}
	found := d.target(ref)
	kind := found.get("resourceType").text()
	for _, of := range types {
		if kind == of {
			d.claim(ref.get("reference"))
			return found
		}
	}
	d.refuse("fhir.reference", ref, "a reference that leads to no "+strings.Join(types, " or ")+" in this document")
	return value{}
}

// checkReferences refuses a reference that leads nowhere inside the document.
func (d *decoder) checkReferences() {
	for _, at := range d.refs {
		ref := value{d.arena, at}
		if ref.get("reference").there() && !d.target(ref).there() {
			d.refuse("fhir.reference", ref, "a reference that leads nowhere in this document")
			return
		}
	}
}

// checkSubjects refuses a document in which something is said of anyone but its one patient.
func (d *decoder) checkSubjects(patient value) {
	for _, at := range d.refs {
		ref := value{d.arena, at}
		if name := ref.name(); name != "subject" && name != "patient" {
			continue
		}
		if ref.get("reference").there() && d.target(ref) != patient {
			d.refuse("fhir.subject", ref, "something is said of another than the document's patient")
			return
		}
		if id := ref.get("identifier"); id.there() && !d.doc.Patient.Has(identifierOf(id)) {
			d.refuse("fhir.subject", ref, "something is said of another than the document's patient")
			return
		}
	}
}

func identifierOf(v value) node.Identifier {
	return node.Identifier{System: v.get("system").text(), Value: v.get("value").text()}
}

// format finds out which form the document has.
func (d *decoder) format() node.Format {
	root := d.root()
	switch root.get("resourceType").text() + " " + root.get("type").text() {
	case "Bundle collection":
		return d.collection()
	case "Bundle searchset":
		return node.MPD
	case "Bundle document":
		return node.EPS
	}
	if root.get("resourceType").text() == "MedicationDispense" {
		return node.MPD
	}
	d.refuse("fhir.format", root, "not a document that this contact point exchanges")
	return ""
}

// collection tells the forms apart that are collection Bundles: the Estonian one is R5, where the medicine is a
// CodeableReference; the Finnish one uses Kanta's identifiers.
func (d *decoder) collection() node.Format {
	for _, request := range d.all("MedicationRequest") {
		switch {
		case request.get("medication").there():
			return EstonianR5
		case hasProfile(request, "http://hl7.eu/fhir/"):
			return node.MPD
		case request.get("medicationReference").there() && hasKantaID(request):
			return FinnishR4
		}
	}
	d.refuse("fhir.format", d.root(), "a collection without a prescription that this contact point knows")
	return ""
}

func hasProfile(v value, prefix string) bool {
	for _, profile := range v.walk("meta", "profile").each {
		if strings.HasPrefix(profile.text(), prefix) {
			return true
		}
	}
	return false
}
