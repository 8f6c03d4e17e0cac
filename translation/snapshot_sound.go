package translation

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// sound walks the whole snapshot once: what a look-up will follow must lead somewhere. The hash says only that a file is as
// it was written, not who wrote it; a file of another release, or one made by hand, must not stop a running node.
func (c *Catalogue) sound() (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a concept is cut off")
		}
	}()
	if err := c.soundHead(); err != nil {
		return err
	}
	starts, err := c.starts()
	if err != nil {
		return err
	}
	if err := c.soundSlots(starts); err != nil {
		return err
	}
	c.each(func(k concept) {
		if err == nil {
			err = c.soundConcept(k, starts)
		}
	})
	return err
}

func (c *Catalogue) soundHead() error {
	if c.head.Systems == nil || c.head.Fields == nil || c.head.Maps == nil || c.head.Provenances == nil {
		return errors.New("the head is not whole")
	}
	notes := len(c.head.Provenances)
	for _, note := range c.head.Provenances {
		if !within(note.Table, len(c.head.Origins)+1) {
			return errors.New("a row is of no table")
		}
	}
	for _, shape := range c.head.Shapes {
		if !within(shape.Field, len(c.head.Fields)) || !within(shape.Provenance, notes) {
			return errors.New("a shape leads nowhere")
		}
	}
	for _, whole := range c.head.Whole {
		if !within(whole.Origin, len(c.head.Origins)) {
			return errors.New("a whole list comes from nowhere")
		}
	}
	for _, m := range c.head.Maps {
		for _, every := range m.Every {
			if !within(every.Provenance, notes) {
				return fmt.Errorf("a row of %s leads nowhere", m.Name)
			}
		}
		for _, cut := range m.Cuts {
			if !within(cut.Provenance, notes) {
				return fmt.Errorf("a row of %s leads nowhere", m.Name)
			}
		}
	}
	return nil
}

func within(number, count int) bool { return number >= 0 && number < count }

// marks are the places at which a concept begins, one bit each.
type marks []uint64

func (m marks) has(place uint32) bool {
	return int(place/64) < len(m) && m[place/64]&(1<<(place%64)) != 0
}

func (c *Catalogue) starts() (marks, error) {
	begin := make(marks, len(c.concepts)/64+1)
	systems := map[string]bool{}
	for _, row := range c.head.Systems {
		systems[row.Short] = true
	}
	for place := 1; place < len(c.concepts); {
		begin[place/64] |= 1 << (place % 64)
		found := c.at(uint32(place))
		r := found.part(textsPart)
		for range r.number() {
			if !within(r.number(), len(c.head.Languages)) {
				return nil, errors.New("a name is in no language")
			}
			r.take(r.number())
		}
		if !within(found.system, len(systems)) {
			return nil, errors.New("a concept is of no code system")
		}
		place = len(c.concepts) - len(r.b)
	}
	return begin, nil
}

// soundSlots also sees that a slot is free: a look-up ends at one.
func (c *Catalogue) soundSlots(starts marks) error {
	free := false
	if len(c.slots)%slotSize != 0 {
		return errors.New("the slots are cut off")
	}
	for at := 0; at < len(c.slots); at += slotSize {
		if c.slots[at+4] == 0 {
			free = true
		} else if !starts.has(binary.LittleEndian.Uint32(c.slots[at:])) {
			return errors.New("a slot leads to no concept")
		}
	}
	if !free {
		return errors.New("no slot is free")
	}
	return nil
}

func (c *Catalogue) soundConcept(k concept, starts marks) error {
	notes := len(c.head.Provenances)
	for r := k.part(setsPart); len(r.b) > 0; {
		if field, note := r.number(), r.number(); !within(field>>1, len(c.head.Fields)+1) || !within(note, notes) {
			return errors.New("a member leads nowhere")
		}
	}
	for r := k.part(forwardPart); len(r.b) > 0; {
		m, relation, to, unit, note := r.number(), int(r.take(1)[0]), r.reference(), r.number(), r.number()
		if !within(m, len(c.head.Maps)) || !within(relation, len(relations)) || to != 0 && !starts.has(to) ||
			!within(unit, len(c.head.Units)+1) || !within(note, notes) {
			return errors.New("a row of a map leads nowhere")
		}
	}
	for r := k.part(backPart); len(r.b) > 0; {
		m, from, note := r.number(), r.reference(), r.number()
		if !within(m, len(c.head.Maps)) || from != 0 && !starts.has(from) || !within(note, notes) {
			return errors.New("a way home leads nowhere")
		}
	}
	return nil
}
