package translation

// HomeWay says on what ground a code was found for the country that a slot returns to.
type HomeWay string

// The ways home.
const (
	HomeKept   HomeWay = "kept"   // the country's own code from the chain: it still leads to the same shared code
	HomeMapped HomeWay = "mapped" // the code that the tables name for the shared code
	HomeNone   HomeWay = "none"   // the country has no code for it: the shared code stays
)

// Home takes a slot back to a country (ISO 3166 alpha-2) from which its chain set out, as the slots of a dispensation
// come back, and says on what ground. The country's own code in the chain is believed only if it maps, with this
// catalogue, to the very shared code that has come back; whether the thing itself is unchanged, a substituted product
// for one, only the caller can tell. Otherwise the tables name a code, and where they do not, the shared code stays. An
// amount is converted to the unit that is found, or the unit is not taken. Fates are given as FromPivot gives them.
func (c *Catalogue) Home(country string, s *Slot) HomeWay {
	if s.arrived(country) {
		return c.way(country, s)
	}
	if s.Fate == Passed || s.Fate == Refused || !c.open(s) {
		return HomeNone
	}
	life := s.Life()
	c.arrive(country, s)
	if s.Fate == Refused || c.sets[s.Field] == nil {
		return HomeNone
	}
	pivot := s.Current
	if s.arrived(country) {
		pivot = s.Hops[len(s.Hops)-1].From
	}
	for _, own := range life {
		if m, r := c.leads(country, s.Field, own, c.key(pivot)); m != nil && c.keep(country, s, own, m, r) {
			return HomeKept
		}
	}
	if s.arrived(country) {
		return HomeMapped
	}
	return HomeNone
}

// leads maps a code again and compares: no map when the code is not the country's or leads elsewhere now. A shared code
// that the country uses as it stands is none of its own: another code of the chain may be.
func (c *Catalogue) leads(country string, field Field, own Coding, pivot codeKey) (*conceptMap, row) {
	m, r := c.forward(country, field, c.look(own))
	if c.key(own) == pivot || m == nil || m == c.maps[mapKey{shared, field}] || r.relation == None || c.key(r.to) != pivot {
		return nil, row{}
	}
	return m, r
}

// keep steps from the shared code to the country's own, with its amount, in place of the step that the tables named.
func (c *Catalogue) keep(country string, s *Slot, own Coding, m *conceptMap, r row) bool {
	if c.key(r.per) != c.key(perOf(s)) {
		return false
	}
	amount := s.Amount
	if amount != "" {
		var exact bool
		if amount, exact = r.factor.into(amount); !exact {
			return false
		}
	}
	if last := len(s.Hops) - 1; s.arrived(country) {
		s.Current, s.Hops = s.Hops[last].From, s.Hops[:last]
	}
	s.take(c.step(country, Step{Kind: Transcode, Relation: turned(r.relation), Map: m.back, Draft: r.draft}), own)
	s.Amount, s.Fate, s.Reason = amount, Mapped, ""
	s.SetPer(nil)
	return true
}

// way says how a slot came home that is there already.
func (c *Catalogue) way(country string, s *Slot) HomeWay {
	last := s.Hops[len(s.Hops)-1]
	for _, own := range s.Life()[:len(s.Hops)] {
		if m, _ := c.leads(country, s.Field, own, c.key(last.From)); m != nil && own.Same(s.Current) {
			return HomeKept
		}
	}
	return HomeMapped
}
