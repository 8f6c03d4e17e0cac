package translation

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// folderOf is an operator's folder with some tables: kind, file and content of each.
func folderOf(systems string, tables ...[3]string) Source {
	files := fstest.MapFS{"systems.csv": {Data: []byte("short,uri,oid,name\n" + systems)}}
	manifest := "file,kind,origin,release,licence,status\n"
	for _, t := range tables {
		manifest += t[1] + "," + t[0] + ",test,2026-03,CC0,draft\n"
		files[t[1]] = &fstest.MapFile{Data: []byte(t[2])}
	}
	files["MANIFEST.csv"] = &fstest.MapFile{Data: []byte(manifest)}
	return Source{Name: "imported", Files: files}
}

const (
	nationalHead = "system,code,et,since,until,status\n"
	aSystems     = "a-icd,http://a.example/icd,,Diagnoses of A\na-form,http://a.example/form,,Forms of A\nicd,http://icd.example,,Shared diagnoses\n"
	aDiagnosis   = "http://a.example/icd"
)

// A whole national list says which codes its system has: neither a row for every code nor one for a shape carries another.
func TestACodeThatAWholeNationalListLacksIsAGap(t *testing.T) {
	list := nationalHead + "a-icd,I10,vererõhk" + acceptedRow + "a-icd,I10.1,vererõhk täpsemalt" + acceptedRow +
		"a-icd,K21,refluks,2020-01-01,2024-05-31,draft\na-icd,K21.1,refluks täpsemalt,2020-01-01,2024-05-31,draft\n"
	cuts := mapHeader + "a-icd,~([A-Z][0-9]{2})[.][0-9],wider,icd,^,,,,no,test,2026-01-01,draft,\n"
	for kind, unknown := range map[string]string{"whole-code-system": reasonUnlisted, "code-system": ""} {
		c, _ := built(t, Source{Files: smallFiles()}, folderOf(aSystems, [3]string{kind, "xa/icd.csv", list},
			[3]string{"concept-map", "xa-eu/diagnosis.csv", cuts}))
		for code, want := range map[string]string{
			"I10": "", "I10.1": "", "J45": unknown, "J45.1": unknown, "I10.2": unknown,
			"K21": "ended the code on 2024-05-31", "K21.1": "ended the code on 2024-05-31",
		} {
			s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: code})
			c.ToPivot("XA", s)
			if carried := s.Fate == Mapped; carried != (want == "") || !strings.Contains(s.Reason, want) {
				t.Errorf("%s: %s goes out as %s %s: %q", kind, code, s.Fate, s.Current.Code, s.Reason)
			}
			if strings.Contains(code, ".") {
				continue // not shared
			}
			home := NewSlot(Diagnosis, "reason", Coding{System: "http://icd.example", Code: code})
			c.FromPivot("XA", []string{"et"}, home)
			if landed := home.Current.System == aDiagnosis; landed != (want == "") {
				t.Errorf("%s: %s comes in as %+v", kind, code, home.Current)
			}
		}
		required := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "J45"})
		required.Required = true
		if c.ToPivot("XA", required); (required.Fate == Refused) != (unknown != "") {
			t.Errorf("%s: a required J45 is %s", kind, required.Fate)
		}
		if whole := c.WholeLists(); len(whole) > 0 != (unknown != "") || len(whole) > 0 && (whole[0].System != aDiagnosis || whole[0].Origin.File != "xa/icd.csv") {
			t.Errorf("%s: the whole lists are %+v", kind, whole)
		}
	}
}

func TestARowForACodeThatTheNationalListLacksIsLeftOut(t *testing.T) {
	list := nationalHead + "a-form,T,tablett" + acceptedRow + "a-form,U,kapsel,2020-01-01,2024-05-31,draft\n"
	c, b := built(t, Source{Files: smallFiles()}, folderOf(aSystems, [3]string{"whole-code-system", "xa/forms.csv", list}))
	for code, want := range map[string]string{"T": "", "U": "", "W": reasonUnlisted} { // older documents still bear U
		s := NewSlot(DoseForm, "form", aForm(code))
		if c.ToPivot("XA", s); s.Reason != want || (s.Fate == Mapped) != (want == "") {
			t.Errorf("%s: %s, %s", code, s.Fate, s.Reason)
		}
	}
	home := NewSlot(DoseForm, "form", form("2"))
	if c.FromPivot("XA", []string{"et"}, home); home.Current.System != "http://forms.example" || home.Fate != Passed {
		t.Errorf("a code that the list has ended comes in: %+v", home)
	}
	notes := strings.Join(b.Notes, "\n")
	for _, want := range []string{
		"xa-eu/dose-form: W is not in the national list (2026-03): its row is left out",
		"xa-eu/dose-form: the national list has ended U on 2024-05-31: it is no way into the country any more",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("the build does not say %q:\n%s", want, notes)
		}
	}
	if strings.Contains(notes, ": T ") {
		t.Errorf("the build says of a code that is on the list:\n%s", notes)
	}
}

