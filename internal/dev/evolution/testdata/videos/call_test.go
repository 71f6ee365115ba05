// This file is compiled as a part of the wrapper in a copy of the module that has a second
// service, with operations and schemas of the same names.
package wrapper

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/generated/videos"
	"github.com/tensorslab/tensorslab-go/internal/contract"
	"github.com/tensorslab/tensorslab-go/internal/poll"
	"github.com/tensorslab/tensorslab-go/internal/send"
	"github.com/tensorslab/tensorslab-go/internal/vendored"
)

var videosService = service{
	contract: sync.OnceValues(func() (*contract.Document, error) { return contract.Parse(vendored.Videos.Spec()) }),
	effects:  []operationEffect{{"deleteVideosTask", send.Once}, {"infoByTaskId", send.None}},
}

const task = "abcd_1234567890abcdef" // one that the Images Service has

// both starts a fake of the two services, and returns the clients of each of them.
func both(t *testing.T) (fake *fakeapi.Server, images *Client, engine *engine, client *videos.ClientWithResponses) {
	t.Helper()
	fake = fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithTasks(task), fakeapi.WithKey("the-key-of-both"))
	opts := []Option{WithBaseURL(fake.URL), WithHTTPClient(fake.Client()), WithRetry(RetryPolicy{Backoff: time.Millisecond})}
	images, err := NewClient("the-key-of-both", opts...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newClient(&videosService, "the-key-of-both", opts)
	if err != nil {
		t.Fatal(err)
	}
	client, err = videos.NewClientWithResponses(fake.URL, videos.WithHTTPClient(c.engine), videos.WithRequestEditorFn(c.engine.editor))
	if err != nil {
		t.Fatal(err)
	}
	return fake, images, c.engine, client
}

func video(ctx context.Context, c *videos.ClientWithResponses) (*videos.Text2VideoHTTPResponse, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("prompt", "a fox")
	_ = form.Close()
	return c.Text2VideoWithBodyWithResponse(ctx, form.FormDataContentType(), bytes.NewReader(body.Bytes()))
}

func info(ctx context.Context, c *videos.ClientWithResponses) (*videos.InfoByTaskIDHTTPResponse, error) {
	return c.InfoByTaskIDWithResponse(ctx, videos.InfoByTaskIDJSONRequestBody{TaskID: "video_1"})
}

// The fake responds to each operation by its own contract, and each client decodes into
// the types of its own package.
func TestBothServicesAreCalled(t *testing.T) {
	_, images, _, c := both(t)
	created, err := video(t.Context(), c)
	if err != nil || created.JSON200.Data != (videos.GeneralData{TaskID: "video_1", Queue: 2}) {
		t.Errorf("a video: %+v, %v", created, err)
	}
	query, err := info(t.Context(), c)
	if err != nil || query.JSON200.Data.Seconds != 5 {
		t.Errorf("the query of a video: %+v, %v", query, err)
	}
	image, err := images.InfoByTaskID(t.Context(), task)
	if err != nil || image.Data.ImageStatus != poll.Completed || len(image.Data.URL) != 1 {
		t.Errorf("the query of an image: %+v, %v", image, err)
	}
	id, err := images.Generate(t.Context(), GenerateRequest{Prompt: "a fox"})
	if err != nil || id == "video_1" {
		t.Errorf("an image: %q, %v", id, err)
	}
	gone, err := c.DeleteVideosTaskWithResponse(t.Context(), videos.DeleteTaskRequest{TaskIDs: []string{"video_1"}})
	if err != nil || gone.JSON200.Data.Status != "Success" {
		t.Errorf("a deletion: %+v, %v", gone, err)
	}
}

// One body, judged by each of the two contracts: that of videos requires the task, and
// its number in the queue is an integer.
func TestEachServiceJudgesByItsContract(t *testing.T) {
	for _, tt := range []struct{ body, images, videos string }{
		{`{"code":1000,"msg":"OK","data":{"taskid":"a","queue":1}}`, "", ""},
		{`{"code":1000,"msg":"OK","data":{"taskid":"a","queue":"1"}}`, "", "/data/queue: type"},
		{`{"code":1000,"msg":"OK","data":{"taskid":"a","url":7}}`, "/data/url: type", ""},
		{`{"code":1000,"msg":"OK","data":{"queue":1}}`, "/data/taskid: required", "/data/taskid: required"},
	} {
		fake, images, _, c := both(t)
		fake.FailNext(2, fakeapi.Respond(http.StatusOK, "application/json", tt.body))
		_, err := images.Generate(t.Context(), GenerateRequest{Prompt: "a fox"})
		if got := violation(err); got != tt.images {
			t.Errorf("%s as an image: %q (%v), want %q", tt.body, got, err, tt.images)
		}
		_, err = video(t.Context(), c)
		if got := violation(err); got != tt.videos {
			t.Errorf("%s as a video: %q (%v), want %q", tt.body, got, err, tt.videos)
		}
	}
}

