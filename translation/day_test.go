package translation

import (
	"bytes"
	"fmt"
	"testing"

	"sild/mappings"
)

// begins is the day on which everything in laterTables begins.
const begins = "2026-06-01"

// laterTables are an operator's tables in which every row begins on that day.
func laterTables() Source {
	row := "," + begins + ",,accepted by The Authority on 2026-05-02\n"
	head := "field,system,code,en,since,until,status\n"
	judged := "test," + begins + ",draft,"
	return folderOf(smallSystems[len("short,uri,oid,name\n"):],
		[3]string{"value-set", "eu/dose-form.csv", head + "dose-form,form,1,Tablet anew" + row + "dose-form,form,8,foam" + row},
		[3]string{"value-set", "eu/classification.csv", head + "classification,atc,~B[0-9]+," + row},
		[3]string{"code-system", "xa/icd.csv", "system,code,et,since,until,status\na-icd,J45,astma" + row},
		[3]string{"concept-map", "xa-eu/dose-form.csv", mapHeader +
			"a-form,,none,form,4,,,,no," + judged + "no such form\na-form,Q,equivalent,form,8,,,,yes,test,2026-01-01,draft,its target begins later\n" +
			"a-form,T,equivalent,form,3,,,,yes," + judged + "\n"},
		[3]string{"concept-map", "xb-eu/diagnosis.csv", mapHeader + "b-form,*,equivalent,icd,*,,,,yes," + judged + "\n" +
			"b-form,~([A-Z])[0-9]+,wider,icd,^,,,,no," + judged + "\n"},
		[3]string{"unit-map", "xa-eu/strength-unit.csv", mapHeader + "a-unit,KG,equivalent,unit,g,2000,,,no," + judged + "\n"},
	)
}

// state is what the tables say, in one line for each thing that laterTables change.
func state(c *Catalogue) map[string]string {
	out := func(country string, field Field, system, code, number string) string {
		s := NewSlot(field, string(field), Coding{System: system, Code: code})
		s.Number = number
		c.ToPivot(country, s)
		return fmt.Sprint(s.Fate, " ", s.Current.Code, " ", s.Amount)
	}
	home := NewSlot(DoseForm, "form", form("1"))
	c.FromPivot("XA", nil, home)
	words, _ := c.Designation(form("1"), "en")
	listed := 0
	for k := range c.Concepts() {
		if k.Listed != nil {
			listed++
		}
	}
	absences := 0
	for row := range c.Rows() {
		if row.From.Code == "" && row.Country == "XA" {
			absences++
		}
	}
	return map[string]string{
		"words": words, "member": fmt.Sprint(c.Member(DoseForm, form("8"))), "listed": fmt.Sprint(listed), "absence": fmt.Sprint(absences),
		"shape":        fmt.Sprint(c.Member("classification", Coding{System: "http://atc.example", Code: "B1"})),
		"row":          out("XA", DoseForm, "http://a.example/form", "T", ""),
		"row to later": out("XA", DoseForm, "http://a.example/form", "Q", ""),
		"way home":     home.Current.Code,
		"every code":   out("XB", Diagnosis, "http://b.example/form", "I10", ""),
		"shape row":    out("XB", Diagnosis, "http://b.example/form", "I101", ""),
		"unit":         out("XA", StrengthUnit, "http://a.example/unit", "KG", "1"),
	}
}

