package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sild/internal/fhir"
	"sild/node"
	"sild/translation"
)

const (
	nationalFiles = "testdata/national"
	seedFiles     = "../national/demo/seed"
)

// run is what one call of `sild translate` gave.
type run struct {
	code           int
	stdout, stderr string
	reports        []fileReport
}

// translated runs one translation with a report of its own.
func translated(t *testing.T, command Translation) run {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	command.Report = filepath.Join(t.TempDir(), "report.json")
	r := run{code: command.Run()}
	r.stdout, r.stderr = stdout.String(), stderr.String()
	raw, err := os.ReadFile(command.Report)
	if os.IsNotExist(err) {
		return r
	}
	if err == nil {
		err = json.Unmarshal(raw, &r.reports)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func national(country, file string) string {
	return filepath.Join(nationalFiles, strings.ToLower(country), file)
}

func other(country string) string { return map[string]string{"EE": "FI", "FI": "EE"}[country] }

// written puts text into a file of the test.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheExitCodeSaysWhatBecameOfTheDocument(t *testing.T) {
	carried, refused := national("EE", "01-metformin.json"), national("EE", "30-ramipril-hydrochlorothiazide-half-strength.json")
	broken := written(t, "broken.json", `{"resourceType":"Bundle",`)
	rows := []struct {
		name   string
		in     string
		code   int
		stderr string // what the person at the terminal must read
	}{
		{"carried", carried, 0, ""},
		{"refused, with the slot", refused, 2, "medication.ingredient[1].strength"},
		{"broken JSON", broken, 1, "unusable"},
		{"no such file", filepath.Join(t.TempDir(), "none.json"), 1, "none.json"},
		{"another country's national form", national("FI", "01-ramipril.json"), 1, "national form of FI"},
		{"a negative amount", national("EE", "34-simvastatin-negative-amount.json"), 1, "valueQuantity.value: a negative amount"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := translated(t, Translation{From: "EE", To: "FI", In: []string{row.in}})
			if got.code != row.code || !strings.Contains(got.stderr, row.stderr) {
				t.Errorf("exit %d with %q, want %d with %q", got.code, got.stderr, row.code, row.stderr)
			}
			if carried := row.code == 0; carried != (got.stdout != "") || carried != (got.stderr == "") {
				t.Errorf("a document leaves only when it is carried, words only when not: %d bytes, %q", len(got.stdout), got.stderr)
			}
		})
	}
}

func TestTheReportIsWrittenWhateverBecameOfTheDocument(t *testing.T) {
	rows := []struct{ file, outcome, slot, reason string }{
		{"01-metformin.json", "carried", "", ""},
		{"32-clarithromycin-no-form.json", "refused", "medication.form", "slot.missing"},
		{"27-atorvastatin-unknown-form.json", "refused", "medication.form", "slot.refused"},
		{"34-simvastatin-negative-amount.json", "unusable", "", "fhir.negative"},
	}
	for _, row := range rows {
		got := translated(t, Translation{From: "EE", To: "FI", In: []string{national("EE", row.file)}})
		if len(got.reports) != 1 {
			t.Errorf("%s: %d reports", row.file, len(got.reports))
			continue
		}
		r := got.reports[0]
		if r.Outcome != row.outcome || r.Slot != row.slot || r.Reason != row.reason || filepath.Base(r.File) != row.file {
			t.Errorf("%s: %s at %q because %q", row.file, r.Outcome, r.Slot, r.Reason)
		}
		if (r.Out != nil) != (row.outcome != "unusable") || (r.In != nil) != (row.outcome == "carried") {
			t.Errorf("%s: the halves that were done must be reported, and no other", row.file)
		}
		for _, half := range []*node.Report{r.Out, r.In} {
			if half != nil {
				judgedWhole(t, row.file, half)
			}
		}
	}
}

// judgedWhole demands a release and a fate for every slot.
func judgedWhole(t *testing.T, file string, half *node.Report) {
	t.Helper()
	if half.Release == "" || half.Count() == 0 {
		t.Errorf("%s: a report without release or lines", file)
	}
	for line := range half.Lines() {
		if line.Fate == translation.Untouched || line.Path == "" {
			t.Errorf("%s: %q has no fate", file, line.Path)
		}
	}
}

