package lists

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	mostBytes   = 256 << 20 // of one file
	mostPackage = 1 << 30   // of a package when unpacked
	mostFiles   = 20_000    // of a directory or a package
)

// file is one file of the sources, read when its turn comes.
type file struct {
	name string
	read func() ([]byte, error)
}

// files lists the files with an extension: those named, those in the directories named, and those of FHIR packages (.tgz).
// Each source must hold at least one.
func files(ctx context.Context, sources []string, extension string) ([]file, error) {
	var all []file
	for _, source := range sources {
		found, err := filesOf(ctx, source, extension)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s holds no file that ends in %s", source, extension)
		}
		if all = append(all, found...); len(all) > mostFiles {
			return nil, fmt.Errorf("%s: more than %d files", source, mostFiles)
		}
	}
	return all, nil
}

func filesOf(ctx context.Context, source, extension string) ([]file, error) {
	info, err := os.Stat(source)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return filesIn(source, extension)
	case extension == ".json" && (strings.HasSuffix(source, ".tgz") || strings.HasSuffix(source, ".tar.gz")):
		return packaged(ctx, source)
	}
	return []file{onDisk(source)}, nil
}

func onDisk(name string) file {
	return file{name, func() ([]byte, error) {
		opened, err := openRegular(name)
		if err != nil {
			return nil, err
		}
		content, err := bounded(opened, name, mostBytes)
		return content, errors.Join(err, opened.Close())
	}}
}

// openRegular opens a file for reading. It looks before it opens, since opening a pipe waits for who writes into it.
func openRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("it is no regular file")}
	}
	if err != nil {
		return nil, err
	}
	return os.Open(name)
}

// bounded reads to the end, but not more than a limit.
func bounded(from io.Reader, name string, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, most)
	}
	return content, nil
}

func filesIn(dir, extension string) ([]file, error) {
	var found []file
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.HasSuffix(name, extension) && entry.Name() != "package.json" &&
			!strings.HasPrefix(entry.Name(), ".") {
			found = append(found, onDisk(name))
		}
		return err
	})
	return found, err
}

// packaged reads a FHIR NPM package: the resources stand in the folder package itself, its other folders hold examples.
func packaged(ctx context.Context, name string) ([]file, error) {
	opened, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	found, err := unpack(ctx, opened, name)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return found, errors.Join(err, opened.Close())
}

func unpack(ctx context.Context, from io.Reader, name string) ([]file, error) {
	unzipped, err := gzip.NewReader(from)
	if err != nil {
		return nil, err
	}
	var found []file
	left, archive := int64(mostPackage), tar.NewReader(unzipped)
	for ctx.Err() == nil {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			slices.SortFunc(found, func(a, b file) int { return compare(a.name, b.name) })
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if left -= header.Size; left < 0 || len(found) > mostFiles {
			return nil, fmt.Errorf("more than %d bytes or %d files", mostPackage, mostFiles)
		}
		at := path.Clean(header.Name)
		if header.Typeflag != tar.TypeReg || path.Dir(at) != "package" || path.Ext(at) != ".json" || path.Base(at) == "package.json" ||
			strings.HasPrefix(path.Base(at), ".") {
			continue
		}
		content, err := bounded(archive, at, mostBytes)
		if err != nil {
			return nil, err
		}
		found = append(found, file{name + ":" + path.Base(at), func() ([]byte, error) { return bytes.Clone(content), nil }})
	}
	return nil, ctx.Err()
}
