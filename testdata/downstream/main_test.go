package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Ids in the form of the contract's example, so that limits of what an id may be, if the
// contract gains some, allow them.
const (
	a = "abcd_1234567890abcdea"
	b = "abcd_1234567890abcdeb"
)

func TestClean(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(*fakeapi.Server)
		log     string
		left    []string
	}{
		{"all is well", func(*fakeapi.Server) {}, "", nil},
		{"a lost answer", func(s *fakeapi.Server) { s.FailNext(1, fakeapi.DropAnswer()) }, "", nil},
		{"a task that stays", func(s *fakeapi.Server) { s.RefuseTasks(b) }, b + ": cannot be deleted\n", []string{b}},
		{"no credits", func(s *fakeapi.Server) { s.FailNext(1, fakeapi.BusinessCode(wrapper.CodeInsufficientCredits, "no")) },
			a + ": no credits\n" + b + ": no credits\n", []string{a, b}},
		{"out of contract", func(s *fakeapi.Server) {
			s.FailNext(1, fakeapi.Respond(http.StatusOK, "application/json", `{"code": 1000, "msg": "OK"}`))
		}, a + ": out of contract: [/data: required]\n" + b + ": out of contract: [/data: required]\n", []string{a, b}},
		{"a gateway", func(s *fakeapi.Server) { s.FailNext(3, fakeapi.Respond(http.StatusBadGateway, "text/html", "<html>")) },
			a + ": HTTP 502, code 0\n" + b + ": HTTP 502, code 0\n", []string{a, b}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			service := fakeapi.Start(t, fakeapi.WithTasks(a, b), fakeapi.WithKey("the-key"), fakeapi.WithStrict())
			tt.prepare(service)
			client, err := wrapper.NewClient("the-key", wrapper.WithBaseURL(service.URL),
				wrapper.WithRetry(wrapper.RetryPolicy{Backoff: time.Millisecond}))
			if err != nil {
				t.Fatal(err)
			}
			var log strings.Builder
			deleted, left := clean(t.Context(), client, strings.NewReader(a+"\n"+b+"\n"), &log)
			if log.String() != tt.log || deleted+left != 2 || left != len(tt.left) {
				t.Errorf("deleted %d, left %d, logged %q; want %q", deleted, left, log.String(), tt.log)
			}
			if got := service.Tasks(); !slices.Equal(got, tt.left) {
				t.Errorf("tasks left: %q; want %q", got, tt.left)
			}
		})
	}
}
