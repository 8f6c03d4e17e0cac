package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func serveCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{Use: "serve --config FILE", Short: "Run a node", Args: cobra.NoArgs,
		Long: "Runs a node until it is interrupted. It refuses to start on an unknown key, an unsafe choice or a demo part in production.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := app.LoadConfig(path)
			if err != nil {
				return err
			}
			node, err := app.New(cmd.Context(), config, app.Options{Log: cmd.ErrOrStderr()})
			if err != nil {
				return err
			}
			err = node.Run(cmd.Context())
			if closed := node.Close(); err == nil {
				err = closed
			}
			return err
		}}
	cmd.Flags().StringVar(&path, "config", "", "configuration file (YAML)")
	must(cmd.MarkFlagRequired("config"))
	return cmd
}

// must stops on a mistake in how a command is declared; no input can reach it.
func must(err error) {
	if err != nil {
		panic("sild: a command is declared wrongly: " + err.Error())
	}
}
