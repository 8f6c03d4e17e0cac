package lists

import (
	"strings"
	"testing"
)

func TestValueSetsOfIHEAreReadInAllTheirLanguages(t *testing.T) {
	dir := into(t)
	summary := imported(t, Import{Format: "svs", Into: dir, Sources: []string{"testdata/svs.xml"}, Licence: "unstated"})
	rows := table(t, dir, "eu/container.csv")
	if got := rows["30001000"]; len(rows) != 2 || got["en"] != "small glass" || got["et"] != "väike klaas" || got["system"] != "edqm" || got["since"] != "2026-01-15" {
		t.Errorf("the containers are %v", rows)
	}
	if got := rows["30004000"]; got["en"] != "soft sack & string" || got["system"] != "edqm" {
		t.Errorf("the older number of EDQM became %v", got)
	}
	first := outcome(t, summary, "urn:oid:1.3.6.1.4.1.12559.11.10.1.3.1.42.3|9.9.0")
	if first.Rows != 3 || first.Kept != 2 || first.Skipped["the code again with other words; the first ones are kept"] != 1 {
		t.Errorf("the outcome is %+v", first)
	}
	if other := outcome(t, summary, "urn:oid:2.999.1|1"); len(other.Tables) != 0 || other.skipped() != 1 {
		t.Errorf("a set that serves nothing: %+v", other)
	}
}

func TestABrokenAnswerOfIHEIsRefused(t *testing.T) {
	const open = `<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008"><ValueSet id="1.3.6.1.4.1.12559.11.10.1.3.1.42.3" version="1">`
	const shut = `</ValueSet></RetrieveValueSetResponse>`
	for name, test := range map[string]struct{ text, want string }{
		"another document": {`<x/>`, "is no answer of IHE"},
		"no set":           {`<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008"/>`, "holds no value set"},
		"a set without id": {strings.Replace(open, ` id="1.3.6.1.4.1.12559.11.10.1.3.1.42.3"`, "", 1) + shut, "without its id"},
		"no code system":   {open + "<ConceptList>\n<Concept code=\"1\" displayName=\"a\"/></ConceptList>" + shut, "line 2: a concept without its code or codeSystem"},
		"a false language": {open + `<ConceptList xml:lang="12"/>` + shut, `"12" is no language`},
		"an entity":        {`<!DOCTYPE x [<!ENTITY a "b">]>` + open + shut, "line 1, column 1"},
		"cut short":        {open, "set.xml: line 1"},
		"twice":            {open + shut[:len("</ValueSet>")] + strings.TrimPrefix(open, `<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008">`) + shut, "give one release of it"},
	} {
		_, err := run(Import{Format: "svs", Into: into(t), Sources: []string{written(t, "set.xml", test.text)}, Licence: "unstated"})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
