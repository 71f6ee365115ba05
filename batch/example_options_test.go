package batch_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// run makes an image of each prompt, under the prompt as its key, and returns how many jobs
// ended in each state.
func run(client *wrapper.Client, journal batch.Journal, opts batch.Options, prompts ...string) map[batch.State]int {
	var jobs []batch.Job
	for _, prompt := range prompts {
		jobs = append(jobs, batch.Job{Key: prompt, Request: wrapper.GenerateRequest{Prompt: prompt}})
	}
	if opts.Wait.Interval == 0 {
		opts.Wait = atOnce
	}
	ended := map[batch.State]int{}
	for result, err := range batch.Run(context.Background(), client, journal, batch.Jobs(jobs...), opts) {
		if err != nil {
			log.Fatal(err)
		}
		ended[result.State]++
	}
	return ended
}

// A plan allows four tasks at once.
func ExampleOptions_parallel() {
	server, client := fake(fakeapi.WithMaxTasks(4))
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()

	fmt.Println(run(client, journal, batch.Options{Parallel: 4}, "fox", "owl", "bear", "hare", "lynx"))
	// Output: map[completed:5]
}

// Tonight no more than two images are to be paid for. The next run goes on.
func ExampleOptions_maxTasks() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()

	for range 2 {
		run(client, journal, batch.Options{MaxTasks: 2}, "fox", "owl", "bear")
		fmt.Println(len(server.Tasks()))
	}
	// Output:
	// 2
	// 3
}

// Each task is looked at as often as one likes.
func ExampleOptions_wait() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()

	wait := atOnce // for the service: wrapper.WaitOptions{Interval: 5 * time.Second}
	fmt.Println(run(client, journal, batch.Options{Wait: wait}, "fox"))
	// Output: map[completed:1]
}

// The journal has a job of yesterday that is not finished. Today it is left alone.
func ExampleOptions_resume() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()
	server.ScriptNext(1, fakeapi.TaskLife{Processing: 1 << 20})
	yesterday, cancel := context.WithCancel(context.Background())
	opts := batch.Options{Wait: atOnce, OnChange: func(r batch.Result) {
		if r.State == batch.Submitted {
			cancel()
		}
	}}
	owl := batch.Job{Key: "owl", Request: wrapper.GenerateRequest{Prompt: "owl"}}
	for range batch.Run(yesterday, client, journal, batch.Jobs(owl), opts) {
	}

	none := func(batch.Entry) bool { return false }
	fmt.Println(run(client, journal, batch.Options{Resume: none}, "fox"))
	// Output: map[completed:1]
}

// A picture was removed by mistake. It is downloaded again, at no cost.
func ExampleOptions_checkFiles() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()
	dir, removeDir := tempDir()
	defer removeDir()

	opts := batch.Options{Save: batch.ToDir(dir, "{key}{ext}"), CheckFiles: true}
	for range 2 {
		run(client, journal, opts, "fox")
		fmt.Println(os.Remove(filepath.Join(dir, "fox.png")), len(server.Tasks()))
	}
	// Output:
	// <nil> 1
	// <nil> 1
}

// Each change of a job can be shown as it happens.
func ExampleOptions_onChange() {
	server, client := fake()
	defer server.Close()
	journal, remove := tempJournal()
	defer remove()

	run(client, journal, batch.Options{OnChange: func(r batch.Result) { fmt.Printf("%s %s %q\n", r.Key, r.State, r.TaskID) }}, "fox")
	// Output:
	// fox submitting ""
	// fox submitted "fake_0000000000000001"
	// fox completed "fake_0000000000000001"
}
