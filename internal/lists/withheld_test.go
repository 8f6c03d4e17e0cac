package lists

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// excluded is a list in the form of the Estonian one, of made-up extent.
func excluded(t *testing.T, rows ...string) Import {
	t.Helper()
	return Import{Format: "csv", Layout: "ee-piiriulene-atc", Into: into(t), Release: "2026-11", Licence: "unstated",
		Sources: []string{written(t, "excluded.csv", "Kood;Lühinimetus;Nimetus;Pikk_nimetus;Kehtivuse_alguse_kpv;Kehtivuse_lõpu_kpv;Staatus\n"+
			strings.Join(rows, "\n")+"\n")}}
}

func TestAListOfWhatIsNotSentAbroadBecomesARule(t *testing.T) {
	asked := excluded(t, "A14AA;üks;üks;üks;08.05.2018;;1", "B01AC06;kaks;kaks;kaks;01.02.2020;;1", "G03BA;neli;neli;neli;08.05.2018;;1",
		"C01AA01;kolm;kolm;kolm;08.05.2018;01.01.2019;0")
	asked.Older = true
	one := outcome(t, imported(t, asked), "ee-piiriulene-atc")
	rows := rowsOf(t, asked.Into, "corridors/EE.csv")
	if len(rows) != 1 || rows[0]["rule"] != "ee-atc-not-abroad" || rows[0]["stage"] != "release" || rows[0]["fact"] != "atc-prefix" ||
		rows[0]["value"] != "A14AA B01AC06 G03BA" || rows[0]["effect"] != "withhold" || rows[0]["since"] != "2020-02-01" ||
		!strings.Contains(rows[0]["source"], "2026-11 (draft)") {
		t.Fatalf("the rule is %v", rows)
	}
	if one.Kept != 3 || one.Retired != 1 || manifest(t, asked.Into)["corridors/EE.csv"]["kind"] != "corridor" {
		t.Errorf("%+v", one)
	}
	if _, err := os.Stat(filepath.Join(asked.Into, "ee")); err == nil {
		t.Error("the list is also a code system")
	}
	said := strings.Join(one.Notes, "\n")
	if !strings.Contains(said, "not withheld any more") || !strings.Contains(said, " A14AB ") || strings.Contains(said, " A14AA ") || strings.Contains(said, "G03BA01") {
		t.Errorf("what the program's rule withheld besides is not told: %s", said)
	}
	again := excluded(t, "A14AA;üks;üks;üks;08.05.2018;;1")
	again.Into, again.Older = asked.Into, true
	if said := outcome(t, imported(t, again), "ee-piiriulene-atc").Notes[0]; !strings.HasSuffix(said, ": B01AC06 G03BA") {
		t.Errorf("what the list before withheld besides is not told: %s", said)
	}
}

func TestAListThatWithholdsNothingIsRefused(t *testing.T) {
	for row, want := range map[string]string{
		"C01AA01;kolm;kolm;kolm;08.05.2018;01.01.2019;0": "no code of the list is in force",
		"anabolic;kolm;kolm;kolm;08.05.2018;;1":          `corridors/EE.csv row 2: rule ee-atc-not-abroad: "anabolic" is no value`,
	} {
		asked := excluded(t, row)
		asked.Older = true
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", row, err)
		}
		if _, err := os.Stat(asked.Into); err == nil {
			t.Error("something was left")
		}
	}
}

// programs are rows for all codes that the program withholds itself.
var programs = []string{"A14;a;a;a;08.05.2018;;1", "G03;g;g;g;08.05.2018;;1"}

func TestACodeWithoutANameIsWithheld(t *testing.T) {
	asked := excluded(t, append(programs, "N07BC02;;;;01.01.2020;;1")...)
	one := outcome(t, imported(t, asked), "ee-piiriulene-atc")
	if rows := rowsOf(t, asked.Into, "corridors/EE.csv"); len(rows) != 1 || rows[0]["value"] != "A14 G03 N07BC02" || one.Kept != 3 || len(one.Skipped) > 0 {
		t.Errorf("%v %+v", rows, one)
	}
}

func TestAListThatFreesWhatIsWithheldNeedsAWord(t *testing.T) {
	older := excluded(t, programs...)
	older.Release = "2015-11"
	fewer := excluded(t, "A14;a;a;a;08.05.2018;;1")
	folder := excluded(t, append(programs, "N07BC02;n;n;n;01.01.2020;;1")...)
	imported(t, folder)
	again := excluded(t, programs...)
	again.Into = folder.Into
	before := tree(t, folder.Into)
	for want, asked := range map[string]Import{
		"the release 2015-11 is older than the rule in force, which holds since 2018-05-08: say --older":                           older,
		"would not be any more, unless by a longer code of the list: G03BA01 G03BA02 G03BA03 G03BB01 G03BB02 G03CX01 G03XA02: say": fewer,
		"since 2020-01-01 would not be any more, unless by a longer code of the list: N07BC02: say --older":                        again,
	} {
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		untouched(t, folder.Into, before)
	}
	for _, asked := range []Import{older, fewer, again} {
		asked.Older = true
		imported(t, asked)
	}
}
