package main

import "github.com/spf13/cobra"

func mapCommand() *cobra.Command {
	return group("map", "Terminology work", mapBuildCommand(), mapActivateCommand(), mapImportCommand(), mapCheckCommand(),
		mapCoverageCommand(), mapDiffCommand(), mapTryCommand())
}
