package curation

import (
	"math/big"
	"strings"
)

// units checks that a unit map keeps the dimension and the amount. What a shared unit is comes from UCUM itself, what a
// national one is from the second reader: never from the map.
func (c *checker) units() {
	for _, t := range c.tables.of(kindUnitMap) {
		field := string(t.field())
		name := func(thing string) string { return c.counted(field, thing) }
		unread := []string{}
		for _, r := range t.rows {
			if t.cell(r, "code") == anyCode && t.cell(r, "factor") != "1" {
				c.add(t.finding(RuleUnit, r, anyCode, "the same unit needs no factor but 1"))
			}
			if t.cell(r, "relation") == "none" || !single(t.cell(r, "code")) {
				continue
			}
			means, known := c.unitMeans(t, r)
			if !known {
				unread = append(unread, t.cell(r, "code"))
				continue
			}
			from, err := measured(means, name)
			if err != nil {
				c.add(t.finding(RuleUnit, r, t.cell(r, "code"), err.Error()))
				continue
			}
			to, wrong := c.targetMeasure(t, r, name)
			if wrong != "" {
				c.add(t.finding(RuleUnit, r, t.cell(r, "code"), wrong))
				continue
			}
			switch {
			case from.same(to) && from.size.Cmp(to.size) == 0 && t.cell(r, "relation") != "equivalent":
				c.add(t.finding(RuleUnit, r, t.cell(r, "code"), "it is exactly the same amount, so the relation is equivalent"))
			case !from.same(to):
				c.add(t.finding(RuleUnit, r, t.cell(r, "code"), "it measures "+from.kind()+" and becomes "+to.kind()))
			case from.size.Cmp(to.size) != 0:
				ratio := new(big.Rat).Quo(from.size, to.size)
				factor, _ := new(big.Rat).SetString(t.cell(r, "factor"))
				c.add(t.finding(RuleUnit, r, t.cell(r, "code"), "the factor is "+t.cell(r, "factor")+" and should be "+ratio.Mul(ratio, factor).RatString()))
			}
		}
		if len(unread) > 0 {
			f := t.finding(RuleUnit, row{}, "", "no second reader says what these units are, so their factors are not checked: "+firstOf(unread))
			f.Broken = false
			c.add(f)
		}
	}
}

// unitMeans is what a national unit is, as an expression of UCUM. A unit of UCUM says it itself.
func (c *checker) unitMeans(t *table, r row) (string, bool) {
	if said, ok := c.readings[readingOf(t, r)]; ok && said.means != "" {
		return said.means, true
	}
	if t.cell(r, "system") == "ucum" {
		return t.cell(r, "code"), true
	}
	return "", false
}

// targetMeasure is what the map makes of one national unit.
func (c *checker) targetMeasure(t *table, r row, name func(string) string) (measure, string) {
	factor, ok := new(big.Rat).SetString(t.cell(r, "factor"))
	if !ok || factor.Sign() <= 0 {
		return measure{}, "the factor " + t.cell(r, "factor") + " is no positive number"
	}
	m, err := measured(expression(t.target(r)), name)
	if err != nil {
		return m, err.Error()
	}
	if per := (key{t.cell(r, "per_system"), t.cell(r, "per")}); per.code != "" {
		below, err := measured(expression(per), name)
		if err != nil {
			return m, err.Error()
		}
		m = m.over(below)
	}
	m.size.Mul(m.size, factor)
	return m, ""
}

// expression is a shared unit as UCUM writes it; a unit of presentation is an annotation with its number.
func expression(k key) string {
	if k.system == "ucum" {
		return k.code
	}
	return "{" + k.code + "}"
}

// counted is the one name of a thing that is counted: the code of the shared unit that is called so, or its own words.
func (c *checker) counted(field, thing string) string {
	for k, words := range c.english[field] {
		for _, said := range words {
			if said == fold(thing) && k.system != "ucum" {
				return k.code
			}
		}
	}
	return strings.ToLower(thing)
}
