package translation

import "testing"

func TestWhatIsRareTakesNoRoomWhereItIsNot(t *testing.T) {
	s := NewSlot(StrengthUnit, "strength", Coding{})
	if said := testing.AllocsPerRun(10, func() {
		s.SetAbsent("")
		s.SetPer(nil)
	}); said != 0 || s.Rare != nil || s.Absent() != "" || s.Per() != nil || s.Alarm() != "" {
		t.Errorf("%v allocations, %+v", said, s.Rare)
	}
}

func TestWhatIsRareIsKeptSideBySide(t *testing.T) {
	s := NewSlot(StrengthUnit, "strength", Coding{})
	s.Compare().Alarm = "they differ"
	s.SetAbsent("unknown")
	s.SetPer(&gram)
	other := *s
	other.SetAbsent("")
	other.SetPer(nil)
	if s.Absent() != "unknown" || s.Per() != &gram || s.Alarm() != "they differ" {
		t.Errorf("%+v", s.Rare)
	}
	if other.Absent() != "" || other.Per() != nil || other.Alarm() != "they differ" {
		t.Errorf("a copy: %+v", other.Rare)
	}
}
