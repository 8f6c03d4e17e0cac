package cda

import (
	"bytes"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"

	"sild/internal/xmldom"
	"sild/node"
)

func TestAPDFPassesByteForByteWhateverIsTranslatedAroundIt(t *testing.T) {
	tried := 0
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if d.Format != node.CDA1 {
			continue
		}
		tried++
		x, err := xmldom.Parse(one.source, xmldom.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		text := path(x.Root(), "component", "nonXMLBody", "text").Text()
		want, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil || !bytes.Equal(want, d.Pages) {
			t.Errorf("%s: the pages are others than the document's: %v", one.name, err)
		}
		for _, way := range directions {
			d := decoded(t, one.source)
			way.carry(d)
			if read := decoded(t, spliced(t, d, nil)); !bytes.Equal(read.Pages, want) {
				t.Errorf("%s %s: the pages have changed", one.name, way.name)
			}
		}
	}
	if tried == 0 {
		t.Error("no document is a picture of its pages")
	}
}

// TestADocumentWithoutAPDFGetsOneThatAnotherProgramReads has pdftotext read what the node wrote.
func TestADocumentWithoutAPDFGetsOneThatAnotherProgramReads(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if d.Format != node.CDA3 || d.Kind == node.AnOverview {
			continue
		}
		node.CarryIn(shipped(), "EE", []string{"et", "en"}, d)
		out, err := tongue().Encode(d, node.CDA1, nil, &node.Report{})
		if err != nil {
			if node.AsError(err).Kind != node.Untranslatable {
				t.Errorf("%s: %v", one.name, err)
			}
			continue
		}
		read := decoded(t, out.Body())
		if read.Format != node.CDA1 || read.Kind != d.Kind || !read.Patient.Has(d.Patient.Identifiers[0]) {
			t.Errorf("%s came back as %s about %v", one.name, read.Kind, read.Patient.Identifiers)
		}
		text := textOf(t, read.Pages)
		for _, want := range append(strings.Fields(d.Patient.Family), d.Patient.Given...) {
			if len(want) > 2 && !strings.Contains(text, want) {
				t.Errorf("%s: the pages do not name the patient: no %d letters", one.name, len(want))
			}
		}
	}
}

// textOf is a PDF as pdftotext reads it.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	command := exec.Command("pdftotext", "-layout", "-", "-")
	command.Stdin = bytes.NewReader(pdf)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}
