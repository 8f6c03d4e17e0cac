package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxCheckpoint bounds the bytes of a signed checkpoint: room for the text and
// far more than the 16 cosignatures that C2SP signed-note asks readers to take.
const maxCheckpoint = 1 << 18

// maxTime is the last second of the year 9999 UTC.
const maxTime = 253402300799

// timeLine begins the extension line that carries the time of signing. C2SP
// advises against extension lines but lets readers pass over them; the plain
// Ed25519 note signature has no time of its own, and a log whose time can be
// turned back is worth less, so ours is inside the signed text.
const timeLine = "time "

// Checkpoint is what the node says about its log at one moment (C2SP
// tlog-checkpoint).
type Checkpoint struct {
	Origin string    // name of the log, like ncp.ee.example/access; equals the name of its key
	Size   int64     // number of leaves
	Root   Hash      // root of the tree of Size leaves
	Time   time.Time // of signing, UTC, whole seconds; zero if a foreign log states none
}

// SignCheckpoint returns the checkpoint as a note signed by the log's key,
// with Time cut to whole seconds. It refuses a key that is not named like the
// origin, and a checkpoint without a time.
func SignCheckpoint(signer note.Signer, c Checkpoint) ([]byte, error) {
	switch {
	case signer.Name() != c.Origin:
		return nil, fmt.Errorf("ledger: key %q cannot sign for log %q", signer.Name(), c.Origin)
	case c.Time.Unix() <= 0 || c.Time.Unix() > maxTime:
		return nil, errors.New("ledger: a checkpoint needs the time of signing, between 1970 and 9999")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n%s%d\n", c.Origin, c.Size, c.Root, timeLine, c.Time.Unix())
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("ledger: sign checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint reads a signed checkpoint and returns it only if the log
// itself signed it: at least one known key that is named like the origin must
// have signed, and no known key's signature may be wrong. Signatures by keys
// it does not know are passed over, as C2SP signed-note demands.
func OpenCheckpoint(signed []byte, known note.Verifiers) (Checkpoint, error) {
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, fmt.Errorf("ledger: a checkpoint of %d bytes is too long", len(signed))
	}
	n, err := note.Open(signed, known)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("ledger: open checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	own := false
	for _, s := range n.Sigs {
		own = own || s.Name == c.Origin
		// note decodes base64 leniently; without this two spellings of one
		// signature would both pass.
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return Checkpoint{}, errors.New("ledger: checkpoint signature is not canonical base64")
		}
	}
	if !own {
		return Checkpoint{}, errors.New("ledger: no known key of this log signed the checkpoint")
	}
	return c, nil
}

// parseCheckpoint reads the signed text; every value has one spelling.
func parseCheckpoint(text string) (Checkpoint, error) {
	body, ended := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	if !ended || len(lines) < 3 {
		return Checkpoint{}, errors.New("ledger: a checkpoint has at least three lines")
	}
	c := Checkpoint{Origin: lines[0]}
	var err error
	if c.Size, err = parseDecimal(lines[1]); err != nil {
		return Checkpoint{}, errors.New("ledger: checkpoint size is not a plain decimal")
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil || c.Root.String() != lines[2] {
		return Checkpoint{}, errors.New("ledger: checkpoint root is not canonical base64 of 32 bytes")
	}
	if c.Time, err = parseExtensions(lines[3:]); err != nil {
		return Checkpoint{}, err
	}
	return c, c.check()
}

// parseExtensions returns the time line's value and passes over lines it does
// not know, as C2SP tlog-checkpoint demands.
func parseExtensions(lines []string) (time.Time, error) {
	var at time.Time
	for _, line := range lines {
		if line == "" {
			return time.Time{}, errors.New("ledger: checkpoint has an empty line")
		}
		text, ok := strings.CutPrefix(line, timeLine)
		if !ok {
			continue
		}
		seconds, err := parseDecimal(text)
		if err != nil || seconds == 0 || seconds > maxTime || !at.IsZero() {
			return time.Time{}, errors.New("ledger: checkpoint time must stand once, in seconds since 1970")
		}
		at = time.Unix(seconds, 0).UTC()
	}
	return at, nil
}

// parseDecimal reads a number of at least 0 without sign or leading zeros.
func parseDecimal(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil && (n < 0 || strconv.FormatInt(n, 10) != text) {
		err = strconv.ErrSyntax
	}
	return n, err
}

// check finds contradictions within a checkpoint.
func (c Checkpoint) check() error {
	switch {
	case c.Origin == "":
		return errors.New("ledger: a checkpoint names its log")
	case c.Size < 0 || c.Size > maxSize:
		return fmt.Errorf("ledger: checkpoint size %d is out of range", c.Size)
	case c.Size == 0 && c.Root != emptyRoot():
		return errors.New("ledger: an empty log has the root of the empty tree")
	}
	return nil
}
