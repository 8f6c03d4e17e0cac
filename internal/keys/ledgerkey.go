package keys

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// NoteSigner is the ledger's Ed25519 key (C2SP signed-note, type 0x01). It is
// a note.Signer that also knows the key others verify it with.
type NoteSigner struct {
	signer   note.Signer
	secret   string
	verifier string
}

// GenerateNoteSigner returns a fresh ledger key. The name is the log's origin,
// like ncp.ee.example/access: no white space and no plus sign.
func GenerateNoteSigner(name string) (*NoteSigner, error) {
	secret, _, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return parseNoteSigner(secret)
}

// LoadNoteSigner reads a ledger key: one line as GenerateKey of
// golang.org/x/mod/sumdb/note makes it, in a file that only its owner may read.
func LoadNoteSigner(path string) (*NoteSigner, error) {
	data, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	signer, err := parseNoteSigner(strings.TrimSpace(string(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, path)
	}
	return signer, nil
}

// WriteNoteSigner writes a ledger key to a new file of mode 0600 and refuses a
// path that exists.
func WriteNoteSigner(path string, signer *NoteSigner) error {
	if signer == nil || signer.secret == "" {
		return fmt.Errorf("keys: there is no ledger key to write to %s", path)
	}
	return writeNew(path, []byte(signer.secret+"\n"), 0o600)
}

// Name returns the log's origin.
func (s *NoteSigner) Name() string { return s.signer.Name() }

// KeyHash returns the key's number in notes.
func (s *NoteSigner) KeyHash() uint32 { return s.signer.KeyHash() }

// Sign returns the signature of a note's text.
func (s *NoteSigner) Sign(msg []byte) ([]byte, error) { return s.signer.Sign(msg) }

// VerifierKey returns the public key as text (a C2SP vkey), to be published
// and given to note.NewVerifier.
func (s *NoteSigner) VerifierKey() string { return s.verifier }

// Format prints the public key whatever the verb.
func (s NoteSigner) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "ledger key %s", s.verifier) }

// parseNoteSigner reads a secret; errors never quote it.
func parseNoteSigner(secret string) (*NoteSigner, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("keys: not a ledger key of the form PRIVATE+KEY+name+id+base64: %w", err)
	}
	// note.NewSigner accepted it, so the text after the last of five plus signs
	// is base64 of the type byte and the seed; base64 may hold plus signs too.
	parts := strings.SplitN(secret, "+", 5)
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return nil, fmt.Errorf("keys: ledger key %q is not Ed25519", signer.Name())
	}
	public := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("keys: ledger key %q: %w", signer.Name(), err)
	}
	return &NoteSigner{signer: signer, secret: secret, verifier: verifier}, nil
}
