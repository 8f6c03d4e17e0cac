package lists

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"sild/internal/lists/folder"
	"sild/translation"
)

// Import is what an operator asks for: which sources in which format go into which directory, and what is to be said of
// them there. Run does it.
type Import struct {
	Format  string   // one of Formats
	Sources []string // files and directories; for a server its base address
	Into    string   // the directory

	Layout  string // name of a layout that travels with the program, or a file with one
	Country string // ISO 3166 alpha-2, for national lists and maps
	Field   string // the field that a value set or map binds, where the table of bindings does not say

	Extend  bool // add to the value sets of the program instead of standing for them
	Replace bool // lose what another import left in the same table
	Fewer   bool // take a list that lacks many codes of the table which it replaces
	Older   bool // take a release that is older than the one known, or may be and lacks codes of it, or that frees codes withheld now

	Authority, On    string // who accepted the rows, and on which day; nobody: draft
	Release, Licence string // of the source, where it does not say so itself
	Origin           string // where the sources came from; the names of the files otherwise
	Since            string // day since which rows hold that name none; the day of the import otherwise
	Language         string // of words that name none; English otherwise

	Server Server

	Now      func() time.Time
	Progress func(what string, rows int) // told now and then during long work
}

// Server is what is asked of a terminology server.
type Server struct {
	ValueSets   []string // canonical URLs to expand
	ConceptMaps []string // canonical URLs to translate the codes of the value sets with
	Languages   []string // display languages, the first is that of the displays
	LookUp      bool     // ask for each code that has no words in one of the languages
	Page        int      // codes in one page
	HTTP        *http.Client
	Pause       func(context.Context, time.Duration) error // waits before a question is asked again
}

// Formats are the formats that can be imported.
func Formats() []string { return []string{"mvc", "fhir", "svs", "csv", "medicines", "server"} }

// job is one import under way.
type job struct {
	Import
	today, status string
	stage         *folder.Stage
	lists         []*list
	maps          []*conceptMap
	summary       Summary
}

// Run imports and says what became of every list. After an error the directory is as it was.
func (i Import) Run(ctx context.Context) (*Summary, error) {
	j := &job{Import: i}
	if err := j.prepare(); err != nil {
		return nil, err
	}
	stage, err := folder.Open(i.Into)
	if err != nil {
		return nil, err
	}
	j.stage = stage
	if err := j.work(ctx); err != nil {
		return nil, errors.Join(err, stage.Abandon())
	}
	return &j.summary, stage.Commit()
}

// prepare refuses what cannot be meant and fills in what was left out.
func (j *job) prepare() error {
	if !slices.Contains(Formats(), j.Format) {
		return fmt.Errorf("the format is %s, not %q", strings.Join(Formats(), ", "), j.Format)
	}
	if j.Into == "" || len(j.Sources) == 0 {
		return errors.New("an import needs a directory and at least one source")
	}
	if j.Country = strings.ToLower(j.Country); j.Country != "" && !isCountry(j.Country) {
		return fmt.Errorf("the country is two letters, not %q", j.Country)
	}
	if j.Field != "" && !isField(j.Field) {
		return fmt.Errorf("no field is called %q", j.Field)
	}
	if j.Now == nil {
		j.Now = time.Now
	}
	if j.Progress == nil {
		j.Progress = func(string, int) {}
	}
	j.today = j.Now().UTC().Format(time.DateOnly)
	if j.Language == "" {
		j.Language = "en"
	}
	return j.sayings()
}

// sayings checks what the operator says of the rows.
func (j *job) sayings() error {
	if j.Since == "" {
		j.Since = j.today
	}
	if _, err := time.Parse(time.DateOnly, j.Since); err != nil {
		return fmt.Errorf("since is a day such as 2026-11-01, not %q", j.Since)
	}
	for _, said := range []string{j.Authority, j.Release, j.Licence, j.Origin} {
		if word, err := words(said); err != nil || word != said || strings.Contains(said, softHyphen) {
			return fmt.Errorf("%q is not plain words on one line", said)
		}
	}
	j.status = "draft"
	switch {
	case j.Authority != "" && j.On == "":
		j.On = j.today
		fallthrough
	case j.Authority != "":
		j.status = "accepted by " + j.Authority + " on " + j.On
	case j.On != "":
		return errors.New("a day of acceptance needs the authority that accepted")
	}
	return translation.CheckStatus(j.status)
}

// report begins the outcome of a list.
func (j *job) report(name string) *Outcome {
	outcome := &Outcome{List: name}
	j.summary.Lists = append(j.summary.Lists, outcome)
	return outcome
}

// work reads the sources and writes the tables into the stage.
func (j *job) work(ctx context.Context) error {
	readers := map[string]func(context.Context) error{"mvc": j.readFHIR, "fhir": j.readFHIR, "svs": j.readSVS,
		"csv": j.readNational, "medicines": j.readMedicines, "server": j.readServer}
	if err := readers[j.Format](ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := j.writeLists(); err != nil {
		return err
	}
	if err := j.writeMaps(); err != nil {
		return err
	}
	if j.summary.tables() == 0 {
		return errors.New("nothing to import was found:\n" + j.summary.String())
	}
	return ctx.Err()
}

// said is what a table of the manifest says of its source: the operator's word before the source's own.
func (j *job) said(operator, source, flag, list string) (string, error) {
	if operator != "" {
		return operator, nil
	}
	if source != "" {
		return strings.ReplaceAll(source, softHyphen, ""), nil
	}
	return "", fmt.Errorf("%s: the source does not say its %s: say it with --%s", list, flag, flag)
}

func isCountry(code string) bool {
	return len(code) == 2 && strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") == "" && code != "eu"
}
