package conformance

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

var (
	randomFor  = flag.Duration("random", 0, "how long the test of servers that behave at random runs; 0 means a few rounds")
	randomSeed = flag.Uint64("randomseed", 0, "seed of that test's first round; 0 means any")
)

// generationKinds is what may become of a generation. A few rounds by chance may lack one.
var generationKinds = []string{"succeeded", "not sent", "refused", "unknown"}

// What a caller is told of each generation, deletion and query must agree with
// what the server received and did, whatever becomes of the connections and
// whenever contexts end. Each round has another server; its seed is printed if
// it fails.
func TestRandomServers(t *testing.T) {
	t.Parallel()
	seed := *randomSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	authority := testkit.NewAuthority(t)
	config := authority.ServerConfig(t, "127.0.0.1", time.Now().Add(time.Hour))
	seen, rounds := map[string]int{}, 0
	unseen := func(kind string) bool { return seen["generation "+kind] == 0 }
	for start := time.Now(); rounds < 4 || time.Since(start) < *randomFor || rounds < 100 && slices.ContainsFunc(generationKinds, unseen); rounds++ {
		name := fmt.Sprint("seed ", seed+uint64(rounds))
		if !t.Run(name, func(t *testing.T) { newRandomRound(t, seed+uint64(rounds), authority, config, seen).run(t) }) {
			t.Fatalf("to see it again: -run TestRandomServers -randomseed=%d", seed+uint64(rounds))
		}
	}
	for _, kind := range generationKinds {
		if unseen(kind) {
			t.Errorf("in %d rounds no generation was %s: %v", rounds, kind, seen)
		}
	}
	t.Logf("%d rounds from seed %d: %v", rounds, seed, seen)
}

// randomRound is some calls from several goroutines to one server.
type randomRound struct {
	*randomServer
	client *wrapper.Client
	source *wrapper.Source // larger than what is sent without asking

	told sync.Map // the error of each call, by its name
}

func newRandomRound(t *testing.T, seed uint64, authority *testkit.Authority, config *tls.Config, seen map[string]int) *randomRound {
	t.Helper()
	d := newDice(seed)
	r := &randomRound{randomServer: &randomServer{dice: d, received: map[string]int{}, acted: map[string]int{}}}
	t.Cleanup(func() { r.compareAll(t, seen) }) // after the server has come to rest
	transport := testkit.Transport(t)
	transport.MaxIdleConnsPerHost = 1 + d.below(4)
	transport.MaxConnsPerHost = d.below(2) * (3 + d.below(5))
	transport.ForceAttemptHTTP2 = false
	base := ""
	if d.in(2) {
		transport.TLSClientConfig = &tls.Config{RootCAs: authority.Pool}
		base = "https://" + testkit.Listen(t, testkit.OverTLS(config, r.serve))
	} else {
		base = listen(t, r.serve)
	}
	r.client = newClient(t, base, transport, wrapper.WithTimeout(time.Second), retries(1+d.below(3), time.Microsecond, time.Second))
	r.source = newSource(t, testkit.Image(1<<20+int64(d.below(1<<20))))
	return r
}

func (r *randomRound) run(t *testing.T) {
	t.Helper()
	const callers, calls = 6, 25
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for i := range calls {
				r.call(t, fmt.Sprintf("%d-%d", caller, i))
			}
		})
	}
	wg.Wait()
}

func (r *randomRound) compareAll(t *testing.T, seen map[string]int) {
	t.Helper()
	r.told.Range(func(name, err any) bool {
		e, _ := err.(error)
		r.compare(t, name.(string), e, seen)
		return true
	})
}

// call makes one call, whose context may end at a random moment.
func (r *randomRound) call(t *testing.T, name string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if r.in(3) {
		timer := time.AfterFunc(time.Duration(r.below(15000))*time.Microsecond, cancel)
		defer timer.Stop()
	}
	var err error
	switch n := r.below(10); {
	case n < 6:
		name = "generation " + name
		err = r.generate(ctx, t, name, n == 0)
	case n < 8:
		name = "deletion-" + name
		request := oneID
		request.TaskIDs = []string{name}
		_, err = r.client.DeleteImagesTask(ctx, request)
	default:
		name = "query-" + name
		got, queryErr := r.client.InfoByTaskID(ctx, name)
		if err = queryErr; err == nil && got.Data.TaskID != name {
			t.Errorf("%s got %+v", name, got.Data)
		}
	}
	r.told.Store(name, err)
}

func (r *randomRound) generate(ctx context.Context, t *testing.T, prompt string, large bool) error {
	call, files := generators["zImage"], []types.File(nil)
	if large {
		call, files = generators["seeDreamV45"], append(files, r.source.File())
	}
	got, err := call(ctx, r.client, prompt, files...)
	if err == nil && got.Data.TaskID != prompt {
		t.Errorf("%s got the task %s", prompt, got.Data.TaskID)
	}
	return err
}

// compare compares what was told of a call with what the server received and did.
func (r *randomRound) compare(t *testing.T, name string, err error, seen map[string]int) {
	t.Helper()
	kind := outcomeKind(err)
	if err == nil {
		kind = "succeeded"
	} else {
		checkText(t, err)
	}
	operation := strings.FieldsFunc(name, func(c rune) bool { return c == ' ' || c == '-' })[0]
	seen[operation+" "+kind]++
	received, acted := r.received[name], r.acted[name]
	switch {
	case operation == "generation" && received > 1:
		t.Errorf("%s was received %d times", name, received)
	case operation != "query" && kind == "succeeded" && acted == 0:
		t.Errorf("%s succeeded and was not carried out", name)
	case kind == "not sent" && received > 0, kind == "refused" && acted > 0 && operation != "query":
		t.Errorf("%s was %s, received %d times and carried out %d times: %v", name, kind, received, acted, err)
	case operation == "query" && errors.Is(err, wrapper.ErrOutcomeUnknown):
		t.Errorf("%s: the outcome of a query is in doubt: %v", name, err)
	}
}

// randomMoment waits for up to 2 ms.
func (s *randomServer) randomMoment() {
	time.Sleep(time.Duration(s.below(2000)) * time.Microsecond)
}

// idOf returns the prompt of a generation, or the only id of another request.
func idOf(r *http.Request, body string) string {
	before, after := `["`, `"`
	switch {
	case strings.Contains(r.Header.Get("Content-Type"), "multipart"):
		before, after = "name=\"prompt\"\r\n\r\n", "\r\n"
	case strings.HasSuffix(r.URL.Path, frozen.Path("infoByTaskId")):
		before = `:"`
	}
	_, id, _ := strings.Cut(body, before)
	id, _, _ = strings.Cut(id, after)
	return id
}
