//go:build unix

package app

import "syscall"

// takeMemory gives zeroed memory outside the heap.
func takeMemory(size int) ([]byte, error) {
	return syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
}

// sealMemory takes the right to write away.
func sealMemory(held []byte) error { return syscall.Mprotect(held, syscall.PROT_READ) }

// freeMemory gives the memory back. No text that lies in it may be in use.
func freeMemory(held []byte) error { return syscall.Munmap(held) }
