package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// knownKEK is the key of bytes 0 to 31, so that stored forms can be fixed.
const knownKEK = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"

func TestAnythingSealedOpensAgain(t *testing.T) {
	k := must[*KEK](t)(GenerateKEK())
	path := filepath.Join(t.TempDir(), "kek")
	if err := WriteKEK(path, k); err != nil {
		t.Fatal(err)
	}
	loaded := must[*KEK](t)(LoadKEK(path))
	rapid.Check(t, func(t *rapid.T) {
		purpose := rapid.String().Draw(t, "purpose")
		plaintext := rapid.SliceOf(rapid.Byte()).Draw(t, "plaintext")
		sealed, err := k.Seal(purpose, plaintext)
		if err != nil || len(sealed) != len(plaintext)+Overhead {
			t.Fatalf("%d bytes from %d, %v", len(sealed), len(plaintext), err)
		}
		got, err := loaded.Open(purpose, sealed)
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Fatalf("got %x, %v", got, err)
		}
		if again, _ := k.Seal(purpose, plaintext); bytes.Equal(again, sealed) {
			t.Fatal("sealing twice gave the same bytes")
		}
		if len(plaintext) > 8 && bytes.Contains(sealed, plaintext) {
			t.Fatal("the plaintext shows")
		}
	})
}

func TestEveryFlippedBitOfASealedRowIsFound(t *testing.T) {
	k := must[*KEK](t)(GenerateKEK())
	sealed := must[[]byte](t)(k.Seal("event", []byte("a row")))
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			_, err := k.Open("event", bad)
			want := ErrSealed
			if i >= 1 && i < headSize {
				want = ErrUnknownKEK
			}
			if !errors.Is(err, want) {
				t.Fatalf("bit %d of byte %d: error %v, want %v", bit, i, err, want)
			}
		}
	}
	for cut := range sealed {
		if _, err := k.Open("event", sealed[:cut]); !errors.Is(err, ErrSealed) {
			t.Fatalf("cut at %d: error %v", cut, err)
		}
	}
	if _, err := k.Open("event", append(sealed, 0)); !errors.Is(err, ErrSealed) {
		t.Fatalf("lengthened: error %v", err)
	}
}

func TestSealedRowsCannotBeMovedOrMixed(t *testing.T) {
	k := must[*KEK](t)(GenerateKEK())
	event := must[[]byte](t)(k.Seal("event/1", []byte("one")))
	other := must[[]byte](t)(k.Seal("event/1", []byte("two")))
	for _, purpose := range []string{"", "event/2", "event/", "event/1 ", "Event/1"} {
		if _, err := k.Open(purpose, event); !errors.Is(err, ErrSealed) {
			t.Errorf("opened for purpose %q: %v", purpose, err)
		}
	}
	mixed := append(bytes.Clone(event[:headSize+wrappedSize]), other[headSize+wrappedSize:]...)
	if _, err := k.Open("event/1", mixed); !errors.Is(err, ErrSealed) {
		t.Errorf("one row's data key opened another row: %v", err)
	}
	stranger := must[*KEK](t)(GenerateKEK())
	if _, err := stranger.Open("event/1", event); !errors.Is(err, ErrUnknownKEK) {
		t.Errorf("another key: %v", err)
	}
	renamed := bytes.Clone(event)
	copy(renamed[1:], stranger.id[:])
	if _, err := stranger.Open("event/1", renamed); !errors.Is(err, ErrSealed) {
		t.Errorf("another key under this row's name: %v", err)
	}
}

func TestRewrapMovesARowToAnotherKeyWithoutItsPurpose(t *testing.T) {
	old, now := must[*KEK](t)(GenerateKEK()), must[*KEK](t)(GenerateKEK())
	sealed := must[[]byte](t)(old.Seal("event", []byte("a row")))
	moved := must[[]byte](t)(old.Rewrap(sealed, now))
	if got, err := now.Open("event", moved); err != nil || string(got) != "a row" {
		t.Fatalf("got %q, %v", got, err)
	}
	if !bytes.Equal(moved[headSize+wrappedSize:], sealed[headSize+wrappedSize:]) {
		t.Error("the body was encrypted anew")
	}
	if _, err := old.Open("event", moved); !errors.Is(err, ErrUnknownKEK) {
		t.Errorf("the old key opens the moved row: %v", err)
	}
	if _, err := now.Open("other", moved); !errors.Is(err, ErrSealed) {
		t.Errorf("the purpose was lost: %v", err)
	}
	if _, err := now.Rewrap(sealed, old); !errors.Is(err, ErrUnknownKEK) {
		t.Errorf("re-wrapped with the wrong key: %v", err)
	}
	sealed[headSize] ^= 1
	if _, err := old.Rewrap(sealed, now); !errors.Is(err, ErrSealed) {
		t.Errorf("re-wrapped an altered data key: %v", err)
	}
}

