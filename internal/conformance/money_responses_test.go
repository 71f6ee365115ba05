package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/internal/testkit"
	"github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestEachGenerationOnTheWire(t *testing.T) {
	t.Parallel()
	zero := 0
	tests := []struct {
		path string
		call func(*wrapper.Client) (*generated.GeneralResponse, error)
		want string
	}{
		{frozen.Path("seeDreamV4"), func(c *wrapper.Client) (*generated.GeneralResponse, error) {
			return c.SeeDreamV4(t.Context(), generated.SeeDreamV4MultipartRequestBody{
				Prompt: "a cat\r\nand a dog", Resolution: "16:9", Batchsize: maxImages, Category: "seedreamv4",
				SourceImage: []types.File{testkit.File("a.png", testkit.PNG), testkit.File("b.txt", []byte("GIF89a\x01;"))}})
		}, `[batchsize=15 category=seedreamv4 prompt=a cat` + "\r\n" + `and a dog resolution=16:9 ` +
			`sourceImage=["a.png" image/png "\x89PNG\r\n\x1a\n and so on"] sourceImage=["b.txt" image/gif "GIF89a\x01;"]]`},
		{frozen.Path("seeDreamV45"), func(c *wrapper.Client) (*generated.GeneralResponse, error) {
			return c.SeeDreamV45(t.Context(), generated.SeeDreamV45MultipartRequestBody{Prompt: "漢字", ImageURL: "https://example.com/a.png?x=1", Resolution: "2560x1440", Batchsize: 1})
		}, `[batchsize=1 imageUrl=https://example.com/a.png?x=1 prompt=漢字 resolution=2560x1440]`},
		{frozen.Path("seeDreamV5"), func(c *wrapper.Client) (*generated.GeneralResponse, error) {
			return c.SeeDreamV5(t.Context(), generated.SeeDreamV5MultipartRequestBody{Prompt: "--x\r\n--x--", SourceImage: []types.File{}})
		}, "[prompt=--x\r\n--x--]"},
		{frozen.Path("zImage"), func(c *wrapper.Client) (*generated.GeneralResponse, error) {
			return c.ZImage(t.Context(), generated.ZImageMultipartRequestBody{Prompt: "p", Seed: &zero, PromptExtend: "0", Resolution: "1024*1024"})
		}, "[prompt=p prompt_extend=0 resolution=1024*1024 seed=0]"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
			resp, err := tt.call(newRetryingClient(t, url))
			if err != nil || resp.Data.TaskID != "abcd_1234567890abcdef" {
				t.Fatalf("got %+v, %v", resp, err)
			}
			got := service.Submissions()
			for i := range got { // a field that the contract of the generated code requires is sent empty
				got[i].Parts = slices.DeleteFunc(got[i].Parts, func(p testkit.Part) bool { return p.Data == "" })
			}
			if len(got) != 1 || got[0].Path != tt.path || fmt.Sprint(got[0].Parts) != tt.want {
				t.Errorf("got  %v\nwant %s", got, tt.want)
			}
			if got[0].Length <= 0 {
				t.Errorf("Content-Length %d", got[0].Length)
			}
		})
	}
}

// Each response to a generation, the sentinels that the error matches, and that
// it is not requested twice.
func TestResponsesToAGeneration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		respond http.HandlerFunc
		want    string
	}{
		{"a task", testkit.Respond(200, testkit.TaskCreatedBody), ""},
		{"9000", testkit.Respond(200, `{"code":9000,"msg":"no credits"}`), "InsufficientCredits"},
		{"9999", testkit.Respond(200, `{"code":9999,"msg":"no"}`), "Failure"},
		{"9000 with a task id", testkit.Respond(200, `{"code":9000,"msg":"no","data":{"taskid":"a"}}`), "InsufficientCredits"},
		{"400", testkit.Respond(400, `{"code":9999,"msg":"no"}`), "Failure"},
		{"401", testkit.Respond(401, `{}`), "Unauthorized"},
		{"413", testkit.Respond(413, `too large`), ""},
		{"429", testkit.Respond(429, ``), "RateLimited"},
		{"500", testkit.Respond(500, ``), "OutcomeUnknown Server"},
		{"502", testkit.Respond(502, ``), "OutcomeUnknown Server"},
		{"503", testkit.Respond(503, ``), "OutcomeUnknown Server"},
		{"504", testkit.Respond(504, ``), "OutcomeUnknown Server"},
		{"204", testkit.Respond(204, ``), "Contract OutcomeUnknown"},
		{"a lost response", testkit.HangUp, "OutcomeUnknown"},
		{"half a response", announced(100, `{"code":1000`), "OutcomeUnknown"},
		{"not JSON", testkit.Respond(200, `<html>`), "Contract OutcomeUnknown"},
		{"a page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "Contract OutcomeUnknown"},
		{"a list as url", testkit.Respond(200, `{"code":1000,"msg":"","data":{"taskid":"a","url":[]}}`), "Contract OutcomeUnknown"},
		{"no code", testkit.Respond(200, `{"data":{"taskid":"a"}}`), "Contract OutcomeUnknown"},
		{"no data", testkit.Respond(200, `{"code":1000,"msg":""}`), "Contract OutcomeUnknown"},
		{"a number as task id", testkit.Respond(200, `{"code":1000,"msg":"","data":{"taskid":5}}`), "Contract OutcomeUnknown"},
		{"no task id", testkit.Respond(200, `{"code":1000,"msg":"","data":{}}`), "Contract OutcomeUnknown"},
		{"an empty task id", testkit.Respond(200, `{"code":1000,"msg":"","data":{"taskid":""}}`), "Contract OutcomeUnknown"},
		{"a blank task id", testkit.Respond(200, `{"code":1000,"msg":"","data":{"taskid":" \t"}}`), "Contract OutcomeUnknown"},
		{"too large", testkit.Respond(200, `{"code":1000,"msg":"`+strings.Repeat("x", wrapper.DefaultMaxResponseBytes)+`"}`), "Contract OutcomeUnknown ResponseTooLarge"},
	}
	for name, generate := range generators {
		for _, tt := range tests {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				service, url := testkit.NewFormServer(t, tt.respond)
				resp, err := generate(t.Context(), newRetryingClient(t, url), "p", aFile())
				if got := matching(err); got != tt.want || (err == nil) != (tt.name == "a task") || (resp == nil) != (err != nil) {
					t.Errorf("%v matches %q, want %q", err, got, tt.want)
				}
				if n := len(service.Submissions()); n != 1 {
					t.Errorf("%d submissions", n)
				}
			})
		}
	}
}

