package compose

import (
	"bytes"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// What must be right and is missing refuses the whole document, with the place in the record named as node names it.
func TestWhatMustBeRightIsNotWrittenByHalf(t *testing.T) {
	rx := func(change func(p *node.Prescription)) *node.Document {
		d := tablet()
		change(d.Prescriptions[0])
		return d
	}
	ed := func(change func(g *node.Dispensation)) *node.Document {
		d := handout()
		change(d.Dispensation)
		return d
	}
	pack := func(change func(m *node.Medication)) *node.Document {
		d := kit()
		change(&d.Prescriptions[0].Medication)
		return d
	}
	stranger := code(nameless, "1", "")
	for _, row := range []struct {
		says string
		d    *node.Document
		slot string
	}{
		{"no prescription id", rx(func(p *node.Prescription) { p.ID = node.Identifier{} }), "prescription.id"},
		{"a prescription id of a system without number", rx(func(p *node.Prescription) { p.ID.System = nameless }), "prescription.id"},
		{"no patient id", rx(func(p *node.Prescription) { p.Patient.Identifiers[0].System = nameless }), "patient.id"},
		{"no packages", rx(func(p *node.Prescription) { p.Amount.Packages = "" }), "amount.packages"},
		{"half a package", rx(func(p *node.Prescription) { p.Amount.Packages = "0.5" }), "amount.packages"},
		{"less than no package", rx(func(p *node.Prescription) { p.Amount.Packages = "-1" }), "amount.packages"},
		{"no form", rx(func(p *node.Prescription) { p.Medication.Form = nil }), "medication.form"},
		{"a form without code", rx(func(p *node.Prescription) {
			p.Medication.Form = &translation.Slot{Rare: &translation.Rare{Absent: "unknown"}}
		}), "medication.form"},
		{"a form of a system without number", rx(func(p *node.Prescription) { p.Medication.Form.Current = stranger }), "medication.form"},
		{"no ingredient", rx(func(p *node.Prescription) { p.Medication.Ingredients = nil }), "medication.ingredient"},
		{"no substance", rx(func(p *node.Prescription) { p.Medication.Ingredients[0].Substance = nil }), "medication.ingredient[0].substance"},
		{"a nameless substance without number", rx(func(p *node.Prescription) {
			p.Medication.Ingredients[0].Name, p.Medication.Ingredients[0].Substance.Current = "", stranger
		}), "medication.ingredient[0].substance"},
		{"a substance and a class without number", rx(func(p *node.Prescription) {
			p.Medication.Ingredients[0].Substance.Current, p.Medication.Classification[0].Current = stranger, stranger
		}), "medication.ingredient[0].substance"},
		{"no strength", rx(func(p *node.Prescription) { p.Medication.Ingredients[0].Strength = nil }), "medication.ingredient[0].strength"},
		{"no strength number", rx(func(p *node.Prescription) { p.Medication.Ingredients[0].Strength.Numerator.Value = "" }), "medication.ingredient[0].strength.numerator"},
		{"a strength that counts nothing", rx(func(p *node.Prescription) { p.Medication.Ingredients[0].Strength.Numerator.Unit = nil }), "medication.ingredient[0].strength"},
		{"a strength per nothing", rx(func(p *node.Prescription) { p.Medication.Ingredients[0].Strength.Denominator = node.Quantity{} }), "medication.ingredient[0].strength"},
		{"a strength per two things", rx(func(p *node.Prescription) {
			p.Medication.Ingredients[0].Strength.Numerator.Unit.SetPer(&translation.Coding{System: ucum, Code: "mL"})
		}), "medication.ingredient[0].strength.denominator"},
		{"no package", rx(func(p *node.Prescription) { p.Medication.Package = node.Package{} }), "medication.package"},
		{"a package without number", rx(func(p *node.Prescription) { p.Medication.Package.Levels[1].Quantity = node.Quantity{} }), "medication.package"},
		{"a package in too many packages", rx(func(p *node.Prescription) {
			p.Medication.Package.Levels = append(p.Medication.Package.Levels, p.Medication.Package.Levels...)
		}), "medication.package"},
		{"a substitution that is allowed and forbidden", rx(func(p *node.Prescription) { p.Substitution.Allowed = flag(true) }), "substitution"},
		{"a substitution of an unknown code", rx(func(p *node.Prescription) { p.Substitution.Allowed, p.Substitution.Code.Current = nil, stranger }), "substitution"},
		{"a part without form", pack(func(m *node.Medication) { m.Parts[1].Form = nil }), "medication.part[1].form"},
		{"a part without number", pack(func(m *node.Medication) { m.Parts[1].Package = node.Package{} }), "medication.part[1].package"},
		{"a part without strength", pack(func(m *node.Medication) { m.Parts[0].Ingredients[0].Strength = nil }), "medication.part[0].ingredient[0].strength"},
		{"no dispensation id", ed(func(g *node.Dispensation) { g.ID = node.Identifier{} }), "dispensation.id"},
		{"a dispensation of no prescription", ed(func(g *node.Dispensation) { g.Prescription, g.Group = node.Identifier{}, node.Identifier{} }), "prescription.id"},
		{"no packages handed out", ed(func(g *node.Dispensation) { g.Packages = "0.00" }), "packages"},
		{"a code with a character that XML does not have", rx(func(p *node.Prescription) { p.Medication.Form.Current.Code = "1\x01" }), "ClinicalDocument/component/structuredBody/component/section/entry/substanceAdministration/consumable/manufacturedProduct/manufacturedMaterial/pharm:formCode/@code"},
	} {
		out, err := Document(row.d, options(), nil)
		if out != nil || err == nil || err.Kind != node.Untranslatable || err.Slot != row.slot || err.Op != "cda.compose" || err.Detail == "" || err.Reason == "" {
			t.Errorf("%s: %v", row.says, err)
		}
	}
}

func TestASecondItemIsRefusedByItsPlace(t *testing.T) {
	d := tablet()
	second := *kit().Prescriptions[0]
	second.Medication.Form, second.Medication.Parts = nil, nil
	d.Prescriptions = append(d.Prescriptions, &second)
	if _, err := Document(d, options(), nil); err == nil || err.Slot != "prescription[1].medication.form" {
		t.Errorf("refused with %v", err)
	}
}

func TestWhatIsNoDocumentInCDAIsUnsupported(t *testing.T) {
	withdrawn := handout()
	withdrawn.Dispensation.Status = "entered-in-error"
	listing := tablet()
	listing.Kind = node.AListing
	for says, d := range map[string]*node.Document{"a withdrawal": {Kind: node.AWithdrawal, At: at()}, "a listing": listing, "an empty prescription": {Kind: node.APrescription, At: at()},
		"a dispensation that is taken back": withdrawn} {
		if _, err := Document(d, options(), nil); err == nil || err.Kind != node.Unsupported {
			t.Errorf("%s: %v", says, err)
		}
	}
	timeless := generic()
	timeless.At = time.Time{}
	if _, err := Document(timeless, options(), nil); err == nil || err.Kind != node.Internal {
		t.Errorf("a document of no time: %v", err)
	}
	if _, err := LevelOne(tablet(), nil, options(), nil); err == nil || err.Kind != node.Internal {
		t.Errorf("no pages: %v", err)
	}
}

func TestADocumentAroundAPDFHasTheSameHeaderAndTheSamePDF(t *testing.T) {
	pdf := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{0, 1, 0xFF, '\n', '\r'}, 1000)...)
	for name, d := range records() {
		out, err := LevelOne(d, pdf, options(), func(path, why string) {
			if name == "rx" {
				t.Errorf("%s is lost: %s", path, why)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		root := parsed(t, string(out))
		checkOrder(t, root)
		text := root.Child(v3, "component").Child(v3, "nonXMLBody").Child(v3, "text")
		if find(text, "@mediaType") != "" || find(root, "component/nonXMLBody/text/@mediaType") != "application/pdf" || find(root, "component/nonXMLBody/text/@representation") != "B64" {
			t.Error("the body does not say what it is")
		}
		if pages, err := base64.StdEncoding.DecodeString(text.Text()); err != nil || !bytes.Equal(pages, pdf) {
			t.Error("the PDF is another one")
		}
		three, _ := composed(t, d)
		for _, same := range []string{"code/@code", "templateId/@root", "recordTarget/patientRole/id/@extension", "author/time/@value", "setId/@extension", "inFulfillmentOf/order/id/@extension"} {
			if a, b := find(root, same), find(parsed(t, three), same); a != b {
				t.Errorf("%s is %q and %q", same, a, b)
			}
		}
		if a, b := find(root, "id/@extension"), find(parsed(t, three), "id/@extension"); (a == b) != (name == "ed") && a+b != "" {
			t.Errorf("level 1 and level 3 of %s are %q and %q", name, a, b)
		}
	}
}

const v3 = "urn:hl7-org:v3"

// wellFormed asks xmllint of Debian (libxml2-utils), which no test here goes without.
func wellFormed(t reporter, document string) {
	t.Helper()
	check := exec.Command("xmllint", "--noout", "--nonet", "-")
	check.Stdin = strings.NewReader(document)
	if told, err := check.CombinedOutput(); err != nil {
		t.Fatalf("xmllint (package libxml2-utils): %v\n%s", err, told)
	}
}

func TestEveryDocumentIsWellFormedToAnotherReader(t *testing.T) {
	for _, d := range records() {
		out, _ := composed(t, d)
		wellFormed(t, out)
		one, err := LevelOne(d, []byte("%PDF-1.7"), options(), nil)
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, string(one))
	}
}
