package fhir

import (
	"sild/node"
	"sild/translation"
)

// outcome writes the loss report as an OperationOutcome entry: one issue for each slot, for each piece of content that
// no field understood, and for each item of a listing that could not be carried. mode is empty in a document Bundle.
func (e *encoder) outcome(id, mode string, cut cutPaths, withheld []node.Withheld) {
	e.entry(id, "OperationOutcome", "")
	if e.report != nil && e.report.Release != "" {
		list := e.array("extension")
		e.part(extRelease, "valueString", e.report.Release)
		e.close(list)
	}
	e.array("issue")
	empty := len(e.b)
	if e.report != nil {
		e.issues(cut)
	}
	for _, item := range withheld {
		e.withheldIssue(item)
	}
	if len(e.b) == empty {
		e.plainIssue("information", "informational", "nothing to report")
	}
	e.b = append(e.b, ']')
	e.endEntry(mode)
}

// cutPaths are the record paths of what was withheld. What a rule cut never stands in a report that leaves.
type cutPaths map[string]bool

func (e *encoder) issues(cut cutPaths) {
	for line := range e.report.Lines() {
		if !cut[line.Path] {
			e.lineIssue(&line)
		}
	}
	for _, residue := range e.report.Residue {
		if !residue.Span.In(e.silent) {
			e.residueIssue(residue, false)
		}
	}
	for _, lost := range e.report.Lost {
		if !cut[lost.Path] {
			e.residueIssue(lost, true)
		}
	}
}

func (e *encoder) plainIssue(severity, code, text string) {
	mark := e.object("")
	e.issueHead(severity, code, text)
	e.close(mark)
}

func (e *encoder) issueHead(severity, code, text string) {
	e.text("severity", severity)
	e.text("code", code)
	details := e.object("details")
	e.text("text", text)
	e.close(details)
}

// lineIssue writes the fate of one slot. A code that was handed on untranslated is a warning: the reader sees the
// original words. Codes that contradict each other are an error, whatever became of the slot.
func (e *encoder) lineIssue(line *node.Line) {
	severity, code := "information", "informational"
	switch line.Fate {
	case translation.Passed:
		severity, code = "warning", "code-invalid"
	case translation.Refused:
		severity, code = "error", "code-invalid"
	}
	words := line.Reason
	if line.Alarm != "" {
		severity, code, words = "error", "conflict", line.Alarm
	}
	mark := e.object("")
	list := e.array("extension")
	ext := e.extension(extLine)
	parts := e.array("extension")
	e.part("path", "valueString", e.place(line.Path))
	e.part("field", "valueCode", string(line.Field))
	e.part("fate", "valueCode", line.Fate.String())
	e.part("relation", "valueCode", string(line.Relation))
	e.codingPart("original", line.Original)
	e.codingPart("current", line.Current)
	e.flag("draft", line.Draft)
	e.part("reason", "valueString", line.Reason)
	e.part("coherence", "valueCode", string(line.Coherence))
	e.part("alarm", "valueString", line.Alarm)
	e.close(parts)
	e.close(ext)
	e.close(list)
	e.issueHead(severity, code, words)
	e.close(mark)
}

func (e *encoder) residueIssue(r node.Residue, lost bool) {
	mark := e.object("")
	list := e.array("extension")
	ext := e.extension(extResidue)
	parts := e.array("extension")
	e.part("path", "valueString", e.place(r.Path))
	e.part("why", "valueString", r.Why)
	e.flag("lost", lost)
	e.close(parts)
	e.close(ext)
	e.close(list)
	e.issueHead("information", "not-supported", r.Why)
	e.close(mark)
}

// withheldIssue says that an item exists but could not be carried: the slot and the reason, and nothing else of it.
func (e *encoder) withheldIssue(item node.Withheld) {
	mark := e.object("")
	list := e.array("extension")
	ext := e.extension(extWithheld)
	parts := e.array("extension")
	e.part("slot", "valueString", item.Slot)
	e.close(parts)
	e.close(ext)
	e.close(list)
	e.issueHead("warning", "processing", item.Detail)
	e.close(mark)
}
