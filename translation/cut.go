package translation

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// codeAbove is the target of a row for national codes of a shape: the nearest code above in the target system. National
// lists refine ATC and ICD-10 by further characters, so a code without its last ones says less of the same thing.
const codeAbove = "^"

// cutHead is such a row in a snapshot.
type cutHead struct {
	everyHead
	Shape  string `json:"shape"`
	Before bool   `json:"before"` // says none, and goes before the row for every code of the system
}

// cutRule is such a row, ready to be asked. The group of the shape is what is never cut away.
type cutRule struct {
	cutHead
	shape *regexp.Regexp
}

func (made *judgement) shape() string { return strings.TrimPrefix(made.from.code, openCode) }

// cut checks a row for codes of a shape.
func (made *judgement) cut() error {
	if !strings.HasPrefix(made.from.code, openCode) || made.to.code != codeAbove {
		return errors.New("a row for codes of a shape leads to the code above, ^, and no other row does")
	}
	if made.relation != Wider || made.home || made.factor != "" || made.per.code != "" {
		return errors.New("the code above says less: the row is wider, converts nothing and is no way home")
	}
	_, err := cutShape(made.relation, made.shape())
	return err
}

// cutShape reads the shape of a row. One that says none cuts nothing away and needs no group.
func cutShape(relation Relation, shape string) (*regexp.Regexp, error) {
	compiled, err := WholeShape(shape)
	if err != nil {
		return nil, err
	}
	if relation != None && compiled.NumSubexp() != 1 {
		return nil, errors.New("the shape has one group: the part of the code that is never cut away")
	}
	return compiled, nil
}

// ordered are the rows for shapes in the order in which they are asked: those of a later source first, of one source those that
// say none, and then by their systems and shapes. What an earlier source than a row for every code says, which says none, is left
// out: that row takes it back.
func (m *mapTable) ordered() []*judgement {
	var rows []*judgement
	for _, k := range sortedKeys(m.cuts) {
		if every := m.every[k.system]; every == nil || every.relation != None || m.cuts[k].layer >= every.layer {
			rows = append(rows, m.cuts[k])
		}
	}
	slices.SortStableFunc(rows, func(a, b *judgement) int {
		return cmp.Or(cmp.Compare(b.layer, a.layer), cmp.Compare(told(a), told(b)))
	})
	return rows
}

func told(row *judgement) int {
	if row.relation == None {
		return 0
	}
	return 1
}

// before says that a row for a shape says none, and goes before the row for every code of its system: an earlier source or its own
// has that one.
func (m *mapTable) before(cut *judgement) bool {
	every := m.every[cut.from.system]
	return cut.relation == None && (every == nil || cut.layer >= every.layer)
}

// cutRules reads the rows for shapes by the national system, in their order.
func cutRules(heads []cutHead) (map[string][]*cutRule, error) {
	rules := map[string][]*cutRule{}
	for _, head := range heads {
		shape, err := cutShape(head.Relation, head.Shape)
		if err != nil {
			return nil, err
		}
		rules[head.From] = append(rules[head.From], &cutRule{head, shape})
	}
	return rules, nil
}

// withdrawn says that a row for codes of a shape, which goes before the one for every code, says that a national code has no equal.
func (m *conceptMap) withdrawn(own codeKey) bool {
	return slices.ContainsFunc(m.cuts[own.system], func(rule *cutRule) bool {
		return rule.Before && rule.shape.MatchString(own.code)
	})
}

// above finds what the rows for codes of a shape say of a national code: the first that matches and leads somewhere, or says none.
func (m *conceptMap) above(own codeKey, set *valueSet) (row, bool) {
	for _, rule := range m.cuts[own.system] {
		if found, ok := m.cut(rule, own, set); ok {
			return found, true
		}
	}
	return row{}, false
}

// cut cuts a national code from its end until the value set has what is left.
func (m *conceptMap) cut(rule *cutRule, own codeKey, set *valueSet) (row, bool) {
	group := rule.shape.FindStringSubmatchIndex(own.code)
	if group == nil {
		return row{}, false // another shape
	}
	if rule.Relation == None {
		return m.none(&rule.everyHead, own.code), true
	}
	if group[3] <= 0 {
		return row{}, false // nothing that must be kept
	}
	for end := len(own.code) - 1; end >= group[3]; end-- {
		left := own.code[:end]
		if in, _ := set.member(m.c.entry(codeKey{rule.To, left})); in {
			made := m.same(&rule.everyHead, left)
			made.from.Code = own.code
			return made, true
		}
	}
	return row{}, false
}
