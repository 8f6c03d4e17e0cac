package node

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sild/translation"
)

// tellsSalts says that a shared code system has a code of its own for each salt and ester. EMA's list of substances has
// (ISO 11238); ATC has not, and is all that most lists of medicines write.
func tellsSalts(substance translation.Coding) bool {
	return substance.System == "https://spor.ema.europa.eu/v2/SubstanceDefinition"
}

// salts adds what is to be said of salts and esters where the codes do not tell them: each substance that the two sides
// call by other words, and that a side says no words at all. Of the prescribed product (own) the latter is not asked, as
// with everything else that no code tells.
func (f *Finder) salts(want *need, product *translation.Product, own bool, one *Offered) {
	unsaid := false
	for _, mine := range want.everyIngredient() {
		for _, theirs := range everyIngredient(product) {
			if !mine.Substance.Same(theirs.Substance) || tellsSalts(mine.Substance) {
				continue
			}
			a, b := folded(mine.Name), folded(theirs.Name)
			different := Difference{Kind: SaltUnlike, Prescribed: mine.Name, Offered: theirs.Name}
			switch {
			case len(a) == 0 || len(b) == 0:
				unsaid = true
			case !f.sameWords(mine.Substance, a, b) && !slices.Contains(one.Differences, different):
				one.add(different)
				one.rank.salt = 2
			}
		}
	}
	if unsaid && !own {
		one.add(Difference{Kind: SaltUnsaid})
		one.rank.salt = max(one.rank.salt, 1)
	}
}

// sameWords says that two names of a substance are the same words, or that both are what the shared list itself calls it:
// metformiin and metformiini are one name in two languages.
func (f *Finder) sameWords(substance translation.Coding, a, b []string) bool {
	return slices.Equal(a, b) || f.listName(substance, a) && f.listName(substance, b)
}

// listName says that the shared list calls a substance so in one of its languages.
func (f *Finder) listName(substance translation.Coding, name []string) bool {
	return slices.ContainsFunc(f.Catalogue.Languages(), func(language string) bool {
		own, _ := f.Catalogue.Designation(substance, language)
		return slices.Equal(folded(own), name)
	})
}

// folded are the words of a name in small letters, without accents and signs.
func folded(name string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// called is what the prescription itself calls a substance: never the words that a list has for the code.
func called(ingredient *Ingredient) string {
	if ingredient.Name != "" {
		return ingredient.Name
	}
	if ingredient.Substance.Text != "" {
		return ingredient.Substance.Text
	}
	return ingredient.Substance.Original().Display
}

// everyIngredient are the ingredients of a need, also of the parts of a combination pack.
func (n *need) everyIngredient() []translation.ProductIngredient {
	all := slices.Clone(n.ingredients)
	for i := range n.parts {
		all = append(all, n.parts[i].everyIngredient()...)
	}
	return all
}

// everyIngredient are the ingredients of a product, also of the parts of a combination pack.
func everyIngredient(product *translation.Product) []translation.ProductIngredient {
	all := slices.Clone(product.Ingredients)
	for i := range product.Parts {
		all = append(all, everyIngredient(&product.Parts[i])...)
	}
	return all
}
