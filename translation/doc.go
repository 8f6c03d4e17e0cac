// Package translation carries coded concepts between a country's code systems and the pivot of MyHealth@EU, and their
// names into a reader's language. It knows slots, not patients or prescriptions, and it never overwrites what was
// written: it adds hops, and says which slots it could not carry.
//
// Start with Compile, which makes a snapshot of value sets, designations and concept maps, and Open, which reads it; then
// Catalogue.ToPivot for documents that leave the country and Catalogue.FromPivot for documents that arrive.
package translation
