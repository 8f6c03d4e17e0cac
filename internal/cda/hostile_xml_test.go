package cda

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"sild/internal/xmldom"
)

// inText puts something into the narrative of the prescription.
func inText(what string) func(string) string {
	return as("<paragraph ID=\"apteegile\">", what+"<paragraph ID=\"apteegile\">")
}

// onRoot puts attributes on the root.
func onRoot(what string) func(string) string {
	return first(` classCode="DOCCLIN"`, what+` classCode="DOCCLIN"`)
}

// ahead puts something between the XML declaration and the root.
func ahead(what string) func(string) string { return as("<!-- Made up: an", what+"<!-- Made up: an") }

// wide writes a document in UTF-16.
func wide(order binary.AppendByteOrder, mark bool) func(string) string {
	return func(source string) string {
		if mark {
			source = "\uFEFF" + source
		}
		var out []byte
		for _, unit := range utf16.Encode([]rune(source)) {
			out = order.AppendUint16(out, unit)
		}
		return string(out)
	}
}

const notOurBytes = "no byte of it is where the reader looks"

// falseEncodings are documents whose bytes are not the characters that they say.
func falseEncodings() []hostile {
	return []hostile{
		{name: "UTF-16, little end first, with its mark", check: "xml.encoding", solid: notOurBytes, change: wide(binary.LittleEndian, true)},
		{name: "UTF-16, little end first, without a mark", check: "xml.encoding", solid: notOurBytes, change: wide(binary.LittleEndian, false)},
		{name: "UTF-16, big end first, with its mark", check: "xml.encoding", solid: notOurBytes, change: wide(binary.BigEndian, true)},
		{name: "UTF-16, big end first, without a mark", check: "xml.encoding", solid: notOurBytes, change: wide(binary.BigEndian, false)},
		{name: "declared as Latin-1", check: "xml.encoding", change: as(`encoding="UTF-8"`, `encoding="ISO-8859-1"`)},
		{name: "declared as UTF-7", check: "xml.encoding", change: as(`encoding="UTF-8"`, `encoding="UTF-7"`)},
		{name: "declared as US-ASCII, with an õ", check: "xml.encoding", change: as(`encoding="UTF-8"`, `encoding="US-ASCII"`)},
		{name: "a byte order mark inside a name", check: "xml.bom", change: as("<family>Žukova-", "<family>\uFEFFŽukova-")},
		{name: "a second byte order mark", check: "xml.bom", then: "xml.root", change: func(s string) string { return "\uFEFF\uFEFF" + s[len(`<?xml version="1.0" encoding="UTF-8"?>`):] }},
		{name: "a name in Latin-1", check: "xml.utf8", change: as("<given>Ülle</given>", "<given>\xDClle "+marker+"</given>")},
		{name: "an overlong slash", check: "xml.utf8", change: as("<given>Ülle</given>", "<given>\xC0\xAF</given>")},
		{name: "half of a surrogate pair", check: "xml.utf8", change: as("<given>Ülle</given>", "<given>\xED\xA0\xBD</given>")},
		{name: "beyond Unicode", check: "xml.utf8", change: as("<given>Ülle</given>", "<given>\xF5\x80\x80\x80</given>")},
		{name: "a null byte in an identifier", check: "xml.char", change: as(`extension="EE-7001-1"`, "extension=\"EE-7001-1\x00"+marker+`"`)},
		{name: "a control character", check: "xml.char", change: inText("\x1B[2J")},
		{name: "a character that is none", check: "xml.char", change: inText("\uFFFE")},
		{name: "a null by reference", check: "xml.char", change: inText("&#0;")},
		{name: "a surrogate by reference", check: "xml.char", change: inText("&#xDC00;")},
		{name: "a reference without a number", check: "xml.charref", change: inText("&#x;")},
		{name: "a reference with a word for a number", check: "xml.charref", change: inText("&#" + marker + ";")},
		{name: "XML 1.1", check: "xml.declaration", change: as(`version="1.0"`, `version="1.1"`)},
		{name: "a declaration after white space", check: "xml.declaration", change: func(s string) string { return "\n" + s }},
		{name: "a second declaration", check: "xml.declaration", change: inText(`<?xml version="1.0"?>`)},
	}
}

