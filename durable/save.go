package durable

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// maxSaveWait caps the time between attempts to save the images of a task.
const maxSaveWait = 15 * time.Minute

// maxImages bounds the images of a task: ten times as many as a request can ask for.
const maxImages = 150

// saveWorker saves the images of a completed task.
type saveWorker struct {
	river.WorkerDefaults[saveArgs]
	set *WorkerSet
}

func (w *saveWorker) Timeout(*river.Job[saveArgs]) time.Duration { return w.set.opts.SaveTimeout }

func (w *saveWorker) NextRetry(job *river.Job[saveArgs]) time.Time { return retryAt(job.Attempt) }

// Work saves all images once, and comes back later if that fails.
func (w *saveWorker) Work(ctx context.Context, job *river.Job[saveArgs]) (err error) {
	defer w.set.recovered(&err)
	s := w.set
	t, err := s.store.task(ctx, job.Args.Key)
	switch {
	case ctx.Err() != nil:
		return river.JobSnooze(0)
	case err != nil:
		return s.plain(err)
	case t.State != batch.Completed || s.opts.Save == nil:
		return nil
	}
	t.Files, err = s.saveAll(ctx, t)
	if err == nil {
		changed, err := s.limits.change(ctx, func(ctx context.Context) (bool, error) { return s.store.saved(ctx, t) })
		if err != nil {
			return s.plain(err)
		}
		if changed {
			s.told(t, batch.Saved, nil)
		}
		return nil
	}
	if errors.Is(ctx.Err(), context.Canceled) { // the process is told to stop
		return river.JobSnooze(0)
	}
	return s.notSaved(ctx, t, err)
}

// saveAll saves the images of a task, and returns where they are.
func (s *WorkerSet) saveAll(ctx context.Context, t task) ([]string, error) {
	info, err := s.client.InfoByTaskID(ctx, t.TaskID) // addresses expire, and are nowhere kept
	if err != nil {
		return nil, fmt.Errorf("durable: the addresses of the images can't be had: %w", err)
	}
	if !hasImage(info.Data.URL) {
		return nil, errors.New("durable: the service has no images of the task any more")
	}
	if n := len(info.Data.URL); n > maxImages {
		return nil, fmt.Errorf("durable: the service names %d images of the task, and no task has more than %d; report it to the service", n, maxImages)
	}
	saving, files := batch.CollectFiles(ctx)
	image := 0
	for _, address := range info.Data.URL {
		if isBlank(address) {
			continue
		}
		image++
		if err := s.saveOne(saving, t, &info.Data, image, address); err != nil {
			return nil, fmt.Errorf("durable: image %d was not saved: %w", image, err)
		}
	}
	return files(), nil
}

// saveOne calls Options.Save. A panic there is an error like others, whose text River does not get.
func (s *WorkerSet) saveOne(ctx context.Context, t task, data *generated.ImageInfoData, image int, address string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("durable: Options.Save has panicked: %v", p)
		}
	}()
	r := resultOf(t)
	r.Data = data
	open := func(w io.Writer) (wrapper.Downloaded, error) { return s.client.Download(ctx, address, w) }
	return s.opts.Save(ctx, r, image, open)
}

// notSaved records why the images are not saved yet.
func (s *WorkerSet) notSaved(ctx context.Context, t task, reason error) error {
	text := s.text(reason)
	changed, err := s.limits.change(ctx, func(ctx context.Context) (bool, error) { return s.store.notSaved(ctx, t, text) })
	if err != nil {
		return s.plain(err)
	}
	if !changed { // the job has gone on without this process
		return nil
	}
	wait := jittered(min(2*time.Second<<min(t.failures, 20), maxSaveWait))
	s.opts.Logger.WarnContext(ctx, "the images of a task were not saved, which is done again later",
		s.named(t.Key), slog.Duration("wait", wait), slog.String("error", text))
	s.told(t, batch.Completed, reason)
	return river.JobSnooze(wait)
}

// saved records that all images are saved, and reports whether it did.
func (s *Store) saved(ctx context.Context, t task) (bool, error) {
	files := make([]string, 0, len(t.Files))
	for _, name := range t.Files {
		files = append(files, textOf(name))
	}
	done, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET state = 'saved', changed_at = clock_timestamp(), files = $3, failures = 0, error = ''
		WHERE key = $1 AND task_id = $2 AND state = 'completed'`, t.Key, t.TaskID, files)
	return done.RowsAffected() > 0, err
}

// notSaved records why the images are not saved, and reports whether it did.
func (s *Store) notSaved(ctx context.Context, t task, reason string) (bool, error) {
	done, err := s.pool.Exec(ctx, `UPDATE tensorslab_job SET failures = failures + 1, error = $3
		WHERE key = $1 AND task_id = $2 AND state = 'completed'`, t.Key, t.TaskID, reason)
	return done.RowsAffected() > 0, err
}
