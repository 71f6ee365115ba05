package pgtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	if err := supported(); err != nil {
		t.Skip(err)
	}
	for name, test := range map[string]struct {
		files  []string // that are programs
		inPath string
		want   string // empty if nothing is found
	}{
		"nothing":           {},
		"in PATH":           {[]string{"pg/initdb", "pg/postgres"}, "pg/initdb", "pg"},
		"before Debian's":   {[]string{"pg/initdb", "pg/postgres", "debian/15/bin/initdb", "debian/15/bin/postgres"}, "pg/initdb", "pg"},
		"without a server":  {[]string{"pg/initdb"}, "pg/initdb", ""},
		"Debian":            {[]string{"debian/15/bin/initdb", "debian/15/bin/postgres"}, "", "debian/15/bin"},
		"newest":            {[]string{"debian/9/bin/initdb", "debian/9/bin/postgres", "debian/17/bin/initdb", "debian/17/bin/postgres"}, "", "debian/17/bin"},
		"newest is clients": {[]string{"debian/17/bin/initdb", "debian/15/bin/initdb", "debian/15/bin/postgres"}, "", "debian/15/bin"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range test.files {
				program(t, filepath.Join(dir, file))
			}
			lookPath := func(string) (string, error) { return filepath.Join(dir, test.inPath), nil }
			if test.inPath == "" {
				lookPath = func(string) (string, error) { return "", exec.ErrNotFound }
			}
			got, err := find(lookPath, filepath.Join(dir, "debian"))
			if test.want == "" {
				if !errors.Is(err, errMissing) {
					t.Errorf("got %q, %v", got, err)
				}
			} else if got != filepath.Join(dir, test.want) || err != nil {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

// What is in PATH may be a link to a program that has the others beside it.
func TestFindFollowsLinks(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	program(t, filepath.Join(dir, "pg", "initdb"))
	program(t, filepath.Join(dir, "pg", "postgres"))
	link := filepath.Join(dir, "initdb")
	if err := os.Symlink(filepath.Join(dir, "pg", "initdb"), link); err != nil {
		t.Fatal(err)
	}
	got, err := find(func(string) (string, error) { return link, nil }, "")
	if got != filepath.Join(dir, "pg") || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func program(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}
