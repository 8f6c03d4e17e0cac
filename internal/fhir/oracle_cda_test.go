package fhir

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"sild/internal/cda"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// crossedFromCDA is every CDA document that can be carried, as this tongue writes it: the made-up ones of the other
// tongue, and the published ones where they are at hand. A document whose every part cannot be said in FHIR is refused
// by its slot, which is the other tests' matter.
func crossedFromCDA(t *testing.T) map[string][]byte {
	t.Helper()
	catalogue := must(translation.Load(mappings.Files()))
	files := must(filepath.Glob("../cda/testdata/documents/*.xml"))
	if root := os.Getenv("SILD_SAMPLES"); root != "" {
		files = append(files, must(filepath.Glob(filepath.Join(root, "cda", "*.xml")))...)
	}
	all := map[string][]byte{}
	for _, file := range files {
		d, err := cda.Tongue{Systems: catalogue.System}.Decode(must(os.ReadFile(file)))
		if err != nil || d.Format != node.CDA3 {
			continue
		}
		d.At = translated()
		if node.CarryOut(catalogue, "EE", d) != nil {
			continue
		}
		to := node.MPD
		if d.Summary != nil {
			to = node.EPS
		}
		for i, one := range split(d) {
			report := node.Loss(one, catalogue.Release())
			out, err := Tongue{Participant: "EE"}.Encode(one, to, nil, report)
			if err != nil {
				if node.AsError(err).Kind != node.Untranslatable {
					t.Errorf("%s: %v", filepath.Base(file), err)
				}
				continue
			}
			all["cda-"+filepath.Base(file)+"-"+itoa(i)] = out.Body()
			accounted(t, filepath.Base(file), one, out)
		}
	}
	if len(all) < 5 {
		t.Errorf("only %d CDA documents crossed", len(all))
	}
	return all
}

// split gives each item of a prescription document a document of its own.
func split(d *node.Document) []*node.Document {
	if len(d.Prescriptions) < 2 {
		return []*node.Document{d}
	}
	var items []*node.Document
	for _, p := range d.Prescriptions {
		one := *d
		one.Prescriptions = []*node.Prescription{p}
		items = append(items, &one)
	}
	return items
}

// accounted demands that every coded place of the source is in what was written, or named as lost.
func accounted(t *testing.T, name string, d *node.Document, out *node.Encoded) {
	t.Helper()
	lost := map[string]bool{}
	for _, l := range out.Report.Lost {
		lost[l.Path] = true
	}
	silent := map[*translation.Slot]bool{} // of sections of which nothing is known: they leave in fixed words
	if d.Summary != nil {
		for _, s := range d.Summary.Sections {
			for _, slot := range s.Slots {
				silent[slot] = s.State == node.NoInformation
			}
		}
	}
	for _, slot := range d.Slots {
		code := slot.Current.Code
		if code == "" || silent[slot] || slot.Field == translation.Structural || slot.Field == translation.Section || len(d.Prescriptions) == 1 && len(split(d)) > 1 {
			continue
		}
		if !lost[slot.Path] && !bytes.Contains(out.Body(), []byte(`"`+code+`"`)) {
			t.Errorf("%s: %s (%s) is neither written nor lost", name, slot.Path, code)
		}
	}
}
