package demo

import (
	"slices"
	"strings"
	"testing"

	"sild/internal/fhir"
	"sild/node"
)

func TestAPatientIsFoundByExactlyTheirIdentifier(t *testing.T) {
	r := opened(t, "FI")
	one, two := r.someone(t, "M2"), r.someone(t, "A1a")
	other := func(change func(string) string) node.Identifier {
		return node.Identifier{System: one.Patient.System, Value: change(one.Patient.Value)}
	}
	for _, c := range []struct {
		name   string
		id     node.Identifier
		born   string
		reason string
	}{
		{"by identifier alone", one.Patient, "", ""},
		{"with the birth date", one.Patient, one.BirthDate, ""},
		{"with another birth date", one.Patient, "1964-08-07", "patient.unknown"},
		{"in lower case", other(strings.ToLower), "", "patient.unknown"},
		{"with the usual separator", other(func(s string) string { return strings.Replace(s, "Y", "-", 1) }), "", "patient.unknown"},
		{"with a space", other(func(s string) string { return s + " " }), "", "patient.unknown"},
		{"under another system", node.Identifier{System: "urn:oid:1.2.246.22", Value: one.Patient.Value}, "", "patient.unknown"},
		{"by nothing", node.Identifier{}, "", "patient.unknown"},
		{"two people", two.Patient, "", "patient.ambiguous"},
		{"two people, with the birth date", two.Patient, two.BirthDate, "patient.ambiguous"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := r.FindPatient(t.Context(), r.asked(c.id, node.FindPatientVerb), node.Demographics{BirthDate: c.born})
			if c.reason == "" {
				if err != nil || !found.Has(c.id) || found.BirthDate != one.BirthDate || found.Sex != "male" {
					t.Errorf("found %+v, %v", found, err)
				}
				return
			}
			if e := node.AsError(err); e.Kind != node.NotFound || e.Reason != c.reason {
				t.Errorf("%v, want %s", err, c.reason)
			}
		})
	}
}

func TestAProtectedAddressIsMarked(t *testing.T) {
	r := opened(t, "FI")
	for name, want := range map[string]bool{"P1": true, "M1": false} {
		found, err := r.FindPatient(t.Context(), r.asked(r.someone(t, name).Patient, node.FindPatientVerb), node.Demographics{})
		if err != nil || found.Protected != want {
			t.Errorf("%s: protected %v, want %v (%v)", name, found.Protected, want, err)
		}
	}
}

func TestNobodyAndTwoPeopleHaveNoRecords(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		for reason, id := range map[string]node.Identifier{
			"patient.unknown":   {System: r.nation.person, Value: "000000-0000"},
			"patient.ambiguous": r.someone(t, "A1a").Patient,
		} {
			_, listing := r.Prescriptions(t.Context(), r.asked(id, node.PrescriptionsVerb), node.Filter{})
			_, single := r.Prescription(t.Context(), r.asked(id, node.PrescriptionVerb), node.Ref{ID: r.named(t, "inhaler").id})
			_, summary := r.Summary(t.Context(), r.asked(id, node.SummaryVerb), node.Ref{})
			for _, err := range []error{listing, single, summary} {
				if e := node.AsError(err); e.Kind != node.NotFound || e.Reason != reason {
					t.Errorf("%s: %v, want %s", country, err, reason)
				}
			}
		}
	}
}

func TestAListingHoldsEveryStatusByDateAndId(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		listing, err := r.Prescriptions(t.Context(), r.asked(r.someone(t, "M2").Patient, node.PrescriptionsVerb), node.Filter{Status: node.Active})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		seen := map[node.Status]bool{}
		for _, item := range listing.Items {
			ids = append(ids, item.Date+" "+item.Ref.ID.Value)
			seen[item.Status] = true
			if item.Document.Prescriptions != nil || item.Document.Format != r.nation.format {
				t.Errorf("%s: the document is decoded or of another format", ids)
			}
		}
		if !slices.IsSorted(ids) {
			t.Errorf("%s: not in order: %v", country, ids)
		}
		for _, status := range []node.Status{node.Active, node.Completed, node.Cancelled, node.OnHold} {
			if !seen[status] {
				t.Errorf("%s: no prescription is %s", country, status)
			}
		}
	}
}

func TestAnInstantAndADayAreOrderedByTime(t *testing.T) {
	late := node.Item{Date: "2026-09-01T01:00:00+03:00", Ref: node.Ref{ID: node.Identifier{Value: "1"}}} // 22:00 UTC the day before
	day := node.Item{Date: "2026-09-01", Ref: node.Ref{ID: node.Identifier{Value: "0"}}}
	if byDate(late, day) >= 0 || byDate(day, late) <= 0 || byDate(day, day) != 0 {
		t.Error("an instant with a zone is ordered by its letters")
	}
}

func TestAnotherPatientsPrescriptionIsUnknown(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "inhaler")
	for id, want := range map[node.Identifier]string{
		r.someone(t, "M1").Patient: "", r.someone(t, "M2").Patient: "prescription.unknown",
	} {
		_, err := r.Prescription(t.Context(), r.asked(id, node.PrescriptionVerb), node.Ref{ID: p.id})
		if want == "" && err != nil || want != "" && node.AsError(err).Reason != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestTheSummaryIsTheFileItself(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		call := r.asked(r.someone(t, "M1").Patient, node.SummaryVerb)
		d, err := r.Summary(t.Context(), call, node.Ref{})
		if err != nil {
			t.Fatal(err)
		}
		source, err := seed.ReadFile(r.nation.seed + "/summaries/m1.json")
		if err != nil || string(d.Source) != string(source) {
			t.Errorf("%s: the summary is not its file (%v)", country, err)
		}
		read, err := (fhir.Tongue{}).Decode(d.Source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Summary(t.Context(), call, node.Ref{ID: read.Summary.ID}); err != nil {
			t.Errorf("%s: by its own id: %v", country, err)
		}
		if _, err := r.Summary(t.Context(), call, node.Ref{ID: node.Identifier{Value: "another"}}); !node.KindIs(err, node.NotFound) {
			t.Errorf("%s: by another id: %v", country, err)
		}
		if _, err := r.Summary(t.Context(), r.asked(r.someone(t, "C1").Patient, node.SummaryVerb), node.Ref{}); node.AsError(err).Reason != "summary.none" {
			t.Errorf("%s: of someone without one: %v", country, err)
		}
	}
}
