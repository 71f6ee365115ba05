package main

import (
	"testing"

	tensorslab "github.com/tensorslab/tensorslab-go"
)

func TestSpec(t *testing.T) {
	t.Parallel()
	got := session{t: t}.run("spec")
	wantStatus(t, got, statusOK)
	wantText(t, "stdout", got.out, string(tensorslab.Spec()))
}
