package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func mapCoverageCommand() *cobra.Command {
	m := app.MapCoverage{}
	cmd := &cobra.Command{Use: "coverage --from EE --to FI DIR|FILE…", Short: "Count what becomes of the codes of many documents", Args: cobra.MinimumNArgs(1),
		Long: "Carries every document as the two nodes would and counts, for each kind of document and each field, which coded places are mapped, identical, " +
			"passed on or refused; then ranks the codes that gaps come from, those in required places first. The report holds codes and counts, and " +
			"nothing else of a document. Exit 0: every document is carried; exit 2: one is refused; exit 1: a file is no document of the country, or unusable input.",
		RunE: func(cmd *cobra.Command, args []string) error {
			m.Files = args
			return reported(cmd, &m.MapReport, func() int { return m.Run(cmd.Context()) })
		}}
	tablesFlags(cmd, &m.MapTables, true)
	reportFlags(cmd, &m.MapReport)
	documentsFlags(cmd, &m.MapDocuments)
	must(cmd.MarkFlagRequired("from"))
	must(cmd.MarkFlagRequired("to"))
	return cmd
}

// documentsFlags are the flags by which a tool learns between which countries documents travel.
func documentsFlags(cmd *cobra.Command, d *app.MapDocuments) {
	cmd.Flags().StringVar(&d.From, "from", "", "country of affiliation (EE or FI)")
	cmd.Flags().StringVar(&d.To, "to", "", "country of treatment (EE or FI)")
	cmd.Flags().StringVar(&d.Medicines, "medicines", "", "Finnish medicine list (CSV); the built-in demo list otherwise")
}
