package apikey

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

const name = wrapper.EnvAPIKey

func stored(t *testing.T, home string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home, ".tensorslab", ".env"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// wantMode checks the mode of a file, and that nothing is beside it.
func wantMode(t *testing.T, path string) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("%s has mode %v", path, info.Mode())
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]struct{ set, removed string }{
		"":                                  {"TENSORSLAB_API_KEY=new\n", ""},
		"OTHER=x":                           {"OTHER=x\nTENSORSLAB_API_KEY=new\n", "OTHER=x"},
		"OTHER=x\r\n":                       {"OTHER=x\r\nTENSORSLAB_API_KEY=new\r\n", "OTHER=x\r\n"},
		"TENSORSLAB_API_KEY=old\n":          {"TENSORSLAB_API_KEY=new\n", ""},
		"TENSORSLAB_API_KEY=old":            {"TENSORSLAB_API_KEY=new", ""},
		"A=1\nTENSORSLAB_API_KEY=old\nB=2":  {"A=1\nTENSORSLAB_API_KEY=new\nB=2", "A=1\nB=2"},
		"# a\n\nTENSORSLAB_API_KEY=\n# b\n": {"# a\n\nTENSORSLAB_API_KEY=new\n# b\n", "# a\n\n# b\n"},
		"\ufeffTENSORSLAB_API_KEY=old\r\nA='1'\r\n": {"\ufeffTENSORSLAB_API_KEY=new\r\nA='1'\r\n", "\ufeffA='1'\r\n"},
		"\ufeff": {"\ufeffTENSORSLAB_API_KEY=new\n", "\ufeff"},
		"export TENSORSLAB_API_KEY=\"old\" # mine\n":                    {"export TENSORSLAB_API_KEY=new # mine\n", ""},
		"declare -x TENSORSLAB_API_KEY='old'\n":                         {"declare -x TENSORSLAB_API_KEY=new\n", ""},
		"TENSORSLAB_API_KEY=old; export TENSORSLAB_API_KEY\n":           {"TENSORSLAB_API_KEY=new; export TENSORSLAB_API_KEY\n", ""},
		"TENSORSLAB_API_KEY=old; OTHER=x\n":                             {"TENSORSLAB_API_KEY=new; OTHER=x\n", "OTHER=x\n"},
		"TENSORSLAB_API_KEY=a; TENSORSLAB_API_KEY=b\n":                  {"TENSORSLAB_API_KEY=new; TENSORSLAB_API_KEY=b\n", ""},
		"TENSORSLAB_API_KEY='a;b'#c\n":                                  {"TENSORSLAB_API_KEY=new\n", ""},
		"TENSORSLAB_API_KEY=a\nB=1\nexport TENSORSLAB_API_KEY=b\nC=2\n": {"TENSORSLAB_API_KEY=new\nB=1\nC=2\n", "B=1\nC=2\n"},
		"# TENSORSLAB_API_KEY=old\n":                                    {"# TENSORSLAB_API_KEY=old\nTENSORSLAB_API_KEY=new\n", "# TENSORSLAB_API_KEY=old\n"},
		"MY_TENSORSLAB_API_KEY=1\n":                                     {"MY_TENSORSLAB_API_KEY=1\nTENSORSLAB_API_KEY=new\n", "MY_TENSORSLAB_API_KEY=1\n"},
		"OTHER='not closed\n":                                           {"OTHER='not closed\nTENSORSLAB_API_KEY=new\n", "OTHER='not closed\n"},
	} {
		for value, want := range map[string]string{"new": want.set, "": want.removed} {
			home := t.TempDir()
			path := write(t, filepath.Join(home, ".tensorslab", ".env"), before)
			if err := Store(home, Variable{name, value}); err != nil {
				t.Errorf("%q: %v", before, err)
			}
			if _, err := os.Stat(path); want == "" && before != "" {
				if !os.IsNotExist(err) {
					t.Errorf("%q: the file stays: %v", before, err)
				}
				continue
			}
			if got := stored(t, home); got != want {
				t.Errorf("%q, set to %q: %q, want %q", before, value, got, want)
			}
			wantMode(t, path)
			if got, _, _ := Find(func(string) string { return "" }, home); got != value {
				t.Errorf("%q: found %q, want %q", before, got, value)
			}
		}
	}
}

