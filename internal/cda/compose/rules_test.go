package compose

import (
	"testing"

	"sild/internal/xmldom"
	"sild/node"
)

const (
	body    = "component/structuredBody/component/section"
	rxItem  = body + "/entry/substanceAdministration"
	edItem  = body + "/entry/supply"
	rxDrug  = rxItem + "/consumable/manufacturedProduct/manufacturedMaterial"
	edDrug  = edItem + "/product/manufacturedProduct/manufacturedMaterial"
	home    = "1.3.6.1.4.1.12559.11.10.1.3.1."
	ihe     = "1.3.6.1.4.1.19376.1.5.3.1."
	ccd     = "2.16.840.1.113883.10.20.1."
	twoTwo  = rxDrug + "/pharm:asContent/pharm:containerPackagedProduct/pharm:asContent"
	threeUp = twoTwo + "/pharm:containerPackagedProduct/pharm:asContent"
)

// rule is one rule of the pivot documents in its own words, where it shows in a composed document, and what must stand
// there. Several places are joined with a bar; an empty expectation says that nothing may stand there.
type rule struct{ says, doc, path, want string }

// The common header (MyHealth@EU, all documents).
var headerRules = []rule{
	{"typeId is POCD_HD000040", "rx", "typeId/@extension", "POCD_HD000040"},
	{"the root of typeId is HL7's", "rx", "typeId/@root", "2.16.840.1.113883.1.3"},
	{"an ePrescription has template 1.1", "rx", "templateId/@root", home + "1.1"},
	{"an eDispensation has template 1.2", "ed", "templateId/@root", home + "1.2"},
	{"a patient summary has template 1.3", "ps", "templateId/@root", home + "1.3"},
	{"id has root and extension", "rx", "id/@extension", "1000000001-D"},
	{"code is the LOINC code of the kind: eP", "rx", "code/@code", "57833-6"},
	{"code is the LOINC code of the kind: eD", "ed", "code/@code", "60593-1"},
	{"code is the LOINC code of the kind: PS", "ps", "code/@code", "60591-5"},
	{"code is of LOINC", "ed", "code/@codeSystem", "2.16.840.1.113883.6.1"},
	{"the title is the record's", "rx", "title/text()", "Retsept"},
	{"effectiveTime keeps the offset and is not shifted", "rx", "effectiveTime/@value", "20260901103015+0300"},
	{"effectiveTime of a dispensation is when it was recorded", "ed", "effectiveTime/@value", "20261120150510+0200"},
	{"effectiveTime is the document's own time where nobody says one, in UTC", "kit", "effectiveTime/@value", "20261122033015+0000"},
	{"confidentiality is N", "rx", "confidentialityCode/@code", "N"},
	{"confidentiality is of its code system", "rx", "confidentialityCode/@codeSystem", "2.16.840.1.113883.5.25"},
	{"languageCode is xx-YY, from the country that writes", "rx", "languageCode/@code", "et-EE"},
	{"languageCode is the record's own where it is whole", "kit", "languageCode/@code", "fi-FI"},
	{"setId stays the same in every form of the document", "rx", "setId/@extension", "1000000001"},
	{"the version stands beside it", "rx", "versionNumber/@value", "2"},
	{"the patient's id is the national one", "rx", "recordTarget/patientRole/id/@extension", "47101010033"},
	{"the patient's id has the country's root", "rx", "recordTarget/patientRole/id/@root", "1.3.6.1.4.1.28284.6.2.2.1"},
	{"no address crosses", "rx", "recordTarget/patientRole/addr/@nullFlavor", "NI"},
	{"a name has every given name", "rx", "recordTarget/patientRole/patient/name/given/text()", "Liis|Ülle"},
	{"a name has the family name, with its own letters", "rx", "recordTarget/patientRole/patient/name/family/text()", "Tamm-Šörenson"},
	{"sex is F, of HL7 v3", "rx", "recordTarget/patientRole/patient/administrativeGenderCode/@code", "F"},
	{"birthTime is a day", "rx", "recordTarget/patientRole/patient/birthTime/@value", "19710101"},
	{"the author has an ISCO function", "rx", "author/functionCode/@code", "221"},
	{"the author wrote when it was prescribed", "rx", "author/time/@value", "20260901"},
	{"an author who wrote at an unknown time does not get ours", "kit", "author/time/@nullFlavor", "UNK"},
	{"the author has an id", "rx", "author/assignedAuthor/id/@extension", "D01234"},
	{"the author is a person", "rx", "author/assignedAuthor/assignedPerson/name/family/text()", "Õunapuu"},
	{"the author acts for an organisation", "rx", "author/assignedAuthor/representedOrganization/name/text()", "Väike Kliinik"},
	{"an unknown function is a null flavour", "none", "author/functionCode/@nullFlavor", "NI"},
	{"there is a custodian", "rx", "custodian/assignedCustodian/representedCustodianOrganization/name/text()", "Tervisekassa"},
	{"a custodian that nobody names is this country's", "kit", "custodian/assignedCustodian/representedCustodianOrganization/addr/country/text()", "EE"},
	{"the legal authenticator signed", "rx", "legalAuthenticator/signatureCode/@code", "S"},
	{"the legal authenticator is somebody", "rx", "legalAuthenticator/assignedEntity/id/@extension", "D01234"},
	{"the national document is the parent of a transformation", "rx", "relatedDocument/@typeCode", "XFRM"},
	{"the parent has its number", "rx", "relatedDocument/parentDocument/id/@extension", "1000000001"},
	{"without a parent nothing is said of one", "kit", "relatedDocument/@typeCode", ""},
	{"a summary says up to when care is told", "ps", "documentationOf/serviceEvent/effectiveTime/high/@value", "20261101120000+0200"},
	{"a summary tells of the provision of care", "ps", "documentationOf/serviceEvent/@classCode", "PCPR"},
	{"and who gave it", "ps", "documentationOf/serviceEvent/performer/assignedEntity/id/@extension", "D01234"},
	{"a prescription has no documentationOf", "rx", "documentationOf/@typeCode", ""},
}