func TestALaterWholeNationalListStandsForAnEarlierOne(t *testing.T) {
	list := func(kind string, codes ...string) Source {
		text := nationalHead
		for _, code := range codes {
			text += "a-icd," + code + ",nimi" + acceptedRow
		}
		return folderOf(aSystems, [3]string{kind, "xa/icd.csv", text})
	}
	for name, test := range map[string]struct {
		sources []Source
		want    []string // carried
	}{
		"the later one counts":        {[]Source{list("whole-code-system", "A10", "B20"), list("whole-code-system", "B20", "C30")}, []string{"B20", "C30"}},
		"an addition adds":            {[]Source{list("whole-code-system", "A10"), list("code-system", "C30")}, []string{"A10", "C30"}},
		"an excerpt first adds none":  {[]Source{list("code-system", "A10"), list("whole-code-system", "C30")}, []string{"C30"}},
		"excerpts alone leave it all": {[]Source{list("code-system", "A10"), list("code-system", "C30")}, []string{"A10", "B20", "C30"}},
	} {
		c, _ := built(t, append([]Source{{Files: smallFiles()}}, test.sources...)...)
		for _, code := range []string{"A10", "B20", "C30"} {
			s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: code})
			if c.ToPivot("XA", s); (s.Fate == Mapped) != slices.Contains(test.want, code) {
				t.Errorf("%s: %s is %s", name, code, s.Fate)
			}
		}
	}
}

func TestACodeThatOneOfTwoListsEndsIsInForceByTheOther(t *testing.T) {
	ended, inForce := nationalHead+"a-icd,A10,nimi,2020-01-01,2024-05-31,draft\n", nationalHead+"a-icd,A10,nimi"+acceptedRow
	for _, texts := range [][2]string{{ended, inForce}, {inForce, ended}} {
		one, other := [3]string{"code-system", "xa/icd.csv", texts[0]}, [3]string{"code-system", "xa/other.csv", texts[1]}
		c, _ := built(t, Source{Files: smallFiles()}, folderOf(aSystems, one, other))
		s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "A10"})
		if c.ToPivot("XA", s); s.Fate != Mapped {
			t.Errorf("in one folder it is %s", s.Fate)
		}
		later, _ := built(t, Source{Files: smallFiles()}, folderOf(aSystems, one), folderOf(aSystems, other))
		s = NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "A10"})
		if later.ToPivot("XA", s); (s.Fate == Mapped) != (texts[1] == inForce) {
			t.Errorf("the later folder does not count: %s", s.Fate)
		}
	}
}

func TestASnapshotOfTheFormatBeforeIsStillRead(t *testing.T) {
	_, whole := built(t, Source{Files: smallFiles()})
	older := append([]byte("sild-snapshot-2\n"), whole.Bytes[hashAt:]...)
	if c, err := Open(older); err != nil || c.Release() != whole.Release {
		t.Error(err)
	}
	if _, err := Open(append([]byte("sild-snapshot-1\n"), whole.Bytes[hashAt:]...)); err == nil {
		t.Error("a format that nobody knows any more is read")
	}
}