func violation(err error) string {
	var violated *ContractError
	if !errors.As(err, &violated) {
		return ""
	}
	return violated.Violations[0].Pointer + ": " + violated.Violations[0].Keyword
}

// A request of one service is none of the other's, though both go to one host.
func TestEachServiceAdmitsItsOwn(t *testing.T) {
	fake, images, e, _ := both(t)
	req, err := generated.NewInfoByTaskIDRequest(fake.URL, generated.InfoByTaskIDJSONRequestBody{TaskID: task})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Do(req); !errors.Is(err, ErrInvalidRequest) { //nolint:bodyclose // there is none
		t.Errorf("a query of an image, by the engine of videos: %v", err)
	}
	req, err = videos.NewInfoByTaskIDRequest(fake.URL, videos.InfoByTaskIDJSONRequestBody{TaskID: task})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := images.engine.Do(req); !errors.Is(err, ErrInvalidRequest) { //nolint:bodyclose // there is none
		t.Errorf("a query of a video, by the engine of images: %v", err)
	}
}

// Faults are aimed at the operation of one service, and its effect decides whether it is
// sent again.
func TestEffectsAndFaultsAreOfOneService(t *testing.T) {
	fake, images, _, c := both(t)
	fake.FailNextOn("POST /v1/videos/infobytaskid", 1, fakeapi.Respond(http.StatusServiceUnavailable, "", ""))
	fake.FailNextOn("text2Video", 1, fakeapi.Respond(http.StatusServiceUnavailable, "", ""))
	if _, err := images.InfoByTaskID(t.Context(), task); err != nil || len(fake.Requests()) != 1 {
		t.Errorf("the image: %v after %d requests", err, len(fake.Requests()))
	}
	if _, err := info(t.Context(), c); err != nil || len(fake.Requests()) != 3 {
		t.Errorf("the query of a video is repeated: %v after %d requests", err, len(fake.Requests()))
	}
	if _, err := video(t.Context(), c); !errors.Is(err, ErrOutcomeUnknown) || len(fake.Requests()) != 4 {
		t.Errorf("a video is not: %v after %d requests", err, len(fake.Requests()))
	}
}

// A wait for a task of the other service.
func TestWaitForAVideo(t *testing.T) {
	fake, _, _, c := both(t)
	responses := []string{
		`{"code":1000,"msg":"OK","data":{"taskid":"video_1","task_status":1}}`,
		`{"code":1000,"msg":"OK","data":{"taskid":"video_1","task_status":4,"error_message":"no foxes"}}`,
	}
	for _, body := range responses {
		fake.FailNext(1, fakeapi.Respond(http.StatusOK, "application/json", body))
	}
	var seen []int
	query := poll.Task{
		FailureOf: failureOf, OnStatus: func(status int) { seen = append(seen, status) },
		Query: func(ctx context.Context) (poll.State, error) {
			resp, err := info(ctx, c)
			if err != nil {
				return poll.State{}, err
			}
			data := resp.JSON200.Data
			return poll.State{Status: data.TaskStatus, HasImages: len(data.URL) > 0}, nil
		}}
	limits := poll.Options{Interval: time.Millisecond, MaxInterval: time.Millisecond, Timeout: time.Minute, TimeoutErr: ErrWaitTimeout}
	if end := poll.Wait(t.Context(), limits, query); end.IsEarly || end.Err != nil || end.Status != poll.Failed {
		t.Errorf("a video that fails: %+v", end)
	}
	// The fake's example is a completed one.
	if end := poll.Wait(t.Context(), limits, query); end.IsEarly || end.Err != nil || end.Status != poll.Completed {
		t.Errorf("a video that is completed: %+v", end)
	}
	if len(seen) != 3 || seen[0] != 1 || seen[1] != poll.Failed || seen[2] != poll.Completed {
		t.Errorf("statuses %v", seen)
	}
}
