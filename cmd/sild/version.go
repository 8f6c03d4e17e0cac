package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is the release this source belongs to.
const version = "0.1.0"

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the release, the commit and the Go version", Args: cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			words := fmt.Sprintf("sild %s %s %s/%s %s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, commit())
			fmt.Fprintln(cmd.OutOrStdout(), strings.TrimSpace(words))
		}}
}

func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	return ""
}
