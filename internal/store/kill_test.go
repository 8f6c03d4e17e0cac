package store

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sild/internal/keys"
	"sild/node"
)

const childEnv = "SILD_STORE_CHILD"

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		writeUntilKilled(child{}, dir)
	}
	os.Exit(m.Run())
}

// child is what a site needs of a test in a process that runs none: a fault ends the process.
type child struct{ testing.TB }

func (child) Helper()                  {}
func (child) Context() context.Context { return context.Background() }
func (child) Fatal(why ...any) {
	fmt.Fprintln(os.Stderr, why...)
	os.Exit(1)
}

func writeUntilKilled(t testing.TB, dir string) {
	s := childSite(t, dir)
	store, err := Open(t.Context(), s.config)
	must(t, err)
	s.Store = store
	go s.RunCheckpoints(t.Context(), 5*time.Millisecond)
	first := int(time.Now().UnixMilli()%1_000_000_000) * 1000
	var next atomic.Int64
	var out sync.Mutex
	say := func(what string, n int) {
		out.Lock()
		defer out.Unlock()
		fmt.Fprintf(os.Stdout, "%s %d\n", what, n)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				s.writeOnce(first+int(next.Add(1)), say)
			}
		})
	}
	wg.Wait()
}

// writeOnce takes one dispensation through both faces and says what was acknowledged, after it was.
func (s *site) writeOnce(n int, say func(string, int)) {
	s.released(n)
	say("released", n)
	begun := s.intend(intent(n, fmt.Sprint("e-", n)))
	say("intended", n)
	begun.Receipt = receipt(n)
	must(s.t, s.Settle(s.t.Context(), event(node.RecordedStage, maarja), begun))
	say("recorded", n)
	s.queue(waiting(n, n, s.clock.now()))
	say("queued", n)
}

// childSite has the same keys in both processes: they stand beside the database.
func childSite(t testing.TB, dir string) *site {
	t.Helper()
	s := siteAt(t, filepath.Join(dir, "node.db"))
	kek, signer := filepath.Join(dir, "kek"), filepath.Join(dir, "ledger")
	if _, err := os.Stat(kek); err != nil {
		must(t, keys.WriteKEK(kek, s.config.KEK))
		must(t, keys.WriteNoteSigner(signer, s.signer))
	}
	var err error
	s.config.KEK, err = keys.LoadKEK(kek)
	must(t, err)
	s.signer, err = keys.LoadNoteSigner(signer)
	must(t, err)
	s.config.Ledger = s.signer
	return s
}

func TestNothingAcknowledgedIsLostToAKill(t *testing.T) {
	kills, fresh := 64, 8
	if testing.Short() {
		kills = 8
	}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	var acknowledged int
	var s *site
	for kill := range kills {
		if kill%fresh == 0 {
			s = childSite(t, t.TempDir())
			store, err := Create(t.Context(), s.config)
			must(t, err)
			must(t, store.Close())
		}
		after := time.Duration(random.IntN(30_000)) * time.Microsecond
		acknowledged += s.survives(runAndKill(t, filepath.Dir(s.config.Path), after))
	}
	t.Logf("%d acknowledged writes over %d kills", acknowledged, kills)
	if acknowledged < kills {
		t.Errorf("only %d writes were acknowledged over %d kills: the test proves nothing", acknowledged, kills)
	}
}

// runAndKill starts a child, kills it so long after its first acknowledgement, and returns what it acknowledged.
func runAndKill(t *testing.T, dir string, after time.Duration) []string {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), childEnv+"="+dir)
	var complaints bytes.Buffer
	victim.Stderr = &complaints
	out, err := victim.StdoutPipe()
	must(t, err)
	must(t, victim.Start())
	lines := bufio.NewScanner(out)
	var acknowledged []string
	for lines.Scan() {
		if len(acknowledged) == 0 {
			time.AfterFunc(after, func() { victim.Process.Kill() })
		}
		acknowledged = append(acknowledged, lines.Text())
	}
	if err := victim.Wait(); err == nil || len(acknowledged) == 0 {
		t.Fatalf("the child ended by itself (%v) after %q: %s", err, acknowledged, complaints.String())
	}
	return acknowledged
}

