package xmldom_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sild/internal/xmldom"
)

// refusal is a document with one fault. Fixed ones cannot be lifted: doc.go says why.
type refusal struct {
	name, doc    string
	check        string
	line, column int
	limits       xmldom.Limits
	fixed        bool
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func nested(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }

var refusals = []refusal{
	{name: "one byte too many", doc: "<abc/>", check: "xml.size", line: 1, column: 1, limits: xmldom.Limits{Bytes: 5}},
	{name: "one byte over the default", doc: "<a>" + strings.Repeat(" ", 16<<20-6) + "</a>", check: "xml.size", line: 1, column: 1},

	{name: "nothing", doc: "", check: "xml.empty", line: 1, column: 1, fixed: true},
	{name: "white space only", doc: " \n ", check: "xml.empty", line: 1, column: 1, fixed: true},
	{name: "byte order mark only", doc: "\uFEFF", check: "xml.empty", line: 1, column: 1, fixed: true},

	{name: "overlong slash", doc: "<a>\xC0\xAF</a>", check: "xml.utf8", line: 1, column: 4},
	{name: "overlong in three bytes", doc: "<a>\xE0\x80\xAF</a>", check: "xml.utf8", line: 1, column: 4},
	{name: "surrogate", doc: "<a>\n\n é\xED\xA0\x80</a>", check: "xml.utf8", line: 3, column: 3},
	{name: "beyond Unicode", doc: "<a>\xF4\x90\x80\x80</a>", check: "xml.utf8", line: 1, column: 4},
	{name: "stray continuation in an attribute", doc: "<a b='\x80'/>", check: "xml.utf8", line: 1, column: 7},
	{name: "cut off character", doc: "<a>\xE2\x82</a>", check: "xml.utf8", line: 1, column: 4},
	{name: "Latin-1 in a comment", doc: "<!--\xE9--><a/>", check: "xml.utf8", line: 1, column: 5},

	{name: "zero byte", doc: "<a>\x00</a>", check: "xml.char", line: 1, column: 4},
	{name: "control among eight plain bytes", doc: "<a>abcdefgh\x1Fabcdefgh</a>", check: "xml.char", line: 1, column: 12},
	{name: "vertical tab", doc: "<a>\x0B</a>", check: "xml.char", line: 1, column: 4},
	{name: "U+FFFE", doc: "<a>\uFFFE</a>", check: "xml.char", line: 1, column: 4},
	{name: "U+FFFF", doc: "<a>õ\uFFFF</a>", check: "xml.char", line: 1, column: 5},
	{name: "zero by reference", doc: "<a>&#0;</a>", check: "xml.char", line: 1, column: 4},
	{name: "control by reference in an attribute", doc: "<a b='x&#x1;'/>", check: "xml.char", line: 1, column: 8},
	{name: "U+FFFE by reference", doc: "<a>&#xFFFE;</a>", check: "xml.char", line: 1, column: 4},
	{name: "surrogate by reference", doc: "<a>&#xD800;</a>", check: "xml.char", line: 1, column: 4},
	{name: "beyond Unicode by reference", doc: "<a>&#x110000;</a>", check: "xml.char", line: 1, column: 4},
	{name: "beyond any number by reference", doc: "<a>&#99999999999999999999999;</a>", check: "xml.char", line: 1, column: 4},

	{name: "declared Latin-1", doc: "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", check: "xml.encoding", line: 1, column: 1},
	{name: "declared UTF-16 in UTF-8", doc: "<?xml version='1.0' encoding='UTF-16'?><a/>", check: "xml.encoding", line: 1, column: 1},
	{name: "declared without a name", doc: "<?xml version='1.0' encoding=''?><a/>", check: "xml.encoding", line: 1, column: 1},
	{name: "declared US-ASCII with a letter beyond", doc: "<?xml version='1.0' encoding='us-ascii'?><a>õ</a>", check: "xml.encoding", line: 1, column: 45},
	{name: "UTF-16 with its mark, little end first", doc: "\xFF\xFE<\x00a\x00/\x00>\x00", check: "xml.encoding", line: 1, column: 1, fixed: true},
	{name: "UTF-16 with its mark, big end first", doc: "\xFE\xFF\x00<\x00a\x00/\x00>", check: "xml.encoding", line: 1, column: 1, fixed: true},
	{name: "UTF-16 mark alone", doc: "\xFF\xFE", check: "xml.encoding", line: 1, column: 1, fixed: true},
	{name: "UTF-16 without a mark", doc: "<\x00a\x00/\x00>\x00", check: "xml.encoding", line: 1, column: 1, fixed: true},
	{name: "UTF-32 without a mark", doc: "\x00\x00\x00<\x00\x00\x00a\x00\x00\x00/\x00\x00\x00>", check: "xml.encoding", line: 1, column: 1, fixed: true},

	{name: "mark in text", doc: "<a>x\uFEFF</a>", check: "xml.bom", line: 1, column: 5},
	{name: "mark in an attribute", doc: "<a b='\uFEFF'/>", check: "xml.bom", line: 1, column: 7},
	{name: "two marks in a comment", doc: "<!--\uFEFF--><a/>", check: "xml.bom", line: 1, column: 5},

	{name: "declaration after a space", doc: " <?xml version='1.0'?><a/>", check: "xml.declaration", line: 1, column: 2},
	{name: "declaration after a comment", doc: "<!-- -->\n<?xml version='1.0'?><a/>", check: "xml.declaration", line: 2, column: 1},
	{name: "second declaration", doc: "<?xml version='1.0'?><?xml version='1.0'?><a/>", check: "xml.declaration", line: 1, column: 22},
	{name: "declaration inside", doc: "<a><?xml version='1.0'?></a>", check: "xml.declaration", line: 1, column: 4},
	{name: "no version", doc: "<?xml encoding='UTF-8'?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "nothing declared", doc: "<?xml ?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "declaration without a space", doc: "<?xml?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "XML 1.1", doc: "<?xml version='1.1'?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "XML 2.0", doc: "<?xml version='2.0'?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "wrong order", doc: "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "no space between", doc: "<?xml version='1.0'encoding='UTF-8'?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "no quotes", doc: "<?xml version=1.0?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "unequal quotes", doc: "<?xml version='1.0\"?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "standalone maybe", doc: "<?xml version='1.0' standalone='maybe'?><a/>", check: "xml.declaration", line: 1, column: 1},
	{name: "unknown part", doc: "<?xml version='1.0' language='et'?><a/>", check: "xml.declaration", line: 1, column: 1},

	{name: "document type", doc: "<!DOCTYPE a><a/>", check: "xml.dtd", line: 1, column: 1},
	{name: "document type with entities", doc: "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x \"]>\"><!-- ' -->]>\n<a/>", check: "xml.dtd", line: 2, column: 1},
	{name: "document type from elsewhere", doc: "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", check: "xml.dtd", line: 1, column: 1},
	{name: "entity declaration inside", doc: "<a><!ENTITY x 'y'></a>", check: "xml.dtd", line: 1, column: 4},
	{name: "conditional section", doc: "<a><![INCLUDE[x]]></a>", check: "xml.dtd", line: 1, column: 4},
	{name: "document type that never ends", doc: "<!DOCTYPE a [", check: "xml.dtd", line: 1, column: 1, fixed: true},

	{name: "entity of HTML", doc: "<a>x&nbsp;</a>", check: "xml.entity", line: 1, column: 5},
	{name: "entity in an attribute", doc: "<a b='&x;'/>", check: "xml.entity", line: 1, column: 7},
	{name: "bare ampersand", doc: "<a>salt & pepper</a>", check: "xml.entity", line: 1, column: 9},
	{name: "entity without semicolon", doc: "<a>&amp</a>", check: "xml.entity", line: 1, column: 4},
	{name: "entity in capitals", doc: "<a>&AMP;</a>", check: "xml.entity", line: 1, column: 4},
	{name: "entity of no name", doc: "<a>&;</a>", check: "xml.entity", line: 1, column: 4},

	{name: "reference without digits", doc: "<a>&#;</a>", check: "xml.charref", line: 1, column: 4},
	{name: "reference without hexadecimal digits", doc: "<a>&#x;</a>", check: "xml.charref", line: 1, column: 4},
	{name: "reference with a capital X", doc: "<a>&#X41;</a>", check: "xml.charref", line: 1, column: 4},
	{name: "hexadecimal digit in a decimal", doc: "<a>&#6A;</a>", check: "xml.charref", line: 1, column: 4},
	{name: "negative reference", doc: "<a b='&#-65;'/>", check: "xml.charref", line: 1, column: 7},
	{name: "reference without semicolon", doc: "<a>&#65</a>", check: "xml.charref", line: 1, column: 4},

	{name: "name that begins with a digit", doc: "<1a/>", check: "xml.name", line: 1, column: 2},
	{name: "name that begins with a hyphen", doc: "<-a/>", check: "xml.name", line: 1, column: 2},
	{name: "name with a dollar", doc: "<a$/>", check: "xml.name", line: 1, column: 2},
	{name: "name with a multiplication sign", doc: "<a×/>", check: "xml.name", line: 1, column: 2},
	{name: "name that begins with a combining mark", doc: "<\u0301a/>", check: "xml.name", line: 1, column: 2},
	{name: "two colons", doc: "<a:b:c xmlns:a='u'/>", check: "xml.name", line: 1, column: 2},
	{name: "colon first", doc: "<:a/>", check: "xml.name", line: 1, column: 2},
	{name: "colon last", doc: "<a: xmlns:a='u'/>", check: "xml.name", line: 1, column: 2},
	{name: "local name that begins with a digit", doc: "<a:1 xmlns:a='u'/>", check: "xml.name", line: 1, column: 2},
	{name: "attribute that begins with a digit", doc: "<a\n 1b='x'/>", check: "xml.name", line: 2, column: 2},
	{name: "attribute with two colons", doc: "<a xml:b:c='x'/>", check: "xml.name", line: 1, column: 4},
	{name: "declared prefix that is empty", doc: "<a xmlns:='u'/>", check: "xml.name", line: 1, column: 4},
	{name: "space before the name", doc: "< a/>", check: "xml.name", line: 1, column: 2, fixed: true},
	{name: "no name", doc: "<a><></a>", check: "xml.name", line: 1, column: 5, fixed: true},
	{name: "less-than in text", doc: "<a>1 < 2</a>", check: "xml.name", line: 1, column: 7, fixed: true},

	{name: "no space between attributes", doc: "<a b='1'c='2'/>", check: "xml.attribute", line: 1, column: 9},
	{name: "angle bracket in a value", doc: "<a b='1<2'/>", check: "xml.attribute", line: 1, column: 8},
	{name: "value without quotes", doc: "<a b=1/>", check: "xml.attribute", line: 1, column: 6, fixed: true},
	{name: "no value", doc: "<a b/>", check: "xml.attribute", line: 1, column: 5, fixed: true},
	{name: "no equals sign", doc: "<a b 'x'/>", check: "xml.attribute", line: 1, column: 6, fixed: true},
	{name: "slash inside", doc: "<a / b='x'>", check: "xml.attribute", line: 1, column: 4, fixed: true},
	{name: "slash and a space", doc: "<a/ >", check: "xml.attribute", line: 1, column: 3, fixed: true},
	{name: "tag inside a tag", doc: "<a <b/>", check: "xml.name", line: 1, column: 4, fixed: true},

	{name: "attribute twice", doc: "<a b='1' c='2' b='3'/>", check: "xml.duplicate-attribute", line: 1, column: 16},
	{name: "attribute twice among many", doc: "<a" + many(20, " a%d=''") + " a7=''" + " a3=''/>", check: "xml.duplicate-attribute", line: 1, column: 134},
	{name: "default namespace twice", doc: "<a xmlns='u' xmlns='u'/>", check: "xml.duplicate-attribute", line: 1, column: 14},
	{name: "prefix declared twice", doc: "<a xmlns:p='u' xmlns:p='v'/>", check: "xml.duplicate-attribute", line: 1, column: 16},

	{name: "two prefixes of one namespace", doc: "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", check: "xml.duplicate-expanded", line: 1, column: 36},
	{name: "two prefixes declared apart", doc: "<a xmlns:p='u'><b xmlns:q='&#117;' p:x='' p:y='' q:x=''/></a>", check: "xml.duplicate-expanded", line: 1, column: 50},

	{name: "element prefix", doc: "<p:a/>", check: "xml.prefix", line: 1, column: 2},
	{name: "attribute prefix", doc: "<a p:b='1'/>", check: "xml.prefix", line: 1, column: 4},
	{name: "prefix out of scope", doc: "<a><b xmlns:p='u'/><p:c/></a>", check: "xml.prefix", line: 1, column: 21},
	{name: "prefix in another case", doc: "<a xmlns:p='u'><P:c/></a>", check: "xml.prefix", line: 1, column: 17},

	{name: "xml bound elsewhere", doc: "<a xmlns:xml='u'/>", check: "xml.namespace", line: 1, column: 4},
	{name: "another prefix for xml", doc: "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", check: "xml.namespace", line: 1, column: 4},
	{name: "xml as the default", doc: "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", check: "xml.namespace", line: 1, column: 4},
	{name: "xmlns declared", doc: "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>", check: "xml.namespace", line: 1, column: 4},
	{name: "another prefix for xmlns", doc: "<a b='' xmlns:p='http://www.w3.org/2000/xmlns/'/>", check: "xml.namespace", line: 1, column: 9},
	{name: "prefix undeclared", doc: "<a xmlns:p='u'><b xmlns:p=''/></a>", check: "xml.namespace", line: 1, column: 19},
	{name: "xmlns as a prefix", doc: "<xmlns:a/>", check: "xml.namespace", line: 1, column: 2},

	{name: "more bindings in scope than allowed", doc: "<a" + many(64, " xmlns:a%d='u'") + "><a" + many(64, " xmlns:b%d='u'") + "><a\nxmlns:c='u'/></a></a>",
		check: "xml.bindings", line: 2, column: 1},

	{name: "crossed tags", doc: "<a><b></a></b>", check: "xml.nesting", line: 1, column: 7, fixed: true},
	{name: "end tag of a longer name", doc: "<a></ab>", check: "xml.nesting", line: 1, column: 4, fixed: true},
	{name: "end tag of a shorter name", doc: "<ab></a>", check: "xml.nesting", line: 1, column: 5, fixed: true},
	{name: "end tag with another prefix of the same namespace", doc: "<p:a xmlns:p='u' xmlns:q='u'></q:a>", check: "xml.nesting", line: 1, column: 30, fixed: true},
	{name: "end tag with an attribute", doc: "<a></a b=''>", check: "xml.nesting", line: 1, column: 4, fixed: true},
	{name: "end tag after a space", doc: "<a></ a>", check: "xml.nesting", line: 1, column: 4, fixed: true},
	{name: "unclosed", doc: "<a>\n <b>text</b><c>\n", check: "xml.nesting", line: 2, column: 13, fixed: true},
	{name: "end tag first", doc: "</a>", check: "xml.nesting", line: 1, column: 1, fixed: true},
	{name: "end tag last", doc: "<a/></a>", check: "xml.nesting", line: 1, column: 5, fixed: true},

	{name: "no root", doc: "<?xml version='1.0'?><!-- -->\n", check: "xml.root", line: 1, column: 1, fixed: true},
	{name: "second root", doc: "<a/>\r\n<b/>", check: "xml.root", line: 2, column: 1},
	{name: "text before", doc: "x<a/>", check: "xml.root", line: 1, column: 1},
	{name: "text after", doc: "<a/>\r\r x", check: "xml.root", line: 3, column: 2},
	{name: "reference outside", doc: "<a/>&#32;", check: "xml.root", line: 1, column: 5},
	{name: "CDATA outside", doc: "<a/><![CDATA[]]>", check: "xml.root", line: 1, column: 5},

	{name: "two hyphens inside", doc: "<a><!-- a -- b --></a>", check: "xml.comment", line: 1, column: 11},
	{name: "three hyphens at the end", doc: "<a><!-- a ---></a>", check: "xml.comment", line: 1, column: 11},
	{name: "comment without end", doc: "<a/>\n<!-- a", check: "xml.comment", line: 2, column: 1, fixed: true},
	{name: "comment that ends where it begins", doc: "<a/><!-->", check: "xml.comment", line: 1, column: 5, fixed: true},
	{name: "comment with two hyphens at the end of the document", doc: "<a/><!-- --", check: "xml.comment", line: 1, column: 5, fixed: true},
	{name: "comment with one hyphen", doc: "<!- a --><a/>", check: "xml.comment", line: 1, column: 1, fixed: true},

	{name: "end of a CDATA section in text", doc: "<a>x]]]>y</a>", check: "xml.cdata", line: 1, column: 6},
	{name: "CDATA without end", doc: "<a><![CDATA[ x ]] ></a>", check: "xml.cdata", line: 1, column: 4, fixed: true},

	{name: "target in capitals", doc: "<?XML version='1.0'?><a/>", check: "xml.instruction", line: 1, column: 1},
	{name: "target in mixed case", doc: "<a><?Xml?></a>", check: "xml.instruction", line: 1, column: 4},
	{name: "no target", doc: "<a><? x?></a>", check: "xml.instruction", line: 1, column: 4},
	{name: "empty instruction", doc: "<a><??></a>", check: "xml.instruction", line: 1, column: 4},
	{name: "target with a colon", doc: "<a><?x:y z?></a>", check: "xml.instruction", line: 1, column: 4},
	{name: "instruction without end", doc: "<a/>\n\n <?x y", check: "xml.instruction", line: 3, column: 2, fixed: true},
	{name: "instruction that ends where it begins", doc: "<a><?></a>", check: "xml.instruction", line: 1, column: 4, fixed: true},

	{name: "one too deep", doc: nested(129), check: "xml.depth", line: 1, column: 385},
	{name: "an empty element too deep", doc: "<a>\n<b>\n<c/></b></a>", check: "xml.depth", line: 3, column: 1, limits: xmldom.Limits{Depth: 2}},
	{name: "one attribute too many", doc: "<a" + many(128, " b%d=''") + "\nc=''/>", check: "xml.attributes", line: 2, column: 1},
	{name: "one declaration too many", doc: "<a b='' xmlns:p='u'/>", check: "xml.attributes", line: 1, column: 9, limits: xmldom.Limits{Attributes: 1}},
	{name: "one element too many", doc: "<a><b/><c/>\n<d/></a>", check: "xml.elements", line: 2, column: 1, limits: xmldom.Limits{Elements: 3}},

	{name: "ends after <", doc: "<a><", check: "xml.truncated", line: 1, column: 5, fixed: true},
	{name: "ends in a name", doc: "<a", check: "xml.truncated", line: 1, column: 3, fixed: true},
	{name: "ends in an attribute name", doc: "<a b", check: "xml.truncated", line: 1, column: 5, fixed: true},
	{name: "ends before a value", doc: "<a b=", check: "xml.truncated", line: 1, column: 6, fixed: true},
	{name: "ends in a value", doc: "<a b='\nx", check: "xml.truncated", line: 2, column: 2, fixed: true},
	{name: "ends after a slash", doc: "<a /", check: "xml.truncated", line: 1, column: 5, fixed: true},
	{name: "ends in an end tag", doc: "<ab></a", check: "xml.truncated", line: 1, column: 8, fixed: true},
	{name: "ends after the name of an end tag", doc: "<a></a ", check: "xml.truncated", line: 1, column: 8, fixed: true},
	{name: "ends in the opening of a CDATA section", doc: "<a><![CDA", check: "xml.truncated", line: 1, column: 10, fixed: true},
	{name: "ends in the opening of a comment", doc: "<a><!-", check: "xml.truncated", line: 1, column: 7, fixed: true},
	{name: "ends in an entity", doc: "<a>&am", check: "xml.truncated", line: 1, column: 7, fixed: true},
	{name: "ends in a character reference", doc: "<a>&#x4", check: "xml.truncated", line: 1, column: 8, fixed: true},
	{name: "ends after the mark of a character reference", doc: "<a>&#", check: "xml.truncated", line: 1, column: 6, fixed: true},
	{name: "ends after a carriage return", doc: "<a b='\r", check: "xml.truncated", line: 2, column: 1, fixed: true},
	{name: "ends in the first word of the declaration", doc: "<?xml", check: "xml.truncated", line: 1, column: 6, fixed: true},
	{name: "ends in the declaration", doc: "<?xml version='1.0'", check: "xml.truncated", line: 1, column: 20, fixed: true},
}

func TestEveryFaultIsRefusedByItsOwnCheckAtItsPlace(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.check+" "+c.name, func(t *testing.T) {
			d, err := xmldom.Parse([]byte(c.doc), c.limits)
			var refused *xmldom.Error
			if d != nil || !errors.As(err, &refused) {
				t.Fatal("accepted")
			}
			if refused.Check != c.check || refused.Line != c.line || refused.Column != c.column {
				t.Errorf("refused by %s at line %d, column %d; want %s at %d, %d", refused.Check, refused.Line, refused.Column, c.check, c.line, c.column)
			}
		})
	}
}

