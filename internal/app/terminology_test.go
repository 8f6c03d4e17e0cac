package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// corridorOn is a corridor whose Estonian node keeps its snapshots in a folder, with the first of them in force.
func corridorOn(t *testing.T, first string, log io.Writer) *bridge {
	t.Helper()
	return corridorBetween(t, first, log, nil)
}

// corridorBetween plants faults (see Demo).
func corridorBetween(t *testing.T, first string, log io.Writer, between func(country, place string, x node.Exchange) node.Exchange) *bridge {
	t.Helper()
	dir := t.TempDir()
	demo := Demo{Out: testLog{t}, Log: log, Level: "info", Dir: filepath.Join(dir, "demo"), Between: between}
	b, err := demo.buildAnywhere(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.remove(); err != nil {
			t.Error(err)
		}
	})
	for _, country := range []string{"EE", "FI"} {
		if err := b.stop(country); err != nil {
			t.Fatal(err)
		}
		unlimited := b.configs[country]
		unlimited.Limits = LimitsConfig{}
		b.configs[country] = unlimited
	}
	config := b.configs["EE"]
	config.Terminology.Snapshots, config.Times.Terminology = filepath.Join(dir, "snapshots"), 20*time.Millisecond
	b.configs["EE"] = config
	if words, err := (MapActivate{Snapshot: first}).on(context.Background(), config); err != nil || !strings.Contains(words, "none answers") {
		t.Fatalf("%s, %v", words, err)
	}
	for _, country := range []string{"EE", "FI"} {
		if err := b.start(context.Background(), country); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// noWayHome is the row without which a map that leads tablets elsewhere would break a rule.
const noWayHome = "\nee-dose-form,,none,edqm,10219000,,,,no,test,2026-11-22,draft,no national code any more"

// snapshotWith compiles the shipped tables, and over them a map of Estonian dose forms with a row or several.
func snapshotWith(t testing.TB, row string) (file, release string) {
	t.Helper()
	build := MapBuild{Out: filepath.Join(t.TempDir(), "snapshot"), On: "2027-01-01", Unchecked: true} // a row of one test begins then; some break rules
	if row != "" {
		build.Sources = []string{tablesWith(t, row)}
	}
	var said bytes.Buffer
	if err := build.Run(context.Background(), &said, io.Discard); err != nil {
		t.Fatal(err)
	}
	release, _, _ = strings.Cut(said.String(), "\n")
	return build.Out, release
}

// tablesWith is a folder with such a map.
func tablesWith(t testing.TB, row string) string {
	t.Helper()
	source := filepath.Join(t.TempDir(), "tables")
	for name, content := range map[string]string{
		"MANIFEST.csv":        "file,kind,origin,release,licence,status\nee-eu/dose-form.csv,concept-map,test,2,CC0,draft\n",
		"systems.csv":         "short,uri,oid,name\n",
		"ee-eu/dose-form.csv": "system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n" + row + "\n",
	} {
		file := filepath.Join(source, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return source
}

func activated(t testing.TB, b *bridge, snapshot string) {
	t.Helper()
	words, err := MapActivate{Snapshot: snapshot, Wait: 10 * time.Second}.on(context.Background(), b.configs["EE"])
	if err != nil || !strings.Contains(words, "on the running node") {
		t.Fatalf("%s, %v", words, err)
	}
}

// Requests run while snapshots are swapped back and forth: none fails, and each is answered by one snapshot alone.
func TestSnapshotsAreSwappedWithoutAFailedRequest(t *testing.T) {
	one, oneRelease := snapshotWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	two, twoRelease := snapshotWith(t, "ee-dose-form,9999,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	b := corridorOn(t, one, io.Discard)
	truth := demoTruth("EE")
	pharmacy, err := b.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var busy sync.WaitGroup
	seen := map[string]int{}
	var mu sync.Mutex
	for range 4 {
		busy.Go(func() {
			for ctx.Err() == nil {
				answer, err := pharmacy.fetch(context.Background(), truth.patient, truth.tablet)
				if err != nil || answer.Status != http.StatusOK {
					t.Errorf("a request failed: %v, %d: %s", err, answer.Status, answer.Body)
					return
				}
				mu.Lock()
				for _, release := range []string{oneRelease, twoRelease} {
					if bytes.Contains(answer.Body, []byte(release)) {
						seen[release]++
					}
				}
				if bytes.Contains(answer.Body, []byte(oneRelease)) && bytes.Contains(answer.Body, []byte(twoRelease)) {
					t.Error("one answer was made with two snapshots")
				}
				mu.Unlock()
			}
		})
	}
	for range 6 {
		for _, snapshot := range []string{two, one} {
			time.Sleep(60 * time.Millisecond)
			activated(t, b, snapshot)
		}
	}
	stop()
	busy.Wait()
	if seen[oneRelease] == 0 || seen[twoRelease] == 0 {
		t.Errorf("answered by %v", seen)
	}
	if words, sound, err := b.nodes["EE"].verifyOwnLedger(context.Background()); err != nil || !sound {
		t.Errorf("the log: %s, %v", words, err)
	}
}

var estonianForm = regexp.MustCompile(`"https://fhir.ee/CodeSystem/ravimvormid","code":"([0-9]+)"`)

// A dispensation comes back by the snapshot with which its prescription was shown, also when the map says something else
// since; without that snapshot it cannot be told from another medicine and is refused.
func TestADispensationIsJudgedByTheSnapshotOfItsPrescription(t *testing.T) {
	for name, kept := range map[string]bool{"the snapshot is kept": true, "the snapshot is gone": false} {
		t.Run(name, func(t *testing.T) {
			before, release := snapshotWith(t, "")
			b := corridorOn(t, before, io.Discard)
			truth := demoTruth("EE")
			pharmacy, err := b.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
			if err != nil {
				t.Fatal(err)
			}
			fetched, err := pharmacy.fetch(context.Background(), truth.patient, truth.tablet)
			if err != nil || fetched.Status != http.StatusOK {
				t.Fatalf("fetch: %v", err)
			}
			form := estonianForm.FindSubmatch(fetched.Body)
			if form == nil {
				t.Fatal("the prescription has no Estonian dose form")
			}
			after, _ := snapshotWith(t, "ee-dose-form,"+string(form[1])+",equivalent,edqm,10101000,,,,yes,test,2026-11-22,draft,not so"+noWayHome)
			activated(t, b, after)
			if !kept {
				shipped := b.configs["EE"].Store.Path + ".snapshots" // the same tables, from before the node had its folder
				if err := errors.Join(os.Remove(snapshotFile(b.configs["EE"].Terminology.Snapshots, release)), os.RemoveAll(shipped)); err != nil {
					t.Fatal(err)
				}
				b.nodes["EE"].terms.mu.Lock()
				delete(b.nodes["EE"].terms.opened, release)
				b.nodes["EE"].terms.mu.Unlock()
			}
			message, err := pharmacy.dispensation(fetched.Body, newDispensation(), 1, "completed")
			if err != nil {
				t.Fatal(err)
			}
			answer, err := pharmacy.dispense(context.Background(), message)
			if err != nil {
				t.Fatal(err)
			}
			if recorded := answer.Status == http.StatusCreated; recorded != kept {
				t.Errorf("status %d: %s", answer.Status, answer.Body)
			}
		})
	}
}

// The same prescription is shown by two snapshots; what was shown first is dispensed last.
func TestEveryShowingOfAPrescriptionCanBeDispensed(t *testing.T) {
	before, _ := snapshotWith(t, "")
	b := corridorOn(t, before, io.Discard)
	truth := demoTruth("EE")
	pharmacy, err := b.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	first, err := pharmacy.fetch(context.Background(), truth.patient, truth.threePack)
	if err != nil || first.Status != http.StatusOK {
		t.Fatalf("fetch: %v", err)
	}
	form := estonianForm.FindSubmatch(first.Body)
	if form == nil {
		t.Fatal("the prescription has no Estonian dose form")
	}
	after, _ := snapshotWith(t, "ee-dose-form,"+string(form[1])+",equivalent,edqm,10101000,,,,yes,test,2026-11-22,draft,not so"+noWayHome)
	activated(t, b, after)
	if _, err := pharmacy.fetch(context.Background(), truth.patient, truth.threePack); err != nil {
		t.Fatal(err)
	}
	message, err := pharmacy.dispensation(first.Body, newDispensation(), 1, "completed")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := pharmacy.dispense(context.Background(), message)
	if err != nil || answer.Status != http.StatusCreated {
		t.Errorf("status %d: %s, %v", answer.Status, answer.Body, err)
	}
}

// Country B's own tables change between the showing and the dispensation.
func TestWhatAPharmacyWasShownCanBeDispensedAfterItsOwnTablesChanged(t *testing.T) {
	before, _ := snapshotWith(t, "")
	b := corridorOn(t, before, io.Discard)
	truth := demoTruth("FI")
	pharmacy, err := b.counter(node.Corridor{A: "FI", B: "EE"}, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := pharmacy.fetch(context.Background(), truth.patient, truth.threePack)
	if err != nil || fetched.Status != http.StatusOK {
		t.Fatalf("fetch: %v", err)
	}
	form := estonianForm.FindSubmatch(fetched.Body)
	if form == nil {
		t.Fatal("the prescription has no Estonian dose form")
	}
	after, _ := snapshotWith(t, "ee-dose-form,"+string(form[1])+",none,,,,,,no,test,2026-11-22,draft,retired by the agency"+noWayHome)
	activated(t, b, after)
	message, err := pharmacy.dispensation(fetched.Body, newDispensation(), 1, "completed")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := pharmacy.dispense(context.Background(), message)
	if err != nil || answer.Status != http.StatusCreated {
		t.Errorf("status %d: %s, %v", answer.Status, answer.Body, err)
	}
}

func TestASnapshotThatTheNodeWouldRefuseIsNotActivated(t *testing.T) {
	good, release := snapshotWith(t, "")
	b := corridorOn(t, good, io.Discard)
	config := b.configs["EE"]
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad")
	for name, content := range map[string][]byte{"cut short": whole[:len(whole)-9], "changed": append([]byte("sild-snapshot-9\n"), whole[16:]...), "empty": {}} {
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if words, err := (MapActivate{Snapshot: bad}).on(context.Background(), config); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("%s: %s, %v", name, words, err)
		}
	}
	production := config
	production.Environment = "production"
	if words, err := (MapActivate{Snapshot: good}).on(context.Background(), production); err == nil || !strings.Contains(err.Error(), "drafts") {
		t.Errorf("drafts in production: %s, %v", words, err)
	}
	if now, err := activeRelease(config.Terminology.Snapshots); err != nil || now != release {
		t.Errorf("%s is active, %v", now, err)
	}
}

// What stands in the folder without having been activated properly is refused by the running node, which goes on with
// the last one and says why.
func TestARunningNodeKeepsTheLastGoodSnapshot(t *testing.T) {
	log := &lockedWriter{w: &bytes.Buffer{}}
	good, release := snapshotWith(t, "")
	b := corridorOn(t, good, log)
	dir := b.configs["EE"].Terminology.Snapshots
	other := strings.Repeat("ab", 32)
	for _, step := range []error{os.WriteFile(snapshotFile(dir, other), []byte("sild-snapshot-1\nnot one"), 0o600),
		writeWhole(filepath.Join(dir, activeFile), []byte(other), 0o600)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	said := func() bool {
		log.mu.Lock()
		defer log.mu.Unlock()
		return strings.Contains(log.w.(*bytes.Buffer).String(), "the snapshot was refused")
	}
	for end := time.Now().Add(10 * time.Second); !said() && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	if !said() {
		t.Error("the node says nothing")
	}
	if now := b.nodes["EE"].terms.inForce.Load().Release(); now != release {
		t.Errorf("%s is in force", now)
	}
	if err := b.stop("EE"); err != nil {
		t.Fatal(err)
	}
	if err := b.start(context.Background(), "EE"); err == nil {
		t.Error("a node started with a snapshot that is none")
	}
}

// A snapshot is found again by its own release, also when the properties or medicines beside it are others by now.
func TestAnEarlierSnapshotIsFoundWhateverStandsBesideItNow(t *testing.T) {
	file, release := snapshotWith(t, "")
	dir := t.TempDir()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(snapshotFile(dir, release), content, 0o600); err != nil {
		t.Fatal(err)
	}
	properties, err := translation.ReadProperties(strings.NewReader(`{"resourceType":"CodeSystem","url":"http://standardterms.edqm.eu",
		"concept":[{"code":"10219000","property":[{"code":"BDF","valueCode":"0069"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, beside := range []*translation.Properties{nil, properties} {
		terms := newTerminology(Config{Country: "FI", Environment: "demo", Terminology: TerminologyConfig{Snapshots: dir}})
		terms.properties = beside
		for range 2 {
			if found := terms.snapshot(release); found == nil || found.Tables() != release || (found.Release() == release) != (beside == nil) {
				t.Errorf("with %v beside it %s is not found", beside != nil, release)
			}
		}
		for _, other := range []string{"nothing", "../" + release, strings.Repeat("ab", 32)} {
			if terms.snapshot(other) != nil {
				t.Errorf("%s was found", other)
			}
		}
	}
}

func TestDraftsThatAreYoungerThanTheirAcceptanceAreRefusedInProduction(t *testing.T) {
	file, _ := snapshotWith(t, "ee-dose-form,9999,none,,,,,,no,test,2027-01-01,draft,a row for the test")
	catalogue, err := openSnapshot(file)
	if err != nil {
		t.Fatal(err)
	}
	for day, accepted := range map[string]bool{"": false, "2026-11-30": false, "2027-01-01": true} {
		config := Config{Environment: "production", Terminology: TerminologyConfig{AcceptedBy: "Mari Maasikas", AcceptedOn: day}}
		if err := acceptedBy(config, catalogue); (err == nil) != accepted || err != nil && !strings.Contains(err.Error(), "drafts") {
			t.Errorf("accepted on %q: %v", day, err)
		}
	}
}
