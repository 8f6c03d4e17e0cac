package fhir

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// row is one line of a profile: how often an element stands in its parent, or which values it may have. A row says
// nothing where the parent is absent.
type row struct {
	name   string
	family string   // of documents: prescription, listing, dispensation, summary
	on     string   // resource type
	path   []string // a segment name=x chooses the extensions of that url, or the items with that code; name[0] the first; name=!x those without x
	least  int
	most   int      // 0 is no limit
	values []string // where the row is about values
}

// need is a cardinality.
func need(family, name string, least, most int, path ...string) row {
	on, _, _ := strings.Cut(name, ".")
	return row{name: name, family: family, on: on, path: path, least: least, most: most}
}

// only is a fixed value or a binding.
func only(family, name string, values []string, path ...string) row {
	on, _, _ := strings.Cut(name, ".")
	return row{name: name, family: family, on: on, path: path, values: values}
}

// broken lists the rows that a document breaks.
func broken(rows []row, family string, document map[string]any) []string {
	var names []string
	for _, r := range rows {
		if r.family != family {
			continue
		}
		for _, resource := range resourcesOf(document, r.on) {
			if !r.holds(resource) && !slices.Contains(names, r.name) {
				names = append(names, r.name)
			}
		}
	}
	return names
}

// resourcesOf lists those of a type: the document itself, its entries, what they contain.
func resourcesOf(v any, of string) []map[string]any {
	var found []map[string]any
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			found = append(found, resourcesOf(item, of)...)
		}
	case map[string]any:
		if v["resourceType"] == of {
			found = append(found, v)
		}
		for _, name := range []string{"entry", "resource", "contained"} {
			found = append(found, resourcesOf(v[name], of)...)
		}
	}
	return found
}

func (r row) holds(resource map[string]any) bool {
	for _, parent := range elementsAt(resource, r.path[:len(r.path)-1]) {
		last := r.path[len(r.path)-1]
		found := elementsAt(parent, []string{last})
		if r.values == nil && (len(found) < r.least && !saysUnknown(parent, last) || r.most > 0 && len(found) > r.most) {
			return false
		}
		for _, value := range found {
			text, isText := value.(string)
			if r.values != nil && (!isText || !slices.Contains(r.values, text)) {
				return false
			}
		}
	}
	return true
}

// saysUnknown says that a mandatory element is absent with a reason.
func saysUnknown(parent any, name string) bool {
	object, _ := parent.(map[string]any)
	beside, _ := object["_"+name].(map[string]any)
	return beside["extension"] != nil
}

// elementsAt follows path segments through objects and arrays.
func elementsAt(v any, path []string) []any {
	found := []any{v}
	for _, segment := range path {
		name, want, chosen := strings.Cut(segment, "=")
		name, first := strings.CutSuffix(name, "[0]")
		var next []any
		for _, v := range found {
			object, _ := v.(map[string]any)
			for i, item := range itemsOf(object[name]) {
				if (!chosen || isChosen(item, want)) && (!first || i == 0) {
					next = append(next, item)
				}
			}
		}
		found = next
	}
	return found
}

func itemsOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func isChosen(item any, want string) bool {
	object, _ := item.(map[string]any)
	if lacks, negated := strings.CutPrefix(want, "!"); negated {
		return object[lacks] == nil
	}
	if object["url"] == want {
		return true
	}
	for _, code := range elementsAt(item, []string{"code", "coding", "code"}) {
		if code == want {
			return true
		}
	}
	return false
}

// violate breaks the row in a document, and says whether there was anything to break.
func (r row) violate(document map[string]any) bool {
	for _, resource := range resourcesOf(document, r.on) {
		for _, parent := range elementsAt(resource, r.path[:len(r.path)-1]) {
			if object, ok := parent.(map[string]any); ok && r.violateIn(object) {
				return true
			}
		}
	}
	return false
}

func (r row) violateIn(parent map[string]any) bool {
	segment := r.path[len(r.path)-1]
	name, want, chosen := strings.Cut(segment, "=")
	found := elementsAt(parent, []string{segment})
	switch {
	case r.values != nil && len(found) > 0:
		if items, isList := parent[name].([]any); isList {
			items[0] = "altered"
		} else {
			parent[name] = "altered"
		}
	case r.values != nil || r.least > 0 && len(found) == 0:
		return false
	case r.least == 0:
		parent[name] = append(itemsOf(parent[name]), itemsOf(parent[name])...)
		return len(found) > 0
	case chosen:
		parent[name] = slices.DeleteFunc(slices.Clone(itemsOf(parent[name])), func(item any) bool { return isChosen(item, want) })
	default:
		delete(parent, name)
	}
	return true
}

// profiled is one document of each family, with real shared codes where a row is bound to a value set.
func profiled(t *testing.T) map[string][]byte {
	t.Helper()
	d := national(t, "ee-combination-tablet.json")
	carry(d, "EE")
	real := map[string]translation.Coding{
		"medication.form":                               {System: "http://standardterms.edqm.eu", Code: "10219000"},
		"medication.classification[0]":                  {System: "http://www.whocc.no/atc", Code: "C09BA05"},
		"medication.ingredient[0].substance":            {System: "http://www.whocc.no/atc", Code: "C09AA05"},
		"medication.ingredient[1].substance":            {System: "http://www.whocc.no/atc", Code: "C03AA03"},
		"medication.ingredient[0].strength.numerator":   {System: systemUCUM, Code: "mg"},
		"medication.ingredient[1].strength.numerator":   {System: systemUCUM, Code: "mg"},
		"medication.ingredient[0].strength.denominator": {System: "http://standardterms.edqm.eu", Code: "15054000"},
		"medication.ingredient[1].strength.denominator": {System: "http://standardterms.edqm.eu", Code: "15054000"},
		"indication[0]":                                 {System: "http://hl7.org/fhir/sid/icd-10", Code: "I10"},
	}
	for _, slot := range d.Slots {
		if to, known := real[slot.Path]; known {
			slot.Current = to
		}
	}
	route := translation.NewSlot(translation.Route, "dosage[0].route", translation.Coding{System: "http://standardterms.edqm.eu", Code: "20053000"})
	d.Prescription().Dosage[0].Route = route
	return map[string][]byte{
		"prescription": encoded(t, d, node.MPD, nil, reportOf(d)),
		"listing":      must(Tongue{}.EncodeListing([]*node.Document{d}, nil, node.MPD, nil)).Body(),
		"dispensation": encoded(t, handedOut(), node.MPD, nil, nil),
		"summary":      emittedSummaries(t)["summary-withheld"],
		"crossed":      encoded(t, wholeSummary(), node.EPS, nil, nil),
	}
}