// survives opens the database after a kill and looks for everything that was acknowledged.
func (s *site) survives(acknowledged []string) int {
	s.t.Helper()
	store, err := Open(s.t.Context(), s.config)
	must(s.t, err)
	defer store.Close()
	s.Store = store
	for _, line := range acknowledged {
		var what string
		var n int
		if _, err := fmt.Sscanf(line, "%s %d", &what, &n); err != nil {
			s.t.Fatalf("the child says %q", line)
		}
		if !s.holds(what, n) {
			s.t.Errorf("acknowledged and lost: %s", strings.TrimSpace(line))
		}
	}
	verdict := s.verify()
	var state int64
	must(s.t, s.db.Get(&state, "SELECT (SELECT count(*) FROM released) + (SELECT count(*) FROM intents) +"+
		" (SELECT count(*) FROM intents WHERE state = 'recorded') + (SELECT count(*) FROM waiting)"))
	if verdict.Leaves != state || verdict.Rows != state {
		s.t.Errorf("%d leaves and %d event rows for %d writes of state", verdict.Leaves, verdict.Rows, state)
	}
	return len(acknowledged)
}

// TestATornWriteAheadLogKeepsWholeTransactions cuts the log of a running node at many places, as a power cut may.
func TestATornWriteAheadLogKeepsWholeTransactions(t *testing.T) {
	s := childSite(t, t.TempDir())
	store, err := Create(t.Context(), s.config)
	must(t, err)
	must(t, store.Close())
	s.Store, err = Open(t.Context(), s.config)
	must(t, err)
	defer s.Close()
	var acknowledged []string
	for n := range 5 {
		s.writeOnce(n, func(what string, n int) { acknowledged = append(acknowledged, fmt.Sprint(what, " ", n)) })
	}
	base, err := os.ReadFile(s.config.Path)
	must(t, err)
	log, err := os.ReadFile(s.config.Path + "-wal")
	must(t, err)
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2))
	kept := map[int]bool{}
	for range 60 {
		torn := childSite(t, filepath.Dir(s.config.Path))
		torn.config.Path = filepath.Join(t.TempDir(), "node.db")
		must(t, os.WriteFile(torn.config.Path, base, 0o600))
		must(t, os.WriteFile(torn.config.Path+"-wal", log[:random.IntN(len(log)+1)], 0o600))
		kept[torn.keepsSome(acknowledged)] = true
	}
	if len(kept) < 5 {
		t.Errorf("the cuts left only %d different states: the test proves little", len(kept))
	}
}

// keepsSome opens a cut database and counts what it holds: a beginning of what was acknowledged, and nothing else.
func (s *site) keepsSome(acknowledged []string) int {
	s.t.Helper()
	store, err := Open(s.t.Context(), s.config)
	must(s.t, err)
	defer store.Close()
	s.Store = store
	held := 0
	for at, line := range acknowledged {
		var what string
		var n int
		fmt.Sscanf(line, "%s %d", &what, &n)
		if s.holds(what, n) {
			if held++; held != at+1 {
				s.t.Fatalf("%s is there and something before it is not", line)
			}
		}
	}
	if leaves := s.verify().Leaves; leaves != int64(held) {
		s.t.Errorf("%d leaves for %d writes of state", leaves, held)
	}
	return held
}

func (s *site) holds(what string, n int) bool {
	s.t.Helper()
	var found bool
	var err error
	switch what {
	case "released":
		found, err = s.row(s.t.Context(), "SELECT 1 FROM released WHERE key = ?", []any{s.releaseKey("FI", prescription(n))}, new(int))
	case "intended":
		found, err = s.row(s.t.Context(), "SELECT 1 FROM intents WHERE key = ?", []any{s.intentIndex(intent(n, "")).key}, new(int))
	case "recorded":
		_, found, err = s.Receipt(s.t.Context(), "FI", receipt(n).ID)
	case "queued":
		var w node.Waiting
		w, found, err = s.Waiting(s.t.Context(), node.WaitingKey{Opaque: fmt.Sprint("own-", n)})
		found = found && len(w.Body) > 0
	}
	must(s.t, err)
	return found
}
