package app

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// errNotRegular is said of a pipe, a device, a folder: what blocks a reader for ever or has no end is never read.
var errNotRegular = errors.New("it is no regular file")

// regular says what is wrong with a file that is to be read, without opening it.
func regular(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	return err
}

// openRegular opens a file for reading. It looks before it opens, since opening a pipe waits for who writes into it.
func openRegular(name string) (*os.File, error) {
	if err := regular(name); err != nil {
		return nil, err
	}
	return os.Open(name)
}

// readRegular reads a file that is small: more than the most bytes are not looked at.
func readRegular(name string, most int64) ([]byte, error) {
	file, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}
