package node

import "sild/translation"

// contradiction finds a required slot whose chain of codes does not agree with itself: what the pharmacist sees, the
// shared code and the code that country A wrote must mean the same thing and the same amount. A map that we do not have
// decides nothing.
func contradiction(catalogue *translation.Catalogue, corridor Corridor, d *Document) *Error {
	for _, slot := range d.Slots {
		if !slot.Required || len(slot.Hops) == 0 {
			continue
		}
		if !agrees(catalogue, corridor, slot) {
			return &Error{Kind: Invalid, Reason: "slot.contradiction", Slot: slot.Path,
				Detail: "The codes or amounts written for one thing contradict each other: " + slot.Path + "."}
		}
	}
	return nil
}

// agrees compares the pivot meaning of everything that the chain names.
func agrees(catalogue *translation.Catalogue, corridor Corridor, slot *translation.Slot) bool {
	visible, amount, ok := meaning(catalogue, corridor, slot.Field, slot.Current, visibleAmount(slot))
	if !ok {
		return true // not carried: refused elsewhere
	}
	original, written, known := meaning(catalogue, corridor, slot.Field, slot.Original, slot.Number)
	if known && (!original.Same(visible) || !sameAmount(amount, written)) {
		return false
	}
	for _, hop := range slot.Hops {
		for _, coding := range []translation.Coding{hop.From, hop.To} {
			if between, _, known := meaning(catalogue, corridor, slot.Field, coding, ""); known && !between.Same(visible) {
				return false
			}
		}
	}
	return true
}

func visibleAmount(slot *translation.Slot) string {
	if slot.Amount != "" {
		return slot.Amount
	}
	return slot.Number
}

// meaning carries one code to the pivot as either country would; false where neither has a map for it.
func meaning(catalogue *translation.Catalogue, corridor Corridor, field translation.Field, coding translation.Coding, number string) (translation.Coding, string, bool) {
	for _, country := range []string{corridor.B, corridor.A} {
		probe := translation.NewSlot(field, "", coding)
		probe.Number = number
		catalogue.ToPivot(country, probe)
		if carried(probe) {
			return probe.Current, probe.Amount, true
		}
	}
	return translation.Coding{}, "", false
}

func sameAmount(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	order, ok := compare(a, b)
	return ok && order == 0
}
