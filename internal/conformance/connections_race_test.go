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

// A server that closes its connections 0 to 2 ms after a response, as one whose
// keep-alive time is over: a generation that took such a connection would be
// lost, and nobody could say whether the server acted.
func TestGenerationsMeetNoKeepAliveRace(t *testing.T) {
	t.Parallel()
	var received atomic.Int32
	base := listen(t, func(c *testkit.Conn) {
		if r, _, ok := c.ReadRequest(); ok {
			if strings.HasSuffix(r.URL.Path, "deleteimagestask") {
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
			case strings.HasSuffix(r.URL.Path, "deleteimagestask"):
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
	info := func(id string) string {
		return rawJSON(fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q,"image_status":2,"url":[]}}`, id))
	}
	base := listen(t, func(c *testkit.Conn) {
		for {
			_, body, ok := c.ReadRequest()
			if !ok {
				return
			}
			id := strings.TrimSuffix(strings.TrimPrefix(string(body), `{"taskid":"`), `"}`)
			c.Send(info(id) + info("another's"))
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
