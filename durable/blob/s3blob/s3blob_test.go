package s3blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/tensorslab/tensorslab-go/durable/blob/s3blob"
)

// store is the interface of package blob, which is in another module.
type store interface {
	Put(ctx context.Context, name, mediaType string, image io.ReadSeeker, size int64) (location string, err error)
}

var _ store = s3blob.Bucket{}

const secret = "secret-access-key-0123456789"

// serve starts a server of S3 with a bucket. between may change or refuse requests.
func serve(t *testing.T, between func(next http.Handler) http.Handler) s3blob.Bucket {
	t.Helper()
	var handler http.Handler = gofakes3.New(s3mem.New()).Server()
	if between != nil {
		handler = between(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client := s3.New(s3.Options{BaseEndpoint: &server.URL, UsePathStyle: true, Region: "us-east-1", HTTPClient: server.Client(), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "access-key-id", SecretAccessKey: secret}, nil
		})})
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("pictures")}); err != nil {
		t.Fatal(err)
	}
	return s3blob.Bucket{Client: client, Name: "pictures", Prefix: "2026/"}
}

// object returns an object of the bucket, or an empty one if there is none.
func object(t *testing.T, b s3blob.Bucket, key string) (content, mediaType string) {
	t.Helper()
	got, err := b.Client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &b.Name, Key: &key})
	if err != nil {
		return "", ""
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), *got.ContentType
}

func TestPut(t *testing.T) {
	t.Parallel()
	for name, image := range map[string]string{"fox/task-1.png": "image", "größe/a b+c%2F-1.png": "image", "large.png": strings.Repeat("image", 2<<20)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := serve(t, nil)
			location, err := bucket.Put(t.Context(), name, "image/png", strings.NewReader(image), int64(len(image)))
			if location != "s3://pictures/2026/"+name || err != nil {
				t.Errorf("%q, %v", location, err)
			}
			if got, mediaType := object(t, bucket, "2026/"+name); got != image || mediaType != "image/png" {
				t.Errorf("the object has %d bytes of type %q", len(got), mediaType)
			}
		})
	}
}

// An object that is there is not replaced, and that is a success.
func TestPutKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	bucket := serve(t, nil)
	for _, image := range []string{"first", "second"} {
		if _, err := bucket.Put(t.Context(), "fox.png", "image/png", strings.NewReader(image), int64(len(image))); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := object(t, bucket, "2026/fox.png"); got != "first" {
		t.Errorf("the object is %q", got)
	}
}

// Storage that does not know conditional requests gets another one.
func TestPutWithoutConditions(t *testing.T) {
	t.Parallel()
	bucket := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				_, _ = io.Copy(io.Discard, r.Body)
				http.Error(w, `<Error><Code>NotImplemented</Code></Error>`, http.StatusNotImplemented)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	if _, err := bucket.Put(t.Context(), "fox.png", "image/png", strings.NewReader("image"), 5); err != nil {
		t.Fatal(err)
	}
	if got, _ := object(t, bucket, "2026/fox.png"); got != "image" {
		t.Errorf("the object is %q", got)
	}
}

// broken is an image that can't be read to its end.
type broken struct{ *bytes.Reader }

var errBroken = errors.New("the disk is broken")

func (b broken) Read(p []byte) (int, error) {
	if b.Len() < 4 {
		return 0, errBroken
	}
	return b.Reader.Read(p[:min(len(p), b.Len()-3)])
}

// After a failure there is no object, nor a success.
func TestPutFailsWhole(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	respond := func(status int) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, ".png") {
					w.WriteHeader(status)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	for name, test := range map[string]struct {
		between func(http.Handler) http.Handler
		ctx     context.Context
		image   io.ReadSeeker
		size    int64
	}{
		"ended":     {nil, ended, strings.NewReader("image"), 5},
		"too short": {nil, t.Context(), strings.NewReader("image"), 9},
		"broken":    {nil, t.Context(), broken{bytes.NewReader([]byte("image"))}, 5},
		"forbidden": {respond(http.StatusForbidden), t.Context(), strings.NewReader("image"), 5},
		"outage":    {respond(http.StatusServiceUnavailable), t.Context(), strings.NewReader("image"), 5},
		"conflict":  {respond(http.StatusConflict), t.Context(), strings.NewReader("image"), 5},
		"redirect":  {respond(http.StatusMovedPermanently), t.Context(), strings.NewReader("image"), 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := serve(t, test.between)
			location, err := bucket.Put(test.ctx, "fox.png", "image/png", test.image, test.size)
			if err == nil || location != "" || strings.Contains(err.Error(), secret) {
				t.Errorf("%q, %v", location, err)
			}
			if got, _ := object(t, bucket, "2026/fox.png"); got != "" {
				t.Errorf("there is an object: %q", got)
			}
		})
	}
}

// Two machines that put one image at the same time both succeed.
func TestPutAtOnce(t *testing.T) {
	t.Parallel()
	bucket := serve(t, nil)
	image := strings.Repeat("image", 1<<16)
	var puts sync.WaitGroup
	for range 8 {
		puts.Go(func() {
			if _, err := bucket.Put(t.Context(), "fox.png", "image/png", strings.NewReader(image), int64(len(image))); err != nil {
				t.Error(err)
			}
		})
	}
	puts.Wait()
	if got, _ := object(t, bucket, "2026/fox.png"); got != image {
		t.Errorf("the object has %d bytes", len(got))
	}
}

func TestBucketsThatLackSomething(t *testing.T) {
	t.Parallel()
	whole := serve(t, nil)
	for _, bucket := range []s3blob.Bucket{{}, {Client: whole.Client}, {Name: "pictures"}, {Client: whole.Client, Name: "none"}} {
		if location, err := bucket.Put(t.Context(), "fox.png", "image/png", strings.NewReader("image"), 5); err == nil || location != "" {
			t.Errorf("%+v: %q, %v", bucket, location, err)
		}
	}
}
