package keys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

const secretSize = 32

// ID names a key-encryption key in public, without telling anything of it.
type ID [8]byte

// String returns the ID in hexadecimal.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// KEK is the node's key-encryption key. It wraps the data key of each row at
// rest; wrapping key, index key and ID are derived from it (HKDF-SHA256), so
// none of them tells about another. It may be used by many goroutines.
type KEK struct {
	secret [secretSize]byte
	id     ID
	wrap   cipher.AEAD
	index  []byte
}

// GenerateKEK returns a fresh key-encryption key.
func GenerateKEK() (*KEK, error) {
	var secret [secretSize]byte
	rand.Read(secret[:]) // crypto/rand.Read never fails; it ends the process instead
	return newKEK(secret)
}

// LoadKEK reads a key-encryption key: 32 bytes as one line of standard base64,
// as `openssl rand -base64 32` makes it, in a file that only its owner may
// read (mode 0600 or 0400).
func LoadKEK(path string) (*KEK, error) {
	data, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	text := string(bytes.TrimSpace(data))
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != secretSize || base64.StdEncoding.EncodeToString(raw) != text {
		return nil, fmt.Errorf("keys: %s is not one line of base64 of %d bytes: openssl rand -base64 %d", path, secretSize, secretSize)
	}
	return newKEK([secretSize]byte(raw))
}

// WriteKEK writes a key-encryption key to a new file of mode 0600 and refuses
// a path that exists. Whoever loses the file loses every row sealed with it.
func WriteKEK(path string, k *KEK) error {
	return writeNew(path, []byte(base64.StdEncoding.EncodeToString(k.secret[:])+"\n"), 0o600)
}

func newKEK(secret [secretSize]byte) (*KEK, error) {
	if secret == [secretSize]byte{} {
		return nil, errors.New("keys: a key-encryption key of zeros is no secret")
	}
	id, err1 := hkdf.Key(sha256.New, secret[:], nil, "sild/kek/id/v1", len(ID{}))
	wrapKey, err2 := hkdf.Key(sha256.New, secret[:], nil, "sild/kek/wrap/v1", secretSize)
	index, err3 := hkdf.Key(sha256.New, secret[:], nil, "sild/kek/index/v1", secretSize)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	wrap, err := newAEAD(wrapKey)
	if err != nil {
		return nil, err
	}
	return &KEK{secret: secret, id: ID(id), wrap: wrap, index: index}, nil
}

// newAEAD returns AES-256-GCM that draws its nonce itself and puts it before
// the ciphertext.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return aead, nil
}

// ID returns the name that stands in the header of every row this key sealed.
func (k *KEK) ID() ID { return k.id }

// Format prints the ID whatever the verb.
func (k KEK) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "key-encryption key %s", k.id) }

// Index returns a blind index of 32 bytes: equal for equal purpose and value,
// telling nothing to whoever lacks the key. It is how a row is found by a
// patient identifier that stands nowhere in clear. It changes with the key;
// see Ring.Indexes.
func (k *KEK) Index(purpose, value string) []byte {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(purpose)))
	mac := hmac.New(sha256.New, k.index)
	mac.Write(length[:]) // so that ("ab", "c") is not ("a", "bc")
	mac.Write([]byte(purpose))
	mac.Write([]byte(value))
	return mac.Sum(nil)
}
