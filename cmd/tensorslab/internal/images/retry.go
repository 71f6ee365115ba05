package images

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// retryBackoff is the longest wait before the first repetition. It doubles with each
// further one, up to maxBackoff.
const (
	retryBackoff = 500 * time.Millisecond
	maxBackoff   = 10 * time.Second
)

// retry calls save until it succeeds, at most --retries times more. It repeats only what
// broke in the middle, and stops when ctx ends.
func (t *taskRun) retry(ctx context.Context, save func() (file string, broken bool, err error)) (string, error) {
	for n, wait := 0, retryBackoff; ; n, wait = n+1, min(2*wait, maxBackoff) {
		file, broken, err := save()
		if err == nil || !broken || n >= t.Retries {
			return file, err
		}
		timer := time.NewTimer(rand.N(wait))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return file, err
		}
	}
}

// isBroken reports whether a download is worth repeating: the connection was lost, and
// the file is neither too large nor refused, and time has not run out.
func isBroken(err error) bool {
	var download *wrapper.DownloadError
	return errors.As(err, &download) && download.Err != nil &&
		!errors.Is(err, wrapper.ErrResponseTooLarge) && !errors.Is(err, wrapper.ErrPrivateHost) && !errors.Is(err, wrapper.ErrRedirected) &&
		!errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}
