package app

import (
	"errors"
	"fmt"
	"io"

	"sild/translation"
)

// mostHeld is the size that no snapshot reaches: one with 200,000 codes has 19 MB.
const mostHeld = 512 << 20

// holdFile reads a file into memory of its own that nobody can write to: whatever becomes of the file afterwards, what was
// read stays. A file whose first bytes are those of no snapshot of its size is not read. The memory lies outside the heap, which would otherwise let as much again lie about before it is cleared up.
func holdFile(name string) ([]byte, error) {
	file, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 || info.Size() > mostHeld {
		return nil, fmt.Errorf("%s: a file of %d bytes is no snapshot", name, info.Size())
	}
	first := make([]byte, min(info.Size(), int64(translation.Prefix)))
	if _, err := file.ReadAt(first, 0); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := translation.CheckPrefix(first, info.Size()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	held, err := takeMemory(int(info.Size()))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	_, err = io.ReadFull(file, held)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = errors.New("the file was cut short while it was read")
	}
	if err == nil {
		err = sealMemory(held)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), freeMemory(held))
	}
	return held, nil
}
