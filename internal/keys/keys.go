// Package keys holds the node's secrets: signature keys, the ledger's note
// key, the key-encryption key for rows at rest, and development certificates.
// Begin with LoadSigner for a seal or TLS key and LoadKEK for the store.
//
// Secrets come from files that only their owner may read, made by
// `sild trust init --demo` or by an operator with openssl; no file is ever
// overwritten. Everything above asks for a crypto.Signer (or a note.Signer)
// and never for a key, and that is the seam: a key in a PKCS#11 token enters
// as another crypto.Signer, and nothing that signs will notice.
//
// A secret formats as its kind and its public name with every fmt verb, so a
// careless log line cannot spill it.
package keys

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFile bounds the bytes of a key or certificate file.
const maxFile = 1 << 20

// readSecret returns the bytes of a file that its owner alone may read. It
// looks at the open file, so that the answer is about the bytes it returns.
func readSecret(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	switch mode := info.Mode(); {
	case !mode.IsRegular():
		return nil, fmt.Errorf("keys: %s is not a plain file", path)
	case mode.Perm()&^0o600 != 0 || mode.Perm()&0o400 == 0:
		return nil, fmt.Errorf("keys: %s has mode %04o, but only its owner may read a secret: chmod 600 %s", path, mode.Perm(), path)
	}
	return readAll(f, path)
}

// readAll reads a file of sane length.
func readAll(f io.Reader, path string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("keys: %w", err)
	case len(data) > maxFile:
		return nil, fmt.Errorf("keys: %s is too long for a key or certificate", path)
	}
	return data, nil
}

// writeNew makes a file that did not exist and returns once it would survive a
// power cut; a key that signed or encrypted anything must not vanish. What
// could not be written whole is taken away again.
func writeNew(path string, data []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keys: %s is there already and is never overwritten: move it away first: %w", path, err)
	}
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("keys: %w", err), os.Remove(path))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a new name in a directory durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}
