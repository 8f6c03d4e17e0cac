package compose

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// coded writes a CD or CE with the life of its code: the element is what the code is now, and each translation inside it
// is what it was before, so that the innermost is the original (the chain that contact points really write). The
// attributes are those that stand before the code, such as xsi:type. It says whether a code could be written.
func (c *composer) coded(name string, slot *translation.Slot, attributes ...string) bool {
	if slot == nil {
		return false
	}
	c.written[slot] = true
	forms := c.forms(slot)
	outer, known := c.outer(slot, forms)
	c.start(name, append(attributes, outer...)...)
	c.words("originalText", c.originalText(slot, forms, known))
	if len(forms) > 1 {
		c.older(slot, forms[1:])
	}
	c.end()
	return known
}

// originalText is what the source says beside the code. Where a code cannot stand in CDA its words stand here: those of
// the code of now, or of the original.
func (c *composer) originalText(slot *translation.Slot, forms []translation.Coding, known bool) string {
	if slot.Text != "" || len(forms) == 0 {
		return slot.Text
	}
	if !known && forms[0].Display != "" {
		return forms[0].Display
	}
	if _, ok := c.attributes(slot.Original()); !ok {
		return slot.Original().Display
	}
	return ""
}

// outer gives the attributes of a coded element itself: the code with its system, or why there is none.
func (c *composer) outer(slot *translation.Slot, forms []translation.Coding) (attributes []string, known bool) {
	if len(forms) == 0 || forms[0].Code == "" {
		return []string{"nullFlavor", nullFlavor(slot.Absent())}, false
	}
	attributes, known = c.attributes(forms[0])
	if !known {
		c.loseAt(slot.Path, "The code system has no number (OID), so the code cannot stand in CDA; its words do.")
		return []string{"nullFlavor", "OTH"}, false
	}
	if slot.Absent() != "" {
		c.loseAt(slot.Path, "A code stands here; the reason why it is missing does not.")
	}
	return attributes, true
}

// older writes the translations one inside the other. They are of the HL7 v3 namespace, the default one here, also inside
// elements of the pharmacy extension, whose data types are those of v3.
func (c *composer) older(slot *translation.Slot, forms []translation.Coding) {
	depth := 0
	for _, form := range forms {
		attributes, ok := c.attributes(form)
		if !ok {
			c.loseAt(slot.Path, "An earlier code of a system without number (OID) cannot stand in CDA.")
			continue
		}
		c.start("translation", attributes...)
		depth++
	}
	c.ends(depth)
}

// attributes are those of a code as it stands in CDA; false where the code or the number of its system is missing.
func (c *composer) attributes(form translation.Coding) ([]string, bool) {
	root, name, ok := c.root(form.System)
	if !ok || form.Code == "" {
		return nil, false
	}
	return []string{"code", form.Code, "codeSystem", root, "codeSystemName", name, "codeSystemVersion", form.Version,
		"displayName", form.Display}, true
}

// forms are what the code is and was, newest first. The reader's words stand as a form of their own before the shared
// one, as contact points write them; a step that changed nothing that a code can show adds no form.
func (c *composer) forms(slot *translation.Slot) []translation.Coding {
	var forms []translation.Coding
	add := func(form translation.Coding) {
		if n := len(forms); !form.IsZero() && (n == 0 || !sameForm(forms[n-1], form)) {
			forms = append(forms, form)
		}
	}
	if slot.Rendered != "" && slot.Current.Code != "" {
		reader := slot.Current
		reader.Display = slot.Rendered
		add(reader)
	}
	add(slot.Current)
	for i := len(slot.Hops) - 1; i >= 0; i-- {
		c.mapped = c.mapped || slot.Hops[i].Map != ""
		add(slot.Hops[i].From)
	}
	return forms
}

func sameForm(a, b translation.Coding) bool {
	return a.Same(b) && a.Version == b.Version && a.Display == b.Display
}

// fixed writes a code that the rules themselves name.
func (c *composer) fixed(name, code, system, display string) {
	c.empty(name, "code", code, "codeSystem", system, "displayName", display)
}

