package main

import (
	"regexp"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	got := session{t: t}.run("version")
	wantStatus(t, got, statusOK)
	want := regexp.MustCompile(`^tensorslab ` + regexp.QuoteMeta(wrapper.Version) + `\ngo1\.\S+.* \w+/\w+\nImages Service API \S+\n$`)
	if !want.MatchString(got.out) {
		t.Errorf("stdout %q, want %v", got.out, want)
	}
	got = session{t: t}.run("--version")
	wantStatus(t, got, statusOK)
	wantText(t, "stdout", got.out, "tensorslab version "+wrapper.Version+"\n")
}
