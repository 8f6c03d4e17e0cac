package translation

import (
	"maps"
	"sync"
	"sync/atomic"
)

// steps are those by which a catalogue has carried codes, each kept once for all hops: a map leads to few outcomes. Whoever
// looks for a known one takes no lock.
type steps struct {
	adding sync.Mutex
	known  atomic.Pointer[map[Step]*Step]
}

func newSteps() *steps {
	s := &steps{}
	s.known.Store(&map[Step]*Step{})
	return s
}

// one is the step that is shared by all hops that are made so.
func (s *steps) one(step Step) *Step {
	if known := (*s.known.Load())[step]; known != nil {
		return known
	}
	s.adding.Lock()
	defer s.adding.Unlock()
	more := maps.Clone(*s.known.Load())
	if more[step] == nil {
		added := step // so that only a new one leaves the stack
		more[step] = &added
		s.known.Store(&more)
	}
	return more[step]
}