func TestTheDocumentGoesWhereItIsSent(t *testing.T) {
	in, out := []string{national("FI", "01-ramipril.json")}, filepath.Join(t.TempDir(), "out.json")
	command := Translation{From: "FI", To: "EE", In: in, Medicines: national("FI", "medicines.csv")}
	shown := translated(t, command)
	command.Out = out
	kept := translated(t, command)
	file, err := os.ReadFile(out)
	if err != nil || shown.code != 0 || kept.code != 0 {
		t.Fatalf("exit %d and %d, %v", shown.code, kept.code, err)
	}
	if kept.stdout != "" || !json.Valid(file) || !json.Valid([]byte(shown.stdout)) {
		t.Errorf("stdout has %d bytes, the file %d", len(kept.stdout), len(file))
	}
	for _, text := range []string{shown.stdout, string(file)} {
		inWordsOf(t, "et", "urn:oid:1.2.246.537.6.852", []byte(text))
	}
}

// inWordsOf reads a translated prescription: the form in the reader's language, and its own code still there.
func inWordsOf(t *testing.T, language, system string, text []byte) {
	t.Helper()
	d, err := fhir.Tongue{}.Decode(text)
	if err != nil || d.Prescription() == nil {
		t.Fatalf("what came out is no prescription: %v", err)
	}
	form := d.Prescription().Medication.Form
	if form == nil || form.Rendered == "" || form.Language != language || !strings.Contains(form.Original().System, system) {
		t.Errorf("the form came out as %+v", form)
	}
}

func TestADocumentThatIsRefusedLeavesNoFile(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.json")
	got := translated(t, Translation{From: "EE", To: "FI", Out: out, In: []string{national("EE", "32-clarithromycin-no-form.json")}})
	if _, err := os.Stat(out); got.code != 2 || !os.IsNotExist(err) {
		t.Errorf("exit %d, %v", got.code, err)
	}
}

func TestSeveralDocumentsGetALineEachAndTheWorstCode(t *testing.T) {
	good, refused, bad := national("EE", "02-levothyroxine.json"), national("EE", "27-atorvastatin-unknown-form.json"),
		national("EE", "34-simvastatin-negative-amount.json")
	rows := []struct {
		name     string
		in, says []string
		code     int
	}{
		{"all carried", []string{good, good}, []string{"carried", "carried"}, 0},
		{"one refused", []string{good, refused, good}, []string{"carried", "refused at medication.form", "carried"}, 2},
		{"one unusable after a refused one", []string{refused, bad}, []string{"refused", "unusable"}, 1},
		{"one unusable before a refused one", []string{bad, refused, good}, []string{"unusable", "refused", "carried"}, 1},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := translated(t, Translation{From: "EE", To: "FI", In: row.in})
			lines := strings.Split(strings.TrimSpace(got.stderr), "\n")
			table := lines[len(row.in):]
			lines = lines[:len(row.in)]
			if len(table) != 1+len(row.in) || !strings.Contains(table[0], "residue") {
				t.Errorf("no table with a line for each: %q", table)
			}
			if got.code != row.code || len(got.reports) != len(row.in) {
				t.Fatalf("exit %d, %d reports, said:\n%s", got.code, len(got.reports), got.stderr)
			}
			for i, line := range lines {
				if !strings.HasPrefix(line, row.in[i]+": "+row.says[i]) || !strings.HasPrefix(row.says[i], got.reports[i].Outcome) {
					t.Errorf("line %d: %s", i, line)
				}
			}
			documents, carried := strings.Count(got.stdout, "\n"), strings.Count(got.stderr, ": carried\n")
			if documents != carried {
				t.Errorf("%d documents for %d carried ones", documents, carried)
			}
		})
	}
}

