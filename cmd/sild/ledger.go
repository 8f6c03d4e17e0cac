package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func ledgerCommand() *cobra.Command {
	return group("ledger", "The tamper-evident access log", ledgerExportCommand(), ledgerVerifyCommand())
}

func ledgerExportCommand() *cobra.Command {
	var path string
	var rows bool
	cmd := &cobra.Command{Use: "export --config FILE", Short: "Write the log to stdout as JSON lines", Args: cobra.NoArgs,
		Long: "Writes leaves and signed checkpoints. With --rows also the decrypted rows and their salts: personal data.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.ExportLedger(cmd.Context(), path, rows, cmd.OutOrStdout())
		}}
	cmd.Flags().StringVar(&path, "config", "", "configuration file of the node")
	cmd.Flags().BoolVar(&rows, "rows", false, "with the rows themselves (personal data)")
	must(cmd.MarkFlagRequired("config"))
	return cmd
}

func ledgerVerifyCommand() *cobra.Command {
	var key string
	cmd := &cobra.Command{Use: "verify --key FILE EXPORT", Short: "Check an exported log from outside", Args: cobra.ExactArgs(1),
		Long: "Recomputes the tree and checks every signed checkpoint against it. Exit 0: sound; exit 1: not, with the first fault.",
		RunE: func(cmd *cobra.Command, args []string) error {
			public, err := os.ReadFile(key)
			if err != nil {
				return err
			}
			export, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer export.Close()
			words, sound, err := app.VerifyLedger(string(public), export)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), words)
			if !sound {
				return exitCode(1)
			}
			return nil
		}}
	cmd.Flags().StringVar(&key, "key", "", "file with the log's verifier key (ledger.pub)")
	must(cmd.MarkFlagRequired("key"))
	return cmd
}
