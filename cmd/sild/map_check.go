package main

import (
	"time"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func mapCheckCommand() *cobra.Command {
	m := app.MapCheck{Now: time.Now}
	cmd := &cobra.Command{Use: "check [DIR…]", Short: "Judge tables by all rules",
		Long: "Judges the tables that ship with the node, with each folder in turn over them, by rules: what stands twice or out of order, codes that no list " +
			"has or that were retired, missing ways home, units that change what they measure, missing words, places where a second reader says otherwise, " +
			"and columns that changed after somebody had read them. Of a snapshot only the rules that need no rows are asked. " +
			"Exit 0: no rule is broken; exit 2: one is; exit 1: unusable input.",
		RunE: func(cmd *cobra.Command, args []string) error {
			m.MapTables.Sources = args
			return reported(cmd, &m.MapReport, func() int { return m.Run(cmd.Context()) })
		}}
	tablesFlags(cmd, &m.MapTables, false)
	reportFlags(cmd, &m.MapReport)
	cmd.Flags().StringVar(&m.Properties, "properties", "", "EDQM code system (FHIR JSON) to compare the targets by")
	cmd.Flags().BoolVar(&m.Production, "production", false, "drafts where a wrong code harms break the rules")
	cmd.Flags().StringVar(&m.Seal, "seal", "", "instead print SEALS.csv of the last folder anew; NAME has read every column that changed")
	return cmd
}

// tablesFlags are the flags by which a tool learns which tables it works on.
func tablesFlags(cmd *cobra.Command, t *app.MapTables, sources bool) {
	if sources {
		cmd.Flags().StringArrayVar(&t.Sources, "sources", nil, "folder of tables to lay over those before it; may stand several times")
	}
	cmd.Flags().BoolVar(&t.Alone, "alone", false, "leave out the tables that ship with the node")
	cmd.Flags().StringVar(&t.On, "on", "", "day for which the tables are taken (YYYY-MM-DD): rows that begin later wait; today otherwise")
	cmd.Flags().StringVar(&t.Snapshot, "snapshot", "", "a snapshot file instead of tables")
}

// reportFlags are the flags for the form of a report.
func reportFlags(cmd *cobra.Command, r *app.MapReport) {
	cmd.Flags().BoolVar(&r.JSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&r.HTML, "html", "", "also write the report here as one HTML page")
}

// reported runs a tool and ends with its exit code.
func reported(cmd *cobra.Command, r *app.MapReport, run func() int) error {
	r.Stdout, r.Stderr = cmd.OutOrStdout(), cmd.ErrOrStderr()
	if code := run(); code != 0 {
		return exitCode(code)
	}
	return nil
}
