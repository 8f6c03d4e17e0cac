package tongues_test

import (
	"reflect"

	"sild/node"
	"sild/translation"
)

// everySlot lists the coded places of a document, and those that only its records hold.
func everySlot(d *node.Document) []*translation.Slot {
	seen := map[*translation.Slot]bool{}
	var found []*translation.Slot
	add := func(s *translation.Slot) {
		if s != nil && !seen[s] {
			seen[s], found = true, append(found, s)
		}
	}
	for _, s := range d.Slots {
		add(s)
	}
	for _, s := range recordSlots(d) {
		add(s)
	}
	return found
}

// recordSlots lists the coded places that the records of a document hold, in their order.
func recordSlots(d *node.Document) []*translation.Slot {
	var found []*translation.Slot
	for _, held := range []any{d.Code, d.Header, d.Prescriptions, d.Dispensation, d.Summary} {
		walk(reflect.ValueOf(held), &found)
	}
	return found
}

func walk(v reflect.Value, found *[]*translation.Slot) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if slot, ok := v.Interface().(*translation.Slot); ok {
			*found = append(*found, slot)
			return
		}
		walk(v.Elem(), found)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), found)
		}
	}
}
