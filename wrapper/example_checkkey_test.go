package wrapper_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func ExampleClient_CheckKey() {
	server, err := fakeapi.NewServer(fakeapi.WithKey("the-right-key"))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	for _, key := range []string{"the-right-key", "a-wrong-key"} {
		client, err := wrapper.NewClient(key, wrapper.WithBaseURL(server.URL))
		if err != nil {
			log.Fatal(err)
		}
		switch err := client.CheckKey(context.Background()); {
		case err == nil:
			fmt.Println("accepted")
		case errors.Is(err, wrapper.ErrUnauthorized):
			fmt.Println("rejected: get another key, or try its other form")
		default:
			log.Fatal(err) // nobody knows: the service is unavailable, for example
		}
	}
	// Output:
	// accepted
	// rejected: get another key, or try its other form
}
