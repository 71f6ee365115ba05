package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

// dice is a source of chance that goroutines share.
type dice struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newDice(seed uint64) *dice { return &dice{rng: rand.New(rand.NewPCG(seed, seed))} }

func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.IntN(n)
}

// in returns true once in n times.
func (d *dice) in(n int) bool { return d.below(n) == 0 }

// truth is a service with a bad day. It knows what it has deleted.
type truth struct {
	*dice
	handlers sync.WaitGroup

	mu      sync.Mutex
	deleted map[string]int
	faults  []error // requests that should not have been made
}

func newTruth(d *dice) *truth { return &truth{dice: d, deleted: map[string]int{}} }

func (s *truth) deletes(ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.deleted[id]++
	}
}

func (s *truth) object(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, err)
}

// isPoison is an id for which the service refuses any batch.
func isPoison(id string) bool { return strings.HasSuffix(id, "-poison") }

func (s *truth) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handlers.Add(1)
	defer s.handlers.Done()
	var body generated.DeleteImagesTaskRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		if r.Context().Err() == nil {
			s.object(fmt.Errorf("a request that can't be read: %w", err))
		}
		return
	}
	if len(body.TaskIDs) == 0 || r.Header.Get("Authorization") != authorization {
		s.object(errors.New("a request without ids or key"))
	}
	w.Header().Set("Content-Type", "application/json")
	switch n := s.below(1000); {
	case n < 550:
		s.behave(w, body.TaskIDs)
	case n < 560:
		time.Sleep(time.Duration(s.below(3000)) * time.Microsecond)
		s.behave(w, body.TaskIDs)
	case n < 750:
		s.refuse(w)
	case n < 752:
		w.WriteHeader(http.StatusUnauthorized)
	case n < 960:
		s.fail(w, r, body.TaskIDs)
	case n < 980:
		s.stall(r, body.TaskIDs)
	default:
		testkit.HangUp(w, r) // before anything is done
	}
}

func (s *truth) behave(w http.ResponseWriter, ids []string) {
	for _, id := range ids {
		if isPoison(id) {
			_, _ = w.Write([]byte(`{"code":1000,"msg":"no","data":{"status":"Failed"}}`))
			return
		}
	}
	s.deletes(ids)
	_, _ = w.Write([]byte(successBody))
}

// refuse refuses, in one of the ways that leave no doubt.
func (s *truth) refuse(w http.ResponseWriter) {
	bodies := []string{`{"code":9999,"msg":"no"}`, `{"code":1000,"msg":"no","data":{"status":"Failed"}}`, `{"code":0,"msg":"no","data":{}}`}
	statuses := []int{302, 400, 404, 408, 413, 429, 503, 503}
	if s.in(100) { // rarely, since it ends the sending
		_, _ = w.Write([]byte(`{"code":9000,"msg":"no"}`))
		return
	}
	if s.in(2) {
		_, _ = w.Write([]byte(bodies[s.below(len(bodies))]))
		return
	}
	w.WriteHeader(statuses[s.below(len(statuses))])
	_, _ = w.Write([]byte(bodies[s.below(len(bodies))]))
}

// fail acts or does not, and tells nobody.
func (s *truth) fail(w http.ResponseWriter, r *http.Request, ids []string) {
	if s.in(2) {
		s.deletes(ids)
	}
	switch s.below(10) {
	case 0:
		w.WriteHeader(500 + s.below(3))
	case 1:
		w.WriteHeader(http.StatusGatewayTimeout)
		_, _ = w.Write([]byte(successBody))
	case 2:
		_, _ = w.Write([]byte(successBody[:s.below(len(successBody))]))
	case 3:
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(successBody))
	case 4:
		w.WriteHeader(http.StatusNoContent)
	case 5:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(htmlPage))
	case 6:
		_, _ = w.Write([]byte(`{"code":1000,"msg":"ok","data":{},"Code":9999}`))
	case 7:
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(successBody))
	case 8:
		_, _ = w.Write([]byte(strings.Repeat(" ", 5000) + successBody))
	default:
		testkit.HangUp(w, r)
	}
}

// stall keeps the client waiting until it leaves, and may act after that.
func (s *truth) stall(r *http.Request, ids []string) {
	<-r.Context().Done()
	if s.in(2) {
		s.deletes(ids)
	}
}
