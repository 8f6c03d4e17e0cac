package cda

import "strings"

// elsewhere puts a whole document into another namespace.
func elsewhere(s string) string {
	return strings.ReplaceAll(s, `"urn:hl7-org:v3"`, `"urn:hl7-org:v2"`)
}

const aPatient = `<recordTarget><patientRole><id root="1.3.6.1.4.1.28284.6.2.2.1" extension="` + marker + `"/></patientRole></recordTarget>`

// falseEnvelopes are documents that do not say for certain what they are and whose.
func falseEnvelopes() []hostile {
	patientID := `<id root="1.3.6.1.4.1.28284.6.2.2.1" extension="48807160018"/>`
	return []hostile{
		{name: "another root", check: "cda.root", change: func(s string) string { return strings.ReplaceAll(s, "ClinicalDocument", "ClinicalDocumentary") }},
		{name: "another namespace", check: "cda.root", then: "cda.document-code", change: elsewhere},
		{name: "no namespace", check: "cda.root", then: "cda.document-code", change: as(` xmlns="urn:hl7-org:v3"`, "")},
		{name: "a web page", check: "cda.root", then: "cda.document-code", change: func(string) string { return "<html><body>" + marker + "</body></html>" }},
		{name: "a code of no document that is known", check: "cda.document-code", change: as(`<code code="57833-6"`, `<code code="34133-9"`)},
		{name: "no document code", check: "cda.document-code", change: without(`<code code="57833-6"`, "/>")},
		{name: "a document code that is not said", check: "cda.document-code", change: as(`<code code="57833-6" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC"`, `<code nullFlavor="UNK"`)},
		{name: "a document code in another letter case", check: "cda.document-code", change: as(`<code code="57833-6"`, `<code Code="57833-6"`)},
		{name: "a document code of another namespace's attribute", check: "cda.document-code", change: as(`<code code="57833-6"`, `<code xmlns:x="urn:x" x:code="57833-6"`)},
		{name: "two document codes", check: "cda.twice", change: as(`<code code="57833-6"`, `<code code="57833-6" codeSystem="2.16.840.1.113883.6.1"/><code code="60593-1"`)},
		{name: "no document id", check: "cda.document-id", change: as(`<id root="1.3.6.1.4.1.28284.6.2.4.4.1" extension="EE-7001.L3"/>`, "")},
		{name: "a document id that is not said", check: "cda.document-id", change: as(`<id root="1.3.6.1.4.1.28284.6.2.4.4.1" extension="EE-7001.L3"/>`, `<id nullFlavor="NI"/>`)},
		{name: "a document id that is not said but of a system", check: "cda.document-id", change: as(`extension="EE-7001.L3"/>`, `nullFlavor="UNK"/>`)},
		{name: "two document ids", check: "cda.twice", change: as(`extension="EE-7001.L3"/>`, `extension="EE-7001.L3"/><id root="2.999" extension="`+marker+`"/>`)},
		{name: "no patient", check: "cda.patient", then: "cda.patient-id", change: without("<recordTarget", "</recordTarget>")},
		{name: "a target without a patient", check: "cda.patient", then: "cda.patient-id", change: both(without("<patientRole", "</patientRole>"))},
		{name: "a patient without a number", check: "cda.patient-id", change: as(patientID, "")},
		{name: "a patient whose number is not said", check: "cda.patient-id", change: as(patientID, `<id nullFlavor="ASKU"/>`)},
		{name: "a patient whose number is not said but of a system", check: "cda.patient-id", change: as(patientID, `<id root="1.3.6.1.4.1.28284.6.2.2.1" nullFlavor="UNK"/>`)},
		{name: "a patient with an empty number", check: "cda.patient-id", change: as(patientID, `<id root="1.3.6.1.4.1.28284.6.2.2.1" extension=""/>`)},
		{name: "a patient with a blank number", check: "cda.patient-id", change: as(patientID, `<id root="1.3.6.1.4.1.28284.6.2.2.1" extension="&#160; "/>`)},
		{name: "a patient with a number of no system", check: "cda.patient-id", change: as(patientID, `<id extension="`+marker+`"/>`)},
		{name: "two patients", check: "cda.patients", change: as("<author typeCode", aPatient+"<author typeCode")},
		{name: "two patients, the second first", check: "cda.patients", change: as("<recordTarget typeCode", aPatient+"<recordTarget typeCode")},
		{name: "one target of two roles", check: "cda.patients", change: twice("<patientRole", "</patientRole>")},
		{name: "one role of two people", check: "cda.patients", change: twice("<patient classCode", "</patient>")},
		{name: "two patients of a summary", base: summarised, check: "cda.patients", change: first("<author>", aPatient+"<author>")},
		{name: "two patients of pages", base: pictured, check: "cda.patients", change: as("<author>", aPatient+"<author>")},
	}
}

