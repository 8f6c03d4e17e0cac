package translation

// Rare is what few slots have. A large summary has a hundred thousand slots, so that the others bear no room for it.
type Rare struct {
	Absent string  `json:"absent,omitempty"` // the reason given for an absent code (data-absent-reason, nullFlavor)
	Per    *Coding `json:"per,omitempty"`    // the denominator unit, where a national unit code was a ratio
	Comparison
}

// Comparison is what a slot is compared with, and what came of it.
type Comparison struct {
	Also    []Coding  `json:"-"` // other codes that the source writes for the same thing: never carried
	Counted []Counted `json:"-"` // other forms of a quantity that the source writes
	// Coherence says whether the codes of the chain can mean one thing, by their properties; Alarm why they cannot.
	Coherence   Coherence `json:"coherence,omitempty"`
	Alarm       string    `json:"alarm,omitempty"`
	Unconfirmed bool      `json:"-"` // somebody else's step that no table of ours confirms: see Cohere
}

// Counted is a number of a unit.
type Counted struct {
	Number string
	Unit   Coding
}

// Absent is the reason given for an absent code.
func (s *Slot) Absent() string { return s.rare().Absent }

// SetAbsent gives that reason, or takes it back with an empty one.
func (s *Slot) SetAbsent(reason string) {
	if s.Absent() != reason {
		rare := s.rare()
		rare.Absent = reason
		s.Rare = &rare
	}
}

// Per is the denominator unit, where a national unit code was a ratio; nil where it was none.
func (s *Slot) Per() *Coding { return s.rare().Per }

// SetPer gives the denominator unit, or takes it away with nil.
func (s *Slot) SetPer(unit *Coding) {
	if s.Per() != unit {
		rare := s.rare()
		rare.Per = unit
		s.Rare = &rare
	}
}

// Comparison is what the slot is compared with; the zero value where that is nothing.
func (s *Slot) Comparison() Comparison { return s.rare().Comparison }

// Compare is the same to be written into.
func (s *Slot) Compare() *Comparison {
	if s.Rare == nil {
		s.Rare = &Rare{}
	}
	return &s.Rare.Comparison
}

// Coherence says whether the codes of the chain can mean one thing.
func (s *Slot) Coherence() Coherence { return s.Comparison().Coherence }

// Alarm says why they cannot.
func (s *Slot) Alarm() string { return s.Comparison().Alarm }

func (s *Slot) rare() Rare {
	if s.Rare == nil {
		return Rare{}
	}
	return *s.Rare
}
