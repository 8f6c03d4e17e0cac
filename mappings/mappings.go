// Package mappings holds the code tables that travel with the program: which codes of the shared lists the corridor
// carries, what they are called in English, Estonian and Finnish, and how the codes of each country lie to them. They are
// plain CSV so that a pharmacist can review a change line by line. Every row is a judgement of this project about codes;
// the texts of the lists themselves belong to their owners and are imported by the operator.
//
// Start with Files, and hand its answer to translation.Load. MANIFEST.csv names every file with its origin, and
// systems.csv every code system; README.md explains the columns.
package mappings

import (
	"embed"
	"io/fs"
)

// The folders are taken as they stand, so that a new table needs no change here; MANIFEST.csv decides what counts.
//
//go:embed *.csv */*
var files embed.FS

// Files returns the tables as a read-only file system with MANIFEST.csv at its root.
func Files() fs.FS { return files }
