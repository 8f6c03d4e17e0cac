package demo

import (
	"context"
	"sync"
	"time"

	"sild/node"
)

// Faults are the ways in which a demonstration makes a register fail. They may be switched while it answers.
type Faults struct {
	mu    sync.Mutex
	down  bool
	slow  time.Duration
	crash bool
}

// SetDown makes every question Unavailable, or answers again.
func (f *Faults) SetDown(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = down
}

// SetSlow makes every question take at least that long; a caller whose deadline passes first gets Overdue.
func (f *Faults) SetSlow(by time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow = by
}

// CrashAfterRecord makes the next dispensation or withdrawal be recorded durably and then answered with Unavailable, as
// a register does that dies between the two. It strikes once.
func (f *Faults) CrashAfterRecord() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.crash = true
}

// strike delays or refuses a question as switched.
func (f *Faults) strike(ctx context.Context, op string) error {
	f.mu.Lock()
	down, slow := f.down, f.slow
	f.mu.Unlock()
	if slow > 0 {
		timer := time.NewTimer(slow)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return overdue(ctx, op)
		}
	}
	if down {
		return fail(op, node.Unavailable, "register.down", "The national register does not answer.")
	}
	return nil
}

// crashed says, once, that the answer must be lost after the record.
func (f *Faults) crashed(op string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.crash {
		return nil
	}
	f.crash = false
	return fail(op, node.Unavailable, "register.crashed", "The national register did not answer in time.")
}
