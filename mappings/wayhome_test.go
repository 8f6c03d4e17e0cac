package mappings

import (
	"path"
	"strings"
	"testing"
)

// wayHome lists what a map says about each shared code on the way into its country: "yes" or "none".
func wayHome(b table) (said map[string]string, every map[string]bool) {
	said, every = map[string]string{}, map[string]bool{}
	for _, row := range b.rows {
		system, code := b.cell(row, "target_system"), b.cell(row, "target")
		switch {
		case b.cell(row, "back") == "yes" && code == "*":
			every[system] = true
		case b.cell(row, "back") == "yes":
			said[system+" "+code] += "yes"
		case b.cell(row, "code") == "":
			said[system+" "+code] += "none"
		}
	}
	return said, every
}

// A pivot form or unit that one country can send and the other cannot receive is only allowed with a row that says why.
func TestEverySharedCodeHasOneWayIntoEachCountryOrAReasonWhyNot(t *testing.T) {
	all := members(t)
	for _, b := range tables(t, "concept-map", "unit-map") {
		if strings.HasPrefix(b.name, "eu-eu/") {
			continue
		}
		said, every := wayHome(b)
		for key, current := range all[strings.TrimSuffix(path.Base(b.name), ".csv")] {
			system, code, _ := strings.Cut(key, " ")
			national := strings.HasPrefix(system, strings.TrimSuffix(path.Dir(b.name), "-eu")+"-")
			if strings.HasPrefix(code, "~") || national || !current {
				continue // carried by shape, or a national code that is shared as it stands
			}
			switch said[key] {
			case "yes", "none":
			case "":
				if !every[system] && !strings.HasPrefix(system, "ee-") && covers(b, system) {
					t.Errorf("%s: no way home from %s, and no reason", b.name, key)
				}
			default:
				t.Errorf("%s: %s has more than one way home: %s", b.name, key, said[key])
			}
		}
	}
}

// covers says whether a map deals with a shared code system at all: a map from the national ICD-10 owes nothing to rare
// diseases.
func covers(b table, system string) bool {
	for _, row := range b.rows {
		if b.cell(row, "target_system") == system {
			return true
		}
	}
	return false
}

func TestTheWayHomeIsExact(t *testing.T) {
	for _, b := range tables(t, "concept-map", "unit-map") {
		for _, row := range b.rows {
			if b.cell(row, "back") != "yes" {
				continue
			}
			if b.cell(row, "relation") != "equivalent" || b.cell(row, "per") != "" ||
				(b.cell(row, "factor") != "" && b.cell(row, "factor") != "1") {
				t.Errorf("%s: %s is no exact way home", b.name, b.cell(row, "code"))
			}
		}
	}
}
