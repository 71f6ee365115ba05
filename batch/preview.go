package batch

import (
	"context"
	"fmt"
	"iter"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Preview yields for each job, in order, what [Run] would begin with. It sends nothing
// and writes nothing, and the journal may be one of [ReadJournal].
//
// A job that Run would submit is [Planned] or [Refused], and has no error. Others are as
// the journal has them: [Saved] ones whose files are missing as [Completed], those
// that a crash has left as [Submitting] with [ErrInDoubt]. Err is also set for what Run
// would not submit: a job that has the key of an earlier one, or of another request of the journal,
// a request that [wrapper.Client.CheckGenerate] refuses, and a file name that is taken.
//
// The error beside a result comes last: the options or the journal can't be used, jobs
// yielded an error, or ctx has ended.
func Preview(ctx context.Context, c *wrapper.Client, j Journal, jobs iter.Seq2[Job, error], opts Options) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		r, err := prepare(ctx, c, j, jobs, opts)
		if err != nil {
			yield(Result{}, err)
			return
		}
		r.endSub, r.seen = func(error) {}, r.dir.snapshot()
		for job, err := range jobs {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Result{}, fmt.Errorf("batch: the sequence of jobs: %w", err))
				return
			}
			result := r.preview(job)
			if r.err != nil {
				yield(Result{}, r.err)
				return
			}
			if !yield(result, nil) {
				return
			}
		}
	}
}

func (r *run) preview(job Job) Result {
	e, isNew, err := r.look(&job)
	switch {
	case err != nil:
		return resultOf(e, err)
	case r.lacksImages(e):
		e.State = Completed
		return resultOf(e, nil)
	case !isNew:
		return resultOf(e, r.outcomeOf(e))
	}
	if err := r.client.CheckGenerate(job.Request); err != nil {
		return resultOf(e, err)
	}
	return resultOf(e, r.dir.check(resultOf(e, nil), job.Request.Count, r.seen))
}
