package compose

import (
	"slices"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
)

// orders is the sequence of the children of each element in CDA R2 (POCD_MT000040) with the pharmacy extension
// (COCT_MT230100UV01), written down here from the model: a second hand that knows nothing of the writer.
var orders = map[string]string{
	"ClinicalDocument":                 "typeId templateId id code title effectiveTime confidentialityCode languageCode setId versionNumber recordTarget author custodian legalAuthenticator participant inFulfillmentOf documentationOf relatedDocument component",
	"patientRole":                      "id addr telecom patient",
	"patient":                          "name administrativeGenderCode birthTime",
	"author":                           "templateId functionCode time assignedAuthor",
	"assignedAuthor":                   "id code addr telecom assignedPerson representedOrganization",
	"assignedEntity":                   "id code addr telecom assignedPerson representedOrganization",
	"representedOrganization":          "id name telecom addr",
	"representedCustodianOrganization": "id name telecom addr",
	"manufacturerOrganization":         "id name telecom addr",
	"legalAuthenticator":               "time signatureCode assignedEntity",
	"serviceEvent":                     "templateId id code effectiveTime performer",
	"section":                          "templateId id code title text confidentialityCode languageCode author entry component",
	"substanceAdministration":          "templateId id code text statusCode effectiveTime priorityCode repeatNumber routeCode doseQuantity consumable performer author participant entryRelationship reference precondition",
	"supply":                           "templateId id code text statusCode effectiveTime priorityCode repeatNumber independentInd quantity expectedUseTime product performer author participant entryRelationship reference precondition",
	"observation":                      "templateId id code text statusCode effectiveTime value interpretationCode methodCode targetSiteCode performer author participant entryRelationship reference precondition referenceRange",
	"act":                              "templateId id code text statusCode effectiveTime performer author participant entryRelationship reference precondition",
	"procedure":                        "templateId id code text statusCode effectiveTime priorityCode methodCode approachSiteCode targetSiteCode performer author participant entryRelationship reference",
	"organizer":                        "templateId id code statusCode effectiveTime performer author participant reference component",
	"entryRelationship":                "sequenceNumber observation act supply substanceAdministration procedure organizer",
	"performer":                        "functionCode time assignedEntity",
	"participantRole":                  "id code addr telecom playingEntity playingDevice scopingEntity",
	"manufacturedProduct":              "templateId id manufacturedMaterial manufacturerOrganization",
	"manufacturedMaterial":             "templateId code name pharm:desc pharm:formCode lotNumberText pharm:asContent pharm:asSpecializedKind pharm:part pharm:ingredient",
	"pharm:asContent":                  "pharm:quantity pharm:containerPackagedProduct",
	"pharm:containerPackagedProduct":   "pharm:code pharm:name pharm:desc pharm:formCode pharm:asContent",
	"pharm:part":                       "pharm:quantity pharm:partProduct",
	"pharm:partProduct":                "pharm:code pharm:name pharm:desc pharm:formCode pharm:asContent pharm:asSpecializedKind pharm:part pharm:ingredient",
	"pharm:asSpecializedKind":          "pharm:generalizedMaterialKind",
	"pharm:generalizedMaterialKind":    "pharm:code pharm:name",
	"pharm:ingredient":                 "pharm:quantity pharm:ingredientSubstance",
	"pharm:ingredientSubstance":        "pharm:code pharm:name",
	"criterion":                        "code text value",
	"precondition":                     "criterion",
	"name":                             "given family",
}

// codes are coded elements: what may stand inside a CD or CE, and inside the translations of either.
const codes = "originalText qualifier translation"

// narratives says what may stand inside the elements of a narrative (StrucDoc).
var narratives = map[string]string{
	"text": "content sub sup br paragraph list table", "paragraph": "caption content sub sup br", "content": "content sub sup br",
	"list": "caption item", "item": "caption content sub sup br paragraph list table", "table": "caption thead tfoot tbody",
	"thead": "tr", "tbody": "tr", "tfoot": "tr", "tr": "th td", "td": "content sub sup br paragraph list table", "th": "content sub sup br",
	"caption": "content sub sup", "sub": "", "sup": "", "br": "",
}

// checkOrder holds a whole document against the model: every element knows its children, in their sequence.
func checkOrder(t reporter, root xmldom.Element) {
	t.Helper()
	for e := range descendants(root) {
		name := qualified(e)
		switch {
		case inNarrative(e):
			checkChildren(t, e, narratives[name], false)
		case name == "text" && child(e.Parent(), "templateId") || name == "text" && e.Parent().Local() == "section":
			checkChildren(t, e, narratives["text"]+" reference", false)
		case orders[name] != "":
			checkChildren(t, e, orders[name], true)
		case isCode(e):
			checkChildren(t, e, codes, true)
		}
	}
}

func isCode(e xmldom.Element) bool {
	return strings.HasSuffix(e.Local(), "Code") || slices.Contains([]string{"code", "translation", "event"}, e.Local()) ||
		e.Local() == "value" && !isRange(e)
}

func child(e xmldom.Element, name string) bool { return e.Child(oid.V3, name).There() }

func inNarrative(e xmldom.Element) bool {
	for up := e.Parent(); up.There(); up = up.Parent() {
		if up.Local() == "text" && up.Parent().Local() == "section" {
			return true
		}
	}
	return false
}

func qualified(e xmldom.Element) string {
	if e.Space() == oid.Pharm {
		return "pharm:" + e.Local()
	}
	return e.Local()
}

func checkChildren(t reporter, e xmldom.Element, allowed string, sequence bool) {
	t.Helper()
	names := strings.Fields(allowed)
	last := 0
	for inner := range e.Children() {
		at := slices.Index(names, qualified(inner))
		switch {
		case at < 0:
			t.Errorf("%s may not hold %s", qualified(e), qualified(inner))
		case sequence && at < last:
			t.Errorf("in %s, %s stands behind %s", qualified(e), qualified(inner), names[last])
		default:
			last = max(last, at)
		}
	}
}

func descendants(root xmldom.Element) func(func(xmldom.Element) bool) {
	return func(yield func(xmldom.Element) bool) {
		var walk func(xmldom.Element) bool
		walk = func(e xmldom.Element) bool {
			if !yield(e) {
				return false
			}
			for inner := range e.Children() {
				if !walk(inner) {
					return false
				}
			}
			return true
		}
		walk(root)
	}
}

// checkReferences says that every ID stands once and every reference leads to one.
func checkReferences(t reporter, root xmldom.Element) {
	t.Helper()
	ids := map[string]int{}
	for e := range descendants(root) {
		if id, ok := attributeOf(e, "ID"); ok {
			ids[id]++
		}
	}
	for id, n := range ids {
		if n != 1 {
			t.Errorf("the ID %s stands %d times", id, n)
		}
	}
	for e := range descendants(root) {
		if to, ok := attributeOf(e, "value"); ok && e.Local() == "reference" && ids[strings.TrimPrefix(to, "#")] == 0 {
			t.Errorf("the reference %s leads nowhere", to)
		}
	}
}

func isRange(e xmldom.Element) bool {
	kind, _ := attributeOf(e, "xsi:type")
	return kind == "IVL_PQ"
}