func TestACommandThatCannotBeMeantIsRefusedBeforeAnyWork(t *testing.T) {
	in := national("EE", "01-metformin.json")
	own := written(t, "own.json", "{}")
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(own, link); err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name    string
		command Translation
		says    string
	}{
		{"unknown source country", Translation{From: "XX", To: "FI", In: []string{in}}, `"XX"`},
		{"unknown reader country", Translation{From: "EE", To: "SE", In: []string{in}}, `"SE"`},
		{"small letters", Translation{From: "ee", To: "FI", In: []string{in}}, `"ee"`},
		{"no country", Translation{To: "FI", In: []string{in}}, "--from"},
		{"home to home", Translation{From: "EE", To: "EE", In: []string{in}}, "same country"},
		{"one file for two documents", Translation{From: "EE", To: "FI", In: []string{in, national("EE", "02-levothyroxine.json")}, Out: written(t, "o", "")}, "-o"},
		{"two documents of one name", Translation{From: "EE", To: "FI", In: []string{in, in}, Out: t.TempDir()}, "same name"},
		{"a document over its own source", Translation{From: "EE", To: "FI", In: []string{own}, Out: own}, "are one"},
		{"a document over its source by a link", Translation{From: "EE", To: "FI", In: []string{own}, Out: link}, "are one"},
		{"a page over the document", Translation{From: "EE", To: "FI", In: []string{in}, Out: own, HTML: own}, "are one"},
		{"a format that nobody writes", Translation{From: "EE", To: "FI", In: []string{in}, As: "hl7v2"}, "hl7v2"},
		{"properties that are none", Translation{From: "EE", To: "FI", In: []string{in}, Properties: in}, "CodeSystem"},
		{"a Finnish list for Estonia", Translation{From: "EE", To: "FI", In: []string{in}, Medicines: national("FI", "medicines.csv")}, "--medicines"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := translated(t, row.command)
			if got.code != 1 || !strings.Contains(got.stderr, row.says) || got.stdout != "" || got.reports != nil {
				t.Errorf("exit %d, said %q, %d bytes out", got.code, got.stderr, len(got.stdout))
			}
		})
	}
}

