package send

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"testing"
)

// An error from elsewhere matches what it wraps, but for what is true of one request.
func TestForeign(t *testing.T) {
	t.Parallel()
	notSent := Sentinel("nothing was sent")
	path := &fs.PathError{Op: "open", Path: "x", Err: io.EOF}
	err := Foreign(fmt.Errorf("the other one: %w, %w", notSent, path))
	if err.Error() != "the other one: nothing was sent, open x: EOF" {
		t.Errorf("text %q", err)
	}
	for target, want := range map[error]bool{notSent: false, io.EOF: true, path: true, io.ErrClosedPipe: false} {
		if got := errors.Is(err, target); got != want {
			t.Errorf("errors.Is %v: %t", target, got)
		}
	}
	if found := new(fs.PathError); !errors.As(err, &found) || found != path {
		t.Errorf("errors.As: %v", found)
	}
	if errors.As(err, new(*url.Error)) || Foreign(nil) != nil {
		t.Error("found what is not there")
	}
}
