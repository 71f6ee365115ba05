package conformance

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// rawJSON is a whole response on the wire, without the end of the connection.
func rawJSON(body string) string {
	return jsonHead(fmt.Sprintf("Content-Length: %d", len(body))) + body
}

// taskBody is the response to a generation that created the task id.
func taskBody(id string) string {
	return fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q}}`, id)
}

// infoBody is the response to a query of the task id.
func infoBody(id string) string {
	return fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q,"image_status":2,"url":[]}}`, id)
}

// A server that closes its connections 0 to 2 ms after a response, as one whose
// keep-alive time is over: a generation that took such a connection would be
// lost, and nobody could say whether the server acted.
func TestGenerationsMeetNoKeepAliveRace(t *testing.T) {
	t.Parallel()
	var received atomic.Int32
	base := listen(t, func(c *testkit.Conn) {
		if r, _, ok := c.ReadRequest(); ok {
			if strings.HasSuffix(r.URL.Path, frozen.Path("deleteImagesTask")) {
				c.Send(rawJSON(successBody))
			} else {
				c.Send(rawJSON(taskBody(fmt.Sprint("task-", received.Add(1)))))
			}
			time.Sleep(time.Duration(received.Load()%5) * 500 * time.Microsecond)
		}
	})
	for name, c := range clientsOf(t, base) {
		before := received.Load()
		const calls = 150
		for i := range calls {
			if _, err := c.DeleteImagesTask(t.Context(), oneID); err != nil && !errors.Is(err, wrapper.ErrOutcomeUnknown) {
				t.Fatal(err)
			}
			if err := generate(t.Context(), c); err != nil {
				t.Fatalf("%s: generation %d: %v", name, i, err)
			}
		}
		if n := received.Load() - before; n != calls {
			t.Errorf("%s: %d of %d generations arrived", name, n, calls)
		}
	}
}

// A gateway that sends one response too many: whoever takes the connection next
// would get another's response.
func TestGenerationsGetNoResponseOfOthers(t *testing.T) {
	t.Parallel()
	base := listen(t, func(c *testkit.Conn) {
		for {
			r, body, ok := c.ReadRequest()
			switch {
			case !ok:
				return
			case strings.HasSuffix(r.URL.Path, frozen.Path("deleteImagesTask")):
				c.Send(rawJSON(successBody) + rawJSON(taskBody("another's")))
			default:
				_, prompt, _ := strings.Cut(string(body), "name=\"prompt\"\r\n\r\n")
				prompt, _, _ = strings.Cut(prompt, "\r\n")
				c.Send(rawJSON(taskBody(prompt)) + rawJSON(taskBody("another's")))
			}
		}
	})
	busy := testkit.Transport(t)
	busy.MaxConnsPerHost = 3
	clients := clientsOf(t, base)
	clients["a saturated transport"] = newClient(t, base, busy)
	for name, c := range clients {
		var wg sync.WaitGroup
		for caller := range 12 {
			wg.Go(func() {
				for i := range 20 {
					prompt := fmt.Sprintf("p-%d-%d", caller, i)
					got, err := generators["zImage"](t.Context(), c, prompt)
					if err != nil || got.Data.TaskID != prompt {
						t.Errorf("%s: %s: got %+v, %v", name, prompt, got, err)
					}
					_, _ = c.DeleteImagesTask(t.Context(), oneID)
				}
			})
		}
		wg.Wait()
	}
}

// A query that gets the response to another one is seen by the task id in it.
func TestQueriesGetNoResponseOfOthers(t *testing.T) {
	t.Parallel()
	base := listen(t, func(c *testkit.Conn) {
		for {
			_, body, ok := c.ReadRequest()
			if !ok {
				return
			}
			id := strings.TrimSuffix(strings.TrimPrefix(string(body), `{"taskid":"`), `"}`)
			c.Send(rawJSON(infoBody(id)) + rawJSON(infoBody("another's")))
		}
	})
	busy := testkit.Transport(t)
	busy.MaxConnsPerHost = 2
	c := newClient(t, base, busy)
	var wg sync.WaitGroup
	var succeeded, others atomic.Int32
	for caller := range 8 {
		wg.Go(func() {
			for i := range 40 {
				id := fmt.Sprintf("t-%d-%d", caller, i)
				got, err := c.InfoByTaskID(t.Context(), id)
				switch {
				case err == nil && got.Data.TaskID != id:
					t.Errorf("%s: got %+v", id, got.Data)
				case err == nil:
					succeeded.Add(1)
				case errors.Is(err, wrapper.ErrContract):
					others.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if succeeded.Load() == 0 {
		t.Error("no query succeeded")
	}
	t.Logf("%d of 320 queries got another's response, and an error", others.Load())
}

// Deletions share connections, and net/http sees a response that nobody asked
// for only if it looks before the next request is sent. A server that sends one
// with each response is so believed 0 to 3 times in 1,000; that must not grow.
func TestDeletionsRarelyGetResponsesOfOthers(t *testing.T) {
	t.Parallel()
	base := listen(t, func(c *testkit.Conn) {
		for {
			_, body, ok := c.ReadRequest()
			switch {
			case !ok:
				return
			case strings.Contains(string(body), "refused"):
				c.Send("HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno")
			default:
				c.Send(rawJSON(successBody) + rawJSON(successBody))
			}
		}
	})
	busy := testkit.Transport(t)
	busy.MaxConnsPerHost = 3
	const callers, calls = 12, 100
	for name, c := range map[string]*wrapper.Client{"wrapper's transport": newClient(t, base, nil), "a saturated transport": newClient(t, base, busy)} {
		var wg sync.WaitGroup
		var wrong atomic.Int32
		for range callers {
			wg.Go(func() {
				for i := range calls {
					request := oneID
					if i%2 == 0 {
						request.TaskIDs = []string{"refused"}
					}
					if _, err := c.DeleteImagesTask(t.Context(), request); err == nil && i%2 == 0 {
						wrong.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if wrong.Load() > callers*calls/2/20 {
			t.Errorf("%s: %d of %d refused deletions succeeded", name, wrong.Load(), callers*calls/2)
		}
		t.Logf("%s: %d of %d refused deletions got the response to another one", name, wrong.Load(), callers*calls/2)
	}
}
