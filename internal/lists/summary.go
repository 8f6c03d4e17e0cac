package lists

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Summary says what became of every list of an import.
type Summary struct{ Lists []*Outcome }

// Outcome is what became of one list. Rows = Kept + Retired + what was skipped: nothing disappears. A list without tables
// was skipped as a whole, and Notes say why.
type Outcome struct {
	List          string
	Tables        []string
	Rows          int
	Kept, Retired int
	Skipped       map[string]int // reason to rows
	Notes         []string

	softened int // texts that lost soft hyphens
}

func (o *Outcome) skip(why string) { o.skipMany(why, 1) }

func (o *Outcome) skipMany(why string, rows int) {
	if o.Skipped == nil {
		o.Skipped = map[string]int{}
	}
	o.Skipped[why] += rows
}

func (o *Outcome) note(format string, values ...any) {
	if said := fmt.Sprintf(format, values...); !slices.Contains(o.Notes, said) {
		o.Notes = append(o.Notes, said)
	}
}

// skipped is the sum over all reasons.
func (o *Outcome) skipped() int {
	sum := 0
	for _, rows := range o.Skipped {
		sum += rows
	}
	return sum
}

func (s *Summary) tables() int {
	sum := 0
	for _, one := range s.Lists {
		sum += len(one.Tables)
	}
	return sum
}

// String is the summary as a table with the reasons beneath.
func (s *Summary) String() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "list\trows\tkept\tretired\tskipped\ttables")
	lists := slices.Clone(s.Lists)
	slices.SortStableFunc(lists, func(a, b *Outcome) int { return cmp.Compare(a.List, b.List) })
	for _, one := range lists {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%s\n", one.List, one.Rows, one.Kept, one.Retired, one.skipped(),
			cmp.Or(strings.Join(one.Tables, " "), "none"))
	}
	w.Flush() // a strings.Builder takes everything
	for _, one := range lists {
		for _, why := range sortedKeys(one.Skipped) {
			fmt.Fprintf(&out, "%s: %d skipped: %s\n", one.List, one.Skipped[why], why)
		}
		if one.softened > 0 {
			fmt.Fprintf(&out, "%s: %d texts lost soft hyphens, which nobody sees\n", one.List, one.softened)
		}
		for _, note := range one.Notes {
			fmt.Fprintf(&out, "%s: %s\n", one.List, note)
		}
	}
	return out.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
