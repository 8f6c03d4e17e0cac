package cda

import (
	"bytes"
	"strings"

	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// Tongue reads and writes CDA. The zero value works; what it leaves out is said beside each field.
type Tongue struct {
	// Participant is the id of this node in the trust list; it only names the node in documents that it writes.
	Participant string
	// Language is the one this node writes in where a record has none (BCP 47, e.g. et-EE); empty is English.
	Language string
	// Systems finds a code or identifier system by its URI or by urn:oid: and its number. Without it only numbers are
	// known, and a system that has a URI alone cannot be written.
	Systems func(name string) (translation.System, bool)
	// Limits bound what is read; the zero value takes the reader's own.
	Limits xmldom.Limits
}

var _ node.Tongue = Tongue{}

const oidPrefix = "urn:oid:"

// system is the name under which records know a system of codes or identifiers: the URI of a known one, so that both wires
// speak of one patient and one code in one way, otherwise the number. Only a system whose number leads back to it is renamed, so that what
// was written can always be written again byte for byte.
func (t Tongue) system(root string) string {
	name := oidPrefix + root
	if t.Systems == nil {
		return name
	}
	if known, ok := t.Systems(name); ok && known.OID == root && known.URI != "" {
		return known.URI
	}
	return name
}

// number is the object identifier of a system, and its name for people.
func (t Tongue) number(system string) (root, name string, ok bool) {
	if t.Systems != nil {
		if known, found := t.Systems(system); found && known.OID != "" {
			return known.OID, known.Name, true
		}
	}
	root, ok = strings.CutPrefix(system, oidPrefix)
	return root, "", ok
}

// IsXML says that a document is to be read by this tongue rather than as JSON: what stands first decides, behind a byte
// order mark and white space.
func IsXML(source []byte) bool {
	for _, wide := range []string{"\xFE\xFF", "\xFF\xFE", "\x00<", "<\x00"} { // UTF-16: the reader says why it is refused
		if bytes.HasPrefix(source, []byte(wide)) {
			return bytes.IndexByte(source[:min(len(source), 64)], '<') >= 0
		}
	}
	source = bytes.TrimLeft(bytes.TrimPrefix(source, []byte("\uFEFF")), " \t\r\n")
	return len(source) > 0 && source[0] == '<'
}
