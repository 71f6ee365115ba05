package wrapper_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// cleanUp is the user's code under test.
func cleanUp(ctx context.Context, client *wrapper.Client) error {
	_, err := client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{"task-1", "task-2"}})
	return err
}

// docs/testing.md shows this test, and the one below.
func TestCleanUp(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithTasks("task-1", "task-2"))
	service.FailNext(1, fakeapi.DropAnswer()) // the next deletion takes effect, but gets no response
	client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(service.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := cleanUp(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if left := service.Tasks(); len(left) != 0 {
		t.Errorf("tasks left: %q", left)
	}
}

// picture is the user's code under test. The fake counts queries and not time.
func picture(ctx context.Context, client *wrapper.Client, prompt string, w io.Writer) error {
	taskID, err := client.Generate(ctx, wrapper.GenerateRequest{Prompt: prompt})
	if err != nil {
		return err
	}
	task, err := client.WaitForTask(ctx, taskID, atOnce)
	if err != nil {
		return err
	}
	_, err = client.Download(ctx, task.URL[0], w)
	return err
}

func TestPicture(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithCredits(2))
	client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(service.URL))
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := picture(t.Context(), client, "a fox", &file); err != nil {
		t.Fatal(err)
	}
	service.FailNextOn("seeDreamV45", 1, fakeapi.DropAnswer()) // creates a task, then drops the connection
	if err := picture(t.Context(), client, "a fox", &file); !errors.Is(err, wrapper.ErrOutcomeUnknown) {
		t.Errorf("%v; a task may exist", err)
	}
	if tasks := service.Tasks(); len(tasks) != 2 || service.Credits() != 0 {
		t.Errorf("%q, %d credits left", tasks, service.Credits())
	}
}
