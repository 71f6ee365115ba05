package cli

import (
	"os/exec"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"0 ids": Count(0, "id"), "1 id": Count(1, "id"), "2 ids": Count(2, "id"),
		"1 batch": Count(1, "batch"), "3 batches": Count(3, "batch"),
	} {
		wantText(t, "count", got, want)
	}
}

// Text of the service must not control a terminal; all other text stays as it is.
func TestPrintable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"abcd_1": "abcd_1", `C:\pictures\a "b".png`: `C:\pictures\a "b".png`, "tâche 任务": "tâche 任务",
		"a\nb": `"a\nb"`, "\x1b[2J": `"\x1b[2J"`, "a\xff": `"a\xff"`, "\u202egnp": `"\u202egnp"`, "a\u00a0b": `"a\u00a0b"`,
	} {
		wantText(t, "printable", Printable(s), want)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"": "", "one": "one", "one\ntwo\n": "one; two", "one\r\ntwo": "one; two", `a "b" \c`: `a "b" \c`,
		"\x1b[2J \"b\"\nc": `\x1b[2J "b"; c`, "a\u202eb": `a\u202eb`,
	} {
		wantText(t, "one line", OneLine(s), want)
	}
}

func TestNameIDs(t *testing.T) {
	t.Parallel()
	for want, ids := range map[string][]string{
		"0 ids": nil, "a": {"a"}, "2 ids (a … b)": {"a", "b"}, "3 ids (a … c)": {"a", "b", "c"}, `"\x1b"`: {"\x1b"},
	} {
		wantText(t, "names", NameIDs(ids), want)
	}
}

// Ids come from the service, and are pasted into a shell.
func TestShellCommand(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"abcd_1234567890abcdef": "abcd_1234567890abcdef", "a;rm -rf ~": "'a;rm -rf ~'", "$(id)": "'$(id)'", "`id`": "'`id`'",
		"it's": `'it'\''s'`, `a"b`: `'a"b'`, "--force": "-- --force", "-": "-- -", "": "''", "a\nb": `'"a\nb"'`, "a b": "'a b'", "~": "'~'", "*": "'*'",
	} {
		wantText(t, "command", ShellCommand("wait", id), "tensorslab images wait "+want)
	}
	wantText(t, "command", ShellCommand("download", "a", "--out", "my pictures"), "tensorslab images download --out 'my pictures' a")
}

// A shell splits the command into the words that were put in, and runs nothing else.
func FuzzShellCommand(f *testing.F) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("there is no shell")
	}
	for _, seed := range []string{"a", "", "'", `\`, "$(id)", "a\nb", "-x", "\x1b[2J", "'; id; '", `"'"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		words := "set -- " + strings.TrimPrefix(ShellCommand("wait", id), "tensorslab ") + `; test $# -ge 3; for last; do :; done; printf %s "$last"`
		got, err := exec.CommandContext(t.Context(), shell, "-c", words).CombinedOutput()
		if err != nil || string(got) != Printable(id) {
			t.Errorf("%q becomes %q, %v", id, got, err)
		}
	})
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 80000: "80,000", 123456: "123,456", 1234567: "1,234,567"} {
		if got := Grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
