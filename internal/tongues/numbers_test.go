package tongues_test

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// amounts counts the decimals that the records of a document hold, as written, and those that they count now. What a
// report names as lost is left out.
func amounts(d *node.Document, r *node.Report) map[string]int {
	found := map[string]int{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if q, ok := v.Interface().(node.Quantity); ok {
			if q.Unit != nil && isLost(r, q.Unit.Path) {
				return
			}
			now, _ := q.Now()
			found[q.Value]++
			found["now "+now]++
			return
		}
		switch v.Kind() {
		case reflect.Pointer:
			if _, slot := v.Interface().(*translation.Slot); !v.IsNil() && !slot {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		}
	}
	for _, p := range d.Prescriptions {
		walk(reflect.ValueOf(*p))
	}
	if d.Dispensation != nil {
		walk(reflect.ValueOf(*d.Dispensation))
	}
	if d.Summary != nil {
		walk(reflect.ValueOf(*d.Summary))
	}
	return found
}

func TestEveryDecimalArrivesAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newInventor(t, false).document()
		for _, form := range pivots(d) {
			body, report := written(t, from(d, form), form)
			there := amounts(decoded(t, body), &node.Report{})
			for number := range amounts(d, report) {
				if there[number] == 0 {
					t.Errorf("as %s: %q is not there", form, number)
				}
			}
		}
	})
}

// factor is one row of a table that converts.
type factor struct {
	country string
	field   translation.Field
	from    translation.Coding
	by      *big.Rat
}

// factors are read from the tables by other code than the catalogue's.
func factors(t *testing.T) []factor {
	t.Helper()
	systems := map[string]string{}
	for _, row := range rows(t, "systems.csv") {
		if systems[row["short"]] == "" {
			systems[row["short"]] = row["uri"]
		}
	}
	var found []factor
	for _, country := range []string{"EE", "FI"} {
		for _, field := range []translation.Field{translation.StrengthUnit, translation.PackageUnit, translation.DoseUnit} {
			for _, row := range rows(t, strings.ToLower(country)+"-eu/"+string(field)+".csv") {
				by, ok := new(big.Rat).SetString(row["factor"])
				if ok && row["relation"] == "equivalent" && row["code"] != "*" {
					found = append(found, factor{country, field, translation.Coding{System: systems[row["system"]], Code: row["code"]}, by})
				}
			}
		}
	}
	return found
}

func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := mappings.Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var found []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		found = append(found, row)
	}
	return found
}

func TestAConvertedAmountIsExactAndFindsHome(t *testing.T) {
	list := factors(t)
	converting := 0
	for _, f := range list {
		if f.by.Cmp(big.NewRat(1, 1)) != 0 {
			converting++
		}
		for _, number := range numbers {
			s := translation.NewSlot(f.field, "unit", f.from)
			s.Number = number
			shipped().ToPivot(f.country, s)
			want, _ := new(big.Rat).SetString(number)
			want.Mul(want, f.by)
			got, ok := new(big.Rat).SetString(s.Amount)
			if s.Fate != translation.Mapped || !ok || got.Cmp(want) != 0 || strings.ContainsAny(s.Amount, "eE,-+") {
				t.Errorf("%s %s: %s became %s, %s wanted (%s)", f.country, f.from.Code, number, s.Amount, want.RatString(), s.Reason)
				continue
			}
			if f.by.Cmp(big.NewRat(1, 1)) == 0 && s.Amount != number {
				t.Errorf("%s %s: %s was written anew as %s", f.country, f.from.Code, number, s.Amount)
			}
			pivot := s.Current
			s.Fate, s.Hops = translation.Untouched, append([]translation.Hop(nil), s.Hops...) // as B sends it back
			per := s.Per() != nil
			if way := shipped().Home(f.country, s); way != translation.HomeKept && !(way == translation.HomeNone && per) || !s.Current.Same(f.from) && !s.Current.Same(pivot) {
				t.Errorf("%s %s: home by %s as %s", f.country, f.from.Code, way, s.Current.Code)
			}
			if home, ok := new(big.Rat).SetString(s.Amount); ok && s.Current.Same(f.from) {
				if written, _ := new(big.Rat).SetString(number); home.Cmp(written) != 0 {
					t.Errorf("%s %s: %s came home as %s", f.country, f.from.Code, number, s.Amount)
				}
			}
		}
	}
	if len(list) < 60 || converting < 2 {
		t.Errorf("only %d rows, %d of them convert", len(list), converting)
	}
}

var (
	xmlValue  = regexp.MustCompile(`(\svalue=")[^"]*"`)
	jsonValue = regexp.MustCompile(`("value"\s*:\s*)[0-9.]+`)
)

