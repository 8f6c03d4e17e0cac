package main

import (
	"github.com/spf13/cobra"

	"sild/internal/app"
)

func demoCommand() *cobra.Command {
	var once bool
	var level string
	cmd := &cobra.Command{Use: "demo [--once]", Short: "Tallinn–Helsinki on one laptop", Args: cobra.NoArgs,
		Long: "Starts two nodes, two registers and throwaway keys on loopback, and prints an address per role with a short tour. " +
			"With --once it plays the journeys in both directions, prints a line a step and exits 0 only if every check held, else 1.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			demo := app.Demo{Out: cmd.OutOrStdout(), Log: cmd.ErrOrStderr(), Level: level}
			if !once {
				return demo.Stay(cmd.Context())
			}
			held, err := demo.Once(cmd.Context())
			if err != nil {
				return err
			}
			if !held {
				return exitCode(1)
			}
			return nil
		}}
	cmd.Flags().BoolVar(&once, "once", false, "play every journey once and stop")
	cmd.Flags().StringVar(&level, "log", "error", "log level of both nodes: debug, info, warn, error")
	return cmd
}
