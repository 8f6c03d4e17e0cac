package conformance

// Severity says what a failed check means for the people at both ends of a corridor.
type Severity string

// The severities, worst first.
const (
	Danger Severity = "danger" // a patient can be harmed or a secret told
	Breach Severity = "breach" // the contract is broken: another node cannot rely on the subject
	Flaw   Severity = "flaw"   // a person or an operator is left guessing
)

// Verdict is what a check came to.
type Verdict string

// The verdicts. Unjudged is neither good nor bad news: what the check needs first did not work, and the check that
// judges that has failed.
const (
	Passed        Verdict = "passed"
	Failed        Verdict = "failed"
	NotApplicable Verdict = "not-applicable"
	Unjudged      Verdict = "unjudged"
)

// Check is one question that a subject must pass.
type Check struct {
	ID       string   `json:"id"`       // list.packages-kept
	Sentence string   `json:"sentence"` // what must hold
	Clause   string   `json:"clause"`   // the section of DESIGN that demands it
	Severity Severity `json:"severity"`

	judge func(*session) outcome
}

// Finding is what one check came to. Reason says why in words that hold no patient data; it is empty for Passed.
type Finding struct {
	Check
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`
}

// Checks lists every check in the order in which Judge asks them: first what only reads, then what records, then what
// was seen of all the answers together.
func Checks() []Check {
	var all []Check
	for _, chapter := range [][]Check{
		patientChecks(), listChecks(), keptChecks(), fetchChecks(), reportChecks(), handleChecks(), summaryChecks(),
		cutChecks(), raceReadChecks(), dispenseChecks(), replayChecks(), partChecks(), refusalChecks(), receiptChecks(),
		withdrawChecks(), raceChecks(), entranceChecks(), deadlineChecks(), errorChecks(),
	} {
		all = append(all, chapter...)
	}
	return all
}

// Conforms says that nothing failed and nothing was left unjudged.
func Conforms(findings []Finding) bool {
	for _, f := range findings {
		if f.Verdict == Failed || f.Verdict == Unjudged {
			return false
		}
	}
	return len(findings) > 0
}
