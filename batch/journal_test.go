package batch

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func reopen(t *testing.T, j *FileJournal) *FileJournal {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return journalAt(t, j.path)
}

func list(t *testing.T, j Journal) (all, unfinished []Entry) {
	t.Helper()
	for e, err := range j.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	for e, err := range j.Unfinished(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		unfinished = append(unfinished, e)
	}
	return all, unfinished
}

func sampleEntries() []Entry {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	hostile := "ключ \"with\" \\ and \n </script>\u2028"
	return []Entry{
		{Time: at, Key: "a", State: Submitting, Request: "d1", Model: wrapper.ModelZImage, Prompt: "a fox"},
		{Time: at, Key: hostile, State: Submitting, Request: "d2", Model: wrapper.ModelSeeDreamV5, Prompt: "plain"},
		{Time: at, Key: "c", State: InDoubt, Error: "a lost response"},
		{Time: at, Key: "a", State: Submitted, TaskID: "t1", Request: "d1", Model: wrapper.ModelZImage, Prompt: "a fox"},
		{Time: at, Key: hostile, State: Saved, TaskID: "t\t2", Request: "d2", Model: wrapper.ModelSeeDreamV5, Prompt: "plain", Files: []string{"a.png", `b "c".png`}},
		{Time: at, Key: "d", State: Completed, TaskID: "t4", Files: []string{"x", "y"}},
	}
}

func TestJournalKeepsTheLatestEntryOfEachJob(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	entries := sampleEntries()
	hostile := entries[1].Key
	for _, e := range entries {
		if err := j.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		all, unfinished := list(t, j)
		if diff := cmp.Diff([]Entry{entries[2], entries[3], entries[4], entries[5]}, all); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]Entry{entries[3], entries[5]}, unfinished); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(entries[4], entryOf(t, j, hostile)); diff != "" {
			t.Error(diff)
		}
		if _, ok, err := j.Get(t.Context(), "none"); ok || err != nil {
			t.Errorf("%v %v", ok, err)
		}
		j = reopen(t, j)
	}
	if info, err := os.Stat(j.path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(j.path)
	if want := `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"a","state":"submitting","request":"d1","model":"zimage","prompt":"a fox"}` + "\n"; err != nil || !strings.HasPrefix(string(data), want) {
		t.Errorf("the file begins with %.200s, %v", data, err)
	}
}

// A job that changes while a journal is read is yielded nevertheless, and once.
func TestJobsThatChangeWhileTheyAreListed(t *testing.T) {
	t.Parallel()
	const n = 2000 // more lines than are read at once
	for name, changed := range map[string]func(i int) int{
		"the next job":   func(i int) int { return min(i+1, n-1) },
		"the job itself": func(i int) int { return i },
		"the last job":   func(int) int { return n - 1 },
		"an earlier job": func(i int) int { return i / 2 },
	} {
		for list, entries := range map[string]func(*FileJournal, context.Context) iter.Seq2[Entry, error]{
			"All": (*FileJournal).All, "Unfinished": (*FileJournal).Unfinished,
		} {
			for _, open := range []func(testing.TB, string) *FileJournal{journalAt, shareAt} {
				t.Run(name+"/"+list, func(t *testing.T) {
					t.Parallel()
					j := open(t, filepath.Join(t.TempDir(), "j"))
					j.file = unsynced{j.file} // a disk is slow
					for i := range n {
						put(t, j, Entry{Key: keyOf(i), State: Submitted, TaskID: keyOf(i)})
					}
					met := 0
					for e, err := range entries(j, t.Context()) {
						if err != nil || e.Key != keyOf(met) || e.TaskID != e.Key {
							t.Fatalf("job %d: %+v, %v", met, e, err)
						}
						put(t, j, Entry{Key: keyOf(changed(met)), State: Completed, TaskID: keyOf(changed(met))})
						met++
					}
					if met != n {
						t.Errorf("%d of %d jobs", met, n)
					}
				})
			}
		}
	}
}

// unsynced is a file that is left to the system.
type unsynced struct{ storage }

func (unsynced) Sync() error { return nil }

