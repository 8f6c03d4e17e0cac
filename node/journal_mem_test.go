package node_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"sild/node"
)

// errDisk is what the journal says when it cannot write. It is no *node.Error, as a full disk is none.
var errDisk = errors.New("disk full")

// journal keeps what the gate and both faces commit, in memory, with the documented meaning of each method. failAt
// makes the k-th write from now fail; a write that fails leaves nothing behind. blind makes every read fail.
type journal struct {
	now func() time.Time

	mu       sync.Mutex
	failAt   int
	failing  func(method string) bool
	blind    bool
	lost     bool // only Waiting fails
	writes   int
	events   []node.Event
	released map[string]time.Time
	carried  map[string]string // the snapshot by which it was last carried for the peer
	shelf    map[string]node.Shelved
	spent    map[string]bool
	intents  map[string]*intentRow
	kept     map[string]node.Kept
	waiting  []*waitingRow
}

type intentRow struct {
	node.Intent
	ended  bool
	lease  time.Time
	holder string
}

type waitingRow struct {
	node.Waiting
	lease time.Time
}

var (
	_ node.GateJournal   = (*journal)(nil)
	_ node.AnswerJournal = (*journal)(nil)
	_ node.AskJournal    = (*journal)(nil)
)

func newJournal(now func() time.Time) *journal {
	return &journal{now: now, released: map[string]time.Time{}, carried: map[string]string{}, shelf: map[string]node.Shelved{}, spent: map[string]bool{},
		intents: map[string]*intentRow{}, kept: map[string]node.Kept{}}
}

// write runs one transaction: it counts, fails where it should, and otherwise applies the change and appends the event.
func (j *journal) write(ctx context.Context, method string, event node.Event, change func() error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	j.writes++
	if j.writes == j.failAt || j.failing != nil && j.failing(method) {
		return errDisk
	}
	if err := change(); err != nil {
		return err
	}
	j.events = append(j.events, event)
	return nil
}

// fail makes the k-th write from now fail, once.
func (j *journal) fail(k int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failAt = j.writes + k
}

func (j *journal) read(ctx context.Context) error {
	if j.blind {
		return errDisk
	}
	return ctx.Err()
}

func (j *journal) stages() (list []node.Stage) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.events {
		list = append(list, e.Stage)
	}
	return list
}

func (j *journal) last() node.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.events) == 0 {
		return node.Event{}
	}
	return j.events[len(j.events)-1]
}

func nothing() error { return nil }

func (j *journal) Refused(ctx context.Context, event node.Event) error {
	return j.write(ctx, "Refused", event, nothing)
}

func key(parts ...string) string {
	raw, _ := json.Marshal(parts)
	return string(raw)
}

func (j *journal) Disclosed(ctx context.Context, event node.Event, released []node.Release) error {
	return j.write(ctx, "Disclosed", event, func() error {
		for _, r := range released {
			k := key(event.Peer, r.Prescription.System, r.Prescription.Value)
			j.carried[k] = r.Terminology
			if r.Expires.After(j.released[k]) {
				j.released[k] = r.Expires
			}
		}
		return nil
	})
}

func (j *journal) Offered(ctx context.Context, event node.Event, shelf []node.Shelved) error {
	return j.write(ctx, "Offered", event, func() error {
		for _, s := range shelf {
			j.shelf[s.Handle] = s
		}
		return nil
	})
}

func (j *journal) Shelved(ctx context.Context, handle, peer string, patient node.Identifier) (node.Shelved, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	s, ok := j.shelf[handle]
	if !ok || s.Peer != peer || s.Patient != patient || !j.now().Before(s.Expires) {
		return node.Shelved{}, false, j.read(ctx)
	}
	return s, true, j.read(ctx)
}

func (j *journal) Intend(ctx context.Context, event node.Event, wanted node.Intent) (node.Intent, error) {
	var answer node.Intent
	err := j.write(ctx, "Intend", event, func() error {
		proof := key(wanted.Peer, wanted.EvidenceID)
		if j.spent[proof] {
			return &node.Error{Op: "journal", Kind: node.Untrusted, Reason: "proof.spent", Detail: "The request's evidence was used before."}
		}
		k := key(wanted.Peer, string(wanted.Verb), wanted.ID.System, wanted.ID.Value)
		row, known := j.intents[k]
		if !known {
			shown := j.released[key(wanted.Peer, wanted.Prescription.System, wanted.Prescription.Value)]
			if wanted.Verb == node.DispenseVerb && !shown.After(j.now()) {
				return &node.Error{Op: "journal", Kind: node.Refused, Reason: "dispense.unreleased", Detail: "This prescription was not shown to the country that dispensed it."}
			}
			row = &intentRow{Intent: wanted}
			row.Resumed = false
			row.Terminology = []string{j.carried[key(wanted.Peer, wanted.Prescription.System, wanted.Prescription.Value)]}
			j.intents[k] = row
		}
		j.spent[proof] = true
		answer = row.take(wanted, j.now(), known)
		return nil
	})
	return answer, err
}

