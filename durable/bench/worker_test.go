package bench

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The environment of a process that works.
const (
	envDatabase = "DURABLE_BENCH_DATABASE"
	envService  = "DURABLE_BENCH_SERVICE"
)

// parallel is far more than a plan allows, so that the places are not what limits the speed.
const parallel = 256

func TestMain(m *testing.M) {
	if os.Getenv(envDatabase) == "" {
		os.Exit(m.Run())
	}
	if err := work(); err != nil {
		slog.Error("the worker ends", slog.Any("error", err))
		os.Exit(1)
	}
}

// work works off the jobs of a database until it is told to stop.
func work() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	pool, err := pgxpool.New(ctx, os.Getenv(envDatabase)+"&pool_max_conns=20")
	if err != nil {
		return err
	}
	defer pool.Close()
	client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(os.Getenv(envService)))
	if err != nil {
		return err
	}
	workers, err := durable.Workers(client, durable.NewStore(pool), durable.Options{
		Parallel: parallel, WaitInterval: time.Millisecond, MaxWaitInterval: 10 * time.Millisecond, Save: discard})
	if err != nil {
		return err
	}
	config := &river.Config{Logger: slog.New(slog.DiscardHandler)}
	if err := workers.Configure(config); err != nil {
		return err
	}
	queue, err := river.NewClient(riverpgxv5.New(pool), config)
	if err != nil {
		return err
	}
	if err := queue.Start(ctx); err != nil {
		return err
	}
	<-queue.Stopped()
	return nil
}

// discard downloads an image and keeps nothing of it.
func discard(_ context.Context, _ batch.Result, _ int, open func(io.Writer) (wrapper.Downloaded, error)) error {
	_, err := open(io.Discard)
	return err
}

// startWorkers starts processes, and returns how to stop them, which returns the CPU time that they took.
func startWorkers(t *testing.T, n int, database, service string) (processes []*exec.Cmd, stop func() time.Duration) {
	t.Helper()
	for range n {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), envDatabase+"="+database, envService+"="+service)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		processes = append(processes, cmd)
	}
	return processes, func() (cpu time.Duration) {
		for _, cmd := range processes {
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Error(err)
			}
		}
		for _, cmd := range processes {
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
			cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
		return cpu
	}
}
