package batch_test

import (
	"context"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// docs/batch.md shows this function as a program of its own.
//
// main makes a picture of each argument.
func main() {
	client, err := wrapper.NewClientFromEnv() // reads TENSORSLAB_API_KEY
	if err != nil {
		log.Fatal(err)
	}
	journal, err := batch.OpenJournal("tasks.jsonl")
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once

	var jobs []batch.Job
	for _, prompt := range os.Args[1:] {
		jobs = append(jobs, batch.Job{Request: wrapper.GenerateRequest{Prompt: prompt}})
	}
	opts := batch.Options{Parallel: 4, Save: batch.ToDir("pictures", "{key}-{n}{ext}")}
	failed := false
	for result, err := range batch.Run(ctx, client, journal, batch.Jobs(jobs...), opts) {
		failed = failed || err != nil || result.Err != nil
		switch {
		case err != nil:
			log.Print(err) // of the run, which ends here
		case result.Err != nil:
			log.Print(result.Key, ": ", result.Err) // of this job only
		case result.State == batch.Saved:
			log.Print(result.Key, ": ", result.Files)
		}
	}
	stop()
	if err := journal.Close(); err != nil || failed {
		os.Exit(1) // run the program again to go on: that pays for nothing twice
	}
}

// The second run pays for nothing.
func TestProgram(t *testing.T) {
	service := fakeapi.Start(t, fakeapi.WithStrict(), fakeapi.WithKey("your-api-key"), fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	t.Setenv(wrapper.EnvAPIKey, "your-api-key")
	t.Setenv(wrapper.EnvBaseURL, service.URL)
	t.Chdir(t.TempDir())
	args := os.Args
	t.Cleanup(func() { os.Args = args })
	os.Args = []string{"program", "a fox", "the sea"}
	main()
	main()
	files, err := filepath.Glob(filepath.Join("pictures", "*.png"))
	if made := service.Tasks(); len(made) != 2 || len(files) != 2 || err != nil {
		t.Errorf("tasks %q, files %q, %v", made, files, err)
	}
}
