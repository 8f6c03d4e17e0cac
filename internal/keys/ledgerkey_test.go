package keys

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

const logName = "ncp.ee.example/access"

func TestLedgerKeySignsWhatItsVerifierKeyVerifies(t *testing.T) {
	// Base64 may hold plus signs like those between the parts; forty keys see some.
	for range 40 {
		made := must[*NoteSigner](t)(GenerateNoteSigner(logName))
		path := filepath.Join(t.TempDir(), "ledger.key")
		if err := WriteNoteSigner(path, made); err != nil {
			t.Fatal(err)
		}
		loaded := must[*NoteSigner](t)(LoadNoteSigner(path))
		if loaded.VerifierKey() != made.VerifierKey() || loaded.Name() != logName || loaded.KeyHash() != made.KeyHash() {
			t.Fatal("another key came back")
		}
		signed := must[[]byte](t)(note.Sign(&note.Note{Text: "a line\n"}, loaded))
		verifier := must[note.Verifier](t)(note.NewVerifier(made.VerifierKey()))
		if _, err := note.Open(signed, note.VerifierList(verifier)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLedgerKeysThatAreNotWholeAreRefused(t *testing.T) {
	made := must[*NoteSigner](t)(GenerateNoteSigner(logName))
	for name, text := range map[string]string{
		"the public key": made.verifier,
		"another name":   strings.Replace(made.secret, "ncp.ee", "ncp.fi", 1),
		"cut":            made.secret[:len(made.secret)-2],
		"two lines":      made.secret + "\n" + made.secret,
	} {
		_, err := LoadNoteSigner(stored(t, text, 0o600))
		if err == nil {
			t.Errorf("%s was taken", name)
		} else if strings.Contains(err.Error(), made.secret[len(made.secret)-20:]) {
			t.Errorf("%s: the error quotes the secret", name)
		}
	}
	for _, name := range []string{"", "two words", "a+b"} {
		if _, err := GenerateNoteSigner(name); err == nil {
			t.Errorf("a key named %q was made", name)
		}
	}
	if err := WriteNoteSigner(filepath.Join(t.TempDir(), "key"), &NoteSigner{}); err == nil {
		t.Error("a key that is none was written")
	}
}

func TestNoVerbPrintsASecret(t *testing.T) {
	signer := must[*NoteSigner](t)(GenerateNoteSigner(logName))
	kek := must[*KEK](t)(GenerateKEK())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, arg := range []any{signer, *signer} {
			if got := fmt.Sprintf(verb, arg); got != "ledger key "+signer.VerifierKey() {
				t.Errorf("%s prints %s", verb, got)
			}
		}
		for _, arg := range []any{kek, *kek} {
			if got := fmt.Sprintf(verb, arg); got != "key-encryption key "+kek.ID().String() {
				t.Errorf("%s prints %s", verb, got)
			}
		}
	}
}
