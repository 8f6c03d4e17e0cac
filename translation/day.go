package translation

// A row holds from the day in its since on, up to, not including, the day in its until. Tables are compiled for one day: a row
// that begins later waits, and one that ends later has not ended.

// Begun says that a row holds on a day or has ended before (YYYY-MM-DD). Without a day every row has begun.
func Begun(since, day string) bool { return day == "" || since <= day }

// Over says that a row with an end has ended by a day (YYYY-MM-DD). Without a day every row that has an end has ended.
func Over(until, day string) bool { return until != "" && (day == "" || until <= day) }

// Later counts the rows that something is still to come of: how many, and the first day (YYYY-MM-DD).
type Later struct {
	Rows  int
	First string
}

func (l *Later) add(day string) {
	l.Rows++
	if l.First == "" || day < l.First {
		l.First = day
	}
}

// waits says that a row is not in force on the day for which the tables are compiled, and counts it.
func (t *tables) waits(since string) bool {
	if Begun(since, t.day) {
		return false
	}
	t.waiting.add(since)
	return true
}

// ended says that a row has ended by the day, and counts one that ends later.
func (t *tables) ended(until string) bool {
	if until != "" && !Over(until, t.day) {
		t.ending.add(until)
		return false
	}
	return until != ""
}

// starts is the day from which a row of a map holds: not before the codes that it leads to.
func (r *mapReader) starts(made *judgement) string {
	since := made.Since
	for _, target := range []codeKey{made.to, made.per} {
		if !r.set.member(target) {
			since = max(since, r.set.later[target])
		}
	}
	return since
}
