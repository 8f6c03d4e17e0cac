package translation

import (
	"encoding/binary"
	"slices"
)

// The relations by the number under which a snapshot keeps them.
var relations = [...]Relation{None, Equivalent, Wider, Narrower, Inexact}

// concepts writes the concepts one after the other and notes where each begins. The first byte is of none, so that no
// concept stands at zero.
func (c *compiler) concepts(into []byte) []byte {
	into = append(into, 0)
	var part []byte
	for _, k := range c.keys {
		parts := c.parts[k]
		parts.at = uint32(len(into))
		into = appendKey(into, c.systems[k.system], k.code)
		for _, write := range [...]func([]byte, *conceptParts) []byte{appendSets, c.appendForward, c.appendBack} {
			part = write(part[:0], parts)
			into = binary.AppendUvarint(into, uint64(len(part)))
			into = append(into, part...)
		}
		into = c.appendTexts(into, c.t.names[k])
	}
	return into
}

func appendText(into []byte, s string) []byte {
	return append(binary.AppendUvarint(into, uint64(len(s))), s...)
}

// appendSets writes the fields that the concept is a member of, and those of which it was one; behind them its national list.
func appendSets(into []byte, parts *conceptParts) []byte {
	for _, set := range parts.sets {
		retired := 0
		if set.retired {
			retired = 1
		}
		into = binary.AppendUvarint(into, uint64(set.field<<1|retired))
		into = binary.AppendUvarint(into, uint64(set.provenance))
	}
	return into
}

// appendForward writes what each map makes of the concept.
func (c *compiler) appendForward(into []byte, parts *conceptParts) []byte {
	for _, part := range parts.forward {
		into = binary.AppendUvarint(into, uint64(part.m))
		into = append(into, byte(slices.Index(relations[:], part.row.relation)))
		into = binary.LittleEndian.AppendUint32(into, c.where(part.row.to))
		into = binary.AppendUvarint(into, uint64(part.unit))
		into = binary.AppendUvarint(into, uint64(part.provenance))
	}
	return into
}

// appendBack writes the national codes that the ways home lead to.
func (c *compiler) appendBack(into []byte, parts *conceptParts) []byte {
	for _, part := range parts.back {
		into = binary.AppendUvarint(into, uint64(part.m))
		into = binary.LittleEndian.AppendUint32(into, c.where(part.from))
		into = binary.AppendUvarint(into, uint64(part.provenance))
	}
	return into
}

// where a concept stands: nothing is known of it in the first writing, which only measures.
func (c *compiler) where(k codeKey) uint32 {
	if k.code == "" {
		return 0
	}
	return c.parts[k].at
}

func (c *compiler) appendTexts(into []byte, texts []designation) []byte {
	into = binary.AppendUvarint(into, uint64(len(texts)))
	for _, d := range texts {
		into = binary.AppendUvarint(into, uint64(c.languages[d.language]))
		into = appendText(into, d.text)
	}
	return into
}