func TestARowIsInForceFromItsDayOn(t *testing.T) {
	at := func(day string) (*Catalogue, *Built) {
		b, err := CompileOn(day, Source{Files: smallFiles()}, laterTables())
		if err != nil {
			t.Fatal(err)
		}
		c, err := Open(b.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		return c, b
	}
	before, waiting := at("2026-05-31")
	for what, want := range map[string]string{"words": "tablet", "member": "false", "listed": "0", "absence": "0", "shape": "false", "row": "mapped 1 ",
		"row to later": "passed Q ", "way home": "T", "every code": "passed I10 ", "shape row": "passed I101 ", "unit": "mapped g 1000"} {
		if got := state(before)[what]; got != want {
			t.Errorf("on the day before: %s: %q, want %q", what, got, want)
		}
	}
	if waiting.Waiting != (Later{10, begins}) || waiting.Ending != (Later{}) {
		t.Errorf("the build counts %+v, %+v", waiting.Waiting, waiting.Ending)
	}
	on, inForce := at(begins)
	for what, want := range map[string]string{"words": "Tablet anew", "member": "true", "listed": "1", "absence": "1", "shape": "true", "row": "mapped 3 ",
		"row to later": "mapped 8 ", "way home": "1", "every code": "mapped I10 ", "shape row": "mapped I10 ", "unit": "mapped g 2000"} {
		if got := state(on)[what]; got != want {
			t.Errorf("on the day: %s: %q, want %q", what, got, want)
		}
	}
	if inForce.Waiting != (Later{}) {
		t.Errorf("on the day %+v wait", inForce.Waiting)
	}
	_, earlier := at("2026-05-01")
	_, later := at("2030-01-01")
	_, whatever := at("")
	if !bytes.Equal(earlier.Bytes, waiting.Bytes) || !bytes.Equal(later.Bytes, inForce.Bytes) || !bytes.Equal(whatever.Bytes, inForce.Bytes) {
		t.Error("the same rows in force do not give the same file")
	}
	if bytes.Equal(waiting.Bytes, inForce.Bytes) {
		t.Error("what is in force changes nothing")
	}
}

func TestARowIsInForceUntilItsEnd(t *testing.T) {
	tables := folderOf(aSystems+"form,http://forms.example,1.2.3,Shared forms\n",
		[3]string{"value-set", "eu/dose-form.csv", "field,system,code,en,since,until,status\ndose-form,form,1,tablet,2026-01-01,2026-06-01,draft\n"},
		[3]string{"code-system", "xa/icd.csv", nationalHead + "a-icd,I10,vererõhk,2026-01-01,2026-06-01,draft\n"})
	for day, inForce := range map[string]bool{"2026-05-31": true, "2026-06-01": false, "": false} {
		b, err := CompileOn(day, Source{Files: smallFiles()}, tables)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Open(b.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "I10"})
		if c.ToPivot("XA", s); (s.Fate == Mapped) != inForce || c.Member(DoseForm, form("1")) != inForce {
			t.Errorf("on %q: %s, member %v", day, s.Fate, c.Member(DoseForm, form("1")))
		}
		if ending := (b.Ending == Later{2, "2026-06-01"}); ending != inForce {
			t.Errorf("on %q the build counts %+v", day, b.Ending)
		}
	}
}

// An official list stands for what it says from the day on which one of its rows begins.
func TestAWholeListWaitsWithItsRows(t *testing.T) {
	forms := "field,system,code,en,since,until,status\ndose-form,form,1,tablet,2026-06-01,,draft\ndose-form,form,4,drops,2026-07-01,,draft\n"
	national := nationalHead + "a-icd,J45,astma,2026-06-01,,draft\n"
	for day, want := range map[string]struct {
		members int
		carried Fate
	}{"2026-05-31": {4, Mapped}, "2026-06-01": {1, Passed}, "2026-07-01": {2, Passed}} {
		b, err := CompileOn(day, Source{Files: smallFiles()}, folderOf(aSystems+"form,http://forms.example,1.2.3,Shared forms\n",
			[3]string{"whole-value-set", "eu/dose-form.csv", forms}, [3]string{"whole-code-system", "xa/icd.csv", national}))
		if err != nil {
			t.Fatal(err)
		}
		c, err := Open(b.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "I10"})
		if c.ToPivot("XA", s); len(c.Members(DoseForm)) != want.members || s.Fate != want.carried {
			t.Errorf("on %s: %d members, I10 is %s", day, len(c.Members(DoseForm)), s.Fate)
		}
	}
}

func TestNothingThatShipsIsRefusedOnAnEarlierDay(t *testing.T) {
	for _, day := range []string{"2020-01-01", "2026-11-01", "2026-11-21"} {
		if _, err := CompileOn(day, Source{Files: mappings.Files()}); err != nil {
			t.Errorf("%s: %v", day, err)
		}
	}
}
