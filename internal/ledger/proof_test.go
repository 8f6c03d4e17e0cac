package ledger

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryLeafIsProvedAtEverySize(t *testing.T) {
	m, leaves := grown(t, 66)
	for size := int64(1); size <= 66; size++ {
		c := at(t, m, size)
		for index := range size {
			p, err := ProveInclusion(size, index, m)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckInclusion(p, c, leaves[index]); err != nil {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
			if size > 1 && CheckInclusion(p, c, leaves[(index+1)%size]) == nil {
				t.Fatalf("leaf %d of %d is proved by its neighbour's proof", index, size)
			}
		}
	}
}

func TestEveryGrowthIsProved(t *testing.T) {
	m, _ := grown(t, 40)
	for size := int64(0); size <= 40; size++ {
		for old := int64(0); old <= size; old++ {
			p, err := ProveConsistency(old, size, m)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckConsistency(p, at(t, m, old), at(t, m, size)); err != nil {
				t.Fatalf("%d to %d: %v", old, size, err)
			}
		}
	}
}

func TestTouchedProofsFail(t *testing.T) {
	m, leaves := grown(t, 300)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(2, 300).Draw(t, "size")
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		old := rapid.Int64Range(1, size-1).Draw(t, "old")
		in, err1 := ProveInclusion(size, index, m)
		grew, err2 := ProveConsistency(old, size, m)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		touch := func(path []Hash) []Hash {
			path = slices.Clone(path)
			switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
			case kind == 0 || len(path) == 0:
				return append(path, Hash{})
			case kind == 1:
				return path[1:]
			case kind == 2:
				return path[:len(path)-1]
			}
			path[rapid.IntRange(0, len(path)-1).Draw(t, "node")][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			return path
		}
		in.Path, grew.Path = touch(in.Path), touch(grew.Path)
		if CheckInclusion(in, at(t, m, size), leaves[index]) == nil {
			t.Fatal("touched inclusion proof holds")
		}
		if CheckConsistency(grew, at(t, m, old), at(t, m, size)) == nil {
			t.Fatal("touched consistency proof holds")
		}
	})
}

func TestProofsAreHeldAgainstTheRightCheckpoints(t *testing.T) {
	m, leaves := grown(t, 12)
	in, _ := ProveInclusion(8, 3, m)
	grew, _ := ProveConsistency(5, 8, m)
	other := at(t, m, 8)
	other.Origin = "ncp.fi.example/access"
	forged := Checkpoint{Origin: origin, Root: Hash{1}}
	wrongRoot := at(t, m, 8)
	wrongRoot.Root[0] ^= 1
	tests := []struct {
		name string
		err  error
	}{
		{"a proof for another size", CheckInclusion(in, at(t, m, 9), leaves[3])},
		{"a proof that claims another size of like shape", CheckInclusion(Inclusion{Index: 3, Size: 7, Path: in.Path}, at(t, m, 8), leaves[3])},
		{"a leaf index past the end", CheckInclusion(Inclusion{Index: 8, Size: 8, Path: in.Path}, at(t, m, 8), leaves[3])},
		{"a negative leaf index", CheckInclusion(Inclusion{Index: -1, Size: 8, Path: in.Path}, at(t, m, 8), leaves[3])},
		{"a root that was changed", CheckInclusion(in, wrongRoot, leaves[3])},
		{"a size past every log", CheckInclusion(Inclusion{Size: math.MaxInt64}, Checkpoint{Origin: origin, Size: math.MaxInt64}, leaves[0])},
		{"growth to another size", CheckConsistency(grew, at(t, m, 5), at(t, m, 9))},
		{"growth from another size", CheckConsistency(grew, at(t, m, 4), at(t, m, 8))},
		{"growth into another log", CheckConsistency(grew, at(t, m, 5), other)},
		{"growth to a changed root", CheckConsistency(grew, at(t, m, 5), wrongRoot)},
		{"growth from an empty log with a root", CheckConsistency(Consistency{Size: 8}, forged, at(t, m, 8))},
		{"growth from an empty log with a path", CheckConsistency(Consistency{Size: 8, Path: []Hash{{}}}, at(t, m, 0), at(t, m, 8))},
		{"a shrinking log", CheckConsistency(Consistency{Old: 8, Size: 5}, at(t, m, 8), at(t, m, 5))},
	}
	for _, tt := range tests {
		if tt.err == nil {
			t.Errorf("%s is accepted", tt.name)
		}
	}
}

func TestProofsOutsideTheLogAreNotBuilt(t *testing.T) {
	m, _ := grown(t, 4)
	for _, ask := range [][2]int64{{0, 0}, {4, 4}, {4, -1}, {-1, 0}, {math.MaxInt64, 0}, {9, 1}} {
		if _, err := ProveInclusion(ask[0], ask[1], m); err == nil {
			t.Errorf("inclusion of %d in %d was built", ask[1], ask[0])
		}
	}
	for _, ask := range [][2]int64{{-1, 2}, {3, 2}, {1, math.MaxInt64}, {3, 9}} {
		if _, err := ProveConsistency(ask[0], ask[1], m); err == nil {
			t.Errorf("growth from %d to %d was built", ask[0], ask[1])
		}
	}
}

func BenchmarkProveAndCheck(b *testing.B) {
	m, leaves := grown(b, 1<<16)
	c := at(b, m, 1<<16)
	for b.Loop() {
		p, err := ProveInclusion(1<<16, 12345, m)
		if err != nil || CheckInclusion(p, c, leaves[12345]) != nil {
			b.Fatal(err)
		}
	}
}
