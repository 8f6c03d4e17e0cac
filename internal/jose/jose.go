// Package jose signs and checks the JSON web signatures of the node: call
// tokens, receipts and trust lists (RFC 7515, RFC 7517, RFC 7638, RFC 7797).
//
// It is stricter than the standards allow a reader to be. Everything that can
// be refused without arithmetic is refused before any key is touched: an
// algorithm outside the allow-list or other than the one the key is bound to,
// critical extensions, unencoded payloads, duplicate members, characters
// outside the canonical base64url alphabet, trailing bytes, sizes over the
// limit. A header never brings a key: jwk, jku, x5u and x5c are not read, and
// kid only selects among the keys that the caller already trusts.
//
// Call Sign and Verify for one signature in the compact form, SignMany and
// VerifyMany for a document under the threshold of several signers, and Decode
// to read a verified payload.
package jose

// Sizes in bytes. They bound what a stranger can make the node parse before a
// signature is checked.
const (
	// MaxCompact is the longest compact signature that Verify reads.
	MaxCompact = 64 << 10
	// MaxMany is the longest signed document that VerifyMany reads. A trust
	// list of all Europe stays well below it.
	MaxMany = 1 << 20
)

const (
	maxHeader     = 16 << 10 // a certificate chain in x5c is unread but tolerated
	maxDepth      = 32       // nesting of JSON objects and arrays
	maxKID        = 128      // characters of a key identifier
	maxSignatures = 16       // signatures on one document
)

// Header is what the protected header said about one signature. Other members
// of the header are not kept, so nobody can come to rely on them.
type Header struct {
	// Alg is the signature algorithm, equal to the algorithm of the key.
	Alg string
	// KID is the identifier under which the key was found.
	KID string
	// Typ is the media type that the caller demanded (RFC 7515 section 4.1.9).
	Typ string
}

// Verified is a payload whose signature held.
type Verified struct {
	KID     string
	Payload []byte
	Header  Header
}
