package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// fake stands in for the service, so that the examples run without a key.
func fake(taskIDs ...string) *fakeapi.Server {
	server, err := fakeapi.NewServer()
	if err != nil {
		log.Fatal(err)
	}
	server.AddTasks(taskIDs...)
	return server
}

func Example() {
	server := fake("abcd_1234567890abcdef") // leave out WithBaseURL to call the service
	defer server.Close()

	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	resp, err := client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{
		TaskIDs: []string{"abcd_1234567890abcdef"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.Code, resp.Data.Status)
	// Output: 1000 Success
}

func ExampleNewClientFromEnv() {
	server := fake("abcd_1234567890abcdef")
	defer server.Close()
	os.Setenv(wrapper.EnvAPIKey, "your-api-key")
	os.Setenv(wrapper.EnvBaseURL, server.URL)
	defer os.Unsetenv(wrapper.EnvAPIKey)
	defer os.Unsetenv(wrapper.EnvBaseURL)

	quickStart := func(ctx context.Context) error {
		client, err := wrapper.NewClientFromEnv() // TENSORSLAB_API_KEY
		if err != nil {
			return err
		}
		resp, err := client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{
			TaskIDs: []string{"abcd_1234567890abcdef"},
		})
		if err != nil {
			return err
		}
		fmt.Println(resp.Code, resp.Data.Status) // 1000 Success
		return nil
	}
	if err := quickStart(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output: 1000 Success
}

func ExampleClient_DeleteImagesTask_errors() {
	server := fake()
	defer server.Close()
	server.FailNext(1, fakeapi.BusinessCode(9000, "Insufficient credits"))

	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.DeleteImagesTask(context.Background(), generated.DeleteImagesTaskRequest{TaskIDs: []string{"a"}})

	var refusal *wrapper.APIError
	switch {
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		fmt.Println("may have been deleted")
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		fmt.Println("add credits")
	}
	if errors.As(err, &refusal) {
		fmt.Println(refusal.HTTPStatus, refusal.Code, refusal.Message)
	}
	// Output:
	// add credits
	// 200 9000 Insufficient credits
}

func ExampleClient_PurgeImagesTasks() {
	ids := []string{"task_1", "task_2", "task_3", "task_4"}
	server := fake(ids...)
	defer server.Close()
	server.RefuseTasks("task_3")

	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	// One request at a time, so that the order is the same each time.
	opts := wrapper.PurgeOptions{Concurrency: 1, Isolate: true}
	for batch, err := range client.PurgeImagesTasks(context.Background(), slices.Values(ids), opts) {
		switch {
		case err == nil:
			fmt.Println("deleted", batch)
		case errors.Is(err, wrapper.ErrDeleteFailed):
			fmt.Println("refused", batch)
		default:
			fmt.Println(err)
		}
	}
	// Output:
	// deleted [task_1 task_2]
	// refused [task_3]
	// deleted [task_4]
}

func ExamplePurgeOptions_isolate() {
	ids := []string{"task_1", "task_2"}
	server := fake(ids...)
	defer server.Close()
	server.RefuseTasks("task_2")
	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	log.SetOutput(os.Stdout)
	log.SetFlags(0)
	for batch, err := range client.PurgeImagesTasks(ctx, slices.Values(ids), wrapper.PurgeOptions{Isolate: true}) {
		if err != nil {
			log.Printf("%d not confirmed: %v", len(batch), err)
		}
	}
	// Output: 1 not confirmed: tensorslab: deleteImagesTask: HTTP 200, code 1000 "Successfully": the service reports that the deletion "Failed"; check the ids; the service did not act
}

func ExampleNewContractDoer() {
	server := fake("task_1")
	defer server.Close()

	doer, err := wrapper.NewContractDoer(server.URL, nil)
	if err != nil {
		log.Fatal(err)
	}
	auth, err := wrapper.BearerEditor("your-api-key")
	if err != nil {
		log.Fatal(err)
	}
	client, err := generated.NewClientWithResponses(server.URL,
		generated.WithHTTPClient(doer), generated.WithRequestEditorFn(auth))
	if err != nil {
		log.Fatal(err)
	}
	resp, err := client.DeleteImagesTaskWithResponse(context.Background(),
		generated.DeleteImagesTaskRequest{TaskIDs: []string{"task_1"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(resp.JSON200.Msg)
	// Output: Successfully
}
