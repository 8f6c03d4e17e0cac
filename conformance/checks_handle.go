package conformance

import (
	"bytes"

	"sild/node"
)

func handleChecks() []Check {
	return []Check{
		{"handle.keeps-bytes", "What is fetched by handle is what was promised, byte for byte.", "DESIGN 3, 10", Breach, handleKeeps},
		{"handle.summary", "A summary fetched by handle is what was promised, byte for byte.", "DESIGN 3, 10", Breach, handleSummary},
		{"handle.other-patient", "A handle is worth nothing for another patient.", "DESIGN 3", Danger, handleOther},
		{"handle.unknown", "A handle that nobody gave out finds nothing.", "DESIGN 3, 12", Breach, handleUnknown},
	}
}

// offered gives the first item of an offered listing; false when nothing was offered.
func (s *session) offered() (node.Item, bool) {
	l, err := s.prescriptions(s.People.Main, true)
	if err != nil {
		return node.Item{}, false
	}
	for _, item := range l.Items {
		if item.Ref.Handle != "" {
			return item, true
		}
	}
	return node.Item{}, false
}

func handleKeeps(s *session) outcome {
	if !s.Can.Handles {
		return absent("handles")
	}
	item, ok := s.offered()
	if !ok {
		return failed("Nothing was offered.")
	}
	ref := node.Ref{Handle: item.Ref.Handle}
	d, err := s.prescription(s.People.Main, ref)
	if err != nil {
		return failed("The fetch by handle was answered with %s.", came(err))
	}
	promised := item.Document
	if promised == nil || promised.Out == nil {
		if promised, err = s.prescription(s.People.Main, ref); err != nil {
			return failed("The second fetch by handle was answered with %s.", came(err))
		}
	}
	return keptPromise(promised, d)
}

// keptPromise compares what was promised with what came. A wire promises a hash and keeps the bytes to itself.
func keptPromise(promised, d *node.Document) outcome {
	if p := promised.Out; p != nil && p.Hash != "" && d.Out != nil && (p.Hash != d.Out.Hash || !hashHolds(d.Out)) {
		return failed("The hash differs from the one that was promised.")
	}
	return holds(len(body(promised)) == 0 || bytes.Equal(body(promised), body(d)), "Other bytes came than were promised.")
}

func handleSummary(s *session) outcome {
	if !s.Can.Handles {
		return absent("handles")
	}
	promised, err := s.summary(s.People.Main, node.Ref{}, true)
	if err != nil || promised.Handle == "" {
		return failed("No summary was offered.")
	}
	ref := node.Ref{Handle: promised.Handle}
	d, err := s.summary(s.People.Main, ref, false)
	if err != nil {
		return failed("The fetch by handle was answered with %s.", came(err))
	}
	if promised.Out == nil {
		if promised, err = s.summary(s.People.Main, ref, false); err != nil {
			return failed("The second fetch by handle was answered with %s.", came(err))
		}
	}
	return keptPromise(promised, d)
}

func handleOther(s *session) outcome {
	if !s.Can.Handles || s.People.Other.IsZero() {
		return absent("handles or another patient")
	}
	item, ok := s.offered()
	if !ok {
		return blocked("nothing was offered")
	}
	_, err := s.prescription(s.People.Other, node.Ref{Handle: item.Ref.Handle})
	return holds(is(err, node.NotFound), "A handle of one patient was answered for another with %s.", came(err))
}

func handleUnknown(s *session) outcome {
	if !s.Can.Handles {
		return absent("handles")
	}
	_, err := s.prescription(s.People.Main, node.Ref{Handle: node.NewCorrelation()})
	return holds(is(err, node.NotFound), "An unknown handle was answered with %s.", came(err))
}
