// Package sentence puts the structured dosage of a record into one sentence of Estonian, Finnish, Swedish or English, for a
// pharmacist or for a patient. No number, unit or "not" of the record is left out: what a grammar has no words for stands
// at the end with its raw parts. Start with Voice.Dosage.
package sentence
