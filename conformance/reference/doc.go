// Package reference is a small country in memory: an Exchange that passes every check of package conformance, for
// trying the checks and for reading what an Exchange must do. Its people, medicines and codes are invented, its
// documents are its records as JSON, and it forgets everything when the process ends.
//
// Start with New, then Country.Calls, which describes it to conformance.Judge.
package reference
