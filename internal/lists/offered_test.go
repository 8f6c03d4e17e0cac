package lists

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const medicineHead = "code,name,form,classification,items,items_unit,content,content_unit,marketed,since,until,substance,substance_name," +
	"numerator,numerator_unit,denominator,denominator_unit\n"

// packagesOf is an Estonian list of packages (form, unit of the items, substance, unit of the strength).
func packagesOf(t *testing.T, dir string, rows ...[4]string) Import {
	t.Helper()
	var text strings.Builder
	for n, row := range rows {
		fmt.Fprintf(&text, "%07d,NIMI %d,%s,C09AA05,30,%s,,,yes,2020-01-01,,%s,ramipriil,5,%s,1,TABL\n", n+1, n+1, row[0], row[1], row[2], row[3])
	}
	return medicines("EE", written(t, "medicines.csv", medicineHead+text.String()), dir)
}

func TestPackagesThatAreNeverOfferedAreCountedWithTheirRows(t *testing.T) {
	const form, unit, substance, strength = "738", "TABL", "11707", "MG"
	rows := [][4]string{{form, unit, substance, strength}, {"FOO", unit, substance, strength}, {form, "FOO", substance, strength},
		{form, unit, "FOO", strength}, {form, unit, substance, "FOO"}, {form, unit, "", strength}}
	for range mostNamed {
		rows = append(rows, [4]string{"BAR", unit, substance, strength})
	}
	dir := into(t)
	summary := imported(t, packagesOf(t, dir, rows...))
	said := strings.Join(outcome(t, summary, "medicines-ee (packages)").Notes, "\n")
	for _, want := range []string{
		"6 of 11 packages are never offered, because the form has no exact equal in shared codes: row 3 (FOO), row 8 (BAR), row 9 (BAR), row 10 (BAR), row 11 (BAR), and others",
		"1 of 11 packages are never offered, because the package has no exact equal in shared codes: row 4 (30 FOO)",
		"2 of 11 packages are never offered, because the substance has no exact equal in shared codes: row 5 (FOO), row 7 (nothing)",
		"1 of 11 packages are never offered, because the strength has no exact equal in shared codes: row 6 (5 FOO 1 TABL)",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("nobody says %q:\n%s", want, said)
		}
	}
	bare := medicines("EE", written(t, "medicines.csv", medicineHead+"1,NIMI,738,C09AA05,30,TABL,,,yes,,,,,,,,\n"), into(t))
	if said := imported(t, bare).String(); !strings.Contains(said, "1 of 1 packages are never offered, because the list names no substance, or one twice: row 2 (nothing)") {
		t.Error(said)
	}
	if len(rowsOf(t, dir, "ee/product.csv")) != 11 {
		t.Error("rows were lost")
	}
}

// TestTheMapsOfTheDirectoryCount: what the operator's own map carries can be offered, and tables that make no snapshot are told.
func TestTheMapsOfTheDirectoryCount(t *testing.T) {
	dir := into(t)
	row := [4]string{"FOO", "TABL", "11707", "MG"}
	imported(t, packagesOf(t, dir, row))
	put := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = file.WriteString(text)
		}
		if err != nil || file.Close() != nil {
			t.Fatal(err)
		}
	}
	put("MANIFEST.csv", "ee-eu/dose-form.csv,concept-map,own,1,CC0,draft\n")
	put("ee-eu/dose-form.csv", strings.Join([]string{"system", "code", "relation", "target_system", "target", "factor", "per_system", "per", "back", "source",
		"since", "status", "remark"}, ",")+"\nee-dose-form,FOO,equivalent,edqm,10219000,,,,no,own,2026-11-01,draft,\n")
	put("systems.csv", "edqm,http://standardterms.edqm.eu,0.4.0.127.0.16.1.1.2.1,EDQM\n")
	if said := imported(t, packagesOf(t, dir, row)).String(); strings.Contains(said, "never offered") {
		t.Errorf("the map of the directory is not asked:\n%s", said)
	}
	put("ee-eu/dose-form.csv", "ee-dose-form,BAR,equivalent,edqm,nothing,,,,no,own,2026-11-01,draft,\n")
	if said := imported(t, packagesOf(t, dir, row)).String(); !strings.Contains(said, "nobody can say which packages are never offered") ||
		!strings.Contains(said, "ee-eu/dose-form.csv row 3") {
		t.Errorf("a directory that cannot be built: %s", said)
	}
}
