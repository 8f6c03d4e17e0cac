// Package compose writes records as MyHealth@EU CDA documents: the half of the CDA tongue that makes a document where
// there was none in that format. Begin with Document; LevelOne puts the same header around a PDF.
//
// The rules are those of the pivot documents (MyHealth@EU templates on CDA R2, with the pharmacy extension of HL7). What a
// rule does not settle is decided where it is written, with its reason.
package compose
