package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func translateCommand() *cobra.Command {
	t := app.Translation{}
	cmd := &cobra.Command{Use: "translate --from EE --to FI IN…", Short: "Translate documents offline", Args: cobra.MinimumNArgs(1),
		Long: "Carries national CDA and FHIR documents to the pivot and into the language of the other country, as the two nodes would; which of the two a file is, it tells itself. " +
			"What a corridor's rules withhold is not asked here. " +
			"Exit 0: carried; exit 2: refused, the slot is named on stderr and the report is still written; exit 1: unusable input.",
		RunE: func(cmd *cobra.Command, args []string) error {
			t.In, t.Stdout, t.Stderr = args, cmd.OutOrStdout(), cmd.ErrOrStderr()
			if code := t.Run(); code != 0 {
				return exitCode(code)
			}
			return nil
		}}
	cmd.Flags().StringVar(&t.From, "from", "", "country of affiliation (EE or FI)")
	cmd.Flags().StringVar(&t.To, "to", "", "country of treatment (EE or FI)")
	cmd.Flags().StringVar(&t.As, "as", "", "let the document travel as cda or fhir instead of what it is")
	cmd.Flags().StringVarP(&t.Out, "out", "o", "", "write the translated document here instead of stdout; with several inputs a directory")
	cmd.Flags().StringVar(&t.HTML, "html", "", "write the professional's view here; with several inputs a directory")
	cmd.Flags().StringVar(&t.Properties, "properties", "", "EDQM code system (FHIR JSON) to compare the codes of each chain by")
	cmd.Flags().StringVar(&t.Snapshot, "snapshot", "", "terminology snapshot to translate with; the tables that ship with the program otherwise")
	cmd.Flags().StringVar(&t.Products, "products", "", "folder with the medicines of the country of treatment: the page and the report say which of them match")
	cmd.Flags().StringVar(&t.Report, "report", "", "write the loss report as JSON here")
	cmd.Flags().StringVar(&t.Medicines, "medicines", "", "Finnish medicine list (CSV); the built-in demo list otherwise")
	must(cmd.MarkFlagRequired("from"))
	must(cmd.MarkFlagRequired("to"))
	return cmd
}
