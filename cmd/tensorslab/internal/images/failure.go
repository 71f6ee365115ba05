package images

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// failure is what failed: a task, a query for it, or the saving of its images. The latter
// two say nothing about the task, which may be completed and was paid for.
type failure int

const (
	taskFailed failure = iota
	queryFailed
	savingFailed
)

func failureOf(err error) failure {
	switch {
	case errors.Is(err, wrapper.ErrTaskFailed):
		return taskFailed
	case errors.As(err, new(*wrapper.DownloadError)), errors.As(err, new(*fs.PathError)), errors.As(err, new(*os.LinkError)), errors.As(err, new(syscall.Errno)) && !isRequest(err):
		return savingFailed
	case isRequest(err):
		return queryFailed
	}
	return taskFailed
}

// isRequest reports whether a request to the service failed, or the wait for a task.
func isRequest(err error) bool {
	return errors.As(err, new(*wrapper.APIError)) || errors.As(err, new(*wrapper.ContractError)) ||
		errors.As(err, new(*wrapper.TransportError)) || errors.As(err, new(*wrapper.WaitError))
}

// isUnknownTask reports whether the service says that it has no such task. A 404 without its
// envelope is that of a proxy, or of a wrong base URL.
func isUnknownTask(err error) bool {
	var refused *wrapper.APIError
	return errors.As(err, &refused) && errors.Is(refused, wrapper.ErrNotFound) && refused.Code != 0
}

// prefix begins the text about the task.
func (f failure) prefix() string { return [...]string{"failed: ", "", "not saved: "}[f] }
