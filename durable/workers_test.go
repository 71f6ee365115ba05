package durable

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestOptionsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	c, err := wrapper.NewClient(testKey)
	if err != nil {
		t.Fatal(err)
	}
	s := NewStore(poolAt(t, "postgres://nowhere.invalid/x"))
	for name, o := range map[string]Options{
		"Parallel below 0":    {Parallel: -1},
		"Parallel over 1024":  {Parallel: 1025},
		"SubmitTimeout":       {SubmitTimeout: -1},
		"WaitInterval":        {WaitInterval: -1},
		"MaxWaitInterval":     {MaxWaitInterval: -1},
		"intervals":           {WaitInterval: 2, MaxWaitInterval: 1},
		"SaveTimeout":         {SaveTimeout: -1},
		"KeepFor":             {KeepFor: math.MinInt64},
		"RetentionPeriod":     {RetentionPeriod: -1},
		"a short period":      {RetentionPeriod: time.Second - 1},
		"a short lease":       {SubmitTimeout: time.Millisecond - 1},
		"a long submission":   {SubmitTimeout: 25 * time.Hour},
		"a long save":         {SaveTimeout: 25 * time.Hour},
		"an overflowing wait": {KeepFor: math.MaxInt64},
	} {
		if set, err := Workers(c, s, o); err == nil || set != nil || !strings.HasPrefix(err.Error(), "durable: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{"client": second(Workers(nil, s, Options{})), "store": second(Workers(c, nil, Options{})), "zero store": second(Workers(c, &Store{}, Options{}))} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second(_ *WorkerSet, err error) error { return err }

func TestDefaults(t *testing.T) {
	t.Parallel()
	o, err := Options{}.withDefaults()
	if err != nil || o.Parallel != 2 || o.SubmitTimeout != 3*time.Minute || o.WaitInterval != 2*time.Second || o.MaxWaitInterval != 15*time.Second || o.KeepFor != 0 || o.Logger == nil {
		t.Errorf("%+v %v", o, err)
	}
	if o, err := (Options{WaitInterval: time.Minute}).withDefaults(); err != nil || o.MaxWaitInterval != time.Minute {
		t.Errorf("%+v %v", o, err)
	}
	if o, err := (Options{MaxWaitInterval: time.Millisecond}).withDefaults(); err != nil || o.WaitInterval != time.Millisecond {
		t.Errorf("%+v %v", o, err)
	}
}

type otherArgs struct{}

func (otherArgs) Kind() string { return "other" }

type otherWorker struct {
	river.WorkerDefaults[otherArgs]
}

func (*otherWorker) Work(context.Context, *river.Job[otherArgs]) error { return nil }

// Configure adds to a configuration, and leaves what the user has set there.
func TestConfigure(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, c := start(t)
	opts := soon()
	opts.KeepFor = time.Hour
	set := workersOf(t, s, c, opts)
	config := &river.Config{Workers: river.NewWorkers(), Queues: map[string]river.QueueConfig{"mine": {MaxWorkers: 7}, QueueSave: {MaxWorkers: 9}},
		RescueStuckJobsAfter: 5 * time.Hour, Logger: quiet()}
	river.AddWorker(config.Workers, &otherWorker{})
	if err := set.Configure(config); err != nil {
		t.Fatal(err)
	}
	if config.Queues["mine"].MaxWorkers != 7 || config.Queues[QueueSave].MaxWorkers != 9 || config.Queues[QueueSubmit].MaxWorkers != 4 ||
		config.RescueStuckJobsAfter != 5*time.Hour || config.JobTimeout != 0 || len(config.PeriodicJobs) != 2 {
		t.Errorf("%+v", config)
	}
	if _, err := river.NewClient(riverpgxv5.New(s.pool), config); err != nil {
		t.Error(err)
	}
	if err := set.Configure(config); err == nil {
		t.Error("a second time, with the workers there already: no error")
	}
	follower := &river.Config{LeaderElectionDisabled: true, Logger: quiet()}
	if err := set.Configure(follower); err != nil || len(follower.PeriodicJobs) > 0 {
		t.Errorf("%v, %d periodic jobs", err, len(follower.PeriodicJobs))
	}
	if err := set.Configure(&river.Config{Schema: "mine"}); err == nil {
		t.Error("a schema: no error")
	}
}
