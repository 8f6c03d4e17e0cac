// Package ledger is the tamper-evident log of every access: a Merkle tree
// (RFC 6962) whose leaves are salted commitments, with signed checkpoints
// (C2SP signed-note and tlog-checkpoint), proofs, and a check from outside.
//
// The room knows bytes, not patients, and it stores nothing. Whoever keeps the
// event rows calls Commit for each row and Append (or AppendAll for a group
// commit), and writes row, leaf and returned hashes in one transaction: begin
// with Append. Outside the transaction SignCheckpoint signs the new Root.
// A stranger begins with Verify.
//
// # Why salted
//
// Checkpoints, tree hashes and leaves may be shown to anybody. A plain digest
// of an event would tell: national identifiers are few enough to try them all.
// With a fresh random salt for each row the leaf says nothing until salt and
// row are handed over, and once both are erased nothing ever will, while the
// tree and every old checkpoint stay whole.
//
// # Export
//
// An export is UTF-8 text of lines, each one JSON object that ends in LF:
//
//	{"leaf":0,"hash":"<32 bytes>","salt":"<32 bytes>","row":"<bytes>"}
//	{"leaf":1,"hash":"<32 bytes>"}
//	{"checkpoint":"<signed note, its line ends written as \n>"}
//
// Binary values are padded standard base64. "hash" is the Leaf itself, before
// RFC 6962 hashes it with its 0x00 prefix. Leaves come in order from 0. "salt"
// and "row" come together or not at all; a leaf without them is a row that was
// erased or is withheld. A checkpoint stands right after the last leaf it
// covers. Every line has one spelling, the one WriteLine gives: no other
// member, order, escape or white space. A last line without LF is a cut file.
package ledger

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 node of the tree (RFC 6962 section 2.1).
type Hash = tlog.Hash

// HashReader gives back stored hashes by their index; it must answer with as
// many hashes as it was asked for, in the same order, or with an error.
type HashReader = tlog.HashReader

// HashReaderFunc lets a plain function be a HashReader.
type HashReaderFunc = tlog.HashReaderFunc

// Leaf is the opaque record that enters the tree: the commitment of one row.
type Leaf [32]byte

// rowDomain keeps a commitment from ever being taken for another HMAC that
// this node computes; the closing NUL ends the label.
const rowDomain = "sild/ledger/row/v1\x00"

// NewSalt returns 32 fresh random bytes for one row. A salt is used once.
func NewSalt() [32]byte {
	var salt [32]byte
	rand.Read(salt[:]) // crypto/rand.Read never fails; it ends the process instead
	return salt
}

// Commit returns the commitment of one event row: HMAC-SHA256 keyed with the
// salt, over a domain label and the row. It hides the row from whoever lacks
// the salt, and no second row can be found for the same leaf.
func Commit(salt [32]byte, row []byte) Leaf {
	mac := hmac.New(sha256.New, salt[:])
	mac.Write([]byte(rowDomain))
	mac.Write(row)
	var leaf Leaf
	mac.Sum(leaf[:0])
	return leaf
}