// falseBodies are documents whose body is not one, or not of its kind.
func falseBodies() []hostile {
	body := `<component><structuredBody><component><section><code code="57828-6" codeSystem="2.16.840.1.113883.6.1"/></section></component></structuredBody></component>`
	section := `<component><section><code code="57828-6" codeSystem="2.16.840.1.113883.6.1"/><text>` + marker + `</text></section></component>`
	return []hostile{
		{name: "no body", check: "cda.body", change: instead(`<component typeCode="COMP" contextConductionInd="true">`, "</structuredBody>\n  </component>", "")},
		{name: "an empty body component", check: "cda.body", change: without("<structuredBody", "</structuredBody>")},
		{name: "two bodies", check: "cda.body", change: as("</ClinicalDocument>", body+"</ClinicalDocument>")},
		{name: "two structured bodies in one component", check: "cda.body", change: as("</structuredBody>", "</structuredBody><structuredBody/>")},
		{name: "pages beside data", check: "cda.body", change: as("</structuredBody>", `</structuredBody><nonXMLBody><text mediaType="application/pdf" representation="B64">JVBERi0=</text></nonXMLBody>`)},
		{name: "no section", check: "cda.section", then: "cda.entry", change: instead("<section", "</section>", "")},
		{name: "a second section of prescriptions", check: "cda.section", change: as("</structuredBody>", section+"</structuredBody>")},
		{name: "two sections of which none is of prescriptions", check: "cda.section", change: both(as(`<code code="57828-6"`, `<code code="11450-4"`), as("</structuredBody>", `<component><section><code code="18776-5"/></section></component></structuredBody>`))},
		{name: "two sections in one component", check: "cda.twice", change: as("</section>", "</section><section/>")},
		{name: "two items in one entry", check: "cda.twice", change: as("</entry>", "<substanceAdministration/></entry>")},
		{name: "two things handed out in one entry", base: dispensed, check: "cda.twice", change: as("</entry>", "<supply/></entry>")},
		{name: "more sections than any summary", base: summarised, check: "cda.section", change: as("</structuredBody>", strings.Repeat(`<component><section><code code="`+marker+`"/></section></component>`, 80)+"</structuredBody>")},
		{name: "no item", check: "cda.entry", change: without("<entry", "</entry>")},
		{name: "an empty entry", check: "cda.entry", change: instead("<entry", "</entry>", "<entry/>")},
		{name: "an entry of another kind", check: "cda.entry", change: instead("<entry", "</entry>", `<entry><encounter classCode="ENC" moodCode="EVN"><code code="`+marker+`"/></encounter></entry>`)},
		{name: "an item of another namespace", check: "cda.entry", change: both(as("<substanceAdministration ", `<x:substanceAdministration xmlns:x="urn:x" `), as("</substanceAdministration>", "</x:substanceAdministration>"))},
		{name: "more items than any prescription", check: "cda.entry", change: as("<entry ", strings.Repeat("<entry/>", 64)+"<entry ")},
		{name: "two items under one number", base: several, check: "cda.item", change: as(`extension="EE-7006-2"`, `extension="EE-7006-1"`)},
		{name: "two items without numbers", base: several, check: "cda.item", change: both(as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7006-1"/>`, ""), as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7006-2"/>`, ""))},
		{name: "a dispensation of nothing", base: dispensed, check: "cda.entry", change: without("<entry ", "</entry>")},
		{name: "a dispensation of two things", base: dispensed, check: "cda.entry", change: twice("<entry ", "</entry>")},
		{name: "a dispensation that is a prescription", base: dispensed, check: "cda.entry", then: "cda.order", change: both(instead("<supply", "</supply>", `<substanceAdministration classCode="SBADM" moodCode="INT"/>`), without("<inFulfillmentOf", "</inFulfillmentOf>"))},
		{name: "a dispensation without its order", base: dispensed, check: "cda.order", change: without("<inFulfillmentOf", "</inFulfillmentOf>")},
		{name: "a dispensation whose order is not said", base: dispensed, check: "cda.order", change: as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7001"/>`, `<id root="1.3.6.1.4.1.28284.6.2.4.4" nullFlavor="UNK"/>`)},
		{name: "a dispensation on two orders", base: dispensed, check: "cda.order", change: as("<inFulfillmentOf>", `<inFulfillmentOf><order><id root="2.999" extension="`+marker+`"/></order></inFulfillmentOf><inFulfillmentOf>`)},
		{name: "a dispensation on two items", base: dispensed, check: "cda.order", change: as(`<entryRelationship typeCode="COMP">`, `<entryRelationship typeCode="REFR"><substanceAdministration><id root="2.999" extension="`+marker+`"/></substanceAdministration></entryRelationship><entryRelationship typeCode="COMP">`)},
		{name: "an ID that stands twice", check: "cda.duplicate-id", change: as(`ID="annus"`, `ID="ravim"`)},
		{name: "an ID of the narrative on an entry", check: "cda.duplicate-id", change: as("<entry ", `<entry ID="annus" `)},
		{name: "references to one huge text", check: "cda.references", change: both(inText(`<paragraph ID="suur">`+strings.Repeat("väga palju ", 20_000)+"</paragraph>"), inText(strings.Repeat(`<content><reference value="#suur"/></content>`, 200)))},
		{name: "notes that all refer to one huge text", check: "cda.references", change: both(inText(`<paragraph ID="suur">`+strings.Repeat("väga palju ", 20_000)+"</paragraph>"),
			as(`<entryRelationship typeCode="RSON">`, strings.Repeat(`<entryRelationship typeCode="SUBJ"><act><code code="48767-8"/><text><reference value="#suur"/></text></act></entryRelationship>`, 200)+`<entryRelationship typeCode="RSON">`))},
		{name: "more codes than any document", base: summarised, check: "cda.places", change: first("</section>", strings.Repeat(`<x code="1"/>`, 1<<16)+"</section>")},
		{name: "more leftovers than any document", check: "cda.places", change: first("<entry ", strings.Repeat(`<x value="1"/>`, 1<<16)+"<entry ")},
	}
}

