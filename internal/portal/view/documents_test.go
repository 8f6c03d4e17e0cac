package view

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

var morning = time.Date(2026, 11, 3, 7, 30, 0, 0, time.UTC)

// coded is a coded place of a made-up document, carried as well as can be.
func coded(d *node.Document, field translation.Field, original, rendered string) *translation.Slot {
	path := string(field) + "[" + strconv.Itoa(len(d.Slots)) + "]"
	from := translation.Coding{System: "https://fhir.ee/CodeSystem/" + string(field), Code: "E" + strconv.Itoa(1000+len(d.Slots)), Display: original, Language: "et"}
	s := translation.NewSlot(field, path, from)
	s.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent},
		translation.Coding{System: "http://standardterms.edqm.eu", Code: strconv.Itoa(10200000 + len(d.Slots))})
	s.Fate, s.Rendered, s.Language, s.Compare().Coherence = translation.Mapped, rendered, "fi", translation.Agrees
	d.Slots = append(d.Slots, s)
	return s
}

func lost(s *translation.Slot, fate translation.Fate, reason string) *translation.Slot {
	s.Fate, s.Reason, s.Rendered, s.Language, s.Current, s.Hops = fate, reason, "", "", s.Original(), nil
	return s
}

func lying(s *translation.Slot, relation translation.Relation) *translation.Slot {
	s.Hops[0].Relation = relation
	return s
}

func yes() *bool { answer := true; return &answer }
func no() *bool  { answer := false; return &answer }

func patient() node.Patient {
	return node.Patient{Identifiers: []node.Identifier{{System: "https://fhir.ee/sid/pid/est/ni", Value: "47405179910"}}, Family: "Õuntähepõld",
		Given: []string{"Ülleriin", "Žanna"}, BirthDate: "1974-05-17", Sex: "female"}
}

// gaps is a made-up prescription with an alarm, gaps of both kinds, wider and narrower codes, an absent one, drafts and
// residue.
func gaps() *node.Document {
	d := &node.Document{Kind: node.APrescription, Format: node.CDA3, Language: "et", Patient: patient(), At: morning}
	form := coded(d, translation.DoseForm, "kõrvatampoon", "korvatamponi")
	form.Compare().Coherence, form.Compare().Alarm = translation.Contradicts, "the form is for the ear, the route is by mouth"
	substance := lying(coded(d, translation.Substance, "ženšenijuure ekstrakt", "ginsenginjuuri"), translation.Wider)
	substance.Hops[0].Draft = true
	route := coded(d, translation.Route, "", "")
	route.Current, route.Hops, route.Fate = translation.Coding{}, nil, translation.Passed
	route.SetAbsent("asked-unknown")
	route.Reason = "the source leaves it empty"
	mg := coded(d, translation.StrengthUnit, "mg", "milligramma")
	mg.Compare().Coherence = translation.NotChecked
	p := &node.Prescription{ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.2.4.4", Value: "1026090101"}, Status: node.Active, Authored: "2026-09-01",
		Language: "et", Patient: patient(), Valid: node.Period{From: "2026-09-01", To: "2028-02-22"},
		Prescriber: node.Practitioner{Family: "Tähnikrööv", Given: []string{"Aurõlia"}, ID: node.Identifier{Value: "D99101"},
			Role:         lost(coded(d, translation.Role, "arst", ""), translation.Passed, "no value set binds this place: it is kept and shown as written"),
			Organisation: node.Organisation{Name: "Jõgevapere Tervisetare", ID: node.Identifier{Value: "99910016"}}},
		Medication: node.Medication{Name: "Põõsatar Äike 2,5 mg", Form: form, Classification: []*translation.Slot{lying(coded(d, translation.Classification, "muud toniseerivad ained", "muut toniset"), translation.Narrower)},
			Ingredients: []node.Ingredient{{Substance: substance, Strength: &node.Ratio{Numerator: node.Quantity{Value: "2.5", Unit: mg}, Denominator: node.Quantity{Value: "1", Unit: coded(d, translation.StrengthUnit, "tablett", "tabletti")}}}},
			Package: node.Package{Items: node.Quantity{Value: "30"}, Levels: []node.PackageLevel{{Quantity: node.Quantity{Value: "10", Unit: coded(d, translation.PackageUnit, "tablett", "tablettia")}, Form: coded(d, translation.Container, "blister", "läpipainopakkaus")},
				{Quantity: node.Quantity{Value: "3"}, Form: coded(d, translation.Container, "karp", "kotelo")}}}},
		Dosage: []node.Dosage{{Text: "1 tablett 3 korda päevas pärast sööki, MITTE koos alkoholiga", Route: route, Dose: node.Quantity{Value: "1", Unit: coded(d, translation.DoseUnit, "tablett", "tabletti")},
			Timing: node.Timing{Frequency: "3", Period: "1", PeriodUnit: "d", When: []string{"PC"}, BoundsValue: "10", BoundsUnit: "d"}, AsNeeded: no()}},
		Amount: node.Amount{Packages: "2", Left: "1"}, Substitution: node.Substitution{Allowed: no(), Text: "Asendada ei tohi"},
		Indication: []*translation.Slot{lost(coded(d, translation.Diagnosis, "täpsustamata väsimus", ""), translation.Refused, "the code is not in the value set that binds this place")},
		Notes:      []string{"Patsient palus suurema kirjaga infolehte."}, Instructions: node.Instructions{Patient: "Hoida jahedas.", Pharmacist: "Selgitada annustamist."},
	}
	d.Prescriptions = []*node.Prescription{p}
	d.Header = node.Header{Title: "Retsept", Written: "2026-09-01T10:15:00+03:00", Narrative: node.Narrative{Language: "et",
		XHTML: `<table><tbody><tr><th>Ravim</th><td>Põõsatar Äike 2,5 mg, 3 × 10 tabletti</td></tr><tr><th>Annus</th><td>1 tablett <b>3 korda</b> päevas</td></tr></tbody></table>`}}
	d.Residue = []node.Residue{{Path: "component.section.entry[0].act[2]", Why: "An act that no record field understands."}}
	return d
}

