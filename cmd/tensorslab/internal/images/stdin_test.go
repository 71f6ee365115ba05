package images

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

const png = "\x89PNG\r\n\x1a\n and so on"

func TestSourceFromStdin(t *testing.T) {
	t.Parallel()
	prompts := clitest.WriteFile(t, filepath.Join(t.TempDir(), "prompts.txt"), "a fox\na cat\n")
	for name, args := range map[string][]string{"one": {"a fox"}, "many": {"--file", prompts}} {
		fake := fakeapi.Start(t, fakeapi.WithTaskLife(fakeapi.TaskLife{}))
		s := clitest.Against(t, newRoot, fake)
		s.Stdin = strings.NewReader(png)
		clitest.WantStatus(t, s.Run(append([]string{"images", "generate", "--source", "-"}, args...)...), cli.OK)
		sent := 0
		for _, r := range fake.Requests() {
			if strings.Contains(string(r.Body), png) && strings.Contains(string(r.Body), `filename="source`) {
				sent++
			}
		}
		if want := len(fake.Tasks()); sent != want || want == 0 {
			t.Errorf("%s: %d of %d requests have the image", name, sent, want)
		}
	}
	for want, text := range map[string]string{
		"cannot read --source: standard input is empty; nothing was sent": "",
		"--source/0: the source is not an image":                          "a text",
	} {
		fake := fakeapi.Start(t)
		s := clitest.Against(t, newRoot, fake)
		s.Stdin = strings.NewReader(text)
		got := s.Run("images", "generate", "a fox", "--source", "-")
		clitest.WantStatus(t, got, cli.Usage)
		if !strings.Contains(got.Err, strings.TrimPrefix(want, "--source/0: the ")) || len(fake.Requests()) > 0 {
			t.Errorf("stderr %q, want %q", got.Err, want)
		}
	}
}

func TestKeyFromStdin(t *testing.T) {
	t.Parallel()
	fake := fakeapi.Start(t, fakeapi.WithKey(clitest.Key), fakeapi.WithTasks("a"))
	s := clitest.Session{T: t, Root: newRoot, Env: map[string]string{"TENSORSLAB_BASE_URL": fake.URL}}
	for _, text := range []string{clitest.Key, "TENSORSLAB_API_KEY=" + clitest.Key + "\n"} {
		s.Stdin = strings.NewReader(text)
		clitest.WantStatus(t, s.Run("images", "info", "a", "--api-key-file", "-"), cli.OK)
	}
	for _, text := range []string{"", " \n"} {
		s.Stdin = strings.NewReader(text)
		got := s.Run("images", "info", "a", "--api-key-file", "-")
		clitest.WantError(t, got, cli.Auth, `no API key: standard input is empty; write the key to it, or leave --api-key-file out and run "tensorslab auth login"`)
	}
	s.Stdin = nil
	clitest.WantStatus(t, s.Run("images", "info", "a", "--api-key-file", "-"), cli.Auth)
}

// Of two that want standard input the second would find nothing, so neither is read.
func TestOneReadsStdin(t *testing.T) {
	t.Parallel()
	for line, users := range map[string]string{
		"generate - --source -":                    "PROMPT - and --source -",
		"generate fox --source - --source -":       "--source - and --source -",
		"generate --file - --source -":             "--file - and --source -",
		"generate --file - --api-key-file -":       "--file - and --api-key-file -",
		"generate - --api-key-file -":              "PROMPT - and --api-key-file -",
		"generate fox --source - --api-key-file -": "--source - and --api-key-file -",
		"info --api-key-file -":                    "the list of ids and --api-key-file -",
		"wait --file - --api-key-file -":           "--file - and --api-key-file -",
		"download --api-key-file - --out -":        "the list of ids and --api-key-file -",
		"delete --api-key-file -":                  "the list of ids and --api-key-file -",
		"delete a --file - --api-key-file -":       "--file - and --api-key-file -",
	} {
		fake := fakeapi.Start(t)
		s := clitest.Against(t, newRoot, fake)
		in := strings.NewReader(clitest.Key)
		s.Stdin = in
		got := s.Run(append([]string{"images"}, strings.Fields(line)...)...)
		clitest.WantError(t, got, cli.Usage, users+" both read standard input, which only one can; use a file for the other; nothing was sent")
		if in.Len() != len(clitest.Key) || len(fake.Requests()) > 0 {
			t.Errorf("%s: standard input was read", line)
		}
	}
}
