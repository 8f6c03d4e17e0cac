package trust_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sild/trust"
)

func TestADecisionNamesTheFirstGroundThatDenies(t *testing.T) {
	s := newScheme(t)
	s.draft.Participants[1].Services[3].Status = trust.StatusSuspended
	s.draft.Participants[1].Services[2].Status = trust.StatusWithdrawn
	narrow := &s.draft.Participants[1].Services[1]
	narrow.Directions, narrow.Corridors = []trust.Direction{trust.Answers}, []trust.Corridor{{A: "FI", B: "EE"}}
	narrow.Wires, narrow.Endpoints = narrow.Wires[:1], narrow.Endpoints[:1]
	list := s.list()
	good := trust.Question{
		Participant: "FI", Direction: trust.Answers, Service: trust.PatientSummary,
		A: "FI", B: "EE", Wire: trust.WireFHIR, At: noon,
	}
	cases := []struct {
		name   string
		change func(*trust.Question)
		want   trust.Because
	}{
		{"as granted", func(*trust.Question) {}, trust.BecauseGranted},
		{"nobody", func(q *trust.Question) { q.Participant = "" }, trust.BecauseUnknownParticipant},
		{"not listed", func(q *trust.Question) { q.Participant = "SE" }, trust.BecauseUnknownParticipant},
		{"listed in another case", func(q *trust.Question) { q.Participant = "fi" }, trust.BecauseUnknownParticipant},
		{"no service", func(q *trust.Question) { q.Service = "" }, trust.BecauseServiceNotGranted},
		{"unknown service", func(q *trust.Question) { q.Service = "Laboratory" }, trust.BecauseServiceNotGranted},
		{"suspended service", func(q *trust.Question) { q.Service = trust.PrescriptionDispense }, trust.BecauseServiceSuspended},
		{"withdrawn service", func(q *trust.Question) { q.Service = trust.PrescriptionFetch }, trust.BecauseServiceWithdrawn},
		{"other direction", func(q *trust.Question) { q.Direction = trust.Asks }, trust.BecauseDirection},
		{"no direction", func(q *trust.Question) { q.Direction = "" }, trust.BecauseDirection},
		{"corridor turned round", func(q *trust.Question) { q.A, q.B = q.B, q.A }, trust.BecauseCorridor},
		{"corridor to a third country", func(q *trust.Question) { q.B = "SE" }, trust.BecauseCorridor},
		{"answering for another country", func(q *trust.Question) { q.A = "EE" }, trust.BecauseCorridor},
		{"other wire", func(q *trust.Question) { q.Wire = trust.WireIHE }, trust.BecauseWire},
		{"no wire", func(q *trust.Question) { q.Wire = "" }, trust.BecauseWire},
		{"last second", func(q *trust.Question) { q.At = s.draft.NextUpdate.Add(-time.Second) }, trust.BecauseGranted},
		{"past the next update", func(q *trust.Question) { q.At = s.draft.NextUpdate }, trust.BecauseExpired},
		{"before the issue", func(q *trust.Question) { q.At = s.draft.Issued.Add(-time.Hour) }, trust.BecauseNotYetValid},
		{"no time at all", func(q *trust.Question) { q.At = time.Time{} }, trust.BecauseNotYetValid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := good
			c.change(&q)
			got := list.Decide(q)
			if got.Reason != c.want || got.Permit != (c.want == trust.BecauseGranted) || got.Sequence != 7 {
				t.Fatalf("want %s, got %+v", c.want, got)
			}
		})
	}
	var none *trust.List
	if got := none.Decide(good); got.Permit || got.Reason != trust.BecauseNoList {
		t.Errorf("no list: got %+v", got)
	}
	if _, ok := none.ByPin(pin("FI client")); ok {
		t.Error("no list knows a pin")
	}
}

func TestASuspendedOrWithdrawnParticipantIsDeniedAndStillKnown(t *testing.T) {
	for status, want := range map[trust.Status]trust.Because{
		trust.StatusSuspended: trust.BecauseParticipantSuspended,
		trust.StatusWithdrawn: trust.BecauseParticipantWithdrawn,
	} {
		s := newScheme(t)
		s.draft.Participants[1].Status = status
		list := s.list()
		q := trust.Question{
			Participant: "FI", Direction: trust.Answers, Service: trust.PatientSummary,
			A: "FI", B: "EE", Wire: trust.WireFHIR, At: noon,
		}
		if got := list.Decide(q); got.Permit || got.Reason != want {
			t.Errorf("%s: got %+v", status, got)
		}
		if p, ok := list.ByPin(pin("FI client")); !ok || p.Status != status {
			t.Errorf("%s: an arriving dispensation must still find whose it is", status)
		}
	}
}

