package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// hold opens a directory so that no second import can.
func hold(dir string) (*os.File, error) {
	held, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(errors.New("another import is changing this directory"), held.Close())
	}
	return held, nil
}

// swap puts the finished copy in the directory's place, in one step where the file system can exchange two names. What was
// there stands under the name of the copy afterwards.
func swap(finished, dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return errors.Join(os.Rename(finished, dir), settle(dir))
	}
	err := unix.Renameat2(unix.AT_FDCWD, finished, unix.AT_FDCWD, dir, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		err = swapInTwo(finished, dir)
	}
	return errors.Join(err, settle(dir))
}

// settle has the new name on the disk.
func settle(dir string) error {
	parent, err := os.Open(filepath.Dir(dir))
	if err != nil {
		return err
	}
	return errors.Join(parent.Sync(), parent.Close())
}
