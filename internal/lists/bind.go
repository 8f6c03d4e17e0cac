package lists

import (
	"cmp"
	"fmt"
	"strings"

	"sild/internal/lists/folder"
	"sild/translation"
)

// binder holds the targets of a map against what its field may hold.
type binder struct {
	field     string
	members   *folder.Members
	spellings map[[2]string]folder.Spelling
	lacking   []string // targets that became gaps
	respelt   int
}

// bind makes the targets of a map codes that the field may hold: another spelling becomes the shared code, and what the shared
// lists lack becomes a gap that says so. It returns the shared codes that nothing national stands for, without those that the
// field does not hold. A field that nobody knows holds anything.
func (j *job) bind(field string, from []*conceptMap, pairs, said []pair) (absent []pair, err error) {
	b := &binder{field: field}
	var known bool
	if b.members, known, err = j.stage.Members(field); err != nil {
		return nil, err
	}
	if b.spellings, err = j.stage.Spellings(field); err != nil {
		return nil, err
	}
	for _, m := range from {
		absent = append(absent, m.absent...)
	}
	outcome, file := from[0].outcome, j.Country+"-eu/"+field+".csv"
	if !known {
		outcome.note("%s: the field has no value set yet: import one before you build", file)
		return absent, nil
	}
	for i := range pairs {
		pairs[i] = b.bound(pairs[i])
	}
	b.tell(outcome, file)
	silent := &binder{field: field, members: b.members, spellings: b.spellings}
	for i := range said {
		said[i] = silent.bound(said[i])
	}
	held := absent[:0:0]
	for _, p := range absent {
		if b.members.Has(p.target, p.targetCode) {
			held = append(held, p)
		}
	}
	if left := len(absent) - len(held); left > 0 {
		outcome.note("%s: %d shared codes without a national one are left out: the value set does not have them", file, left)
	}
	return held, nil
}

func (b *binder) tell(outcome *Outcome, file string) {
	if b.respelt > 0 {
		outcome.note("%s: %d targets were other spellings of shared codes, whose code stands there now", file, b.respelt)
	}
	if len(b.lacking) > 0 {
		outcome.note("%s: %d targets are not in the value set of the field and became gaps (%s): if it is not the newest, import it, then this again",
			file, len(b.lacking), strings.Join(b.lacking[:min(len(b.lacking), 10)], " "))
	}
}

// bound is a pair whose target, and whose denominator, the field may hold; otherwise a gap.
func (b *binder) bound(p pair) pair {
	if p.targetCode == "" {
		return p
	}
	target, per := p.targetCode, p.per
	lacking := target
	if b.target(&p) {
		if b.denominator(&p) {
			return b.told(p, target, per)
		}
		lacking = per
	}
	b.lacking = addOnce(b.lacking, lacking)
	return pair{source: p.source, code: p.code, relation: none, at: p.at, list: p.list, since: p.since, draft: p.draft,
		remark: strings.TrimSuffix(fmt.Sprintf("%s: the shared list of %s has no %s; %s", translation.NoTerm, b.field, lacking, p.remark), "; ")}
}

// target finds the shared code of the target, which may bring its denominator.
func (b *binder) target(p *pair) bool {
	if b.members.Has(p.target, p.targetCode) {
		return true
	}
	shared, known := b.spellings[[2]string{p.target, p.targetCode}]
	if !known || !b.members.Has(shared.System, shared.Code) || shared.Per != "" && p.per != "" {
		return false
	}
	if p.per != "" && p.perSystem == "" {
		p.perSystem = p.target
	}
	p.target, p.targetCode, p.draft = shared.System, shared.Code, p.draft || shared.Draft
	if shared.Per != "" {
		p.perSystem, p.per = shared.PerSystem, shared.Per
	}
	return true
}

// denominator finds the shared code of the denominator; a pair without one has it.
func (b *binder) denominator(p *pair) bool {
	system := cmp.Or(p.perSystem, p.target)
	if p.per == "" || b.members.Has(system, p.per) {
		return true
	}
	shared, known := b.spellings[[2]string{system, p.per}]
	if !known || shared.Per != "" || !b.members.Has(shared.System, shared.Code) {
		return false
	}
	p.perSystem, p.per, p.draft = shared.System, shared.Code, p.draft || shared.Draft
	return true
}

// told says in the remark what the source wrote, where it is not what stands in the row now.
func (b *binder) told(p pair, target, per string) pair {
	if p.targetCode == target && p.per == per {
		return p
	}
	b.respelt++
	written := target
	if per != "" {
		written += " per " + per
	}
	p.remark = strings.TrimSuffix("the source writes "+written+"; "+p.remark, "; ")
	return p
}
