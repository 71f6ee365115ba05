package apikey

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	_ "github.com/tensorslab/tensorslab-go/internal/testkit/frozen" // the contract that the tests stand on
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func write(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFromFile(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"k-1":             "k-1",
		"k-1\n":           "k-1",
		"  k-1\r\n\r\n":   "k-1",
		"\ufeffk-1\n":     "k-1",
		"two\nlines\n":    "two\nlines",
		"'k-1'":           "'k-1'", // the library drops the quotes
		"# mine\n\nk-1\n": "k-1",
		"export TENSORSLAB_API_KEY=\"k-1\" # mine\r\n": "k-1",
		"\ufeffTENSORSLAB_API_KEY=k-1":                 "k-1",
		"OTHER=x\nTENSORSLAB_API_KEY='k-1'\n":          "k-1",
	} {
		got, err := FromFile(write(t, filepath.Join(t.TempDir(), "key"), content))
		if got != want || err != nil {
			t.Errorf("%q: got %q, %v; want %q", content, got, err, want)
		}
	}
}

func TestFromFileRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tests := map[string]struct {
		path string
		is   error
		text string
	}{
		"missing":   {filepath.Join(dir, "none"), fs.ErrNotExist, "none"},
		"empty":     {write(t, filepath.Join(dir, "empty"), ""), ErrNone, "is empty"},
		"blank":     {write(t, filepath.Join(dir, "blank"), " \r\n"), ErrNone, "is empty"},
		"too large": {write(t, filepath.Join(dir, "large"), strings.Repeat("secret", maxFile)), nil, "too large"},
		"directory": {dir, nil, "is a directory"},
		"comments":  {write(t, filepath.Join(dir, "comments"), "# secret\n"), ErrNone, "is empty"},
		"quotes":    {write(t, filepath.Join(dir, "quotes"), "''\n"), ErrNone, "is empty"},
		"no value":  {write(t, filepath.Join(dir, "value"), "TENSORSLAB_API_KEY=\nsecret"), ErrNone, "is empty"},
		"open":      {write(t, filepath.Join(dir, "open"), "\nTENSORSLAB_API_KEY='secret\n"), nil, "open:2: a quote is not closed"},
		"UTF-16":    {write(t, filepath.Join(dir, "utf16"), "\xff\xfes\x00"), nil, "is UTF-16 text; save it as UTF-8"},
		"UTF-16BE":  {write(t, filepath.Join(dir, "utf16be"), "\x00s\x00e"), nil, "is UTF-16 text; save it as UTF-8"},
		"Latin-1":   {write(t, filepath.Join(dir, "latin1"), "cl\xe9"), nil, "is not UTF-8 text"},
		"the key":   {"sk-secret-1", fs.ErrNotExist, "(its name is not shown, because it might be the key)"},
		"a slash":   {"sk/secret+1=", fs.ErrNotExist, "is not shown"},
		"absolute":  {"/secret", fs.ErrNotExist, "is not shown"},
		"long":      {"secret" + strings.Repeat("x", 500), nil, "is not shown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := FromFile(tt.path)
			if err == nil || !strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %q, want one with %q and no content", err, tt.text)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %q is not %q", err, tt.is)
			}
		})
	}
}

