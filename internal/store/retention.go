package store

import (
	"fmt"
	"time"
)

// Retention says how long rows live whose end their writer does not name. A zero field takes the default.
type Retention struct {
	Events    time.Duration // access events; at least and by default three years
	Receipts  time.Duration // receipts, final refusals and what has not been settled, from the last change; default three years
	Delivered time.Duration // the body of a delivered dispensation, for questions that come late; default seven days
}

const threeYears = (3*365 + 1) * 24 * time.Hour

func (r Retention) complete() (Retention, error) {
	if r.Events == 0 {
		r.Events = threeYears
	}
	if r.Receipts == 0 {
		r.Receipts = threeYears
	}
	if r.Delivered == 0 {
		r.Delivered = 7 * 24 * time.Hour
	}
	if r.Events < threeYears {
		return r, fmt.Errorf("store: access events are kept for three years at least, not %s", r.Events)
	}
	if r.Receipts <= 0 || r.Delivered <= 0 || r.Delivered > r.Receipts {
		return r, fmt.Errorf("store: a delivered body must live for some time, and no longer than its receipt")
	}
	return r, nil
}
