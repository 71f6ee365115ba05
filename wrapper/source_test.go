package wrapper

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestSourcesKeepWhatTheyRead(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 511, (1 << 20), (1 << 20) + 1} {
		data := bytes.Repeat([]byte("\r\n--x--"), size/7+1)[:size]
		source := newTestSource(t, "dir/a.png", iotest.HalfReader(bytes.NewReader(data)))
		f := source.File()
		got, err := f.Bytes()
		if err != nil || !bytes.Equal(got, data) || f.FileSize() != int64(size) || f.Filename() != "dir/a.png" {
			t.Errorf("%d: %d bytes of %d as %q, %v", size, len(got), f.FileSize(), f.Filename(), err)
		}
		if err := source.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSourcesAfterClose(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"in memory": 10, "on disk": onDisk} {
		source := newTestSource(t, "a.png", strings.NewReader(strings.Repeat("x", size)))
		before := source.File()
		if err := source.Close(); err != nil {
			t.Fatal(err)
		}
		if err := source.Close(); !errors.Is(err, os.ErrClosed) || err.Error() != "tensorslab: source: file already closed" {
			t.Errorf("%s: a second Close: %v", name, err)
		}
		for _, f := range []interface{ Bytes() ([]byte, error) }{before, source.File()} {
			if _, err := f.Bytes(); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
		_, err := generateOne(t.Context(), newTestClient(t, url), before)
		if !errors.Is(err, ErrNotSent) || !strings.Contains(err.Error(), "is its Source closed?") || len(service.Submissions()) != 0 {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Code that goes on after an error of NewSource meets one of these.
func TestSourcesThatHoldNothing(t *testing.T) {
	t.Parallel()
	var none *Source
	for name, source := range map[string]*Source{"nil": none, "zero": {}} {
		service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
		_, err := generateOne(t.Context(), newTestClient(t, url), source.File())
		if !errors.Is(err, ErrNotSent) || !strings.Contains(err.Error(), "/sourceImage/0 is empty") || len(service.Submissions()) != 0 {
			t.Errorf("%s: got %v", name, err)
		}
		if err := source.Close(); err != nil {
			t.Errorf("%s: Close: %v", name, err)
		}
	}
}

func TestSourcesThatCannotBeRead(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	mine := errors.New("the camera is off")
	for name, r := range map[string]io.Reader{
		"at once":   iotest.ErrReader(mine),
		"in memory": io.MultiReader(strings.NewReader("some"), iotest.ErrReader(mine)),
		"on disk":   io.MultiReader(strings.NewReader(strings.Repeat("x", onDisk)), iotest.ErrReader(mine)),
	} {
		source, err := NewSource("a.png", r)
		if source != nil || !errors.Is(err, mine) || !strings.HasPrefix(err.Error(), "tensorslab: source: it could not be read and kept: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if source, err := NewSource("a.png", nil); source != nil || err == nil {
		t.Errorf("nil: got %v", err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSourcesWithoutAPlaceToGo(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	if _, err := NewSource("a.png", strings.NewReader(strings.Repeat("x", onDisk))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	source := newTestSource(t, "a.png", strings.NewReader("x"))
	if err := source.Close(); err != nil {
		t.Error(err)
	}
}

// A limit on the size of files stands for a disk that is full.
func TestSourcesOnAFullDisk(t *testing.T) {
	t.Parallel()
	const inside = "TENSORSLAB_TEST_FULL_DISK"
	if os.Getenv(inside) != "" {
		_, err := NewSource("a.png", strings.NewReader(strings.Repeat("x", onDisk)))
		left, _ := os.ReadDir(os.TempDir())
		if err == nil || !strings.HasPrefix(err.Error(), "tensorslab: source: ") || len(left) != 0 {
			t.Errorf("got %v, and %v is left", err, left)
		}
		return
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), shell, "-c", `ulimit -f 64 && exec "$0" -test.run='^TestSourcesOnAFullDisk$'`, os.Args[0])
	cmd.Env = append(os.Environ(), inside+"=1", "TMPDIR="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// A file that is no image is refused before anything is sent or paid.
func TestSourcesThatAreNoImages(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"text": "a fox in the snow", "HTML": "<!DOCTYPE html><title>Sign in</title>", "JSON": `{"a":1}`, "PDF": "%PDF-1.7", "XML": "<?xml version='1.0'?><Error/>",
		"MP4": "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "on disk": strings.Repeat("x", onDisk),
	} {
		for operation, generate := range generators {
			service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
			source := newTestSource(t, "a.png", strings.NewReader(data))
			_, err := generate(t.Context(), newTestClient(t, url), "p", "", testkit.File("a.png", testkit.PNG), source.File())
			var e *RequestError
			if operation == "zImage" { // takes no source
				continue
			}
			if !errors.As(err, &e) || e.Field != "/sourceImage/1" || !errors.Is(err, ErrNotSent) || !strings.Contains(err.Error(), "is not an image") || len(err.Error()) >= 1024 || len(service.Submissions()) != 0 {
				t.Errorf("%s, %s: %v after %d requests", operation, name, err, len(service.Submissions()))
			}
		}
	}
}

// With WithAnySource everything is sent, and images still as what they are.
func TestWithAnySource(t *testing.T) {
	t.Parallel()
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	c := newTestClient(t, url, WithAnySource())
	if _, err := generateOne(t.Context(), c, testkit.File("a", []byte("text")), testkit.File("b", []byte("II*\x00\x08\x00\x00\x00"))); err != nil {
		t.Fatal(err)
	}
	parts := service.Submissions()[0].Parts
	if len(parts) != 3 || parts[1].ContentType != "text/plain; charset=utf-8" || parts[2].ContentType != "image/tiff" {
		t.Errorf("sent %v", parts)
	}
}
