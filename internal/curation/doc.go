// Package curation is for the person who owns the terminology tables: it checks them against rules and against a second
// reader, says what changed between two sets of tables, and follows one code along its whole way.
//
// Start with Check.Run. Compare tells two sets apart, and Try follows a code.
package curation
