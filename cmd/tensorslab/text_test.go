package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"0 ids": count(0, "id"), "1 id": count(1, "id"), "2 ids": count(2, "id"),
		"1 batch": count(1, "batch"), "3 batches": count(3, "batch"),
	} {
		wantText(t, "count", got, want)
	}
}

// Operators see one line, no names of Go functions, and our name only once.
func TestPlain(t *testing.T) {
	t.Parallel()
	_, err := wrapper.NewClient("", wrapper.WithBaseURL("ftp://host"))
	for want, err := range map[string]error{
		"the API key is not usable: it is empty; set TENSORSLAB_API_KEY or give --api-key-file; " +
			"WithBaseURL: an option is not usable: the scheme of the base URL is not https": err,
		"download from \"10.0.0.1\": the address is not a public one; allow it with --allow-private if that is meant": &wrapper.DownloadError{Host: "10.0.0.1", Err: wrapper.ErrPrivateHost},
		"download from \"h\": the file is larger than the limit":                                                      &wrapper.DownloadError{Host: "h", Err: wrapper.ErrResponseTooLarge},
		"one; two": errors.Join(errors.New("tensorslab: one"), errors.New("fakeapi: two")),
		"HTTP 401: the service refused the request; correct it; the service did not act": errors.New(
			"tensorslab: deleteImagesTask: HTTP 401: the service refused the request; correct it; the service did not act"),
	} {
		wantText(t, "text", plain(err), want)
	}
}

// What the service sent must not steer a terminal; people read the rest as it is.
func TestPrintable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"abcd_1": "abcd_1", `C:\pictures\a "b".png`: `C:\pictures\a "b".png`, "tâche 任务": "tâche 任务",
		"a\nb": `"a\nb"`, "\x1b[2J": `"\x1b[2J"`, "a\xff": `"a\xff"`, "\u202egnp": `"\u202egnp"`, "a\u00a0b": `"a\u00a0b"`,
	} {
		wantText(t, "printable", printable(s), want)
	}
}

// Ids come from the service, and are copied to a shell.
func TestAdvise(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"abcd_1234567890abcdef": "abcd_1234567890abcdef", "a;rm -rf ~": "'a;rm -rf ~'", "$(id)": "'$(id)'", "`id`": "'`id`'",
		"it's": `'it'\''s'`, `a"b`: `'a"b'`, "--force": "-- --force", "-": "-- -", "": "''", "a\nb": `'"a\nb"'`, "a b": "'a b'", "~": "'~'", "*": "'*'",
	} {
		wantText(t, "advice", advise("wait", id), "tensorslab images wait "+want)
	}
	wantText(t, "advice", advise("download", "a", "--out", "my pictures"), "tensorslab images download --out 'my pictures' a")
}

// A shell makes of the advice the words that were put in, and nothing else.
func FuzzAdvise(f *testing.F) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("no shell here")
	}
	for _, seed := range []string{"a", "", "'", `\`, "$(id)", "a\nb", "-x", "\x1b[2J", "'; id; '", `"'"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		words := "set -- " + strings.TrimPrefix(advise("wait", id), "tensorslab ") + `; test $# -ge 3; for last; do :; done; printf %s "$last"`
		got, err := exec.CommandContext(t.Context(), shell, "-c", words).CombinedOutput()
		if err != nil || string(got) != printable(id) {
			t.Errorf("%q becomes %q, %v", id, got, err)
		}
	})
}
