package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sild/internal/fhir"
	"sild/internal/national/demo"
	"sild/internal/tongues"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// Translation carries documents offline as the two nodes of a corridor would: national to pivot, pivot to the reader.
type Translation struct {
	From, To       string
	In             []string
	As             string // cda or fhir: the format to travel in; empty keeps the document's own family
	Out            string // file of the translated document, or with several inputs a directory; empty is Stdout
	Report         string // file of the loss reports; empty is none
	HTML           string // file of the professional's view, or with several inputs a directory; empty is none
	Medicines      string // Finnish medicine list; empty is the built-in demo list
	Properties     string // EDQM CodeSystem (FHIR JSON) whose properties are compared along each chain; empty is none
	Snapshot       string // terminology snapshot; empty is the tables that ship with the program
	Products       string // folder with the medicines of the country of treatment, to say which of them match; empty is none
	Stdout, Stderr io.Writer

	catalogue *translation.Catalogue
	rules     *node.Rules
	tongue    tongues.Both
}

// The exit codes of `sild translate`.
const (
	carriedCode  = 0
	unusableCode = 1
	refusedCode  = 2
)

// fileReport is one input's line in the report file.
type fileReport struct {
	File    string       `json:"file"`
	Kind    string       `json:"kind,omitempty"`
	Format  string       `json:"format,omitempty"`
	Outcome string       `json:"outcome"` // carried, refused or unusable
	Slot    string       `json:"slot,omitempty"`
	Reason  string       `json:"reason,omitempty"`
	Out     *node.Report `json:"affiliation,omitempty"` // what country A's node reports
	In      *node.Report `json:"treatment,omitempty"`   // what country B's node adds
	// Offers are the medicines of country B for each prescription of the document.
	Offers []*node.Offer `json:"offers,omitempty"`
	words  string        // the same for the person at the terminal
	took   time.Duration
}

// readerLanguages are the words that a country's professionals read, best first; nil for a country off the corridor.
func readerLanguages(country string) []string {
	switch country {
	case "EE":
		return []string{"et", "en"}
	case "FI":
		return []string{"fi", "en"}
	}
	return nil
}

// usage says what is wrong with the command itself; empty is nothing.
func (t *Translation) usage() string {
	switch {
	case readerLanguages(t.From) == nil:
		return fmt.Sprintf("--from: no country %q on this corridor; take EE or FI", t.From)
	case readerLanguages(t.To) == nil:
		return fmt.Sprintf("--to: no country %q on this corridor; take EE or FI", t.To)
	case t.From == t.To:
		return "--from and --to name the same country"
	case t.As != "" && t.As != "cda" && t.As != "fhir":
		return fmt.Sprintf("--as: no format %q; take cda or fhir", t.As)
	case len(t.In) > 1 && (isFile(t.Out) || isFile(t.HTML)):
		return "with several inputs -o and --html name directories"
	case (t.Out != "" || t.HTML != "") && sameName(t.In):
		return "-o and --html: two inputs have the same name, so one would overwrite the other"
	case t.overwrites() != "":
		return "two files of this command are one: " + t.overwrites()
	case t.Medicines != "" && t.From != "FI":
		return "--medicines belongs to documents from FI"
	}
	return ""
}

// Run translates every input and gives the exit code: the worst of all inputs, unusable before refused.
func (t *Translation) Run() int {
	if wrong := t.usage(); wrong != "" {
		fmt.Fprintln(t.Stderr, "sild:", wrong)
		return unusableCode
	}
	if err := t.prepare(); err != nil {
		fmt.Fprintln(t.Stderr, "sild:", err)
		return unusableCode
	}
	worst, reports := carriedCode, []fileReport{}
	for _, file := range t.In {
		began := time.Now()
		r, code := t.file(file)
		r.took = time.Since(began)
		reports = append(reports, r)
		if code == unusableCode || worst == carriedCode {
			worst = code
		}
		if code != carriedCode || len(t.In) > 1 || alarms(r.Out)+alarms(r.In) > 0 {
			fmt.Fprintf(t.Stderr, "%s: %s\n", file, r.words)
		}
	}
	if len(t.In) > 1 {
		t.table(reports)
	}
	if err := t.write(reports); err != nil {
		fmt.Fprintln(t.Stderr, "sild:", err)
		return unusableCode
	}
	return worst
}