// take says how the intent stands for this call, and lets it hold a free one.
func (r *intentRow) take(wanted node.Intent, now time.Time, known bool) node.Intent {
	answer := r.Intent
	switch {
	case r.ended:
		return answer
	case r.Digest != wanted.Digest || known && r.lease.After(now):
		answer.State = node.IntentBusy
		return answer
	}
	r.lease, r.holder = now.Add(wanted.Lease), wanted.EvidenceID
	answer.State, answer.Resumed, answer.EvidenceID = node.IntentNew, known, wanted.EvidenceID
	return answer
}

func (j *journal) Settle(ctx context.Context, event node.Event, intent node.Intent) error {
	return j.write(ctx, "Settle", event, func() error {
		row := j.intents[key(intent.Peer, string(intent.Verb), intent.ID.System, intent.ID.Value)]
		if row == nil || row.ended || row.holder != intent.EvidenceID {
			return &node.Error{Op: "journal", Kind: node.Unavailable, Reason: "intent.lost", Detail: "Another attempt has taken over."}
		}
		row.lease, row.holder = time.Time{}, ""
		if intent.Receipt != nil || intent.Failure != nil {
			row.ended, row.State, row.Receipt, row.Failure = true, intent.State, intent.Receipt, intent.Failure
		}
		return nil
	})
}

func (j *journal) Receipt(ctx context.Context, peer, receipt string) (node.Intent, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, row := range j.intents {
		if row.Peer == peer && row.Receipt != nil && row.Receipt.ID == receipt {
			return row.Intent, true, j.read(ctx)
		}
	}
	return node.Intent{}, false, j.read(ctx)
}

func (j *journal) Fetched(ctx context.Context, event node.Event, kept []node.Kept) error {
	return j.write(ctx, "Fetched", event, func() error {
		for _, k := range kept {
			j.kept[key(k.Country, k.ID.System, k.ID.Value)] = k
		}
		return nil
	})
}

func (j *journal) Kept(ctx context.Context, country string, id node.Identifier) (node.Kept, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, ok := j.kept[key(country, id.System, id.Value)]
	return k, ok && j.now().Before(k.Expires), j.read(ctx)
}

func (j *journal) Queue(ctx context.Context, event node.Event, w node.Waiting) (node.Waiting, error) {
	err := j.write(ctx, "Queue", event, func() error {
		for _, row := range j.waiting {
			if row.ID == w.ID && row.Verb == w.Verb {
				w = row.Waiting
				w.Leased = false
				return nil
			}
		}
		row := &waitingRow{Waiting: w}
		row.Call = stored(w.Call)
		if !j.behind(row, len(j.waiting)) {
			row.lease, w.Leased = w.Next, true
		}
		j.waiting = append(j.waiting, row)
		return nil
	})
	return w, err
}

// stored is a call as it comes back from a disk: without the gate's mark.
func stored(call node.Call) (back node.Call) {
	raw, err := json.Marshal(call)
	if err == nil {
		err = json.Unmarshal(raw, &back)
	}
	if err != nil {
		panic(err)
	}
	return back
}

// behind says that an undelivered row of the same prescription stands before the n-th.
func (j *journal) behind(w *waitingRow, n int) bool {
	for _, ahead := range j.waiting[:n] {
		if ahead.Country == w.Country && ahead.Prescription == w.Prescription &&
			(ahead.State == node.WaitingNow || ahead.State == node.WaitingUnclear) {
			return true
		}
	}
	return false
}

func (j *journal) Due(ctx context.Context, now, lease time.Time, most int) ([]node.Waiting, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.read(ctx); err != nil {
		return nil, err
	}
	var due []node.Waiting
	for i, row := range j.waiting {
		if len(due) < most && row.State == node.WaitingNow && !row.Next.After(now) && !row.lease.After(now) && !j.behind(row, i) {
			row.lease = lease
			w := row.Waiting
			w.Leased = true
			due = append(due, w)
		}
	}
	return due, nil
}

func (j *journal) Progress(ctx context.Context, event node.Event, w node.Waiting) error {
	return j.write(ctx, "Progress", event, func() error {
		for _, row := range j.waiting {
			if row.ID == w.ID && row.Verb == w.Verb {
				row.State, row.Next, row.Tries, row.Receipt, row.Failure = w.State, w.Next, w.Tries, w.Receipt, w.Failure
				row.lease = time.Time{}
				return nil
			}
		}
		return errors.New("no such row")
	})
}

func (j *journal) Waiting(ctx context.Context, k node.WaitingKey) (node.Waiting, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.lost {
		return node.Waiting{}, false, errDisk
	}
	for _, row := range j.waiting {
		opaque := k.Opaque != "" && (row.Own == k.Opaque || row.Receipt != nil && row.Receipt.ID == k.Opaque)
		if opaque || k.Opaque == "" && row.ID == k.ID && row.Verb == k.Verb {
			w := row.Waiting
			w.Leased = false
			return w, true, j.read(ctx)
		}
	}
	return node.Waiting{}, false, j.read(ctx)
}

// erase does what retention does some days after delivery: the body is gone, and with it the call.
func (j *journal) erase() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, row := range j.waiting {
		if row.State == node.WaitingDone {
			row.Body, row.Call = nil, node.Call{}
		}
	}
}
