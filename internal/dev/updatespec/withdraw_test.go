package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/internal/dev/codegen"
	"github.com/tensorslab/tensorslab-go/internal/dev/updatespec/difftest"
)

// An operation is withdrawn on request, and what uses it is named. The module does not
// compile until that is edited.
func TestUpdateWithdraws(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t, "batch", "testdata/downstream")
	o := offered(t, dir)
	method := strings.TrimPrefix(o.methods[0], "Client.")
	difftest.Write(t, dir, "wrapper/uses.go", "package wrapper\n\nvar _ = (*Client)."+method+"\n")
	verdict := filepath.Join(t.TempDir(), "verdict")
	status, stdout, stderr := program(t, dir, "none", specFile(t, without(t, dir, o.operation)), "WITHDRAW="+o.operation, "VERDICT="+verdict)
	for _, part := range []string{"withdrew " + o.operation + ": deleted fakeapi/", "\n  wrapper/uses.go:3\n", "updatespec: " + errUnfinished.Error() + "\n"} {
		if status != exitUnfinished || !strings.Contains(stderr, part) {
			t.Errorf("exit status %d, standard error lacks %q: %s", status, part, stderr)
		}
	}
	if !strings.Contains(stdout, "(*ClientWithResponses)."+method+"WithBodyWithResponse: removed") || get(t, filepath.Dir(verdict), "verdict") != "breaking\n" {
		t.Errorf("printed %s; want a breaking change", stdout)
	}
	isWithdrawn(t, dir, o)
	if err := os.Remove(filepath.Join(dir, "wrapper", "uses.go")); err != nil {
		t.Fatal(err)
	}
	if _, err := codegen.Run(t.Context(), dir, nil, "go", "build", "./..."); err != nil {
		t.Errorf("without what uses it: %v", err)
	}
}

// isWithdrawn checks that the tree has the contract and what it generates, and no
// file of the operation.
func isWithdrawn(t *testing.T, dir string, o offer) {
	t.Helper()
	for _, name := range o.own {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if strings.Contains(get(t, dir, codegen.Contract), `"`+o.operation+`"`) {
		t.Error("the contract still has the operation")
	}
	if err := codegen.Check(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

func TestUpdateWithdrawsNothingElse(t *testing.T) {
	t.Parallel()
	dir := moduleCopy(t)
	before := snapshot(t, dir)
	tests := []struct{ name, contract, withdraw, want string }{
		{"an operation that the contract has", grown(t, dir), "deleteImagesTask", "WITHDRAW: the contract has the operation deleteImagesTask"},
		{"an operation that nobody knows", grown(t, dir), "noSuch", "WITHDRAW: the module offers no operation noSuch"},
		{"another one than is gone", without(t, dir, offered(t, dir).operation), "infoByTaskId", "WITHDRAW: the contract has the operation infoByTaskId"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, _, stderr := program(t, dir, "none", specFile(t, tt.contract), "WITHDRAW="+tt.withdraw)
			if status != exitFailed || !strings.HasPrefix(stderr, "updatespec: "+tt.want) {
				t.Errorf("exit status %d, printed %s; want 1 and %q first", status, stderr, tt.want)
			}
			unchanged(t, dir, before)
		})
	}
}