func TestFindInDotenv(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"TENSORSLAB_API_KEY=k-1\n":                            "k-1",
		"TENSORSLAB_API_KEY=k-1":                              "k-1",
		"# note\r\n\r\nOTHER=x\r\nTENSORSLAB_API_KEY=k-1\r\n": "k-1",
		"\ufeffTENSORSLAB_API_KEY=k-1\n":                      "k-1",
		"export TENSORSLAB_API_KEY=k-1\n":                     "k-1",
		"export\tTENSORSLAB_API_KEY = k-1\n":                  "k-1",
		`TENSORSLAB_API_KEY="k-1"`:                            "k-1",
		`TENSORSLAB_API_KEY='k-1' # note`:                     "k-1",
		`TENSORSLAB_API_KEY="k#1 "`:                           "k#1",
		"TENSORSLAB_API_KEY=k-1 # note":                       "k-1",
		"TENSORSLAB_API_KEY=k-1\t# note":                      "k-1",
		"TENSORSLAB_API_KEY=k#1":                              "k#1",
		"TENSORSLAB_API_KEY=k=1==":                            "k=1==",
		`TENSORSLAB_API_KEY="k-1`:                             "",
		"TENSORSLAB_API_KEY='k-1\nOTHER='x'":                  "",
		`declare -x TENSORSLAB_API_KEY="k-1"`:                 "k-1",
		`TENSORSLAB_API_KEY=k-1; export TENSORSLAB_API_KEY`:   "k-1",
		`TENSORSLAB_API_KEY='k'-"1"`:                          "k-1",
		`TENSORSLAB_API_KEY="k\"1\\"`:                         `k"1\`,
		`TENSORSLAB_API_KEY='k\1'`:                            `k\1`,
		`TENSORSLAB_API_KEY=k\#1`:                             "k#1",
		`TENSORSLAB_API_KEY="k;1"`:                            "k;1",
		"TENSORSLAB_API_KEY=k 1":                              "k 1",
		"TENSORSLAB_API_KEY='Bearer k-1'":                     "Bearer k-1",
		"TENSORSLAB_API_KEY='' # none":                        "",
		"TENSORSLAB_API_KEY=old\nTENSORSLAB_API_KEY=new\n":    "new",
		"TENSORSLAB_API_KEY=\n":                               "",
		"TENSORSLAB_API_KEY=# note\n":                         "",
		"# TENSORSLAB_API_KEY=k-1\n":                          "",
		"exportTENSORSLAB_API_KEY=k-1\n":                      "",
		"MY_TENSORSLAB_API_KEY=k-1\n":                         "",
		"TENSORSLAB_API_KEY\n":                                "",
		"":                                                    "",
	} {
		home := t.TempDir()
		write(t, filepath.Join(home, ".tensorslab", ".env"), content)
		got, _, err := Find(func(string) string { return "" }, home)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", content, got, err, want)
		}
		if want == "" && !errors.Is(err, ErrNone) {
			t.Errorf("%q: error %v, want ErrNone", content, err)
		}
	}
}

// Other variables are read as the key is, and a file that cannot be read says why.
func TestSetting(t *testing.T) {
	t.Parallel()
	env := func(name string) string { return map[string]string{"SET": " of-the-environment ", "EMPTY": `""`}[name] }
	for name, tt := range map[string]struct{ file, value, place, err string }{
		"SET":    {"SET=x", "of-the-environment", "SET", ""},
		"EMPTY":  {"EMPTY=bare", "bare", "EMPTY in ~/.tensorslab/.env", ""},
		"OTHER":  {"export OTHER='bare' # note\r\n", "bare", "OTHER in ~/.tensorslab/.env", ""},
		"BROKEN": {"OTHER='x\nBROKEN='secret", "", "", "~/.tensorslab/.env:2: a quote is not closed"},
		"WIDE":   {"\xfe\xff\x00W", "", "", "is UTF-16 text; save it as UTF-8"},
	} {
		home := t.TempDir()
		write(t, filepath.Join(home, ".tensorslab", ".env"), tt.file)
		value, place, err := Setting(env, home, name)
		if value != tt.value || place != tt.place || (err == nil) != (tt.err == "") || err != nil && !strings.HasSuffix(err.Error(), tt.err) {
			t.Errorf("%s: %q, %q, %v", name, value, place, err)
		}
	}
}

func TestFindOrder(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	write(t, filepath.Join(home, ".tensorslab", ".env"), wrapper.EnvAPIKey+"=of-the-file")
	for env, want := range map[string]string{
		"of-the-environment": "of-the-environment",
		" padded\n":          "padded",
		"":                   "of-the-file",
		"  ":                 "of-the-file",
	} {
		getenv := func(name string) string { return map[string]string{wrapper.EnvAPIKey: env}[name] }
		if got, _, err := Find(getenv, home); got != want || err != nil {
			t.Errorf("%s=%q: got %q, %v; want %q", wrapper.EnvAPIKey, env, got, err, want)
		}
	}
}

func TestFindNone(t *testing.T) {
	t.Parallel()
	unreadable := t.TempDir()
	if err := os.MkdirAll(filepath.Join(unreadable, ".tensorslab", ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, home := range map[string]string{"no home": "", "no file": t.TempDir(), "a directory in its place": unreadable} {
		if key, _, err := Find(func(string) string { return "" }, home); key != "" || !errors.Is(err, ErrNone) {
			t.Errorf("%s: got %q, %v; want ErrNone", name, key, err)
		}
	}
}

func TestFromReader(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"k-1\n": "k-1", "\ufeffk-1\r\n": "k-1", "# mine\nTENSORSLAB_API_KEY='k-1'\n": "k-1", "": "", "\n": "", "\xff\xfek\x00": "",
		strings.Repeat("x", maxFile+1): "",
	} {
		got, err := FromReader(strings.NewReader(content), "standard input")
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%.20q: %q, %v", content, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "standard input") {
			t.Errorf("%.20q: %v", content, err)
		}
	}
	if _, err := FromReader(iotest.ErrReader(fs.ErrClosed), "x"); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
}
