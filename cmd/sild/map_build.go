package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func mapBuildCommand() *cobra.Command {
	b := app.MapBuild{}
	cmd := &cobra.Command{Use: "build --out FILE [DIR…]", Short: "Compile tables into a snapshot",
		Long: "Compiles the tables that ship with the node, and over them each folder in turn, into one snapshot file. A later row wins " +
			"over an earlier one for the same code; a whole official list leaves nothing beside it in its value set. Rows that begin after the day for which it compiles wait, " +
			"and are counted on stderr. Tables that break a rule of `sild map check` are refused. The same rows in force give the same file. " +
			"Its first line of output is the release: the SHA-256 of the content.",
		RunE: func(cmd *cobra.Command, args []string) error {
			b.Sources = args
			return b.Run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		}}
	cmd.Flags().StringVarP(&b.Out, "out", "o", "", "file to write")
	cmd.Flags().StringVar(&b.On, "on", "", "day for which to compile (YYYY-MM-DD); today otherwise")
	cmd.Flags().BoolVar(&b.Alone, "alone", false, "leave out the tables that ship with the node")
	cmd.Flags().BoolVar(&b.Unchecked, "unchecked", false, "build even where the tables break a rule of sild map check")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}
