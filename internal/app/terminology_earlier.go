package app

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"sild/mappings"
	"sild/translation"
)

// shipped are the tables that travel with the program. They are kept beside the database as a snapshot: the next program has
// others, and a dispensation that comes back then is judged by those with which its prescription was shown.
func (t *terminology) shipped() (*translation.Catalogue, error) {
	built, err := translation.Compile(translation.Source{Files: mappings.Files()})
	if err != nil {
		return nil, err
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		return nil, err
	}
	whole, err := t.complete(catalogue)
	if err != nil {
		return nil, err
	}
	if err := keepSnapshot(t.kept, built); err != nil {
		t.log.Error("the tables of this program are not kept: what is shown now cannot be judged by them after the next upgrade", "reason", err)
	}
	return whole, nil
}

// keepSnapshot writes a snapshot into a folder under its release, unless it lies there already.
func keepSnapshot(dir string, built *translation.Built) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return place(snapshotFile(dir, built.Release), built.Bytes)
}

// place writes a snapshot that was judged, unless the same bytes lie there already.
func place(file string, content []byte) error {
	if lies(file, content) {
		return nil
	}
	return writeWhole(file, content, 0o444)
}

// lies says that a file has this content.
func lies(file string, content []byte) bool {
	there, err := readRegular(file, int64(len(content))+1)
	return err == nil && bytes.Equal(there, content)
}

// snapshot finds a snapshot that was in force before, or nil when its file is gone or cannot be used any more. A file that is
// put back is found again.
func (t *terminology) snapshot(release string) *translation.Catalogue {
	if known := t.known(release); known != nil || !isRelease(release) {
		return known
	}
	t.reading.Lock()
	defer t.reading.Unlock()
	if known := t.known(release); known != nil {
		return known
	}
	found, err := t.earlier(release)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		if t.lost[release] != err.Error() {
			t.lost[release] = err.Error()
			t.log.Warn("a prescription was shown with a snapshot that is not to be had; it is judged by the one in force", "release", release, "reason", err)
		}
		return nil
	}
	t.opened[release] = found
	return found
}

func (t *terminology) known(release string) *translation.Catalogue {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.opened[release]
}

// earlier opens a snapshot again, with the properties and medicines of today: from the folder, or from what the node kept before
// it had one.
func (t *terminology) earlier(release string) (*translation.Catalogue, error) {
	if t.dir != "" {
		found, err := t.read(t.dir, release)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return found, err
		}
	}
	return t.read(t.kept, release)
}
