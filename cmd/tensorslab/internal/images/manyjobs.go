package images

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/prompts"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// jobList makes jobs of the rows of a file. What a row does not say, the flags do.
type jobList struct {
	onExit *cli.ExitHook
	file   *promptFile
	flags  *generateFlags
	shared []types.File // of --source

	// Of the rows that have sources of their own, by their lines:
	keys map[int]string // of those without a key
	sums map[int]string // of the sources when they were checked

	mu   sync.Mutex
	open map[string]func() // closes the sources of a job, by its key
}

// request returns the request of a row, but for its sources.
func (l *jobList) request(row prompts.Row) wrapper.GenerateRequest {
	req := l.flags.request(row.Prompt, nil)
	if row.Model != "" {
		req.Model = wrapper.Model(row.Model)
	}
	if row.Resolution != "" {
		req.Resolution = row.Resolution
	}
	if row.Count != nil {
		req.Count = *row.Count
	}
	if row.Seed != nil {
		req.Seed = row.Seed
	}
	if row.ExtendPrompt != nil {
		req.ExtendPrompt = *row.ExtendPrompt
	}
	switch {
	case row.ImageURL != "":
		req.ImageURL = row.ImageURL
	case len(row.Sources) > 0:
		req.ImageURL = "" // that of the flags
	default:
		req.Sources = l.shared
	}
	return req
}

// place is what a plan has to know of the row whose job is yielded.
type place struct {
	line, images int
	needsKey     bool // the row has sources of its own, and no key
	keyless      bool // the row has no key
}

// check yields the jobs to those who only look at them, and sets at for each. A row that is
// no job goes to bad, with its line.
func (l *jobList) check(ctx context.Context, at *place, bad func(line int, reason string)) iter.Seq2[batch.Job, error] {
	return func(yield func(batch.Job, error) bool) {
		for row, err := range l.file.rows() {
			if wrong, ok := err.(*prompts.LineError); ok { //nolint:errorlint // it is not wrapped
				bad(wrong.Line, wrong.Reason)
				continue
			}
			if err != nil {
				yield(batch.Job{}, err)
				return
			}
			req := l.request(row)
			*at = place{row.Line, max(1, req.Count), row.Key == "" && len(row.Sources) > 0, row.Key == ""}
			sources, closeSources, err := l.borrow(ctx, row)
			switch {
			case err != nil && ctx.Err() != nil:
				yield(batch.Job{}, ctx.Err())
				return
			case err != nil:
				bad(row.Line, sourceError(err))
				continue
			case len(sources) > 0:
				req.Sources, l.sums[row.Line] = sources, sumOf(sources)
			}
			more := yield(batch.Job{Key: row.Key, Request: req}, nil)
			closeSources()
			if !more {
				return
			}
		}
	}
}

// borrow opens the sources of a row, and holds the process until they are closed.
func (l *jobList) borrow(ctx context.Context, row prompts.Row) (files []types.File, closeAll func(), err error) {
	release := l.onExit.Hold()
	files, closeSources, err := openSourcesOfRow(ctx, l.onExit, row.Sources)
	if err != nil {
		release()
		return nil, nil, err
	}
	return files, func() { closeSources(); release() }, nil
}

// all yields the jobs to a run, after they have been checked. The sources of a job stay
// open until release.
func (l *jobList) all(ctx context.Context) iter.Seq2[batch.Job, error] {
	return func(yield func(batch.Job, error) bool) {
		for row, err := range l.file.rows() {
			job := batch.Job{Key: row.Key, Request: l.request(row)}
			if err == nil && len(row.Sources) > 0 {
				if job.Key == "" {
					job.Key = l.keys[row.Line]
				}
				job.Request.Sources, err = l.hold(ctx, job.Key, row)
			}
			if !yield(job, err) || err != nil {
				return
			}
		}
	}
}

// hold opens the sources of a row. They have to be those that were checked: the job has its
// key by them, and under that key the next run would not find a request with others.
func (l *jobList) hold(ctx context.Context, key string, row prompts.Row) ([]types.File, error) {
	defer l.onExit.Hold()()
	sources, closeSources, err := openSourcesOfRow(ctx, l.onExit, row.Sources)
	if err != nil {
		return nil, &prompts.LineError{Line: row.Line, Reason: sourceError(err)}
	}
	if sumOf(sources) != l.sums[row.Line] {
		closeSources()
		return nil, &prompts.LineError{Line: row.Line, Reason: "its sources have changed since they were checked"}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[key] = closeSources
	return sources, nil
}

// sumOf returns a digest of what sources hold, or an empty string if it can't be read, which
// is found when they are sent.
func sumOf(sources []types.File) string {
	sum := sha256.New()
	for _, source := range sources {
		content, err := source.Reader()
		if err != nil {
			return ""
		}
		n, err := io.Copy(sum, content)
		fmt.Fprintf(sum, ";%d;", n)
		if cmp.Or(err, content.Close()) != nil {
			return ""
		}
	}
	return string(sum.Sum(nil)[:16])
}

// sourceError words an error of openSources about a file that a row names.
func sourceError(err error) string {
	return strings.TrimSuffix(strings.Replace(err.Error(), "--source", "a source", 1), "; nothing was sent")
}

// release closes the sources of a job that is not sent any more.
func (l *jobList) release(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if closeSources, ok := l.open[key]; ok {
		delete(l.open, key)
		closeSources()
	}
}

func (l *jobList) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, closeSources := range l.open {
		closeSources()
	}
	clear(l.open)
}
