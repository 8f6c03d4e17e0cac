package main

import (
	"strings"

	"github.com/spf13/cobra"

	"sild/internal/app"
	"sild/internal/lists"
)

func mapImportCommand() *cobra.Command {
	asked, layouts := lists.Import{}, false
	cmd := &cobra.Command{Use: "import --format FORMAT --into DIR SOURCE…", Short: "Import lists into a directory of tables",
		Long: "Reads value sets, code systems, concept maps, national lists and medicine lists as they are published, and writes them as " +
			"tables into a directory that lies over the program's own. Everything of an import arrives there at once, or nothing. " +
			"Long work is told of on stderr; at the end a table says what became of every list. " +
			"Exit 0: imported; exit 1: not, with file, row and column of the fault.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if layouts {
				return app.TerminologyLayouts(cmd.OutOrStdout())
			}
			asked.Sources = args
			return app.ImportTerminology(cmd.Context(), asked, cmd.OutOrStdout(), cmd.ErrOrStderr())
		}}
	flags := cmd.Flags()
	flags.StringVar(&asked.Format, "format", "", strings.Join(lists.Formats(), ", "))
	flags.StringVar(&asked.Into, "into", "", "directory of tables; it is made where there is none")
	flags.StringVar(&asked.Layout, "layout", "", "layout of a national list: a name, or a file (JSON)")
	flags.BoolVar(&layouts, "layouts", false, "only list the layouts that travel with the program")
	flags.StringVar(&asked.Country, "country", "", "country of a national list or map (EE, FI, …)")
	flags.StringVar(&asked.Field, "field", "", "field that a value set or map serves, where its name does not say")
	flags.BoolVar(&asked.Extend, "extend", false, "add to the program's value sets instead of standing for them")
	flags.BoolVar(&asked.Replace, "replace", false, "lose what another import left in the same tables")
	flags.BoolVar(&asked.Older, "older", false, "take a release that is older than the one known, or that may be and lacks codes of it, or that frees codes which are withheld now")
	flags.BoolVar(&asked.Fewer, "fewer", false, "take a list that lacks more than a tenth of the codes in force in the table which it replaces, or a value set that lacks any of the same release")
	flags.StringVar(&asked.Authority, "authority", "", "who accepted the rows; without it they are drafts")
	flags.StringVar(&asked.On, "on", "", "day of the acceptance (YYYY-MM-DD); today otherwise")
	flags.StringVar(&asked.Release, "release", "", "release of the source, where it does not say so itself")
	flags.StringVar(&asked.Licence, "licence", "", "licence of the source, where it does not say so itself; may be unstated")
	flags.StringVar(&asked.Origin, "origin", "", "where the source came from; the name of the file otherwise")
	flags.StringVar(&asked.Since, "since", "", "day since which rows hold that name none (YYYY-MM-DD); today otherwise")
	flags.StringVar(&asked.Language, "language", "", "language of words that name none; en otherwise")
	flags.StringArrayVar(&asked.Server.ValueSets, "value-set", nil, "server: canonical URL of a value set to expand; may be repeated")
	flags.StringArrayVar(&asked.Server.ConceptMaps, "concept-map", nil, "server: canonical URL of a map to translate those codes with; may be repeated")
	flags.StringSliceVar(&asked.Server.Languages, "display-language", nil, "server: languages of the words to ask for, such as en,et")
	flags.BoolVar(&asked.Server.LookUp, "look-up", false, "server: ask for each code that lacks words in one of the languages")
	flags.IntVar(&asked.Server.Page, "page", 1000, "server: codes in one page")
	return cmd
}
