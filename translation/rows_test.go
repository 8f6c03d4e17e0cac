package translation

import (
	"strings"
	"testing"
	"testing/fstest"

	"sild/mappings"
)

func TestEveryRowOfTheTablesCanBeReadBack(t *testing.T) {
	c := small(t)
	got := map[string]MapRow{}
	for row := range c.Rows() {
		got[row.Map+" "+row.From.Code+" "+row.To.Code] = row
	}
	t1 := got["xa-eu/dose-form T 1"]
	if t1.Relation != Equivalent || !t1.Home || t1.Country != "XA" || t1.Field != DoseForm || t1.Source != "test" || t1.Since != "2026-01-01" ||
		t1.Status != "accepted by A. Reader on 2026-01-02" || t1.To.System != "http://forms.example" || t1.To.Display == "" {
		t.Errorf("T is %+v", t1)
	}
	if gap := got["xa-eu/dose-form Y "]; gap.Relation != None || gap.Remark != "the name is a riddle" || gap.Home {
		t.Errorf("Y is %+v", gap)
	}
	var absences, every, ratios, lines int
	for _, row := range got {
		switch {
		case row.From.Code == "":
			absences++
			if row.Relation != None || row.Remark == "" {
				t.Errorf("an absence is %+v", row)
			}
		case row.From.Code == anyCode:
			every++
			if row.To.Code != anyCode || row.From.System == "" {
				t.Errorf("a row for every code is %+v", row)
			}
		case row.Per.Code != "":
			ratios++
			if row.Factor != "1/100" || row.Per.Code != "mL" {
				t.Errorf("a ratio is %+v", row)
			}
		}
	}
	for name, file := range smallFiles() {
		if strings.Contains(name, "-eu/") {
			lines += strings.Count(string(file.Data), "\n") - 1
		}
	}
	if len(got) != lines || absences == 0 || every == 0 || ratios == 0 {
		t.Errorf("%d rows of %d, %d absences, %d for every code, %d ratios", len(got), lines, absences, every, ratios)
	}
}

func TestEveryConceptCanBeReadBack(t *testing.T) {
	files := smallFiles()
	files["eu/dose-form.csv"].Data = append(files["eu/dose-form.csv"].Data, "dose-form,form,OLD,old,vana,vanha,2026-01-01,2026-02-01,draft\n"...)
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	members := 0
	for k := range c.Concepts() {
		if k.Coding.Code == "OLD" && (len(k.In) != 1 || !k.In[0].Retired || k.In[0].Until != "2026-02-01" || k.Words["et"] != "vana") {
			t.Errorf("a retired code is %+v", k)
		}
		for _, in := range k.In {
			if in.Field == DoseForm && !in.Retired {
				members++
			}
		}
	}
	if members == 0 || members != len(c.Members(DoseForm)) {
		t.Errorf("%d members of %d", members, len(c.Members(DoseForm)))
	}
	for range c.Concepts() {
		break // a reader may stop
	}
	for range c.Rows() {
		break
	}
	if shapes := c.Shapes(); len(shapes) == 0 || shapes[0].Field != Diagnosis || shapes[0].Form == "" {
		t.Errorf("the shapes are %+v", c.Shapes())
	}
	if !c.HasMap("xa", DoseForm) || c.HasMap("XB", Diagnosis) || len(c.Fields()) != 4 || len(c.Systems()) == 0 || len(c.Languages()) != 3 {
		t.Errorf("%v %v", c.Fields(), c.Languages())
	}
}

func TestAFieldHasMembersWhereItsListHasOneInForce(t *testing.T) {
	shipped, err := Load(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"MANIFEST.csv":     "file,kind,origin,release,licence,status\neu/dose-form.csv,value-set,test,1,CC0,draft\n",
		"systems.csv":      "short,uri,oid,name\nforms,http://forms.example,,Forms\n",
		"eu/dose-form.csv": "field,system,code,en,since,until,status\ndose-form,forms,1,tablet,2020-01-01,2021-01-01,draft\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	retired, _ := built(t, Source{Files: files})
	for _, c := range []*Catalogue{shipped, retired} {
		for _, field := range append(c.Fields(), "no-such-field") {
			if c.HasMembers(field) != (len(c.Members(field)) > 0) {
				t.Errorf("%s: %v, and %d members", field, c.HasMembers(field), len(c.Members(field)))
			}
		}
	}
	if retired.HasMembers(DoseForm) {
		t.Error("a retired code is a member")
	}
}
