package ledger

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

func TestCheckpointOpensAsItWasSigned(t *testing.T) {
	signer, known := key(t, origin)
	m, _ := grown(t, 9)
	c := at(t, m, 9)
	got, err := OpenCheckpoint(sign(t, signer, c), known)
	if err != nil || got != c {
		t.Fatalf("got %+v, %v; want %+v", got, err, c)
	}
	late := c
	late.Time = time.Date(2026, 3, 1, 14, 0, 0, 999, time.FixedZone("EET", 2*3600))
	got, err = OpenCheckpoint(sign(t, signer, late), known)
	if err != nil || got.Time != noon {
		t.Fatalf("time = %v, %v; want UTC whole seconds %v", got.Time, err, noon)
	}
}

func TestCheckpointTextIsWhatC2SPSays(t *testing.T) {
	signer, _ := key(t, origin)
	signed := string(sign(t, signer, Checkpoint{Origin: origin, Root: emptyRoot(), Time: noon}))
	want := "ncp.ee.example/access\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ntime 1772366400\n\n— ncp.ee.example/access "
	if !strings.HasPrefix(signed, want) {
		t.Fatalf("got\n%s\nwant a beginning like\n%s", signed, want)
	}
}

func TestEveryFlippedBitOfACheckpointIsFound(t *testing.T) {
	signer, known := key(t, origin)
	m, _ := grown(t, 3)
	signed := sign(t, signer, at(t, m, 3))
	for i := range signed {
		for bit := range 8 {
			bad := bytes.Clone(signed)
			bad[i] ^= 1 << bit
			if _, err := OpenCheckpoint(bad, known); err == nil {
				t.Fatalf("bit %d of byte %d flipped, and it still opens", bit, i)
			}
		}
	}
	for cut := range signed {
		if _, err := OpenCheckpoint(signed[:cut], known); err == nil {
			t.Fatalf("cut at %d, and it still opens", cut)
		}
	}
}

func TestContradictoryCheckpointsAreNotSigned(t *testing.T) {
	signer, _ := key(t, origin)
	tests := []struct {
		name string
		c    Checkpoint
	}{
		{"another log's name", Checkpoint{Origin: "elsewhere", Size: 1, Time: noon}},
		{"no time", Checkpoint{Origin: origin, Size: 1}},
		{"a time before 1970", Checkpoint{Origin: origin, Size: 1, Time: time.Unix(-1, 0)}},
		{"a negative size", Checkpoint{Origin: origin, Size: -1, Time: noon}},
		{"an empty log with a root", Checkpoint{Origin: origin, Root: Hash{1}, Time: noon}},
	}
	for _, tt := range tests {
		if _, err := SignCheckpoint(signer, tt.c); err == nil {
			t.Errorf("%s was signed", tt.name)
		}
	}
}

func TestSignedTextThatIsNotACheckpointIsRefused(t *testing.T) {
	signer, known := key(t, origin)
	root := Hash{9}.String()
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"three lines of a foreign log", origin + "\n5\n" + root + "\n", true},
		{"an unknown extension line", origin + "\n5\n" + root + "\nsomething\n", true},
		{"two lines", origin + "\n5\n", false},
		{"a leading zero", origin + "\n05\n" + root + "\n", false},
		{"a plus sign", origin + "\n+5\n" + root + "\n", false},
		{"a negative size", origin + "\n-5\n" + root + "\n", false},
		{"a size past every log", origin + "\n9223372036854775807\n" + root + "\n", false},
		{"a short root", origin + "\n5\nAAAA\n", false},
		{"a root with loose last bits", origin + "\n5\n" + strings.Replace(root, "A=", "B=", 1) + "\n", false},
		{"an empty log with a root", origin + "\n0\n" + root + "\n", false},
		{"an empty extension line", origin + "\n5\n" + root + "\n\nx\n", false},
		{"a time in words", origin + "\n5\n" + root + "\ntime noon\n", false},
		{"time zero", origin + "\n5\n" + root + "\ntime 0\n", false},
		{"two times", origin + "\n5\n" + root + "\ntime 5\ntime 5\n", false},
		{"a time past the year 9999", origin + "\n5\n" + root + "\ntime 253402300800\n", false},
		{"another log's name", "elsewhere\n5\n" + root + "\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			signed, err := note.Sign(&note.Note{Text: tt.text}, signer)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := OpenCheckpoint(signed, known); (err == nil) != tt.ok {
				t.Fatalf("error = %v", err)
			}
		})
	}
}

func TestAWitnessAloneCannotSpeakForTheLog(t *testing.T) {
	signer, known := key(t, origin)
	witness, _ := key(t, "witness.fi.example")
	m, _ := grown(t, 2)
	signed := sign(t, signer, at(t, m, 2))
	n, err := note.Open(signed, known)
	if err != nil {
		t.Fatal(err)
	}
	both, err := note.Sign(n, witness)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(both, known); err != nil {
		t.Errorf("an unknown cosignature must be passed over: %v", err)
	}
	only, err := note.Sign(&note.Note{Text: n.Text}, witness)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(only, anyone{}); err == nil {
		t.Error("a known witness's signature alone was taken for the log's")
	}
	if _, err := OpenCheckpoint(signed, nil); err == nil {
		t.Error("a checkpoint opened without any key")
	}
	if _, err := OpenCheckpoint(make([]byte, maxCheckpoint+1), known); err == nil {
		t.Error("an endless checkpoint opened")
	}
}

func TestAnySoundCheckpointSurvivesSigning(t *testing.T) {
	signer, known := key(t, origin)
	rapid.Check(t, func(t *rapid.T) {
		c := Checkpoint{
			Origin: origin,
			Size:   rapid.Int64Range(1, maxSize).Draw(t, "size"),
			Root:   Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "root")),
			Time:   time.Unix(rapid.Int64Range(1, maxTime).Draw(t, "time"), 0).UTC(),
		}
		if got, err := OpenCheckpoint(sign(t, signer, c), known); err != nil || got != c {
			t.Fatalf("got %+v, %v; want %+v", got, err, c)
		}
	})
}

// anyone verifies every signature of everybody, so that fuzzing gets past it.
type anyone struct {
	name string
	hash uint32
}

func (anyone) Verifier(name string, hash uint32) (note.Verifier, error) {
	return anyone{name, hash}, nil
}
func (a anyone) Name() string              { return a.name }
func (a anyone) KeyHash() uint32           { return a.hash }
func (anyone) Verify(msg, sig []byte) bool { return true }

func FuzzOpenCheckpoint(f *testing.F) {
	signer, _ := key(f, origin)
	m, _ := grown(f, 5)
	f.Add(sign(f, signer, at(f, m, 5)))
	f.Add(sign(f, signer, Checkpoint{Origin: origin, Root: emptyRoot(), Time: noon}))
	mark := base64.StdEncoding.EncodeToString([]byte("idenSIG"))
	f.Add(fmt.Appendf(nil, "a\n1\n%s\nmore\n\n— a %s\n— b %s\n", Hash{}, mark, mark))
	f.Add([]byte("a\n0\n\n\n— a x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := OpenCheckpoint(data, anyone{})
		if err != nil {
			return
		}
		if c.Origin == "" || c.Size < 0 || c.Size > maxSize || c.Time.Year() > 9999 {
			t.Fatalf("opened %+v", c)
		}
		if !bytes.HasPrefix(data, fmt.Appendf(nil, "%s\n%d\n%s\n", c.Origin, c.Size, c.Root)) {
			t.Fatalf("opened %+v from a text that says otherwise", c)
		}
	})
}
