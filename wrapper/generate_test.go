package wrapper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
)

func TestEachGenerationOnTheWire(t *testing.T) {
	t.Parallel()
	zero := 0
	tests := []struct {
		path string
		call func(*Client) (*generated.GeneralResponse, error)
		want string
	}{
		{"/v1/images/seedreamv4", func(c *Client) (*generated.GeneralResponse, error) {
			return c.SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{
				Prompt: "a cat\r\nand a dog", Resolution: "16:9", Batchsize: 15, Category: "seedreamv4",
				SourceImage: []types.File{file("a.png", png), file("b.txt", []byte("text"))}})
		}, `[batchsize=15 category=seedreamv4 prompt=a cat` + "\r\n" + `and a dog resolution=16:9 ` +
			`sourceImage=["a.png" image/png "\x89PNG\r\n\x1a\n and so on"] sourceImage=["b.txt" text/plain; charset=utf-8 "text"]]`},
		{"/v1/images/seedreamv45", func(c *Client) (*generated.GeneralResponse, error) {
			return c.SeeDreamV45(t.Context(), generated.SeeDreamV45MultipartRequestBody{Prompt: "漢字", ImageURL: "https://example.com/a.png?x=1", Resolution: "2560x1440", Batchsize: 1})
		}, `[batchsize=1 imageUrl=https://example.com/a.png?x=1 prompt=漢字 resolution=2560x1440]`},
		{"/v1/images/seedreamv5", func(c *Client) (*generated.GeneralResponse, error) {
			return c.SeeDreamV5(t.Context(), generated.SeeDreamV5MultipartRequestBody{Prompt: "--x\r\n--x--", SourceImage: []types.File{}})
		}, "[prompt=--x\r\n--x--]"},
		{"/v1/images/zimage", func(c *Client) (*generated.GeneralResponse, error) {
			return c.ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "p", Seed: &zero, PromptExtend: "0", Resolution: "1024*1024"})
		}, "[prompt=p prompt_extend=0 resolution=1024*1024 seed=0]"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			service, url := newStudio(t, answers(200, taskBody))
			resp, err := tt.call(newTestClient(t, url))
			if err != nil || resp.Data.TaskID != "abcd_1234567890abcdef" {
				t.Fatalf("got %+v, %v", resp, err)
			}
			got := service.all()
			if len(got) != 1 || got[0].path != tt.path || fmt.Sprint(got[0].parts) != tt.want {
				t.Errorf("got  %v\nwant %s", got, tt.want)
			}
			if got[0].length <= 0 {
				t.Errorf("Content-Length %d", got[0].length)
			}
		})
	}
}

