package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sild/conformance"
	"sild/conformance/reference"
	"sild/node"
)

// lands are the ways in which a country can be set up; between them every check applies.
func lands() map[string]reference.Options {
	now := func() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) }
	return map[string]reference.Options{
		"keeps":   {Part: conformance.PartKept, Withdraws: true, Now: now},
		"closes":  {Part: conformance.PartCloses, Withdraws: true, Now: now},
		"refuses": {Part: conformance.PartRefused, Now: now},
	}
}

// elsewhere says in which land a check applies that does not apply in the one that keeps.
func elsewhere(id string) string {
	switch id {
	case "dispense.part-closes":
		return "closes"
	case "dispense.part-refused", "withdraw.by-rule":
		return "refuses"
	}
	return "keeps"
}

func TestTheReferencePassesEveryCheckThatAppliesAndEveryCheckAppliesSomewhere(t *testing.T) {
	applied := map[string]bool{}
	for name, options := range lands() {
		country := reference.New(options)
		for _, f := range conformance.Judge(context.Background(), country, country.Calls()) {
			switch {
			case f.Verdict == conformance.Passed:
				applied[f.ID] = true
			case f.Verdict == conformance.NotApplicable && elsewhere(f.ID) != name:
			case f.Verdict == conformance.NotApplicable && name != "keeps" && strings.HasPrefix(f.ID, "withdraw."):
			default:
				t.Errorf("%s: %s %s: %s", name, f.ID, f.Verdict, f.Reason)
			}
		}
	}
	for _, check := range conformance.Checks() {
		if !applied[check.ID] {
			t.Errorf("%s passed nowhere", check.ID)
		}
	}
}

func TestEveryCheckSaysWhatItIsFor(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range conformance.Checks() {
		if seen[c.ID] || !strings.Contains(c.ID, ".") {
			t.Errorf("%q is no id of its own", c.ID)
		}
		seen[c.ID] = true
		if !strings.HasSuffix(c.Sentence, ".") || !strings.HasPrefix(c.Clause, "DESIGN ") || c.Severity == "" {
			t.Errorf("%s lacks a sentence, a clause or a severity", c.ID)
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d checks", len(seen))
	}
}

func TestASubjectThatCannotBeAskedIsUnjudgedAndNotConforming(t *testing.T) {
	country := reference.New(lands()["keeps"])
	calls := country.Calls()
	calls.Call = nil
	findings := conformance.Judge(context.Background(), country, calls)
	if conformance.Count(findings, conformance.Unjudged) != len(conformance.Checks()) || conformance.Conforms(findings) {
		t.Error("a description without calls was judged")
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if findings = conformance.Judge(ended, country, country.Calls()); conformance.Conforms(findings) {
		t.Error("a run that was ended before it began conforms")
	}
	if conformance.Conforms(nil) {
		t.Error("no findings at all conform")
	}
}

func TestWhatIsNotDescribedIsNotApplicableAndNeverFails(t *testing.T) {
	country := reference.New(lands()["keeps"])
	full := country.Calls()
	bare := conformance.Calls{Call: full.Call, Tongue: full.Tongue, Now: full.Now, Deadline: full.Deadline,
		People: conformance.People{Main: full.People.Main}}
	findings := conformance.Judge(context.Background(), country, bare)
	for _, f := range findings {
		if f.Verdict == conformance.Failed {
			t.Errorf("%s failed without its description: %s", f.ID, f.Reason)
		}
	}
	if conformance.Count(findings, conformance.NotApplicable) < 40 {
		t.Error("an almost empty description leaves too many checks applicable")
	}
}

func TestAPoolHandsOutEachPrescriptionOnce(t *testing.T) {
	id := func(v string) node.Identifier { return node.Identifier{System: "urn:s", Value: v} }
	fresh := conformance.Pool(conformance.Expect{ID: id("one"), Packages: "1"},
		conformance.Expect{ID: id("three"), Packages: "3"}, conformance.Expect{ID: id("spent"), Packages: "3", Left: "0"})
	for _, want := range []string{"three", "", ""} {
		if got, ok := fresh(2); got.ID.Value != want || ok != (want != "") {
			t.Fatalf("got %q, want %q", got.ID.Value, want)
		}
	}
	if got, ok := fresh(1); !ok || got.ID.Value != "one" {
		t.Errorf("the small one was not handed out")
	}
}

func TestTheWritersSayTheSameAndHoldNoPatientData(t *testing.T) {
	country := reference.New(lands()["keeps"])
	calls := country.Calls()
	findings := conformance.Judge(context.Background(), &stranger{Exchange: country}, calls)
	if conformance.Count(findings, conformance.Failed) == 0 {
		t.Fatal("the stranger passed")
	}
	var text, written bytes.Buffer
	if err := conformance.Text(&text, findings); err != nil {
		t.Fatal(err)
	}
	if err := conformance.JSON(&written, findings); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Conforms bool
		Failed   int
		Findings []conformance.Finding
	}
	if err := json.Unmarshal(written.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if read.Conforms || read.Failed != conformance.Count(findings, conformance.Failed) || len(read.Findings) != len(findings) {
		t.Errorf("the JSON says something else: %+v", read)
	}
	for _, f := range findings {
		if !strings.Contains(text.String(), f.ID) {
			t.Errorf("the text does not mention %s", f.ID)
		}
	}
	for _, secret := range []string{calls.People.Main.Value, calls.People.BirthDate, "Quillfeather", calls.Known[0].ID.Value} {
		if strings.Contains(text.String()+written.String(), secret) {
			t.Errorf("a report holds patient data")
		}
	}
}

// stranger answers every refusal with the patient's data in it.
type stranger struct{ node.Exchange }

func (s *stranger) FindPatient(_ context.Context, call node.Call, _ node.Demographics) (*node.Patient, error) {
	return nil, &node.Error{Op: call.Patient.Value, Kind: node.Conflict, Reason: call.Patient.Value, Detail: call.Patient.Value + " Quillfeather."}
}
