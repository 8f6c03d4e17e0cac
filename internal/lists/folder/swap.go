package folder

import (
	"errors"
	"os"
)

// swapInTwo is swap where two names cannot be exchanged at once: between its steps the directory has no name, and a second
// failure names where it stands.
func swapInTwo(finished, dir string) error {
	aside := finished + "-before"
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	if err := os.Rename(finished, dir); err != nil {
		return errors.Join(err, os.Rename(aside, dir))
	}
	return os.RemoveAll(aside)
}
