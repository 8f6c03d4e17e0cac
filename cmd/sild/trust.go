package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func trustCommand() *cobra.Command {
	return group("trust", "Trust list work", trustInitCommand(), trustShowCommand())
}

func trustInitCommand() *cobra.Command {
	var dir, ee, fi string
	var demo bool
	cmd := &cobra.Command{Use: "init --demo --dir DIR", Short: "Write throwaway keys and a signed two-party list", Args: cobra.NoArgs,
		Long: "Writes keys for an Estonian and a Finnish demo node, a root key with its fingerprint, and a list signed by it that is " +
			"valid for 30 days. No file is ever overwritten. Nothing of it is fit for production.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !demo {
				return errors.New("only --demo exists in this release: production keys come from a ceremony")
			}
			parties := []app.DemoParty{{Country: "EE", Peers: ee}, {Country: "FI", Peers: fi}}
			if err := app.InitDemoTrust(dir, parties, time.Now()); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "wrote keys and a trust list to %s\n", dir)
			return nil
		}}
	cmd.Flags().BoolVar(&demo, "demo", false, "throwaway keys for two demo nodes")
	cmd.Flags().StringVar(&dir, "dir", "", "folder to write to")
	cmd.Flags().StringVar(&ee, "ee", "127.0.0.1:9443", "host:port where the Estonian node answers other nodes")
	cmd.Flags().StringVar(&fi, "fi", "127.0.0.1:9543", "host:port where the Finnish node answers other nodes")
	must(cmd.MarkFlagRequired("dir"))
	return cmd
}

func trustShowCommand() *cobra.Command {
	var root, fingerprint string
	cmd := &cobra.Command{Use: "show --root FILE --fingerprint FILE LIST", Short: "Verify a trust list and print it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lines, err := app.ShowTrust(args[0], root, fingerprint, time.Now())
			for _, line := range lines {
				fmt.Fprintln(cmd.OutOrStdout(), line)
			}
			return err
		}}
	cmd.Flags().StringVar(&root, "root", "", "file of the root keys")
	cmd.Flags().StringVar(&fingerprint, "fingerprint", "", "file with the root's fingerprint")
	must(cmd.MarkFlagRequired("root"))
	must(cmd.MarkFlagRequired("fingerprint"))
	return cmd
}