func TestAnOfficialListOfSomeCodeSystemsLeavesTheOthers(t *testing.T) {
	ours := folderOf(aSystems+"orpha,http://orpha.example,,Rare diseases\n", [3]string{"value-set", "eu/diagnosis.csv",
		"field,system,code,en,since,until,status\ndiagnosis,orpha,~[0-9]+,,2026-01-01,,draft\ndiagnosis,orpha,77,rare,2026-01-01,,draft\n"})
	official := folderOf(aSystems, [3]string{"whole-value-set-of-systems", "eu/diagnosis.csv",
		"field,system,code,en,since,until,status\ndiagnosis,icd,J45,asthma" + acceptedRow})
	c, b := built(t, Source{Files: smallFiles()}, ours, official)
	for _, test := range []struct {
		system, code string
		member       bool
	}{
		{"http://icd.example", "J45", true}, {"http://icd.example", "Q00", false}, {"http://icd.example", "I10", false},
		{"http://orpha.example", "77", true}, {"http://orpha.example", "1234", true},
	} {
		if is := c.Member(Diagnosis, Coding{System: test.system, Code: test.code}); is != test.member {
			t.Errorf("%s of %s is a member: %v", test.code, test.system, is)
		}
	}
	s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "A00"})
	if c.ToPivot("XA", s); s.Fate != Passed {
		t.Errorf("a code that the official list lacks is %s", s.Fate)
	}
	if len(b.Notes) != 0 {
		t.Errorf("there is nothing to say: %q", b.Notes)
	}
	leads := folderOf(aSystems, [3]string{"concept-map", "xa-eu/diagnosis.csv", mapHeader + "a-icd,Q7,equivalent,icd,Q00,,,,no,test,2026-01-01,draft,\n"})
	c, b = built(t, Source{Files: smallFiles()}, leads, official)
	s = NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: "Q7"})
	if c.ToPivot("XA", s); s.Fate != Passed || len(b.Notes) != 1 || !strings.Contains(b.Notes[0], "xa-eu/diagnosis: Q7 its target Q00 is not in the imported list") {
		t.Errorf("a row to a code that was a member by its form: %s, and the build says %q", s.Fate, b.Notes)
	}
	all, _ := built(t, Source{Files: smallFiles()}, ours, official, folderOf(aSystems, [3]string{"whole-value-set", "eu/diagnosis.csv",
		"field,system,code,en,since,until,status\ndiagnosis,icd,K21,reflux" + acceptedRow}))
	if all.Member(Diagnosis, Coding{System: "http://orpha.example", Code: "77"}) || all.Member(Diagnosis, Coding{System: "http://icd.example", Code: "J45"}) {
		t.Error("a list of the whole field leaves something beside it")
	}
}

// A row for many codes that says none takes back what an earlier source says of them; rows for one code stay.
func TestARowForManyCodesMaySayNone(t *testing.T) {
	earlier := folderOf(aSystems, [3]string{"concept-map", "xa-eu/diagnosis.csv", mapHeader + "a-icd,K21,equivalent,icd,K21,,,,yes,test,2026-01-01,draft,\n" +
		"a-icd,~([A-Z][0-9]{2})[.][0-9],wider,icd,^,,,,no,test,2026-01-01,draft,\n"})
	for name, test := range map[string]struct {
		row     string
		carried map[string]bool
		home    string
	}{
		"every code": {"a-icd,*,none,,,,,,no,test,2026-01-01,draft,nobody has looked\n", map[string]bool{"K21": true, "I10": false, "I10.1": false}, "shared"},
		"a shape":    {"a-icd,~(I[0-9]{2})[.][0-9],none,,,,,,no,test,2026-01-01,draft,nobody has looked\n", map[string]bool{"K21": true, "I10": true, "I10.1": false}, ""},
		"neither":    {"", map[string]bool{"K21": true, "I10": true, "I10.1": true}, ""},
	} {
		sources := []Source{{Files: smallFiles()}, earlier}
		if test.row != "" {
			sources = append(sources, folderOf(aSystems, [3]string{"concept-map", "xa-eu/diagnosis.csv", mapHeader + test.row}))
		}
		c, _ := built(t, sources...)
		for code, carried := range test.carried {
			s := NewSlot(Diagnosis, "reason", Coding{System: aDiagnosis, Code: code})
			if c.ToPivot("XA", s); (s.Fate == Mapped) != carried || !carried && s.Reason != "the shared list has no equal: nobody has looked" {
				t.Errorf("%s: %s is %s: %s", name, code, s.Fate, s.Reason)
			}
		}
		back := NewSlot(Diagnosis, "reason", Coding{System: "http://icd.example", Code: "I10"})
		if c.FromPivot("XA", nil, back); (back.Current.System == aDiagnosis) == (test.home == "shared") {
			t.Errorf("%s: I10 comes in as %+v", name, back.Current)
		}
		for row := range c.Rows() {
			if row.Relation == None && many(row.From.Code) && (row.To.Code != "" || row.Remark == "") {
				t.Errorf("%s: the row is shown as %+v", name, row)
			}
		}
	}
	for row, want := range map[string]string{
		"a-icd,*,none,icd,*,,,,no,test,2026-01-01,draft,why\n":                                                  "leads to no code",
		"a-icd,~(I)[0-9]+,none,icd,^,,,,no,test,2026-01-01,draft,why\n":                                         "leads to no code",
		"a-icd,~I[0-9]+,none,,,,,,no,test,2026-01-01,draft,why\n":                                               "",
		"a-icd,~I[0-9,none,,,,,,no,test,2026-01-01,draft,why\n":                                                 "missing closing",
		"a-icd,*,none,,,,,,yes,test,2026-01-01,draft,why\n":                                                     "is no way home",
		"a-icd,I10,none,,,,,,yes,test,2026-01-01,draft,why\n":                                                   "is no way home",
		"a-icd,*,none,,,,,,no,test,2026-01-01,draft,\n":                                                         "says why in the remark",
		"a-icd,*,none,,,,,,no,test,2026-01-01,draft,why\n" + "a-icd,*,none,,,,,,no,test,2026-01-01,draft,why\n": "twice",
	} {
		_, err := Compile(Source{Files: smallFiles()}, folderOf(aSystems, [3]string{"concept-map", "xa-eu/diagnosis.csv", mapHeader + row}))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", row, err)
		}
	}
}

