package mcp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// images makes the next query respond with a completed task that has these images.
func (r *rig) images(fake *fakeapi.Server, id string, urls []string) {
	r.Helper()
	list, err := json.Marshal(urls)
	if err != nil {
		r.Fatal(err)
	}
	fake.FailNextOn("infoByTaskId", 1, fakeapi.Respond(200, "application/json",
		fmt.Sprintf(`{"code":1000,"msg":"ok","data":{"taskid":%q,"image_status":3,"url":%s}}`, id, list)))
}

// A task with more images than there can be is not saved, completely shown or whole because
// some of them are.
func TestMoreImagesThanATaskHas(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
	r := with(t, fake)
	created, _ := call[generateOut](r, "generate", args{"prompt": "a fox"})
	task := args{"task_id": created.TaskID}
	for _, n := range []int{16, 40} {
		urls := slices.Repeat(fake.ImageURLs(created.TaskID), n)
		words := fmt.Sprintf("the service names %d images, and a task has at most 15: only the first 15 are here", n)
		r.images(fake, created.TaskID, urls)
		if got, _ := call[infoOut](r, "info", task); got.Images != n || len(got.ImageURLs) != maxCount || got.Error != words {
			t.Errorf("info: %+v", got)
		}
		r.images(fake, created.TaskID, urls)
		if got, _ := call[waitOut](r, "wait", task); got.Outcome != outcomeCompleted || got.Images != n || len(got.Shown) != maxCount || got.Error != words {
			t.Errorf("wait: %+v", got)
		}
		r.images(fake, created.TaskID, urls)
		got, result := call[downloadOut](r, "download", task)
		if !result.IsError || len(got.Files) != maxCount || got.Images != n || got.Error != words {
			t.Errorf("download: %+v", got)
		}
		if e := r.entries(); e[0].State != batch.Completed || e[0].Files != nil {
			t.Errorf("journal %+v", e)
		}
	}
	r.images(fake, created.TaskID, append(slices.Clone(fake.ImageURLs(created.TaskID)), "javascript:alert(1)"))
	if got, _ := call[infoOut](r, "info", task); len(got.ImageURLs) != 1 || !strings.HasPrefix(got.Error, "1 image of the task left out") {
		t.Errorf("info: %+v", got)
	}
	r.images(fake, created.TaskID, slices.Repeat(fake.ImageURLs(created.TaskID), maxCount))
	if got, result := call[downloadOut](r, "download", task); result.IsError || len(got.Files) != maxCount || r.entries()[0].State != batch.Saved {
		t.Errorf("download: %+v", got)
	}
}
