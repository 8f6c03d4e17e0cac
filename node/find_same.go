package node

import (
	"slices"
	"strings"

	"sild/translation"
)

// same holds substances, strengths and form of a product against what is needed. form is Agrees for the very form and
// NotChecked for one that is the same by its properties; perPiece says that both strengths are for one piece.
func (f *Finder) same(want *need, product *translation.Product) (form translation.Coherence, perPiece bool, why NoOffer) {
	if len(want.parts) > 0 || len(product.Parts) > 0 {
		return translation.Agrees, true, f.sameParts(want, product)
	}
	if why := sameSet(want, product); why != "" {
		return "", false, why
	}
	form = f.sameForm(want.form, product.Form)
	strength, perPiece := sameStrengths(want, product, form == translation.Contradicts)
	switch {
	case strength != translation.Agrees && form == translation.Contradicts:
		return form, perPiece, OtherBothOnly
	case strength == translation.NotChecked:
		return form, perPiece, StrengthsUnlike
	case strength == translation.Contradicts:
		return form, perPiece, OtherStrengthOnly
	case form == translation.Contradicts:
		return form, perPiece, OtherFormOnly
	}
	return form, perPiece, ""
}

// sameSet compares the sets of substances. A single substance of the same ATC code under another code is taken for
// another salt or ester of it: the two are never exchanged.
func sameSet(want *need, product *translation.Product) NoOffer {
	mine, theirs := want.substances(), product.Substances()
	switch {
	case slices.EqualFunc(mine, theirs, translation.Coding.Same):
		return ""
	case len(mine) == 1 && len(theirs) == 1:
		return OtherSaltOnly
	}
	return OtherCombinationOnly
}

// sameStrengths compares the strength of each substance, as it is written or, where one side counts by the piece and the
// other by what the piece holds, by the content of the piece. Where the forms differ anyway, a piece is a piece: then it is
// only to be said whether the strength is there in another form.
func sameStrengths(want *need, product *translation.Product, otherForm bool) (result translation.Coherence, perPiece bool) {
	result, perPiece = translation.Agrees, true
	have := size{product.Items, product.Content}.flat()
	for _, mine := range want.ingredients {
		for _, theirs := range product.Ingredients {
			if !mine.Substance.Same(theirs.Substance) {
				continue
			}
			if otherForm {
				mine.Strength.Per, theirs.Strength.Per = anyPiece(mine.Strength.Per), anyPiece(theirs.Strength.Per)
			}
			perPiece = perPiece && translation.IsPiece(mine.Strength.Per) && translation.IsPiece(theirs.Strength.Per)
			switch compareStrength(mine.Strength, want.size, theirs.Strength, have) {
			case translation.Contradicts:
				result = translation.Contradicts
			case translation.NotChecked:
				if result == translation.Agrees {
					result = translation.NotChecked
				}
			}
		}
	}
	return result, perPiece
}

func anyPiece(unit translation.Coding) translation.Coding {
	if translation.IsPiece(unit) {
		return piece
	}
	return unit
}

func compareStrength(a translation.Strength, mine size, b translation.Strength, theirs size) translation.Coherence {
	if !a.Alike(b) {
		if within, ok := a.Within(mine.content); ok && within.Alike(b) {
			a = within
		} else if within, ok := b.Within(theirs.content); ok && within.Alike(a) {
			b = within
		}
	}
	switch {
	case !a.Alike(b):
		return translation.NotChecked
	case a.Same(b):
		return translation.Agrees
	}
	return translation.Contradicts
}

// sameForm compares two dose forms. Another code is taken only where all properties of both are known and the same, both
// are tablets or capsules that are swallowed whole and release their substance at once, and the corridor has a rule that
// allows it; without properties never.
func (f *Finder) sameForm(a, b translation.Coding) translation.Coherence {
	if a.Same(b) {
		return translation.Agrees
	}
	rule, known := f.Rules.Of(f.Corridor, "offer", "form")
	if known && rule.Effect == "allow" && f.Catalogue.SameForm(a, b) == translation.Agrees && f.Catalogue.SwallowedWhole(a) {
		return translation.NotChecked
	}
	return translation.Contradicts
}

// sameParts compares a combination pack part by part, in any order: each with the same form, strengths and size.
func (f *Finder) sameParts(want *need, product *translation.Product) NoOffer {
	if len(want.parts) != len(product.Parts) {
		return OtherPartsOnly
	}
	left := slices.Clone(product.Parts)
	for i := range want.parts {
		at := slices.IndexFunc(left, func(part translation.Product) bool { return f.samePart(&want.parts[i], &part) })
		if at < 0 {
			return OtherPartsOnly
		}
		left = slices.Delete(left, at, at+1)
	}
	return ""
}

func (f *Finder) samePart(want *need, part *translation.Product) bool {
	form, _, why := f.same(want, part)
	return why == "" && form == translation.Agrees && want.size.identical(size{part.Items, part.Content}.flat())
}

// indistinct are the ATC groups in which substance, strength and form do not tell two medicines apart: ready mixtures of
// insulins, vaccines, extracts of allergens, botulinum toxin, of which each maker counts units of its own.
var indistinct = []string{"A10AD", "J07", "V01", "M03AX01"}

// byNameOnly says that of a medicine only the product of the very same name is offered, numbers in it included: of an
// indistinct group; where the strength is so much in an hour, because no code says how long a patch is worn; and where it is
// in arbitrary units, because these are defined by the procedure of the maker and not comparable (UCUM).
func byNameOnly(want *need, product *translation.Product) bool {
	untold := slices.ContainsFunc(want.everyIngredient(), func(i translation.ProductIngredient) bool {
		return i.Strength.Per.Code == "h" || arbitrary(i.Strength.Unit)
	})
	return want.indistinct || untold || slices.ContainsFunc(indistinct, func(group string) bool {
		return strings.HasPrefix(product.Classification.Code, group)
	})
}

// arbitrary says that a unit is the maker's own. International units are not: for each substance a standard defines them.
func arbitrary(unit translation.Coding) bool {
	return unit.Code == "[arb'U]" || unit.Code == "{ELISA'U}"
}

// sameName says that a name on the list is the prescribed one. A ban on another product holds in both countries for every
// product but the prescribed one: Lääkelaki (395/1987) 57 b §, by which the pharmacy may not exchange what the prescriber
// has marked as not to be exchanged, and Ravimiseadus § 33 with regulation no. 30 of 18.02.2005, by which a prescription
// for a named product bears the prescriber's reason against another. The list names no holder, so the name decides: all
// words before the first one that begins with a digit, in any case of letters. Where that leaves nothing, or nothing was
// named, it is another product.
func sameName(prescribed, listed string) bool {
	mine, theirs := brand(prescribed), brand(listed)
	return len(mine) > 0 && slices.Equal(mine, theirs)
}

func brand(name string) []string {
	all := words(name)
	if at := slices.IndexFunc(all, func(word string) bool { return word[0] >= '0' && word[0] <= '9' }); at >= 0 {
		return all[:at]
	}
	return all
}

// words are the words of a name in small letters, without signs of registration and commas.
func words(name string) []string {
	return strings.Fields(strings.ToLower(strings.NewReplacer("®", " ", "™", " ", ", ", " ").Replace(name)))
}