// One row for each kind of answer: what it means, and that it was not asked for twice.
func TestAnswersToAGeneration(t *testing.T) {
	t.Parallel()
	drop := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"a task", answers(200, taskBody), ""},
		{"9000", answers(200, `{"code":9000,"msg":"no credits"}`), "InsufficientCredits"},
		{"9999", answers(200, `{"code":9999,"msg":"no"}`), "Failure"},
		{"9000 with a task id", answers(200, `{"code":9000,"msg":"no","data":{"taskid":"a"}}`), "InsufficientCredits"},
		{"400", answers(400, `{"code":9999,"msg":"no"}`), "Failure"},
		{"401", answers(401, `{}`), "Unauthorized"},
		{"413", answers(413, `too large`), ""},
		{"429", answers(429, ``), "RateLimited"},
		{"500", answers(500, ``), "OutcomeUnknown Server"},
		{"502", answers(502, ``), "OutcomeUnknown Server"},
		{"503", answers(503, ``), "Server"},
		{"504", answers(504, ``), "OutcomeUnknown Server"},
		{"204", answers(204, ``), "Contract OutcomeUnknown"},
		{"a lost answer", drop, "OutcomeUnknown"},
		{"half an answer", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"code":1000`)
		}, "OutcomeUnknown"},
		{"not JSON", answers(200, `<html>`), "Contract OutcomeUnknown"},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "Contract OutcomeUnknown"},
		{"a list as url", answers(200, `{"code":1000,"msg":"","data":{"taskid":"a","url":[]}}`), "Contract OutcomeUnknown"},
		{"no code", answers(200, `{"data":{"taskid":"a"}}`), "Contract OutcomeUnknown"},
		{"no data", answers(200, `{"code":1000,"msg":""}`), "Contract OutcomeUnknown"},
		{"a number as task id", answers(200, `{"code":1000,"msg":"","data":{"taskid":5}}`), "Contract OutcomeUnknown"},
		{"no task id", answers(200, `{"code":1000,"msg":"","data":{}}`), "Contract OutcomeUnknown"},
		{"an empty task id", answers(200, `{"code":1000,"msg":"","data":{"taskid":""}}`), "Contract OutcomeUnknown"},
		{"a blank task id", answers(200, `{"code":1000,"msg":"","data":{"taskid":" \t"}}`), "Contract OutcomeUnknown"},
		{"too large", answers(200, `{"code":1000,"msg":"`+strings.Repeat("x", DefaultMaxResponseBytes)+`"}`), "Contract OutcomeUnknown ResponseTooLarge"},
	}
	for name, generate := range generators {
		for _, tt := range tests {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				service, url := newStudio(t, tt.answer)
				resp, err := generate(t.Context(), newTestClient(t, url), "p", "", file("a.png", png))
				if got := strings.Join(matching(err), " "); got != tt.want || (err == nil) != (tt.name == "a task") || (resp == nil) != (err != nil) {
					t.Errorf("%v matches %q, want %q", err, got, tt.want)
				}
				if n := len(service.all()); n != 1 {
					t.Errorf("%d submissions", n)
				}
			})
		}
	}
}

func TestASuccessWithoutATaskID(t *testing.T) {
	t.Parallel()
	for _, mode := range []ValidationMode{Enforce, Report, Off} {
		_, url := newStudio(t, answers(200, `{"code":1000,"msg":"","data":{"taskid":" "}}`))
		_, err := generateOne(t.Context(), newTestClient(t, url, WithValidation(mode)))
		var e *ContractError
		if !errors.As(err, &e) || len(e.Violations) != 1 || e.Violations[0] != (Violation{"/data/taskid", "required"}) || !errors.Is(err, ErrOutcomeUnknown) {
			t.Fatalf("%v: got %v", mode, err)
		}
		const want = "tensorslab: seeDreamV45: HTTP 200: the response violates the contract (/data/taskid: required): " +
			"a new task may exist that it does not name; report it to the service; the service may have acted: find out before repeating it"
		if err.Error() != want {
			t.Errorf("%v: got %s", mode, err)
		}
	}
}

// Without validation the code is looked at all the same.
func TestGenerationWithoutValidation(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":{"taskid":"a"}}`, `{"code":"1000","msg":"","data":{"taskid":"a"}}`, `[]`, `null`} {
		_, url := newStudio(t, answers(200, body))
		resp, err := generateOne(t.Context(), newTestClient(t, url, WithValidation(Off)))
		if resp != nil || !errors.Is(err, ErrContract) || !errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("%s: got %+v, %v", body, resp, err)
		}
	}
}

func TestAnEditorThatFailsAGeneration(t *testing.T) {
	t.Parallel()
	service, url := newStudio(t, answers(200, taskBody))
	mine := errors.New("no token today")
	c := newTestClient(t, url, WithRequestEditor(func(context.Context, *http.Request) error { return mine }))
	_, err := generateOne(t.Context(), c, file("a.png", png))
	var e *RequestError
	if !errors.As(err, &e) || e.Operation != "seeDreamV45" || !errors.Is(err, mine) || !errors.Is(err, ErrNotSent) || len(service.all()) != 0 {
		t.Errorf("got %v", err)
	}
}
