// Command sild is a National Contact Point for eHealth in one binary. Run `sild --help` for what it does; each
// subcommand stands in a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"sild/internal/app"
)

func main() { os.Exit(run()) }

// run gives the process's exit code: 0 done, 1 an error in words on stderr, or the code that a subcommand documents.
func run() int {
	app.SpareCollector()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := root().ExecuteContext(ctx)
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sild:", err)
		return 1
	}
	return 0
}

// exitCode ends the process with a code that the subcommand's help documents; it has said its words already.
type exitCode int

// Error names the code.
func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func root() *cobra.Command {
	cmd := &cobra.Command{Use: "sild", Short: "National Contact Point for eHealth", SilenceUsage: true, SilenceErrors: true}
	cmd.CompletionOptions.DisableDefaultCmd = true
	cmd.AddCommand(serveCommand(), demoCommand(), translateCommand(), mapCommand(), trustCommand(), outboxCommand(), ledgerCommand(),
		configCommand(), versionCommand())
	return cmd
}

// group is a command that only holds others. A word that names none of them is an error, so that a script notices.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())
			}
			return cmd.Help()
		}}
	cmd.AddCommand(commands...)
	return cmd
}
