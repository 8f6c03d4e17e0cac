package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// maxLine bounds the bytes of one export line: a row of 3 MiB.
const maxLine = 4<<20 + 1<<10

// Line is one line of an export: a signed checkpoint if Checkpoint is not nil,
// a leaf otherwise.
type Line struct {
	Checkpoint []byte // signed note

	Index   int64 // number of the leaf, from 0
	Leaf    Leaf
	Opening *Opening // nil if the row was erased or is withheld
}

// Opening is what opens a commitment: the row and its salt.
type Opening struct {
	Salt [32]byte
	Row  []byte
}

type leafLine struct {
	Leaf int64  `json:"leaf"`
	Hash []byte `json:"hash"`
	Salt []byte `json:"salt,omitzero"`
	Row  []byte `json:"row,omitzero"`
}

type checkpointLine struct {
	Checkpoint string `json:"checkpoint"`
}

// WriteLine writes one line of an export to w, which should be buffered. It
// refuses what ReadLines would: a row over 3 MiB, a checkpoint not in UTF-8.
func WriteLine(w io.Writer, l Line) error {
	var buf bytes.Buffer
	if err := l.encode(&buf); err != nil {
		return err
	}
	if buf.Len() > maxLine {
		return fmt.Errorf("ledger: an export line of %d bytes is too long", buf.Len())
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// ReadLines yields the lines of an export one after another. On the first line
// that is not exactly as WriteLine writes it, or when r fails, it yields an
// error and ends. Errors name the line's number, never its content.
func ReadLines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxLine)
		lines.Split(wholeLine)
		var again bytes.Buffer
		number := 0
		for lines.Scan() {
			number++
			l, err := decodeLine(lines.Bytes(), &again)
			if err != nil {
				yield(Line{}, fmt.Errorf("ledger: line %d of the export: %w", number, err))
				return
			}
			if !yield(l, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Line{}, fmt.Errorf("ledger: line %d of the export: %w", number+1, err))
		}
	}
}

// wholeLine splits after each LF, keeps it, and refuses a last line without.
func wholeLine(data []byte, atEOF bool) (int, []byte, error) {
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		return end + 1, data[:end+1], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errors.New("cut off before its end")
	}
	return 0, nil, nil
}

func (l Line) encode(buf *bytes.Buffer) error {
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if l.Checkpoint != nil {
		if !utf8.Valid(l.Checkpoint) {
			return errors.New("ledger: a checkpoint must be UTF-8")
		}
		return enc.Encode(checkpointLine{Checkpoint: string(l.Checkpoint)})
	}
	out := leafLine{Leaf: l.Index, Hash: l.Leaf[:]}
	if l.Opening != nil {
		out.Salt = l.Opening.Salt[:]
		out.Row = l.Opening.Row
		if out.Row == nil {
			out.Row = []byte{} // an empty row is not an erased one
		}
	}
	return enc.Encode(out)
}

// decodeLine reads one line and holds it against its own encoding, so that
// another spelling (letter case, repeated member, loose base64) cannot pass.
func decodeLine(data []byte, again *bytes.Buffer) (Line, error) {
	l, err := parseLine(data)
	if err != nil {
		return Line{}, err
	}
	again.Reset()
	if err := l.encode(again); err != nil || !bytes.Equal(again.Bytes(), data) {
		return Line{}, errors.New("not spelled as an export line is")
	}
	return l, nil
}

func parseLine(data []byte) (Line, error) {
	if bytes.HasPrefix(data, []byte(`{"checkpoint":`)) {
		var in checkpointLine
		if err := json.Unmarshal(data, &in); err != nil {
			return Line{}, errors.New("not a checkpoint line")
		}
		return Line{Checkpoint: []byte(in.Checkpoint)}, nil
	}
	var in leafLine
	if err := json.Unmarshal(data, &in); err != nil {
		return Line{}, errors.New("not a leaf line") // the cause could quote the row
	}
	if len(in.Hash) != len(Leaf{}) {
		return Line{}, errors.New("hash is not 32 bytes")
	}
	if (in.Salt == nil) != (in.Row == nil) {
		return Line{}, errors.New("salt and row come together or not at all")
	}
	l := Line{Index: in.Leaf, Leaf: Leaf(in.Hash)}
	if in.Salt == nil {
		return l, nil
	}
	if len(in.Salt) != len(Opening{}.Salt) {
		return Line{}, errors.New("salt is not 32 bytes")
	}
	l.Opening = &Opening{Salt: [32]byte(in.Salt), Row: in.Row}
	return l, nil
}
