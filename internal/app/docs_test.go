package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/node"
)

// shellBlock is one fenced block of a document, as a reader copies it into a shell.
type shellBlock struct {
	place  string // file:line
	text   string
	prints []string // what its comment lines promise of its output
}

// shellBlocks finds the blocks marked sh. Blocks without a mark are not commands, or are make's.
func shellBlocks(t *testing.T, path string) []shellBlock {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []shellBlock
	var open *shellBlock
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case open == nil && line == "```sh":
			open = &shellBlock{place: fmt.Sprintf("%s:%d", filepath.Base(path), i+2)}
		case open == nil:
		case line == "```":
			blocks, open = append(blocks, *open), nil
		default:
			open.text += line + "\n"
			if promise, ok := strings.CutPrefix(line, "# prints: "); ok {
				open.prints = append(open.prints, promise)
			}
		}
	}
	if open != nil {
		t.Fatalf("%s: the block is never closed", open.place)
	}
	return blocks
}

// TestEveryCommandInTheDocumentsWorksAsPrinted runs README.md and docs/*.md, each from top to bottom in one shell, in a
// fresh copy of the project's folder. The documents use the fixed ports of configs/.
func TestEveryCommandInTheDocumentsWorksAsPrinted(t *testing.T) {
	root := repository(t)
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	binary, ran := builtOnce(t, root), map[string]int{}
	for _, path := range append([]string{filepath.Join(root, "README.md")}, documents...) {
		blocks := shellBlocks(t, path)
		ran[filepath.Base(path)] = len(blocks)
		if len(blocks) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			portsFree(t, "before the document ran")
			outputs := runShell(t, projectCopy(t, root, binary), blocks)
			for i, block := range blocks {
				for _, promise := range block.prints {
					if !strings.Contains(outputs[i], promise) {
						t.Errorf("%s: the output lacks %q:\n%s", block.place, promise, tail(outputs[i]))
					}
				}
			}
			portsFree(t, "after the document stopped its servers")
		})
	}
	for name, least := range map[string]int{"operators.md": 8, "integrators.md": 10, "loss-report.md": 2, "terminology.md": 14} {
		if ran[name] < least {
			t.Errorf("%s has %d blocks to run", name, ran[name])
		}
	}
}

func TestADocumentWithAWrongCommandIsNoticed(t *testing.T) {
	wrong := filepath.Join(t.TempDir(), "wrong.md")
	text := "# Wrong\n```\nnot run\n```\n```sh\necho one\n# prints: one\n```\n```sh\necho two\nfalse\necho three\n```\n"
	if err := os.WriteFile(wrong, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	blocks := shellBlocks(t, wrong)
	if len(blocks) != 2 || blocks[0].prints[0] != "one" || blocks[1].place != "wrong.md:10" {
		t.Fatalf("found %+v", blocks)
	}
	outputs, words, err := shell(t, t.TempDir(), blocks)
	if err == nil || !strings.Contains(words, "wrong.md:10") || outputs[0] != "one\n" || outputs[1] != "two\n" {
		t.Errorf("%v, said %q, printed %q", err, words, outputs)
	}
}

// repository is the project's folder.
func repository(t testing.TB) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// builtOnce builds the program as `make build` does.
func builtOnce(t testing.TB, root string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "sild")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "./cmd/sild")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the program does not build: %v\n%s", err, out)
	}
	return binary
}

// projectCopy is a folder laid out as the project's: what the documents change is copied, the rest is linked.
func projectCopy(t *testing.T, root, binary string) string {
	t.Helper()
	dir := t.TempDir()
	steps := []error{os.Mkdir(filepath.Join(dir, "bin"), 0o700), os.Symlink(binary, filepath.Join(dir, "bin", "sild")),
		os.Mkdir(filepath.Join(dir, "configs"), 0o700)}
	configs, err := filepath.Glob(filepath.Join(root, "configs", "*.yaml"))
	steps = append(steps, err)
	for _, path := range configs {
		text, err := os.ReadFile(path)
		steps = append(steps, err, os.WriteFile(filepath.Join(dir, "configs", filepath.Base(path)), text, 0o600))
	}
	for _, name := range []string{"docs", "internal", "mappings"} {
		steps = append(steps, os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)))
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	return dir
}

// portsFree fails when somebody listens on a port that the documents use.
func portsFree(t *testing.T, when string) {
	t.Helper()
	for _, ports := range demoPorts {
		for _, port := range ports {
			listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
			if err != nil {
				t.Fatalf("port %d is taken %s: the documents use the fixed ports of configs/; stop what listens there and run the test again (%v)", port, when, err)
			}
			listener.Close()
		}
	}
}

// runShell runs blocks one after the other in one shell, as a reader does, and gives each one's output.
func runShell(t *testing.T, dir string, blocks []shellBlock) []string {
	t.Helper()
	for _, tool := range []string{"bash", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the documents need %s, which this machine lacks: %v", tool, err)
		}
	}
	outputs, words, err := shell(t, dir, blocks)
	if err != nil {
		t.Fatalf("%v; said:\n%s\nprinted: %s", err, tail(words), tail(strings.Join(outputs, "")))
	}
	return outputs
}

