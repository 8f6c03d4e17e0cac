//go:build !unix

package app

import "os"

// mapFile reads the file where it cannot be mapped.
func mapFile(name string) ([]byte, error) { return os.ReadFile(name) }

func unmapFile([]byte) error { return nil }
