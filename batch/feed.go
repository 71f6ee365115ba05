package batch

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// resume begins with the jobs that the journal has as unfinished, since their
// tasks hold places of the plan. It reports whether the run may go on.
func (r *run) resume() bool {
	for e, err := range r.journal.Unfinished(r.caller) {
		if err != nil {
			r.stop(err)
			return false
		}
		if e.State == Completed && r.opts.Save == nil || r.opts.Resume != nil && !r.opts.Resume(e) {
			continue // it is yielded if it is among the jobs
		}
		if e.State == Submitting {
			if !r.doubt(e) {
				return false
			}
			continue
		}
		if !r.await(r.hasRoom) {
			return false
		}
		e, known, err := r.journal.Get(r.caller, e.Key) // which may have changed meanwhile
		switch {
		case err != nil:
			r.stop(err)
			return false
		case known && (e.State == Submitted || e.State == Completed):
			r.resumed[e.Key] = e.Request
			r.start(&task{run: r, entry: e, was: e})
		}
	}
	return !r.stopped()
}

// doubt records that nobody knows whether a job was submitted, because the
// process that sent it has ended meanwhile.
func (r *run) doubt(e Entry) bool {
	t := &task{run: r, entry: e, was: e}
	isMine, err := t.record(InDoubt, errors.New("the program ended before the response of the service was recorded"))
	if err != nil {
		r.stop(err)
		return false
	}
	r.resumed[e.Key] = e.Request
	if !isMine { // a person has just decided
		return r.goOn(t.entry)
	}
	result := resultOf(t.entry, r.outcomeOf(t.entry))
	r.handle(event{change: &result})
	r.give(result)
	return !r.stopped()
}

// pull takes the jobs one by one, each when there is room for it.
func (r *run) pull(jobs iter.Seq2[Job, error]) {
	for job, err := range jobs {
		if err != nil {
			r.err = fmt.Errorf("batch: the sequence of jobs: %w", err) // those before it are still submitted
			return
		}
		if !r.await(always) || !r.offer(job) {
			return
		}
	}
}

func always() bool { return true }

// hasRoom reports whether another job may begin: there is a place for its task,
// no job waits for a place of the service, and saving keeps up.
func (r *run) hasRoom() bool {
	return r.places < r.opts.Parallel && r.waiting.Load() == 0 && r.open < 8*r.opts.Parallel
}

// offer begins a job, or yields what is known of it. It reports whether the run
// may go on.
func (r *run) offer(job Job) bool {
	e, isNew, err := r.look(&job)
	switch {
	case err != nil:
		r.give(resultOf(e, err))
		return !r.stopped()
	case r.err != nil:
		return false
	case !isNew && r.isResumed(e.Key):
		return true
	case !isNew:
		return r.goOn(e)
	}
	if err := r.dir.check(resultOf(e, nil), job.Request.Count, nil); err != nil {
		r.give(resultOf(e, err))
		return !r.stopped()
	}
	if !r.await(r.mayReserve) || !r.await(r.hasRoom) || r.isSpent() {
		return false
	}
	r.reserved++
	r.uncertain++
	r.start(&task{run: r, entry: e, was: e, request: job.Request, isNew: true})
	return true
}

// goOn takes a job, which is not to be sent, from where the journal has it. It reports
// whether the run may go on.
func (r *run) goOn(e Entry) bool {
	if e.State == Submitting {
		return r.doubt(e)
	}
	t := &task{run: r, entry: e, was: e}
	if r.lacksImages(e) {
		t.entry.State, t.isAgain = Completed, true
	}
	if t.entry.State == Submitted || t.entry.State == Completed && r.opts.Save != nil {
		if !r.await(r.hasRoom) {
			return false
		}
		r.start(t)
		return true
	}
	r.give(resultOf(e, r.outcomeOf(e)))
	return !r.stopped()
}

// mayReserve reports whether it is known if another submission is allowed.
func (r *run) mayReserve() bool { return !r.isSpent() || r.uncertain == 0 }

func (r *run) isSpent() bool { return r.opts.MaxTasks > 0 && r.reserved >= r.opts.MaxTasks }

func (r *run) isResumed(key string) bool {
	_, ok := r.resumed[key]
	return ok
}

// look finds a job in the journal. isNew says that it is to be sent.
func (r *run) look(job *Job) (e Entry, isNew bool, err error) {
	if r.holdsKey(job) {
		return Entry{Key: r.client.Redact(job.Key)}, false, errSecretJob
	}
	digest, err := digestOf(job.Request)
	e = Entry{Key: job.Key, Request: digest, Model: modelOf(job.Request), Prompt: r.shown(job.Request.Prompt)}
	if err != nil {
		return e, false, err
	}
	if job.Key == "" {
		job.Key = r.keys.name(digest)
		e.Key = job.Key
	}
	if err := checkKey(job.Key); err != nil {
		return e, false, fmt.Errorf("batch: the job can't be recorded: %w", err)
	}
	if !r.keys.add(job.Key) {
		return e, false, fmt.Errorf("batch: job %.80q: %w", job.Key, ErrDuplicateKey)
	}
	known, ok, err := r.journal.Get(r.caller, job.Key)
	switch {
	case err != nil:
		r.stop(err)
		return e, false, nil
	case !ok:
		return e, true, nil
	case known.Request != "" && known.Request != digest:
		return known, false, fmt.Errorf("batch: job %.80q: %w", job.Key, ErrOtherRequest)
	}
	e.State, e.TaskID, e.Files, e.Error, e.Time = known.State, known.TaskID, known.Files, known.Error, known.Time
	return e, e.State == Planned || e.State == Refused, nil
}

// holdsKey reports whether a text of a job holds the API key by mistake, which would be in the journal, in
// names of files, or at another host. A prompt is recorded without it.
func (r *run) holdsKey(job *Job) bool {
	req := &job.Request
	for _, text := range []string{job.Key, string(req.Model), req.Resolution, req.ImageURL} {
		if r.client.Redact(text) != text {
			return true
		}
	}
	return false
}

// errSecretJob is the reason why a job is not taken. It does not say which text holds the key.
var errSecretJob = errors.New("batch: the API key is in the key, the model, the resolution or the image URL of a job; nothing of it was recorded or sent: take it out")

// shown returns what the journal has of a prompt: its beginning, without the key that it may
// hold by mistake.
func (r *run) shown(prompt string) string {
	const enough = 8 << 10 // for a key that begins within the first characters
	return oneLine(r.client.Redact(strings.ToValidUTF8(prompt[:min(len(prompt), enough)], "")), maxPrompt)
}

func modelOf(req wrapper.GenerateRequest) wrapper.Model {
	if req.Model == "" {
		return wrapper.ModelSeeDreamV45
	}
	return req.Model
}

// outcomeOf words what the journal says of a job that has ended.
func (r *run) outcomeOf(e Entry) error {
	switch e.State { //nolint:exhaustive // the others are as they should be
	case Deleted:
		if r.dir != nil && len(e.Files) == 0 { // the journal names all files that were saved
			return fmt.Errorf("batch: %w", ErrDeleted)
		}
	case InDoubt, Submitting:
		return fmt.Errorf("batch: %w (%s)", ErrInDoubt, e.Error)
	case Failed:
		return fmt.Errorf("batch: %w: %s", wrapper.ErrTaskFailed, e.Error)
	}
	return nil
}
