package tongues_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// ways are what a node does with a document, by the country whose codes it has or gets.
var ways = map[string]func(d *node.Document){
	"out of Estonia": func(d *node.Document) { node.CarryOut(shipped(), "EE", d) },
	"out of Finland": func(d *node.Document) { node.CarryOut(shipped(), "FI", d) },
	"into Estonia":   func(d *node.Document) { arrive(d, "EE") },
	"into Finland":   func(d *node.Document) { arrive(d, "FI") },
}

// everything is all that comes of a source: each way in each form, or why not.
func everything(source []byte) string {
	var out strings.Builder
	for _, way := range []string{"out of Estonia", "out of Finland", "into Estonia", "into Finland"} {
		d, err := tongue().Decode(source)
		if err != nil {
			return err.Error()
		}
		d.At = translated()
		ways[way](d)
		forms := pivots(d)
		if way == "into Finland" && len(source) < 15000 {
			forms = append(forms, node.CDA1) // our own pages take long to set
		}
		for _, form := range forms {
			body, report, err := tried(d, form)
			if err != nil {
				fmt.Fprintln(&out, way, form, err)
				continue
			}
			told, _ := json.Marshal(report)
			fmt.Fprintf(&out, "%s %s\n%s\n%s\n", way, form, body, told)
		}
	}
	return out.String()
}

func TestTheSameSourceAlwaysGivesTheSameBytesAlsoAtOnce(t *testing.T) {
	var sources []file
	for i, one := range readable(t) {
		if len(one.source) < 70000 && (i%5 == 0 || strings.HasSuffix(one.name, ".xml") && i%2 == 0) {
			sources = append(sources, one)
		}
	}
	for seed := range 9 {
		d := example(seed, false, func(v *inventor) func() *node.Document { return v.kinds()[seed%3] })
		for _, form := range pivots(d) {
			sources = append(sources, file{fmt.Sprint("made up ", seed, form), "EE", inBytes(t, d, form).Source})
		}
	}
	first := make([]string, len(sources))
	for i, one := range sources {
		first[i] = everything(one.source)
	}
	differs := make([]string, 8)
	var all sync.WaitGroup
	for worker := range differs {
		all.Go(func() {
			for i := range sources {
				at := (i + worker*len(sources)/8) % len(sources) // each begins elsewhere
				if everything(sources[at].source) != first[at] {
					differs[worker] = sources[at].name
				}
			}
		})
	}
	all.Wait()
	for _, name := range differs {
		if name != "" {
			t.Errorf("%s comes out in two ways", name)
		}
	}
}

// difference shows where two texts begin to differ.
func difference(a, b string) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return a[max(0, at-300):min(len(a), at+100)] + "\n" + b[max(0, at-300):min(len(b), at+100)]
}

// lives is what a translation has made of a document, told in full. To stay where it stays already is no further step.
func lives(d *node.Document) string {
	var all []translation.Slot
	for _, s := range d.Slots {
		one := *s
		one.Hops = nil
		for i, h := range s.Hops {
			if i == 0 || h.Kind != translation.Identity || s.Hops[i-1].Kind != translation.Identity || h.From != s.To(i) {
				one.Hops = append(one.Hops, h)
			}
		}
		all = append(all, one)
	}
	told, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(told)
}

func TestTranslatingTwiceIsTranslatingOnce(t *testing.T) {
	check := func(t reporter, name string, source []byte) {
		for way, carry := range ways {
			d := decoded(t, source)
			carry(d)
			once := lives(d)
			if carry(d); lives(d) != once {
				t.Errorf("%s %s: the same document was translated twice into two:\n%s", name, way, difference(once, lives(d)))
			}
			if !d.Format.InCDA() && d.Format != node.EPS && d.Format != node.MPD || d.Dispensation != nil && !d.Format.InCDA() {
				continue
			}
			body, _ := written(t, d, d.Format)
			again := decoded(t, body)
			carry(again)
			if twice, _ := written(t, again, again.Format); d.Format.InCDA() && !bytes.Equal(body, twice) {
				t.Errorf("%s %s: translating the translation changed it", name, way)
			}
			sameCodes(t, name+" "+way, d, again)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, "made up", invented(t, false).Source) })
	for _, one := range readable(t) {
		check(t, one.name, one.source)
	}
}

// sameCodes says that both documents have come to the same codes and amounts by the same maps.
func sameCodes(t reporter, name string, once, twice *node.Document) {
	t.Helper()
	now := map[string]*translation.Slot{}
	for _, s := range twice.Slots {
		now[s.Path] = s
	}
	for _, s := range once.Slots {
		other := now[s.Path]
		if other == nil || silent(once, s) || s.Per() != nil {
			continue // that nothing is lost is another test's
		}
		written := s.Amount != "" && other.Amount != "" && s.Amount != other.Amount
		if _, _, ok := numbered(s.Current); !once.Format.InCDA() || ok && !s.Field.IsUnit() {
			if !canonical(other.Current).Same(canonical(s.Current)) || written {
				t.Errorf("%s %s: %s %s is %s %s after the second time", name, s.Path, s.Amount, s.Current.Code, other.Amount, other.Current.Code)
			}
		}
	}
}

// numbered is the number of a code system, without which CDA keeps the code before it.
func numbered(c translation.Coding) (oid, name string, ok bool) {
	if known, found := shipped().System(c.System); found {
		return known.OID, known.Name, known.OID != ""
	}
	oid, ok = strings.CutPrefix(c.System, "urn:oid:")
	return oid, "", ok
}

