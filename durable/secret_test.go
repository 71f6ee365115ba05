package durable

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// What River keeps of failures has neither the key nor a signed address.
func TestRiverGetsNoSecret(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	opts := soon()
	var saved atomic.Int32
	opts.Save = func(_ context.Context, r batch.Result, _ int, open opener) error {
		if saved.Add(1)%2 == 1 {
			panic("PUT " + r.Data.URL[0] + "?X-Amz-Signature=abc " + testKey)
		}
		_, err := open(io.Discard)
		return err
	}
	echo := fakeapi.Respond(400, "application/json", `{"code":9999,"msg":"bad key `+testKey+`"}`)
	srv.FailNextOn("infoByTaskId", 2, echo)
	enqueue(t, s, "a", "b")
	work(t, s, c, opts)
	until(t, s, 2, batch.Saved)
	leaks(t, s)
	for _, table := range []string{"tensorslab_job", "river_job"} {
		if n := count(t, s, table+" AS r WHERE r::text LIKE '%Signature%' OR r::text LIKE '%"+srv.ImageHost().URL+"/%?%'"); n > 0 {
			t.Errorf("%d rows of %s hold a signed address", n, table)
		}
	}
	if n := count(t, s, "river_job WHERE errors IS NOT NULL"); n > 0 {
		t.Errorf("River has the errors of %d jobs", n)
	}
}

// A job whose key is the API key, by mistake, is not sent, and nothing keeps or shows that key.
func TestAJobWhoseKeyHoldsTheAPIKey(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	srv, c := start(t)
	enqueue(t, s, "order-"+testKey)
	var log syncedLog
	opts := soon()
	opts.Logger = slog.New(slog.NewTextHandler(&log, nil))
	var told atomic.Value
	opts.OnChange = func(r batch.Result) { told.Store(fmt.Sprintf("%+v", r)) }
	work(t, s, c, opts)
	until(t, s, 1, batch.Refused)
	for e, err := range s.All(t.Context()) {
		if err != nil || !strings.HasPrefix(e.Key, "redacted-") || e.Error != errSecretKey.Error() || e.Prompt != "" {
			t.Errorf("%+v, %v", e, err)
		}
	}
	leaks(t, s)
	if text := log.String() + fmt.Sprint(told.Load()); strings.Contains(text, testKey) || len(srv.Requests()) > 0 {
		t.Errorf("%d requests; %s", len(srv.Requests()), text)
	}
}
