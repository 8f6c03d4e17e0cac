package store

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"testing"
	"time"

	"sild/node"
)

// bytesOnDisk is everything that a thief of the disk gets.
func (s *site) bytesOnDisk() []byte {
	s.t.Helper()
	var all []byte
	for _, suffix := range []string{"", "-wal", "-shm"} {
		data, err := os.ReadFile(s.config.Path + suffix)
		must(s.t, err)
		all = append(all, data...)
	}
	return all
}

func TestTheFileHoldsNoIdentifierAndNoName(t *testing.T) {
	s := sqliteSite(t)
	s.fill()
	stuck := s.queue(waiting(2, 2, s.clock.now()))
	stuck.State, stuck.Failure = node.WaitingRefused, &node.Failure{Reason: "peer.refused", Detail: "Refused for Tamm, Maarja"}
	must(t, s.Progress(t.Context(), event(node.GivenUpStage, maarja), stuck))
	secret := intent(3, "evidence-plainseen-3")
	secret.Verb = node.WithdrawVerb
	s.intend(secret)
	s.verify()
	disk := s.bytesOnDisk()
	for _, plain := range []string{maarja.Value, maarja.System, "PLAINSEEN", "plainseen", "Tamm", "Maarja", "Virtanen", "D9876",
		"Läkeost", "proof-1", receipt(1).ID + "\"", receipt(1).Digest} {
		for _, spelt := range [][]byte{[]byte(plain), []byte(hex.EncodeToString([]byte(plain))),
			[]byte(base64.StdEncoding.EncodeToString([]byte(plain)))[:len(plain)]} {
			if bytes.Contains(disk, spelt) {
				t.Errorf("%q stands in the file as %q", plain, spelt)
			}
		}
	}
	if !bytes.Contains(disk, []byte("own-2")) || !bytes.Contains(disk, []byte("peer.refused")) {
		t.Error("the search finds not even what stands there in clear")
	}
}

func TestABlindIndexTellsItsPartsAndPurposesApart(t *testing.T) {
	v := sqliteSite(t).vault
	seen := map[string]string{}
	for _, parts := range [][]string{{"a", "ab", "c"}, {"a", "a", "bc"}, {"a", "abc"}, {"b", "abc"}, {"a", "abc", ""}, {"aa", "bc"}} {
		key := string(v.index(parts[0], parts[1:]...))
		if twin, ok := seen[key]; ok {
			t.Errorf("%q and %s have one index", parts, twin)
		}
		seen[key] = parts[0]
	}
}

func TestErasedRowsLeaveTheFileItself(t *testing.T) {
	s := sqliteSite(t)
	s.fill()
	var sealed []byte
	must(t, s.db.Get(&sealed, "SELECT sealed FROM events WHERE leaf = 0"))
	tail := sealed[len(sealed)-32:]
	if !bytes.Contains(s.bytesOnDisk(), tail) {
		t.Fatal("the row is not found before it is erased")
	}
	s.clock.forward(threeYears + 8*24*time.Hour)
	s.sweep()
	if bytes.Contains(s.bytesOnDisk(), tail) {
		t.Error("an erased row still stands in the file")
	}
}
