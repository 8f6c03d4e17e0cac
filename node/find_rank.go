package node

import (
	"cmp"
	"math/big"
	"slices"

	"sild/translation"
)

// rank is what products are put in order by. The order does not depend on that of the list.
type rank struct {
	salt  int      // 0 the same words or codes that tell, 1 words are missing, 2 other words
	form  int      // 0 the very form, 1 the same by its properties
	off   *big.Rat // what is short, or over, as a part of what was prescribed
	packs *big.Int
	size  int // 0 a package of the prescribed size
	name  int // 0 the prescribed product
	said  int // 0 the list says that it is on the market
}

// order sorts products: those whose salt or ester is known to be the same, then the prescribed form before one like it, what comes nearest to the prescribed amount, the fewest
// packages, the prescribed size, the prescribed name, and then the name and number of the list.
func order(list []Offered) {
	slices.SortFunc(list, func(a, b Offered) int {
		return cmp.Or(cmp.Compare(a.rank.salt, b.rank.salt), cmp.Compare(a.rank.form, b.rank.form), a.rank.off.Cmp(b.rank.off), a.rank.packs.Cmp(b.rank.packs),
			cmp.Compare(a.rank.size, b.rank.size), cmp.Compare(a.rank.name, b.rank.name), cmp.Compare(a.rank.said, b.rank.said),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number.System, b.Number.System), cmp.Compare(a.Number.Code, b.Number.Code))
	})
}

// fits holds one product against what is needed: the product as it is offered, or why it is not.
func (f *Finder) fits(want *need, product *translation.Product) (*Offered, NoOffer) {
	market := f.onMarket(product)
	form, perPiece, why := f.same(want, product)
	if why != "" {
		if !market {
			return nil, NothingOnMarket
		}
		return nil, why
	}
	if !market {
		return nil, OffMarket
	}
	name := sameName(want.name, product.Name)
	switch {
	case !name && want.banned:
		return nil, SubstitutionBanned
	case byNameOnly(want, product) && !slices.Equal(words(want.name), words(product.Name)):
		return nil, OnlyByName
	}
	if want.banned && form != translation.Agrees {
		return nil, SubstitutionBanned
	}
	one := &Offered{Number: product.ID, Name: product.Name, Form: f.named(product.Form), Draft: product.Draft, Product: product}
	if form != translation.Agrees {
		one.rank.form = 1
		one.add(Difference{Kind: OtherFormSame, Prescribed: f.named(want.form).Display, Offered: one.Form.Display})
	}
	why = f.packed(want, product, perPiece, one)
	f.told(want, product, name, one)
	f.salts(want, product, name, one)
	return one, why
}

// told adds the differences that no amount shows.
func (f *Finder) told(want *need, product *translation.Product, name bool, one *Offered) {
	if !name {
		one.rank.name = 1
		if want.name != "" {
			one.add(Difference{Kind: OtherName, Prescribed: want.name, Offered: product.Name})
		}
		if want.unsaid {
			one.add(Difference{Kind: SubstitutionOpen})
		}
		for _, kind := range untold(product) {
			one.add(Difference{Kind: kind})
		}
	}
	if product.Marketed == nil {
		one.rank.said = 1
		one.add(Difference{Kind: MarketUnsaid})
	}
}

func (o *Offered) add(d Difference) { o.Differences = append(o.Differences, d) }

func (f *Finder) named(form translation.Coding) translation.Coding {
	form.Display, form.Language = f.Catalogue.Designation(form, f.Languages...)
	return form
}

func (f *Finder) onMarket(product *translation.Product) bool {
	return (product.Marketed == nil || *product.Marketed) && product.On(f.Now().UTC().Format("2006-01-02"))
}

// packed counts the packages of a product.
func (f *Finder) packed(want *need, product *translation.Product, perPiece bool, one *Offered) NoOffer {
	have := size{product.Items, product.Content}.flat()
	one.rank.off = new(big.Rat)
	if len(product.Parts) > 0 { // the parts are the same, so a package is a package
		one.Packs, one.rank.packs = number(want.packs), want.packs.Num()
		one.Size = "1"
		return ""
	}
	mine, theirs, unsaid, why := want.comparable(have, perPiece)
	if why != "" {
		return why
	}
	counted := pack(want.packs, mine, theirs)
	one.Packs, one.Size, one.rank.packs = counted.packs.String(), f.text(have), counted.packs
	if mine.Number.Cmp(theirs.Number) != 0 || f.text(want.size) != one.Size {
		one.rank.size = 1
		one.add(Difference{Kind: OtherPack, Prescribed: f.times(number(want.packs), want.size), Offered: f.times(one.Packs, have)})
	}
	if unsaid {
		one.add(Difference{Kind: ContentUnsaid})
	}
	as := want.size.items
	if !translation.SameUnit(as.Base().Unit, mine.Unit) {
		as = want.size.total()
	}
	total := new(big.Rat).Mul(want.packs, mine.Number)
	switch {
	case counted.larger:
		one.rank.off.Quo(counted.over, total)
		one.add(Difference{Kind: TooMuch, Rest: f.rest(counted.over, as)})
		return OnlyLarger
	case counted.short.Sign() > 0:
		one.rank.off.Quo(counted.short, total)
		one.add(Difference{Kind: TooLittle, Rest: f.rest(counted.short, as), Instead: f.rest(counted.over, as)})
	}
	return ""
}