func TestASuccessWithoutATaskID(t *testing.T) {
	t.Parallel()
	for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
		_, url := testkit.NewFormServer(t, testkit.Respond(200, `{"code":1000,"msg":"","data":{"taskid":" "}}`))
		err := generate(t.Context(), newRetryingClient(t, url, wrapper.WithValidation(mode)))
		var e *wrapper.ContractError
		if !errors.As(err, &e) || len(e.Violations) != 1 || e.Violations[0] != (wrapper.Violation{Pointer: "/data/taskid", Keyword: "required"}) || !errors.Is(err, wrapper.ErrOutcomeUnknown) {
			t.Fatalf("%v: got %v", mode, err)
		}
		if err.Error() != textNoTaskID {
			t.Errorf("%v: got %s", mode, err)
		}
	}
}

// The generated client has the same rule, in each mode, and returns an id that it can read in one way.
func TestAGeneratedGenerationWithoutATaskID(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"code":1000,"msg":"ok","data":{"taskid":"a"}}`:              "",
		`{"code":1000,"msg":"ok","data":{}}`:                          "Contract OutcomeUnknown",
		`{"code":1000,"msg":"ok","data":{"taskid":" "}}`:              "Contract OutcomeUnknown",
		`{"code":1000,"msg":"ok","data":{"taskid":"a","taskid":"b"}}`: "Contract OutcomeUnknown",
		`{"code":9999,"msg":"no","Code":1000,"data":{"taskid":"a"}}`:  "Contract OutcomeUnknown",
		`{"code":9999,"msg":"no","x":1,"x":2,"data":{"taskid":"a"}}`:  "Contract OutcomeUnknown",
	} {
		for _, mode := range []wrapper.ValidationMode{wrapper.Enforce, wrapper.Report, wrapper.Off} {
			_, url := testkit.NewFormServer(t, testkit.Respond(200, body))
			c := newRetryingClient(t, url, wrapper.WithValidation(mode)).Generated()
			form := strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\np\r\n--b--\r\n")
			_, err := c.ZImageWithBodyWithResponse(t.Context(), "multipart/form-data; boundary=b", form)
			if matching(err) != want || (err == nil) != (want == "") {
				t.Errorf("%v: %s: %v", mode, body, err)
			}
		}
	}
}

// Without validation the code is checked all the same.
func TestGenerationWithoutValidation(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":{"taskid":"a"}}`, `{"code":"1000","msg":"","data":{"taskid":"a"}}`, `[]`, `null`} {
		_, url := testkit.NewFormServer(t, testkit.Respond(200, body))
		resp, err := generators["seeDreamV45"](t.Context(), newRetryingClient(t, url, wrapper.WithValidation(wrapper.Off)), "a lighthouse")
		if resp != nil || !errors.Is(err, wrapper.ErrContract) || !errors.Is(err, wrapper.ErrOutcomeUnknown) {
			t.Errorf("%s: got %+v, %v", body, resp, err)
		}
	}
}

func TestAnEditorThatFailsAGeneration(t *testing.T) {
	t.Parallel()
	service, url := testkit.NewFormServer(t, testkit.Respond(200, testkit.TaskCreatedBody))
	mine := errors.New("no token today")
	c := newRetryingClient(t, url, wrapper.WithRequestEditor(func(context.Context, *http.Request) error { return mine }))
	err := generate(t.Context(), c, aFile())
	var e *wrapper.RequestError
	if !errors.As(err, &e) || e.Operation != "seeDreamV45" || !errors.Is(err, mine) || !errors.Is(err, wrapper.ErrNotSent) || len(service.Submissions()) != 0 {
		t.Errorf("got %v", err)
	}
}
