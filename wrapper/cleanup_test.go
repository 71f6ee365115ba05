package wrapper_test

import (
	"context"
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

// The README shows this test.
func TestCleanUp(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithTasks("task-1", "task-2"))
	service.FailNext(1, fakeapi.DropAnswer()) // deletes the tasks, then drops the connection
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
