package fhir

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sild/node"
	"sild/translation"
)

// emitted is one of everything that this tongue writes in R4, by a name that says what it is.
func emitted(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"empty-listing": must(Tongue{}.EncodeListing(nil, nil, node.MPD, nil)).Body(), "nobody": EncodeNoPatient()}
	for _, name := range []string{"ee-combination-tablet", "ee-kit"} {
		d, body := pivotOf(t, name+".json")
		all[name] = body
		read := decoded(t, body)
		render(read, "FI", map[translation.Field]bool{translation.DoseForm: true, translation.DoseUnit: true})
		all[name+"-read-abroad"] = spliced(t, read, nil, reportOf(read))
		if len(d.Prescription().Indication) > 0 {
			cut := []translation.Span{d.Prescription().Indication[0].Span}
			all[name+"-without-diagnosis"] = encoded(t, d, node.MPD, cut, without(d, cut))
		}
	}
	sparse := national(t, "ee-kit.json")
	carry(sparse, "EE")
	p := sparse.Prescription()
	p.Authored, p.Prescriber, p.Patient.BirthDate, p.Patient.Family, p.Patient.Given = "", node.Practitioner{}, "", "", nil
	p.Substitution = node.Substitution{Text: "sõnaline põhjus"}
	all["sparse"] = encoded(t, sparse, node.MPD, nil, nil)
	withheld := []node.Withheld{{Slot: "medication.form", Detail: "No map."}}
	all["listing"] = must(Tongue{}.EncodeListing(listingOf(t), withheld, node.MPD, &node.Report{})).Body()
	given := handedOut()
	all["dispensation"] = encoded(t, given, node.MPD, nil, nil)
	given.Kind = node.AWithdrawal
	all["withdrawal"] = encoded(t, given, node.MPD, nil, nil)
	all["finnish-dispensation"] = bundled(must(EncodeNationalDispense(given.Dispensation, "FI", "abroad-1")))
	receipt := &node.Receipt{ID: "r", State: node.ReceiptRecorded, At: translated(), Left: "0", Dispensation: given.Dispensation.ID,
		Prescription: given.Dispensation.Prescription}
	all["receipt"] = must(Tongue{Participant: "EE"}.EncodeReceipt(receipt, "eyJ.eyJ.c2ln"))
	all["receipt-unsigned"] = must(Tongue{}.EncodeReceipt(receipt, ""))
	all["patient"] = EncodePatient(&given.Patient)
	for _, kind := range node.Kinds() {
		all["outcome-"+kind.String()] = EncodeOutcome(&node.Error{Kind: kind, Reason: "r", Detail: "d", Slot: "s", Left: "1"}, "c")
	}
	for i, foreign := range []*node.Document{wholePrescription(0), wholePrescription(2), wholeDispensation()} {
		all["foreign-plain-"+itoa(i)] = encoded(t, foreign, node.MPD, nil, nil)
		carry(foreign, "EE")
		all["foreign-"+itoa(i)] = encoded(t, foreign, node.MPD, nil, reportOf(foreign))
	}
	for name, body := range emittedSummaries(t) {
		all[name] = body
	}
	for name, body := range crossedFromCDA(t) {
		all[name] = body
	}
	return all
}

func emittedSummaries(t *testing.T) map[string][]byte {
	t.Helper()
	d := national(t, "summary.json")
	carry(d, "EE")
	cut := withholding(t, d, "section:11450-4", "section:11369-6", "address")
	all := map[string][]byte{
		"summary": spliced(t, d, nil, reportOf(d)), "summary-withheld": spliced(t, d, cut, without(d, cut)),
	}
	read := decoded(t, all["summary"])
	render(read, "FI", map[translation.Field]bool{translation.Diagnosis: true, translation.DoseUnit: true})
	all["summary-read-abroad"] = spliced(t, read, nil, reportOf(read))
	bare := worded(decoded(t, bareSummary(t)), "fi")
	all["summary-in-bare-codes-read-abroad"] = spliced(t, bare, nil, reportOf(bare))
	whole := wholeSummary()
	all["whole-summary-plain"] = encoded(t, whole, node.EPS, nil, nil)
	carry(whole, "EE")
	all["whole-summary"] = encoded(t, whole, node.EPS, nil, reportOf(whole))
	crammed := crammedSummary()
	carry(crammed, "EE")
	all["crammed-summary"] = encoded(t, crammed, node.EPS, nil, reportOf(crammed))
	for _, state := range []node.SectionState{node.KnownAbsence, node.NoInformation, node.HasEntries} {
		m := newRecord()
		m.section("48765-2", "Allergiad", state, nil)
		m.d.Header, m.d.Summary.Author, m.d.Summary.Date, m.d.Code = node.Header{}, "", "2026", nil
		all["bare-summary-"+string(state)] = encoded(t, m.d, node.EPS, nil, nil)
	}
	crossed := decoded(t, all["whole-summary"])
	render(crossed, "FI", map[translation.Field]bool{translation.Diagnosis: true, translation.DoseUnit: true})
	all["whole-summary-read-abroad"] = spliced(t, crossed, nil, reportOf(crossed))
	return all
}

func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}

