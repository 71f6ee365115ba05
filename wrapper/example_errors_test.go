package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// What to do about the error of a generation.
func ExampleClient_Generate_errors() {
	server, err := fakeapi.NewServer(fakeapi.WithCredits(2))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	client, ctx := clientOf(server), context.Background()

	generate := func(request wrapper.GenerateRequest) {
		taskID, err := client.Generate(ctx, request)
		var said *wrapper.APIError
		switch {
		case err == nil:
			fmt.Println("created", taskID)
		case errors.Is(err, wrapper.ErrOutcomeUnknown):
			fmt.Println("a task may exist: look into the web console before you repeat it")
		case errors.Is(err, wrapper.ErrInsufficientCredits):
			fmt.Println("no credits left")
		case errors.As(err, &said) && said.RetryAfter > 0:
			fmt.Println("repeat it after", said.RetryAfter)
		default:
			fmt.Println("nothing was created:", err)
		}
	}

	generate(wrapper.GenerateRequest{Prompt: " "})
	server.FailNext(1, fakeapi.RateLimit(2))
	generate(wrapper.GenerateRequest{Prompt: "a fox"})
	server.FailNext(1, fakeapi.DropAnswer()) // creates a task first
	generate(wrapper.GenerateRequest{Prompt: "a fox"})
	generate(wrapper.GenerateRequest{Prompt: "a fox"})
	generate(wrapper.GenerateRequest{Prompt: "a fox"})
	// Output:
	// nothing was created: tensorslab: seeDreamV45: invalid request: /prompt is blank; nothing was sent
	// repeat it after 2s
	// a task may exist: look into the web console before you repeat it
	// created fake_0000000000000002
	// no credits left
}

// An operation as the generated code has it, with the key, the checks and the retries
// of the client.
func ExampleClient_Generated() {
	server := fake("abcd_1234567890abcdef")
	defer server.Close()
	client, ctx, taskID := clientOf(server), context.Background(), "abcd_1234567890abcdef"

	show := func() error {
		resp, err := client.Generated().InfoByTaskIDWithResponse(ctx, generated.InfoByTaskIDJSONRequestBody{TaskID: taskID})
		if err != nil {
			return err
		}
		fmt.Println(resp.JSON200.Data.ImageStatus)
		return nil
	}
	if err := show(); err != nil {
		log.Fatal(err)
	}
	// Output: 3
}
