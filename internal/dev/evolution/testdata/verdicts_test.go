// Package verdicts_test sends what verdicts.json says, and checks what the client and
// the fake make of it. It is compiled in a copy of the module with another contract.
package verdicts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// verdict is a request with its response, and what is to become of them.
type verdict struct {
	Edit      string
	Operation string
	Body      string            // of the request, if it has a JSON one
	Form      map[string]string // of the request, if it has a form
	Status    int               // of the response; 0 if it is the request that is judged
	Response  string
	Want      string // "" for a success, otherwise the violations, or the kind of the error
}

// place is where an operation is.
type place struct{ method, path string }

func TestVerdicts(t *testing.T) {
	data, err := os.ReadFile("verdicts.json")
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []verdict
	if err := json.Unmarshal(data, &verdicts); err != nil || len(verdicts) == 0 {
		t.Fatalf("%d verdicts, %v", len(verdicts), err)
	}
	places := placesOf(t)
	for i, v := range verdicts {
		t.Run(fmt.Sprintf("%s %d %s", v.Edit, i, v.Operation), func(t *testing.T) {
			at, ok := places[v.Operation]
			if !ok {
				t.Fatal("the contract has no such operation")
			}
			if v.Status == 0 {
				v.judgeRequest(t, at)
				return
			}
			if got := v.response(t, at); got != v.Want {
				t.Errorf("a response with status %d %s: got %q, want %q", v.Status, v.Response, got, v.Want)
			}
		})
	}
}

func placesOf(t *testing.T) map[string]place {
	t.Helper()
	var spec struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(tensorslab.Spec(), &spec); err != nil {
		t.Fatal(err)
	}
	found := map[string]place{}
	for path, item := range spec.Paths {
		for method, op := range item {
			found[op.OperationID] = place{strings.ToUpper(method), path}
		}
	}
	return found
}

// request builds the request to a server.
func (v verdict) request(t *testing.T, server string, at place) *http.Request {
	t.Helper()
	body, contentType := v.Body, "application/json"
	if v.Form != nil {
		var text strings.Builder
		form := multipart.NewWriter(&text)
		for name, value := range v.Form {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		body, contentType = text.String(), form.FormDataContentType()
	}
	req, err := http.NewRequestWithContext(t.Context(), at.method, server+at.path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer any-key")
	return req
}

// response returns what the client makes of the response.
func (v verdict) response(t *testing.T, at place) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(v.Status)
		_, _ = io.WriteString(w, v.Response)
	}))
	defer server.Close()
	return outcome(t, server.URL, v.request(t, server.URL, at))
}

// outcome sends a request through the client's checks.
func outcome(t *testing.T, base string, req *http.Request) string {
	t.Helper()
	doer, err := wrapper.NewContractDoer(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := doer.Do(req)
	var violated *wrapper.ContractError
	var refused *wrapper.RequestError
	var rejected *wrapper.APIError
	switch {
	case err == nil:
		resp.Body.Close()
		return ""
	case errors.As(err, &violated):
		var texts []string
		for _, found := range violated.Violations {
			texts = append(texts, found.Pointer+": "+found.Keyword)
		}
		slices.Sort(texts)
		return strings.TrimPrefix(strings.Join(texts, ", "), ": ")
	case errors.As(err, &refused):
		return "refused " + refused.Field
	case errors.As(err, &rejected):
		return fmt.Sprintf("HTTP %d, code %d", rejected.HTTPStatus, rejected.Code)
	}
	return err.Error()
}

// judgeRequest sends the request to the fake, once as it is, and once through the
// client, which does not read forms here.
func (v verdict) judgeRequest(t *testing.T, at place) {
	t.Helper()
	fake := fakeapi.Start(t, fakeapi.WithUnknownTasksIgnored(), fakeapi.WithTasks("abcd_1234567890abcdef"))
	resp, err := fake.Client().Do(v.request(t, fake.URL, at))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	want := http.StatusOK
	if v.Want != "" {
		want = http.StatusBadRequest
	}
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != want {
		t.Errorf("the fake: status %d, want %d: %s", resp.StatusCode, want, body)
	}
	if got := outcome(t, fake.URL, v.request(t, fake.URL, at)); v.Form == nil && got != v.Want {
		t.Errorf("the client: got %q, want %q", got, v.Want)
	}
}
