package tongues_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// The systems of the made-up records.
const (
	ucum      = "http://unitsofmeasure.org"
	edqm      = "http://standardterms.edqm.eu"
	snomed    = "http://snomed.info/sct"
	loinc     = "http://loinc.org"
	eeAmount  = "https://fhir.ee/CodeSystem/retsept-mahu-ja-massiyhik"
	eeForm    = "https://fhir.ee/CodeSystem/ravimvormid"
	eePackage = "http://ravimiregister.ee/pakendid" // has no number: it cannot stand in CDA
	eeRx      = "https://fhir.ee/CodeSystem/tis-fhir-identifikaatorid/retseptikeskus-retsept"
	eePerson  = "https://fhir.ee/sid/pid/est/ni"
	unknown   = "urn:oid:2.999.4711" // a code system that the tables do not know
	nameless  = "https://example.org/no-number"
)

// letters are those that have been lost on the way before, and those that markup and quoting stumble over.
var letters = []rune("aZ09õäöüšžåÕÄÖÜŠŽØŁłñºªΩαβЖй®™µ€½漢😀🧑<>&\"'`\\{}[]%,.;:/")

// numbers are decimals of every shape that a source may write.
var numbers = []string{"1", "1.0", "0.50", "1234567.891", "30", "100.000", "0.005", "2.5", "9007199254740993",
	"123456789012345678.123456789", "3"}

// inventor makes records by chance and remembers what they say.
type inventor struct {
	t     *rapid.T
	slots []*translation.Slot
	words map[string]string // texts that must arrive, and the place in the record that says them
	known bool              // only codes that the tables carry exactly
	n     int
}

func newInventor(t *rapid.T, known bool) *inventor {
	return &inventor{t: t, words: map[string]string{}, known: known}
}

func (v *inventor) maybe() bool { return rapid.Bool().Draw(v.t, "there") }

func (v *inventor) one(of ...string) string { return rapid.SampledFrom(of).Draw(v.t, "one") }

func (v *inventor) number() string { return rapid.SampledFrom(numbers).Draw(v.t, "number") }

// text is a text that no other is like. Its words stand one blank apart, as XML readers see them.
func (v *inventor) text(path string) string {
	v.n++
	words := []string{"w" + strconv.Itoa(v.n) + "."}
	for range rapid.IntRange(1, 2).Draw(v.t, "words") {
		words = append(words, rapid.StringOfN(rapid.SampledFrom(letters), 1, 6, -1).Draw(v.t, "word"))
	}
	text := strings.Join(words, " ")
	v.words[text] = path
	return text
}

// pool holds the codes of a field: the shared ones, and those of the two countries that have a shared equal.
var pool = func() func(translation.Field) []translation.Coding {
	var lock sync.Mutex
	found := map[translation.Field][]translation.Coding{}
	return func(field translation.Field) []translation.Coding {
		lock.Lock()
		defer lock.Unlock()
		if list, ok := found[field]; ok {
			return list
		}
		list := shipped().Members(field)
		for _, country := range []string{"EE", "FI"} {
			for _, c := range shipped().Sendable(country, field) {
				probe := translation.NewSlot(field, "", c)
				probe.Required, probe.Number = true, "1"
				if shipped().ToPivot(country, probe); c.Code != "" && probe.Fate == translation.Mapped && probe.Per() == nil {
					list = append(list, c)
				}
			}
		}
		list = slices.DeleteFunc(list, func(c translation.Coding) bool {
			system, _ := shipped().System(c.System)
			return field == translation.Substance && system.OID == "" // such a code cannot stand in CDA untranslated
		})
		found[field] = list
		return list
	}
}()

// coding draws a code of a field, known or not, with a display that nobody may trust.
func (v *inventor) coding(field translation.Field) translation.Coding {
	v.n++
	n := strconv.Itoa(v.n)
	c := translation.Coding{System: v.one(unknown, edqm, snomed, eeForm), Code: "x" + n}
	if list := pool(field); len(list) > 0 && (v.known || rapid.IntRange(0, 3).Draw(v.t, "known") > 0) {
		c = rapid.SampledFrom(list).Draw(v.t, "code")
	} else if field != translation.DoseForm && field != translation.Substance && rapid.IntRange(0, 7).Draw(v.t, "nameless") == 0 {
		c.System = nameless // where it must be right, CDA refuses a code whose system has no number
	}
	c.Language = ""
	if c.Display = ""; v.maybe() {
		c.Display = "d" + n + v.one("õäö", "<&\">", "®Ω", "ЖŁØ", "😀")
	}
	if c.Version = ""; v.maybe() {
		c.Version = "v" + n
	}
	return c
}

// slot is a coded place with a life of none to four steps, some of them by a map and some only asserted.
func (v *inventor) slot(field translation.Field, path string) *translation.Slot {
	s := translation.NewSlot(field, path, v.coding(field))
	steps := 0
	if !v.known {
		steps = max(0, rapid.IntRange(-2, 4).Draw(v.t, "steps"))
	}
	for range steps {
		v.step(s, v.coding(field))
	}
	if v.maybe() {
		s.Text = v.text(path)
	}
	v.slots = append(v.slots, s)
	return s
}

func (v *inventor) step(s *translation.Slot, to translation.Coding) {
	if v.maybe() {
		s.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent, Map: "made-up/" + string(s.Field),
			Release: "c0ffee", Country: "EE"}, to)
		return
	}
	s.Assert(to)
}

func (v *inventor) some(field translation.Field, path string) *translation.Slot {
	if !v.maybe() {
		return nil
	}
	return v.slot(field, path)
}

