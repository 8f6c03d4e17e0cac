package compose

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"sild/internal/cda/oid"
	"sild/node"
)

// beginDocument opens the document and writes its header in the order of CDA R2 4.2.
func (c *composer) beginDocument(level string) {
	code, display, kind, ok := c.kind()
	if !ok {
		c.fail(&node.Error{Op: "cda.compose", Kind: node.Unsupported, Reason: "compose.kind",
			Detail: "This is no document that CDA knows."})
		return
	}
	if c.madeAt() == "" {
		c.fail(&node.Error{Op: "cda.compose", Kind: node.Internal, Reason: "compose.time",
			Detail: "The document does not say when it was made."})
	}
	c.b = append(c.b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"...)
	c.start("ClinicalDocument", "xmlns", oid.V3, "xmlns:pharm", oid.Pharm, "xmlns:xsi", oid.XSI, "classCode", "DOCCLIN", "moodCode", "EVN")
	c.empty("typeId", "root", "2.16.840.1.113883.1.3", "extension", "POCD_HD000040")
	c.templates("~" + kind)
	c.documentID(level)
	c.documentCode(code, display)
	c.words("title", c.title())
	c.moment("effectiveTime", c.madeAt(), "header.written")
	c.confidentiality()
	c.empty("languageCode", "code", c.language())
	c.set()
	c.recordTarget(c.patient())
	c.people()
	c.relations()
}

// confidentiality is what the source says; a document that does not say is normal.
func (c *composer) confidentiality() {
	level := cmp.Or(c.d.Header.Confidentiality, "N")
	names := map[string]string{"U": "unrestricted", "L": "low", "M": "moderate", "N": "normal", "R": "restricted", "V": "very restricted"}
	if names[level] == "" {
		c.lose("confidentiality", "No level of confidentiality that the pivot form knows; it is written as very restricted.")
		level = "V"
	}
	c.empty("confidentialityCode", "code", level, "codeSystem", oid.Confidentiality, "displayName", names[level])
}

// record is the number of the thing that the document is about, in any document that tells of it.
func (c *composer) record() node.Identifier {
	switch {
	case c.d.Dispensation != nil:
		return c.d.Dispensation.ID
	case c.d.Summary != nil:
		return c.d.Summary.ID
	case !c.d.Prescriptions[0].Group.IsZero():
		return c.d.Prescriptions[0].Group
	}
	return c.d.Prescriptions[0].ID
}

// recordSlot is what the record calls that number.
func (c *composer) recordSlot() string {
	switch {
	case c.d.Dispensation != nil:
		return "dispensation.id"
	case c.d.Summary != nil:
		return "summary.id"
	}
	return "prescription.id"
}

// documentID is the document's own number. A dispensation's is the dispensation's, at either level: with the peer it is
// the key by which nothing is recorded twice. Level 1 and level 3 of anything else are two documents, so the number that
// they share gets a suffix, and nothing is drawn by chance.
func (c *composer) documentID(level string) {
	own, suffix := c.d.ID, "-"+level
	if c.d.Dispensation != nil {
		own, suffix = c.d.Dispensation.ID, ""
	} else if _, ok := c.instance(own); own.IsZero() || !ok {
		own = c.record()
	} else if level == "L3" {
		suffix = ""
	}
	attributes, ok := c.instance(own)
	switch {
	case c.d.Summary != nil && (own.IsZero() || !ok): // a summary may save a life without its number
		if !own.IsZero() {
			c.lose("document.id", "The number's system has no number of its own (OID); the document bears one made from the patient and the time.")
		}
		attributes = []string{"root", c.derived(level), "extension", ""}
	case !ok:
		c.refuse(c.recordSlot(), "compose.identifier", "A number that must be right is missing, or its system has no number in CDA.")
		return
	case len(attributes) == 2:
		attributes = append(attributes, "extension", strings.TrimPrefix(suffix, "-"))
	default:
		attributes[3] += suffix
	}
	c.rootID, c.extension = attributes[1], attributes[3]
	c.empty("id", attributes...)
}

// derived is a number for a document that has none: a name-based UUID (RFC 9562, version 8) over the patient and the
// time, so that the same record always gets the same one.
func (c *composer) derived(level string) string {
	seed := strings.Join([]string{level, c.madeAt()}, "\x00")
	for _, id := range c.patient().Identifiers {
		seed += "\x00" + id.System + "\x00" + id.Value
	}
	sum := sha256.Sum256([]byte(seed))
	sum[6] = sum[6]&0x0F | 0x80
	sum[8] = sum[8]&0x3F | 0x80
	text := hex.EncodeToString(sum[:16])
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

// documentCode writes which kind of document this is. The record's own code stands where it names the same kind.
func (c *composer) documentCode(code, display string) {
	own := c.d.Code
	if own != nil {
		root, _, _ := c.root(own.Current.System)
		if own.Current.Code == code && root == oid.LOINC {
			c.coded("code", own)
			return
		}
		c.lose(own.Path, "The code says another kind of document than this one is.")
	}
	c.fixed("code", code, oid.LOINC, display)
}

func (c *composer) title() string {
	if c.d.Summary != nil && c.d.Summary.Title != "" {
		if own := c.d.Header.Title; own != "" && own != c.d.Summary.Title {
			c.lose("header.title", "A document has one title: the summary's.")
		}
		return c.d.Summary.Title
	}
	switch {
	case c.d.Header.Title != "":
		return c.d.Header.Title
	case c.d.Dispensation != nil:
		return "eDispensation"
	case c.d.Summary != nil:
		return "Patient Summary"
	}
	return "ePrescription"
}

// madeAt is when the document was made. A dispensation's is when it was recorded: receivers take their time from here.
func (c *composer) madeAt() string {
	for _, known := range []string{c.recorded(), c.d.Header.Written, c.summaryDate(), instant(c.d.At)} {
		if known != "" {
			return known
		}
	}
	return ""
}

func (c *composer) recorded() string {
	if c.d.Dispensation == nil {
		return ""
	}
	return c.d.Dispensation.Recorded
}

func (c *composer) summaryDate() string {
	if c.d.Summary == nil {
		return ""
	}
	return c.d.Summary.Date
}

// language is the document's, as xx-YY where the country that writes uses the same language.
func (c *composer) language() string {
	own := c.d.Language
	switch {
	case own != "":
	case c.d.Summary != nil:
		own = c.d.Summary.Language
	case len(c.d.Prescriptions) > 0:
		own = c.d.Prescriptions[0].Language
	}
	if own == "" || strings.HasPrefix(c.o.Language, own+"-") {
		own = c.o.Language
	}
	if own == "" {
		return "en-GB"
	}
	return own
}

// set writes setId, which stays the same in every form of the document, and the version of what it tells.
func (c *composer) set() {
	attributes, ok := c.instance(c.record())
	if ok {
		c.empty("setId", attributes...)
	}
	if c.d.Kind != node.APrescription || c.d.Prescriptions[0].Version == "" {
		return
	}
	version := c.d.Prescriptions[0].Version
	if n, whole := node.Decimal(version); ok && whole && n.IsInt() && n.Sign() >= 0 {
		c.empty("versionNumber", "value", version)
		return
	}
	c.lose("version", "A version that is no whole number cannot stand in CDA.")
}

// relations are what the document fulfils, what care it sums up, and the national document that it was made from.
func (c *composer) relations() {
	if given := c.d.Dispensation; given != nil {
		c.start("inFulfillmentOf", "typeCode", "FLFS")
		c.start("order", "classCode", "ACT", "moodCode", "RQO")
		order := given.Group
		if order.IsZero() {
			order = given.Prescription
		}
		c.mustIdentify(order, "prescription.id")
		c.ends(2)
	}
	if c.d.Summary != nil {
		c.care()
	}
	if parent := c.d.Header.Parent; !parent.IsZero() {
		attributes, ok := c.instance(parent)
		if !ok {
			c.lose("header.parent", "The number of the national document is of a system without number (OID).")
			return
		}
		c.start("relatedDocument", "typeCode", "XFRM")
		c.start("parentDocument", "classCode", "DOCCLIN", "moodCode", "EVN")
		c.empty("id", attributes...)
		c.ends(2)
	}
}

// care says up to when the summary tells of the care of this patient.
func (c *composer) care() {
	c.start("documentationOf", "typeCode", "DOC")
	c.start("serviceEvent", "classCode", "PCPR", "moodCode", "EVN")
	c.start("effectiveTime")
	latest := c.d.Summary.Date
	if latest == "" {
		latest = c.madeAt()
	}
	c.moment("high", latest, "summary.date")
	c.end()
	c.start("performer", "typeCode", "PRF")
	c.codedOr("functionCode", c.author().Role)
	c.entity("assignedEntity", c.author(), "author")
	c.ends(3)
}
