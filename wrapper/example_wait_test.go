package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func ExampleClient_InfoByTaskID() {
	server := fake("abcd_1234567890abcdef")
	defer server.Close()
	client := clientOf(server)

	info, err := client.InfoByTaskID(context.Background(), "abcd_1234567890abcdef")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.Data.ImageStatus, len(info.Data.URL)) // 3 is generated.ImageStatusCompleted

	_, err = client.InfoByTaskID(context.Background(), "gone")
	fmt.Println(errors.Is(err, wrapper.ErrNotFound))
	// Output:
	// 3 1
	// true
}

func ExampleClient_WaitForTask() {
	server := fake()
	defer server.Close()
	server.ScriptNext(1, fakeapi.TaskLife{Queued: 2, Processing: 1, Fail: "the prompt was refused"})
	client := clientOf(server)
	created, err := client.SeeDreamV4(context.Background(), generated.SeeDreamV4MultipartRequestBody{Prompt: "a fox"})
	if err != nil {
		log.Fatal(err)
	}

	wait := wrapper.WaitOptions{
		Interval: time.Millisecond, // 2 seconds, if it is left out
		OnStatus: func(status generated.ImageStatus) {
			fmt.Println("image_status", status) // generated.ImageStatusQueued, …
		},
	}
	_, err = client.WaitForTask(context.Background(), created.Data.TaskID, wait)
	var failed *wrapper.TaskFailedError
	if errors.As(err, &failed) {
		fmt.Println("failed:", failed.Message)
	}
	// Output:
	// image_status 1
	// image_status 2
	// image_status 4
	// failed: the prompt was refused
}

// A wait that ends first leaves the task as it is: it can be waited for again.
func ExampleWaitError() {
	server := fake()
	defer server.Close()
	server.ScriptNext(1, fakeapi.TaskLife{Queued: 2, Processing: 0})
	client := clientOf(server)
	created, err := client.SeeDreamV4(context.Background(), generated.SeeDreamV4MultipartRequestBody{Prompt: "a fox"})
	if err != nil {
		log.Fatal(err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	impatient := wrapper.WaitOptions{OnStatus: func(generated.ImageStatus) { cancel() }}
	_, err = client.WaitForTask(ctx, created.Data.TaskID, impatient)
	var ended *wrapper.WaitError
	fmt.Println(errors.As(err, &ended), errors.Is(err, context.Canceled), ended.Status)

	task, err := client.WaitForTask(context.Background(), ended.TaskID, atOnce)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(task.ImageStatus)
	// Output:
	// true true 1
	// 3
}