const (
	substituted = `<entryRelationship typeCode="SUBJ" inversionInd="true"><observation><code code="SUBST" codeSystem="2.16.840.1.113883.5.6"/>`
	somebody    = `<subject><relatedSubject classCode="PRS"><code code="CHILD" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>`
	asked       = `<observation classCode="OBS" moodCode="EVN">
                  <code code="SUBST"`
)

// falseStatements are items that say yes and no, or say what they have to say of something else.
func falseStatements() []hostile {
	end := `</observation></entryRelationship><entryRelationship typeCode="RSON">`
	return []hostile{
		{name: "a prescription that is denied", check: "cda.negated", change: as(`<substanceAdministration classCode="SBADM" moodCode="INT">`, `<substanceAdministration classCode="SBADM" moodCode="INT" negationInd="true">`)},
		{name: "a prescription that is denied by a number", check: "cda.negated", change: as(`<substanceAdministration classCode="SBADM" moodCode="INT">`, `<substanceAdministration classCode="SBADM" moodCode="INT" negationInd="1">`)},
		{name: "a prescription that tells what was taken", check: "cda.mood", change: as(`<substanceAdministration classCode="SBADM" moodCode="INT">`, `<substanceAdministration classCode="SBADM" moodCode="EVN">`)},
		{name: "a dispensation that is denied", base: dispensed, check: "cda.negated", change: as(`<supply classCode="SPLY" moodCode="EVN">`, `<supply classCode="SPLY" moodCode="EVN" negationInd="true">`)},
		{name: "a dispensation that is only asked for", base: dispensed, check: "cda.mood", change: as(`<supply classCode="SPLY" moodCode="EVN">`, `<supply classCode="SPLY" moodCode="RQO">`)},
		{name: "a dispensation that was broken off", base: dispensed, check: "cda.status", change: first(`<statusCode code="completed"/>`, `<statusCode code="aborted"/>`)},
		{name: "a dispensation that was taken back", base: dispensed, check: "cda.status", change: first(`<statusCode code="completed"/>`, `<statusCode code="nullified"/>`)},
		{name: "a ban and a permission", check: "cda.twice", then: "cda.substitution", change: as(`<entryRelationship typeCode="RSON">`, substituted+`<value code="G" codeSystem="2.16.840.1.113883.5.1070"/>`+end)},
		{name: "a ban and a permission in one answer", check: "cda.twice", change: as(`displayName="asendamine keelatud"/></value>`, `displayName="asendamine keelatud"/></value><value code="G" codeSystem="2.16.840.1.113883.5.1070"/>`)},
		{name: "a ban that is denied", check: "cda.negated", change: as(asked, `<observation classCode="OBS" moodCode="EVN" negationInd="true">
                  <code code="SUBST"`)},
		{name: "a question of substitution without an answer", check: "cda.substitution", change: without(`<value xsi:type="CE" code="N"`, "</value>")},
		{name: "a ban that was a permission", check: "cda.substitution", change: as(`displayName="asendamine keelatud"/></value>`, `displayName="asendamine keelatud"/><translation code="G" codeSystem="2.16.840.1.113883.5.1070"/></value>`)},
		{name: "an ingredient that is not in it", check: "cda.negated", change: as(`<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="ACTI" negationInd="true">`)},
		{name: "an ingredient that is not in what was handed out", base: dispensed, check: "cda.negated", change: first(`<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="ACTI" negationInd="true">`)},
		{name: "a relation that is denied", check: "cda.negated", change: as(`<entryRelationship typeCode="RSON">`, `<entryRelationship typeCode="RSON" negationInd="true">`)},
		{name: "a dosage that is denied", base: several, check: "cda.negated", change: after(`<entryRelationship typeCode="COMP">`, `<substanceAdministration `, `<substanceAdministration negationInd="true" `)},
		{name: "a dispensation on an item that is denied", base: dispensed, check: "cda.negated", change: as(`<substanceAdministration classCode="SBADM" moodCode="INT">`, `<substanceAdministration classCode="SBADM" moodCode="INT" negationInd="true">`)},
		{name: "a medicine for a child of the patient", check: "cda.subject", change: as(`<consumable typeCode="CSM">`, somebody+`<consumable typeCode="CSM">`)},
		{name: "a section of medicines for somebody else", check: "cda.subject", change: first("<entry ", somebody+"<entry ")},
		{name: "a medicine handed out to a child of the patient", base: dispensed, check: "cda.subject", change: as(`<product>`, somebody+`<product>`)},
		{name: "two amounts", check: "cda.twice", change: as(`<entryRelationship typeCode="RSON">`, `<entryRelationship typeCode="COMP"><supply moodCode="RQO"><quantity value="30" unit="1"/></supply></entryRelationship><entryRelationship typeCode="RSON">`)},
		{name: "an amount that is intended beside the one that is asked for", check: "cda.twice", change: as(`<entryRelationship typeCode="RSON">`, `<entryRelationship typeCode="COMP"><supply moodCode="INT"><quantity value="30" unit="1"/></supply></entryRelationship><entryRelationship typeCode="RSON">`)},
		{name: "an amount that is promised before the one that is asked for", check: "cda.twice", change: first(`<entryRelationship `, `<entryRelationship typeCode="COMP"><supply moodCode="PRMS"><quantity value="30" unit="1"/></supply></entryRelationship><entryRelationship `)},
		{name: "two numbers of packages", check: "cda.twice", change: as(`<quantity value="3" unit="1"/>`, `<quantity value="3" unit="1"/><quantity value="30" unit="1"/>`)},
		{name: "two medicines in one item", check: "cda.twice", change: twice("<consumable", "</consumable>")},
		{name: "two products in one item", check: "cda.twice", change: twice("<manufacturedProduct", "</manufacturedProduct>")},
		{name: "two forms", check: "cda.twice", change: first(`<pharm:formCode code="10219000"`, `<pharm:formCode code="10221000" codeSystem="0.4.0.127.0.16.1.1.2.1"/><pharm:formCode code="10219000"`)},
		{name: "two forms in two namespaces", check: "cda.twice", change: first(`<pharm:formCode code="10219000"`, `<formCode code="10221000" codeSystem="0.4.0.127.0.16.1.1.2.1"/><pharm:formCode code="10219000"`)},
		{name: "two packages of one product", base: combined, check: "cda.twice", change: twice("<pharm:asContent", "</pharm:asContent>")},
		{name: "two strengths of one substance", check: "cda.twice", change: first(`<numerator xsi:type="PQ" value="5"`, `<numerator xsi:type="PQ" value="10" unit="mg"/><numerator xsi:type="PQ" value="5"`)},
		{name: "two states", check: "cda.twice", change: as(`<statusCode code="active"/>`, `<statusCode code="active"/><statusCode code="aborted"/>`)},
		{name: "another product and no other product", base: dispensed, check: "cda.twice", change: as(`<entryRelationship typeCode="COMP">`, `<entryRelationship typeCode="COMP"><act negationInd="true"><code code="SUBST"/></act></entryRelationship><entryRelationship typeCode="COMP">`)},
	}
}