// grants reads the draft the slow way, as a person with the printed list would.
func grants(d trust.Draft, q trust.Question) bool {
	if q.At.Before(d.Issued.Add(-trust.Tolerance)) || !q.At.Before(d.NextUpdate) {
		return false
	}
	for _, p := range d.Participants {
		for _, g := range p.Services {
			if p.ID == q.Participant && p.Status == trust.StatusGranted && g.Status == trust.StatusGranted &&
				g.Service == q.Service && slices.Contains(g.Directions, q.Direction) && slices.Contains(g.Wires, q.Wire) &&
				slices.Contains(g.Corridors, trust.Corridor{A: q.A, B: q.B}) &&
				(q.Direction == trust.Answers && q.A == p.Country || q.Direction == trust.Asks && q.B == p.Country) {
				return true
			}
		}
	}
	return false
}

// question is mostly sensible: a question with four wrong answers at once
// would be denied whatever the list said.
func question(rt *rapid.T) trust.Question {
	q := trust.Question{
		Participant: rapid.SampledFrom([]string{"EE", "FI", "FI", "SE"}).Draw(rt, "participant"),
		Direction:   rapid.SampledFrom([]trust.Direction{trust.Answers, trust.Answers, trust.Asks, trust.Asks, ""}).Draw(rt, "direction"),
		Service:     rapid.SampledFrom(append(services(), "")).Draw(rt, "service"),
		A:           "EE", B: "FI",
		Wire: rapid.SampledFrom([]trust.Wire{trust.WireFHIR, trust.WireIHE, trust.WireFHIR, ""}).Draw(rt, "wire"),
		At:   noon.Add(time.Duration(rapid.IntRange(-3, 200).Draw(rt, "hour")) * time.Hour),
	}
	if rapid.Bool().Draw(rt, "turned round") {
		q.A, q.B = q.B, q.A
	}
	if rapid.IntRange(0, 5).Draw(rt, "another country") == 0 {
		q.B = "SE"
	}
	return q
}

func TestWhatIsNotWrittenIsDeniedAndAnAnswerNeverChanges(t *testing.T) {
	s := newScheme(t)
	statuses := []trust.Status{trust.StatusGranted, trust.StatusGranted, trust.StatusSuspended, trust.StatusWithdrawn}
	permitted := 0
	rapid.Check(t, func(rt *rapid.T) {
		d := s.changed(func(d *trust.Draft) {
			for i := range d.Participants {
				d.Participants[i].Status = rapid.SampledFrom(statuses).Draw(rt, "status")
				kept := d.Participants[i].Services[:rapid.IntRange(0, 4).Draw(rt, "services")]
				for j := range kept {
					kept[j].Status = rapid.SampledFrom(statuses).Draw(rt, "service status")
					if wires := rapid.IntRange(1, 2).Draw(rt, "wires"); wires == 1 {
						kept[j].Wires, kept[j].Endpoints = kept[j].Wires[:1], kept[j].Endpoints[:1]
					}
					kept[j].Corridors = kept[j].Corridors[:rapid.IntRange(1, 2).Draw(rt, "corridors")]
				}
				d.Participants[i].Services = kept
			}
		})
		list, err := trust.Verify(s.sign(d), s.root, nil, noon)
		if err != nil {
			rt.Fatal(err)
		}
		for range 40 {
			q := question(rt)
			got, again := list.Decide(q), list.Decide(q)
			if got != again {
				rt.Fatalf("%+v: first %+v, then %+v", q, got, again)
			}
			if got.Permit != grants(d, q) || got.Permit != (got.Reason == trust.BecauseGranted) {
				rt.Fatalf("%+v: got %+v, the printed list says %t", q, got, grants(d, q))
			}
			if got.Permit {
				permitted++
			}
		}
	})
	if permitted == 0 {
		t.Fatal("no question was ever permitted: the property was not tried")
	}
}

func TestAChangeToWhatWasHandedOutChangesNoDecision(t *testing.T) {
	s := newScheme(t)
	list := s.list()
	q := trust.Question{
		Participant: "FI", Direction: trust.Answers, Service: trust.PatientSummary,
		A: "FI", B: "SE", Wire: trust.WireFHIR, At: noon,
	}
	for p := range list.Participants() {
		for i := range p.Services {
			p.Services[i].Corridors[0] = trust.Corridor{A: "FI", B: "SE"}
		}
	}
	d := list.Draft()
	d.Participants[0].Services[0].Status = trust.StatusWithdrawn
	if got := list.Decide(q); got.Permit {
		t.Fatalf("got %+v", got)
	}
}

func TestADecisionAllocatesNothing(t *testing.T) {
	list := newScheme(t).list()
	q := trust.Question{
		Participant: "FI", Direction: trust.Answers, Service: trust.PatientSummary,
		A: "FI", B: "EE", Wire: trust.WireFHIR, At: noon,
	}
	if n := testing.AllocsPerRun(100, func() { list.Decide(q) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
