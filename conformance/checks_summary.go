package conformance

import (
	"strings"

	"sild/node"
	"sild/translation"
)

func summaryChecks() []Check {
	return []Check{
		{"summary.answered", "The patient's summary can be fetched.", "DESIGN 2", Breach, summaryAnswered},
		{"summary.own-patient", "A summary names the patient it was asked for.", "DESIGN 3", Danger, summaryOwnPatient},
		{"summary.sections", "A summary has sections, each with its code and whether it has entries.", "DESIGN 4", Danger, summarySections},
		{"summary.unknown-none", "An unknown patient has no summary.", "DESIGN 12", Breach, summaryUnknown},
		{"summary.hidden-as-none", "A forbidden summary looks like none.", "DESIGN 8", Danger, summaryHidden},
	}
}

func cutChecks() []Check {
	return []Check{
		{"summary.section-cut", "A forbidden section is not in the summary.", "DESIGN 4, 8", Danger, sectionCut},
		{"summary.rest-kept", "The other sections stay.", "DESIGN 4", Danger, restKept},
		{"summary.cut-without-trace", "The report does not speak of what is in a forbidden section.", "DESIGN 4, 8", Danger, cutWithoutTrace},
		{"summary.cut-as-never", "The report counts as if a forbidden section had never been recorded.", "DESIGN 4, 8", Danger, cutAsNever},
	}
}

func (s *session) summaryOf(patient node.Identifier) fetched {
	return s.read(s.summary(patient, node.Ref{}, false))
}

func summaryAnswered(s *session) outcome {
	f := s.summaryOf(s.People.Main)
	if f.err != nil {
		return failed("The summary was answered with %s.", came(f.err))
	}
	return holds(f.read.Summary != nil, "What came back is no summary.")
}

// onSummary judges a patient's summary.
func (s *session) onSummary(patient node.Identifier, judge func(fetched) outcome) outcome {
	f := s.summaryOf(patient)
	if f.err != nil || f.read.Summary == nil {
		return blocked("there is no summary")
	}
	return judge(f)
}

func summaryOwnPatient(s *session) outcome {
	return s.onSummary(s.People.Main, func(f fetched) outcome {
		return holds(f.read.Patient.Has(s.People.Main), "The summary is about another patient.")
	})
}

func summarySections(s *session) outcome {
	return s.onSummary(s.People.Main, func(f fetched) outcome {
		for _, section := range f.read.Summary.Sections {
			if section.Code == "" || section.State == "" {
				return failed("A section says neither what it is nor whether it has entries.")
			}
		}
		return holds(len(f.read.Summary.Sections) > 0, "The summary has no sections.")
	})
}

func summaryUnknown(s *session) outcome {
	if s.People.Unknown.IsZero() {
		return absent("an unknown identifier")
	}
	_, err := s.summary(s.People.Unknown, node.Ref{}, false)
	return holds(is(err, node.NotFound), "An unknown patient's summary was answered with %s.", came(err))
}

func summaryHidden(s *session) outcome {
	if s.People.SummaryRestricted.IsZero() || s.People.Unknown.IsZero() || !s.Can.Face {
		return absent("a patient who forbade the summary, before a face")
	}
	_, unknown := s.summary(s.People.Unknown, node.Ref{}, false)
	_, this := s.summary(s.People.SummaryRestricted, node.Ref{}, false)
	if this == nil {
		return failed("A forbidden summary was answered.")
	}
	return s.alike(unknown, this)
}

// onCut judges the summary of which a section is forbidden.
func (s *session) onCut(judge func(fetched) outcome) outcome {
	if s.People.SectionRestricted.IsZero() || s.People.Section == "" || !s.Can.Face {
		return absent("a patient who forbade a section, before a face")
	}
	return s.onSummary(s.People.SectionRestricted, judge)
}

// shown says that a section tells anything: one that says "no information" looks the same when it was never recorded.
func shown(section node.Section) bool { return section.State != node.NoInformation }

func sectionCut(s *session) outcome {
	if s.People.SectionRestricted.IsZero() || s.People.Section == "" || !s.Can.Face {
		return absent("a patient who forbade a section, before a face")
	}
	f := s.summaryOf(s.People.SectionRestricted)
	if f.err != nil || f.read.Summary == nil {
		return failed("The rest of the summary was answered with %s.", came(f.err))
	}
	for _, section := range f.read.Summary.Sections {
		if section.Code == s.People.Section && shown(section) {
			return failed("The forbidden section is shown.")
		}
	}
	return pass()
}

// onTwins judges a cut summary beside the same one in which the section was never recorded.
func (s *session) onTwins(judge func(cut, never fetched) outcome) outcome {
	if s.People.SectionNever.IsZero() {
		return absent("a patient whose summary never had the section")
	}
	return s.onCut(func(cut fetched) outcome {
		return s.onSummary(s.People.SectionNever, func(never fetched) outcome { return judge(cut, never) })
	})
}

func restKept(s *session) outcome {
	return s.onTwins(func(cut, never fetched) outcome {
		have := map[string]bool{}
		for _, section := range cut.read.Summary.Sections {
			have[section.Code] = shown(section)
		}
		for _, section := range never.read.Summary.Sections {
			if section.Code != s.People.Section && shown(section) && !have[section.Code] {
				return failed("A section is gone that nobody forbade.")
			}
		}
		return pass()
	})
}

func cutWithoutTrace(s *session) outcome {
	return s.onCut(func(f fetched) outcome {
		report := f.report()
		if report == nil {
			return absent("a report")
		}
		for line := range report.Lines() {
			heading := line.Field == translation.Section || line.Field == translation.Absence
			if strings.Contains(line.Path, s.People.Section) && !heading {
				return failed("The report has a line about the forbidden section.")
			}
		}
		for _, r := range append(append([]node.Residue(nil), report.Residue...), report.Lost...) {
			if strings.Contains(r.Path+" "+r.Why, s.People.Section) {
				return failed("The report speaks of the forbidden section.")
			}
		}
		return pass()
	})
}

func cutAsNever(s *session) outcome {
	return s.onTwins(func(cut, never fetched) outcome {
		a, b := cut.report(), never.report()
		if a == nil || b == nil {
			return holds(a == b, "One of the two summaries has a report and the other has none.")
		}
		return holds(a.Count() == b.Count() && len(a.Residue) == len(b.Residue) && len(a.Lost) == len(b.Lost),
			"The report counts something that would not be there if the section had never been recorded.")
	})
}