// The ePrescription (2.2): one section, the item, how it is taken.
var prescriptionRules = []rule{
	{"one section, code 57828-6", "rx", body + "/code/@code", "57828-6"},
	{"section template 2.1", "rx", body + "/templateId/@root", home + "2.1"},
	{"section id is the prescription id", "rx", body + "/id/@extension", "1000000001"},
	{"the item is a substance administration that is meant", "rx", rxItem + "/@moodCode", "INT"},
	{"item templates: 3.2, IHE medications, CCD, and the dosing variant (tapered)", "rx", rxItem + "/templateId/@root", home + "3.2|" + ihe + "4.7|2.16.840.1.113883.10.20.1.24|" + ihe + "4.8"},
	{"the variant of a dosage as needed is conditional", "kit", rxItem + "/templateId[4]/@root", ihe + "4.10"},
	{"item id is the item's", "rx", rxItem + "/id/@extension", "1000000001.1"},
	{"the text of the item is a reference", "rx", rxItem + "/text/reference/@value", "#text-1"},
	{"which leads to the prescriber's words", "rx", body + "/text//paragraph[@ID=text-1]/text()", "Üks tablett hommikul"},
	{"statusCode is active", "rx", rxItem + "/statusCode/@code", "active"},
	{"a prescription on hold is suspended", "kit", rxItem + "/statusCode/@code", "suspended"},
	{"effectiveTime 1 is an interval", "rx", rxItem + "/effectiveTime[1]/@xsi:type", "IVL_TS"},
	{"from the first day", "rx", rxItem + "/effectiveTime[1]/low/@value", "20260901"},
	{"to the last", "rx", rxItem + "/effectiveTime[1]/high/@value", "20260907"},
	{"a treatment without any end that is known is open", "ps", "//substanceAdministration[1]/effectiveTime[1]/high/@nullFlavor", "NA"},
	{"a treatment of which nothing is known is unknown", "kit", rxItem + "/effectiveTime[1]/low/@nullFlavor", "UNK"},
	{"effectiveTime 2 has the operator A", "rx", rxItem + "/effectiveTime[2]/@operator", "A"},
	{"an event of the day is an EIVL_TS", "rx", rxItem + "/effectiveTime[2]/@xsi:type", "EIVL_TS"},
	{"whose event is of the timing events", "rx", rxItem + "/effectiveTime[2]/event/@codeSystem", "2.16.840.1.113883.5.139"},
	{"before breakfast", "rx", rxItem + "/effectiveTime[2]/event/@code", "ACM"},
	{"three times a day is every eight hours, the hours being chosen", "rx", rxItem + "/entryRelationship/substanceAdministration/effectiveTime[2]/period/@value", "8"},
	{"in hours", "rx", rxItem + "/entryRelationship/substanceAdministration/effectiveTime[2]/period/@unit", "h"},
	{"institutionSpecified", "rx", rxItem + "/entryRelationship/substanceAdministration/effectiveTime[2]/@institutionSpecified", "true"},
	{"every eight hours is every eight hours", "ps", "//effectiveTime[@xsi:type=PIVL_TS]/@institutionSpecified", "false"},
	{"no timing is unknown", "kit", rxItem + "/effectiveTime[2]/@nullFlavor", "UNK"},
	{"the route is EDQM's", "rx", rxItem + "/routeCode/@code", "20053000"},
	{"a dose in a unit of EDQM is a UCUM annotation", "rx", rxItem + "/doseQuantity/@unit", "{Tablet}"},
	{"beside the code itself", "rx", rxItem + "/doseQuantity/translation/@code", "15054000"},
	{"a range of doses has low", "rx", rxItem + "/entryRelationship/substanceAdministration/doseQuantity/low/@value", "1"},
	{"and high", "rx", rxItem + "/entryRelationship/substanceAdministration/doseQuantity/high/@value", "2"},
	{"a bare count has the unit 1", "rx", rxItem + "/entryRelationship/substanceAdministration/doseQuantity/high/@unit", "1"},
	{"a further dosage is subordinate and numbered", "rx", rxItem + "/entryRelationship[@typeCode=COMP]/sequenceNumber/@value", "2"},
	{"a course of days has a width", "rx", rxItem + "/entryRelationship/substanceAdministration/effectiveTime[1]/width/@value", "14"},
	{"as needed is a precondition", "rx", rxItem + "/entryRelationship/substanceAdministration/precondition/criterion/value/@nullFlavor", "NI"},
	{"the number of packages is asked for", "rx", rxItem + "/entryRelationship/supply/@moodCode", "RQO"},
	{"in unit 1", "rx", rxItem + "/entryRelationship/supply/quantity/@unit", "1"},
	{"two packages", "rx", rxItem + "/entryRelationship/supply/quantity/@value", "2"},
	{"independentInd is false", "rx", rxItem + "/entryRelationship/supply/independentInd/@value", "false"},
	{"the validity of the prescription is the time of the supply", "rx", rxItem + "/entryRelationship/supply/effectiveTime/high/@value", "20261030"},
	{"substitution is asked by SUBST", "rx", rxItem + "/entryRelationship[@typeCode=SUBJ]/observation/code/@code", "SUBST"},
	{"and forbidden by N", "rx", rxItem + "/entryRelationship/observation/value[@xsi:type=CE]/@code", "N"},
	{"of the substitution codes", "rx", rxItem + "/entryRelationship/observation/value[@xsi:type=CE]/@codeSystem", "2.16.840.1.113883.5.1070"},
	{"silence allows it", "kit", rxItem + "/entryRelationship/observation/code/@code", ""},
	{"words to the patient are PINSTRUCT, to the pharmacist FINSTRUCT, further ones comments", "rx", rxItem + "/entryRelationship/act/code/@code", "FINSTRUCT|PINSTRUCT|48767-8|48767-8"},
	{"they stand in the narrative", "rx", body + "/text/paragraph[@ID=text-5]/text()", "Võtke iga päev"},
	{"a reason for treatment is RSON", "rx", rxItem + "/entryRelationship[@typeCode=RSON]/observation/value/@code", "I10"},
}

