package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// failedTests is the refusal of a contract with which tests fail, or no longer
// compile. Its reason names the first place.
func failedTests(out string, err error) *refusal {
	const advice = "Edit what the contract changed for them, and import it again. They said:"
	if messages := compilerLines(out); len(messages) > 0 {
		return &refusal{
			reasons: []string{fmt.Sprintf("the tests do not compile with this contract: %s: %s", messages[0].place, messages[0].text)},
			places:  texts(messages),
			advice:  advice,
			output:  out,
		}
	}
	return &refusal{
		reasons: []string{"the tests fail with this contract: " + cmp.Or(firstFailure(out), err.Error())},
		advice:  advice,
		output:  out,
	}
}

var (
	failedTest = regexp.MustCompile(`(?m)^(\s*)--- FAIL: (\S+)`)
	failedLine = regexp.MustCompile(`(?m)^\s+(\S+\.go:\d+: .+)$`)
	failedExit = regexp.MustCompile(`(?m)^(panic: .+|FAIL\t.+)$`)
)

// maxFailure is how many bytes of a test's message are quoted in a reason.
const maxFailure = 300

// firstFailure is the first test that failed, and what it said first; or why a package
// failed in which no test did.
func firstFailure(out string) string {
	found := failedTest.FindAllStringSubmatchIndex(out, -1)
	if len(found) == 0 {
		return failedExit.FindString(out)
	}
	first := found[0]
	for _, next := range found[1:] { // go test lists a test before its subtests
		if next[3]-next[2] <= first[3]-first[2] {
			break
		}
		first = next
	}
	name, rest := out[first[4]:first[5]], out[first[1]:]
	if end := failedTest.FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	line := failedLine.FindStringSubmatch(rest)
	if line == nil {
		return name
	}
	text := line[1]
	if len(text) > maxFailure {
		text = strings.ToValidUTF8(text[:maxFailure], "") + "…"
	}
	return name + ": " + text
}