// The marker stands in every part of a document, each time before a fault.
func TestARefusalRepeatsNothingOfTheDocument(t *testing.T) {
	for _, doc := range []string{"<secret><b></secret>", "<a secret='<'/>", "<a>&secret;</a>", "<secret:a/>", "<a b='secret' b='secret'/>",
		"<?xml version='secret'?><a/>", "<?xml version='1.0' encoding='secret'?><a/>", "<!DOCTYPE secret><a/>", "<a/>secret", "<a secret:b=''/>",
		"<a xmlns:xml='secret'/>", "<a>secret&#secret;</a>", "<secret$/>", "<a/><secret/>"} {
		_, err := xmldom.Parse([]byte(doc), xmldom.Limits{})
		if err == nil {
			t.Errorf("%s: accepted", doc)
		} else if strings.Contains(err.Error(), "secret") || !strings.HasPrefix(err.Error(), "line 1, column ") {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestWhatIsJustInsideARuleIsAccepted(t *testing.T) {
	for _, c := range []struct {
		name, doc string
		limits    xmldom.Limits
	}{
		{"size to the byte", "<a/>", xmldom.Limits{Bytes: 4}},
		{"default size to the byte", "<a>" + strings.Repeat(" ", 16<<20-7) + "</a>", xmldom.Limits{}},
		{"shortest and longest characters of each length", "<a>\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFD\U00010000\U0010FFFF</a>", xmldom.Limits{}},
		{"tab, line feed, carriage return", "<a>\t\n\r\r\n</a>", xmldom.Limits{}},
		{"the same by reference", "<a b='&#9;&#10;&#13;'>&#9;&#xA;&#13;&#x10FFFF;&#xE000;&#xFFFD;&#xD7FF;</a>", xmldom.Limits{}},
		{"zeros before a reference", "<a>&#00000000000000000000000000065;&#x00000000000000041;</a>", xmldom.Limits{}},
		{"byte order mark by reference", "<a>&#xFEFF;</a>", xmldom.Limits{}},
		{"byte order mark first", "\uFEFF<a/>", xmldom.Limits{}},
		{"byte order mark and declaration", "\uFEFF<?xml version='1.0'?><a/>", xmldom.Limits{}},
		{"encoding in small letters", "<?xml version='1.0' encoding='utf-8'?><a>õ</a>", xmldom.Limits{}},
		{"US-ASCII", "<?xml version='1.0' encoding='US-ASCII'?><a>x&#xF5;</a>", xmldom.Limits{}},
		{"whole declaration", "<?xml\n version = \"1.0\"\tencoding = 'UTF-8' standalone='no' ?><a/>", xmldom.Limits{}},
		{"standalone without encoding", "<?xml version='1.0' standalone='yes'?><a/>", xmldom.Limits{}},
		{"target that begins with xml", "<?xml-stylesheet href='x'?><a><?xmlish?></a>", xmldom.Limits{}},
		{"the five entities", "<a b='&amp;&lt;&gt;&quot;&apos;'>&amp;&lt;&gt;&quot;&apos;</a>", xmldom.Limits{}},
		{"names with every kind of character", "<_a-.9·é:õ̇‿ xmlns:_a-.9·é='u' 𐐀='x'/>", xmldom.Limits{}},
		{"greater-than in a value", "<a b='1>2' c=\"it's\" d='\"'/>", xmldom.Limits{}},
		{"white space around the equals sign and at the end", "<a b\n=\t'1'\r\nc = '2' ></a\n>", xmldom.Limits{}},
		{"same local name with and without namespace", "<a xmlns='u' xmlns:p='u' p:b='1' b='2'/>", xmldom.Limits{}},
		{"same local name in two namespaces", "<a xmlns:p='u' xmlns:q='v' p:b='1' q:b='2'/>", xmldom.Limits{}},
		{"many attributes, none twice", "<a" + many(128, " a%d=''") + "/>", xmldom.Limits{}},
		{"xml bound to itself", "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='et'/>", xmldom.Limits{}},
		{"xml without declaration", "<a xml:space='preserve'/>", xmldom.Limits{}},
		{"default namespace undeclared", "<a xmlns='u'><b xmlns=''/></a>", xmldom.Limits{}},
		{"prefix used before it is declared in the same tag", "<p:a p:b='' xmlns:p='u'/>", xmldom.Limits{}},
		{"prefix bound again", "<p:a xmlns:p='u'><p:a xmlns:p='v'/></p:a>", xmldom.Limits{}},
		{"the same bindings again and again", strings.Repeat("<p:a xmlns:p='u' xmlns='v' xmlns:q='w'>", 128) + strings.Repeat("</p:a>", 128), xmldom.Limits{}},
		{"bindings to the number", "<a" + many(64, " xmlns:a%d='u'") + "><a" + many(64, " xmlns:b%d='u'") + "/></a>", xmldom.Limits{}},
		{"bindings beside each other", "<a>" + many(1000, "<p:b xmlns:p='u%d'/>") + "</a>", xmldom.Limits{}},
		{"white space, comments and instructions outside", "\n<!---->\n<?x?> <a/>\r\n<!-- - -->\t<?y z?>\n", xmldom.Limits{}},
		{"comment of a greater-than", "<!-->--><a><!-->--></a>", xmldom.Limits{}},
		{"single hyphens", "<a><!-- - - -> --></a>", xmldom.Limits{}},
		{"brackets apart", "<a>]] > ]] ]&gt; ]]&gt;</a>", xmldom.Limits{}},
		{"markup in CDATA", "<a><![CDATA[<b>&amp;&nbsp;]] > ]]]]><![CDATA[>]]></a>", xmldom.Limits{}},
		{"question marks in an instruction", "<a><?x ??></a>", xmldom.Limits{}},
		{"depth to the number", nested(128), xmldom.Limits{}},
		{"depth beside each other", "<a><b/><b/><b/></a>", xmldom.Limits{Depth: 2}},
		{"attributes to the number", "<a b='' xmlns:p='u'/>", xmldom.Limits{Attributes: 2}},
		{"elements to the number", "<a><b/><c/></a>", xmldom.Limits{Elements: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := xmldom.Parse([]byte(c.doc), c.limits); err != nil {
				t.Error(err)
			}
		})
	}
}
