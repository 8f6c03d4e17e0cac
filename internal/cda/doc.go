// Package cda is the tongue for CDA: it turns the bytes of MyHealth@EU prescriptions, dispensations and patient summaries
// (level 3, and level 1 around a PDF) into records with their coded places, splices renderings into the bytes they came
// in, and has records of other formats written as CDA by its inner room compose. It knows nothing of wires.
//
// Start with Tongue.Decode, which finds the kind of document out by itself, and Tongue.Encode.
package cda
