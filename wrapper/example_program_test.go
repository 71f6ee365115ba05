package wrapper_test

import (
	"context"
	"fmt"
	"log"
	"testing"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// The README shows this function as a program of its own.
func main() {
	ctx := context.Background()
	client, err := wrapper.NewClientFromEnv() // reads TENSORSLAB_API_KEY
	if err != nil {
		log.Fatal(err)
	}
	created, err := client.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{
		Prompt: "a fox in the snow",
	})
	if err != nil {
		log.Fatal(err)
	}
	task, err := client.WaitForTask(ctx, created.Data.TaskID, wrapper.WaitOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(task.URL)
}

func TestProgram(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithKey("your-api-key"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	t.Setenv(wrapper.EnvAPIKey, "your-api-key")
	t.Setenv(wrapper.EnvBaseURL, service.URL)
	main()
	if made := service.Tasks(); len(made) != 1 {
		t.Errorf("tasks made: %q", made)
	}
}
