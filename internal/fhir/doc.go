// Package fhir is the tongue for FHIR: it turns the bytes of prescriptions, dispensations and patient summaries into
// records with their coded places, and records into bytes. It reads the Estonian national form (R5), the Finnish
// national form (R4) and the two pivot forms of HL7 Europe (R4), and it writes the pivot forms. It knows nothing of
// HTTP.
//
// Start with Tongue.Decode, which finds the format out by itself, and Tongue.Encode.
package fhir
