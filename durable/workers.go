package durable

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Defaults of [Options].
const (
	DefaultParallel        = batch.DefaultParallel
	DefaultSubmitTimeout   = 3 * time.Minute
	DefaultSaveTimeout     = 10 * time.Minute
	DefaultRetentionPeriod = time.Hour
)

// Limits of [Options], which are far above what makes sense.
const (
	maxParallel = 1024
	maxTimeout  = 24 * time.Hour
	maxAge      = 100 * 365 * 24 * time.Hour
)

// Options say how the workers of a process go about the jobs. A field that is zero stands for
// its default. All processes that share a store should have the same.
type Options struct {
	// Parallel is how many tasks are under way at once, each from its submission to its end,
	// in all processes together: the limit of the plan (2, 4 or 8). Processes with different
	// numbers each submit only while fewer tasks than their own number are under way. Tasks
	// that are in doubt are not counted; if the service has no place because of them, the
	// next submissions wait. Default: [DefaultParallel].
	Parallel int
	// SubmitTimeout bounds a submission, from Prepare to the response. What was sent and has no
	// response by then is in doubt. Default: [DefaultSubmitTimeout].
	SubmitTimeout time.Duration
	// Prepare, if not nil, completes a request that is about to be sent with what the table does not
	// have, such as Sources, or an address that expires. The job has its place meanwhile. After
	// an error nothing is sent, and the job comes again half a minute later. The context ends when the
	// response has arrived, so that context.AfterFunc can close what the request needs.
	Prepare func(ctx context.Context, key string, r *wrapper.GenerateRequest) error
	// WaitInterval is the time before the first query of a task, and between the next ones
	// until the task is four intervals old. After that, each twelfth of its age it is queried
	// again. Default: [wrapper.DefaultWaitInterval].
	WaitInterval time.Duration
	// MaxWaitInterval caps the time between two queries of a task.
	// Default: [wrapper.DefaultMaxWaitInterval], or WaitInterval if that is longer.
	MaxWaitInterval time.Duration
	// Save saves an image of a completed task, as [batch.Options].Save does; the functions that
	// are made for that can be used. It is called again, for all images of a task and perhaps by
	// another process, after an error or a crash, until it succeeds. Calls for several tasks run
	// at once. Default: images are not saved, and a job ends as [batch.Completed].
	Save batch.SaveFunc
	// SaveTimeout bounds an attempt to save all images of a task.
	// Default: [DefaultSaveTimeout].
	SaveTimeout time.Duration
	// KeepFor is how long after their creation tasks are kept at the service. Older ones are
	// deleted there, unless their images are still to be saved. Default: they are kept.
	KeepFor time.Duration
	// RetentionPeriod is the time between two searches for tasks that are to be deleted.
	// Default: [DefaultRetentionPeriod].
	RetentionPeriod time.Duration
	// OnChange, if not nil, is called after each change of a job that this process has
	// recorded, from several goroutines.
	OnChange func(batch.Result)
	// Logger gets what a person should know, such as a job that is in doubt.
	// Default: [slog.Default].
	Logger *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Parallel < 0 || o.Parallel > maxParallel:
		return o, fmt.Errorf("durable: Options.Parallel is not between 0 and %d", maxParallel)
	case o.SubmitTimeout < 0 || o.WaitInterval < 0 || o.MaxWaitInterval < 0 || o.SaveTimeout < 0 || o.KeepFor < 0 || o.RetentionPeriod < 0:
		return o, errors.New("durable: a duration of Options is negative")
	case o.RetentionPeriod > 0 && o.RetentionPeriod < time.Second:
		return o, errors.New("durable: Options.RetentionPeriod is shorter than a second")
	case o.SubmitTimeout > 0 && o.SubmitTimeout < time.Millisecond:
		return o, errors.New("durable: Options.SubmitTimeout is shorter than a millisecond")
	case max(o.SubmitTimeout, o.SaveTimeout) > maxTimeout:
		return o, fmt.Errorf("durable: Options.SubmitTimeout or SaveTimeout is longer than %v", maxTimeout)
	case max(o.KeepFor, o.MaxWaitInterval, o.RetentionPeriod) > maxAge:
		return o, fmt.Errorf("durable: Options.KeepFor, MaxWaitInterval or RetentionPeriod is longer than %v", maxAge)
	}
	o.Parallel = cmp.Or(o.Parallel, DefaultParallel)
	o.SubmitTimeout = cmp.Or(o.SubmitTimeout, DefaultSubmitTimeout)
	o.WaitInterval = cmp.Or(o.WaitInterval, min(wrapper.DefaultWaitInterval, cmp.Or(o.MaxWaitInterval, wrapper.DefaultWaitInterval)))
	o.MaxWaitInterval = cmp.Or(o.MaxWaitInterval, max(wrapper.DefaultMaxWaitInterval, o.WaitInterval))
	if o.WaitInterval > o.MaxWaitInterval {
		return o, errors.New("durable: Options.WaitInterval is longer than MaxWaitInterval")
	}
	o.SaveTimeout = cmp.Or(o.SaveTimeout, DefaultSaveTimeout)
	o.RetentionPeriod = cmp.Or(o.RetentionPeriod, DefaultRetentionPeriod)
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o, nil
}

