// Package node is the contact point itself: the records that cross a border, the six verbs of Exchange, and the two
// faces that give them meaning. Answer speaks for the country of affiliation (A, where the patient is insured and the
// record lives); Ask speaks for the country of treatment (B, where the pharmacy or clinic is).
//
// A prescription's way: a door verifies the caller's evidence and states a Proof; Gate.Admit turns it into a Call;
// Answer.Prescription asks the register, applies the corridor's rules, carries every code to the pivot, encodes,
// commits the event, and only then returns; Ask.Prescription carries the pivot to the reader's language.
//
// Start with Exchange (exchange.go), then answer.go and ask.go: one verb, one function.
package node
