package fhir

import (
	"bytes"
	"testing"

	"sild/node"
	"sild/translation"
)

func TestPublishedEstonianPrescriptionsAreWrittenAsValidR4(t *testing.T) {
	for _, name := range []string{"case-alprazolam-prescribed-dispensed.json", "case-metformin-prescribed.json",
		"case-phenoxymethylpenicillin-cancelled.json"} {
		d := decoded(t, sample(t, "estonia-r5", name))
		carry(d, "EE")
		report := reportOf(d)
		body := encoded(t, d, node.MPD, nil, report)
		if err := schemaR4(t).Validate(any(anything(t, body))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		accountedFor(t, name, d, report)
	}
}

func TestPublishedSummariesComeOutAsTheyWentInOutsideTheTouchedElements(t *testing.T) {
	schema := schemaR4(t)
	for _, name := range []string{"Bundle-EPS-5042-537688-1.json", "Bundle-EPSExampleBundle01NoProblemsMedicationAllergies.json",
		"Bundle-IPS-examples-Bundle-01.json", "Bundle-bundle-minimal.json", "Bundle-bundle-no-info-required-sections.json"} {
		source := sample(t, "ips-eps-r4", name)
		if out := encoded(t, decoded(t, source), node.EPS, nil, nil); !bytes.Equal(out, source) {
			t.Errorf("%s changed although nothing was to be said", name)
		}
		carried := decoded(t, source)
		carry(carried, "EE")
		pivot := spliced(t, carried, nil, reportOf(carried))
		read := decoded(t, pivot)
		render(read, "FI", map[translation.Field]bool{translation.Diagnosis: true, translation.DoseForm: true, translation.Route: true})
		abroad := spliced(t, read, nil, reportOf(read))
		for step, body := range map[string][]byte{"from A": pivot, "at B": abroad} {
			if err := schema.Validate(any(anything(t, body))); err != nil {
				t.Errorf("%s %s: %v", name, step, err)
			}
		}
		for _, element := range carried.Elements {
			hidden := spliced(t, carried, element.Spans, without(carried, element.Spans))
			if err := schema.Validate(any(anything(t, hidden))); err != nil {
				t.Errorf("%s without %s: %v", name, element.Name, err)
			}
			decoded(t, hidden)
		}
	}
}

func BenchmarkPrescriptionToPivot(b *testing.B) {
	source := seedFor(b, "combination-product.json")
	d := must(Tongue{}.Decode(source))
	d.At = translated()
	carry(d, "EE")
	size := len(must(Tongue{}.Encode(d, node.MPD, nil, reportOf(d))).Body())
	b.SetBytes(int64(len(source) + size))
	b.ReportAllocs()
	for b.Loop() {
		must(Tongue{}.Encode(d, node.MPD, nil, reportOf(d)))
	}
}

func BenchmarkSummarySplice(b *testing.B) {
	source := sample(b, "ips-eps-r4", "Bundle-EPS-5042-537688-1.json")
	d := must(Tongue{}.Decode(source))
	d.At = translated()
	carry(d, "EE")
	size := len(must(Tongue{}.Encode(d, node.EPS, nil, reportOf(d))).Body())
	b.SetBytes(int64(len(source) + size))
	b.ReportAllocs()
	for b.Loop() {
		must(Tongue{}.Encode(d, node.EPS, nil, reportOf(d)))
	}
}

func BenchmarkCopy(b *testing.B) {
	source := sample(b, "ips-eps-r4", "Bundle-EPS-5042-537688-1.json")
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		if len(bytes.Clone(source)) == 0 {
			b.Fatal("nothing")
		}
	}
}
