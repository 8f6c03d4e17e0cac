package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestACodeThatNobodyKnowsIsSaidToBeLackedAndLeftOut(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"MANIFEST.csv":     "file,kind,origin,release,licence,status\nee/dose-form.csv,whole-code-system,test,2,none,draft\n",
		"systems.csv":      "short,uri,oid,name\nee-dose-form,urn:oid:1.3.6.1.4.1.28284.6.2.1.12,1.3.6.1.4.1.28284.6.2.1.12,Estonian forms\n",
		"ee/dose-form.csv": "system,code,et,since,until,status\nee-dose-form,767,lahus,2009-01-01,,draft\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, "ee"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, field := range []string{"", "dose-form"} {
		var shown bytes.Buffer
		m := MapTry{Code: "EE:738", To: "FI", Field: field, MapTables: MapTables{Sources: []string{dir}}, MapReport: MapReport{Stdout: &shown, Stderr: &shown}}
		if code := m.Run(); code != amissCode {
			t.Errorf("ended with %d", code)
		}
		wanted := []string{"ee/dose-form.csv, release 2", "ee-eu/dose-form: 738 is not in the national list (2): its row is left out"}
		if field == "" {
			wanted = append(wanted, "does not have it")
		}
		for _, want := range wanted {
			if !strings.Contains(shown.String(), want) {
				t.Errorf("%q is not said of %q:\n%s", want, field, shown.String())
			}
		}
	}
}
