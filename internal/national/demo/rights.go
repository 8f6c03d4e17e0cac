package demo

import (
	"context"
	"fmt"
	"time"

	"sild/node"
)

// rights is what patients have decided about their own records.
type rights struct {
	Consents     []consent     `json:"consents"`
	Restrictions []restriction `json:"restrictions"`
	OptOuts      []optOut      `json:"optOuts"`
}

// consent allows the countries to be shown the patient's records.
type consent struct {
	Patient   string   `json:"patient"` // value of the national personal identifier
	Countries []string `json:"countries"`
	Since     string   `json:"since"` // ISO date, Estonian and Finnish time
}

// restriction hides records from a country: all of them, the summary, the prescriptions or one section.
type restriction struct {
	Patient string `json:"patient"`
	Scope   string `json:"scope"`
	Section string `json:"section"` // LOINC code, for the scope section
	Country string `json:"country"` // * for every country
	Since   string `json:"since"`
}

// optOut takes a patient out of the exchange with other countries altogether.
type optOut struct {
	Patient string `json:"patient"`
	Since   string `json:"since"`
}

// Entitled says what the patient lets the asking country see. A patient whom nobody knows, or who cannot be told from
// another, is entitled to everything: there is nothing to show, and the answer must not look different.
func (r *Register) Entitled(ctx context.Context, call node.Call) (node.Entitlement, error) {
	const op = "rights.entitled"
	var right node.Entitlement
	if err := r.ready(ctx, op); err != nil {
		return right, err
	}
	who, err := r.find(op, call.Patient)
	if err != nil {
		return right, nil
	}
	country := call.Corridor.B
	for _, out := range r.rights.OptOuts {
		if r.bears(who, out.Patient) && r.begun(out.Since, earliest) {
			right.Hidden, right.Reason = true, "rights.opt-out"
		}
	}
	for _, rule := range r.rights.Restrictions {
		if r.bears(who, rule.Patient) && covers(rule.Country, country) && r.begun(rule.Since, earliest) {
			rule.apply(call.Verb, &right)
		}
	}
	right.NoConsent = r.nation.consent && !r.consented(who, country)
	return right, nil
}

// apply hides what the restriction hides from the verb.
func (rule restriction) apply(verb node.Verb, right *node.Entitlement) {
	hide := false
	switch rule.Scope {
	case "all":
		hide = true
	case "summary":
		hide = verb == node.SummaryVerb
	case "prescriptions":
		hide = verb == node.PrescriptionsVerb || verb == node.PrescriptionVerb
	case "section":
		right.Elements = append(right.Elements, "section:"+rule.Section)
	}
	if hide {
		right.Hidden, right.Reason = true, "rights.restriction-"+rule.Scope
	}
}

func (r *Register) consented(who *person, country string) bool {
	for _, given := range r.rights.Consents {
		if !r.bears(who, given.Patient) || !r.begun(given.Since, latest) {
			continue
		}
		for _, allowed := range given.Countries {
			if covers(allowed, country) {
				return true
			}
		}
	}
	return false
}

func covers(rule, country string) bool { return rule == "*" || rule == country }

func (r *Register) bears(who *person, value string) bool {
	return who.Has(node.Identifier{System: r.nation.person, Value: value})
}

// Estonia and Finland share their time: midnight is two hours before that of UTC, three in summer. A restriction begins
// at the earlier of the two and a consent at the later, so that neither shows anything too soon or too long.
const (
	earliest = 3 * time.Hour
	latest   = 2 * time.Hour
)

func (r *Register) begun(since string, ahead time.Duration) bool {
	day, err := time.Parse(time.DateOnly, since)
	return err == nil && !r.now().Before(day.Add(-ahead))
}

// readRights reads rights.json. A word that nobody enforces is an error, not a line to pass over.
func (l *loader) readRights(file string, source []byte) {
	var read rights
	if err := strictly(source, &read); err != nil {
		l.fault(file, err.Error())
		return
	}
	for i, c := range read.Consents {
		l.checkRight(file, fmt.Sprintf("consents[%d]", i), c.Patient, c.Since)
		if len(c.Countries) == 0 {
			l.fault(file, fmt.Sprintf("consents[%d].countries: a consent names its countries, or *", i))
		}
	}
	for i, rule := range read.Restrictions {
		at := fmt.Sprintf("restrictions[%d]", i)
		l.checkRight(file, at, rule.Patient, rule.Since)
		l.checkRestriction(file, at, rule)
	}
	for i, out := range read.OptOuts {
		l.checkRight(file, fmt.Sprintf("optOuts[%d]", i), out.Patient, out.Since)
	}
	own := &l.register.rights
	own.Consents = append(own.Consents, read.Consents...)
	own.Restrictions = append(own.Restrictions, read.Restrictions...)
	own.OptOuts = append(own.OptOuts, read.OptOuts...)
}

// checkRight refuses a decision of someone who is not in the register: mistyped, it would protect nobody.
func (l *loader) checkRight(file, at, patient, since string) {
	id := node.Identifier{System: l.register.nation.person, Value: patient}
	if len(l.register.bearers[id]) == 0 {
		l.fault(file, at+".patient: nobody in this register has this identifier")
	}
	if _, err := time.Parse(time.DateOnly, since); err != nil {
		l.fault(file, at+".since: a date of the form YYYY-MM-DD is needed")
	}
}

func (l *loader) checkRestriction(file, at string, rule restriction) {
	switch rule.Scope {
	case "all", "summary", "prescriptions":
	case "section":
		if rule.Section == "" {
			l.fault(file, at+".section: the LOINC code of the section is needed")
		}
	default:
		l.fault(file, at+".scope: one of all, summary, prescriptions and section is needed")
	}
	if rule.Country == "" {
		l.fault(file, at+".country: a country or * is needed")
	}
}
