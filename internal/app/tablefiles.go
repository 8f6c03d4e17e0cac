package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"sild/mappings"
	"sild/translation"
)

// tableSources are the tables that ship with the node, unless they are left out, and the operator's folders over them. Reading
// them ends with the context.
func tableSources(ctx context.Context, folders []string, alone bool) []translation.Source {
	var sources []translation.Source
	if !alone {
		sources = append(sources, translation.Source{Files: mappings.Files()})
	}
	for _, folder := range folders {
		sources = append(sources, translation.Source{Name: folder, Files: tableFiles{ctx, os.DirFS(folder)}})
	}
	return sources
}

// tableFiles is a folder of tables of which only regular files are read, as long as the command is wanted. An error does
// not name the file, since who reads a table does.
type tableFiles struct {
	ctx    context.Context
	folder fs.FS
}

// Open opens a table.
func (f tableFiles) Open(name string) (fs.File, error) {
	if f.ctx.Err() != nil {
		return nil, errStopped
	}
	info, err := fs.Stat(f.folder, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if err != nil {
		return nil, withoutName(err)
	}
	file, err := f.folder.Open(name)
	return file, withoutName(err)
}

// Stat asks about a file or folder.
func (f tableFiles) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.folder, name) }

// ReadDir lists a folder.
func (f tableFiles) ReadDir(name string) ([]fs.DirEntry, error) {
	if f.ctx.Err() != nil {
		return nil, errStopped
	}
	return fs.ReadDir(f.folder, name)
}

// errStopped is said of a command that got a signal.
var errStopped = errors.New("stopped before the end")

// withoutName is an error without the name of its file.
func withoutName(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
