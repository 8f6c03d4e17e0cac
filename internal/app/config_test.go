package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryConfigurationInTheRepositoryLoads(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "configs", "*.yaml"))
	if err != nil || len(files) < 2 {
		t.Fatalf("found %d configurations: %v", len(files), err)
	}
	for _, file := range files {
		if _, err := LoadConfig(file); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// changed writes the Estonian example with one line replaced or added.
func changed(t *testing.T, old, new string) string {
	t.Helper()
	example, err := os.ReadFile(filepath.Join("..", "..", "configs", "ee.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(example)
	if !strings.Contains(text, old) {
		t.Fatalf("the example has no %q", old)
	}
	path := filepath.Join(t.TempDir(), "changed.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(text, old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAWrongConfigurationIsRefusedWithTheKeyAndTheCure(t *testing.T) {
	rows := []struct{ name, old, new, want string }{
		{"unknown key", "country: EE", "country: EE\ncolour: blue", "colour"},
		{"unknown nested key", "  level: info", "  levle: info", "log.levle"},
		{"demo register in production", "environment: demo", "environment: production", "register.kind"},
		{"demo issuer in production", "environment: demo", "environment: production", "pharmacy.demo_issuer_key"},
		{"metrics on every address", "operator: 127.0.0.1:9445", "operator: 0.0.0.0:9445", "listen.operator"},
		{"no country", "country: EE", "country: Estonia", "country"},
		{"no keys", "  dir: demo/ee", "  dir: \"\"", "keys.dir"},
		{"no log level", "  level: info", "  level: loud", "log.level"},
		{"a text where a time belongs", "log:", "times:\n  quiet: soon\nlog:", "quiet"},
		{"negative time", "log:", "times:\n  keep: -5m\nlog:", "times"},
		{"no journal", "  journal: demo/ee/register.journal", "  dir: somewhere", "register.journal"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, err := LoadConfig(changed(t, row.old, row.new))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want a sentence that names %s", err, row.want)
			}
		})
	}
}

func TestADayOfAcceptanceIsReadWithAndWithoutQuotes(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(repository(t), "configs", "ee.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-11-22", `"2026-11-22"`} {
		path := filepath.Join(t.TempDir(), "node.yaml")
		text := string(whole) + "\nterminology:\n  accepted_by: Mari Maasikas\n  accepted_on: " + day + "\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		config, err := LoadConfig(path)
		if err != nil || config.Terminology.AcceptedOn != "2026-11-22" {
			t.Errorf("%s: %q, %v", day, config.Terminology.AcceptedOn, err)
		}
	}
}

func TestAKeySetTwiceIsRefused(t *testing.T) {
	t.Setenv("SILD_STORE_PATH", "/tmp/other.db")
	if _, err := LoadConfig(changed(t, "country: EE", "country: EE")); err == nil || !strings.Contains(err.Error(), "SILD_STORE_PATH") {
		t.Errorf("got %v, want a refusal that names the variable", err)
	}
}

func TestAPathFromTheEnvironmentIsUsed(t *testing.T) {
	t.Setenv("SILD_KEYS_DIR", "/somewhere/keys")
	config, err := LoadConfig(changed(t, "keys:\n  dir: demo/ee\n", ""))
	if err != nil || config.Keys.Dir != "/somewhere/keys" {
		t.Errorf("got %q, %v", config.Keys.Dir, err)
	}
}

func TestTheEffectiveConfigurationShowsDefaults(t *testing.T) {
	config, err := LoadConfig(changed(t, "country: EE", "country: EE"))
	if err != nil {
		t.Fatal(err)
	}
	printed := strings.Join(config.Print(), "\n")
	for _, want := range []string{"country: EE", "times.quiet: 50ms", "limits.peer_per_second: 200", "languages: [et en]"} {
		if !strings.Contains(printed, want) {
			t.Errorf("the printed configuration lacks %q", want)
		}
	}
}
