package wrapper_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func ExampleClient_Download() {
	server := fake("abcd_1234567890abcdef")
	defer server.Close()
	client := clientOf(server)
	imageURL := server.ImageURLs("abcd_1234567890abcdef")[0]

	var picture bytes.Buffer
	got, err := client.Download(context.Background(), imageURL, &picture)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.MediaType, got.Bytes == int64(picture.Len()), bytes.Equal(picture.Bytes(), server.Image(imageURL)), server.ImageHost().Leaks())
	// Output: image/png true true 0
}

// The file has its name once it is whole.
func ExampleClient_DownloadFile() {
	server := fake("abcd_1234567890abcdef")
	defer server.Close()
	client := clientOf(server)
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	path := filepath.Join(dir, "fox.png")
	got, err := client.DownloadFile(context.Background(), server.ImageURLs("abcd_1234567890abcdef")[0], path)
	if err != nil {
		log.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Ext, got.Bytes == info.Size())
	// Output: .png true
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
	// tensorslab: download from "169.254.169.254": the address is not a public one: 169.254.0.0/16 is link-local, and holds the metadata services of clouds; if it is meant, allow it with AllowNetworks or AllowPrivate (WithDownload)
}