// sent is what the country of affiliation reported of the same prescription.
func sent(d *node.Document) *node.Report {
	r := node.Loss(d, "5f1c0a9be77d")
	r.Told = append(r.Told, node.Line{Path: "course", Field: translation.CourseOfTherapy, Fate: translation.Passed, Reason: "no map leads from this code to the shared list", Original: translation.Coding{Code: "P", Display: "Pidev"}})
	r.Residue = []node.Residue{{Path: "extension[4]", Why: "A national extension."}}
	r.Lost = []node.Residue{{Path: "prescription.version", Why: "The format has no place for it."}}
	return r
}

// large is a made-up summary with many entries of every kind, a denial, a known absence and an empty section.
func large() *node.Document {
	d := &node.Document{Kind: node.ASummary, Format: node.CDA3, Language: "et", Patient: patient(), At: morning}
	s := &node.Summary{Title: "Terviseandmete kokkuvõte", Date: "2026-11-01T08:45:00+02:00", Patient: d.Patient, Author: "Vesatuuli Hyrräpäkkälä", Language: "et"}
	add := func(code, title string, state node.SectionState, entries ...node.Entry) {
		n := node.Narrative{Language: "et", XHTML: "<p>" + title + ": vaata kodeeritud andmeid.</p><ul><li>Täpsustus ühes reas</li><li>10<sup>9</sup>/l</li></ul>"}
		s.Sections = append(s.Sections, node.Section{Code: code, Title: title, State: state, Entries: entries, Narrative: n})
	}
	var allergies, problems, medicines, results []node.Entry
	for i := range 6 {
		e := node.Entry{Kind: node.AnAllergy, What: coded(d, translation.Allergen, "pähkel nr "+strconv.Itoa(i+1), "pähkinä nro "+strconv.Itoa(i+1)), Negated: i == 2,
			Criticality: coded(d, translation.Criticality, "suur risk", "suuri riski"), When: node.Period{From: "2019"},
			Reactions: []node.Reaction{{Manifestations: []*translation.Slot{coded(d, translation.Reaction, "nõgeslööve", "nokkosihottuma")}, Severity: coded(d, translation.Severity, "raske", "vaikea")}}}
		allergies = append(allergies, e)
		problems = append(problems, node.Entry{Kind: node.AProblem, What: coded(d, translation.Diagnosis, "krooniline haigus nr "+strconv.Itoa(i+1), "pitkäaikaissairaus nro "+strconv.Itoa(i+1)),
			Status: coded(d, translation.ClinicalStatus, "aktiivne", "aktiivinen"), When: node.Period{From: "2011-03"}, Recorded: "2011-03-04"})
		medicines = append(medicines, node.Entry{Kind: node.AMedicationUse, State: "active", Medication: &node.Medication{Name: "Ravim " + strconv.Itoa(i+1), Form: coded(d, translation.DoseForm, "tablett", "tabletti"),
			Ingredients: []node.Ingredient{{Substance: coded(d, translation.Substance, "toimeaine", "vaikuttava aine")}}}, Dosage: []node.Dosage{{Text: "1 tablett õhtul", AsNeeded: yes()}}})
		results = append(results, node.Entry{Kind: node.AnObservation, What: coded(d, translation.Observation, "hemoglobiin", "hemoglobiini"), When: node.Period{From: "2026-10-0" + strconv.Itoa(i+1), To: "2026-10-0" + strconv.Itoa(i+1)},
			Result: node.Result{Quantity: node.Quantity{Value: "13" + strconv.Itoa(i) + ".5", Unit: coded(d, translation.ResultUnit, "g/l", "g/l")}, Interpretation: coded(d, translation.Other, "kõrge", "korkea")}})
	}
	lost(problems[1].What, translation.Passed, "no map leads from this code to the shared list")
	add("48765-2", "Allergiad", node.HasEntries, allergies...)
	add("10160-0", "Ravimid", node.HasEntries, medicines...)
	add("11450-4", "Probleemid", node.HasEntries, problems...)
	add("46264-8", "Seadmed", node.KnownAbsence)
	add("47519-4", "Protseduurid", node.NoInformation)
	add("11369-6", "Vaktsineerimised", node.HasEntries, node.Entry{Kind: node.AnImmunisation, What: coded(d, translation.Vaccine, "puukentsefaliidi vaktsiin", "puutiaisaivotulehdusrokote"), Number: "2", When: node.Period{From: "2024-04-02", To: "2024-04-02"}})
	add("30954-2", "Tulemused", node.HasEntries, node.Entry{Kind: node.APanel, What: coded(d, translation.Observation, "hemogramm", "verenkuva"), Members: results})
	d.Summary = s
	return d
}

func rendered(t *testing.T, v View) string {
	t.Helper()
	var out strings.Builder
	if err := Render(&out, v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
