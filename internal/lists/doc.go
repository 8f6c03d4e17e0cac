// Package lists reads terminology as the field publishes it and turns it into the tables of an operator's directory: FHIR
// value sets, code systems and concept maps, IHE SVS, national CSV lists and medicine lists, and a FHIR terminology server.
// Begin with Import.Run. Everything of an import arrives in the directory at once, or nothing.
package lists
