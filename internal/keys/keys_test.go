package keys

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stored puts text into a new file of the given mode and returns its path.
func stored(t *testing.T, text string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // the umask has no say here
		t.Fatal(err)
	}
	return path
}

// secrets are the three kinds of secret file, each with its writer and reader.
func secrets(t *testing.T) map[string]struct {
	write func(path string) error
	read  func(path string) error
} {
	t.Helper()
	signer, err1 := GenerateSigner()
	noteSigner, err2 := GenerateNoteSigner("ncp.ee.example/access")
	kek, err3 := GenerateKEK()
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return map[string]struct {
		write func(path string) error
		read  func(path string) error
	}{
		"signer": {
			func(path string) error { return WriteSigner(path, signer) },
			func(path string) error { _, err := LoadSigner(path); return err },
		},
		"note signer": {
			func(path string) error { return WriteNoteSigner(path, noteSigner) },
			func(path string) error { _, err := LoadNoteSigner(path); return err },
		},
		"key-encryption key": {
			func(path string) error { return WriteKEK(path, kek) },
			func(path string) error { _, err := LoadKEK(path); return err },
		},
	}
}

func TestSecretsOpenOnlyToTheirOwner(t *testing.T) {
	for name, s := range secrets(t) {
		path := filepath.Join(t.TempDir(), "key")
		if err := s.write(path); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: written with mode %v, %v", name, info.Mode(), err)
		}
		for mode, ok := range map[fs.FileMode]bool{
			0o600: true, 0o400: true,
			0o640: false, 0o604: false, 0o620: false, 0o602: false, 0o610: false, 0o601: false,
			0o440: false, 0o644: false, 0o666: false, 0o700: false, 0o200: false, 0: false,
		} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			err := s.read(path)
			if (err == nil) != ok {
				t.Errorf("%s: mode %04o: error %v", name, mode, err)
			}
			if !ok && os.Geteuid() == 0 && !strings.Contains(err.Error(), "chmod 600 "+path) {
				t.Errorf("%s: mode %04o: the error names no cure: %v", name, mode, err)
			}
		}
	}
}

func TestNoFileIsEverOverwritten(t *testing.T) {
	writers := map[string]func(path string) error{
		"certificate": func(path string) error { return WriteCertificate(path, []byte("der")) },
	}
	for name, s := range secrets(t) {
		writers[name] = s.write
	}
	for name, write := range writers {
		path := stored(t, "precious", 0o600)
		link := path + ".link"
		if err := os.Symlink(path+".elsewhere", link); err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{path, link} {
			if err := write(target); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s: error %v", name, err)
			}
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "precious" {
			t.Errorf("%s: the file now holds %q, %v", name, text, err)
		}
		if _, err := os.Stat(path + ".elsewhere"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: was written through a link", name)
		}
	}
}

func TestFilesThatAreNoSecretAreRefused(t *testing.T) {
	for name, s := range secrets(t) {
		for what, path := range map[string]string{
			"no file":       filepath.Join(t.TempDir(), "absent"),
			"a directory":   t.TempDir(),
			"an empty file": stored(t, "", 0o600),
			"words":         stored(t, "open sesame\n", 0o600),
			"a huge file":   stored(t, strings.Repeat("A", maxFile+1), 0o600),
		} {
			if err := s.read(path); err == nil {
				t.Errorf("%s: %s was taken", name, what)
			} else if strings.Contains(err.Error(), "sesame") {
				t.Errorf("%s: the error quotes the file: %v", name, err)
			}
		}
		if err := s.write(filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
			t.Errorf("%s: was written nowhere", name)
		}
	}
}
