package ledger

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnyLinesComeBackAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []Line
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			l := Line{Index: rapid.Int64().Draw(t, "index"), Leaf: Leaf(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "leaf"))}
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				l = Line{Checkpoint: []byte(rapid.String().Draw(t, "checkpoint"))}
			case 1:
				l.Opening = &Opening{
					Salt: [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "salt")),
					Row:  rapid.SliceOf(rapid.Byte()).Draw(t, "row"),
				}
			}
			lines = append(lines, l)
		}
		text := written(t, lines)
		if got := bytes.Count(text, []byte("\n")); got != len(lines) {
			t.Fatalf("%d lines take %d lines", len(lines), got)
		}
		var got []Line
		for l, err := range ReadLines(bytes.NewReader(text)) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, l)
		}
		if !reflect.DeepEqual(got, lines) {
			t.Fatalf("got %v, want %v", got, lines)
		}
	})
}

func TestLinesHaveTheDocumentedForm(t *testing.T) {
	zero := strings.Repeat("A", 43) + "="
	tests := []struct {
		name string
		line Line
		want string
	}{
		{"a leaf with its row", Line{Opening: &Opening{Row: []byte("<é>")}}, `{"leaf":0,"hash":"` + zero + `","salt":"` + zero + `","row":"PMOpPg=="}`},
		{"a leaf with an empty row", Line{Index: 7, Opening: &Opening{}}, `{"leaf":7,"hash":"` + zero + `","salt":"` + zero + `","row":""}`},
		{"an erased leaf", Line{Index: 1}, `{"leaf":1,"hash":"` + zero + `"}`},
		{"a checkpoint", Line{Checkpoint: []byte("a<b>\n\n— a x\n")}, `{"checkpoint":"a<b>\n\n— a x\n"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(written(t, []Line{tt.line})); got != tt.want+"\n" {
				t.Errorf("got %s want %s", got, tt.want)
			}
		})
	}
}

func TestOtherSpellingsAreRefusedAndNeverQuoted(t *testing.T) {
	zero := strings.Repeat("A", 43) + "="
	tests := []struct{ name, text string }{
		{"no line end", `{"leaf":0,"hash":"` + zero + `"}`},
		{"an empty line", "\n"},
		{"white space", `{"leaf": 0,"hash":"` + zero + `"}` + "\n"},
		{"a carriage return", `{"leaf":0,"hash":"` + zero + "\"}\r\n"},
		{"another letter case", `{"Leaf":0,"hash":"` + zero + `"}` + "\n"},
		{"another order", `{"hash":"` + zero + `","leaf":0}` + "\n"},
		{"a repeated member", `{"leaf":1,"leaf":0,"hash":"` + zero + `"}` + "\n"},
		{"an unknown member", `{"leaf":0,"hash":"` + zero + `","secret":"4"}` + "\n"},
		{"a short hash", `{"leaf":0,"hash":"AAAA"}` + "\n"},
		{"loose last bits", `{"leaf":0,"hash":"` + strings.Repeat("A", 42) + `B="}` + "\n"},
		{"a salt without row", `{"leaf":0,"hash":"` + zero + `","salt":"` + zero + `"}` + "\n"},
		{"a row without salt", `{"leaf":0,"hash":"` + zero + `","row":"secret=="}` + "\n"},
		{"a short salt", `{"leaf":0,"hash":"` + zero + `","salt":"AAAA","row":""}` + "\n"},
		{"a null row", `{"leaf":0,"hash":"` + zero + `","salt":"` + zero + `","row":null}` + "\n"},
		{"a number with a fraction", `{"leaf":0.0,"hash":"` + zero + `"}` + "\n"},
		{"an escaped checkpoint", `{"checkpoint":"\u0061"}` + "\n"},
		{"a checkpoint that is no text", `{"checkpoint":1}` + "\n"},
		{"no object", "secret\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var errs []error
			for _, err := range ReadLines(strings.NewReader(tt.text)) {
				errs = append(errs, err)
			}
			if len(errs) != 1 || errs[0] == nil {
				t.Fatalf("errors = %v, want exactly one", errs)
			}
			if msg := errs[0].Error(); !strings.Contains(msg, "line 1") || strings.Contains(msg, "secret") {
				t.Errorf("error %q", msg)
			}
		})
	}
}

func TestLinesTooLongAreNeitherWrittenNorRead(t *testing.T) {
	long := Line{Opening: &Opening{Row: make([]byte, 3<<20)}}
	text := written(t, []Line{long})
	for _, err := range ReadLines(bytes.NewReader(text)) {
		if err != nil {
			t.Errorf("a row of 3 MiB: %v", err)
		}
	}
	long.Opening.Row = make([]byte, 4<<20)
	if err := WriteLine(&bytes.Buffer{}, long); err == nil {
		t.Error("a row of 4 MiB was written")
	}
	for _, err := range ReadLines(bytes.NewReader(make([]byte, 2*maxLine))) {
		if err == nil {
			t.Error("an endless line was read")
		}
	}
	if err := WriteLine(&bytes.Buffer{}, Line{Checkpoint: []byte{0xff}}); err == nil {
		t.Error("a checkpoint that is not UTF-8 was written")
	}
}

func TestReadingStopsWhenTheCallerDoes(t *testing.T) {
	text := written(t, []Line{{}, {Index: 1}, {Index: 2}})
	read := 0
	for l := range ReadLines(bytes.NewReader(text)) {
		read++
		if l.Index == 1 {
			break
		}
	}
	if read != 2 {
		t.Fatalf("read %d lines after a break at the second", read)
	}
}

func FuzzReadLines(f *testing.F) {
	signer, known := key(f, origin)
	text := written(f, story(f, signer))
	f.Add(text)
	for line := range bytes.Lines(text) {
		f.Add(line)
	}
	f.Add([]byte("{\"leaf\":0,\"leaf\":0}\n"))
	f.Add([]byte(`{"checkpoint":"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var again bytes.Buffer
		var failed error
		for l, err := range ReadLines(bytes.NewReader(data)) {
			if failed = err; err != nil {
				break
			}
			if err := WriteLine(&again, l); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.HasPrefix(data, again.Bytes()) || failed == nil && again.Len() != len(data) {
			t.Fatalf("read %q, wrote %q", data, again.Bytes())
		}
		if v, err := verified(data, known); err == nil && v.Sound() && v.Checkpoints == 0 {
			t.Fatal("a log without checkpoint is sound")
		}
	})
}
