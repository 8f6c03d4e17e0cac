// Package translation carries coded concepts between a country's code systems and the pivot of MyHealth@EU, and their
// names into a reader's language. It knows slots, not patients or prescriptions, and it never overwrites what was
// written: it adds hops, and says which slots it could not carry.
//
// Start with Load, which reads a catalogue of value sets, designations and concept maps, then Catalogue.ToPivot for
// documents that leave the country and Catalogue.FromPivot for documents that arrive.
package translation