func TestEveryRowOfTheProfilesHoldsAndNoticesItsOwnViolationOnly(t *testing.T) {
	rows := append(profileRows(), boundRows(t)...)
	documents := profiled(t)
	for family, body := range documents {
		if names := broken(rows, family, anything(t, body)); len(names) > 0 {
			t.Errorf("the %s breaks %q", family, names)
		}
	}
	for _, r := range rows {
		document := anything(t, documents[r.family])
		if !r.violate(document) {
			t.Errorf("%s (%s): nothing in the document to break", r.name, r.family)
			continue
		}
		if names := broken(rows, r.family, document); len(names) != 1 || names[0] != r.name {
			t.Errorf("%s (%s): a violation breaks %q", r.name, r.family, names)
		}
	}
	t.Logf("%d rows", len(rows))
}

func TestOtherEmittedDocumentsKeepTheProfilesToo(t *testing.T) {
	rows, all := profileRows(), emitted(t)
	families := map[string]string{"ee-combination-tablet": "prescription", "ee-kit": "prescription", "sparse": "prescription",
		"ee-combination-tablet-without-diagnosis": "prescription", "ee-kit-read-abroad": "prescription", "listing": "listing",
		"withdrawal": "dispensation", "summary": "summary", "summary-read-abroad": "summary", "whole-summary": "crossed",
		"whole-summary-read-abroad": "crossed", "foreign-0": "prescription", "foreign-2": "dispensation"}
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if names := broken(rows, families[name], anything(t, all[name])); len(names) > 0 {
			t.Errorf("%s breaks %q", name, names)
		}
	}
}

// valueSet reads the codes of one MyHealth@EU value set from the sample tables; a table that is one set needs no name.
func valueSet(t *testing.T, file, name string) []string {
	t.Helper()
	f, err := os.Open(filepath.Join(os.Getenv("SILD_SAMPLES"), "terminology", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, line := range lines {
		switch {
		case name == "":
			codes = append(codes, line[0])
		case line[0] == name:
			codes = append(codes, line[4])
		}
	}
	if len(codes) < 10 {
		t.Fatalf("%s holds %d codes of %s", file, len(codes), name)
	}
	return codes
}

// copyOf copies a document through its JSON.
func copyOf(t *testing.T, document map[string]any) map[string]any {
	t.Helper()
	return anything(t, must(json.Marshal(document)))
}

// The last entry and the pairs of a section are no cardinalities; they have their own checks.
func TestTheFormOfBundlesHoldsBeyondCardinalities(t *testing.T) {
	checks := map[string]func(map[string]any) bool{
		"the report is the last entry": func(d map[string]any) bool {
			entries := itemsOf(d["entry"])
			return resourceType(entries[len(entries)-1]) == "OperationOutcome"
		},
		"full URLs are unique": func(d map[string]any) bool {
			seen := map[any]bool{}
			for _, url := range elementsAt(d, []string{"entry", "fullUrl"}) {
				if seen[url] {
					return false
				}
				seen[url] = true
			}
			return true
		},
		"a section has entries or the reason why not": func(d map[string]any) bool {
			for _, section := range elementsAt(d, []string{"entry", "resource", "section"}) {
				object := section.(map[string]any)
				if (object["entry"] == nil) == (object["emptyReason"] == nil) {
					return false
				}
			}
			return true
		},
		"a document starts with its Composition": func(d map[string]any) bool {
			return d["type"] != "document" || resourceType(itemsOf(d["entry"])[0]) == "Composition"
		},
	}
	violations := map[string]func(map[string]any){
		"the report is the last entry": func(d map[string]any) { d["entry"] = itemsOf(d["entry"])[:3] },
		"full URLs are unique": func(d map[string]any) {
			entries := itemsOf(d["entry"])
			entries[1].(map[string]any)["fullUrl"] = entries[2].(map[string]any)["fullUrl"]
		},
		"a section has entries or the reason why not": func(d map[string]any) {
			delete(elementsAt(d, []string{"entry", "resource", "section"})[0].(map[string]any), "emptyReason")
		},
		"a document starts with its Composition": func(d map[string]any) { slices.Reverse(itemsOf(d["entry"])[:2]) },
	}
	document := anything(t, profiled(t)["summary"])
	for name, holds := range checks {
		if !holds(document) {
			t.Errorf("%s: no", name)
		}
		spoiled := copyOf(t, document)
		violations[name](spoiled)
		for other, stillHolds := range checks {
			if stillHolds(spoiled) == (other == name) {
				t.Errorf("a violation of %q gives %v for %q", name, stillHolds(spoiled), other)
			}
		}
	}
}

func resourceType(entry any) any {
	found := elementsAt(entry, []string{"resource", "resourceType"})
	if len(found) == 0 {
		return nil
	}
	return found[0]
}
