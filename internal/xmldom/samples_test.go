package xmldom_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sild/internal/xmldom"
)

// madeUp are the documents that were written for these tests and hold what samples seldom do.
func madeUp(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/made-up/*.xml")
	if err != nil || len(files) < 5 {
		t.Fatalf("the made-up documents are missing: %v", err)
	}
	return files
}

// samples are the published documents outside the repository.
func samples(t testing.TB) []string {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the published samples are not tried")
	}
	var files []string
	for _, folder := range []string{"cda", "saml", "xds", "trust", "terminology"} {
		found, err := filepath.Glob(filepath.Join(root, folder, "*.xml"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no samples in %s: %v", folder, err)
		}
		files = append(files, found...)
	}
	return files
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// twoRoots is the sample that is not a document: a second element follows the first.
const twoRoots = "trc-request-rst.xml"

func TestEverySampleIsReadExceptTheOneWithTwoRoots(t *testing.T) {
	for _, file := range samples(t) {
		d, err := xmldom.Parse(read(t, file), xmldom.Limits{})
		if strings.HasSuffix(file, twoRoots) {
			refused, _ := err.(*xmldom.Error)
			if refused == nil || refused.Check != "xml.root" || refused.Line != 197 || refused.Column != 1 {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		walk(t, d)
	}
}

func TestEveryMadeUpDocumentIsRead(t *testing.T) {
	for _, file := range madeUp(t) {
		d, err := xmldom.Parse(read(t, file), xmldom.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		walk(t, d)
	}
}
