package sentence

import (
	"slices"
	"strconv"

	"sild/node"
)

// told is one dosage in words, with its place among the others; 0 where the record does not say it.
type told struct {
	sentence string
	place    int
}

func said(d node.Dosage, sentence string) told { return told{sentence, place(d)} }

func place(d node.Dosage) int {
	n, err := strconv.Atoi(d.Sequence)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// inOrder sorts dosages by the places that they give. Where one gives none, nothing is moved.
func inOrder(list []node.Dosage) []node.Dosage {
	for _, d := range list {
		if place(d) == 0 {
			return list
		}
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b node.Dosage) int { return place(a) - place(b) })
	return sorted
}

// ordered says that the record tells of every dosage where it stands.
func ordered(list []told) bool {
	return !slices.ContainsFunc(list, func(t told) bool { return t.place == 0 })
}