// WorkerSet is the workers of a process. Register them with [WorkerSet.Configure].
type WorkerSet struct {
	client *wrapper.Client
	store  *Store
	opts   Options
	limits limits

	turn    chan struct{} // a semaphore: one job at a time looks for a place
	freed   chan struct{} // a task of this process has ended
	pause   pause
	stopped chan struct{} // see StopSubmitting
	stop    func()
}

// Workers returns the workers that submit, wait for, save and delete the jobs of the store. It
// returns an error if an option is not usable.
func Workers(client *wrapper.Client, store *Store, opts Options) (*WorkerSet, error) {
	opts, err := opts.withDefaults()
	switch {
	case err != nil:
		return nil, err
	case client == nil:
		return nil, errors.New("durable: the client is nil")
	case store == nil || store.pool == nil:
		return nil, errors.New("durable: the store is nil, or not made by NewStore")
	}
	set := &WorkerSet{client: client, store: store, opts: opts, limits: defaultLimits,
		turn: make(chan struct{}, 1), freed: make(chan struct{}, 1), stopped: make(chan struct{})}
	set.stop = sync.OnceFunc(func() { close(set.stopped) })
	return set, nil
}

// StopSubmitting keeps this process from submitting anything more, for good. Submissions under
// way go on. It is for programs that stop River softly, by Client.Stop or with a
// SoftStopTimeout: call it first. The end of the context of Client.Start does the same
// if there is no SoftStopTimeout.
func (s *WorkerSet) StopSubmitting() { s.stop() }

// Configure adds the workers, their queues and their periodic jobs to the configuration of a client of
// River. What is set there is left as it is, the sizes of the queues included. RescueStuckJobsAfter
// may have any value: a periodic job finds what a process has left that has died, within
// minutes. The client's Schema must be empty, since the tables are found by the search_path.
func (s *WorkerSet) Configure(config *river.Config) error {
	if config.Schema != "" {
		return errors.New("durable: the Schema of River's configuration must be empty: set the search_path of the pool")
	}
	if config.Workers == nil {
		config.Workers = river.NewWorkers()
	}
	if err := s.add(config.Workers); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	queues := map[string]river.QueueConfig{
		QueueSubmit: {MaxWorkers: s.opts.Parallel},
		QueueWait:   {MaxWorkers: max(4, s.opts.Parallel)},
		QueueSave:   {MaxWorkers: max(4, 2*s.opts.Parallel)},
		QueueUpkeep: {MaxWorkers: 2},
	}
	if config.Queues == nil {
		config.Queues = map[string]river.QueueConfig{}
	}
	for name, queue := range queues {
		if _, ok := config.Queues[name]; !ok {
			config.Queues[name] = queue
		}
	}
	if !config.LeaderElectionDisabled {
		config.PeriodicJobs = append(config.PeriodicJobs, s.periodic()...)
	}
	return nil
}

func (s *WorkerSet) add(workers *river.Workers) error {
	return errors.Join(
		river.AddWorkerSafely(workers, &submitWorker{set: s}),
		river.AddWorkerSafely(workers, &waitWorker{set: s}),
		river.AddWorkerSafely(workers, &saveWorker{set: s}),
		river.AddWorkerSafely(workers, &sweepWorker{set: s}),
		river.AddWorkerSafely(workers, &retainWorker{set: s}),
	)
}
