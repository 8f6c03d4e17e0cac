package conformance

import (
	"sild/node"
	"sild/translation"
)

func reportChecks() []Check {
	return []Check{
		{"report.present", "A listing and a document carry a loss report.", "DESIGN 4", Breach, reportPresent},
		{"report.every-slot", "Every coded place of the medicine has a line with its fate.", "DESIGN 4", Danger, reporting(lineMissing)},
		{"report.slots-in-slots-out", "There are as many lines as coded places.", "DESIGN 4", Breach, reportCount},
		{"report.original-named", "A line names the code that was written.", "DESIGN 4", Breach, reporting(originalUnnamed)},
		{"report.relation-shown", "A line shows that the translated code says more or less than the original.", "DESIGN 4", Danger, reporting(relationHidden)},
		{"report.draft-shown", "A line shows that nobody has accepted the translation yet.", "DESIGN 5", Danger, reporting(draftHidden)},
	}
}

func reportPresent(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register translates nothing")
	}
	return s.onList(func(l *listed) outcome {
		if l.report == nil {
			return failed("The listing has no loss report.")
		}
		return s.each(func(_ Expect, f fetched) outcome {
			return holds(f.report() != nil, "A document has no loss report.")
		})
	})
}

// written are the coded places that a report must speak of: as the face saw them, or what the document shows of them.
func written(f fetched) []*translation.Slot {
	if f.came.Out != nil && f.came.Out.Report != nil && len(f.came.Slots) > 0 {
		return f.came.Slots
	}
	return slotsOf(&f.record().Medication)
}

// reporting makes a check of every coded place and its line in the report.
func reporting(wrong func(*translation.Slot, *node.Line) string) func(*session) outcome {
	return func(s *session) outcome {
		if !s.Can.Face {
			return absent("a face; a register translates nothing")
		}
		return s.each(func(_ Expect, f fetched) outcome {
			report := f.report()
			if report == nil {
				return blocked("a document has no loss report")
			}
			for _, slot := range written(f) {
				if reason := wrong(slot, lineOf(report, slot)); reason != "" {
					return failed("%s.", reason)
				}
			}
			return pass()
		})
	}
}

func lineOf(r *node.Report, slot *translation.Slot) *node.Line {
	for line := range r.Lines() {
		if line.Path == slot.Path {
			return &line
		}
	}
	return nil
}

func lineMissing(_ *translation.Slot, line *node.Line) string {
	switch {
	case line == nil:
		return "A coded place has no line in the report"
	case line.Fate == translation.Untouched:
		return "A coded place has a line without a fate"
	}
	return ""
}

func originalUnnamed(slot *translation.Slot, line *node.Line) string {
	if line != nil && !line.Original.Same(slot.Original()) {
		return "A line names another code than the one that was written"
	}
	return ""
}

func relationHidden(slot *translation.Slot, line *node.Line) string {
	if line != nil && slot.Relation() != translation.Equivalent && line.Relation != slot.Relation() {
		return "A translation that is not equivalent is shown as if it were"
	}
	return ""
}

func draftHidden(slot *translation.Slot, line *node.Line) string {
	if line != nil && slot.Draft() && !line.Draft {
		return "A draft translation is shown as if it were accepted"
	}
	return ""
}

func reportCount(s *session) outcome {
	judged := false
	o := s.each(func(_ Expect, f fetched) outcome {
		if len(f.came.Slots) == 0 || f.came.Out == nil || f.came.Out.Report == nil {
			return pass()
		}
		judged = true
		return holds(len(f.came.Slots) == f.came.Out.Report.Count(), "The document has %d coded places and the report %d lines.",
			len(f.came.Slots), f.came.Out.Report.Count())
	})
	if o.verdict == Passed && !judged {
		return absent("the coded places of the source; over a wire only the report is seen")
	}
	return o
}