func TestTheMedicineListIsTheOneThatIsNamed(t *testing.T) {
	in := []string{national("FI", "01-ramipril.json")}
	own := translated(t, Translation{From: "FI", To: "EE", In: in, Medicines: national("FI", "medicines.csv")})
	builtIn := translated(t, Translation{From: "FI", To: "EE", In: in})
	if own.code != 0 || builtIn.code != 2 {
		t.Errorf("exit %d with its list, %d with the built-in one that lacks the package", own.code, builtIn.code)
	}
	header, err := os.ReadFile(national("FI", "medicines.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string]string{
		"no such list":    filepath.Join(t.TempDir(), "none.csv"),
		"other columns":   written(t, "columns.csv", "vnr,name\n1,x\n"),
		"a cut-off row":   written(t, "row.csv", strings.SplitN(string(header), "\n", 2)[0]+"\n123456,1\n"),
		"nothing at all":  written(t, "empty.csv", ""),
		"an open quote":   written(t, "quote.csv", `"vnr`),
		"a folder":        t.TempDir(),
		"another country": national("EE", "expect.csv"),
	} {
		if got := translated(t, Translation{From: "FI", To: "EE", In: in, Medicines: list}); got.code != 1 {
			t.Errorf("%s: exit %d, said %q", name, got.code, got.stderr)
		}
	}
}

// seedsRefused are the seeds of the demo registers that hold what no corridor carries.
var seedsRefused = map[string]string{
	"ee/prescriptions/compounded.json":    "medication.ingredient",
	"ee/prescriptions/duration-only.json": "amount.packages",
	"ee/prescriptions/unmapped-form.json": "medication.form",
	"fi/prescriptions/base-cream.json":    "amount.packages",
	"fi/prescriptions/compounded.json":    "amount.packages",
	"fi/prescriptions/duration-only.json": "amount.packages",
	"fi/prescriptions/unmapped-form.json": "medication.form",
}

func TestEverySeedOfTheDemoRegistersIsCarriedOrRefusedByName(t *testing.T) {
	for _, country := range []string{"EE", "FI"} {
		files, err := filepath.Glob(filepath.Join(seedFiles, strings.ToLower(country), "*", "*.json"))
		if err != nil || len(files) < 20 {
			t.Fatalf("%d seeds: %v", len(files), err)
		}
		got := translated(t, Translation{From: country, To: other(country), In: files})
		if len(got.reports) != len(files) {
			t.Fatalf("%d reports for %d seeds", len(got.reports), len(files))
		}
		for _, r := range got.reports {
			name, err := filepath.Rel(seedFiles, r.File)
			if err != nil {
				t.Fatal(err)
			}
			want := "carried"
			if seedsRefused[name] != "" {
				want = "refused"
			}
			if r.Outcome != want || r.Slot != seedsRefused[name] {
				t.Errorf("%s: %s at %q", name, r.Outcome, r.Slot)
			}
		}
	}
}

// slotWords are the pharmacist's words of expect.csv as the machine names them: does an outcome mean the word?
var slotWords = map[string]func(slot, reason, words string) bool{
	"dose-form": func(slot, _, _ string) bool { return strings.HasSuffix(slot, ".form") },
	"strength": func(slot, reason, _ string) bool {
		return strings.Contains(slot, ".strength") && reason == "slot.missing"
	},
	"unit": func(slot, reason, _ string) bool {
		return strings.Contains(slot, ".strength") && reason == "slot.refused"
	},
	"ingredient": func(slot, _, _ string) bool {
		return strings.HasSuffix(slot, ".substance") || strings.HasSuffix(slot, ".ingredient")
	},
	"package": func(slot, _, _ string) bool { return strings.HasSuffix(slot, ".package") },
	"quantity": func(slot, reason, words string) bool {
		return slot == "amount.packages" || reason == "fhir.negative" && strings.Contains(words, "uantity.value")
	},
}

// notListed are files whose package the medicine list does not have: form, ingredient and strength are missing
// together, and whichever is named first is right.
var notListed = map[string]bool{"fi/27-atorvastatin-vnr-not-in-list.json": true}

func TestEveryNationalFileMeetsWhatAPharmacistExpects(t *testing.T) {
	for _, country := range []string{"EE", "FI"} {
		rows := expected(t, country)
		files, err := filepath.Glob(national(country, "*.json"))
		if err != nil || len(rows) != len(files) || len(rows) < 34 {
			t.Fatalf("%d expectations for %d files: %v", len(rows), len(files), err)
		}
		for _, row := range rows {
			t.Run(country+" "+row[0], func(t *testing.T) {
				command := Translation{From: country, To: other(country), In: []string{national(country, row[0])}}
				if country == "FI" {
					command.Medicines = national("FI", "medicines.csv")
				}
				got := translated(t, command)
				meets(t, strings.ToLower(country)+"/"+row[0], row, got)
			})
		}
	}
}

// expected reads a country's expectations: file, outcome, slot, why.
func expected(t *testing.T, country string) [][]string {
	t.Helper()
	file, err := os.Open(national(country, "expect.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 || strings.Join(rows[0], ",") != "file,outcome,slot,why" {
		t.Fatalf("the expectations cannot be read: %v", err)
	}
	return rows[1:]
}

func meets(t *testing.T, file string, row []string, got run) {
	t.Helper()
	if len(got.reports) != 1 {
		t.Fatalf("no report; said %q", got.stderr)
	}
	r := got.reports[0]
	if row[1] == "carried" {
		if got.code != 0 || r.Outcome != "carried" || row[2] != "" {
			t.Errorf("%s at %q (%s), expected to be carried: %s", r.Outcome, r.Slot, r.Reason, row[3])
		}
		return
	}
	means, known := slotWords[row[2]]
	if row[1] != "refused" || !known {
		t.Fatalf("an expectation that nobody understands: %v", row)
	}
	if got.code == 0 || got.stdout != "" {
		t.Errorf("carried, expected to be refused for its %s: %s", row[2], row[3])
		return
	}
	first := notListed[file] && r.Reason == "slot.missing" && strings.HasPrefix(r.Slot, "medication.")
	if !first && !means(r.Slot, r.Reason, got.stderr) {
		t.Errorf("refused at %q (%s), expected %s: %s", r.Slot, r.Reason, row[2], row[3])
	}
}
