package tongues_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// bared is a summary in FHIR as a country writes it that knows only the bare codes of FHIR's own lists: what a contact
// point wrote beside them is taken away.
func bared(t reporter, source []byte) []byte {
	t.Helper()
	var bundle map[string]any
	reading := json.NewDecoder(bytes.NewReader(source))
	reading.UseNumber()
	if err := reading.Decode(&bundle); err != nil {
		t.Fatalf("%v", err)
	}
	eachBeside(bundle, func(object map[string]any, name string) { delete(object, name) })
	out, err := json.Marshal(bundle)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// eachBeside visits what stands beside the bare codes of all allergies of a summary.
func eachBeside(bundle map[string]any, visit func(object map[string]any, name string)) {
	for _, entry := range bundle["entry"].([]any) {
		resource := entry.(map[string]any)["resource"].(map[string]any)
		if resource["resourceType"] != "AllergyIntolerance" {
			continue
		}
		visit(resource, "_type")
		visit(resource, "_criticality")
		reactions, _ := resource["reaction"].([]any)
		for _, reaction := range reactions {
			visit(reaction.(map[string]any), "_severity")
		}
	}
}

var bareCode = regexp.MustCompile(`"(type)"\s*:\s*"(?:allergy|intolerance)"|"(criticality|severity)"\s*:\s*"[^"]*"`)

// bareCodes are the offsets of the bare codes of an allergy, read by another reader than ours. Where a contact point wrote
// the source's code beside one, that is the coded place.
func bareCodes(resource []byte, at int) []int {
	if !bytes.Contains(resource, []byte(`"AllergyIntolerance"`)) {
		return nil
	}
	var found []int
	for _, m := range bareCode.FindAllSubmatchIndex(resource, -1) {
		name := string(resource[max(m[2], m[4]):max(m[3], m[5])])
		if !bytes.Contains(resource, []byte(`"_`+name+`":{"extension":[{"url":"urn:sild:ext:code"`)) {
			found = append(found, at+m[1]-1)
		}
	}
	return found
}

// bareOnes are the coded places of a document that are mere strings in it.
func bareOnes(d *node.Document) []*translation.Slot {
	var found []*translation.Slot
	for _, s := range d.Slots {
		if !d.Format.InCDA() && d.Source[s.Span.Start] == '"' {
			found = append(found, s)
		}
	}
	return found
}

// saysOf is what a document says in bare codes, in order.
func saysOf(d *node.Document) []string {
	var found []string
	for _, s := range bareOnes(d) {
		found = append(found, s.Path+" "+string(d.Source[s.Span.Start:s.Span.End]))
	}
	return found
}

// checkBare holds a summary in FHIR against the rules of its bare codes, and counts those with words for the reader.
func checkBare(t reporter, name string, source []byte) int {
	t.Helper()
	d := decoded(t, source)
	only := *d
	only.Slots = bareOnes(d)
	abroad(&only, "EE")
	if out, err := tongue().Encode(&only, node.EPS, nil, nil); err != nil || !bytes.Equal(out.Body(), source) {
		t.Errorf("%s: bare codes that stay what they are changed the bytes: %v", name, err)
	}
	d, count := decoded(t, source), 0
	arrive(d, "FI")
	body, _ := written(t, d, node.EPS)
	again := decoded(t, body)
	if !slices.Equal(saysOf(d), saysOf(again)) {
		t.Fatalf("%s: the bare codes were\n%q\nand are\n%q", name, saysOf(d), saysOf(again))
	}
	for i, was := range bareOnes(d) {
		is := bareOnes(again)[i]
		if was.Rendered != is.Rendered || was.Language != is.Language || !was.Original().Same(is.Original()) || !was.Current.Same(is.Current) {
			t.Errorf("%s %s: %q in %s came back as %q in %s", name, was.Path, was.Rendered, was.Language, is.Rendered, is.Language)
		}
		if words, language := shipped().Designation(was.Current, "fi"); language == "fi" {
			if count++; was.Rendered != words || was.Fate != translation.Identical {
				t.Errorf("%s %s: %s, and the Finnish reader reads %q", name, was.Path, was.Fate, was.Rendered)
			}
		}
	}
	arrive(again, "FI")
	if twice, _ := written(t, again, node.EPS); besideOf(t, body) != besideOf(t, twice) {
		t.Errorf("%s: translated once\n%s\nand twice\n%s", name, besideOf(t, body), besideOf(t, twice))
	}
	return count
}

func besideOf(t reporter, source []byte) string {
	t.Helper()
	var bundle map[string]any
	if err := json.Unmarshal(source, &bundle); err != nil {
		t.Fatalf("%v", err)
	}
	var all strings.Builder
	eachBeside(bundle, func(object map[string]any, name string) { fmt.Fprintln(&all, name, object[name]) })
	return all.String()
}

func TestABareCodeOfFHIRIsACodedPlaceLikeAnyOther(t *testing.T) {
	worded := 0
	rapid.Check(t, func(t *rapid.T) {
		record := newInventor(t, true).summary()
		source := bared(t, inBytes(t, record, node.EPS).Source)
		worded += checkBare(t, "made up", source)
		d := decoded(t, source)
		checkHeld(t, "made up", d)
		abroad(d, "EE")
		checkLives(t, "made up", d)
		checkReport(t, "made up", d)
	})
	for _, one := range readable(t) {
		if d := decoded(t, one.source); d.Format == node.EPS {
			worded += checkBare(t, one.name, one.source)
		}
	}
	if worded < 20 {
		t.Errorf("only %d bare codes had words", worded)
	}
}
