package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newRoot(e cli.Env) *cobra.Command { return cli.NewRoot("test", NewCommand(e)) }

// generationOp is the operation of the default model.
const generationOp = "seeDreamV45"

// log is standard error.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// rig is a session between an agent and a server whose service is a fake.
type rig struct {
	*testing.T
	server  *server
	agent   *sdk.ClientSession
	stderr  *log
	out     string // the folder
	journal string
	ended   chan error // gets the error of the session
	stop    func()     // is a signal
}

// serverFor returns a server before its session.
func serverFor(t *testing.T, url string, edit func(*flags, map[string]string)) (*server, *log) {
	t.Helper()
	dir, stderr := t.TempDir(), new(log)
	env := map[string]string{"TENSORSLAB_BASE_URL": url, "TENSORSLAB_API_KEY": clitest.Key}
	f := flags{
		Flags: service.Flags{Output: "text", Timeout: time.Minute, Retries: 2}, maxTasks: defaultMaxTasks, maxImages: defaultMaxImages,
		out: filepath.Join(dir, "pictures"), journal: journal.Flags{File: filepath.Join(dir, "journal.jsonl")},
	}
	if edit != nil {
		edit(&f, env)
	}
	e := cli.Env{
		Stderr: stderr, Home: dir, OnExit: new(cli.ExitHook), Secret: new(cli.Secret),
		Getenv: func(name string) string { return env[name] },
	}
	s, err := newServer(t.Context(), e, f)
	if err != nil {
		t.Fatal(err)
	}
	s.interval = time.Millisecond
	t.Cleanup(s.close)
	return s, stderr
}

// start starts a session over a connection in memory, which the end of the test ends.
func start(t *testing.T, url string, edit func(*flags, map[string]string)) *rig {
	t.Helper()
	s, stderr := serverFor(t, url, edit)
	ours, theirs := sdk.NewInMemoryTransports()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r := &rig{T: t, server: s, stderr: stderr, out: s.out, journal: s.flags.journal.File, ended: make(chan error, 1), stop: stop}
	go func() { r.ended <- s.run(ctx, ours) }()
	var err error
	if r.agent, err = sdk.NewClient(&sdk.Implementation{Name: "agent", Version: "1"}, nil).Connect(t.Context(), theirs, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.agent.Close()
		if err := <-r.ended; err != nil && !errors.Is(err, io.ErrClosedPipe) { // which only a connection in memory has
			t.Errorf("the session: %v", err)
		}
		stop()
		if strings.Contains(stderr.String(), clitest.Key) {
			t.Errorf("the key is in the log: %s", stderr)
		}
	})
	return r
}

// with starts a session whose service is this fake.
func with(t *testing.T, fake *fakeapi.Server) *rig {
	t.Helper()
	return start(t, fake.URL, nil)
}

// call calls a tool. Its result is told in two ways, which are equal, and without the key.
func call[Out any](r *rig, name string, args any) (out Out, result *sdk.CallToolResult) {
	r.Helper()
	out, result, err := tryCall[Out](r, r.Context(), name, args)
	if err != nil {
		r.Fatalf("%s: %v", name, err)
	}
	return out, result
}

func tryCall[Out any](r *rig, ctx context.Context, name string, args any) (out Out, result *sdk.CallToolResult, err error) {
	result, err = r.agent.CallTool(ctx, &sdk.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		return out, nil, err
	}
	whole, err := json.Marshal(result)
	if err != nil {
		return out, nil, err
	}
	if strings.Contains(string(whole), clitest.Key) {
		r.Errorf("%s: the key is in the result: %s", name, whole)
	}
	if result.StructuredContent == nil {
		return out, result, nil
	}
	structured, err := json.Marshal(result.StructuredContent)
	if err != nil {
		return out, nil, err
	}
	var first, second any
	text := textOf(result)
	if json.Unmarshal(structured, &first) != nil || json.Unmarshal([]byte(text), &second) != nil || !equalJSON(first, second) {
		r.Errorf("%s: the text %s differs from %s", name, text, structured)
	}
	return out, result, json.Unmarshal(structured, &out)
}

func equalJSON(a, b any) bool {
	first, _ := json.Marshal(a)
	second, _ := json.Marshal(b)
	return bytes.Equal(first, second)
}

// textOf returns the first text of a result.
func textOf(result *sdk.CallToolResult) string {
	text, ok := result.Content[0].(*sdk.TextContent)
	if !ok {
		return ""
	}
	return text.Text
}

// entries returns what the journal has.
func (r *rig) entries() (all []batch.Entry) {
	r.Helper()
	j, err := batch.ReadJournal(r.journal)
	if err != nil {
		r.Fatal(err)
	}
	defer j.Close()
	for e, err := range j.All(r.Context()) {
		if err != nil {
			r.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// submissions returns how many generations a fake has received.
func submissions(fake *fakeapi.Server) int { return fake.Tally().Calls[generationOp] }

// args are the arguments of a call.
type args = map[string]any

// eventually waits for what another goroutine does.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// held is a service that responds to its first request once it is released.
type held struct {
	*httptest.Server
	requests atomic.Int32
	release  chan struct{}
}

func hold(t *testing.T, status int, body string) *held {
	t.Helper()
	h := &held{release: make(chan struct{})}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		if h.requests.Add(1) > 1 {
			_, _ = io.WriteString(w, `{"code":1000,"msg":"ok","data":{"taskid":"task-2"}}`)
			return
		}
		<-h.release
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(h.Close)
	return h
}
