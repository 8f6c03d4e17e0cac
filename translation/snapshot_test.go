package translation

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"sild/mappings"
)

func built(t testing.TB, sources ...Source) (*Catalogue, *Built) {
	t.Helper()
	b, err := Compile(sources...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c, b
}

func TestTheSameTablesGiveTheSameBytes(t *testing.T) {
	_, a := built(t, Source{Files: mappings.Files()})
	c, b := built(t, Source{Name: "by another name", Files: mappings.Files()})
	if !bytes.Equal(a.Bytes, b.Bytes) {
		t.Error("two compilations differ")
	}
	if c.Release() != b.Release || len(b.Release) != 64 {
		t.Errorf("the file is %s, opened %s", b.Release, c.Release())
	}
}

func TestAChangedFileIsNotOpened(t *testing.T) {
	_, whole := built(t, Source{Files: smallFiles()})
	for at := 0; at < len(whole.Bytes); at += 7 {
		changed := bytes.Clone(whole.Bytes)
		changed[at] ^= 0x20
		if c, err := Open(changed); err == nil || c != nil {
			t.Fatalf("a file whose byte %d is another one was opened", at)
		}
	}
	for _, length := range []int{0, 5, headAt - 1, headAt, len(whole.Bytes) - 1} {
		if _, err := Open(whole.Bytes[:length]); err == nil {
			t.Errorf("a file of its first %d bytes was opened", length)
		}
	}
	if _, err := Open(append(bytes.Clone(whole.Bytes), 0)); err == nil {
		t.Error("a file with something behind its end was opened")
	}
}

// operator is a folder with one table, as an import leaves it.
func operator(kind, file, table string) Source {
	return Source{Name: "imported", Files: fstest.MapFS{
		"MANIFEST.csv": {Data: []byte("file,kind,origin,release,licence,status\n" + file + "," + kind + ",test,2,CC0,accepted\n")},
		"systems.csv":  {Data: []byte("short,uri,oid,name\nform,http://forms.example,1.2.3,Shared forms\nc-form,http://c.example/form,,Forms of C\n")},
		file:           {Data: []byte(table)},
	}}
}

const acceptedRow = ",2026-03-01,,accepted by The Authority on 2026-03-02\n"

func TestAnImportedRowWinsOverOurs(t *testing.T) {
	forms := "field,system,code,en,sv,since,until,status\n" +
		"dose-form,form,1,Tablet (official),tablett" + acceptedRow + "dose-form,form,7,granules,granulat" + acceptedRow
	c, b := built(t, Source{Files: smallFiles()}, operator("value-set", "eu/dose-form.csv", forms))
	tablet := Coding{System: "http://forms.example", Code: "1"}
	for language, want := range map[string]string{"en": "Tablet (official)", "et": "tablett", "fi": "tabletti", "sv": "tablett"} {
		if text, in := c.Designation(tablet, language); text != want || in != language {
			t.Errorf("%s: %q in %s, want %q", language, text, in, want)
		}
	}
	for _, code := range []string{"1", "2", "3", "4", "7"} {
		if !c.Member(DoseForm, Coding{System: "urn:oid:1.2.99", Code: code}) {
			t.Errorf("%s is no member", code)
		}
	}
	if len(b.Notes) != 0 {
		t.Errorf("there is nothing to say: %q", b.Notes)
	}
}

func TestAnOfficialListLeavesNothingBesideIt(t *testing.T) {
	forms := "field,system,code,en,since,until,status\ndose-form,form,1,tablet" + acceptedRow + "dose-form,form,4,drops" + acceptedRow
	c, b := built(t, Source{Files: smallFiles()}, operator("whole-value-set", "eu/dose-form.csv", forms))
	if got := len(c.Members(DoseForm)); got != 2 {
		t.Errorf("%d members", got)
	}
	film := Coding{System: "http://forms.example", Code: "3"}
	if text, _ := c.Designation(film, "et"); text != "suukile" {
		t.Errorf("the words of a code that has left the list are gone: %q", text)
	}
	s := NewSlot(DoseForm, "form", Coding{System: "http://a.example/form", Code: "U"})
	s.Required = true
	if c.ToPivot("XA", s); s.Fate != Refused || !strings.Contains(s.Reason, "imported list") {
		t.Errorf("a code that leads out of the list: %s, %s", s.Fate, s.Reason)
	}
	if len(b.Notes) == 0 || !strings.Contains(strings.Join(b.Notes, "\n"), "xa-eu/dose-form: U") {
		t.Errorf("the build says %q", b.Notes)
	}
}

func TestACodeThatALaterSourceRetiresMakesGapsOfTheRowsToIt(t *testing.T) {
	list := "field,system,code,en,since,until,status\n" +
		"dose-form,form,2,soft capsule,2026-01-01,2026-03-01,draft\ndose-form,form,3,oral film,2026-01-01,2026-03-01,draft\n"
	c, b := built(t, Source{Files: smallFiles()}, operator("value-set", "eu/dose-form.csv", list))
	s := NewSlot(DoseForm, "form", Coding{System: "http://a.example/form", Code: "U"})
	s.Required = true
	if c.ToPivot("XA", s); s.Fate != Refused || !strings.Contains(s.Reason, "imported list") {
		t.Errorf("%s: %s", s.Fate, s.Reason)
	}
	back := NewSlot(DoseForm, "form", Coding{System: "http://forms.example", Code: "2"})
	back.Required = true
	if c.FromPivot("XB", []string{"et"}, back); back.Fate != Refused {
		t.Errorf("a retired code arrives as %s %s", back.Fate, back.Current.Code)
	}
	if notes := strings.Join(b.Notes, "\n"); !strings.Contains(notes, "xa-eu/dose-form: U") || !strings.Contains(notes, "xb-eu/dose-form: sc") {
		t.Errorf("the build says %q", b.Notes)
	}
}

func TestAnOfficialListTakesTheShapesAway(t *testing.T) {
	list := operator("whole-value-set", "eu/diagnosis.csv", "field,system,code,en,since,until,status\ndiagnosis,icd,J45,asthma"+acceptedRow)
	list.Files.(fstest.MapFS)["systems.csv"].Data = []byte("short,uri,oid,name\nicd,http://icd.example,,Shared diagnoses\n")
	c, _ := built(t, Source{Files: smallFiles()}, list)
	icd := func(code string) Coding { return Coding{System: "http://icd.example", Code: code} }
	if !c.Member(Diagnosis, icd("J45")) || c.Member(Diagnosis, icd("Q00")) || c.Member(Diagnosis, icd("I10")) {
		t.Error("the members are not those of the official list")
	}
}

func TestALaterMapRowTakesThePlaceOfAnEarlierOne(t *testing.T) {
	c, b := built(t, Source{Files: smallFiles()}, operator("concept-map", "xa-eu/dose-form.csv", mapHeader+
		"c-form,T9,equivalent,form,1,,,,yes,list,2026-03-01,accepted by The Authority on 2026-03-02,\n"))
	s := NewSlot(DoseForm, "form", Coding{System: "http://forms.example", Code: "1"})
	c.FromPivot("XA", []string{"et"}, s)
	if s.Current.Code != "T9" || s.Current.System != "http://c.example/form" {
		t.Errorf("the way home leads to %+v", s.Current)
	}
	old := NewSlot(DoseForm, "form", Coding{System: "http://a.example/form", Code: "T"})
	if c.ToPivot("XA", old); old.Current.Code != "1" {
		t.Errorf("the older code still means the same: %+v", old)
	}
	if notes := strings.Join(b.Notes, "\n"); !strings.Contains(notes, "xa-eu/dose-form: on the way into the country 1 is now T9, where an earlier source says T") {
		t.Errorf("the build says %q", notes)
	}
	if got := c.maps[mapKey{"XA", DoseForm}].name; got != "xa-eu/dose-form" {
		t.Errorf("the map is called %q", got)
	}
}

// A row for one code goes before the row for its whole code system, also on the way into the country.
func TestNoNationalCodeIsGuessedWhereARowSaysThatThereIsNone(t *testing.T) {
	const every = "c-form,*,equivalent,form,*,,,,yes,test,2026-01-01,draft,\n"
	for name, row := range map[string]string{
		"nothing national stands for it":  "c-form,,none,form,4,,,,no,test,2026-01-01,draft,the list has no such form\n",
		"its number means something else": "c-form,4,none,,,,,,no,test,2026-01-01,draft,not the same\n",
	} {
		c, _ := built(t, Source{Files: smallFiles()}, operator("concept-map", "xc-eu/dose-form.csv", mapHeader+every+row))
		s := NewSlot(DoseForm, "form", Coding{System: "http://forms.example", Code: "4"})
		c.FromPivot("XC", []string{"et"}, s)
		if s.Current.System != "http://forms.example" || s.Reason != reasonNoNational || s.Rendered != "tilgad" {
			t.Errorf("%s: %+v, %s, %q", name, s.Current, s.Reason, s.Rendered)
		}
		other := NewSlot(DoseForm, "form", Coding{System: "http://forms.example", Code: "1"})
		if c.FromPivot("XC", []string{"et"}, other); other.Current.System != "http://c.example/form" || other.Current.Code != "1" {
			t.Errorf("%s: the row for every code is gone: %+v", name, other.Current)
		}
	}
}

// A code that the country's own list has ended is not carried by the row for all of its codes, neither out nor home.
func TestACodeThatItsOwnListHasEndedIsAGap(t *testing.T) {
	list := operator("code-system", "xa/icd.csv", "system,code,et,since,until,status\na-icd,I10,vererõhk,2020-01-01,2024-05-31,draft\na-icd,J45,astma"+acceptedRow)
	list.Files.(fstest.MapFS)["systems.csv"].Data = []byte("short,uri,oid,name\na-icd,http://a.example/icd,,Diagnoses of A\n")
	c, _ := built(t, Source{Files: smallFiles()}, list)
	for code, want := range map[string]Fate{"I10": Passed, "J45": Mapped, "K21": Mapped} {
		s := NewSlot(Diagnosis, "reason", Coding{System: "http://a.example/icd", Code: code})
		if c.ToPivot("XA", s); s.Fate != want || want == Passed && (!strings.Contains(s.Reason, "ended the code on 2024-05-31") || s.ReasonClass() != Ended) {
			t.Errorf("%s: %s, %s", code, s.Fate, s.Reason)
		}
	}
	s := NewSlot(Diagnosis, "reason", Coding{System: "http://icd.example", Code: "I10"})
	if c.FromPivot("XA", []string{"et"}, s); s.Current.System != "http://icd.example" {
		t.Errorf("it comes home as %+v", s.Current)
	}
}

// What a country calls its own code goes before the words for the shared one, where the two mean the same.
func TestTheReaderSeesTheWordsOfTheirOwnCountry(t *testing.T) {
	list := operator("code-system", "xb/forms.csv", "system,code,et,since,until,status\nb-form,tb,ametlik tablett"+acceptedRow+"b-form,sc,ametlik kapsel"+acceptedRow)
	list.Files.(fstest.MapFS)["systems.csv"].Data = []byte("short,uri,oid,name\nb-form,http://b.example/form,,Forms of B\n")
	c, _ := built(t, Source{Files: smallFiles()}, list)
	for _, test := range []struct{ code, language, want string }{
		{"1", "et", "ametlik tablett"}, {"1", "et-EE", "ametlik tablett"}, {"1", "fi", "tabletti"},
		{"2", "et", "pehmekapsel"}, // the country's code says more or less than the shared one
	} {
		s := NewSlot(DoseForm, "form", Coding{System: "http://forms.example", Code: test.code})
		if c.FromPivot("XB", []string{test.language}, s); s.Rendered != test.want {
			t.Errorf("%s in %s is %q", test.code, test.language, s.Rendered)
		}
	}
}

func TestASourceIsNamedInItsErrors(t *testing.T) {
	cases := map[string]struct {
		source Source
		want   string
	}{
		"another system under our short name": {Source{Name: "imported", Files: fstest.MapFS{
			"MANIFEST.csv": {Data: []byte("file,kind,origin,release,licence,status\n")},
			"systems.csv":  {Data: []byte("short,uri,oid,name\nform,http://else.example,9.9,Others\natc,http://forms.example,,taken\n")},
		}}, "imported: systems.csv row 2"},
		"target that its own list has not": {operator("concept-map", "xa-eu/dose-form.csv", mapHeader+
			"c-form,T9,equivalent,form,99,,,,yes,list,2026-03-01,draft,\n"), "imported: xa-eu/dose-form.csv row 2"},
		"same code twice": {operator("value-set", "eu/dose-form.csv", "field,system,code,en,since,until,status\n"+
			"dose-form,form,7,a"+acceptedRow+"dose-form,form,7,a"+acceptedRow), "imported: eu/dose-form.csv row 3"},
		"field without a list": {operator("concept-map", "xa-eu/container.csv", mapHeader), "imported: xa-eu/container.csv"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			b, err := Compile(Source{Files: smallFiles()}, test.source)
			if err == nil || b != nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestNamesOfNationalCodesAreNoMembers(t *testing.T) {
	c, _ := built(t, Source{Files: smallFiles()}, operator("code-system", "xa/forms.csv",
		"system,code,et,since,until,status\nc-form,NA,nimi"+acceptedRow))
	national := Coding{System: "http://c.example/form", Code: "NA"}
	if text, lang := c.Designation(national, "et"); text != "nimi" || lang != "et" {
		t.Errorf("called %q in %q", text, lang)
	}
	if c.Member(DoseForm, national) {
		t.Error("a name made a member")
	}
}

// TestASnapshotHoldsWhatTheTablesSay compares a snapshot of made-up tables with plain Go maps.
func TestASnapshotHoldsWhatTheTablesSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9õ./{}~-]{1,9}`), 1, 60, rapid.ID[string]).Draw(t, "codes")
		members := map[string]string{}
		set := "field,system,code,en,et,fi,since,until,status\n"
		for i, code := range codes {
			if strings.HasPrefix(code, openCode) || code == anyCode {
				continue
			}
			until := ""
			if rapid.IntRange(0, 4).Draw(t, "retired") == 0 {
				until = "2026-02-01"
			} else {
				members[code] = fmt.Sprint("name ", i)
			}
			set += fmt.Sprintf("dose-form,form,%s,name %d,nimi %d,nimi%d,2026-01-01,%s,draft\n", code, i, i, i, until)
		}
		files := smallFiles()
		delete(files, "xa-eu/dose-form.csv")
		delete(files, "xb-eu/dose-form.csv")
		delete(files, "eu-eu/dose-form.csv")
		manifest := strings.Split(string(files["MANIFEST.csv"].Data), "\n")
		manifest = slices.DeleteFunc(manifest, func(line string) bool { return strings.Contains(line, "-eu/dose-form.csv") })
		files["MANIFEST.csv"].Data = []byte(strings.Join(manifest, "\n"))
		files["eu/dose-form.csv"].Data = []byte(set)
		b, err := Compile(Source{Files: files})
		if err != nil {
			t.Fatal(err)
		}
		c, err := Open(b.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range append(codes, "absent", "") {
			coding := Coding{System: "http://forms.example", Code: code}
			name, member := members[code]
			if c.Member(DoseForm, coding) != member {
				t.Fatalf("%q: member is %v", code, !member)
			}
			if text, _ := c.Designation(coding, "en"); member && text != name {
				t.Fatalf("%q is called %q, not %q", code, text, name)
			}
		}
		if got := len(c.Members(DoseForm)); got != len(members) {
			t.Fatalf("%d members of %d", got, len(members))
		}
	})
}

// A ratio whose two units have both left the list is one gap with the reason for the first of them.
func TestARatioThatLeavesTheListIsSaidOnce(t *testing.T) {
	list := operator("whole-value-set", "eu/strength-unit.csv", "field,system,code,en,since,until,status\nstrength-unit,unit,third,third"+acceptedRow)
	list.Files.(fstest.MapFS)["systems.csv"].Data = []byte("short,uri,oid,name\nunit,http://units.example,,Shared units\n")
	c, b := built(t, Source{Files: smallFiles()}, list)
	said := 0
	for _, note := range b.Notes {
		if strings.Contains(note, "G/100ML") {
			said++
		}
	}
	s := NewSlot(StrengthUnit, "strength", Coding{System: "http://a.example/unit", Code: "G/100ML"})
	if c.ToPivot("XA", s); said != 1 || s.Fate != Passed || s.ReasonClass() != Ended || !strings.Contains(s.Reason, "its target mL is not in the imported list") {
		t.Errorf("said %d times, %s: %s", said, s.Fate, s.Reason)
	}
}

// resealed is a snapshot with one thing in it changed and its hash made right again, as another program might write it.
func resealed(file []byte, change func(body []byte)) []byte {
	changed := bytes.Clone(file)
	change(changed[lengthsAt:])
	sum := sha256.Sum256(changed[lengthsAt:])
	copy(changed[hashAt:], sum[:])
	return changed
}

// A snapshot that is sealed well and wrong inside is refused, or does no worse than answer wrongly: nothing stops the node.
func TestASnapshotThatIsWrongInsideStopsNobody(t *testing.T) {
	_, whole := built(t, Source{Files: smallFiles()}, folderOf(aSystems, [3]string{"whole-code-system", "xa/forms.csv",
		nationalHead + "a-form,T,tablett" + acceptedRow + "a-form,U,kapsel,2020-01-01,2024-05-31,draft\n"}))
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SliceOfN(rapid.IntRange(3*8, len(whole.Bytes)-lengthsAt-1), 1, 4).Draw(t, "places")
		values := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "values")
		c, err := Open(resealed(whole.Bytes, func(body []byte) {
			for i, place := range places {
				body[place] = values[i]
			}
		}))
		if err != nil {
			refused++
			return
		}
		for _, code := range []string{"1", "2", "T", "U", "A01", "absent", ""} {
			for _, system := range []string{"http://forms.example", "http://a.example/form", "http://atc.example"} {
				coding := Coding{System: system, Code: code}
				c.Designation(coding, "et", "fi-FI")
				for _, field := range []Field{DoseForm, Classification, StrengthUnit} {
					c.Member(field, coding)
					s := NewSlot(field, "somewhere", coding)
					s.Number = "5"
					c.ToPivot("XA", s)
					c.FromPivot("XB", []string{"et"}, NewSlot(field, "somewhere", coding))
				}
			}
		}
		c.Size()
		c.Drafts(DoseForm, "")
		for row := range c.Rows() {
			c.Table(row.Provenance)
		}
		for range c.Concepts() {
		}
		c.WholeLists()
	})
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

func TestASnapshotWithoutAWayOutIsRefused(t *testing.T) {
	_, whole := built(t, Source{Files: smallFiles()})
	c, err := Open(whole.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	slots := len(whole.Bytes) - lengthsAt - len(c.concepts) - len(c.slots)
	for name, change := range map[string]func(body []byte){
		"no slot is free":           func(body []byte) { fill(body[slots:slots+len(c.slots)], 1) },
		"a slot leads past the end": func(body []byte) { fill(body[slots:slots+4], 0xff); body[slots+4] = 1 },
		"no concepts":               func(body []byte) { fill(body[slots+len(c.slots):], 0xff) },
		"another head":              func(body []byte) { copy(body[3*8:], `{"else":1,`) },
	} {
		if c, err := Open(resealed(whole.Bytes, change)); err == nil || c != nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func fill(b []byte, with byte) {
	for i := range b {
		b[i] = with
	}
}

func TestAWholeListWithoutARowIsRefused(t *testing.T) {
	_, err := Compile(Source{Files: smallFiles()}, operator("whole-value-set", "eu/dose-form.csv", "field,system,code,en,since,until,status\n"))
	if err == nil || !strings.Contains(err.Error(), "imported: eu/dose-form.csv: a whole list without a row") {
		t.Errorf("got %v", err)
	}
}

// Words keep the status of the row that brought them: a list in one language does not accept what an earlier row says in another.
func TestWordsThatNobodyAcceptedLeaveTheirCodeADraft(t *testing.T) {
	const head, capsule = "field,system,code,en,since,until,status\n", "dose-form,form,2,Capsule (official)" + acceptedRow
	membership := func(c *Catalogue, code string) Membership {
		for k := range c.Concepts() {
			if k.Coding.Same(Coding{System: "http://forms.example", Code: code}) {
				return k.In[0]
			}
		}
		return Membership{}
	}
	english := operator("value-set", "eu/dose-form.csv", head+capsule)
	whole := operator("value-set", "eu/dose-form.csv", "field,system,code,en,et,fi,since,until,status\n"+
		"dose-form,form,2,Capsule (official),pehmekapsel,pehmeä kapseli"+acceptedRow)
	before, _ := built(t, Source{Files: smallFiles()})
	half, _ := built(t, Source{Files: smallFiles()}, english)
	in := membership(half, "2")
	if want := "the code is accepted by The Authority on 2026-03-02, its words in et, fi are drafts"; in.Status != "draft" || in.Remark != want || in.Since != "2026-01-01" {
		t.Errorf("%+v", in)
	}
	if was, is := before.Drafts(DoseForm, ""), half.Drafts(DoseForm, ""); was != is {
		t.Errorf("%d drafts became %d by a list in English alone", was, is)
	}
	if was, is := before.Drafts(DoseForm, "2026-01-01"), half.Drafts(DoseForm, "2026-01-01"); was != 0 || is != 0 {
		t.Errorf("%d and %d drafts are younger than the words", was, is)
	}
	for _, sources := range [][]Source{{{Files: smallFiles()}, whole}, {{Files: smallFiles()}, whole, english}} {
		c, _ := built(t, sources...)
		if in := membership(c, "2"); in.Status != "accepted by The Authority on 2026-03-02" || in.Remark != "" || c.Drafts(DoseForm, "") != before.Drafts(DoseForm, "")-1 {
			t.Errorf("all words are accepted, and yet %+v", in)
		}
	}
	twice := operator("value-set", "eu/dose-form.csv", "field,system,code,en,et,fi,since,until,status\n"+
		"dose-form,form,2,Capsule (official),pehmekapsel,pehmeä kapseli"+acceptedRow)
	files := twice.Files.(fstest.MapFS)
	files["eu/classification.csv"] = &fstest.MapFile{Data: []byte(head + "classification,form,2,Capsule (official),2026-01-01,,draft\n")}
	files["MANIFEST.csv"].Data = append(files["MANIFEST.csv"].Data, "eu/classification.csv,value-set,test,2,CC0,draft\n"...)
	if c, _ := built(t, Source{Files: smallFiles()}, twice); c.Drafts(DoseForm, "") != before.Drafts(DoseForm, "")-1 {
		t.Errorf("words that one field accepts are drafts in another: %+v", membership(c, "2"))
	}
	s := NewSlot(DoseForm, "form", Coding{System: "http://forms.example", Code: "2"})
	if half.ToPivot("XA", s); s.Fate != Identical || !s.Draft() {
		t.Errorf("the slot is %s and shows no mark", s.Fate)
	}
}
