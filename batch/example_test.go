package batch_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// atOnce hardly waits. Leave it out for the service.
var atOnce = wrapper.WaitOptions{Interval: time.Millisecond, MaxInterval: time.Millisecond}

func fake(opts ...fakeapi.Option) (*fakeapi.Server, *wrapper.Client) {
	server, err := fakeapi.NewServer(opts...)
	if err != nil {
		log.Fatal(err)
	}
	client, err := wrapper.NewClient("your-api-key", wrapper.WithBaseURL(server.URL), wrapper.WithHTTPClient(server.Client()),
		wrapper.WithDownload(wrapper.DownloadPolicy{AllowPrivate: true, Transport: server.Client().Transport}))
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// pictures makes pictures of prompts in dir, four at a time. It may be called again
// after a crash or an error: what was paid is not paid again.
func pictures(ctx context.Context, client *wrapper.Client, prompts []string, dir string) error {
	journal, err := batch.OpenJournal(filepath.Join(dir, "tasks.jsonl"))
	if err != nil {
		return err
	}
	defer journal.Close()
	var jobs []batch.Job
	for _, prompt := range prompts {
		jobs = append(jobs, batch.Job{Request: wrapper.GenerateRequest{Prompt: prompt}})
	}
	opts := batch.Options{Parallel: 4, Save: batch.ToDir(dir, "{key}-{n}{ext}")}
	opts.Wait = atOnce // for the fake, which counts queries and not time
	for result, err := range batch.Run(ctx, client, journal, batch.Jobs(jobs...), opts) {
		if err != nil {
			return err // of the run; everything else concerns one job
		}
		if result.Err != nil {
			log.Print(result.Key, ": ", result.Err)
		}
	}
	return nil
}

// 200 prompts to pictures on disk. The first run ends early, and the second one pays
// for the rest only.
func Example() {
	server, client := fake(fakeapi.WithCredits(200))
	defer server.Close()
	dir, remove := tempDir()
	defer remove()
	var prompts []string
	for i := range 200 {
		prompts = append(prompts, fmt.Sprintf("a lighthouse, number %d", i+1))
	}

	for _, n := range []int{70, 200} {
		err := pictures(context.Background(), client, prompts[:n], dir)
		names, _ := filepath.Glob(filepath.Join(dir, "*.png"))
		fmt.Println(len(names), "pictures,", len(server.Tasks()), "tasks,", server.Credits(), "credits left:", err)
	}
	// Output:
	// 70 pictures, 70 tasks, 130 credits left: <nil>
	// 200 pictures, 200 tasks, 0 credits left: <nil>
}

func tempDir() (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "batch")
	if err != nil {
		log.Fatal(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}

// tempJournal returns a journal for an example, and what removes it.
func tempJournal() (journal *batch.FileJournal, remove func()) {
	dir, removeDir := tempDir()
	journal, err := batch.OpenJournal(filepath.Join(dir, "tasks.jsonl"))
	if err != nil {
		log.Fatal(err)
	}
	return journal, func() { _ = journal.Close(); removeDir() }
}

// jobsOf reads jobs from a table, a row at a time, so that it may be longer than the memory.
func jobsOf(table io.Reader) iter.Seq2[batch.Job, error] {
	return func(yield func(batch.Job, error) bool) {
		rows := csv.NewReader(table)
		rows.FieldsPerRecord = 2
		for {
			row, err := rows.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(batch.Job{}, err) // once: the run ends with this error
				return
			}
			if !yield(batch.Job{Key: row[0], Request: wrapper.GenerateRequest{Prompt: row[1]}}, nil) {
				return
			}
		}
	}
}

// The jobs are rows of a CSV file.
func ExampleRun_csv() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()
	table := strings.NewReader("fox,a fox in the snow\nsea,the sea at night\n")
	for r, err := range batch.Run(context.Background(), client, journal, jobsOf(table), batch.Options{Parallel: 1, Wait: atOnce}) {
		fmt.Println(r.Key, r.State, err)
	}
	// Output:
	// fox completed <nil>
	// sea completed <nil>
}

// A response was lost: nobody but the web console knows whether there is a task.
func ExampleResolve() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()

	server.FailNext(1, fakeapi.DropAnswer())
	run := func() {
		fox := batch.Job{Key: "fox", Request: wrapper.GenerateRequest{Prompt: "a fox"}}
		for r, err := range batch.Run(context.Background(), client, journal, batch.Jobs(fox), batch.Options{Wait: atOnce}) {
			fmt.Println(r.Key, r.State, errors.Is(r.Err, batch.ErrInDoubt), err)
		}
	}
	run()
	run() // does not send it again
	seenInTheConsole := server.Tasks()[0]
	if err := batch.Resolve(context.Background(), journal, "fox", seenInTheConsole); err != nil {
		log.Fatal(err)
	}
	run()
	// Output:
	// fox in-doubt true <nil>
	// fox in-doubt true <nil>
	// fox completed false <nil>
}

func ExampleFileJournal_All() {
	dir, remove := tempDir()
	defer remove()
	path := filepath.Join(dir, "tasks.jsonl")
	line := `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"fox","state":"saved","task":"abcd_1","files":["fox-1.png"]}`
	if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	journal, err := batch.ReadJournal(path) // also while a program writes it
	if err != nil {
		log.Fatal(err)
	}
	defer journal.Close()
	for e, err := range journal.All(context.Background()) {
		fmt.Println(e.Key, e.State, e.TaskID, e.Files, err)
	}
	// Output: fox saved abcd_1 [fox-1.png] <nil>
}

func ExampleOptions_save() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()

	upload := func(name string, r io.Reader) error { // to a bucket, say
		_, err := io.Copy(io.Discard, r)
		return err
	}
	save := func(ctx context.Context, r batch.Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error {
		name := fmt.Sprintf("%s/%d", r.TaskID, image)
		pr, pw := io.Pipe()
		go func() {
			_, err := open(pw)
			pw.CloseWithError(err)
		}()
		if err := upload(name, pr); err != nil {
			return err
		}
		batch.AddFile(ctx, "s3://pictures/"+name)
		return nil
	}
	fox := batch.Job{Key: "fox", Request: wrapper.GenerateRequest{Prompt: "a fox"}}
	for r, err := range batch.Run(context.Background(), client, journal, batch.Jobs(fox), batch.Options{Wait: atOnce, Save: save}) {
		fmt.Println(r.Key, r.State, r.Files, err)
	}
	// Output: fox saved [s3://pictures/fake_0000000000000001/1] <nil>
}