// The medicinal product, alike in prescription and dispensation.
var productRules = []rule{
	{"product templates 3.29 and 3.30", "rx", rxItem + "/consumable/manufacturedProduct//templateId/@root", home + "3.29|" + home + "3.30"},
	{"the same in a dispensation", "ed", edItem + "/product/manufacturedProduct//templateId/@root", home + "3.29|" + home + "3.30"},
	{"a summary's product has 3.31 and 3.32", "ps", "//manufacturedProduct[1]//templateId/@root", home + "3.31|" + home + "3.32"},
	{"code is the national product number", "rx", rxDrug + "/code/@code", "1234567"},
	{"name is the brand", "rx", rxDrug + "/name/text()", "Näidis & Co <5 mg>"},
	{"a generic prescription has no brand", "generic", rxDrug + "/name/@nullFlavor", "NI"},
	{"desc is the strength in words", "rx", rxDrug + "/pharm:desc/text()", "5 mg"},
	{"formCode is the dose form of EDQM", "rx", rxDrug + "/pharm:formCode/@code", "10221000"},
	{"a kit has the combined dose form", "kit", rxDrug + "/pharm:formCode/@code", "14001000"},
	{"the chain goes from the innermost container outwards: innermost", "rx", rxDrug + "/pharm:asContent/pharm:quantity/@value", "10"},
	{"then the next", "rx", twoTwo + "/pharm:quantity/@value", "3"},
	{"then the outermost", "rx", threeUp + "/pharm:quantity/@value", "2"},
	{"a container has its form", "rx", rxDrug + "/pharm:asContent/pharm:containerPackagedProduct/pharm:formCode/@displayName", "Blister"},
	{"and its number", "rx", twoTwo + "/pharm:containerPackagedProduct/pharm:code/@code", "PC-1"},
	{"and its name", "rx", twoTwo + "/pharm:containerPackagedProduct/pharm:name/text()", "Näidis karp"},
	{"an unknown container is a null flavour", "rx", threeUp + "/pharm:containerPackagedProduct/pharm:formCode/@nullFlavor", "NI"},
	{"built from items and content: content inside", "ed", edDrug + "/pharm:asContent/pharm:quantity/@value", "5"},
	{"and items outside", "ed", edDrug + "/pharm:asContent/pharm:containerPackagedProduct/pharm:asContent/pharm:quantity/@value", "10"},
	{"a quantity has a former unit as translation", "ed", edDrug + "/pharm:asContent/pharm:quantity/translation/@code", "ml"},
	{"with its own number", "ed", edDrug + "/pharm:asContent/pharm:quantity/translation/@value", "5"},
	{"items alone are one level", "generic", rxDrug + "/pharm:asContent/pharm:quantity/@value", "30"},
	{"GRIC is the ATC class", "rx", rxDrug + "/pharm:asSpecializedKind[@classCode=GRIC]/pharm:generalizedMaterialKind/pharm:code/@code", "C08CA01"},
	{"GRIC may be a null flavour", "generic", rxDrug + "/pharm:asSpecializedKind[@classCode=GRIC]/pharm:generalizedMaterialKind/pharm:code/@nullFlavor", "NI"},
	{"GEN is the pharmaceutical product", "rx", rxDrug + "/pharm:asSpecializedKind[@classCode=GEN]/pharm:generalizedMaterialKind/pharm:code/@code", "PHPID-1"},
	{"every ingredient is an ACTI", "ed", edDrug + "/pharm:ingredient/@classCode", "ACTI|ACTI"},
	{"with a numerator", "ed", edDrug + "/pharm:ingredient/pharm:quantity/numerator/@value", "10|0.005"},
	{"in UCUM", "ed", edDrug + "/pharm:ingredient/pharm:quantity/numerator/@unit", "mg|mg"},
	{"and a denominator", "ed", edDrug + "/pharm:ingredient/pharm:quantity/denominator/@value", "1|1"},
	{"both are PQ", "ed", edDrug + "/pharm:ingredient/pharm:quantity/denominator/@xsi:type", "PQ|PQ"},
	{"the substance has its code", "ed", edDrug + "/pharm:ingredient/pharm:ingredientSubstance/pharm:code/@code", "N01BB02|C01CA24"},
	{"and its name", "ed", edDrug + "/pharm:ingredient/pharm:ingredientSubstance/pharm:name/text()", "lidocaine|epinephrine"},
	{"a combination pack has parts", "kit", rxDrug + "/pharm:part/pharm:partProduct/pharm:formCode/@code", "10502000|10909000"},
	{"each says how many", "kit", rxDrug + "/pharm:part/pharm:quantity/@value", "1|6"},
	{"and what one holds", "kit", rxDrug + "/pharm:part/pharm:partProduct/pharm:asContent/pharm:quantity/@value", "20"},
	{"and its ingredients", "kit", rxDrug + "/pharm:part/pharm:partProduct/pharm:ingredient/pharm:quantity/numerator/@value", "10|500"},
	{"the pack itself has none", "kit", rxDrug + "/pharm:ingredient/@classCode", ""},
	{"the holder of the authorisation is the manufacturer", "rx", rxItem + "/consumable/manufacturedProduct/manufacturerOrganization/name/text()", "Näidis OÜ"},
}