func bundled(entries []byte) []byte {
	return fmt.Appendf(nil, `{"resourceType":"Bundle","type":"collection","entry":[%s]}`, entries)
}

// oracles is the folder with the two npm packages that give a second opinion. SILD_ORACLES names one that the build
// has filled; otherwise they are installed once into the user's cache. A machine without npm fails the tests: a check
// that is left out must not look like one that passed.
var oracles = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("SILD_ORACLES"); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", "fhir")); err == nil {
			return dir, nil
		}
		return dir, installOracles(dir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "sild-oracles")
	lock, err := os.ReadFile(filepath.Join("testdata", "oracle", "package-lock.json"))
	if err != nil {
		return "", err
	}
	done, err := os.ReadFile(filepath.Join(dir, "installed"))
	if err == nil && bytes.Equal(done, lock) {
		return dir, nil
	}
	if err := installOracles(dir); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, "installed"), lock, 0o600)
})

func installOracles(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", "oracle", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in %s: %w\n%s", dir, err, out)
	}
	return nil
}

func oracleDir(t *testing.T) string {
	t.Helper()
	dir, err := oracles()
	if err != nil {
		t.Fatalf("the oracles cannot be installed: %v", err)
	}
	return dir
}

func schemaR4(t *testing.T) *jsonschema.Schema {
	t.Helper()
	oracleDir(t)
	schema, err := compiledR4()
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// compiledR4 compiles the JSON schema of FHIR R4. The published file refers to two definitions that it lacks, and tries
// every resource type on every resource; here the type of the resource chooses, which says the same and is fast.
var compiledR4 = sync.OnceValues(func() (*jsonschema.Schema, error) {
	dir, err := oracles()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "node_modules", "@medplum", "definitions", "dist", "fhir", "r4", "fhir.schema.json"))
	if err != nil {
		return nil, err
	}
	found, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	whole := found.(map[string]any)
	definitions := whole["definitions"].(map[string]any)
	choice := map[string]any{"$ref": "#/definitions/ResourceList"}
	definitions["ResourceList"] = byType(definitions["ResourceList"].(map[string]any)["oneOf"].([]any))
	definitions["Resource"] = choice
	definitions["integer64"] = map[string]any{"type": "string"}
	delete(whole, "oneOf")
	whole["$schema"], whole["allOf"] = "http://json-schema.org/draft-07/schema#", []any{choice}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("fhir.json", found); err != nil {
		return nil, err
	}
	return compiler.Compile("fhir.json")
})

func byType(resources []any) map[string]any {
	var names, branches []any
	for _, resource := range resources {
		ref := resource.(map[string]any)["$ref"].(string)
		name := ref[len("#/definitions/"):]
		names = append(names, name)
		branches = append(branches, map[string]any{
			"if":   map[string]any{"properties": map[string]any{"resourceType": map[string]any{"const": name}}},
			"then": map[string]any{"$ref": ref},
		})
	}
	return map[string]any{"type": "object", "required": []any{"resourceType"}, "allOf": branches,
		"properties": map[string]any{"resourceType": map[string]any{"enum": names}}}
}

func TestEverythingWrittenPassesTheSchemaOfR4(t *testing.T) {
	schema := schemaR4(t)
	for name, body := range emitted(t) {
		found := must(jsonschema.UnmarshalJSON(bytes.NewReader(body)))
		if err := schema.Validate(found); err != nil {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
	broken := bytes.Replace(emitted(t)["dispensation"], []byte(`"status":"completed"`), []byte(`"status":["completed"]`), 1)
	if schema.Validate(must(jsonschema.UnmarshalJSON(bytes.NewReader(broken)))) == nil {
		t.Error("the schema accepts a broken dispensation: it checks nothing")
	}
}

// misjudged are the complaints that come from this validator's own faults: it takes false for a missing value, and does
// not see that a mandatory primitive may say why it has none (R4 2.6.2.3). The profile table looks at these elements
// properly.
func misjudged() []string {
	return []string{"MedicationRequest.substitution.allowed[x]: Missing property", "DeviceUseStatement.status: Missing property",
		"Immunization.occurrence: Missing property", "Immunization.protocolApplied[0].doseNumber[x]: Missing property",
		"Immunization.status: Missing property", "Consent.status: Missing property"}
}

func TestEverythingWrittenPassesTheValidatorOfAnotherHouse(t *testing.T) {
	folder := t.TempDir()
	all := emitted(t)
	all["broken"] = bytes.Replace(all["dispensation"], []byte(`"status":"completed",`), nil, 1)
	for name, body := range all {
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	script := must(filepath.Abs(filepath.Join("testdata", "oracle", "validate.js")))
	ask := exec.Command("node", script, folder)
	ask.Dir, ask.Stderr = oracleDir(t), os.Stderr
	out, err := ask.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	said := map[string][]string{}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	if len(said["broken"]) == 0 {
		t.Error("the validator accepts a broken dispensation: it checks nothing")
	}
	delete(said, "broken")
	if len(said) != len(all)-1 {
		t.Errorf("%d of %d documents were judged", len(said), len(all)-1)
	}
	for name, messages := range said {
		for _, message := range messages {
			if !slices.Contains(misjudged(), message) {
				t.Errorf("%s: %s", name, message)
			}
		}
	}
}
