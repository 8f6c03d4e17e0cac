package lists

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sild/internal/lists/folder"
)

// programRelease is the release of the value sets of MyHealth@EU from which the program's own were chosen.
const programRelease = "8.1.0"

// order is how one release lies to another.
type order int

const (
	unknownOrder order = iota // they are numbered in different ways
	olderRelease
	notOlder
)

var (
	numbered = regexp.MustCompile(`^([0-9]{1,3}|[0-9]{1,9}(\.[0-9]{1,9})+)$`)
	dated    = regexp.MustCompile(`^[12][0-9]{3}(-?[0-9]{2}(-?[0-9]{2})?)?$`)
)

// compareReleases orders two releases that are both numbered (8.1.0) or both days, months or years (2026-11-01, 20111026). Of two that
// agree as far as the shorter one goes, neither is older.
func compareReleases(now, before string) order {
	switch {
	case now == before:
		return notOlder
	case numbered.MatchString(now) && numbered.MatchString(before):
		now, before := numbers(now), numbers(before)
		length := min(len(now), len(before))
		return orderOf(slices.Compare(now[:length], before[:length]))
	case dated.MatchString(now) && dated.MatchString(before):
		now, before = strings.ReplaceAll(now, "-", ""), strings.ReplaceAll(before, "-", "")
		length := min(len(now), len(before))
		return orderOf(strings.Compare(now[:length], before[:length]))
	}
	return unknownOrder
}

func orderOf(compared int) order {
	if compared < 0 {
		return olderRelease
	}
	return notOlder
}

func numbers(release string) []int {
	var all []int
	for _, part := range strings.Split(release, ".") {
		n, _ := strconv.Atoi(part) // nine digits at most: see numbered
		all = append(all, n)
	}
	return all
}

// judgeAge refuses a table that is older than the one which it replaces, and a value set that may be older and lacks codes of it,
// unless the operator wants it. Codes that a newer one lacks are told. A value set that is whole for some code systems only is
// asked for the codes of those.
func (j *job) judgeAge(t folder.Table, from []*list) error {
	before, there := j.stage.Release(t)
	known, whole := before, t.Kind == folder.WholeValueSet || t.Kind == folder.OfSystems
	if !there && whole && ofMyHealthEU(from) {
		known = programRelease
	}
	if known != "" && compareReleases(t.Release, known) == olderRelease && !j.Older {
		return fmt.Errorf("%s: the release %s is older than the known %s: say --older if it is wanted", t.File, t.Release, known)
	}
	if !whole {
		return nil
	}
	members, _, err := j.stage.Members(strings.TrimSuffix(strings.TrimPrefix(t.File, "eu/"), ".csv"))
	if err != nil {
		return err
	}
	lost := members.Without(t)
	if len(lost) == 0 {
		return nil
	}
	named := strings.Join(lost[:min(len(lost), 5)], " ")
	if known != "" && compareReleases(t.Release, known) == unknownOrder && !j.Older {
		return fmt.Errorf("%s: the release %s lacks %d codes (%s), and nothing says whether it is newer than the known %s: say --older if it is wanted",
			t.File, t.Release, len(lost), named, known)
	}
	from[0].outcome.note("%s: %d codes that were members are none any more: %s", t.File, len(lost), named)
	return nil
}

// ofMyHealthEU says that one of the lists is a value set of MyHealth@EU.
func ofMyHealthEU(from []*list) bool {
	all, err := bindings()
	return err == nil && slices.ContainsFunc(from, func(l *list) bool { return len(of(all, l)) > 0 })
}
