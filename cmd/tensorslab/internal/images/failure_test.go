package images

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Only of a task that failed it is said that it failed.
func TestFailureOf(t *testing.T) {
	t.Parallel()
	full := &fs.PathError{Op: "write", Path: "x.png", Err: syscall.ENOSPC}
	for name, tt := range map[string]struct {
		err  error
		want failure
	}{
		"task":             {&wrapper.TaskFailedError{}, taskFailed},
		"another reason":   {errors.New("too many images"), taskFailed},
		"refused query":    {fmt.Errorf("described: %w", &wrapper.APIError{HTTPStatus: 404}), queryFailed},
		"violated query":   {&wrapper.ContractError{}, queryFailed},
		"lost query":       {&wrapper.TransportError{Err: syscall.ECONNRESET}, queryFailed},
		"wait":             {&wrapper.WaitError{Err: &wrapper.APIError{}}, queryFailed},
		"full disk":        {errors.Join(full, errors.New("image 2")), savingFailed},
		"download refused": {&wrapper.DownloadError{HTTPStatus: 404}, savingFailed},
		"full pipe":        {fmt.Errorf("standard output: %w", syscall.ENOSPC), savingFailed},
	} {
		if got := failureOf(tt.err); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestSummaryNamesWhatFailed(t *testing.T) {
	t.Parallel()
	r := &taskRun{failed: 6, notQueried: 2, notStored: 1}
	clitest.WantText(t, "summary", r.summary(9), "3 of 9 tasks failed, 2 could not be queried, and 1 could not be saved")
	r = &taskRun{failed: 1, notQueried: 1}
	clitest.WantText(t, "summary", r.summary(1), "1 of 1 task could not be queried")
}