// unit is a quantity in a unit of the field: of UCUM, of a list of units of presentation, of a country, or unheard of.
func (v *inventor) unit(field translation.Field, path, value string) node.Quantity {
	s := translation.NewSlot(field, path, v.unitCode(field))
	s.Number = value
	if !v.known && rapid.IntRange(0, 3).Draw(v.t, "converted") == 0 {
		if to := v.unitCode(field); !to.Same(s.Current) { // one unit has one number
			v.step(s, to)
			s.Amount = v.number()
		}
	}
	v.slots = append(v.slots, s)
	return node.Quantity{Value: value, Unit: s}
}

func (v *inventor) unitCode(field translation.Field) translation.Coding {
	v.n++
	switch rapid.IntRange(0, 4).Draw(v.t, "unit") {
	case 0:
		if !v.known {
			return translation.Coding{System: eeAmount, Code: "ZZ" + strconv.Itoa(v.n), Display: "ühik"}
		}
	case 1:
		c := v.national(field)
		c.Display = ""
		return c
	}
	if field == translation.StrengthUnit {
		return translation.Coding{System: ucum, Code: v.one("mg", "g", "ug", "[iU]")}
	}
	return translation.Coding{System: ucum, Code: v.one("mL", "g", "mg", "1")}
}

// national is a unit of the field that can measure a substance.
func (v *inventor) national(field translation.Field) translation.Coding {
	if field == translation.StrengthUnit {
		return translation.Coding{System: eeAmount, Code: v.one("MG", "G", "MCG")}
	}
	if field == translation.ResultUnit {
		field = translation.DoseUnit // no list binds a measured value
	}
	return rapid.SampledFrom(pool(field)).Draw(v.t, "code")
}

func (v *inventor) ratio(path string) *node.Ratio {
	return &node.Ratio{Numerator: v.unit(translation.StrengthUnit, path+".numerator", v.number()),
		Denominator: v.unit(translation.StrengthUnit, path+".denominator", v.one("1", "1.0", "5", "0.5"))}
}

// packaging is one package of one to three containers in one another, summed up as the decoders do.
func (v *inventor) packaging(path string, deepest int) node.Package {
	var p node.Package
	levels := rapid.IntRange(1, deepest).Draw(v.t, "levels")
	for i := range levels {
		at := path + ".level[" + strconv.Itoa(i) + "]"
		level := node.PackageLevel{Form: v.some(translation.Container, at+".form"), Product: v.some(translation.ProductID, at+".product")}
		if v.maybe() {
			level.Name = v.text(at + ".name")
		}
		if i == 0 {
			level.Quantity = v.unit(translation.PackageUnit, at+".quantity", v.number())
		} else {
			level.Quantity = v.count(at+".quantity", v.one("2", "3", "10"))
		}
		p.Levels = append(p.Levels, level)
	}
	switch levels {
	case 1:
		p.Items = p.Levels[0].Quantity
	case 2:
		p.Items, p.Content = p.Levels[1].Quantity, p.Levels[0].Quantity
	default:
		a, _ := strconv.Atoi(p.Levels[1].Quantity.Value)
		b, _ := strconv.Atoi(p.Levels[2].Quantity.Value)
		p.Items, p.Content = node.Quantity{Value: strconv.Itoa(a * b)}, p.Levels[0].Quantity
	}
	return p
}

func (v *inventor) count(path, value string) node.Quantity {
	s := translation.NewSlot(translation.PackageUnit, path, translation.Coding{System: ucum, Code: "1"})
	s.Number = value
	v.slots = append(v.slots, s)
	return node.Quantity{Value: value, Unit: s}
}

// medicine is a product, or where parts are wanted perhaps a combination pack of two.
func (v *inventor) medicine(path string, parts bool) node.Medication {
	m := node.Medication{Form: v.slot(translation.DoseForm, path+".form"), Product: v.product(path + ".product"), Generic: v.some(translation.ProductID, path+".generic"),
		Classification: []*translation.Slot{v.slot(translation.Classification, path+".classification[0]")}}
	if v.maybe() {
		m.Name, m.Strength, m.Holder = v.text(path+".name"), v.text(path+".strength"), v.text(path+".holder")
	}
	if parts && v.maybe() {
		for i := range 2 {
			part := v.medicine(path+".part["+strconv.Itoa(i)+"]", false)
			part.Package = v.partPackage(path + ".part[" + strconv.Itoa(i) + "].package")
			m.Parts = append(m.Parts, part)
		}
		return m
	}
	for i := range rapid.IntRange(1, 2).Draw(v.t, "ingredients") {
		at := path + ".ingredient[" + strconv.Itoa(i) + "]"
		m.Ingredients = append(m.Ingredients, node.Ingredient{Substance: v.slot(translation.Substance, at+".substance"), Name: v.text(at + ".name"), Strength: v.ratio(at + ".strength")})
	}
	if deepest := 3; !strings.Contains(path, ".part[") {
		m.Package = v.packaging(path+".package", deepest)
	}
	return m
}

func (v *inventor) product(path string) *translation.Slot {
	if !v.maybe() {
		return nil
	}
	v.n++
	s := translation.NewSlot(translation.ProductID, path, translation.Coding{System: v.one(eePackage, "urn:oid:1.2.246.537.6.55.2004"), Code: strconv.Itoa(1000000 + v.n)})
	v.slots = append(v.slots, s)
	return s
}

func (v *inventor) partPackage(path string) node.Package {
	p := node.Package{Items: v.unit(translation.PackageUnit, path+".items", v.one("1", "6", "2"))}
	if v.maybe() {
		p.Content = v.unit(translation.PackageUnit, path+".content", v.number())
	}
	return p
}
