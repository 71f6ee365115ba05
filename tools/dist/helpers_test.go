package dist

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/blakesmith/ar"
)

// open opens the folder that DIST names. Without one there is nothing to check.
func open(t *testing.T) *Folder {
	t.Helper()
	path := os.Getenv("DIST")
	if path == "" {
		t.Skip("DIST names no folder of a release; make release-check does")
	}
	folder, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// file is a file in an archive.
type file struct {
	mode    os.FileMode
	time    time.Time
	content []byte
}

// unpack returns the files, not the folders, of an archive of goreleaser.
func unpack(t *testing.T, name string) map[string]file {
	t.Helper()
	data := read(t, name)
	if strings.HasSuffix(name, ".zip") {
		return unzip(t, data)
	}
	return untar(t, gunzip(t, data))
}

func gunzip(t *testing.T, data []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func untar(t *testing.T, data []byte) map[string]file {
	t.Helper()
	files := map[string]file{}
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		header, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeDir {
			files[header.Name] = file{header.FileInfo().Mode(), header.ModTime, content}
		}
	}
}

func unzip(t *testing.T, data []byte) map[string]file {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]file{}
	for _, entry := range r.File {
		opened, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name] = file{entry.Mode(), entry.Modified, content}
	}
	return files
}

// undeb returns the files that a package of Debian installs.
func undeb(t *testing.T, name string) map[string]file {
	t.Helper()
	for r := ar.NewReader(bytes.NewReader(read(t, name))); ; {
		header, err := r.Next()
		if err != nil {
			t.Fatalf("%s: no data.tar.gz: %v", name, err)
		}
		if strings.TrimRight(header.Name, "/") == "data.tar.gz" {
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return untar(t, gunzip(t, data))
		}
	}
}
