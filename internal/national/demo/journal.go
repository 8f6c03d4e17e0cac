package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"sild/node"
)

// journal is the register's own file: one JSON line for each record, with a checksum over the line and the one before
// it, so that a changed, lost or moved line is noticed. It holds personal data in clear, as a national register does,
// and is readable by its owner alone (mode 0600). It belongs to the register and not to the contact point: the test
// that no patient data leak from a node does not search it.
//
// Records that wait while another is being forced to disk go together with one write and one fsync.
type journal struct {
	file *os.File

	mu   sync.Mutex // guards sum, next and last
	sum  string     // checksum of the last line
	next *batch     // collects lines that nobody has begun to write
	last *batch     // the newest batch, whatever has become of it

	writing sync.Mutex // held by the one who writes; guards size and broken
	size    int64
	broken  error
}

// batch is several lines that become durable together.
type batch struct {
	lines []byte
	done  chan struct{} // closed when the lines are on disk, or never will be
	err   error         // valid once done is closed
}

// record is the content of one line.
type record struct {
	Act          act             `json:"act"`
	At           time.Time       `json:"at"` // UTC
	Peer         string          `json:"peer,omitempty"`
	ID           node.Identifier `json:"id"`
	Prescription node.Identifier `json:"prescription"`
	Patient      node.Identifier `json:"patient"`
	Packages     int64           `json:"packages,omitempty"` // handed out
	Takes        string          `json:"takes,omitempty"`    // off the prescription, in packages as prescribed; empty: as many as were handed out
	Closes       bool            `json:"closes,omitempty"`
	Digest       string          `json:"digest,omitempty"` // sha-256 of the message, hex
	Left         string          `json:"left"`
	Closed       string          `json:"closed,omitempty"`
	Entries      string          `json:"entries,omitempty"` // the national entries, byte for byte
}

// act is what a record says was done.
type act string

const (
	handedOut act = "handed-out"
	takenBack act = "taken-back"
)

const (
	lineStart  = `{"sum":"`
	lineMiddle = `","record":`
	lineEnd    = "}\n"
	sumLen     = 2 * sha256.Size
)

// writeLine gives a record's line and its checksum, which is over the checksum of the line before and the record's bytes.
func writeLine(before string, content []byte) (line []byte, sum string) {
	sum = checksum(before, content)
	line = make([]byte, 0, len(lineStart)+sumLen+len(lineMiddle)+len(content)+len(lineEnd))
	line = append(line, lineStart+sum+lineMiddle...)
	return append(append(line, content...), lineEnd...), sum
}

func checksum(before string, content []byte) string {
	hash := sha256.New()
	hash.Write([]byte(before))
	hash.Write(content)
	return hex.EncodeToString(hash.Sum(nil))
}

// add puts a record behind all others. It is not on disk yet: see durable. A journal that once failed takes no more,
// because nobody knows what its last lines look like.
func (j *journal) add(r record) error {
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.last.failed(); err != nil {
		return err
	}
	if j.next == nil {
		j.next = &batch{done: make(chan struct{})}
		j.last = j.next
	}
	line, sum := writeLine(j.sum, content)
	j.next.lines, j.sum = append(j.next.lines, line...), sum
	return nil
}

// failed is the error of a batch that is known never to become durable.
func (b *batch) failed() error {
	if b == nil {
		return nil
	}
	select {
	case <-b.done:
		return b.err
	default:
		return nil
	}
}

// newest is the batch that everything recorded so far is durable with; nil when nothing was recorded since Open.
func (j *journal) newest() *batch {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// durable returns when the batch is on disk. Whoever comes first writes for all who wait.
func (j *journal) durable(b *batch) error {
	if b == nil {
		return nil
	}
	select {
	case <-b.done:
		return b.err
	default:
	}
	j.writing.Lock()
	defer j.writing.Unlock()
	select {
	case <-b.done:
		return b.err
	default:
	}
	j.mu.Lock()
	j.next = nil // a batch that is not done and not being written is the next one: b
	j.mu.Unlock()
	if j.broken == nil {
		j.broken = j.force(b.lines)
	}
	b.err = j.broken
	close(b.done)
	return b.err
}

// force writes the lines and has them on disk when it returns. A file that is longer or shorter than this process left
// it has another writer, whose lines must not be written over.
func (j *journal) force(lines []byte) error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(j.file.Name())
	if err != nil || !os.SameFile(info, there) {
		return errors.New("the register's journal was moved or removed")
	}
	if info.Size() != j.size {
		return errors.New("the register's journal was changed by another process")
	}
	n, err := j.file.WriteAt(lines, j.size)
	j.size += int64(n)
	if err != nil {
		return fmt.Errorf("the register's journal cannot be written: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("the register's journal cannot be forced to disk: %w", err)
	}
	return nil
}

// close writes what still waits and lets go of the file.
func (j *journal) close() error {
	return errors.Join(j.durable(j.newest()), j.file.Close())
}
