package trust_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"sild/internal/jose"
	"sild/trust"
)

// all lists every member country with every service, the largest honest list.
func (s *scheme) all() trust.Draft {
	d := s.draft
	d.Participants = nil
	for _, country := range []string{
		"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
		"IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
	} {
		other := "FI"
		if country == "FI" {
			other = "EE"
		}
		p := s.participant(country)
		for i := range p.Services {
			p.Services[i].Corridors = []trust.Corridor{{A: country, B: other}, {A: other, B: country}}
		}
		d.Participants = append(d.Participants, p)
	}
	return d
}

func BenchmarkVerify(b *testing.B) {
	s := newScheme(b)
	for name, draft := range map[string]trust.Draft{"two countries": s.draft, "thirty countries": s.all()} {
		signed := s.sign(draft)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(signed)))
			for b.Loop() {
				if _, err := trust.Verify(signed, s.root, nil, noon); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecide must not grow with the list.
func BenchmarkDecide(b *testing.B) {
	s := newScheme(b)
	q := trust.Question{
		Participant: "EE", Direction: trust.Answers, Service: trust.PatientSummary,
		A: "EE", B: "FI", Wire: trust.WireFHIR, At: noon,
	}
	for name, draft := range map[string]trust.Draft{"two countries": s.draft, "thirty countries": s.all()} {
		list, err := trust.Verify(s.sign(draft), s.root, nil, noon)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !list.Decide(q).Permit {
					b.Fatal("denied")
				}
			}
		})
	}
}

// fixOperators gives the same operators to every fuzzing process, so that what
// one finds another can read.
func (s *scheme) fixOperators() {
	for i := range s.operators {
		s.operators[i].Key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(i + 1)}, ed25519.SeedSize))
		s.root.Keys[i].Key = key(s.t, s.operators[i].KID, s.operators[i].Key.Public())
	}
}

// FuzzVerify feeds the payload to a scheme whose operators sign anything, so
// that the fuzzer reaches the content. What is accepted must write back to a
// list that is accepted as the same content.
func FuzzVerify(f *testing.F) {
	s := newScheme(f)
	s.fixOperators()
	f.Add(s.payload(s.draft))
	f.Add([]byte(`{"LoTE":{}}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		signed, err := jose.SignMany(payload, trust.SignedType, s.operators[:2]...)
		if err != nil {
			return
		}
		list, err := trust.Verify(signed, s.root, nil, noon)
		if err != nil {
			if reasonOf(err) == "" || list != nil {
				t.Fatalf("untyped refusal %v or a list beside it", err)
			}
			return
		}
		again, err := trust.Encode(list.Draft())
		if err != nil {
			t.Fatal(err)
		}
		resigned, err := jose.SignMany(again, trust.SignedType, s.operators[:2]...)
		if err != nil {
			t.Fatal(err)
		}
		back, err := trust.Verify(resigned, s.root, nil, noon)
		if err != nil {
			t.Fatalf("accepted once and not twice: %v", err)
		}
		if once, err := trust.Encode(back.Draft()); err != nil || !bytes.Equal(once, again) {
			t.Fatalf("the content changed on the way: %v", err)
		}
	})
}

// FuzzVerifySigned feeds whole documents: nothing but the good list may pass.
func FuzzVerifySigned(f *testing.F) {
	s := newScheme(f)
	s.fixOperators()
	good := s.sign(s.draft)
	f.Add(good)
	f.Add([]byte(`{"payload":"e30","signatures":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := trust.Verify(raw, s.root, nil, noon)
		if err != nil && reasonOf(err) == "" {
			t.Fatalf("untyped refusal %v", err)
		}
		if err == nil && list.Sequence() != s.draft.Sequence {
			t.Fatal("accepted a list that nobody signed")
		}
	})
}
