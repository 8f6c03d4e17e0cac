// Package xmldom reads foreign XML strictly and keeps only where its elements stand: an arena of byte offsets over the
// source, which is never copied. Begin with Parse; then walk from Document.Root.
//
// What passes is a well-formed XML 1.0 document (fifth edition) that also keeps Namespaces in XML 1.0, in UTF-8, without
// a document type declaration and within Limits. Text, comments, instructions and attributes are not stored; they are
// read again from the checked source when somebody asks. Strings that need no decoding are views of the source: while a
// Document or any string from it is in use, nobody may change the source.
//
// A Document does not change after Parse, so any number of goroutines may read it at once.
//
// # Checks
//
// Every refusal carries a word, and a build with the tag "lifted" can switch one check off by that word (see
// internal/barrier). What a lifted check does then: a document type declaration is skipped, an unknown or broken reference
// stays as it is written, the first of two equal attributes is found, an undeclared prefix stands for no namespace, a
// declaration of xml or xmlns is ignored and any other wrong one taken at its word, a bad name runs to the next delimiter,
// what stands outside the root is passed over, a second root is the root's next sibling.
//
// The words are xml.size, xml.empty, xml.utf8, xml.char, xml.encoding, xml.bom, xml.declaration, xml.dtd, xml.entity,
// xml.charref, xml.name, xml.attribute, xml.duplicate-attribute, xml.duplicate-expanded, xml.prefix, xml.namespace,
// xml.bindings (more namespace declarations in scope than 128), xml.nesting, xml.root, xml.comment, xml.cdata,
// xml.instruction, xml.depth, xml.attributes, xml.elements and xml.truncated.
//
// These cannot be lifted, because nothing sensible is left to read: xml.empty, xml.nesting, xml.truncated; UTF-16 and
// UTF-32, whose bytes the other checks refuse (xml.encoding); a document without any root (xml.root); a comment, CDATA
// section, instruction or document type declaration that never ends; a name of no characters (xml.name); an attribute
// without a quoted value (xml.attribute); more bytes than an offset of 31 bits can say (xml.size).
package xmldom
