package conformance

import (
	"context"
	"fmt"

	"sild/node"
)

// outcome is a verdict on its way to a Finding.
type outcome struct {
	verdict Verdict
	reason  string
}

func pass() outcome { return outcome{verdict: Passed} }

func failed(format string, args ...any) outcome {
	return outcome{Failed, fmt.Sprintf(format, args...)}
}

func absent(what string) outcome {
	return outcome{NotApplicable, "The subject is described without " + what + "."}
}

func blocked(what string) outcome {
	return outcome{Unjudged, "It could not be judged: " + what + "."}
}

// holds passes when the condition is true and otherwise fails with the sentence.
func holds(condition bool, format string, args ...any) outcome {
	if condition {
		return pass()
	}
	return failed(format, args...)
}

// Judge asks the subject every question of Checks and gives one finding for each, in that order. It changes nothing but
// the prescriptions that Calls.Fresh hands out. A subject that panics or hangs is a finding, not the end of the run.
// When ctx ends, what was not judged yet is Unjudged. A Calls that cannot be asked with at all leaves all Unjudged.
func Judge(ctx context.Context, x node.Exchange, calls Calls) []Finding {
	checks := Checks()
	findings := make([]Finding, 0, len(checks))
	unready := calls.ready()
	s := newSession(ctx, x, calls)
	for _, check := range checks {
		var o outcome
		switch {
		case unready != nil:
			o = blocked(unready.Error())
		case ctx.Err() != nil:
			o = blocked("the run was ended before it")
		default:
			o = check.judge(s)
		}
		findings = append(findings, Finding{Check: check, Verdict: o.verdict, Reason: o.reason})
	}
	return findings
}
