package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Count says how many findings have the verdict.
func Count(findings []Finding, verdict Verdict) int {
	n := 0
	for _, f := range findings {
		if f.Verdict == verdict {
			n++
		}
	}
	return n
}

// Text writes a line for each finding, with reason and clause under what did not pass, and a last line of counts.
func Text(w io.Writer, findings []Finding) error {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%-14s  %-32s  %s\n", f.Verdict, f.ID, f.Sentence)
		if f.Verdict == Passed {
			continue
		}
		if f.Verdict == Failed {
			fmt.Fprintf(&b, "%-14s  %s\n", "", "("+string(f.Severity)+", "+f.Clause+")")
		}
		fmt.Fprintf(&b, "%-14s  %s\n", "", f.Reason)
	}
	fmt.Fprintf(&b, "%d passed, %d failed, %d not applicable, %d unjudged\n", Count(findings, Passed),
		Count(findings, Failed), Count(findings, NotApplicable), Count(findings, Unjudged))
	_, err := io.WriteString(w, b.String())
	return err
}

// JSON writes the findings with their counts as one JSON object.
func JSON(w io.Writer, findings []Finding) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(struct {
		Conforms      bool      `json:"conforms"`
		Passed        int       `json:"passed"`
		Failed        int       `json:"failed"`
		NotApplicable int       `json:"notApplicable"`
		Unjudged      int       `json:"unjudged"`
		Findings      []Finding `json:"findings"`
	}{Conforms(findings), Count(findings, Passed), Count(findings, Failed), Count(findings, NotApplicable),
		Count(findings, Unjudged), append([]Finding{}, findings...)})
}
