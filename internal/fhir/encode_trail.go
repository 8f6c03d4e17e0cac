package fhir

import (
	"strconv"

	"sild/translation"
)

// trail is where the writer stands inside one resource, so that a coded place knows the path by which a reader of the
// written form will call it.
type trail struct {
	base  string // path of the resource
	steps []rung
}

// rung is one open object or array.
type rung struct {
	name  string // of a member; empty for an item
	index int    // of an item among its siblings
	items int    // begun in it, where it is an array
	list  bool
}

// walk starts a resource whose record path is base.
func (w *writer) walk(base string) {
	w.trail = &trail{base: base, steps: w.trailSteps()}
}

// trailSteps keeps the room of the last resource's steps.
func (w *writer) trailSteps() []rung {
	if w.trail == nil {
		return make([]rung, 0, 16)
	}
	return w.trail.steps[:0]
}

func (t *trail) push(name string, list bool) {
	s := rung{name: name, list: list}
	if n := len(t.steps); n > 0 && t.steps[n-1].list {
		s.index = t.steps[n-1].items
		t.steps[n-1].items++
	}
	t.steps = append(t.steps, s)
}

// pop leaves an object or array; one that was taken back leaves no number used.
func (t *trail) pop(taken bool) {
	n := len(t.steps) - 1
	if taken && n > 0 && t.steps[n-1].list {
		t.steps[n-1].items--
	}
	t.steps = t.steps[:n]
}

// path is the record path of what stands here.
func (t *trail) path() string {
	to := append(make([]byte, 0, 96), t.base...)
	for _, s := range t.steps {
		switch {
		case s.name == "":
			to = append(strconv.AppendInt(append(to, '['), int64(s.index), 10), ']')
		case len(to) > 0:
			to = append(append(to, '.'), s.name...)
		default:
			to = append(to, s.name...)
		}
	}
	return string(to)
}

// took notes that an element holds the slot, and where a reader will find it.
func (e *encoder) took(slot *translation.Slot) {
	if e.taken == nil {
		e.taken = make(map[*translation.Slot]string)
	}
	if _, again := e.taken[slot]; again {
		return
	}
	path := slot.Path
	if e.trail != nil {
		path = e.trail.path()
	}
	e.taken[slot] = path
}

// has says that an element holds the slot already.
func (e *encoder) has(slot *translation.Slot) bool {
	_, there := e.taken[slot]
	return there
}

// tookAt notes a slot that stands outside the resources of a summary's entries, under the path that a reader gives it.
func (e *encoder) tookAt(slot *translation.Slot, path string) {
	if e.hidden(slot) {
		return
	}
	e.trail = &trail{base: path}
	e.took(slot)
	e.trail = nil
}
