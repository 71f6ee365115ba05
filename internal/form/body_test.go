package form

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/oapi-codegen/runtime/types"
)

// bodyOf is the body of a form with one file.
func bodyOf(t *testing.T, f types.File) io.ReadCloser {
	t.Helper()
	form, err := New(Fields{prompt("p"), images(f)}, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(form.Close)
	return form.Open()
}

func TestABodyReadsInAnyPieces(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("0123456789"), large/10)
	source, _ := onDisk(t, data)
	f, _ := written(t, Fields{prompt("p"), images(source, file("b", png), source)})
	want, err := io.ReadAll(f.Open())
	if err != nil || bytes.Count(want, data) != 2 {
		t.Fatalf("%d bytes of %d, %v", len(want), f.Size(), err)
	}
	for name, r := range map[string]io.Reader{"halves": iotest.HalfReader(f.Open()), "early errors": iotest.DataErrReader(f.Open())} {
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

func TestAFileOfAnotherSize(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		have, say int64
		want      string
	}{
		"one byte short, in memory": {1000, 1001, "ended 1 bytes before its announced size"},
		"one byte long, in memory":  {1001, 1000, "is longer than its announced size"},
		"one byte short, on disk":   {large, large + 1, "ended 1 bytes before its announced size"},
		"one byte long, on disk":    {large + 1, large, "is longer than its announced size"},
		"half":                      {large, 2 * large, "ended 110000 bytes before its announced size"},
		"twice":                     {2 * large, large, "is longer than its announced size"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := bodyOf(t, announced(t, bytes.Repeat([]byte("x"), int(tt.have)), tt.say))
			n, err := io.Copy(io.Discard, body)
			if err == nil || err.Error() != "the upload broke off: the file /sourceImage/0 "+tt.want {
				t.Errorf("got %v", err)
			}
			if _, again := body.Read(make([]byte, 10)); !errors.Is(again, err) {
				t.Errorf("and then %v", again)
			}
			if n > tt.say+500 {
				t.Errorf("%d bytes were handed out of %d", n, tt.say)
			}
		})
	}
}

func TestAFileThatIsDeletedAfterTheChecks(t *testing.T) {
	t.Parallel()
	source, remove := onDisk(t, make([]byte, large))
	body := bodyOf(t, source)
	remove()
	_, err := io.Copy(io.Discard, body)
	if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), os.TempDir()) || !strings.Contains(err.Error(), "/sourceImage/0 can't be opened") {
		t.Errorf("got %v", err)
	}
}

func TestAnErrorOfTheDiskInTheMiddle(t *testing.T) {
	t.Parallel()
	disk := &fs.PathError{Op: "read", Path: "/tmp/multipart-1", Err: errors.New("input/output error")}
	r := &fileReader{file: framedFile{pointer: "/sourceImage/3"}, left: 100, opened: io.NopCloser(io.MultiReader(strings.NewReader("some"), iotest.ErrReader(disk)))}
	data, err := io.ReadAll(r)
	if string(data) != "some" || err == nil || err.Error() != "the upload broke off: the file /sourceImage/3 can't be read: input/output error" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestABodyMayBeClosedWhileItIsRead(t *testing.T) {
	t.Parallel()
	source, _ := onDisk(t, make([]byte, large))
	for range 20 {
		body := bodyOf(t, source)
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := io.Copy(io.Discard, body); err != nil && !errors.Is(err, os.ErrClosed) {
				t.Error(err)
			}
		})
		for range 2 {
			if err := body.Close(); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
		if _, err := body.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// countingFile counts how many of its readers are open.
type countingFile struct {
	types.File
	open *int
}

type countingReader struct {
	io.ReadCloser
	open *int
}

func (f countingFile) Reader() (io.ReadCloser, error) {
	r, err := f.File.Reader()
	*f.open++
	return &countingReader{r, f.open}, err
}

func (r *countingReader) Close() error { *r.open--; return r.ReadCloser.Close() }

// No file stays open: not after it was sniffed, not at its end, and not when an
// upload that has not come to its end is given up.
func TestFormCloseClosesTheFiles(t *testing.T) {
	t.Parallel()
	open := 0
	f, err := New(Fields{{Name: "image", Files: []File{countingFile{file("a", png), &open}, countingFile{file("b", bytes.Repeat(png, 1000)), &open}}}}, false)
	if err != nil || open != 0 {
		t.Fatalf("%d files are open after New, %v", open, err)
	}
	whole, part, unread := f.Open(), f.Open(), f.Open()
	if _, err := io.Copy(io.Discard, whole); err != nil || open != 0 {
		t.Errorf("%d files are open at the end, %v", open, err)
	}
	if _, err := io.CopyN(io.Discard, part, f.Size()-1000); err != nil || open != 1 {
		t.Errorf("%d files are open before the end, %v", open, err)
	}
	f.Close()
	for name, body := range map[string]io.Reader{"whole": whole, "part": part, "unread": unread} {
		if _, err := body.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) || open != 0 {
			t.Errorf("%s: %d files are open after Close, %v", name, open, err)
		}
	}
}
