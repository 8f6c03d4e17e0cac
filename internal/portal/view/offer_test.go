package view

import (
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// twoProducts is an offer of two products, one of them with every difference.
func twoProducts() *node.Offer {
	return &node.Offer{Country: "FI", Medicine: "Ramipriil 2.5 mg", Products: []node.Offered{
		{Number: translation.Coding{Code: "990101"}, Name: "Ramilehto 5 mg", Packs: "1", Size: "56",
			Form: translation.Coding{Code: "10219000", Display: "tabletti", Language: "fi"}},
		{Number: translation.Coding{Code: "990102"}, Name: "Ramiranta 5 mg", Packs: "2", Size: "1.5 mL", Draft: true, Differences: []node.Difference{
			{Kind: node.OtherPack, Prescribed: "3.5 mL", Offered: "2 × 1.5 mL"},
			{Kind: node.TooLittle, Rest: "0.5 mL", Instead: "1 mL"},
			{Kind: node.OtherName, Prescribed: "Ramipriil 2.5 mg"},
			{Kind: node.OtherFormSame, Prescribed: "tabletti", Offered: "tabletti, kalvopäällysteinen"},
			{Kind: node.SaltUnlike, Prescribed: "ramipriil", Offered: "ramiprilaatti"}, {Kind: node.SaltUnsaid}}}},
		Larger: []node.Offered{{Name: "Suurlehto", Packs: "1", Size: "100", Differences: []node.Difference{{Kind: node.TooMuch, Rest: "44"}}}}}
}

func TestTheProductsOfTheReadersCountryStandOnThePageWithEveryDifference(t *testing.T) {
	for language, words := range map[string][]string{
		"en": {"Medicines here that match the prescription – FI", "2 × 1.5 mL instead of 3.5 mL", "0.5 mL short; with one package more 1 mL too much", "another name; prescribed: Ramipriil 2.5 mg", "44 more than prescribed",
			"the list calls the active substance ramiprilaatti, the prescription ramipriil: check salt or ester", "whether the salt or ester is the same cannot be told"},
		"et": {"Retseptile vastavad siinsed ravimid – FI", "3,5 mL asemel 2 × 1,5 mL", "puudu 0,5 mL", "määratud: Ramipriil 2.5 mg", "44 rohkem kui määratud",
			"loendis on toimeaine ramiprilaatti, retseptil ramipriil: kontrollida soola või estrit", "kas sool või ester on sama"},
		"fi": {"Lääkemääräystä vastaavat valmisteet täällä – FI", "2 × 1,5 mL, määrätty 3,5 mL", "0,5 mL liian vähän", "tabletti, kalvopäällysteinen, määrätty tabletti",
			"vaikuttava aine on luettelossa ramiprilaatti, lääkemääräyksessä ramipriil: tarkista suola tai esteri", "onko suola tai esteri sama"},
		"sv": {"Läkemedel här som motsvarar receptet – FI", "2 × 1,5 mL i stället för 3,5 mL", "0,5 mL för lite",
			"listan kallar den aktiva substansen ramiprilaatti, receptet ramipriil: kontrollera salt eller ester", "om saltet eller estern är densamma"},
	} {
		html := rendered(t, View{Document: gaps(), Language: language, At: morning, Offers: []*node.Offer{twoProducts()}})
		for _, want := range append(words, "990101", `lang="fi">tabletti<`, "1 × 56", `<a href="#o1">`, `: <bdi>Ramipriil 2.5 mg</bdi></h2>`) {
			if !strings.Contains(html, want) {
				t.Errorf("%s: %q is not on the page", language, want)
			}
		}
		if strings.Index(html, "990101") > strings.Index(html, "990102") || strings.Index(html, "990102") > strings.Index(html, "Suurlehto") {
			t.Errorf("%s: the products are not in their order", language)
		}
	}
}

func TestAPageSaysWhyNothingIsOffered(t *testing.T) {
	o := &node.Offer{Country: "FI", None: node.SourceGap, Slot: "medication.form", Also: []node.NoOffer{node.OtherStrengthOnly}}
	html := rendered(t, View{Document: gaps(), Language: "et", At: morning, Offers: []*node.Offer{o}})
	for _, want := range []string{labels["offer.none"][1], labels["none:source-gap"][1], "medication.form", labels["none:other-strength"][1]} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(html, labels["offer.notice"][1]) {
		t.Error("the page speaks of products that are not there")
	}
}

func TestWithoutAListThePageIsAsItWas(t *testing.T) {
	html := rendered(t, View{Document: gaps(), Language: "en", At: morning, Offers: []*node.Offer{nil}})
	if strings.Contains(html, labels["offer"][0]) {
		t.Error("an offer stands on the page")
	}
}