func TestANumberThatIsNoPlainDecimalStopsAnyPrescriptionOrDispensation(t *testing.T) {
	tried := 0
	check := func(t reporter, name, country string, source []byte) {
		d := decoded(t, source)
		if d.Summary != nil || !abroad(d, country) {
			return
		}
		for _, slot := range d.Slots {
			if slot.Number == "" || slot.Field == translation.Other || slot.Span.Len() == 0 {
				continue
			}
			for _, bad := range []string{"-1", "NaN", "1,5", "1e3"} {
				was := source[slot.Span.Start:slot.Span.End]
				now := xmlValue.ReplaceAll(was, []byte("${1}"+bad+`"`))
				if !d.Format.InCDA() {
					now = jsonValue.ReplaceAll(was, []byte("${1}"+bad))
				}
				if bytes.Equal(was, now) {
					continue
				}
				tried++
				read, err := tongue().Decode(bytes.Join([][]byte{source[:slot.Span.Start], now, source[slot.Span.End:]}, nil))
				if err == nil && abroad(read, country) {
					t.Errorf("%s: %s is %s, and nobody minds", name, slot.Path, bad)
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := newInventor(t, true)
		d := rapid.SampledFrom([]func() *node.Document{v.prescription, v.dispensation}).Draw(t, "document")()
		check(t, "made up", "EE", inBytes(t, d, rapid.SampledFrom(pivots(d)).Draw(t, "form")).Source)
	})
	for _, one := range data(t) {
		check(t, one.name, one.country, one.source)
	}
	if tried < 1000 {
		t.Errorf("only %d numbers", tried)
	}
}

func TestADispensationNamesItsPrescriptionByteForByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := newInventor(t, true)
		prescribed := v.prescription()
		id := v.id(rapid.SampledFrom([]string{eeRx, "urn:oid:1.2.246.556.12001.4.93.1.1", "urn:oid:2.999.5"}).Draw(t, "system"))
		if v.maybe() {
			id = node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:uuid:9080e6b3-cf53-8209-8c28-6d32d09824fc"}
		}
		prescribed.Prescriptions[0].ID = id
		for _, there := range []node.Format{node.CDA3, node.MPD} {
			read := inBytes(t, prescribed, there).Prescription()
			if read.ID != id {
				t.Fatalf("%s: the prescription %q is %q", there, id, read.ID)
			}
			for _, back := range []node.Format{node.CDA3, node.MPD} {
				d := plainDispensation()
				d.Dispensation.Prescription, d.Dispensation.Group = read.ID, read.Group
				first := inBytes(t, d, back)
				second := inBytes(t, first, other(first))
				for _, given := range []*node.Dispensation{first.Dispensation, second.Dispensation} {
					if given.Prescription != id || given.Group != read.Group && !given.Group.IsZero() && given.Group != id {
						t.Fatalf("prescribed as %s, handed out as %s: %q of %q is on %q of %q", there, back, id, read.Group, given.Prescription, given.Group)
					}
				}
			}
		}
	})
	for _, one := range data(t) {
		d := decoded(t, one.source)
		if d.Dispensation == nil || node.CarryOut(shipped(), "FI", d) != nil {
			continue
		}
		if next := carriedOn(t, one.name, d, node.MPD); next != nil && next.Dispensation.Prescription != d.Dispensation.Prescription {
			t.Errorf("%s: handed out on %q, told as on %q", one.name, d.Dispensation.Prescription, next.Dispensation.Prescription)
		}
	}
}

func TestACodedPlaceWhoseNumberIsNoPlainDecimalIsRefusedBothWays(t *testing.T) {
	for _, bad := range []string{"-1", "+1", "1e3", "1E3", "1,5", "NaN", "Inf", "0x1", "1/2", " 1", "1 ", ".5", "1.", "1.2.3", "−1", "١", strings.Repeat("9", 41)} {
		for name, carry := range map[string]func(*translation.Slot){"out": func(s *translation.Slot) { shipped().ToPivot("EE", s) }, "in": func(s *translation.Slot) { shipped().FromPivot("FI", []string{"fi"}, s) },
			"home": func(s *translation.Slot) { shipped().Home("EE", s) }} {
			s := translation.NewSlot(translation.PackageUnit, "unit", translation.Coding{System: ucum, Code: "mL"})
			s.Number = bad
			if carry(s); s.Fate != translation.Refused || s.Amount != "" {
				t.Errorf("%s: %q is %s as %q", name, bad, s.Fate, s.Amount)
			}
		}
	}
}
