package wrapper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"log"
	"strings"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// atOnce hardly waits for the fake, which counts queries and not time.
var atOnce = wrapper.WaitOptions{Interval: time.Millisecond}

// clientOf leaves out all but the key for the service itself.
func clientOf(server *fakeapi.Server) *wrapper.Client {
	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func ExampleClient_SeeDreamV45() {
	server := fake()
	defer server.Close()
	client, wait := clientOf(server), atOnce

	fox := func(ctx context.Context, w io.Writer) error {
		created, err := client.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{
			Prompt:     "a fox in the snow",
			Resolution: "16:9",
		})
		if err != nil {
			return err // if it is wrapper.ErrOutcomeUnknown, a task may exist: check before you repeat it
		}
		task, err := client.WaitForTask(ctx, created.Data.TaskID, wait)
		if err != nil {
			return err // if it is a *wrapper.WaitError, the task continues: wait for it again
		}
		_, err = client.Download(ctx, task.URL[0], w)
		return err
	}

	var picture bytes.Buffer
	if err := fox(context.Background(), &picture); err != nil {
		log.Fatal(err)
	}
	_, err := png.DecodeConfig(&picture)
	fmt.Println(server.Tasks(), err)
	// Output: [fake_0000000000000001] <nil>
}

// The end of ctx must not cut off a request that may have been paid.
func ExampleClient_Generate() {
	server := fake()
	defer server.Close()
	client, ctx := clientOf(server), context.Background()

	paid, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	taskID, err := client.Generate(paid, wrapper.GenerateRequest{
		Model: wrapper.ModelSeeDreamV5, Prompt: "a fox in the snow", Resolution: "16:9", Count: 2,
	})
	if errors.Is(err, wrapper.ErrOutcomeUnknown) {
		log.Fatal("a task may exist: ", err)
	}
	if err != nil {
		log.Fatal(err)
	}
	task, err := client.WaitForTask(ctx, taskID, atOnce)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(taskID, len(task.URL))

	_, err = client.Generate(ctx, wrapper.GenerateRequest{Model: wrapper.ModelZImage, Prompt: "a fox", Count: 2})
	fmt.Println(err)
	// Output:
	// fake_0000000000000001 2
	// tensorslab: zImage: invalid request: /batchsize is not supported: zimage has no batchsize; nothing was sent
}

func ExampleNewSource() {
	server := fake()
	defer server.Close()
	client := clientOf(server)

	sketch := strings.NewReader("\x89PNG\r\n\x1a\n…") // an *os.File, say
	source, err := wrapper.NewSource("sketch.png", sketch)
	if err != nil {
		log.Fatal(err)
	}
	defer source.Close()
	created, err := client.SeeDreamV4(context.Background(), generated.SeeDreamV4MultipartRequestBody{
		Prompt:      "the same in oil",
		SourceImage: []types.File{source.File()},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.Msg)
	// Output: Task created successfully
}

func ExampleClient_ZImage() {
	server := fake()
	defer server.Close()
	client := clientOf(server)

	seed := 0
	created, err := client.ZImage(context.Background(), generated.ZImageMultipartRequestBody{
		Prompt: "a fox", Resolution: "1024*1024", Seed: &seed, PromptExtend: "1",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.Data.TaskID)
	// Output: fake_0000000000000001
}

// A generation whose response was lost is not retried, since it could cost credits twice.
func ExampleClient_SeeDreamV5_errors() {
	server := fake()
	defer server.Close()
	server.FailNext(1, fakeapi.DropAnswer())
	client := clientOf(server)

	_, err := client.SeeDreamV5(context.Background(), generated.SeeDreamV5MultipartRequestBody{Prompt: "a fox"})
	fmt.Println(errors.Is(err, wrapper.ErrOutcomeUnknown), len(server.Requests()))

	_, err = client.SeeDreamV5(context.Background(), generated.SeeDreamV5MultipartRequestBody{Prompt: "a fox", Batchsize: 16})
	fmt.Println(err)
	// Output:
	// true 1
	// tensorslab: seeDreamV5: invalid request: /batchsize is not between 1 and 15; nothing was sent
}
