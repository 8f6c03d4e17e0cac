package lists

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"sild/internal/lists/folder"
	"sild/mappings"
)

// reading is a job that reads and writes nothing.
func reading(t testing.TB, format string) *job {
	t.Helper()
	systems, err := folder.ReadSystems(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	j := &job{Import: Import{Format: format, Into: "none", Sources: []string{"none"}, Country: "EE", Now: noon}, stage: &folder.Stage{Systems: systems}}
	if err := j.prepare(); err != nil {
		t.Fatal(err)
	}
	return j
}

// sound checks what holds of every reading: nothing disappears, and no code is empty or stands twice.
func sound(t *testing.T, j *job) {
	t.Helper()
	for _, one := range j.summary.Lists {
		if one.Rows != one.Kept+one.Retired+one.skipped() {
			t.Errorf("%s: %d rows, but %d kept, %d retired and %d skipped", one.List, one.Rows, one.Kept, one.Retired, one.skipped())
		}
	}
	for _, l := range j.lists {
		seen := map[codeKey]bool{}
		for _, e := range l.entries {
			if e.code == "" || e.system == "" || len(e.words) == 0 || seen[e.key()] {
				t.Errorf("%s holds %+v", l.id, e)
			}
			seen[e.key()] = true
		}
	}
	for _, m := range j.maps {
		for _, p := range m.pairs {
			if p.code == "" || (p.relation == none) != (p.targetCode == "") || p.relation == none && p.remark == "" {
				t.Errorf("%s holds %+v", m.id, p)
			}
		}
	}
}

func seeds(f *testing.F, pattern string) {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		f.Fatal(pattern, err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
}

func FuzzFHIR(f *testing.F) {
	seeds(f, "testdata/mvc/*.json")
	seeds(f, "testdata/package/*.json")
	f.Fuzz(func(t *testing.T, content []byte) {
		j, held := reading(t, "fhir"), &shelf{}
		j.Field = "dose-form"
		if j.shelve(held, "x.json", content, map[string]int{}) != nil || j.takeShelf(held) != nil {
			return
		}
		sound(t, j)
	})
}

func FuzzNational(f *testing.F) {
	seeds(f, "testdata/vormid.csv")
	made, err := layoutOf(madeUpLayout)
	if err != nil {
		f.Fatal(err)
	}
	units, err := layoutOf("dk-lms15-substance")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("lms15_code,lms15_display,numerator,denominator,denominator_value\nMG,milligram,mg,mL,5\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, declared := range []*layout{made, units} {
			j := reading(t, "csv")
			if j.takeNational(context.Background(), declared, "x.csv", content) == nil {
				sound(t, j)
			}
		}
	})
}

func FuzzSVS(f *testing.F) {
	seeds(f, "testdata/svs.xml")
	f.Fuzz(func(t *testing.T, content []byte) {
		j := reading(t, "svs")
		doc, err := readXML("x.xml", content)
		if err != nil {
			return
		}
		r := &svsReader{job: j, from: "x.xml", lines: &xmlLines{source: doc.Source()}}
		if r.response(doc.Root()) == nil {
			sound(t, j)
		}
	})
}

func FuzzMedicines(f *testing.F) {
	seeds(f, "testdata/medicines-*")
	layout, err := layoutOf("medicines-ee")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		j := reading(t, "medicines")
		l := &medicineList{job: j, layout: layout, id: "x", from: "x", byCode: map[string]*medicine{}, packages: j.report("p"), ingredients: j.report("i")}
		for _, read := range []func(context.Context, []byte) error{l.readCSV, l.readXML} {
			if read(context.Background(), content) != nil {
				continue
			}
			for code, m := range l.byCode {
				if code == "" || code != m.code || m.name == "" || m.marketed != "yes" && m.marketed != "no" {
					t.Errorf("%q became %+v", code, m)
				}
			}
		}
	})
}
