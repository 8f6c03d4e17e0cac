// Package cda is the tongue for CDA: it turns the bytes of MyHealth@EU prescriptions, dispensations and patient summaries
// (level 3, and level 1 around a PDF) into records with their coded places, splices renderings into the bytes they came
// in, and has records of other formats written as CDA by its inner room compose. It knows nothing of wires.
//
// Start with Tongue.Decode, which finds the kind of document out by itself, and Tongue.Encode.
//
// # Checks
//
// Every refusal of Decode carries a word, and a build with the tag "lifted" can switch one check off by that word (see
// internal/barrier). What is read as XML is judged by the words of xmldom first. The words of this package are:
// cda.root, cda.document-code, cda.document-id, cda.patient, cda.patient-id and cda.patients (what it is and whose);
// cda.body, cda.section, cda.entry, cda.item and cda.order (of which parts it is made); cda.twice (one question with two
// answers), cda.negated, cda.mood, cda.status and cda.substitution (yes and no); cda.number, cda.negative, cda.zero,
// cda.fraction and cda.package-unit (quantities); cda.chain, cda.package, cda.parts, cda.dosage, cda.digits, cda.places
// and cda.references (more than any document has); cda.duplicate-id; cda.pdf.
//
// A summary is judged by those of its envelope and its size alone: it may save a life with one odd entry. All can be
// lifted: what is said twice is then read where it stands first, and a document without a body is read as its header.
package cda
