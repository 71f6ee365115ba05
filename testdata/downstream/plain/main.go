// Command plain deletes the image tasks that its arguments name, with the generated
// client alone. It links no other module than that of the client.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/tensorslab/tensorslab-go/generated"
)

func main() {
	if err := run(context.Background(), os.Getenv("TENSORSLAB_BASE_URL"), os.Getenv("TENSORSLAB_API_KEY"), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, baseURL, key string, ids []string) error {
	auth := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Authorization", key)
		return nil
	}
	client, err := generated.NewClientWithResponses(baseURL, generated.WithRequestEditorFn(auth))
	if err != nil {
		return err
	}
	resp, err := client.DeleteImagesTaskWithResponse(ctx, generated.DeleteImagesTaskRequest{TaskIDs: ids})
	if err != nil {
		return err
	}
	if resp.JSON200 == nil {
		return fmt.Errorf("the service answered %s", resp.Status())
	}
	fmt.Println(resp.JSON200.Code, resp.JSON200.Data.Status)
	return nil
}
