package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// stopAt ends a context as soon as a text is written.
type stopAt struct {
	text string
	stop func()
}

func (w stopAt) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.text) {
		w.stop()
	}
	return len(p), nil
}

// slowTest is a test that is under way until it is interrupted.
const slowTest = `package tensorslab

import (
	"fmt"
	"testing"
	"time"
)

func TestSlow(t *testing.T) {
	fmt.Println("a test is under way")
	time.Sleep(time.Minute)
}
`

// Whenever it is interrupted, the tree is as it was, and nothing is left behind.
func TestRunEndsWithTheContext(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	dir := moduleCopy(t, slices.Concat(client, []string{"*_test.go"})...)
	difftest.Write(t, dir, "slow_test.go", slowTest)
	contract := []byte(grown(t, dir))
	before := snapshot(t, dir)
	kept, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"reading", "generating", "building", "under way"} {
		ctx, cancel := context.WithCancel(t.Context())
		log := stopAt{at, cancel}
		u := update{service: codegen.All[0], root: dir, build: []string{"./..."}, tests: [][]string{{"-v", "."}}, out: io.Discard, log: log,
			begin: func(step string) { _, _ = log.Write([]byte(step)) }}
		err := u.run(ctx, func(context.Context) ([]byte, error) { return contract, nil })
		if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "contract") {
			t.Errorf("%s: %v; want %v and no word about the contract", at, err, context.Canceled)
		}
		cancel()
		unchanged(t, dir, before)
		if left, err := os.ReadDir(temp); err != nil || len(left) > len(kept) {
			t.Errorf("%s: left in the temporary folder: %v, %v", at, left, err)
		}
	}
}