// codedOr writes a coded element that must be there: without a slot it says that there is no information.
func (c *composer) codedOr(name string, slot *translation.Slot, attributes ...string) {
	if slot == nil {
		c.empty(name, append(attributes, "nullFlavor", "NI")...)
		return
	}
	c.coded(name, slot, attributes...)
}

// nullFlavor is the reason for a missing value in the words of HL7 v3. It never says MSK: whoever withholds something
// must not be seen to.
func nullFlavor(absent string) string {
	switch absent {
	case "unknown", "UNK":
		return "UNK"
	case "not-asked", "NASK":
		return "NASK"
	case "asked-unknown", "ASKU":
		return "ASKU"
	case "temp-unknown", "NAV":
		return "NAV"
	case "not-applicable", "NA":
		return "NA"
	case "unsupported", "as-text", "other", "OTH":
		return "OTH"
	case "negative-infinity", "NINF":
		return "NINF"
	case "positive-infinity", "PINF":
		return "PINF"
	}
	return "NI"
}

const oidPrefix = "urn:oid:"

// root is the number of a system and its name for people.
func (c *composer) root(system string) (root, name string, ok bool) {
	if root, name, ok = c.o.OID(system); ok && isUID(root) {
		return root, name, true
	}
	root, ok = strings.CutPrefix(system, oidPrefix)
	return root, "", ok && isUID(root)
}

// isUID says that a text can stand in II.root and codeSystem: an object identifier, a UUID, or a name that HL7 keeps (HL7
// v3 data types, UID: OID, UUID, RUID).
func isUID(s string) bool {
	if isOID(s) {
		return true
	}
	letters := false
	for i, r := range s {
		letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if !letter && (r < '0' || r > '9') && (r != '-' || i == 0) {
			return false
		}
		letters = letters || letter
	}
	return letters
}

// isOID says that a text is an object identifier as II.root takes it.
func isOID(s string) bool {
	if s == "" || s[0] < '0' || s[0] > '2' {
		return false
	}
	for _, arc := range strings.Split(s, ".") {
		if arc == "" || len(arc) > 1 && arc[0] == '0' || strings.Trim(arc, "0123456789") != "" {
			return false
		}
	}
	return true
}

// instance gives the attributes of an II: root and extension, or the root alone where the identifier is itself an OID or
// UUID (FHIR writes these with the system urn:ietf:rfc:3986, or with a system of its country that has no number).
func (c *composer) instance(id node.Identifier) ([]string, bool) {
	if id.System == "urn:ietf:rfc:3986" || id.System == "urn:ietf:rfc3986" {
		if uuid, ok := strings.CutPrefix(id.Value, "urn:uuid:"); ok {
			return []string{"root", uuid}, true
		}
		root, ok := strings.CutPrefix(id.Value, oidPrefix)
		return []string{"root", root}, ok && isUID(root)
	}
	root, _, ok := c.root(id.System)
	if own, numbered := strings.CutPrefix(id.Value, oidPrefix); !ok && numbered && isOID(own) {
		c.lose("identifier", "A number that is itself an object identifier is written without the system that names it elsewhere.")
		return []string{"root", own}, true
	}
	return []string{"root", root, "extension", id.Value}, ok
}

// identifier writes an id that may be missing; one of a system without number is lost.
func (c *composer) identifier(id node.Identifier, path string) {
	attributes, ok := c.instance(id)
	switch {
	case ok:
		c.empty("id", attributes...)
	case id.IsZero():
		c.empty("id", "nullFlavor", "NI")
	default:
		c.lose(path, "The identifier's system has no number (OID), so it cannot stand in CDA.")
		c.empty("id", "nullFlavor", "OTH")
	}
}

// mustIdentify writes an id without which the document is worth nothing.
func (c *composer) mustIdentify(id node.Identifier, slot string) {
	attributes, ok := c.instance(id)
	if !ok || id.Value == "" && id.System == "" {
		c.refuse(slot, "compose.identifier", "An identifier that must be right is missing, or its system has no number in CDA.")
		return
	}
	c.empty("id", attributes...)
}
