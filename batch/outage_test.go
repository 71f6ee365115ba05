package batch

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// A service that can't be reached any more, or only fails, does not hold a run for ever: the
// tasks under way stay as they are, and the next run goes on.
func TestAnOutageEndsTheWaits(t *testing.T) {
	t.Parallel()
	for name, outage := range map[string]testkit.RoundTripFunc{
		"unreachable": new(away).RoundTrip,
		"a gateway's page": func(req *http.Request) (*http.Response, error) {
			return respond(req, http.StatusBadGateway, "<html>"), req.Body.Close()
		},
		"a proxy without a route": func(req *http.Request) (*http.Response, error) {
			return respond(req, http.StatusNotFound, `{"message":"no Route matched"}`), req.Body.Close()
		},
		"a wrong base URL": func(req *http.Request) (*http.Response, error) {
			resp := respond(req, http.StatusNotFound, "404 page not found")
			resp.Header.Set("Content-Type", "text/plain")
			return resp, req.Body.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, err := wrapper.NewClient(testKey, wrapper.WithHTTPClient(&http.Client{Transport: outage}))
				if err != nil {
					t.Fatal(err)
				}
				j := new(memoryJournal)
				for _, key := range []string{"a", "b", "c"} {
					if err := j.Put(t.Context(), Entry{Key: key, State: Submitted, TaskID: "t-" + key, Time: time.Now()}); err != nil {
						t.Fatal(err)
					}
				}
				ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
				defer cancel()
				begin := time.Now()
				o := collect(ctx, t, c, j, Jobs(), Options{Parallel: 3})
				if took := time.Since(begin); took > time.Hour || o.count(Submitted) != 3 {
					t.Errorf("after %v: %+v", took, o)
				}
				for key, r := range o.results {
					if r.Err == nil || !strings.Contains(r.Err.Error(), "the next run goes on") || entryOf(t, j, key).State != Submitted {
						t.Errorf("%+v", r)
					}
				}
			})
		})
	}
}

// An outage that is shorter than that is waited out.
func TestAnOutageIsWaitedOut(t *testing.T) {
	t.Parallel()
	for name, outage := range map[string]testkit.RoundTripFunc{
		"unreachable": new(away).RoundTrip,
		"a proxy without a route": func(req *http.Request) (*http.Response, error) {
			return respond(req, http.StatusNotFound, ""), req.Body.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waitOut(t, outage)
		})
	}
}

func waitOut(t *testing.T, outage testkit.RoundTripFunc) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newClockwork([]time.Duration{30 * time.Minute}, 0)
		begin := time.Now()
		c, err := wrapper.NewClient(testKey, wrapper.WithHTTPClient(&http.Client{Transport: testkit.RoundTripFunc(func(req *http.Request) (*http.Response, error) {
			if since := time.Since(begin); since > time.Minute && since < 9*time.Minute {
				return outage(req)
			}
			return s.RoundTrip(req)
		})}))
		if err != nil {
			t.Fatal(err)
		}
		o := collect(t.Context(), t, c, new(memoryJournal), numbered(1), Options{Parallel: 1})
		if o.err != nil || o.count(Completed) != 1 {
			t.Errorf("%+v", o)
		}
	})
}