// prepare loads the tables and makes the directories that several inputs are written into.
func (t *Translation) prepare() error {
	var err error
	if t.catalogue, err = tablesOf(t.Snapshot); err != nil {
		return err
	}
	if t.Properties != "" {
		if t.catalogue, err = withProperties(t.catalogue, t.Properties); err != nil {
			return err
		}
	}
	if t.Products != "" {
		if err = t.products(); err != nil {
			return err
		}
	}
	t.tongue = tongues.New("", readerLanguages(t.From)[0], t.catalogue)
	for _, dir := range []string{t.Out, t.HTML} {
		if dir != "" && len(t.In) > 1 {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
		}
	}
	return nil
}

// tablesOf opens a snapshot, or the tables that ship with the node where none is named.
func tablesOf(snapshot string) (*translation.Catalogue, error) {
	if snapshot == "" {
		return translation.Load(mappings.Files())
	}
	return openSnapshot(snapshot)
}

// withProperties adds what the operator imported of the codes' properties.
func withProperties(catalogue *translation.Catalogue, file string) (*translation.Catalogue, error) {
	properties, err := readProperties(file)
	if err != nil {
		return nil, err
	}
	return catalogue.With(properties)
}

func readProperties(file string) (*translation.Properties, error) {
	f, err := openRegular(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	properties, err := translation.ReadProperties(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return properties, nil
}

// alarms counts the slots of a report whose codes contradict each other.
func alarms(r *node.Report) int {
	n := 0
	if r == nil {
		return n
	}
	for line := range r.Lines() {
		if line.Coherence == translation.Contradicts {
			n++
		}
	}
	return n
}

// overwrites names a file that would be written over an input, or over another output.
func (t *Translation) overwrites() string {
	taken := map[string]bool{}
	for _, file := range t.In {
		taken[absolute(file)] = true
	}
	for _, file := range t.outputs() {
		if taken[absolute(file)] {
			return file
		}
		taken[absolute(file)] = true
	}
	return ""
}

func absolute(file string) string {
	whole, err := filepath.Abs(file)
	if err != nil {
		return filepath.Clean(file)
	}
	if there, err := filepath.EvalSymlinks(whole); err == nil {
		return there
	}
	return whole
}

// outputs are the files that this command writes.
func (t *Translation) outputs() []string {
	var files []string
	for _, file := range t.In {
		if t.Out != "" && t.Out != os.DevNull {
			files = append(files, t.place(t.Out, file, filepath.Ext(file)))
			if as := map[string]string{"fhir": ".json", "cda": ".xml"}[t.As]; as != "" && as != filepath.Ext(file) && len(t.In) > 1 {
				files = append(files, t.place(t.Out, file, as))
			}
		}
		if t.HTML != "" && t.HTML != os.DevNull {
			files = append(files, t.place(t.HTML, file, ".html"))
		}
	}
	if t.Report != "" {
		files = append(files, t.Report)
	}
	return files
}

// sameName says that two inputs would be written under one name.
func sameName(files []string) bool {
	seen := map[string]bool{}
	for _, file := range files {
		base := filepath.Base(file)
		base = strings.TrimSuffix(base, filepath.Ext(base))
		if seen[base] {
			return true
		}
		seen[base] = true
	}
	return false
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func (t *Translation) write(reports []fileReport) error {
	if t.Report == "" {
		return nil
	}
	text, err := json.MarshalIndent(reports, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(t.Report, append(text, '\n'), 0o600)
}

// file translates one input. The reports are kept also when the document is refused.
func (t *Translation) file(file string) (fileReport, int) {
	r := fileReport{File: file}
	refusal, err := t.carry(&r)
	switch {
	case err != nil:
		r.Outcome, r.Reason, r.words = "unusable", reasonOf(err), "unusable: "+plain(err)
		return r, unusableCode
	case refusal != nil:
		r.Outcome, r.Slot, r.Reason = "refused", refusal.Slot, refusal.Reason
		r.words = "refused at " + refusal.Slot + ": " + refusal.Detail
		return r, refusedCode
	}
	r.Outcome, r.words = "carried", "carried"
	if n := alarms(r.Out) + alarms(r.In); n > 0 {
		r.words = fmt.Sprintf("carried, with %d alarms: codes along one chain contradict each other, see the report", n)
	}
	return r, carriedCode
}

// carry is both halves of the way, one after the other.
func (t *Translation) carry(r *fileReport) (*node.Error, error) {
	source, err := t.source(r.File)
	if err != nil {
		return nil, err
	}
	d, err := t.tongue.Decode(source)
	if err != nil {
		return nil, err
	}
	r.Kind, r.Format = string(d.Kind), string(d.Format)
	if home := homeOf(d.Format); home != "" && home != t.From {
		return nil, fmt.Errorf("the document has the national form of %s, not of %s", home, t.From)
	}
	pivot, refusal, err := t.outward(d, r)
	if err != nil || refusal != nil {
		return refusal, err
	}
	return t.inward(pivot, r)
}

// homeOf is the country whose national form a document has; empty for a form that countries share.
func homeOf(format node.Format) string {
	switch format {
	case fhir.EstonianR5:
		return "EE"
	case fhir.FinnishR4:
		return "FI"
	}
	return ""
}

// reasonOf is the machine word of an error; a file that cannot be read has none of its own.
func reasonOf(err error) string {
	var e *node.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return "input.unusable"
}

// plain is an error for the person at the terminal.
func plain(err error) string {
	var e *node.Error
	if errors.As(err, &e) && e.Detail != "" {
		return e.Detail
	}
	return err.Error()
}

// source reads a national document. A Finnish prescription leans on the medicine list for its structured strength, so
// the list's entries are put beside it as the register does.
func (t *Translation) source(file string) ([]byte, error) {
	source, err := os.ReadFile(file)
	if err != nil || t.From != "FI" {
		return source, err
	}
	var list []byte
	if t.Medicines != "" {
		if list, err = os.ReadFile(t.Medicines); err != nil {
			return nil, err
		}
	}
	return demo.WithMedicineList(source, list)
}

// outward is country A's half: to the pivot and into the format that it travels in.
func (t *Translation) outward(d *node.Document, r *fileReport) (*node.Encoded, *node.Error, error) {
	d.At = time.Now().UTC()
	refusal := node.CarryOut(t.catalogue, t.From, d)
	r.Out = node.Loss(d, t.catalogue.Release())
	if refusal != nil {
		return nil, refusal, nil
	}
	pivot, err := t.tongue.Encode(d, t.format(d), nil, r.Out)
	if node.KindIs(err, node.Untranslatable) || node.KindIs(err, node.Unsupported) {
		return nil, node.AsError(err), nil
	}
	return pivot, nil, err
}

// format is what a document travels in: the family that was asked for, or its own.
func (t *Translation) format(d *node.Document) node.Format {
	switch {
	case t.As == "" && d.Format.InCDA():
		return d.Format
	case t.As == "cda":
		return node.CDA3
	case d.Summary != nil:
		return node.EPS
	}
	return node.MPD
}

// inward is country B's half: from the pivot to the reader's words, spliced into what A sent.
func (t *Translation) inward(pivot *node.Encoded, r *fileReport) (*node.Error, error) {
	d, err := t.tongue.Decode(pivot.Body())
	if err != nil {
		return nil, err
	}
	d.At = time.Now().UTC()
	node.CarryIn(t.catalogue, t.To, readerLanguages(t.To), d)
	r.In = node.Loss(d, t.catalogue.Release())
	if refusal := node.Refusal(t.catalogue, d); refusal != nil {
		return refusal, nil
	}
	r.Offers = t.offers(d)
	out, err := t.tongue.Encode(d, d.Format, nil, r.In)
	if err != nil {
		return nil, err
	}
	if err := t.view(d, r); err != nil {
		return nil, err
	}
	return nil, t.deliver(out.Body(), r.File)
}
