package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func mapActivateCommand() *cobra.Command {
	m := app.MapActivate{}
	cmd := &cobra.Command{Use: "activate --config FILE SNAPSHOT", Short: "Put a snapshot in force on a node", Args: cobra.ExactArgs(1),
		Long: "Checks the snapshot as the node will and by the rules of map check, copies it into the folder terminology.snapshots and names it there as the one in force. A node " +
			"that runs takes it in within a second, without a failed request, and writes the event to its log; the command waits for that. " +
			"Earlier snapshots stay for documents that were made with them: to go back, activate one of them again.",
		RunE: func(cmd *cobra.Command, args []string) error {
			m.Snapshot = args[0]
			words, err := m.Run(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), words)
			return nil
		}}
	cmd.Flags().StringVar(&m.Config, "config", "", "the node's configuration")
	cmd.Flags().DurationVar(&m.Wait, "wait", 10*time.Second, "how long a running node is waited for")
	must(cmd.MarkFlagRequired("config"))
	return cmd
}
