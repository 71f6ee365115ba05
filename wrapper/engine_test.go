package wrapper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
)

func TestEffectsOfOperations(t *testing.T) {
	t.Parallel()
	ours, err := imagesService.contract()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]send.Effect{
		"deleteImagesTask": send.Once,
		"infoByTaskId":     send.None,
		"seeDreamV4":       send.EachTime,
		"seeDreamV45":      send.EachTime,
		"seeDreamV5":       send.EachTime,
		"zImage":           send.EachTime,
	}
	for id, want := range tests {
		if got := imagesService.effectOf(ours.Operation(id)); got != want {
			t.Errorf("%s: effect %d, want %d", id, got, want)
		}
	}
	for method, want := range map[string]send.Effect{
		"GET": send.None, "HEAD": send.None, "OPTIONS": send.None, "TRACE": send.None,
		"PUT": send.Once, "DELETE": send.Once, "POST": send.EachTime, "PATCH": send.EachTime,
	} {
		if got := imagesService.effectOf(&contract.Operation{ID: "another", Method: method}); got != want {
			t.Errorf("%s: effect %d, want %d", method, got, want)
		}
	}
}

// A name in the table that no operation has would be an effect that nobody
// notices is gone.
func TestTheTableOfEffectsIsOfOperations(t *testing.T) {
	t.Parallel()
	ours, err := contract.Parse(tensorslab.Spec()) // as it is published now
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range imagesService.effects {
		if ours.Operation(e.operation) == nil {
			t.Errorf("%s has an effect, and is not in the contract", e.operation)
		}
	}
}

// What the generated client, or another user of NewContractDoer, may do wrong.
func TestDoRefuses(t *testing.T) {
	t.Parallel()
	doer, err := NewContractDoer("https://api.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	mine := errors.New("mine")
	unreadable, err := generated.NewDeleteImagesTaskRequest("https://api.test", oneTask)
	if err != nil {
		t.Fatal(err)
	}
	unreadable.GetBody = func() (io.ReadCloser, error) { return nil, mine }
	for name, req := range map[string]*http.Request{"no URL": {Method: http.MethodPost}, "unreadable": unreadable} {
		_, err := doer.Do(req) //nolint:bodyclose // there is none
		var refused *RequestError
		if !errors.As(err, &refused) || !errors.Is(err, ErrNotSent) || errors.Is(err, mine) != (req == unreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A body of a type that the contract does not have there could not be checked, whoever
// gives it that type.
func TestABodyOfAnotherTypeIsNotSent(t *testing.T) {
	t.Parallel()
	base, requests := testkit.Serve(t, testkit.Respond(http.StatusOK, testkit.TaskCreatedBody))
	asText := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Content-Type", "text/plain")
		return nil
	}
	edited, plain := newTestClient(t, base, WithRequestEditor(asText)), newTestClient(t, base)
	for name, call := range map[string]func() error{
		"an editor, a form": func() error { _, err := generateOne(t.Context(), edited); return err },
		"an editor, ids":    func() error { _, err := edited.DeleteImagesTask(t.Context(), oneTask); return err },
		"an editor of the call": func() error {
			_, err := plain.Generated().DeleteImagesTaskWithResponse(t.Context(), oneTask, asText)
			return err
		},
		"a body of the generated client": func() error {
			_, err := plain.Generated().DeleteImagesTaskWithBodyWithResponse(t.Context(), "text/plain", strings.NewReader(`{"taskids":["a"]}`))
			return err
		},
	} {
		err := call()
		if !errors.Is(err, ErrInvalidRequest) || !errors.Is(err, ErrNotSent) || !strings.Contains(err.Error(), `"text/plain"`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A body that was decompressed, or from which a key was taken, has another length
// than the response said.
func TestDoSaysHowLongTheBodyIs(t *testing.T) {
	t.Parallel()
	const body = `{"code":1000,"msg":"key sk-test-0123456789abcdef","data":{"status":"Success"}}`
	url, _ := testkit.Serve(t, testkit.Respond(http.StatusOK, body))
	resp, err := newTestClient(t, url).Generated().ClientInterface.(*generated.Client).DeleteImagesTask(t.Context(), oneTask)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.ContentLength != int64(len(got)) || len(got) == len(body) {
		t.Errorf("%d bytes of %d, %v: %s", len(got), resp.ContentLength, err, got)
	}
}

// A refusal quotes what the caller gave, but not the key, of which a part would remain
// if the quotation were cut first.
func TestRefusalsHoldNoKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{testKey, "sk-" + strings.Repeat("0123456789", 30)} {
		for name, edit := range map[string]func(*http.Request){
			"path":            func(req *http.Request) { req.URL.Path = "/a/" + key },
			"method":          func(req *http.Request) { req.Method = key },
			"header":          func(req *http.Request) { req.Header[key+"\n"] = []string{"x"} },
			"content type":    func(req *http.Request) { req.Header.Set("Content-Type", "text/"+key) },
			"body that fails": func(req *http.Request) { req.GetBody = func() (io.ReadCloser, error) { return nil, errors.New(key) } },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				editor := func(_ context.Context, req *http.Request) error { edit(req); return nil }
				c, err := NewClient(key, WithRequestEditor(editor))
				if err != nil {
					t.Fatal(err)
				}
				_, err = c.Generated().DeleteImagesTask(t.Context(), oneTask)
				wantNoKey(t, err, key)
				wantNoKey(t, refusedByContractDoer(t, key, edit), key)
			})
		}
		c, err := NewClient(key)
		if err != nil {
			t.Fatal(err)
		}
		wantNoKey(t, c.CheckGenerate(GenerateRequest{Model: Model(key), Prompt: "a fox"}), key)
	}
}

func refusedByContractDoer(t *testing.T, key string, edit func(*http.Request)) error {
	t.Helper()
	doer, err := NewContractDoer(DefaultBaseURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req, err := generated.NewDeleteImagesTaskRequest(DefaultBaseURL, oneTask)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	edit(req)
	resp, err := doer.Do(req.WithContext(t.Context()))
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func wantNoKey(t *testing.T, err error, key string) {
	t.Helper()
	var refused *RequestError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	if text := fmt.Sprintf("%v %#v %s %s %v", err, err, refused.Field, refused.Reason, refused.Err); strings.Contains(text, key[:20]) {
		t.Errorf("holds the key: %s", text)
	}
	if len(err.Error()) > 1000 {
		t.Errorf("%d bytes: %v", len(err.Error()), err)
	}
}