func TestEntriesThatCannotBePut(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for name, e := range map[string]Entry{
		"no key": {}, "not UTF-8": {Key: "\xff"}, "no such state": {Key: "a", State: 99}, "no task": {Key: "a", State: Submitted},
		"a long key": {Key: strings.Repeat("k", maxKey+1)}, "a long line": {Key: "a", Files: []string{strings.Repeat("f", maxLine)}},
	} {
		if err := j.Put(t.Context(), e); !errors.Is(err, ErrInvalidEntry) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, err := os.Stat(j.path); err != nil || info.Size() != 0 {
		t.Errorf("%v %v", info, err)
	}
	// A prompt of 100 KB is cut, and so is an error.
	long := strings.Repeat("é\n", 50_000)
	if err := j.Put(t.Context(), Entry{Key: "a", Prompt: long, Error: long}); err != nil {
		t.Fatal(err)
	}
	if e := entryOf(t, j, "a"); len([]rune(e.Prompt)) != maxPrompt || len(e.Error) > 2*maxError || strings.Contains(e.Prompt, "\n") {
		t.Errorf("%d %d", len(e.Prompt), len(e.Error))
	}
}

const good = `{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"a","state":"submitted","task":"t1"}` + "\n"

func TestATornLastLine(t *testing.T) {
	t.Parallel()
	whole := strings.TrimSuffix(strings.ReplaceAll(good, `"a"`, `"b"`), "\n")
	for _, tt := range []struct {
		name, tail, aside string
		entries           int
	}{ // each after a line that is whole
		{"half a line", whole[:40], whole[:40] + "\n", 1},
		{"one byte", "{", "{\n", 1},
		{"zeros", strings.Repeat("\x00", 500), strings.Repeat("\x00", 500) + "\n", 1},
		{"a line without its break", whole, "", 2},
		{"a line of a person, without its break", `{ "v": 1, "key": "b", "task": "t2", "state": "saved", "time": "2026-01-02T03:04:05+02:00" }`, "", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "j")
			write(t, path, good+tt.tail)
			if reader, err := ReadJournal(path); err != nil {
				t.Error(err)
			} else if all, _ := list(t, reader); len(all) != tt.entries || reader.Put(t.Context(), Entry{Key: "x"}) == nil || reader.Close() != nil {
				t.Errorf("read: %v", all)
			}
			j := journalAt(t, path)
			for more := range 2 {
				if all, _ := list(t, j); len(all) != tt.entries+more {
					t.Errorf("%v", all)
				}
				if err := j.Put(t.Context(), Entry{Key: "c"}); err != nil {
					t.Error(err)
				}
				j = reopen(t, j)
			}
			if data, _ := os.ReadFile(path + ".torn"); string(data) != tt.aside {
				t.Errorf("set aside: %q", data)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestJournalsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"another version":     {good + `{"v":2,"key":"b"}` + "\n", "line 2 is of version 2"},
		"no version":          {`{"key":"b"}` + "\n", "line 1 has no version"},
		"a list of prompts":   {"a fox\na hare\n", "line 1 is not a JSON object"},
		"edited to nonsense":  {good + good[:50] + good[60:] + good, "line 2"},
		"an unknown state":    {strings.Replace(good, "submitted", "done", 1), "line 1 is no entry"},
		"a misspelt field":    {strings.Replace(good, `"task"`, `"tsak"`, 1), `line 1 is no entry: json: unknown field "tsak"`},
		"a field twice":       {strings.Replace(good, `"task":"t1"`, `"task":"t1","task":"t2"`, 1), `line 1 is no entry: it has the field "task" twice`},
		"another case":        {strings.Replace(good, `"task"`, `"Task"`, 1), `line 1 is no entry: it has the field "Task"`},
		"both cases":          {strings.Replace(good, `"state":"submitted"`, `"state":"submitted","State":"saved"`, 1), `line 1 is no entry: it has the field "State"`},
		"a long s":            {strings.Replace(good, `"task"`, `"taſk"`, 1), "line 1 is no entry: it has the field"},
		"no task":             {strings.Replace(good, `,"task":"t1"`, "", 1), "names no task"},
		"no key":              {strings.Replace(good, `"key":"a",`, "", 1), "the key is empty"},
		"no time":             {strings.Replace(good, `2026-01-02`, "yesterday", 1), "has no time"},
		"two values":          {strings.TrimSpace(good) + good, "line 1"},
		"a note, unfinished":  {"my notes", "line 1 is not a JSON object"},
		"a JSON file":         {`{"a":1}`, "line 1 has no version"},
		"a binary file":       {strings.Repeat("\x7fELF\x00\x01\n", 10), "line 1 is not a JSON object"},
		"a line without end":  {good + strings.Repeat("x", maxLine+2), "line 2 is longer than"},
		"nonsense in the end": {good + "nonsense\n", "line 2 is not a JSON object"},
	} {
		path := filepath.Join(t.TempDir(), "j")
		write(t, path, tt.text)
		_, err := OpenJournal(path)
		if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := ReadJournal(path); !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: read: %v", name, err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != tt.text {
			t.Errorf("%s: the file was changed", name)
		}
		if _, err := os.Stat(path + ".torn"); err == nil {
			t.Errorf("%s: something was set aside", name)
		}
	}
}
