package app

import "sild/translation"

// snapshot finds a snapshot that was in force before, or nil when its file is gone or cannot be used any more.
func (t *terminology) snapshot(release string) *translation.Catalogue {
	t.mu.Lock()
	known, asked := t.opened[release]
	t.mu.Unlock()
	if asked {
		return known
	}
	t.reading.Lock()
	defer t.reading.Unlock()
	found := t.earlier(release)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opened[release] = found
	return found
}

// earlier opens a snapshot of the folder again, with the properties and medicines of today.
func (t *terminology) earlier(release string) *translation.Catalogue {
	if t.dir == "" || !isRelease(release) {
		return nil
	}
	catalogue, err := t.read(t.dir, release)
	if err != nil {
		return nil
	}
	return catalogue
}