// The place where a prescription says whether another product may be handed out, and where else it may be said.
const (
	question = `<code code="SUBST" codeSystem="2.16.840.1.113883.5.6" codeSystemName="ActClass"/>`
	behind   = `</substanceAdministration>`
	besides  = `<entryRelationship typeCode="RSON">`
)

// silent takes out what a prescription says about substitution.
func silent() func(string) string {
	return instead("<entryRelationship typeCode=\"SUBJ\" inversionInd=\"true\">\n                <observation", "</entryRelationship>", "")
}

// said is an observation with a question and an answer.
func said(code, value string) string {
	return `<observation classCode="OBS" moodCode="EVN"><code ` + code + `/><value ` + value + `/></observation>`
}

// The answers on substitution, as a value has them.
const (
	forbidden = `code="N" codeSystem="2.16.840.1.113883.5.1070"`
	permitted = `code="G" codeSystem="2.16.840.1.113883.5.1070"`
)

// falseSubstitutions speak of substitution where nobody reads it, and not by a plain ban.
func falseSubstitutions() []hostile {
	elsewhere := func(name, what string) hostile {
		return hostile{name: name, check: "cda.substitution", change: both(silent(), as(behind, behind+what))}
	}
	nested := func(what string) string {
		return `<component><section><entry>` + what + `</entry></section></component>`
	}
	relation := `<entryRelationship typeCode="SUBJ" inversionInd="true">`
	return []hostile{
		elsewhere("a permission beside the item", said(`code="SUBST"`, permitted)),
		elsewhere("a permission to no question", said(`nullFlavor="UNK"`, permitted)),
		elsewhere("an answer beside the item that is not said", said(`nullFlavor="UNK"`, `nullFlavor="UNK" codeSystem="2.16.840.1.113883.5.1070"`)),
		elsewhere("an answer beside the item that nobody knows", said(`nullFlavor="UNK"`, `code="`+marker+`" codeSystem=" 2.16.840.1.113883.5.1070 "`)),
		elsewhere("a ban beside the item that is not one", said(`nullFlavor="UNK"`, `nullFlavor="UNK" `+forbidden)),
		elsewhere("a ban beside the item that is denied", strings.Replace(said(`code="SUBST"`, forbidden), `moodCode`, `negationInd="true" moodCode`, 1)),
		elsewhere("a ban beside the item that was a permission", strings.Replace(said(`code="SUBST"`, forbidden), `5.1070"/>`, `5.1070"><translation `+permitted+`/></value>`, 1)),
		elsewhere("a question beside the item", said(`code="SUBST"`, `nullFlavor="NI"`)),
		elsewhere("a question in small letters", said(`code=" subst "`, `nullFlavor="NI"`)),
		elsewhere("a question of another namespace", `<x:note xmlns:x="urn:x" code="SUBST"/>`),
		{name: "a question that is a translation", check: "cda.substitution", change: as(question+"\n                  <value xsi:type=\"CE\" "+forbidden, `<code code="X" codeSystem="2.999"><translation code="SUBST" codeSystem="2.16.840.1.113883.5.6"/></code><value xsi:type="CE" `+permitted)},
		{name: "a permission in a nested section", check: "cda.substitution", change: both(silent(), as("</section>", nested(said(`code="SUBST"`, permitted))+"</section>"))},
		{name: "a ban beside a permission", check: "cda.substitution", change: both(as(`<value xsi:type="CE" `+forbidden, `<value xsi:type="CE" `+permitted), as(`<translation `+forbidden+` displayName="asendamine keelatud"/>`, ""), as(behind, behind+said(`nullFlavor="UNK"`, forbidden)))},
		{name: "a permission for a reason", check: "cda.substitution", change: both(silent(), as(besides, relation+said(`code="X" codeSystem="2.999"`, permitted)+"</entryRelationship>"+besides))},
		{name: "a permission for all of several items", base: several, check: "cda.substitution", change: as("</section>", nested(said(`code="SUBST"`, permitted))+"</section>")},
	}
}