// shell is runShell for a document that may fail. Everything that was started is ended with it.
func shell(t *testing.T, dir string, blocks []shellBlock) (outputs []string, words string, err error) {
	t.Helper()
	kept := t.TempDir()
	var script bytes.Buffer
	fmt.Fprintln(&script, "set -euo pipefail")
	for i, block := range blocks {
		fmt.Fprintf(&script, "exec >'%s/%d'\necho '%s' >&2\n%s", kept, i, block.place, block.text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	bash := exec.CommandContext(ctx, "bash", "-c", script.String())
	var said bytes.Buffer
	bash.Dir, bash.Stderr, bash.WaitDelay = dir, &said, 5*time.Second
	bash.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a group of its own, so that its servers end with it
	end := func() error { return syscall.Kill(-bash.Process.Pid, syscall.SIGKILL) }
	bash.Cancel = end
	if err = bash.Start(); err != nil {
		return nil, "", err
	}
	err = bash.Wait()
	if killed := end(); killed != nil && !errors.Is(killed, syscall.ESRCH) {
		t.Errorf("what the document started could not be ended: %v", killed)
	}
	for i := range blocks {
		text, missing := os.ReadFile(filepath.Join(kept, fmt.Sprint(i)))
		if missing != nil && !errors.Is(missing, fs.ErrNotExist) {
			t.Error(missing)
		}
		outputs = append(outputs, string(text))
	}
	return outputs, said.String(), err
}

func tail(text string) string {
	if len(text) > 3000 {
		return "… " + text[len(text)-3000:]
	}
	return text
}

// TestTheTourOfTheDemoWorksAsPrinted runs the commands that `sild demo` prints against a running corridor.
func TestTheTourOfTheDemoWorksAsPrinted(t *testing.T) {
	ports, err := freePorts(6)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Demo{Out: &bytes.Buffer{}, Dir: filepath.Join(t.TempDir(), "demo")}.build(t.Context(),
		map[string][3]int{"EE": [3]int(ports[:3]), "FI": [3]int(ports[3:])})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.remove(); err != nil {
			t.Error(err)
		}
	}()
	var printed bytes.Buffer
	b.tour(&printed)
	var blocks []shellBlock
	for _, step := range b.tourSteps() {
		if !strings.Contains(printed.String(), "# "+step.says+"\n"+step.command+"\n") {
			t.Errorf("not printed as it is: %s", step.says)
		}
		blocks = append(blocks, shellBlock{place: "the tour, " + step.says, text: step.command + "\n"})
	}
	if len(blocks) < 6 {
		t.Fatalf("the tour has %d steps", len(blocks))
	}
	for i, output := range runShell(t, t.TempDir(), blocks) {
		if problem := tourAnswer(output); i > 0 && problem != "" {
			t.Errorf("%s: %s\n%s", blocks[i].place, problem, tail(output))
		}
	}
}

// tourAnswer says what is wrong with a step's output: it must be JSON that has something in it.
func tourAnswer(output string) string {
	var answer struct {
		ResourceType string            `json:"resourceType"`
		Entry        []json.RawMessage `json:"entry"`
		Store        string            `json:"store"`
	}
	if err := json.Unmarshal([]byte(output), &answer); err != nil {
		return "not JSON: " + err.Error()
	}
	if answer.Store == "ok" || answer.ResourceType == "Bundle" && len(answer.Entry) > 0 {
		return ""
	}
	return "neither a health that is well nor a Bundle with entries"
}

func TestAnEmptyOrBrokenAnswerOfTheTourIsNoticed(t *testing.T) {
	for _, output := range []string{"", "401", `{"resourceType":"Bundle","entry":[]}`, `{"resourceType":"OperationOutcome"}`, `{"store":"lost"}`} {
		if tourAnswer(output) == "" {
			t.Errorf("%q passes for an answer", output)
		}
	}
	if problem := tourAnswer(`{"resourceType":"Bundle","entry":[{}]}`); problem != "" {
		t.Error(problem)
	}
}

// rowsOf are the tables of a document: the cells of every row, without the backquotes of a cell that has one word.
func rowsOf(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository(t), "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		var cells []string
		for _, cell := range strings.Split(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(strings.TrimSpace(cell), "`"))
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestTheDocumentsExplainEveryKindOfError(t *testing.T) {
	operators, integrators := map[string]bool{}, map[string][]string{}
	for _, row := range rowsOf(t, "operators.md") {
		operators[row[0]] = true
	}
	for _, row := range rowsOf(t, "integrators.md") {
		integrators[row[0]] = row
	}
	for _, kind := range node.Kinds() {
		if !operators[kind.String()] {
			t.Errorf("operators.md does not explain %s", kind)
		}
		row := integrators[kind.String()]
		if len(row) != 4 {
			t.Errorf("integrators.md has no row for %s", kind)
			continue
		}
		outcome := string(fhir.EncodeOutcome(&node.Error{Kind: kind, Reason: "r"}, "c"))
		if !strings.Contains(outcome, `"code":"`+row[2]+`","details"`) ||
			row[3] != "none" && !strings.Contains(outcome, `"urn:sild:myhealtheu-error","code":"`+row[3]+`"`) ||
			row[3] == "none" && strings.Contains(outcome, "myhealtheu") {
			t.Errorf("integrators.md says %v, the wire %s", row, outcome)
		}
	}
}

func TestTheDocumentsExplainEveryConfigurationKey(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(repository(t), "docs", "operators.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range settings(reflect.ValueOf(Defaults()), "") {
		if !strings.Contains(string(text), "`"+setting.key+"`") {
			t.Errorf("operators.md does not explain %s", setting.key)
		}
	}
}
