package mcp

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/about"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/outfile"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	// grace is how long responses to submissions are awaited after the end of a session.
	grace = 30 * time.Second
	// parallelCalls is how many calls are carried out at once. Others wait.
	parallelCalls = 32
	// parallelPictures is how many pictures are decoded at once, since a large one takes
	// hundreds of megabytes.
	parallelPictures = 2
	// demoInterval is the interval between queries of the fake of a demo, whose tasks advance
	// with each query and not with time.
	demoInterval = 50 * time.Millisecond
)

// server is what the tools of one session have in common. It is safe for concurrent use.
type server struct {
	cli.Env
	flags
	budget   *budget
	entries  *batch.FileJournal // the journal; nil if there is none
	fake     *fakeapi.Server    // nil unless it is a demo
	interval time.Duration      // between queries; 0 for the default
	grace    time.Duration
	drain    time.Duration // how long the responses to calls are awaited after the end of a session
	attempts attempts
	inputs   map[string]*jsonschema.Schema // of the tools, by their names
	slots    chan struct{}                 // for calls
	pictures chan struct{}                 // for pictures that are decoded
	session  context.Context               //nolint:containedctx // whose end ends the session
	calls    sync.WaitGroup                // those that are carried out

	recording sync.Mutex // is held while the outcome of a submission is recorded

	mu     sync.Mutex // guards what follows
	ended  bool       // no further call begins
	client *wrapper.Client
	folder *outfile.Folder
	keys   map[string]string // in the journal, by the ids of tasks that this session created
	sent   counts

	sources map[*wrapper.Source]struct{} // of the calls under way
}

// counts is what a session did.
type counts struct{ created, unknown, underWay int }

// newServer prepares a session. That there is no key is not yet an error: the user may log
// in while the server runs.
func newServer(ctx context.Context, e cli.Env, f flags) (*server, error) {
	s := &server{
		Env: e, flags: f, budget: newBudget(f.maxTasks, f.maxImages), grace: grace, drain: grace + grace/2, keys: make(map[string]string), sources: make(map[*wrapper.Source]struct{}),
		inputs: make(map[string]*jsonschema.Schema),
		slots:  make(chan struct{}, parallelCalls), pictures: make(chan struct{}, parallelPictures), session: ctx,
	}
	if f.Demo {
		s.interval = demoInterval
		var err error
		s.fake, s.client, err = service.ConnectFake(service.TaskIDs(1), f.Options()...)
		return s, err
	}
	if _, err := s.connect(ctx); err != nil && cli.StatusOf(err) != cli.Auth {
		return nil, err
	} else if err != nil {
		e.Warn(err.Error())
	}
	var err error
	s.entries, err = f.journal.Shared(ctx, e)
	return s, err
}

// connect returns the client of the session. Until there is a key, each call looks for it.
func (s *server) connect(ctx context.Context) (*wrapper.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		return s.client, nil
	}
	allow := wrapper.DownloadPolicy{AllowPrivate: s.allowPrivate || s.IsLocal(s.Env)} // a local service has its images there, too
	client, err := service.Connect(ctx, s.Env, &s.Flags, wrapper.WithDownload(allow))
	if err == nil {
		s.client = client
	}
	return client, err
}

// files returns the folder of --out, which the first call creates.
func (s *server) files() (*outfile.Folder, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder != nil {
		return s.folder, nil
	}
	folder, err := outfile.Open(s.out, false)
	if err != nil {
		return nil, fmt.Errorf("cannot write to the folder of --out: %w", err)
	}
	s.folder = folder
	return folder, nil
}

// run serves a session, and returns when all calls have ended.
func (s *server) run(ctx context.Context, t sdk.Transport) error {
	session, end := context.WithCancel(ctx)
	defer end()
	s.session = session
	s.OnExit.Set(s.abandon)
	connected, err := s.tools().Connect(context.WithoutCancel(ctx), &transport{t, session, end, s.attempts.cancelled, s.drain}, nil)
	if err != nil {
		return err
	}
	err = connected.Wait()
	end()
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.calls.Wait()
	s.summarize()
	if err != nil {
		return fmt.Errorf("the session ended early: %w", err)
	}
	return nil
}

// tools returns the server of the SDK.
func (s *server) tools() *sdk.Server {
	server := sdk.NewServer(&sdk.Implementation{Name: "tensorslab", Title: "TensorsLab images", Version: about.Version()},
		&sdk.ServerOptions{Instructions: instructions, Capabilities: &sdk.ServerCapabilities{}})
	server.AddReceivingMiddleware(s.wordArguments)
	s.addGenerate(server)
	s.addWait(server)
	s.addInfo(server)
	s.addList(server)
	s.addDownload(server)
	s.addDelete(server)
	return server
}

// summarize logs what the session did, if it may have cost something.
func (s *server) summarize() {
	s.mu.Lock()
	sent := s.sent
	s.mu.Unlock()
	text := fmt.Sprintf("the session has created %s", cli.Count(sent.created, "task"))
	if sent.unknown > 0 {
		text += fmt.Sprintf(", and %s in doubt: look into the web console.%s", cli.Count(sent.unknown, "generation"), s.inDoubtAdvice())
	}
	if sent.created+sent.unknown > 0 {
		s.Warn(text)
	}
}

// abandon is called when the process is about to exit in the middle of a session.
func (s *server) abandon() {
	s.mu.Lock()
	folder, underWay, sources := s.folder, s.sent.underWay, slices.Collect(maps.Keys(s.sources))
	s.mu.Unlock()
	if underWay > 0 {
		s.Warn(cli.Count(underWay, "generation") + " under way may have been paid for: look into the web console." + s.inDoubtAdvice())
	}
	s.closeSources(sources)
	if folder != nil {
		folder.Discard()
	}
}

func (s *server) close() {
	if s.entries != nil {
		_ = s.entries.Close() // everything in it is synced
	}
	if s.fake != nil {
		_ = s.fake.Close() // whose error is always nil
	}
	if s.client != nil {
		s.client.CloseIdleConnections()
	}
}

// begin returns the context of a call, which ends with the session. An error says that the
// session has ended already. The caller must call done.
func (s *server) begin(ctx context.Context) (call context.Context, done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, nil, errEnded
	}
	s.calls.Add(1)
	call, cancel := context.WithCancel(ctx)
	detach := context.AfterFunc(s.session, cancel)
	return call, func() { detach(); cancel(); s.calls.Done() }, nil
}

// turn waits until one of a number of places is free. The caller must call leave.
func turn(ctx context.Context, places chan struct{}) (leave func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, errEnded
	}
}