// falseSilence says something, and at once that there is nothing to say.
func falseSilence() []hostile {
	null := ` nullFlavor="UNK" `
	row := func(name, old string) hostile {
		tag, rest, _ := strings.Cut(old, " ")
		return hostile{name: name + " that is not there", check: "cda.null", change: first(old, tag+null+rest)}
	}
	handed := func(h hostile) hostile {
		h.name, h.base = h.name+", handed out", dispensed
		return h
	}
	form, substance := `<pharm:formCode code="10219000"`, `<pharm:code code="C09AA05"`
	return []hostile{
		row("a document code", `<code code="57833-6"`), row("an item", `<substanceAdministration classCode="SBADM" moodCode="INT"`),
		row("an ingredient", `<pharm:ingredient classCode="ACTI">`), row("an amount", `<supply classCode="SPLY" moodCode="RQO">`),
		row("a state", `<statusCode code="active"`), row("a form", form), row("a substance", substance),
		row("a strength", strengthAt), row("what a strength is counted in", perAt), row("a package size", sizeAt), row("a container", `<pharm:formCode code="30009000"`),
		row("a number of packages", packagesAt), row("a number of packages already handed out", `<quantity value="1" unit="1"/></supply>`),
		row("a question of substitution", `<code code="SUBST"`), row("a ban", `<value xsi:type="CE" code="N"`), row("a reason", `<value xsi:type="CD" code="I10"`),
		row("a route", `<routeCode code="20053000"`), row("a dose", `<low value="1" unit="{Tablet}"`), row("a rhythm", rhythmAt), row("an event of the day", `<event code="HS"`),
		row("a product", `<code code="EE-990017"`), row("a class", `<pharm:code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" codeSystemName="ATC" displayName="ramipril"><translation`),
		handed(row("a supply", `<supply classCode="SPLY"`)), handed(row("a state", `<statusCode code="completed"`)), handed(row("a number of packages", `<quantity value="1"`)),
		handed(row("a form", form)), handed(row("a strength", strengthAt)), handed(row("a substance", substance)),
	}
}
