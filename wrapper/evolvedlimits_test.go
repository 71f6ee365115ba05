package wrapper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestLimitsAreCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	base, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, testkit.DeletedBody))
	c := newEvolvedClient(t, serviceOf(t, "limits.json"), base)
	for _, tt := range []struct {
		ids   []string
		uid   string
		field string
	}{
		{[]string{"t_1", "t_2", "t_3"}, "u", ""},
		{[]string{"t_1", "t_2", "t_3", "t_4"}, "", "/taskids"},
		{[]string{"t_1", "x_2"}, "", "/taskids/1"},
		{[]string{"t_12345"}, "", "/taskids/0"},
		{[]string{"t_"}, "", "/taskids/0"},
		{[]string{"t_1"}, "too long for it", "/uid"},
	} {
		before := requests.Load()
		_, err := c.DeleteImagesTask(t.Context(), generated.DeleteImagesTaskRequest{TaskIDs: tt.ids, UID: tt.uid})
		var refused *RequestError
		switch sent := requests.Load() - before; {
		case tt.field == "" && (err != nil || sent != 1):
			t.Errorf("%q: %v, %d requests", tt.ids, err, sent)
		case tt.field != "" && (!errors.As(err, &refused) || refused.Field != tt.field || refused.Operation != opDeleteImagesTask || !errors.Is(err, ErrNotSent) || sent != 0):
			t.Errorf("%q: %v, want %s; %d requests", tt.ids, err, tt.field, sent)
		}
	}
	_, err := c.InfoByTaskID(t.Context(), "x_1")
	var refused *RequestError
	if !errors.As(err, &refused) || refused.Field != "/taskid" {
		t.Errorf("a query: %v", err)
	}
	if _, err := c.WaitForTask(t.Context(), "x_1", WaitOptions{}); !errors.Is(err, ErrInvalidRequest) {
		t.Errorf("a wait: %v", err)
	}
}

// Batches follow the contract's limit, and each id that can't be sent comes back alone.
func TestPurgeFollowsTheLimits(t *testing.T) {
	t.Parallel()
	sizes := make(chan int, 10)
	base, _ := testkit.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		var body struct{ TaskIDs []string }
		data, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(data, &body); err != nil {
			t.Error(err)
		}
		sizes <- len(body.TaskIDs)
		testkit.Respond(http.StatusOK, testkit.DeletedBody)(w, r)
	})
	c := newEvolvedClient(t, serviceOf(t, "limits.json"), base)
	source := []string{"t_1", "t_2", "bad", "t_3", "t_4", "t_5", "t_1234567", "t_6", "t_7"}
	var deleted, refused []string
	for ids, err := range c.PurgeImagesTasks(t.Context(), slices.Values(source), PurgeOptions{Concurrency: 1}) {
		switch {
		case err == nil:
			deleted = append(deleted, ids...)
		case errors.Is(err, ErrInvalidRequest) && errors.Is(err, ErrNotSent):
			refused = append(refused, ids...)
		default:
			t.Errorf("%q: %v", ids, err)
		}
	}
	close(sizes)
	var sent []int
	for n := range sizes {
		sent = append(sent, n)
	}
	if got := fmt.Sprint(deleted, refused, sent); got != "[t_1 t_2 t_3 t_4 t_5 t_6 t_7] [bad t_1234567] [3 3 1]" {
		t.Errorf("got %s", got)
	}
}

func TestPurgeRefusesBatchesAboveTheLimit(t *testing.T) {
	t.Parallel()
	base, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, testkit.DeletedBody))
	for size, want := range map[int]bool{1: true, 3: true, 4: false, 100: false} {
		c := newEvolvedClient(t, serviceOf(t, "limits.json"), base)
		n := 0
		for ids, err := range c.PurgeImagesTasks(t.Context(), slices.Values([]string{"t_1"}), PurgeOptions{BatchSize: size}) {
			n++
			if want && err != nil || !want && (!errors.Is(err, ErrInvalidOption) || !errors.Is(err, ErrInvalidRequest) || !strings.Contains(err.Error(), "at most 3") || ids != nil) {
				t.Errorf("%d: %q, %v", size, ids, err)
			}
		}
		if n != 1 {
			t.Errorf("%d: %d batches", size, n)
		}
	}
	if requests.Load() != 2 {
		t.Errorf("%d requests", requests.Load())
	}
}

func TestParametersAreCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	base, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, `{"code":1000,"msg":"OK"}`))
	c := newEvolvedClient(t, serviceOf(t, "limits.json"), base)
	for _, tt := range []struct{ path, tenant, want string }{
		{"/v1/images/tasks/t_1?page=1", "t-a", ""},
		{"/v1/images/tasks/x_1?page=1", "t-a", `the path parameter "id" violates the contract (pattern)`},
		{"/v1/images/tasks/t_1234567?page=1", "t-a", `the path parameter "id" violates the contract (maxLength)`},
		{"/v1/images/tasks/t_1", "t-a", `the query parameter "page" violates the contract (required)`},
		{"/v1/images/tasks/t_1?page=0", "t-a", `the query parameter "page" violates the contract (minimum)`},
		{"/v1/images/tasks/t_1?page=1", "", `the header parameter "X-Tenant" violates the contract (required)`},
		{"/v1/images/tasks/t_1?page=1", "a", `the header parameter "X-Tenant" violates the contract (pattern)`},
	} {
		before := requests.Load()
		_, err := through(t, c, http.MethodGet, tt.path, func(r *http.Request) {
			if tt.tenant != "" {
				r.Header.Set("X-Tenant", tt.tenant)
			}
		})
		switch sent := requests.Load() - before; {
		case tt.want == "" && (err != nil || sent != 1):
			t.Errorf("%s: %v, %d requests", tt.path, err, sent)
		case tt.want != "" && (!errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) || !strings.Contains(err.Error(), tt.want) || sent != 0):
			t.Errorf("%s, tenant %q: %v, want %q; %d requests", tt.path, tt.tenant, err, tt.want, sent)
		}
	}
}
