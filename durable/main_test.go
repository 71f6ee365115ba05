package durable

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"

	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
)

// What the tests of this package share.

const testKey = "test-key-0123456789"

// patience bounds each wait of a test, on a machine that does much else.
const patience = 4 * time.Minute

func clientOf(tb testing.TB, url string, hc *http.Client) *wrapper.Client {
	tb.Helper()
	c, err := wrapper.NewClient(testKey, wrapper.WithBaseURL(url), wrapper.WithHTTPClient(hc),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true}), wrapper.WithRetry(wrapper.RetryPolicy{Backoff: time.Millisecond}))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// soon hardly waits: the fake counts queries and not time.
func soon() Options {
	return Options{Parallel: 4, WaitInterval: time.Millisecond, MaxWaitInterval: 5 * time.Millisecond, Logger: quiet()}
}

// quiet returns a logger that writes only if DURABLE_LOG is set.
func quiet() *slog.Logger {
	if os.Getenv("DURABLE_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}

// shelf is where a test saves images.
type shelf struct {
	mu     sync.Mutex
	images map[string]int64 // bytes by key
}

func (s *shelf) save(ctx context.Context, r batch.Result, image int, open func(io.Writer) (wrapper.Downloaded, error)) error {
	got, err := open(io.Discard)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.images == nil {
		s.images = map[string]int64{}
	}
	s.images[r.Key] = got.Bytes
	batch.AddFile(ctx, fmt.Sprintf("%s-%d%s", r.Key, image, got.Ext))
	return nil
}

// work starts the workers of a process, and returns how to stop them.
func work(t *testing.T, s *Store, c *wrapper.Client, opts Options) (set *WorkerSet, stop func()) {
	t.Helper()
	set, err := Workers(c, s, opts)
	if err != nil {
		t.Fatal(err)
	}
	config := &river.Config{Logger: quiet(), TestOnly: true, FetchCooldown: 5 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond}
	if err := set.Configure(config); err != nil {
		t.Fatal(err)
	}
	client, err := river.NewClient(riverpgxv5.New(s.pool), config)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := client.StopAndCancel(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return set, stop
}

func job(key, prompt string) batch.Job {
	return batch.Job{Key: key, Request: wrapper.GenerateRequest{Prompt: prompt}}
}

// enqueue adds jobs with the prompts "prompt KEY", in a transaction of their own.
func enqueue(t *testing.T, s *Store, keys ...string) {
	t.Helper()
	jobs := make([]batch.Job, len(keys))
	for i, key := range keys {
		jobs[i] = job(key, "prompt "+key)
	}
	err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error { return EnqueueMany(t.Context(), tx, jobs) })
	if err != nil {
		t.Fatal(err)
	}
}

func numbered(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("%03d", i)
	}
	return keys
}

// until waits until as many jobs as there are have one of the states.
func until(t *testing.T, s *Store, total int, states ...batch.State) map[batch.State]int64 {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		counts, err := s.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n := int64(0)
		for _, state := range states {
			n += counts[state]
		}
		if n == int64(total) {
			return counts
		}
		if time.Now().After(deadline) {
			for e, err := range s.All(t.Context()) {
				t.Logf("%+v %v", e, err)
			}
			t.Fatalf("%v, want %d of %v", counts, total, states)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func entryOf(t *testing.T, s *Store, key string) batch.Entry {
	t.Helper()
	e, ok, err := s.Get(t.Context(), key)
	if err != nil || !ok {
		t.Fatalf("%s: %v %v", key, ok, err)
	}
	return e
}

func start(t *testing.T, opts ...fakeapi.Option) (*fakeapi.Server, *wrapper.Client) {
	t.Helper()
	srv := fakeapi.Start(t, opts...)
	return srv, clientOf(t, srv.URL, srv.Client())
}

func TestMain(m *testing.M) {
	if os.Getenv(childURL) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}
