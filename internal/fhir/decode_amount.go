package fhir

import (
	"math/big"
	"strings"

	"sild/node"
)

// packagesIn turns a total amount into packages, where both are counted in the same unit and it comes out even;
// otherwise it is empty, because a number of packages that nobody wrote must not be guessed.
func packagesIn(total node.Quantity, m node.Medication) string {
	wanted, ok := node.Decimal(total.Value)
	if !ok {
		return ""
	}
	one, ok := onePackage(total, m)
	if !ok || one.Sign() <= 0 {
		return ""
	}
	packages := new(big.Rat).Quo(wanted, one)
	if !packages.IsInt() || packages.Sign() <= 0 {
		return ""
	}
	return packages.Num().String()
}

// onePackage is what one package holds in the unit of the total: its items, when the items are counted in that unit,
// or items times the content of one, when the content is.
func onePackage(total node.Quantity, m node.Medication) (*big.Rat, bool) {
	items, ok := node.Decimal(m.Package.Items.Value)
	if !ok {
		return nil, false
	}
	switch {
	case countsAlike(total, m.Package.Content):
		content, ok := node.Decimal(m.Package.Content.Value)
		if !ok {
			return nil, false
		}
		return items.Mul(items, content), true
	case countsAlike(total, m.Package.Items), m.Package.Items.Unit == nil && countsDose(total, m),
		m.Package.Items.Unit == nil && countsItems(total, m):
		return items, true
	}
	return nil, false
}

func countsAlike(a, b node.Quantity) bool {
	return a.Unit != nil && b.Unit != nil && a.Unit.Original().Code != "" && a.Unit.Original().Same(b.Unit.Original())
}

// countsDose says that a total is counted in the very thing that the strength is given for (tablets, where the strength
// is so much per tablet), and that this thing is what the package counts: no item of it holds anything else.
func countsDose(total node.Quantity, m node.Medication) bool {
	if !m.Package.Content.IsZero() || len(m.Ingredients) == 0 {
		return false
	}
	for _, ingredient := range m.Ingredients {
		if ingredient.Strength == nil || !countsAlike(total, ingredient.Strength.Denominator) {
			return false
		}
		if isMeasure(total.Unit.Original().Code) {
			return false
		}
	}
	return true
}

// countsItems says that a total is counted in the items of the package as they lie there: in containers (syringes,
// vials), or in pieces where an item holds nothing else. A dose is not such an item: one inhaler holds many. Tablets and
// capsules are counted only where the strength says that they are what the package holds (countsDose).
func countsItems(total node.Quantity, m node.Medication) bool {
	if total.Unit == nil || !strings.HasSuffix(total.Unit.Original().System, "/retsept-mahu-ja-massiyhik") {
		return false
	}
	switch total.Unit.Original().Code {
	case "AMPULL", "SÜSTAL", "VIAAL", "PUDEL", "PURK", "KOTT", "KANISTER", "KONTEINER":
		return true
	case "TK":
		return m.Package.Content.IsZero()
	}
	return false
}

// isMeasure says that a national unit measures a volume or a mass rather than counting things: a package of "100" of
// such a medicine may be one bottle or a hundred.
func isMeasure(code string) bool {
	switch code {
	case "ML", "L", "MCL", "MCI", "CENTILITER", "G", "GRAMM", "KG", "MG", "MCG", "CM", "CM2", "CM3",
		"02", "12", "13", "14": // the Finnish list of dose units
		return true
	}
	return false
}

// left is what may still be handed out: the packages prescribed minus what every completed dispensation in the document
// takes off them. It is empty where the document does not say how many were prescribed or handed out.
func (d *decoder) left(p *node.Prescription, request value) string {
	left, ok := node.Decimal(p.Amount.Packages)
	if !ok {
		return ""
	}
	for _, v := range d.all("MedicationDispense") {
		if v.get("status").text() != "completed" || !d.authorizes(request, v) {
			continue
		}
		given, ok := node.Packages(d.taken(v))
		if !ok {
			return ""
		}
		for _, name := range []string{"status", "quantity", "authorizingPrescription", "subject"} {
			d.claim(v.get(name))
		}
		left = left.Sub(left, given)
	}
	if left.Sign() < 0 {
		return "0"
	}
	return left.RatString()
}

// taken is what a dispensation takes off its prescription: its packages, or what they come to of the prescribed size.
func (d *decoder) taken(dispense value) string {
	handed := dispense.walk("quantity", "value")
	d.checkNumber(handed)
	if part := extension(dispense, extTakes).get("valueRatio"); part.there() {
		return d.ofPackages(part)
	}
	return handed.text()
}

// authorizes says that a dispensation was made on the prescription: it refers to it, or names any of its identifiers.
func (d *decoder) authorizes(request, dispense value) bool {
	for _, ref := range dispense.get("authorizingPrescription").each {
		if d.target(ref) == request {
			return true
		}
		for _, id := range request.get("identifier").each {
			if id.get("value").there() && identifierOf(id) == identifierOf(ref.get("identifier")) {
				return true
			}
		}
	}
	return false
}
