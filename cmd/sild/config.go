package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func configCommand() *cobra.Command {
	return group("config", "Check or print a configuration",
		&cobra.Command{Use: "check FILE", Short: "Say what is wrong with a configuration, or that nothing is", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				if _, err := app.LoadConfig(args[0]); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), "ok")
				return nil
			}},
		&cobra.Command{Use: "print FILE", Short: "Print the effective configuration, defaults included", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				config, err := app.LoadConfig(args[0])
				if err != nil {
					return err
				}
				for _, line := range config.Print() {
					fmt.Fprintln(cmd.OutOrStdout(), line)
				}
				return nil
			}})
}
