package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func outboxCommand() *cobra.Command {
	return group("outbox", "What waits to be delivered to other countries", outboxListCommand())
}

func outboxListCommand() *cobra.Command {
	var path string
	var asJSON bool
	cmd := &cobra.Command{Use: "list --config FILE", Short: "List what waits, without clinical content", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lines, err := app.Outbox(cmd.Context(), path)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(lines)
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 2, 8, 2, ' ', 0)
			fmt.Fprintln(table, "ID\tCOUNTRY\tVERB\tSTATE\tSINCE (UTC)\tTRIES\tNEXT (UTC)\tREASON")
			for _, l := range lines {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", l.Own, l.Country, l.Verb, l.State,
					l.Since.Format("2006-01-02 15:04:05"), l.Tries, l.Next.Format("2006-01-02 15:04:05"), l.Reason)
			}
			return table.Flush()
		}}
	cmd.Flags().StringVar(&path, "config", "", "configuration file of the node")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	must(cmd.MarkFlagRequired("config"))
	return cmd
}
