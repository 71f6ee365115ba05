package batch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// DefaultParallel is how many tasks are under way at once if Options.Parallel is
// 0: as many as the smallest plan allows.
const DefaultParallel = 2

// maxParallel keeps a slip of the finger from starting a million goroutines.
const maxParallel = 1024

// grace is how long after the end of the context a submission under way is waited for.
const grace = 30 * time.Second

// SaveFunc is the type of Options.Save.
type SaveFunc = func(ctx context.Context, r Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error

// Options say how a run goes. A field that is zero stands for its default.
type Options struct {
	// Parallel is how many tasks are under way at once, each from its submission
	// to its end: the limit of the plan (2, 4 or 8). If the service allows fewer, the
	// rest waits and nothing is lost. Default: [DefaultParallel].
	Parallel int
	// MaxTasks is a cost stop: no more than this many tasks are submitted by this
	// run, those in doubt included. Default: no limit.
	MaxTasks int
	// Wait says how to wait for each task. A wait that times out begins again, since
	// the task still has its place. Since is set to when the task was created.
	// OnStatus is called from several goroutines. An Interval below a second also shortens
	// the waits between attempts to save images, which are 2 and 4 s otherwise.
	Wait wrapper.WaitOptions
	// Resume, if not nil, reports whether to go on with a job that the journal has as
	// unfinished before any other is begun. The others are left as they are unless they are
	// among the jobs of the run. Default: all, because their tasks hold places of the plan.
	Resume func(Entry) bool
	// Save saves an image, counted from 1, of a completed task. It calls open with
	// where to write the image; if that fails, what was written is no image. Save is
	// called again, for all images of a task, after an error, also by a later run; it may
	// leave out what it has saved already. Calls for several tasks run at once.
	// [AddFile] tells the journal where the image is. Default: images are not saved,
	// and a job ends as [Completed]. See [ToDir].
	Save SaveFunc
	// CheckFiles makes the run look for the files of each job that is [Saved], if Save is
	// that of [ToDir], and save those again, at no cost, that are missing or empty. A job
	// that is [Deleted] stays so, without a look for its files: the service has its images no
	// more. If none of them was ever saved its result has [ErrDeleted].
	CheckFiles bool
	// OnChange, if not nil, is called with each change of a job that is under way, by
	// the goroutine of the loop.
	OnChange func(Result)
}

func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Parallel < 0 || o.Parallel > maxParallel:
		return o, errors.New("batch: Options.Parallel is not between 0 and 1024")
	case o.MaxTasks < 0:
		return o, errors.New("batch: Options.MaxTasks is negative")
	case o.Wait.Interval < 0 || o.Wait.MaxInterval < 0 || o.Wait.Timeout < 0:
		return o, errors.New("batch: a field of Options.Wait is negative")
	case o.Wait.MaxInterval > 0 && o.Wait.Interval > o.Wait.MaxInterval:
		return o, errors.New("batch: the Interval of Options.Wait is longer than its MaxInterval")
	}
	o.Parallel = cmp.Or(o.Parallel, DefaultParallel)
	return o, nil
}

// Result is what became of a job.
type Result struct {
	Key    string
	TaskID string // empty if there is no task, or if nobody knows
	State  State
	Model  wrapper.Model
	Prompt string   // its first 200 characters
	Files  []string // where the images are, as [AddFile] was told
	// Data is what the service said of the task when it had ended in this run, or nil.
	Data *generated.ImageInfoData
	// Err is nil if the job is [Completed] or [Saved] as it should be, or [Deleted]
	// afterwards, and otherwise the reason. Where the job is [Submitted], it says why the run did not
	// wait for the end of the task; where it is [Completed], why its images are not saved.
	Err error
}

func resultOf(e Entry, err error) Result {
	return Result{Key: e.Key, TaskID: e.TaskID, State: e.State, Model: e.Model, Prompt: e.Prompt, Files: e.Files, Err: err}
}

// ErrInDoubt: a job that may have been paid, and whose task nobody knows. It is
// not sent again.
var ErrInDoubt = errors.New("a task may exist for this job, which is not sent again: look for it in the web console, then Resolve it with its id or Resubmit it")

// ErrDeleted: images are to be saved by [ToDir], and the task was deleted before that.
var ErrDeleted = errors.New("the task was deleted at the service before its images were saved; under another key its request is sent, and paid for, again")

// ErrUnrecorded: a task was created, and its id could not be put into the journal, so that
// the result is the only record of it. Its State is [Submitted]; the next run finds it
// [InDoubt].
var ErrUnrecorded = errors.New("was created and paid for, and could not be recorded: the journal will have it as in doubt, so Resolve it with this id")

// ErrDuplicateKey: a job has the key of an earlier job of the run.
var ErrDuplicateKey = errors.New("an earlier job of this run has the same key")

// ErrOtherRequest: the journal has the job's key for another request, so that one
// of the two would be lost.
var ErrOtherRequest = errors.New("the journal has another request under this key: use another key, or another journal")
