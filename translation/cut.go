package translation

import (
	"errors"
	"regexp"
	"strings"
)

// codeAbove is the target of a row for national codes of a shape: the nearest code above in the target system. National
// lists refine ATC and ICD-10 by further characters, so a code without its last ones says less of the same thing.
const codeAbove = "^"

// cutHead is such a row in a snapshot.
type cutHead struct {
	everyHead
	Shape string `json:"shape"`
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
	_, err := cutShape(made.shape())
	return err
}

func cutShape(shape string) (*regexp.Regexp, error) {
	compiled, err := WholeShape(shape)
	if err != nil {
		return nil, err
	}
	if compiled.NumSubexp() != 1 {
		return nil, errors.New("the shape has one group: the part of the code that is never cut away")
	}
	return compiled, nil
}

func cutRules(heads []cutHead) (map[string]*cutRule, error) {
	rules := map[string]*cutRule{}
	for _, head := range heads {
		shape, err := cutShape(head.Shape)
		if err != nil {
			return nil, err
		}
		rules[head.From] = &cutRule{head, shape}
	}
	return rules, nil
}

// above cuts a national code from its end until the value set has what is left.
func (m *conceptMap) above(own codeKey, set *valueSet) (row, bool) {
	rule, ok := m.cuts[own.system]
	if !ok {
		return row{}, false
	}
	group := rule.shape.FindStringSubmatchIndex(own.code)
	if group == nil || rule.Relation != None && group[3] <= 0 {
		return row{}, false // another shape, or nothing that must be kept
	}
	if rule.Relation == None {
		return m.none(&rule.everyHead, own.code), true
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
