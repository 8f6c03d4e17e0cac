package app

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A factor that is a thousand times too large is in no snapshot to be seen, so it is asked of the tables before one is made.
func TestTablesThatBreakARuleMakeNoSnapshotUnasked(t *testing.T) {
	dir := t.TempDir()
	tables := filepath.Join(dir, "tables")
	for name, text := range map[string]string{
		"MANIFEST.csv": "file,kind,origin,release,licence,status\nee-eu/strength-unit.csv,unit-map,test,2,CC0,draft\n",
		"systems.csv":  "short,uri,oid,name\n",
		"ee-eu/strength-unit.csv": "system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n" +
			"ee-amount-unit,MG,equivalent,ucum,g,1,,,no,test,2026-11-22,accepted by M M on 2026-11-22,\n",
	} {
		file := filepath.Join(tables, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	build := MapBuild{Sources: []string{tables}, Out: filepath.Join(dir, "snapshot")}
	var said, told bytes.Buffer
	err := build.Run(context.Background(), &said, &told)
	if err == nil || !strings.Contains(err.Error(), "break rules") || !strings.Contains(told.String(), "the factor is 1 and should be 1/1000") {
		t.Errorf("it says %v, and %s", err, told.String())
	}
	if _, err := os.Stat(build.Out); !errors.Is(err, fs.ErrNotExist) || said.Len() > 0 {
		t.Errorf("something was made: %v, %s", err, said.String())
	}
	build.Unchecked = true
	if err := build.Run(context.Background(), &said, &told); err != nil {
		t.Error(err)
	}
}
