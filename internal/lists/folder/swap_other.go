//go:build !linux

package folder

import (
	"errors"
	"io/fs"
	"os"
)

// hold opens a directory; two imports at once are not noticed on this system.
func hold(dir string) (*os.File, error) { return os.Open(dir) }

// swap puts the finished copy in the directory's place.
func swap(finished, dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(finished, dir)
	}
	return swapInTwo(finished, dir)
}
