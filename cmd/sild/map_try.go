package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func mapTryCommand() *cobra.Command {
	m := app.MapTry{}
	cmd := &cobra.Command{Use: "try EE:CODE --to FI", Short: "Follow one code abroad and home again", Args: cobra.ExactArgs(1),
		Long: "Shows the whole way of a code in every field that knows it: each step with its map, relation, factor and the row behind it, the words of the " +
			"reader, and the code by which it comes home. Exit 0: carried in every field; exit 2: not carried in one of them, or no table knows it; " +
			"exit 1: unusable input.",
		RunE: func(cmd *cobra.Command, args []string) error {
			m.Code = args[0]
			return reported(cmd, &m.MapReport, func() int { return m.Run() })
		}}
	tablesFlags(cmd, &m.MapTables, true)
	reportFlags(cmd, &m.MapReport)
	cmd.Flags().StringVar(&m.To, "to", "", "the other country (EE or FI)")
	cmd.Flags().StringVar(&m.Field, "field", "", "only this field, e.g. dose-form")
	cmd.Flags().StringVar(&m.System, "system", "", "only this code system: its short name in systems.csv, its URI, or urn:oid: and its number")
	cmd.Flags().StringVar(&m.Number, "number", "", "the decimal that a unit counts")
	must(cmd.MarkFlagRequired("to"))
	return cmd
}
