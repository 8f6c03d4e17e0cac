package app

import (
	"context"
	"fmt"
	"io"

	"sild/internal/lists"
)

// ImportTerminology imports lists into a directory of tables. It tells of long work on progress, and writes a table of what
// became of every list on out. After an error the directory is as it was.
func ImportTerminology(ctx context.Context, asked lists.Import, out, progress io.Writer) error {
	asked.Progress = func(what string, rows int) { fmt.Fprintf(progress, "%s: %d rows read\n", what, rows) }
	summary, err := asked.Run(ctx)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, summary.String())
	return err
}

// TerminologyLayouts writes the names of the layouts that travel with the program, and what each is for.
func TerminologyLayouts(out io.Writer) error {
	layouts, err := lists.Layouts()
	if err != nil {
		return err
	}
	for _, one := range layouts {
		if _, err := fmt.Fprintf(out, "%-26s %s\n", one[0], one[1]); err != nil {
			return err
		}
	}
	return nil
}
