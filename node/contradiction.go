package node

import "sild/translation"

// contradiction finds a required slot whose chain of codes does not agree with itself: what the pharmacist sees, the
// shared code and the code that country A wrote must mean the same thing and the same amount. A map that we do not have
// decides nothing.
func contradiction(catalogue *translation.Catalogue, d *Document) *Error {
	for _, slot := range d.Slots {
		if slot.Required && len(slot.Hops) > 0 && catalogue.Agreement(slot) == translation.Contradicts {
			return &Error{Kind: Invalid, Reason: "slot.contradiction", Slot: slot.Path,
				Detail: "The codes or amounts written for one thing contradict each other: " + slot.Path + "."}
		}
	}
	return nil
}