// Without a file one is made, in a directory that others cannot read.
func TestStoreMakesTheFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	path := filepath.Join(home, ".tensorslab", ".env")
	if err := Store(home, Variable{name, ""}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a removal makes the file: %v", err)
	}
	if err := CheckStore(home, name); err != nil {
		t.Fatal(err)
	}
	if err := Store(home, Variable{name, "k"}, Variable{wrapper.EnvAuth, "bare"}); err != nil {
		t.Fatal(err)
	}
	wantMode(t, path)
	if got := stored(t, home); got != "TENSORSLAB_API_KEY=k\nTENSORSLAB_AUTH=bare\n" {
		t.Errorf("%q", got)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// A file that others can read is closed to them, also if its text does not change.
func TestStoreClosesTheFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	path := write(t, filepath.Join(home, ".tensorslab", ".env"), "TENSORSLAB_API_KEY=k\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Store(home, Variable{name, "k"}); err != nil {
		t.Fatal(err)
	}
	wantMode(t, path)
}

func TestStoreFollowsSymlinks(t *testing.T) {
	t.Parallel()
	for _, exists := range []bool{true, false} {
		home, elsewhere := t.TempDir(), t.TempDir()
		target := filepath.Join(elsewhere, "dotenv")
		if exists {
			write(t, target, "OTHER=x\n")
		}
		link := filepath.Join(home, ".tensorslab", ".env")
		write(t, filepath.Join(home, ".tensorslab", "other"), "")
		if err := os.Symlink(filepath.Join("..", "second"), link); err != nil {
			t.Skip(err) // Windows without the privilege
		}
		if err := os.Symlink(target, filepath.Join(home, "second")); err != nil {
			t.Fatal(err)
		}
		if err := Store(home, Variable{name, "k"}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link was replaced: %v, %v", info, err)
		}
		wantMode(t, target)
		if got := stored(t, home); !strings.HasSuffix(got, "TENSORSLAB_API_KEY=k\n") || exists != strings.HasPrefix(got, "OTHER=x\n") {
			t.Errorf("%q", got)
		}
	}
}

// What a link leads to stays, and so does the link.
func TestStoreEmptiesBehindALink(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	target := write(t, filepath.Join(home, "dotenv"), "TENSORSLAB_API_KEY=old\n")
	link := filepath.Join(home, ".tensorslab", ".env")
	if err := os.MkdirAll(filepath.Dir(link), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err) // Windows without the privilege
	}
	if err := Store(home, Variable{name, ""}); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, home); got != "" {
		t.Errorf("%q is left", got)
	}
	wantMode(t, target)
}

func TestStoreRefuses(t *testing.T) {
	t.Parallel()
	const secret = "sk-secret-1"
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, ".tensorslab", ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := t.TempDir()
	write(t, filepath.Join(file, ".tensorslab"), "")
	loop := t.TempDir()
	write(t, filepath.Join(loop, ".tensorslab", "other"), "")
	_ = os.Symlink(".env", filepath.Join(loop, ".tensorslab", ".env"))
	homes := map[string]string{"": "there is no home directory", folder: "is not a regular file", file: "", loop: ""}
	for text, want := range map[string]string{
		"A=1\nTENSORSLAB_API_KEY='" + secret: "~/.tensorslab/.env:2: a quote is not closed; correct the file first",
		"\xff\xfeT\x00":                      "is UTF-16 text; save it as UTF-8",
		"A=\xe9" + secret:                    "is not UTF-8 text",
		strings.Repeat(secret, maxFile):      "is too large",
	} {
		home := t.TempDir()
		write(t, filepath.Join(home, ".tensorslab", ".env"), text)
		homes[home] = want
		t.Cleanup(func() {
			if got := stored(t, home); got != text {
				t.Errorf("the file was changed to %.100q", got)
			}
		})
	}
	for home, want := range homes {
		for _, err := range []error{CheckStore(home, name), Store(home, Variable{name, secret})} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
				t.Errorf("%v, want %q", err, want)
			}
		}
	}
}

// Whatever is stored is read again, and the rest of the file stays as it was.
func FuzzStore(f *testing.F) {
	f.Add("A=1\nTENSORSLAB_API_KEY=old # x\n", "it's")
	f.Add("\ufeffexport TENSORSLAB_API_KEY = 'old'; B=2\r\n", `a"$b`)
	f.Add("TENSORSLAB_API_KEY=\\", "`x`\\")
	f.Add("#", "#")
	f.Fuzz(func(t *testing.T, text, value string) {
		if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Skip("it is no key")
		}
		if _, _, err := setting(text, name); err != nil {
			t.Skip("it is refused")
		}
		set := edited(text, Variable{name, value})
		if got, _, err := setting(set, name); got != value || err != nil {
			t.Errorf("%q: %q is read from %q, %v; want %q", text, got, set, err, value)
		}
		if got := edited(set, Variable{name, value}); got != set {
			t.Errorf("%q: the second time %q becomes %q", text, set, got)
		}
	})
}