func TestARingOpensRowsOfEveryKeyAndSealsWithTheCurrent(t *testing.T) {
	old, now, stranger := must[*KEK](t)(GenerateKEK()), must[*KEK](t)(GenerateKEK()), must[*KEK](t)(GenerateKEK())
	ring := must[*Ring](t)(NewRing(now, old))
	before := must[[]byte](t)(old.Seal("event", []byte("before")))
	after := must[[]byte](t)(ring.Seal("event", []byte("after")))
	if id, err := SealedBy(after); err != nil || id != now.ID() {
		t.Errorf("sealed by %v, %v", id, err)
	}
	for want, sealed := range map[string][]byte{"before": before, "after": after} {
		if got, err := ring.Open("event", sealed); err != nil || string(got) != want {
			t.Errorf("got %q, %v", got, err)
		}
		moved := must[[]byte](t)(ring.Rewrap(sealed))
		if got, err := now.Open("event", moved); err != nil || string(got) != want {
			t.Errorf("re-wrapped: got %q, %v", got, err)
		}
	}
	foreign := must[[]byte](t)(stranger.Seal("event", nil))
	if _, err := ring.Open("event", foreign); !errors.Is(err, ErrUnknownKEK) {
		t.Errorf("a stranger's row: %v", err)
	}
	if _, err := ring.Rewrap([]byte("short")); !errors.Is(err, ErrSealed) {
		t.Errorf("no row: %v", err)
	}
	indexes := ring.Indexes("patient", "A-1")
	if len(indexes) != 2 || !bytes.Equal(indexes[0], ring.Index("patient", "A-1")) || !bytes.Equal(indexes[1], old.Index("patient", "A-1")) {
		t.Error("a row indexed before the rotation would not be found")
	}
	for name, ks := range map[string][]*KEK{"no key": {nil}, "a key twice": {now, now}, "a nil former key": {now, nil}} {
		if _, err := NewRing(ks[0], ks[1:]...); err == nil {
			t.Errorf("%s: a ring was made", name)
		}
	}
}

func TestBlindIndexTellsPurposesValuesAndKeysApart(t *testing.T) {
	k, other := must[*KEK](t)(GenerateKEK()), must[*KEK](t)(GenerateKEK())
	base := k.Index("ab", "c")
	if !bytes.Equal(base, k.Index("ab", "c")) || len(base) != 32 {
		t.Fatal("the index is not steady")
	}
	for i, index := range [][]byte{k.Index("a", "bc"), k.Index("abc", ""), k.Index("ab", "d"), other.Index("ab", "c")} {
		if bytes.Equal(base, index) {
			t.Errorf("index %d is the same", i)
		}
	}
}

func TestStoredFormsStayReadable(t *testing.T) {
	k := must[*KEK](t)(LoadKEK(stored(t, knownKEK, 0o400)))
	if got := k.ID().String(); got != "41f58ba04a277919" {
		t.Errorf("ID = %s", got)
	}
	if got := hex.EncodeToString(k.Index("patient", "A-1")); got != "624e78120561f2f33da32a13a90f6518b25354e6b281886f69641652810b1176" {
		t.Errorf("index = %s", got)
	}
	sealed := must[[]byte](t)(base64.StdEncoding.DecodeString("AUH1i6BKJ3kZZAsrWubUJaZ5awcZWVPViF08p1i1wMGVXxbxTq8ejiSwzmzJ6FHLGw4WgDOvjpmBcR7OT9nSJyNNM056y8K5kGS9odRvRZNcKGlSwY+/6gFf4HpnoZSV2gWT7lnoF5TnluXuxwtpqSCarg=="))
	if got, err := k.Open("event", sealed); err != nil || string(got) != "a row of version 1" {
		t.Errorf("opened %q, %v", got, err)
	}
}

func TestKEKFilesWithTheWrongContentAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"16 bytes":        "AAECAwQFBgcICQoLDA0ODw==\n",
		"33 bytes":        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g\n",
		"all zeros":       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"loose last bits": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
		"a broken line":   "AAECAwQFBgcICQoLDA0O\nDxAREhMUFRYXGBkaGxwdHh8=\n",
		"hexadecimal":     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
	} {
		if _, err := LoadKEK(stored(t, text, 0o600)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k, err := GenerateKEK()
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := k.Seal("event", []byte("a row"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(sealed[:minSealed])
	f.Add([]byte{sealedVersion})
	f.Fuzz(func(t *testing.T, data []byte) {
		if plaintext, err := k.Open("event", data); err == nil && !bytes.Equal(data, sealed) {
			t.Fatalf("opened %q from bytes nobody sealed", plaintext)
		}
	})
}

func BenchmarkSealAndOpen(b *testing.B) {
	k, _ := GenerateKEK()
	row := make([]byte, 1024)
	b.ReportAllocs()
	for b.Loop() {
		sealed, _ := k.Seal("event", row)
		if _, err := k.Open("event", sealed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	k, _ := GenerateKEK()
	b.ReportAllocs()
	for b.Loop() {
		k.Index("patient", "A-1")
	}
}
