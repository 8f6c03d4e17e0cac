package cda

import (
	"sort"
	"strconv"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// substitution settles for every item whether another product may be handed out. An item that says nothing about it may
// be substituted (MyHealth@EU ePrescription), but only where nothing in the document speaks of it in a place that nobody
// reads: silence would allow what is forbidden there.
func (d *decoder) substitution(entries []xmldom.Element) {
	spoken := d.spokenOfSubstitution()
	bans := map[int]*translation.Slot{} // by the place: one that stands beside the items is the ban of them all
	for i, p := range d.doc.Prescriptions {
		unread := d.unreadAnswers(spoken, entries[i], p.Substitution.Code)
		ban := d.onlyBan(unread)
		switch {
		case d.err != nil:
			return
		case ban.There() && p.Substitution.Allowed != nil && *p.Substitution.Allowed:
			d.refuse("cda.substitution", ban, "a substitution that is allowed in one place and forbidden in another")
		case p.Substitution.Code != nil:
		case ban.There():
			d.forbid(p, ban, bans, prefixOf(i, len(entries)))
		case len(unread) > 0:
			d.refuse("cda.substitution", unread[0], "a question of substitution without an answer in its place")
		default:
			yes := true
			p.Substitution.Allowed = &yes
		}
	}
}

// prefixOf begins the record paths of an item of several.
func prefixOf(i, items int) string {
	if items == 1 {
		return ""
	}
	return "prescription[" + strconv.Itoa(i) + "]."
}

// spokenOfSubstitution are all places that ask whether another product may be handed out, or answer it.
func (d *decoder) spokenOfSubstitution() []xmldom.Element {
	var found []xmldom.Element
	for e := range d.xml.Bearing("code", "codeSystem") {
		if asksSubstitution(e) || answersSubstitution(e) {
			found = append(found, e)
		}
	}
	return found
}

// asksSubstitution says that an element is the question, however it is written.
func asksSubstitution(e xmldom.Element) bool {
	return strings.EqualFold(strings.TrimSpace(attr(e, "code")), "SUBST")
}

// answersSubstitution says that an element is an answer, or the null flavour of one (HL7 v3 substanceAdminSubstitution).
func answersSubstitution(e xmldom.Element) bool {
	return strings.TrimSpace(attr(e, "codeSystem")) == oid.Substitution
}

// unreadAnswers are the places that speak of an item, or of all of them, outside the observation that was read.
func (d *decoder) unreadAnswers(spoken []xmldom.Element, entry xmldom.Element, answer *translation.Slot) []xmldom.Element {
	var found []xmldom.Element
	var read xmldom.Element
	if answer != nil {
		read = d.around(answer.Span.Start, "observation")
	}
	for _, e := range spoken {
		if of := entryAround(e, entry.Parent()); of.There() && of != entry {
			continue // another item's
		}
		if !isRead(e, read) {
			found = append(found, e)
		}
	}
	return found
}

// around is the innermost element of the name around the one that starts at the offset. Elements stand in the order of
// their starts.
func (d *decoder) around(offset int, local string) xmldom.Element {
	i := sort.Search(d.xml.Len(), func(i int) bool { return d.xml.At(i).Span().Start >= offset })
	e := d.xml.At(i)
	for e.There() && (e.Local() != local || !known(e)) {
		e = e.Parent()
	}
	return e
}

// entryAround is the entry of the section that an element stands in, or none.
func entryAround(e, section xmldom.Element) xmldom.Element {
	for e.There() && e.Parent() != section {
		e = e.Parent()
	}
	if e.Local() == "entry" && known(e) {
		return e
	}
	return xmldom.Element{}
}

// isRead says that a place stands in the question or the answer of an observation that was read. What hangs on that
// observation is not read.
func isRead(e, observation xmldom.Element) bool {
	for e.There() && e.Parent() != observation {
		e = e.Parent()
	}
	return e.There() && observation.There() && (e.Local() == "code" || e.Local() == "value")
}

// onlyBan is the ban among answers that nobody has read. Any other answer there is refused: nobody can say what it is
// the answer to.
func (d *decoder) onlyBan(unread []xmldom.Element) xmldom.Element {
	var ban xmldom.Element
	for _, e := range unread {
		if !answersSubstitution(e) {
			continue
		}
		if _, null := e.Attr("nullFlavor"); null || attr(e, "code") != "N" || isDenied(e) {
			d.refuse("cda.substitution", e, "an answer on substitution that stands where nobody can say what it answers")
			return xmldom.Element{}
		}
		if !ban.There() {
			ban = e
		}
	}
	return ban
}

// isDenied says that an element stands in a statement that is denied.
func isDenied(e xmldom.Element) bool {
	for ; e.There(); e = e.Parent() {
		if negated(e) {
			return true
		}
	}
	return false
}

// forbid writes a ban into the record, with the place where it stands unless another field of the record holds that.
func (d *decoder) forbid(p *node.Prescription, ban xmldom.Element, bans map[int]*translation.Slot, prefix string) {
	no := false
	p.Substitution.Allowed = &no
	if slot, ok := bans[ban.Index()]; ok {
		p.Substitution.Code = slot
		return
	}
	if ban.Local() == "translation" || d.claimed[ban.Index()] {
		return
	}
	p.Substitution.Code = d.coded(ban, translation.Substitution, prefix+"substitution")
	bans[ban.Index()] = p.Substitution.Code
}

// allowed tells an answer on substitution as yes or no, or neither.
func allowed(value xmldom.Element) *bool {
	return node.AllowsSubstitution(translation.Coding{System: "urn:oid:" + attr(value, "codeSystem"), Code: attr(value, "code")})
}

// sameAnswer refuses a yes whose older forms say no, or the other way round: one of them is what the prescriber said.
func (d *decoder) sameAnswer(value xmldom.Element, now *bool) {
	for i := value.Index() + 1; i < value.End(); i++ {
		older := allowed(d.xml.At(i))
		if older != nil && now != nil && *older != *now {
			d.refuse("cda.substitution", d.xml.At(i), "a substitution that was forbidden and became allowed on its way, or the other way round")
		}
	}
}
