// Package conformance judges any Exchange by the same questions: a national register, either face of this node, a wire
// client, and through one a live node of another country. It knows no wire, no country and no test framework: the
// caller hands in the Exchange and describes it in a Calls, and gets one Finding for each Check.
//
// Start with Judge. Package conformance/reference is a small Exchange that passes everything.
package conformance
