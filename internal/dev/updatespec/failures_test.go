package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestFailedTests(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 400)
	for name, tt := range map[string]struct{ out, reason string }{
		"a test": {"ok  \ta\t1s\n--- FAIL: TestA (0.01s)\n    a_test.go:7: got 1\n--- FAIL: TestB (0.00s)\n    b_test.go:1: x\nFAIL\nFAIL\tb\t2s\n",
			"the tests fail with this contract: TestA: a_test.go:7: got 1"},
		"a subtest": {"--- FAIL: TestA (0.01s)\n    --- FAIL: TestA/one (0.00s)\n        a_test.go:9: no\n    --- FAIL: TestA/two (0.00s)\n        a_test.go:9: nor\n",
			"the tests fail with this contract: TestA/one: a_test.go:9: no"},
		"no message":   {"--- FAIL: TestA (0.01s)\n--- FAIL: TestB (0.00s)\n    b_test.go:1: x\n", "the tests fail with this contract: TestA"},
		"a long one":   {"--- FAIL: TestA (0.01s)\n    a_test.go:7: " + long + "\n", "the tests fail with this contract: TestA: a_test.go:7: é"},
		"an example":   {"--- FAIL: ExampleA (0.00s)\ngot:\n1\nwant:\n2\n", "the tests fail with this contract: ExampleA"},
		"a panic":      {"panic: frozen: no operation\n\ngoroutine 1 [running]:\n", "the tests fail with this contract: panic: frozen: no operation"},
		"a package":    {"FAIL\ta\t0.1s\nFAIL\n", "the tests fail with this contract: FAIL\ta\t0.1s"},
		"nothing said": {"", "the tests fail with this contract: exit status 1"},
		"the compiler": {"# a/b [a/b.test]\n./b_test.go:38:80: cannot use files\nFAIL\ta/b [build failed]\n--- FAIL: TestC\n",
			"the tests do not compile with this contract: b_test.go:38: cannot use files"},
	} {
		r := failedTests(tt.out, errors.New("exit status 1"))
		if got := r.Error(); !strings.HasPrefix(got, tt.reason) || strings.Contains(got, "\n") || len(got) > 400 {
			t.Errorf("%s: %q; want %q", name, got, tt.reason)
		}
		var explained bytes.Buffer
		r.explain(&explained)
		if !strings.HasSuffix(explained.String(), "They said:\n"+tt.out) {
			t.Errorf("%s: explained as %s", name, explained.String())
		}
	}
}
