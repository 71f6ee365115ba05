package wrapper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func ExampleClient_Download() {
	server := fake("abcd_1234567890abcdef")
	defer server.Close()
	client := clientOf(server)
	imageURL := server.ImageURLs("abcd_1234567890abcdef")[0]

	var picture bytes.Buffer
	n, err := client.Download(context.Background(), imageURL, &picture)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n == int64(picture.Len()), bytes.Equal(picture.Bytes(), server.Image(imageURL)), server.ImageHost().Leaks())
	// Output: true true 0
}

// Wherever a URL comes from, it can't make this program read from the network
// around it.
func ExampleDownloadPolicy() {
	client, err := wrapper.NewClient("your-api-key", wrapper.WithDownload(wrapper.DownloadPolicy{MaxBytes: 32 << 20}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Download(context.Background(), "http://169.254.169.254/latest/meta-data/?token=secret", io.Discard)
	fmt.Println(errors.Is(err, wrapper.ErrPrivateHost))
	fmt.Println(err)
	// Output:
	// true
	// tensorslab: download from "169.254.169.254": the address is not a public one; if that is intended, allow it with WithDownload
}
