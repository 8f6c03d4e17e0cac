package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sild": func() { os.Exit(run()) }})
}

// TestTheCommandLine runs every script of testdata/script. Each stands in a folder of its own with a copy of configs/
// whose ports are free, and with the path of the repository in $ROOT.
func TestTheCommandLine(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			return copyConfigs(env, filepath.Join(root, "configs"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "change": change, "without": without, "commands": listCommands, "knock": knock,
		},
	})
}

// copyConfigs writes the examples with ports that nobody uses, and tells the script the Estonian node's.
func copyConfigs(env *testscript.Env, from string) error {
	dir := filepath.Join(env.WorkDir, "configs")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for _, country := range []string{"ee", "fi"} {
		text, err := os.ReadFile(filepath.Join(from, country+".yaml"))
		if err != nil {
			return err
		}
		for _, door := range []string{"peers", "pharmacy", "operator"} {
			address, err := freeAddress()
			if err != nil {
				return err
			}
			env.Setenv(strings.ToUpper(country+"_"+door), address)
			text = withAddress(text, door, address)
		}
		if err := os.WriteFile(filepath.Join(dir, country+".yaml"), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func withAddress(config []byte, door, address string) []byte {
	lines := bytes.Split(config, []byte("\n"))
	for i, line := range lines {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte(door+": ")) {
			lines[i] = []byte("  " + door + ": " + address)
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// exits CODE COMMAND…: the command ends with exactly this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if (code == want) == neg {
		ts.Fatalf("%s ended with %d", strings.Join(args[1:], " "), code)
	}
}

// change IN OUT KEY: one character of the last value of KEY becomes another one.
func change(ts *testscript.TestScript, _ bool, args []string) {
	text := []byte(ts.ReadFile(args[0]))
	at := bytes.LastIndex(text, []byte(`"`+args[2]+`":"`))
	if at < 0 {
		ts.Fatalf("%s has no %s", args[0], args[2])
	}
	at += len(args[2]) + 4 + 8 // within the value
	was := text[at]
	text[at] = 'A'
	if was == 'A' {
		text[at] = 'B'
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

// without IN OUT WORD: the first line that has the word is left out.
func without(ts *testscript.TestScript, _ bool, args []string) {
	var kept []string
	found := false
	for _, line := range strings.SplitAfter(ts.ReadFile(args[0]), "\n") {
		if !found && strings.Contains(line, args[2]) {
			found = true
			continue
		}
		kept = append(kept, line)
	}
	if !found {
		ts.Fatalf("%s has no line with %s", args[0], args[2])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(kept, "")), 0o600))
}

// commands OUT: everything that the help lists, found by asking the help of everything that it lists.
func listCommands(ts *testscript.TestScript, _ bool, args []string) {
	var found []string
	for open := [][]string{{}}; len(open) > 0; open = open[1:] {
		ts.Check(ts.Exec("sild", append(append([]string{}, open[0]...), "--help")...))
		for _, word := range listed(ts.ReadFile("stdout")) {
			path := append(append([]string{}, open[0]...), word)
			found = append(found, strings.Join(path, " "))
			if word != "help" {
				open = append(open, path)
			}
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(found, "\n")+"\n"), 0o600))
}

// listed are the first words under "Available Commands:".
func listed(help string) []string {
	_, after, _ := strings.Cut(help, "Available Commands:\n")
	list, _, _ := strings.Cut(after, "\n\n")
	var words []string
	for _, line := range strings.Split(list, "\n") {
		if fields := strings.Fields(line); len(fields) > 0 {
			words = append(words, fields[0])
		}
	}
	return words
}

// knock STATUS METHOD URL: the address answers so, as soon as somebody listens there.
func knock(ts *testscript.TestScript, _ bool, args []string) {
	client := &http.Client{Timeout: 5 * time.Second,
		Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // a test's own node on loopback
	deadline := time.Now().Add(20 * time.Second)
	for {
		status, err := statusAt(client, args[1], args[2])
		if err == nil {
			if strconv.Itoa(status) != args[0] {
				ts.Fatalf("%s %s answered %d", args[1], args[2], status)
			}
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("nobody answers: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func statusAt(client *http.Client, method, url string) (int, error) {
	request, err := http.NewRequest(method, url, strings.NewReader("identifier=a%7Cb"))
	if err != nil {
		return 0, fmt.Errorf("not an address: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