func TestASharedCodeThatHasLeftItsListSaysSo(t *testing.T) {
	list := "field,system,code,en,since,until,status\ndose-form,form,1,tablet" + acceptedRow
	c, _ := built(t, Source{Files: smallFiles()}, operator("whole-value-set", "eu/dose-form.csv", list))
	for code, want := range map[string]string{"3": "the shared list has ended the code on 2026-03-01", "99": reasonUnknown} {
		s := NewSlot(DoseForm, "form", form(code))
		if c.ToPivot("XA", s); s.Fate != Passed || s.Reason != want {
			t.Errorf("%s: %s, %q", code, s.Fate, s.Reason)
		}
	}
}

func TestEveryRowSaysInWhichTableItStands(t *testing.T) {
	c, _ := built(t, Source{Files: smallFiles()}, folderOf(aSystems, [3]string{"code-system", "xa/icd.csv", nationalHead + "a-icd,I10,vererõhk" + acceptedRow}))
	for row := range c.Rows() {
		if table, known := c.Table(row.Provenance); !known || table.File != row.Map+".csv" || table.Release != "1" {
			t.Errorf("a row of %s for %s stands in %+v", row.Map, row.From.Code, table)
		}
	}
	for k := range c.Concepts() {
		for _, in := range k.In {
			if table, _ := c.Table(in.Provenance); table.File != "eu/"+string(in.Field)+".csv" {
				t.Errorf("%s of %s stands in %+v", k.Coding.Code, in.Field, table)
			}
		}
		if k.Listed == nil {
			continue
		}
		if table, _ := c.Table(k.Listed.Provenance); table.File != "xa/icd.csv" || table.Release != "2026-03" {
			t.Errorf("%s is listed in %+v", k.Coding.Code, table)
		}
	}
	if _, known := c.Table(Provenance{}); known {
		t.Error("a row of an earlier format is said to stand in a table")
	}
}

func TestASnapshotWhoseTablesLeadNowhereIsRefused(t *testing.T) {
	_, whole := built(t, Source{Files: smallFiles()}, folderOf(aSystems, [3]string{"whole-code-system", "xa/icd.csv", nationalHead + "a-icd,I10,vererõhk" + acceptedRow}))
	for old, replacement := range map[string]string{`"table":10`: `"table":99`, `"table":11`: `"table":-1`, `"origin":10}`: `"origin":99}`} {
		if !bytes.Contains(whole.Bytes, []byte(old)) {
			t.Fatalf("the head has no %s", old)
		}
		c, err := Open(resealed(whole.Bytes, func(body []byte) { copy(body[bytes.Index(body, []byte(old)):], replacement) }))
		if err == nil || c != nil {
			t.Errorf("%s: opened", replacement)
		}
	}
}

func TestADraftDoesNotReplaceWordsThatWereAccepted(t *testing.T) {
	list := func(words, status string) Source {
		return folderOf(aSystems, [3]string{"code-system", "xa/icd.csv", nationalHead + "a-icd,I10," + words + status})
	}
	const draft = ",2026-01-01,,draft\n"
	for _, test := range []struct {
		name, want string
		noted      bool
		sources    []Source
	}{
		{"a draft over accepted words", "vererõhk", true, []Source{list("vererõhk", acceptedRow), list("kahjutu", draft)}},
		{"accepted words over accepted words", "kahjutu", false, []Source{list("vererõhk", acceptedRow), list("kahjutu", acceptedRow)}},
		{"a draft over a draft", "kahjutu", false, []Source{list("vererõhk", draft), list("kahjutu", draft)}},
		{"the same words as a draft", "vererõhk", false, []Source{list("vererõhk", acceptedRow), list("vererõhk", draft)}},
	} {
		c, b := built(t, append([]Source{{Files: smallFiles()}}, test.sources...)...)
		got, _ := c.Designation(Coding{System: aDiagnosis, Code: "I10"}, "et")
		noted := strings.Contains(strings.Join(b.Notes, " "), "the accepted words stay")
		if got != test.want || noted != test.noted {
			t.Errorf("%s: %q, noted %v", test.name, got, noted)
		}
	}
}
