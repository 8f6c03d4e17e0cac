package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func mapDiffCommand() *cobra.Command {
	m := app.MapDiff{}
	cmd := &cobra.Command{Use: "diff A B", Short: "Tell two sets of tables apart", Args: cobra.ExactArgs(2),
		Long: "A and B are each a snapshot file, a folder of tables over those that ship with the node, or the word shipped. Lists what was added, removed or " +
			"changed, changes of meaning first, and with --documents also which documents are carried differently. " +
			"Exit 0: no document is worse off; exit 2: one that A carries is refused with B; exit 1: unusable input.",
		RunE: func(cmd *cobra.Command, args []string) error {
			m.A, m.B = args[0], args[1]
			return reported(cmd, &m.MapReport, func() int { return m.Run(cmd.Context()) })
		}}
	reportFlags(cmd, &m.MapReport)
	documentsFlags(cmd, &m.MapDocuments)
	cmd.Flags().StringArrayVar(&m.Files, "documents", nil, "document, or folder of documents, to carry with both; may stand several times")
	return cmd
}
