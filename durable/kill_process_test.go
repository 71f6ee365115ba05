package durable

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The environment of a process that is killed.
const (
	childURL      = "DURABLE_CHILD_URL"
	childDatabase = "DURABLE_CHILD_DATABASE"
	childTimeout  = "DURABLE_CHILD_TIMEOUT"
)

// What a kill has left is found in seconds if the timeout is short. Where nothing may be in doubt, it is long
// enough for a busy machine.
const (
	shortTimeout = 1500 * time.Millisecond
	longTimeout  = 15 * time.Second
)

// child works until it is told to stop, or killed. It writes a line for each change of a job.
func child() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := childWork(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func childWork(ctx context.Context) error {
	c, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(os.Getenv(childURL)),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true}), wrapper.WithRetry(wrapper.RetryPolicy{Backoff: time.Millisecond}))
	if err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, os.Getenv(childDatabase))
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := Migrate(ctx, pool); err != nil {
		return err
	}
	opts := soon()
	timeout, err := time.ParseDuration(os.Getenv(childTimeout))
	if err != nil {
		return err
	}
	opts.SubmitTimeout, opts.SaveTimeout, opts.Save = timeout, 2*timeout, new(shelf).save
	opts.OnChange = func(r batch.Result) { fmt.Println(r.Key, r.State) }
	set, err := Workers(c, NewStore(pool), opts)
	if err != nil {
		return err
	}
	config := &river.Config{Logger: quiet(), TestOnly: true, FetchCooldown: 5 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond}
	if err := set.Configure(config); err != nil {
		return err
	}
	client, err := river.NewClient(riverpgxv5.New(pool), config)
	if err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	fmt.Println("ready")
	<-client.Stopped()
	return nil
}

// lives are processes that work, each of which is started again when it is ended.
type lives struct {
	t             *testing.T
	url, database string
	timeout       time.Duration
	processes     []*life
	n             atomic.Int64 // changes of all of them
}

type life struct {
	cmd     *exec.Cmd
	reading sync.WaitGroup
	ready   chan struct{} // closed once it works, or has ended
}

func newLives(t *testing.T, url, database string, timeout time.Duration, n int) *lives {
	t.Helper()
	l := &lives{t: t, url: url, database: database, timeout: timeout}
	t.Cleanup(l.endAll)
	for range n {
		l.processes = append(l.processes, l.begin())
	}
	return l
}

func (l *lives) begin() *life {
	l.t.Helper()
	p := &life{cmd: exec.Command(os.Args[0]), ready: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), childURL+"="+l.url, childDatabase+"="+l.database, childTimeout+"="+l.timeout.String())
	p.cmd.Stderr = os.Stderr
	out, in, err := os.Pipe()
	if err != nil {
		l.t.Fatal(err)
	}
	p.cmd.Stdout = in
	if err := p.cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	_ = in.Close()
	p.reading.Go(func() {
		defer out.Close()
		ready := sync.OnceFunc(func() { close(p.ready) })
		defer ready()
		for lines := bufio.NewScanner(out); lines.Scan(); {
			ready()
			l.n.Add(1)
		}
		_, _ = io.Copy(io.Discard, out)
	})
	return p
}

// changes waits until n jobs have changed, or nothing changes any more.
func (l *lives) changes(n int) {
	goal := l.n.Load() + int64(n)
	for range 100 {
		before := l.n.Load()
		if before >= goal {
			return
		}
		for deadline := time.Now().Add(100 * time.Millisecond); time.Now().Before(deadline) && l.n.Load() < goal; {
			time.Sleep(time.Millisecond)
		}
	}
}

// end ends a process by a signal, and starts another one.
func (l *lives) end(i int, sig os.Signal) (status int) {
	status = l.processes[i].end(sig)
	l.processes[i] = l.begin()
	return status
}

func (l *lives) endAll() {
	for _, p := range l.processes {
		p.end(syscall.SIGKILL)
	}
	l.processes = nil
}

func (p *life) end(sig os.Signal) (status int) {
	if sig != syscall.SIGKILL {
		<-p.ready
	}
	_ = p.cmd.Process.Signal(sig) // it may have ended
	p.reading.Wait()
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}
