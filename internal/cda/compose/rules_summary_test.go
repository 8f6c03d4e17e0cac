package compose

const (
	parts    = "component/structuredBody/component/section"
	allergic = parts + "[1]/entry/act"
	allergen = allergic + "/entryRelationship/observation"
	problem  = parts + "[3]/entry/act/entryRelationship/observation"
	vaccine  = parts + "[7]/entry/substanceAdministration"
)

// The patient summary (2.5): sections, entries, and what is said where there is nothing.
var summaryRules = []rule{
	{"sections stand in the order of the record", "ps", parts + "/code/@code", "48765-2|10160-0|11450-4|46264-8|47519-4|11348-0|11369-6|10162-6|29762-2|8716-3|30954-2|47420-5|18776-5|42348-3"},
	{"the required sections are there even when empty", "none", parts + "/code/@code", "48765-2|10160-0|11450-4|11369-6|46264-8|47519-4"},
	{"each section has its templates", "ps", parts + "/templateId/@root", home + "2.12|" + home + "2.3|" + ccd + "8|" + home + "2.9|" + ccd + "11|" + home + "2.4|" + ccd + "7|" + home + "2.11|" + home + "2.10|" +
		home + "2.15|" + ccd + "6|" + home + "2.7|" + home + "2.13|" + ccd + "15|" + home + "2.6|" + home + "2.5|" + home + "2.14|" + ihe + "3.31|" + home + "2.16"},
	{"the medication section has CCD's too", "ps", parts + "[2]/templateId/@root", home + "2.3|2.16.840.1.113883.10.20.1.8"},
	{"a section has a number derived from the document's", "ps", parts + "[1]/id/@extension", "PS1.48765-2"},
	{"a title is the record's", "ps", parts + "[1]/title/text()", "Allergiad"},
	{"the narrative that people wrote is kept", "ps", parts + "[1]/text/paragraph[1]/content/text()", "raske|ekseem|1991"},
	{"with its styles", "ps", parts + "[1]/text/paragraph[1]/content/@styleCode", "Bold|Italics|Underline"},
	{"with its lists", "ps", parts + "[1]/text/list/@listType", "unordered|ordered"},
	{"with its tables", "ps", parts + "[1]/text/table/tbody/tr/td/text()", "a|b & c"},
	{"and cells over several rows", "ps", parts + "[1]/text/table/tbody/tr/td/@rowspan", "2"},

	{"an allergy is a concern, template 3.16", "ps", allergic + "/templateId[1]/@root", home + "3.16"},
	{"the concern has its code", "ps", allergic + "/code/@code", "CONC"},
	{"and its state", "ps", allergic + "/statusCode/@code", "active"},
	{"and when it was recorded", "ps", allergic + "/author/time/@value", "20200203080000+0000"},
	{"around an observation, template 3.17", "ps", allergen + "/templateId/@root", home + "3.17"},
	{"the concern has the first number, the observation the second", "ps", allergen + "/id/@extension", "A1.1"},
	{"whose code sorts it", "ps", allergen + "/code/@code", "414285001"},
	{"a month keeps its precision", "ps", allergen + "/effectiveTime/low/@value", "199001"},
	{"the allergen is the participant", "ps", allergen + "/participant[@typeCode=CSM]/participantRole/playingEntity/code/@code", "227493005"},
	{"its words are referred to", "ps", allergen + "/text/reference/@value", "#text-1"},
	{"a reaction is 3.44, one for each manifestation", "ps", allergen + "/entryRelationship[@typeCode=MFST]/observation/templateId/@root", home + "3.44|" + home + "3.44"},
	{"with the manifestation as value", "ps", allergen + "/entryRelationship[@typeCode=MFST]/observation/value/@code", "43116000|126485001"},
	{"and its severity", "ps", allergen + "/entryRelationship[@typeCode=MFST]/observation/entryRelationship/observation/value/@code", "24484000|24484000"},
	{"severity is asked by SEV", "ps", allergen + "/entryRelationship[@typeCode=MFST]/observation/entryRelationship/observation/code/@code", "SEV|SEV"},
	{"criticality is 3.33, certainty 3.35", "ps", allergen + "/entryRelationship[@typeCode=SUBJ]/observation/templateId/@root", home + "3.33|" + home + "3.35"},
	{"criticality and certainty have their LOINC questions", "ps", allergen + "/entryRelationship[@typeCode=SUBJ]/observation/code/@code", "82606-5|66455-7"},
	{"and their answers", "ps", allergen + "/entryRelationship[@typeCode=SUBJ]/observation/value/@code", "high|confirmed"},
	{"status is 3.34", "ps", allergen + "/entryRelationship[@typeCode=REFR]/observation/templateId/@root", home + "3.34"},
	{"and says active", "ps", allergen + "/entryRelationship[@typeCode=REFR]/observation/value/@code", "active"},

	{"a medicine is a substance administration, template 3.4", "ps", parts + "[2]/entry/substanceAdministration/templateId/@root", home + "3.4|2.16.840.1.113883.10.20.1.24|" + ihe + "4.7.1"},
	{"the reason is 3.41", "ps", parts + "[2]/entry/substanceAdministration/entryRelationship[@typeCode=RSON]/observation/templateId[1]/@root", home + "3.41"},
	{"the dose has its unit", "ps", parts + "[2]/entry/substanceAdministration/doseQuantity/@unit", "mL"},

	{"a problem is a concern, template 3.15", "ps", parts + "[3]/entry/act/templateId/@root", home + "3.15|2.16.840.1.113883.10.20.1.27"},
	{"a thing that is over is no concern", "ps", parts + "[3]/entry/act/statusCode/@code", "completed"},
	{"around an observation, template 3.7", "ps", problem + "/templateId/@root", home + "3.7"},
	{"whose value is the problem", "ps", problem + "/value/@code", "I10"},
	{"which lasted", "ps", problem + "/effectiveTime/high/@value", "20150601"},
	{"certainty is 3.49 and severity IHE's", "ps", problem + "/entryRelationship[@typeCode=SUBJ]/observation/templateId/@root", ihe + "4.1|2.16.840.1.113883.10.20.1.55|" + home + "3.49"},
	{"status is 3.9", "ps", problem + "/entryRelationship[@typeCode=REFR]/observation/templateId[1]/@root", home + "3.9"},
	{"the body site is the target", "ps", problem + "/targetSiteCode/@code", "80891009"},
	{"a denied problem is negated", "ps", parts + "[6]/entry/act/entryRelationship/observation/@negationInd", "true"},

	{"a device is a supply, template 3.5", "ps", parts + "[4]/entry/supply/templateId/@root", home + "3.5"},
	{"whose participant is the device", "ps", parts + "[4]/entry/supply/participant[@typeCode=DEV]/participantRole/playingDevice/code/@code", "14106009"},
	{"since when", "ps", parts + "[4]/entry/supply/effectiveTime/low/@value", "20141020"},
	{"a procedure is template 3.26", "ps", parts + "[5]/entry/procedure/templateId/@root", home + "3.26"},
	{"done on a day", "ps", parts + "[5]/entry/procedure/effectiveTime/@value", "19990506"},
	{"a vaccination is 3.19", "ps", vaccine + "/templateId[1]/@root", home + "3.19"},
	{"that was not denied", "ps", vaccine + "/@negationInd", "false"},
	{"its code is IHE's, not the misprint", "ps", vaccine + "/code/@codeSystem", "1.3.6.1.4.1.19376.1.5.3.2"},
	{"its product is 3.18", "ps", vaccine + "/consumable/manufacturedProduct/templateId[1]/@root", home + "3.18"},
	{"the vaccine is the code of the material", "ps", vaccine + "/consumable/manufacturedProduct/manufacturedMaterial/code/@code", "J07BM02"},
	{"against a disease", "ps", vaccine + "/participant/participantRole/code/@code", "B97"},
	{"the dose number is 3.28, a whole number", "ps", vaccine + "/entryRelationship/observation/value[@xsi:type=INT]/@value", "2"},

	{"pregnancy is 3.45", "ps", parts + "[8]/entry[1]/observation/templateId/@root", home + "3.45"},
	{"with the expected date, 3.24 and 3.20", "ps", parts + "[8]/entry[1]/observation/entryRelationship/observation/templateId/@root", home + "3.24|" + home + "3.20|" + ihe + "4.13|" + ihe + "4.13.5"},
	{"a date as TS", "ps", parts + "[8]/entry[1]/observation/entryRelationship/observation/value[@xsi:type=TS]/@value", "20270214"},
	{"an outcome is 3.46", "ps", parts + "[8]/entry[2]/observation/templateId/@root", home + "3.46"},
	{"and counted", "ps", parts + "[8]/entry[2]/observation/value[@xsi:type=INT]/@value", "2"},
	{"social history is 3.23", "ps", parts + "[9]/entry/observation/templateId[1]/@root", home + "3.23"},
	{"a year keeps its precision", "ps", parts + "[9]/entry/observation/effectiveTime/high/@value", "2022"},
	{"vital signs are an organizer 3.21", "ps", parts + "[10]/entry/organizer/templateId[1]/@root", home + "3.21"},
	{"of observations 3.22", "ps", parts + "[10]/entry/organizer/component/observation/templateId[2]/@root", home + "3.22"},
	{"with a measured value", "ps", parts + "[10]/entry/organizer/component/observation/value/@unit", "mm[Hg]"},
	{"a blood group is 3.25", "ps", parts + "[11]/entry[1]/observation/templateId[1]/@root", home + "3.25"},
	{"results are an organizer 3.42", "ps", parts + "[11]/entry[2]/organizer/templateId/@root", home + "3.42"},
	{"of observations 3.43", "ps", parts + "[11]/entry[2]/organizer/component/observation/templateId[1]/@root", home + "3.43"},
	{"a range is low and high", "ps", parts + "[11]/entry[2]/organizer/component/observation/value/*/@value", "120|140"},
	{"with its interpretation", "ps", parts + "[11]/entry[2]/organizer/component/observation/interpretationCode/@code", "N"},
	{"a functional status is 3.40", "ps", parts + "[12]/entry/observation/templateId[1]/@root", home + "3.40"},
	{"words are ST", "ps", parts + "[12]/entry/observation/value[@xsi:type=ST]/text()", "Kõnnib kepiga"},
	{"a plan is meant", "ps", parts + "[13]/entry/act/@moodCode", "INT"},

	{"known absence keeps the record's own code", "none", parts + "[1]/entry/act/entryRelationship/observation/value/@code", "no-known-food-allergies"},
	{"known absence of a list that has no number is the section's code", "none", parts + "[2]/entry/substanceAdministration/code/@code", "no-known-medications"},
	{"no information keeps another list's code inside", "none", parts + "[3]/entry/act/entryRelationship/observation/value/translation/@code", "1287211007"},
	{"no information is the section's code", "none", parts + "[3]/entry/act/entryRelationship/observation/value/@code", "no-problem-info"},
	{"both are of the absent-unknown list", "none", "//*[@codeSystem=2.16.840.1.113883.5.1150.1]/@code", "no-known-food-allergies|no-known-medications|no-problem-info|no-known-immunizations|no-device-info|no-procedure-info"},
	{"an emptied section is one that was never there", "none", parts + "[5]/id/@extension", "46264-8"},
	{"a section that was never there has no information", "none", parts + "[6]/entry/procedure/code/@code", "no-procedure-info"},
}
