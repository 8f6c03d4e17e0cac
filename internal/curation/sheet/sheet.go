// Package sheet shows what the tools for terminology find, as text for a terminal or as one page that holds everything it
// needs.
//
// Fill a Sheet, then call Text or HTML.
package sheet

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
)

// Sheet is a title, some facts and any number of tables.
type Sheet struct {
	Title string
	Facts []Fact
	Parts []Part
}

// Fact is one thing that is said once.
type Fact struct{ Name, Value string }

// Part is one table with its heading. A part without rows shows its note alone.
type Part struct {
	Heading string
	Note    string
	Columns []string
	Rows    []Row
}

// Row is one line of a table.
type Row struct {
	Weight Weight
	Cells  []string
}

// Weight says how much attention a row needs.
type Weight string

// The weights of a row.
const (
	Plain Weight = ""
	Look  Weight = "gap"   // worth a look
	Grave Weight = "alarm" // must be put right
)

// Sign is the weight as a letter that needs no colour.
func (w Weight) Sign() string {
	switch w {
	case Grave:
		return "▲"
	case Look:
		return "■"
	}
	return ""
}

// Add appends a row.
func (p *Part) Add(weight Weight, cells ...string) {
	p.Rows = append(p.Rows, Row{weight, cells})
}

// Text writes the sheet for a terminal. What a table holds cannot move the cursor or colour the screen.
func (s Sheet) Text(w io.Writer) error {
	out := &strings.Builder{}
	fmt.Fprintln(out, visible(s.Title))
	for _, fact := range s.Facts {
		fmt.Fprintf(out, "%s: %s\n", visible(fact.Name), visible(fact.Value))
	}
	for _, part := range s.Parts {
		fmt.Fprintf(out, "\n%s\n", visible(part.Heading))
		if part.Note != "" {
			fmt.Fprintln(out, visible(part.Note))
		}
		if len(part.Rows) == 0 {
			continue
		}
		table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "  "+strings.Join(part.Columns, "\t"))
		for _, row := range part.Rows {
			cells := make([]string, len(row.Cells))
			for i, cell := range row.Cells {
				cells[i] = visible(cell)
			}
			fmt.Fprintln(table, pad(row.Weight.Sign())+strings.Join(cells, "\t"))
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func pad(sign string) string {
	if sign == "" {
		return "  "
	}
	return sign + " "
}

// visible takes out what a terminal would obey, and what turns the reading direction round.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '�'
		}
		return r
	}, text)
}
