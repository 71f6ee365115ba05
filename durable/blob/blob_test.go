package blob_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/blob"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a store that records what is put.
type memory struct {
	mu     sync.Mutex
	images map[string][]byte
	types  map[string]string
	err    error
}

func (m *memory) Put(_ context.Context, name, mediaType string, image io.ReadSeeker, size int64) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return "", m.err
	}
	data, err := io.ReadAll(image)
	if err != nil || int64(len(data)) != size {
		return "", fmt.Errorf("got %d bytes of %d: %w", len(data), size, err)
	}
	if m.images == nil {
		m.images, m.types = map[string][]byte{}, map[string]string{}
	}
	m.images[name], m.types[name] = data, mediaType
	return "memory:" + name, nil
}

// run makes pictures of a job, with as many images as count, and returns its result.
func run(t *testing.T, service *fakeapi.Server, save batch.SaveFunc, key string, count int) batch.Result {
	t.Helper()
	client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(service.URL), wrapper.WithHTTPClient(service.Client()),
		wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	journal, err := batch.OpenJournal(filepath.Join(t.TempDir(), "tasks.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	job := batch.Job{Key: key, Request: wrapper.GenerateRequest{Prompt: "a fox", Count: count}}
	var result batch.Result
	for r, err := range batch.Run(t.Context(), client, journal, batch.Jobs(job), batch.Options{Save: save, Wait: wrapper.WaitOptions{Interval: time.Millisecond}}) {
		if err != nil {
			t.Fatal(err)
		}
		result = r
	}
	return result
}

func TestSaveNamesImagesByKeyAndTask(t *testing.T) {
	t.Parallel()
	for key, folder := range map[string]string{"fox": "fox", "orders/7": "orders%2F7", "..": "%2E%2E", "a b": "a b"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			service, store := fakeapi.Start(t), &memory{}
			r := run(t, service, blob.Save(store), key, 2)
			urls := service.ImageURLs(r.TaskID)
			if r.Err != nil || r.State != batch.Saved || len(store.images) != 2 || len(urls) != 2 {
				t.Fatalf("%+v, with %d images", r, len(store.images))
			}
			for i, url := range urls {
				name := fmt.Sprintf("%s/%s-%d.png", folder, r.TaskID, i+1)
				if !bytes.Equal(store.images[name], service.Image(url)) || store.types[name] != "image/png" {
					t.Errorf("%s has %d bytes of type %q", name, len(store.images[name]), store.types[name])
				}
				if !slices.Contains(r.Files, "memory:"+name) {
					t.Errorf("the entry lists %q, and not %s", r.Files, name)
				}
			}
		})
	}
}

// What breaks off is put again from its beginning, and nothing of it is ever in the store.
func TestSavePutsWholeImagesOnly(t *testing.T) {
	t.Parallel()
	service, store := fakeapi.Start(t), &memory{}
	calls := 0
	save := func(ctx context.Context, r batch.Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error {
		return blob.Save(store)(ctx, r, image, func(w io.Writer) (wrapper.Downloaded, error) {
			if calls++; calls == 1 {
				if _, err := io.WriteString(w, "\x89PNG\r\n\x1a\n and no more"); err != nil {
					return wrapper.Downloaded{}, err
				}
				return wrapper.Downloaded{}, &wrapper.DownloadError{Host: "images.example", Err: io.ErrUnexpectedEOF}
			}
			if len(store.images) > 0 {
				t.Error("a part of an image was put")
			}
			return open(w)
		})
	}
	r := run(t, service, save, "fox", 1)
	want := service.Image(service.ImageURLs(r.TaskID)[0])
	if r.State != batch.Saved || calls != 2 || !bytes.Equal(store.images["fox/"+r.TaskID+"-1.png"], want) {
		t.Errorf("%+v after %d downloads", r, calls)
	}
}

// No success is reported of an image that is not in the store.
func TestSaveFailsWithTheStore(t *testing.T) {
	t.Parallel()
	store := &memory{err: errors.New("no room")}
	r := run(t, fakeapi.Start(t), blob.Save(store), "fox", 1)
	if r.State != batch.Completed || !errors.Is(r.Err, store.err) || len(r.Files) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestSaveNeedsATask(t *testing.T) {
	t.Parallel()
	open := func(io.Writer) (wrapper.Downloaded, error) { t.Error("downloaded"); return wrapper.Downloaded{}, nil }
	if err := blob.Save(&memory{})(t.Context(), batch.Result{Key: "fox"}, 1, open); err == nil {
		t.Error("an image without a task was saved")
	}
}

// Nothing stays in the directory of temporary files.
func TestSaveLeavesNoTemporaryFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, dir)
	}
	for _, failure := range []error{nil, io.ErrUnexpectedEOF} {
		open := func(w io.Writer) (wrapper.Downloaded, error) {
			n, err := io.WriteString(w, "image")
			return wrapper.Downloaded{Bytes: int64(n), MediaType: "image/png", Ext: ".png"}, errors.Join(err, failure)
		}
		err := blob.Save(&memory{})(t.Context(), batch.Result{Key: "fox", TaskID: "task"}, 1, open)
		if !errors.Is(err, failure) {
			t.Errorf("%v, want %v", err, failure)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
