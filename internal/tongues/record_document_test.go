package tongues_test

import (
	"strconv"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

func (v *inventor) texts(path string) []string {
	var found []string
	for range rapid.IntRange(0, 2).Draw(v.t, "texts") {
		found = append(found, v.text(path))
	}
	return found
}

// id is an identifier with a value as registers make them, byte for byte to be kept.
func (v *inventor) id(system string) node.Identifier {
	v.n++
	return node.Identifier{System: system, Value: strconv.Itoa(v.n) + v.one("", "-Õ1", ".1^A", ":x&y", " b", "<1>", "ÄÖ/2")}
}

func (v *inventor) patient() node.Patient {
	return node.Patient{Identifiers: []node.Identifier{{System: eePerson, Value: "4710101" + strconv.Itoa(1000+v.n)}}, Family: v.text("patient"), Given: []string{v.text("patient"), v.text("patient")},
		BirthDate: v.one("1971-01-01", "2026-02-28"), Sex: v.one("female", "male", "other")}
}

func (v *inventor) practitioner(path string) node.Practitioner {
	return node.Practitioner{ID: v.id("https://fhir.ee/sid/pro/est/pho"), Family: v.text(path), Given: []string{v.text(path)}, Role: v.some(translation.Role, path+".role"),
		Organisation: node.Organisation{ID: v.id("urn:oid:1.3.6.1.4.1.28284.4"), Name: v.text(path)}}
}

func (v *inventor) dosages(prefix string) []node.Dosage {
	var found []node.Dosage
	for i := range rapid.IntRange(1, 2).Draw(v.t, "dosages") {
		at := prefix + "dosage[" + strconv.Itoa(i) + "]"
		d := node.Dosage{Text: v.text(at), Additional: v.texts(at), Route: v.some(translation.Route, at+".route")}
		if v.maybe() {
			d.Timing = node.Timing{Frequency: v.one("1", "2", "3"), Period: "1", PeriodUnit: "d"}
		}
		if v.maybe() {
			d.Dose = v.unit(translation.DoseUnit, at+".dose", v.number())
		}
		found = append(found, d)
	}
	return found
}

// substitution says yes, no or nothing, with or without the code that says so.
func (v *inventor) substitution() node.Substitution {
	allowed := v.maybe()
	s := node.Substitution{Allowed: &allowed}
	if v.maybe() {
		code := "N"
		if allowed {
			code = "G"
		}
		s.Code = translation.NewSlot(translation.Substitution, "substitution", translation.Coding{System: "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution", Code: code})
		v.slots = append(v.slots, s.Code)
	}
	if !allowed && v.maybe() {
		s.Reason = v.slot(translation.SubstitutionReason, "substitution.reason")
		s.Text = s.Reason.Text
	}
	return s
}

// prescription is one item with everything that a record can say of it.
func (v *inventor) prescription() *node.Document {
	p := &node.Prescription{ID: v.id(eeRx), Status: node.Active, Authored: "2026-09-01", Valid: node.Period{From: "2026-09-01", To: "2026-10-30"}, Patient: v.patient(),
		Prescriber: v.practitioner("prescriber"), Medication: v.medicine("medication", true), Dosage: v.dosages(""), Amount: node.Amount{Packages: v.one("1", "2", "15")},
		Substitution: v.substitution(), Notes: v.texts("notes"), Language: v.one("et", "fi")}
	if v.maybe() {
		p.Group = v.id(eeRx)
		p.Instructions = node.Instructions{Patient: v.text("instructions.patient"), Pharmacist: v.text("instructions.pharmacist")}
		p.Indication = []*translation.Slot{v.slot(translation.Diagnosis, "indication[0]")}
	}
	d := &node.Document{Kind: node.APrescription, ID: v.id(eeRx), At: translated(), Language: p.Language, Patient: p.Patient, Prescriptions: []*node.Prescription{p},
		Header: node.Header{Written: "2026-09-01T10:30:15+03:00", Author: p.Prescriber}}
	d.Slots = v.slots
	return d
}

// dispensation is what was handed out on a prescription, perhaps with the prescribed product repeated.
func (v *inventor) dispensation() *node.Document {
	substituted := v.maybe()
	g := &node.Dispensation{ID: v.id("urn:oid:1.2.246.10.99.1"), Status: "completed", Prescription: v.id(eeRx), Patient: v.patient(), Pharmacist: v.practitioner("pharmacist"),
		Medication: v.medicine("medication", true), Packages: v.one("1", "2"), HandedOver: "2026-11-20T15:04:00+02:00", Recorded: "2026-11-20T15:05:10+02:00",
		Substituted: &substituted, Notes: v.texts("notes")}
	if v.maybe() {
		g.Group, g.Item = v.id(eeRx), v.id("urn:oid:1.2.246.10.99.1")
	}
	d := &node.Document{Kind: node.ADispensation, ID: g.ID, At: translated(), Language: "fi", Patient: g.Patient, Dispensation: g}
	d.Slots = v.slots
	return d
}

// from gives a record the look of one that was read from a format, so that it is written in the other from its data.
func from(d *node.Document, to node.Format) *node.Document {
	if to == node.CDA3 {
		d.Format, d.Source = "made-up", nil
		return d
	}
	d.Format, d.Source = node.CDA3, []byte("<ClinicalDocument/>")
	return d
}

// kinds are the records that can be made up.
func (v *inventor) kinds() []func() *node.Document {
	return []func() *node.Document{v.prescription, v.dispensation, v.summary}
}

// document is a record of any kind.
func (v *inventor) document() *node.Document {
	return rapid.SampledFrom(v.kinds()).Draw(v.t, "document")()
}

// inBytes writes a made-up record in a form and reads it again: a document as it could have come from a register.
func inBytes(t reporter, d *node.Document, to node.Format) *node.Document {
	t.Helper()
	body, _ := written(t, from(d, to), to)
	return decoded(t, body)
}

// invented is a real document of any kind in either form.
func invented(t *rapid.T, known bool) *node.Document {
	d := newInventor(t, known).document()
	return inBytes(t, d, rapid.SampledFrom(pivots(d)).Draw(t, "form"))
}

// example is the same for the same seed, outside of a property.
func example(seed int, known bool, kind func(*inventor) func() *node.Document) *node.Document {
	return rapid.Custom(func(t *rapid.T) *node.Document { return kind(newInventor(t, known))() }).Example(seed)
}