// handedOut is a dispensation of a product on a prescription, as a pharmacy in the other country would write it.
func handedOut(p *node.Prescription, product node.Medication, substituted bool) *node.Document {
	d := plainDispensation()
	g := d.Dispensation
	g.Prescription, g.Group, g.Patient, g.Medication, g.Substituted = p.ID, p.Group, p.Patient, product, &substituted
	prescribed := copied(p.Medication)
	g.Prescribed = &prescribed
	d.Patient, d.Slots = p.Patient, recordSlots(d)
	return d
}

// copied is a medicine with slots of its own, each as it stood on arrival.
func copied(m node.Medication) node.Medication {
	told, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	var again node.Medication
	if err := json.Unmarshal(told, &again); err != nil {
		panic(err)
	}
	return again
}

// productSlots are the coded places of a medicine by their path.
func productSlots(m *node.Medication) map[string]*translation.Slot {
	d := &node.Document{Dispensation: &node.Dispensation{Medication: *m}}
	found := map[string]*translation.Slot{}
	for _, s := range recordSlots(d) {
		found[s.Path] = s
	}
	return found
}

func TestCountryAFindsItsOwnCodesAgainWhenTheSameProductComesHome(t *testing.T) {
	home, kept, refused := 0, 0, map[string]string{}
	for _, one := range data(t) {
		sent := decoded(t, one.source)
		if sent.Prescription() == nil || sent.Kind != node.APrescription || !abroad(sent, one.country) {
			continue
		}
		for _, there := range []node.Format{node.CDA3, node.MPD} {
			body, _, err := tried(sent, there)
			if err != nil {
				continue
			}
			arrived := decoded(t, body)
			for _, back := range []node.Format{node.CDA3, node.MPD} {
				handed := handedOut(arrived.Prescription(), copied(arrived.Prescription().Medication), false)
				told, _, err := tried(from(handed, back), back)
				if err != nil {
					refused[one.name] = err.Error()
					continue
				}
				given := decoded(t, told)
				for _, s := range given.Slots {
					shipped().Home(one.country, s)
				}
				home++
				kept += sameHome(t, fmt.Sprintf("%s as %s, back as %s", one.name, there, back), &sent.Prescription().Medication, &given.Dispensation.Medication)
			}
		}
	}
	if home < 100 || kept < 600 || len(refused) > 3 {
		t.Errorf("only %d ways home with %d codes: %v", home, kept, refused)
	}
}

// sameHome holds what came home against what was sent, and counts the codes that country A got back.
func sameHome(t reporter, name string, sent, given *node.Medication) int {
	t.Helper()
	kept := 0
	home := map[string]int{}
	for _, s := range productSlots(given) {
		home[fmt.Sprint(s.Field, bareOf(s.Current))]++
	}
	for path, s := range productSlots(sent) {
		system, known := shipped().System(s.Original().System)
		if s.Fate != translation.Mapped || s.Relation() != translation.Equivalent || s.Per() != nil || strings.Contains(path, "package") || !known || system.OID == "" && strings.Contains(name, "cda") {
			continue // what a form cannot hold, and what it counts in another way, is another test's
		}
		if s.Field.IsUnit() && strings.Contains(name, "cda") && s.Original().Display != "" {
			continue
		}
		if strings.HasPrefix(s.Hops[len(s.Hops)-1].Map, "eu-eu/") {
			continue // another spelling of a shared code is nobody's own
		}
		if home[fmt.Sprint(s.Field, bareOf(s.Original()))] == 0 {
			t.Errorf("%s: %s was %s and did not come home", name, path, s.Original().Code)
		}
		kept++
	}
	return kept
}

func TestAnotherProductNeverGetsTheNumberOfThePrescribedOne(t *testing.T) {
	own := translation.Coding{System: "urn:oid:1.2.246.537.6.55.2004", Code: "555555"}
	theirs := translation.Coding{System: "urn:oid:1.2.246.537.6.55.2004", Code: "111111"}
	for _, form := range []node.Format{node.CDA3, node.MPD} {
		for _, number := range []translation.Coding{theirs, {}} {
			p := plainPrescription().Prescription()
			p.Medication.Product = coded(translation.ProductID, "medication.product", own.System, own.Code)
			p.Medication.Generic = coded(translation.ProductID, "medication.generic", "urn:oid:2.999.6", "PHPID-1")
			handed := tabletOf()
			if number.Code != "" {
				handed.Product = coded(translation.ProductID, "medication.product", number.System, number.Code)
			}
			first := inBytes(t, handedOut(p, handed, true), form)
			for _, given := range []*node.Document{first, inBytes(t, first, other(first))} {
				for _, s := range given.Slots {
					shipped().Home("FI", s)
				}
				m := given.Dispensation.Medication
				for _, s := range productSlots(&m) {
					if s.Current.Code == own.Code || s.Current.Code == "PHPID-1" || s.Original().Code == own.Code {
						t.Errorf("%s: what was handed out bears %s at %s", form, s.Current.Code, s.Path)
					}
				}
				if number.Code != "" && (m.Product == nil || !m.Product.Current.Same(number)) {
					t.Errorf("%s: what was handed out lost its own number", form)
				}
				if prescribed := given.Dispensation.Prescribed; form == node.CDA3 && given == first && (prescribed == nil || prescribed.Product == nil || prescribed.Product.Current.Code != own.Code) {
					t.Errorf("%s: the prescribed product is not repeated as it was", form)
				}
			}
		}
	}
}
