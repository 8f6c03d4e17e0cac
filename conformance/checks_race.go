package conformance

import (
	"strconv"
	"sync"

	"sild/node"
)

// crowd is how many ask at once.
const crowd = 8

func raceReadChecks() []Check {
	return []Check{
		{"race.equal-reads", "Many readers at once read the same.", "DESIGN 7, 9", Danger, raceReads},
	}
}

func raceChecks() []Check {
	return []Check{
		{"race.one-winner", "Of many counters that dispense the last packages at once exactly one succeeds.", "DESIGN 7", Danger, raceOneWinner},
		{"race.one-receipt", "The same message many times at once is counted once, under one receipt.", "DESIGN 7", Danger, raceOneReceipt},
	}
}

// together runs the deed for each of the crowd at once.
func together(deed func(i int)) {
	var start, end sync.WaitGroup
	start.Add(1)
	for i := range crowd {
		end.Add(1)
		go func() {
			defer end.Done()
			start.Wait()
			deed(i)
		}()
	}
	start.Done()
	end.Wait()
}

func raceReads(s *session) outcome {
	if len(s.Known) == 0 {
		return absent("known prescriptions")
	}
	first := s.known(s.Known[0].ID)
	if first.record() == nil {
		return blocked("no known prescription can be fetched")
	}
	want := essence(first.record())
	var differ [crowd]bool
	together(func(i int) {
		f := s.fetch(s.People.Main, s.Known[0].ID)
		differ[i] = f.record() == nil || essence(f.record()) != want
	})
	for _, d := range differ {
		if d {
			return failed("A reader in a crowd read something else.")
		}
	}
	return pass()
}

func raceOneWinner(s *session) outcome {
	t, o := s.trial(1)
	if t == nil {
		return o
	}
	var messages [crowd]*sent
	for i := range messages {
		messages[i] = s.message(t, strconv.Itoa(t.left))
	}
	together(func(i int) { s.send(messages[i]) })
	winners := 0
	for _, m := range messages {
		if m.err == nil && m.receipt.State != node.ReceiptWaiting {
			winners++
		}
	}
	return holds(winners == 1, "%d of %d counters were told that they had dispensed the last packages.", winners, crowd)
}

func raceOneReceipt(s *session) outcome {
	packages := 1
	t, o := s.trial(2)
	if t == nil {
		return o
	}
	if s.Can.Part != PartKept {
		packages = t.left
	}
	one := s.message(t, strconv.Itoa(packages))
	var copies [crowd]sent
	together(func(i int) {
		copies[i] = *one
		s.send(&copies[i])
	})
	receipts := map[string]bool{}
	for _, m := range copies {
		switch {
		case m.err == nil && m.receipt.State != node.ReceiptWaiting:
			receipts[m.receipt.ID] = true
		case m.err != nil && !is(m.err, node.Unavailable, node.Overdue):
			return failed("One of the same messages was answered with %s.", came(m.err))
		}
	}
	if len(receipts) != 1 {
		return failed("The same message got %d different receipts.", len(receipts))
	}
	return s.leaves(t, t.left-packages)
}
