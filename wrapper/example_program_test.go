package wrapper_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The README shows this function as a program of its own.
func main() {
	ctx := context.Background()
	client, err := wrapper.NewClientFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	taskID, err := client.Generate(ctx, wrapper.GenerateRequest{Prompt: "a fox in the snow"})
	if err != nil {
		log.Fatal(err) // if it is wrapper.ErrOutcomeUnknown, a task may exist: check before you run this again
	}
	fmt.Println("task", taskID)
	task, err := client.WaitForTask(ctx, taskID, wrapper.WaitOptions{})
	if err != nil {
		log.Fatal(err) // if it is a *wrapper.WaitError, the task continues: wait for it again
	}
	if _, err := client.DownloadFile(ctx, task.URL[0], "fox.png"); err != nil {
		log.Fatal(err)
	}
}

func TestProgram(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithKey("your-api-key"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	t.Setenv(wrapper.EnvAPIKey, "your-api-key")
	t.Setenv(wrapper.EnvBaseURL, service.URL)
	t.Chdir(t.TempDir())
	main()
	made := service.Tasks()
	if len(made) != 1 {
		t.Fatalf("tasks made: %q", made)
	}
	if got, err := os.ReadFile("fox.png"); err != nil || !bytes.Equal(got, service.Image(service.ImageURLs(made[0])[0])) {
		t.Errorf("fox.png has %d bytes, %v", len(got), err)
	}
}