// The eDispensation (2.3).
var dispensationRules = []rule{
	{"inFulfillmentOf names the prescription, unchanged", "ed", "inFulfillmentOf/order/id/@extension", "1000000001"},
	{"with its root", "ed", "inFulfillmentOf/order/id/@root", "1.3.6.1.4.1.28284.6.2.4.4"},
	{"the document's number is the dispensation's", "ed", "id/@extension", "D-1"},
	{"section code 60590-7", "ed", body + "/code/@code", "60590-7"},
	{"section templates 2.2 and CCD", "ed", body + "/templateId/@root", "2.16.840.1.113883.10.20.1.8|" + home + "2.2"},
	{"the entry is a supply that happened", "ed", edItem + "/@moodCode", "EVN"},
	{"supply templates", "ed", edItem + "/templateId/@root", "2.16.840.1.113883.10.20.1.34|" + ihe + "4.7.3|" + home + "3.3"},
	{"its id is the item's", "ed", edItem + "/id/@extension", "D-1.1"},
	{"quantity in unit 1", "ed", edItem + "/quantity/@unit", "1"},
	{"two packages", "ed", edItem + "/quantity/@value", "2"},
	{"the product is the one handed out", "ed", edDrug + "/name/text()", "Näidis Combo"},
	{"the dispenser performed it when it was handed over", "ed", edItem + "/performer/time/@value", "20261120150400+0200"},
	{"in person", "ed", edItem + "/performer/assignedEntity/assignedPerson/name/family/text()", "Õunapuu"},
	{"for an organisation in this country", "ed", edItem + "/performer/assignedEntity/representedOrganization/addr/country/text()", "EE"},
	{"the licence has its place", "ed", edItem + "/participant[@typeCode=PRF]/participantRole/@classCode", "LIC"},
	{"REFR leads to the item of the prescription", "ed", edItem + "/entryRelationship[@typeCode=REFR]/substanceAdministration/id/@extension", "1000000001.1"},
	{"which is meant", "ed", edItem + "/entryRelationship[@typeCode=REFR]/substanceAdministration/@moodCode", "INT"},
	{"with a copy of the prescribed product", "ed", edItem + "/entryRelationship[@typeCode=REFR]/substanceAdministration/consumable/manufacturedProduct/manufacturedMaterial/name/text()", "Näidis & Co <5 mg>"},
	{"a substitution is an act SUBST", "ed", edItem + "/entryRelationship[@typeCode=COMP]/act/code/@code", "SUBST"},
	{"of the act classes", "ed", edItem + "/entryRelationship[@typeCode=COMP]/act/code/@codeSystem", "2.16.840.1.113883.5.6"},
	{"a remark is a comment", "ed", edItem + "/entryRelationship[@typeCode=SUBJ]/act/code/@code", "48767-8"},
}

func TestEachRuleOfThePivotDocuments(t *testing.T) {
	roots := map[string]xmldom.Element{}
	for name, d := range records() {
		out, _ := composed(t, d)
		roots[name] = parsed(t, out)
		checkOrder(t, roots[name])
		checkReferences(t, roots[name])
	}
	for _, table := range [][]rule{headerRules, prescriptionRules, productRules, dispensationRules, summaryRules} {
		for _, r := range table {
			if got := find(roots[r.doc], r.path); got != r.want {
				t.Errorf("%s (%s)\n%s\nis   %q\nnot  %q", r.says, r.doc, r.path, got, r.want)
			}
		}
	}
}

// records are the made-up documents that the tests share.
func records() map[string]*node.Document {
	return map[string]*node.Document{"rx": tablet(), "kit": kit(), "generic": generic(), "ed": handout(), "ps": full(), "none": nothing()}
}
