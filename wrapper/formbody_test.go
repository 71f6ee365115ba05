package wrapper

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/oapi-codegen/runtime/types"
)

const onDisk = maxSourceMemory + 10_000

// bodyOf is the body of a form with one file.
func bodyOf(t *testing.T, f types.File) *formBody {
	t.Helper()
	form, err := newForm("op", fields{{name: "prompt", text: "p", value: "p"}, {name: "sourceImage", files: []types.File{f}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(form.close)
	return form.open()
}

func TestABodyReadsInAnyPieces(t *testing.T) {
	t.Parallel()
	data := strings.Repeat("0123456789", onDisk/10)
	source := newTestSource(t, "a.png", strings.NewReader(data))
	f, err := newForm("op", fields{{name: "prompt", text: "p", value: "p"}, {name: "sourceImage", files: []types.File{source.File(), file("b", png), source.File()}}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	want, err := io.ReadAll(f.open())
	if err != nil || int64(len(want)) != f.size || strings.Count(string(want), data) != 2 {
		t.Fatalf("%d bytes of %d, %v", len(want), f.size, err)
	}
	for name, r := range map[string]io.Reader{"halves": iotest.HalfReader(f.open()), "early errors": iotest.DataErrReader(f.open())} {
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
		"one byte short, on disk":   {onDisk, onDisk + 1, "ended 1 bytes before its announced size"},
		"one byte long, on disk":    {onDisk + 1, onDisk, "is longer than its announced size"},
		"half":                      {onDisk, 2 * onDisk, "ended 1058576 bytes before its announced size"},
		"twice":                     {2 * onDisk, onDisk, "is longer than its announced size"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := bodyOf(t, announced(t, strings.Repeat("x", int(tt.have)), tt.say))
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

func TestFilesThatNoFormTakes(t *testing.T) {
	t.Parallel()
	removed := newTestSource(t, "a.png", strings.NewReader(strings.Repeat("x", onDisk)))
	gone := removed.File()
	_ = removed.Close()
	tests := map[string]struct {
		files []types.File
		want  string
		is    error
	}{
		"a negative size": {[]types.File{announced(t, "x", -1)}, "/sourceImage/0 has a size that no file can have", nil},
		"far too long":    {[]types.File{announced(t, strings.Repeat("x", 600), math.MaxInt64)}, "/sourceImage/0 has a size that no file can have", nil},
		"together too long": {[]types.File{announced(t, strings.Repeat("x", 600), math.MaxInt64/2-1000), announced(t, strings.Repeat("x", 600), math.MaxInt64/2-1000)},
			"/sourceImage/1 has a size that no file can have", nil},
		"shorter than a look at it": {[]types.File{announced(t, "x", 600)}, "/sourceImage/0 can't be read after 1 bytes: unexpected EOF", io.ErrUnexpectedEOF},
		"of a closed source":        {[]types.File{file("a", png), gone}, "/sourceImage/1 can't be opened (is its Source closed?): no such file or directory", fs.ErrNotExist},
	}
	for name, tt := range tests {
		f, err := newForm("op", fields{{name: "sourceImage", files: tt.files}})
		want := "tensorslab: op: invalid request: " + tt.want + "; nothing was sent"
		if f != nil || err == nil || err.Error() != want || !errors.Is(err, ErrNotSent) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}

func TestAFileThatIsDeletedAfterTheChecks(t *testing.T) {
	t.Parallel()
	source := newTestSource(t, "a.png", strings.NewReader(strings.Repeat("x", onDisk)))
	body := bodyOf(t, source.File())
	_ = source.Close()
	_, err := io.Copy(io.Discard, body)
	if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), os.TempDir()) || !strings.Contains(err.Error(), "/sourceImage/0 can't be opened") {
		t.Errorf("got %v", err)
	}
}

// An error of the disk in the middle.
func TestAFileThatCannotBeReadOn(t *testing.T) {
	t.Parallel()
	disk := &fs.PathError{Op: "read", Path: "/tmp/multipart-1", Err: errors.New("input/output error")}
	s := &sourceReader{file: sourceFile{pointer: "/sourceImage/3"}, left: 100, opened: io.NopCloser(io.MultiReader(strings.NewReader("some"), iotest.ErrReader(disk)))}
	data, err := io.ReadAll(s)
	if string(data) != "some" || err == nil || err.Error() != "the upload broke off: the file /sourceImage/3 can't be read: input/output error" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestABodyMayBeClosedWhileItIsRead(t *testing.T) {
	t.Parallel()
	source := newTestSource(t, "a.png", strings.NewReader(strings.Repeat("x", onDisk)))
	for range 20 {
		body := bodyOf(t, source.File())
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