// falseEntities are declarations and references that a document may not bring.
func falseEntities() []hostile {
	laughs := "<!DOCTYPE x [<!ENTITY a0 \"" + marker + "\">"
	for i := 1; i < 30; i++ {
		laughs += fmt.Sprintf("<!ENTITY a%d \"%s\">", i, strings.Repeat(fmt.Sprintf("&a%d;", i-1), 10))
	}
	return []hostile{
		{name: "an entity of its own", check: "xml.dtd", then: "xml.entity", change: both(ahead(`<!DOCTYPE x [<!ENTITY e "`+marker+`">]>`), inText("&e;"))},
		{name: "a billion laughs", check: "xml.dtd", then: "xml.entity", change: both(ahead(laughs+"]>"), inText("&a29;"))},
		{name: "a file by entity", check: "xml.dtd", then: "xml.entity", change: both(ahead(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`), inText("&e;"))},
		{name: "a page by entity", check: "xml.dtd", then: "xml.entity", change: both(ahead(`<!DOCTYPE x [<!ENTITY e PUBLIC "x" "http://192.0.2.1/`+marker+`">]>`), as("<given>Ülle</given>", "<given>&e;</given>"))},
		{name: "a parameter entity", check: "xml.dtd", change: ahead(`<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]>`)},
		{name: "a document type from elsewhere", check: "xml.dtd", change: ahead(`<!DOCTYPE ClinicalDocument SYSTEM "http://192.0.2.1/cda.dtd">`)},
		{name: "a default value by document type", check: "xml.dtd", change: ahead(`<!DOCTYPE x [<!ATTLIST value code CDATA "` + marker + `">]>`)},
		{name: "a conditional section", check: "xml.dtd", change: inText(`<![INCLUDE[` + marker + `]]>`)},
		{name: "an entity of HTML", check: "xml.entity", change: inText("&nbsp;")},
		{name: "an entity in an identifier", check: "xml.entity", change: as(`extension="EE-7001-1"`, `extension="EE-&x;7001-1"`)},
		{name: "a bare ampersand", check: "xml.entity", change: inText("ravim & vesi")},
		{name: "an entity that never ends", check: "xml.entity", change: inText("&" + strings.Repeat("a", 1<<16))},
	}
}

// falseMarkup is XML that means two things, or more than anybody can take.
func falseMarkup() []hostile {
	deep := strings.Repeat("<content>", 200) + marker + strings.Repeat("</content>", 200)
	prefixes := func(letter string) string {
		var b strings.Builder
		for i := range 70 {
			fmt.Fprintf(&b, ` xmlns:%s%d="urn:%s"`, letter, i, marker)
		}
		return b.String()
	}
	return []hostile{
		{name: "deep nesting", check: "xml.depth", change: inText(deep)},
		{name: "too many elements", check: "xml.elements", limits: xmldom.Limits{Elements: 1000}, change: inText(strings.Repeat("<br/>", 1000))},
		{name: "a million elements more than allowed", check: "xml.elements", change: inText(strings.Repeat("<br/>", 1<<20))},
		{name: "too many attributes", check: "xml.attributes", change: onRoot(numbered(200, " a%d='x'"))},
		{name: "too many namespaces", check: "xml.bindings", change: inText("<content" + prefixes("p") + "><content" + prefixes("q") + ">" + marker + "</content></content>")},
		{name: "over the size limit", check: "xml.size", change: inText("<!--" + strings.Repeat(marker, 16<<20/len(marker)) + "-->")},
		{name: "a code that stands twice", check: "xml.duplicate-attribute", change: first(`code="N" codeSystem="2.16.840.1.113883.5.1070"`, `code="N" code="G" codeSystem="2.16.840.1.113883.5.1070"`)},
		{name: "a default namespace that stands twice", check: "xml.duplicate-attribute", change: as(`<ClinicalDocument `, `<ClinicalDocument xmlns="urn:hl7-org:v3" `)},
		{name: "one attribute under two prefixes", check: "xml.duplicate-expanded", change: onRoot(` xmlns:a="urn:a" xmlns:b="urn:a" a:x="1" b:x="2"`)},
		{name: "an element of an unknown prefix", check: "xml.prefix", change: inText("<x:y/>")},
		{name: "an attribute of an unknown prefix", check: "xml.prefix", change: onRoot(` sdtc:x="` + marker + `"`)},
		{name: "another meaning of xml", check: "xml.namespace", change: onRoot(` xmlns:xml="urn:` + marker + `"`)},
		{name: "another meaning of xmlns", check: "xml.namespace", change: onRoot(` xmlns:xmlns="urn:` + marker + `"`)},
		{name: "a prefix that is taken back", check: "xml.namespace", change: inText(`<content xmlns:pharm=""/>`)},
		{name: "a name that is none", check: "xml.name", change: inText("<1" + marker + "/>")},
		{name: "two colons in a name", check: "xml.name", change: inText("<pharm:x:y/>")},
		{name: "no space between attributes", check: "xml.attribute", change: as(`<versionNumber value="1"/>`, `<versionNumber value="1"x="2"/>`)},
		{name: "an angle bracket in a value", check: "xml.attribute", change: as(`<versionNumber value="1"/>`, `<versionNumber value="<1"/>`)},
		{name: "the end of a CDATA section in text", check: "xml.cdata", change: inText("]]>")},
		{name: "a CDATA section around the root", check: "xml.root", change: func(s string) string { return s + "<![CDATA[" + marker + "]]>" }},
		{name: "a second root", check: "xml.root", change: func(s string) string { return s + "<ClinicalDocument/>" }},
		{name: "text after the end", check: "xml.root", change: func(s string) string { return s + marker }},
		{name: "text before the start", check: "xml.root", change: func(s string) string { return marker + s[strings.Index(s, "<!--"):] }},
		{name: "an instruction in the name of XML", check: "xml.instruction", change: inText("<?XML " + marker + "?>")},
		{name: "an instruction without a name", check: "xml.instruction", change: inText("<? " + marker + "?>")},
		{name: "two hyphens in a comment", check: "xml.comment", change: inText("<!-- " + marker + " -- -->")},
		{name: "three hyphens at the end of a comment", check: "xml.comment", change: inText("<!-- " + marker + "--->")},
	}
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

const nothingWhole = "what is there of it is no tree"

// upTo ends a document behind the first place of a text.
func upTo(text string) func(string) string {
	return func(s string) string { return s[:strings.Index(s, text)+len(text)] }
}

// brokenMarkup is XML of which nothing sensible is left when one looks away.
func brokenMarkup() []hostile {
	return []hostile{
		{name: "nothing", check: "xml.empty", solid: nothingWhole, change: func(string) string { return "" }},
		{name: "white space", check: "xml.empty", solid: nothingWhole, change: func(string) string { return " \n\t" }},
		{name: "JSON", check: "xml.root", solid: nothingWhole, change: func(string) string { return `{"resourceType":"Bundle"}` }},
		{name: "ends inside a tag", check: "xml.truncated", solid: nothingWhole, change: upTo("<substanceAdministration class")},
		{name: "ends inside a value", check: "xml.truncated", solid: nothingWhole, change: upTo(`extension="48807`)},
		{name: "ends inside a name", check: "xml.nesting", solid: nothingWhole, change: upTo("<family>Žuko")},
		{name: "ends before its last tag", check: "xml.nesting", solid: nothingWhole, change: upTo("</structuredBody>")},
		{name: "ends inside its last tag", check: "xml.truncated", solid: nothingWhole, change: upTo("</ClinicalDoc")},
		{name: "crossed tags", check: "xml.nesting", solid: nothingWhole, change: as("</family><given>Ülle</given>", "<given></family>Ülle</given>")},
		{name: "a value without quotes", check: "xml.attribute", solid: nothingWhole, change: as(`<versionNumber value="1"/>`, `<versionNumber value=1/>`)},
		{name: "a CDATA section without an end", check: "xml.cdata", solid: nothingWhole, change: inText("<![CDATA[" + marker)},
		{name: "a comment without an end", check: "xml.comment", solid: nothingWhole, change: func(s string) string { return s + "<!-- " + marker }},
		{name: "an instruction without an end", check: "xml.instruction", solid: nothingWhole, change: func(s string) string { return s + "<?x " + marker }},
		{name: "a document type without an end", check: "xml.dtd", then: "xml.truncated", change: func(string) string { return "<!DOCTYPE x [" + marker }},
	}
}
