package main

import (
	"errors"
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
		"one; two": errors.Join(errors.New("tensorslab: one"), errors.New("fakeapi: two")),
		"HTTP 401: the service refused the request; correct it; the service did not act": errors.New(
			"tensorslab: deleteImagesTask: HTTP 401: the service refused the request; correct it; the service did not act"),
	} {
		wantText(t, "text", plain(err), want)
	}
}
