package translation

// HopKind says what one step in the life of a code was.
type HopKind string

// The kinds of hop. Asserted is a step that a peer made and of which only the codes are known, not the map.
const (
	Identity  HopKind = "identity"
	Transcode HopKind = "transcode"
	Asserted  HopKind = "asserted"
)

// Hop is one step in the life of a code: the code that it set out from, and how it was made. The code that it led to is
// that from which the next one set out, or the current one of the slot: see Slot.To.
type Hop struct {
	From Coding `json:"from"`
	*Step
	Bare *Coding `json:"to,omitempty"` // the code that it led to, where Current bears the words of a reader since
}

// Step is how a hop was made: by which map and release, and in which country. Many hops share one, so that nobody changes
// it.
type Step struct {
	Kind     HopKind  `json:"kind"`
	Relation Relation `json:"relation,omitempty"`
	Map      string   `json:"map,omitempty"`     // name of the map, e.g. ee-eu/dose-form
	Release  string   `json:"release,omitempty"` // hash of the snapshot that held the map
	Country  string   `json:"country,omitempty"` // ISO 3166 alpha-2 of the node that made the step
	Draft    bool     `json:"draft,omitempty"`   // no pharmacist has accepted the row yet
}

var asserted = &Step{Kind: Asserted}

// To is the code that one of the hops led to.
func (s *Slot) To(hop int) Coding {
	switch {
	case s.Hops[hop].Bare != nil:
		return *s.Hops[hop].Bare
	case hop+1 < len(s.Hops):
		return s.Hops[hop+1].From
	}
	return s.Current
}

// Life is every code that the slot has had: the original first, then what each hop led to.
func (s *Slot) Life() []Coding {
	life := append(make([]Coding, 0, len(s.Hops)+1), s.Original())
	for i := range s.Hops {
		life = append(life, s.To(i))
	}
	return life
}

// Take moves the slot on to another code.
func (s *Slot) Take(step *Step, to Coding) {
	s.Hops = append(s.Hops, Hop{From: s.Current, Step: step})
	s.Current = to
}

// Assert moves the slot on to another code by the step of a peer, of which no more is known.
func (s *Slot) Assert(to Coding) { s.Take(asserted, to) }

// take is Take, unless the step only repeats the last one. An alias of the code system is written out once.
func (s *Slot) take(step *Step, to Coding) {
	if last := len(s.Hops) - 1; last >= 0 && step.Kind == Identity && *s.Hops[last].Step == *step && s.To(last) == to {
		s.Current = to
		return
	}
	s.Take(step, to)
}

// reword gives the current code the words of a reader; the last hop keeps the code that it led to as it was.
func (s *Slot) reword(words, language string) {
	if last := &s.Hops[len(s.Hops)-1]; last.Bare == nil {
		bare := s.Current
		last.Bare = &bare
	}
	s.Current.Display, s.Current.Language = words, language
}
