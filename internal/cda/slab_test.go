package cda

import (
	"reflect"
	"testing"

	"sild/translation"
)

// A large summary is made of slabs: what one leaves empty is lost as often as there are slabs.
func TestASlabOfSlotsFillsItsMemory(t *testing.T) {
	const room = 32 << 10 // the largest class of memory for small things
	if slot := int(reflect.TypeFor[translation.Slot]().Size()); mostInSlab != room/slot {
		t.Errorf("%d slots of %d bytes, and there is room for %d", mostInSlab, slot, room/slot)
	}
}
