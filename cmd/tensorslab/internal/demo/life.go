package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/generated"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// life is the first part of the demo: one task from its prompt to its deletion.
type life struct {
	out    io.Writer
	onExit *cli.ExitHook
	fake   *fakeapi.Server
	client *wrapper.Client
	steps  int
}

func (l *life) play(ctx context.Context) error {
	id, err := l.generate(ctx)
	if err != nil {
		return err
	}
	info, err := l.wait(ctx, id)
	if err != nil {
		return err
	}
	if err := l.download(ctx, info.URL[0]); err != nil {
		return err
	}
	if err := l.delete(ctx, id); err != nil {
		return err
	}
	return l.loseResponse(ctx)
}

func (l *life) step(title, call string) {
	l.steps++
	fmt.Fprintf(l.out, "\n%d. %s\n   %s\n", l.steps, title, call)
}

func (l *life) result(format string, args ...any) {
	fmt.Fprintf(l.out, "   → "+format+"\n", args...)
}

func (l *life) generate(ctx context.Context) (string, error) {
	l.step("Generate an image.", `client.SeeDreamV45(ctx, … "a fox in the snow")`)
	created, err := l.client.SeeDreamV45(ctx, generated.SeeDreamV45MultipartRequestBody{Prompt: "a fox in the snow"})
	if err != nil {
		return "", err
	}
	l.result("code %d, msg %q, task %s", created.Code, created.Msg, created.Data.TaskID)
	return created.Data.TaskID, nil
}

func (l *life) wait(ctx context.Context, id string) (*generated.ImageInfoData, error) {
	l.step("Wait for it.", fmt.Sprintf("client.WaitForTask(ctx, %q, …)", id))
	var statuses []string
	info, err := l.client.WaitForTask(ctx, id, wrapper.WaitOptions{
		Interval: 10 * time.Millisecond,
		OnStatus: func(s generated.ImageStatus) { statuses = append(statuses, cli.StatusName(s)) },
	})
	if err != nil {
		return nil, err
	}
	l.result("%s: …/%s", strings.Join(statuses, ", "), path.Base(info.URL[0]))
	return info, nil
}

func (l *life) download(ctx context.Context, address string) error {
	dir, remove, err := l.onExit.TempDir("tensorslab-demo-")
	if err != nil {
		return err
	}
	defer remove()
	l.step("Download it to a file.", fmt.Sprintf("client.DownloadFile(ctx, \"…/%s\", name)", path.Base(address)))
	file := filepath.Join(dir, "image.png")
	if _, err := l.client.DownloadFile(ctx, address, file); err != nil {
		return err
	}
	image, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(image, l.fake.Image(address)) {
		return errors.New("the file differs from the image")
	}
	if n := l.fake.ImageHost().Leaks(); n > 0 {
		return errors.New("the key reached the image host")
	}
	l.result("%d bytes, identical to the image; the key was not sent to the image host", len(image))
	return nil
}

func (l *life) delete(ctx context.Context, id string) error {
	l.step("Delete the task.", fmt.Sprintf("client.DeleteImagesTask(ctx, … %s)", id))
	resp, err := l.client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: []string{id}})
	if err != nil {
		return err
	}
	if _, err := l.client.InfoByTaskID(ctx, id); !errors.Is(err, wrapper.ErrNotFound) {
		return fmt.Errorf("the task is still there: %w", err)
	}
	l.result("code %d, status %q; a query now returns wrapper.ErrNotFound", resp.Code, resp.Data.Status)
	return nil
}

// loseResponse shows that a generation is never submitted twice.
func (l *life) loseResponse(ctx context.Context) error {
	l.fake.FailNext(1, fakeapi.DropAnswer())
	before := len(l.fake.Requests())
	l.step("Generate another image; the connection is lost before the response.", `client.ZImage(ctx, … "a fox")`)
	_, err := l.client.ZImage(ctx, generated.ZImageMultipartRequestBody{Prompt: "a fox"})
	if err == nil || !errors.Is(err, wrapper.ErrOutcomeUnknown) {
		return fmt.Errorf("the outcome is %v", err) //nolint:errorlint // it may be nil
	}
	if n := len(l.fake.Requests()) - before; n != 1 {
		return fmt.Errorf("%d submissions", n)
	}
	l.result("errors.Is: %s; submitted once, not retried", strings.Join(names(matching(err)), ", "))
	tasks := l.fake.Tasks()
	_, err = l.client.DeleteImagesTask(ctx, generated.DeleteImagesTaskRequest{TaskIDs: tasks[len(tasks)-1:]})
	return err
}
