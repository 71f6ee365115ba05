package batch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tensorslab/tensorslab-go/fakeapi"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

func TestTemplates(t *testing.T) {
	t.Parallel()
	r := Result{Key: "a/b", TaskID: "t 1", Model: wrapper.ModelZImage}
	for text, want := range map[string]string{
		"{key}-{n}{ext}":          "a%2Fb-2.png",
		"{model}/{task}/{n}{ext}": "zimage/t 1/2.png",
		"{key}{key}_{n}.image":    "a%2Fba%2Fb_2.image",
		"{n}{ext}.{key}":          "2.png.a%2Fb",
		"x}{key}..{n}":            "x}a%2Fb..2",
	} {
		tmpl, err := parseTemplate(text)
		if got := tmpl.name(r, 2, ".png"); err != nil || got != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "{n}{ext}", "picture.png", "{key", "{Key}", "{}{key}", "{key}{prompt}", "../{key}", "/{key}", "{key}/", "a/../../{key}",
		"{key}\\{n}", "{key}\x00", "{ext}/{key}", "\xff{key}",
		"{key}{n}{ext}", "{n}{key}", "{task}{n}", "{key}-{model}{n}", "{key}0{n}", "{n}7{task}", "{key}-{n}{model}",
	} {
		if _, err := parseTemplate(text); !errors.Is(err, ErrTemplate) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever a key is, its name is safe, and no other key has it.
func TestSafeNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 200)
	texts := []string{
		"plain", "with space", "a.b", "Größe 1", "../../etc/passwd", "..", ".", ".hidden", "a/b", "a\\b", "a%2Fb", "a\x00b", "a\nb", " a", "a ",
		"a.", "-rf", "con", "NUL.png", "com1", "a:b", "a*?b", `"<>|`, "~", "\u202eevil", "e\u0301", "\u0301", long, long + "x", "☃", "%",
	}
	seen := map[string]string{}
	for _, text := range texts {
		name := safeName(text)
		if other, again := seen[name]; again {
			t.Errorf("%q and %q are %q", text, other, name)
		}
		seen[name] = text
		if name == "" || name[0] == '.' || len(name) > maxName || strings.ContainsAny(name, "/\\\x00\n:*?\"<>|\u202e") || !filepath.IsLocal(name) ||
			strings.HasSuffix(name, " ") || strings.HasSuffix(name, ".") || isReserved(name) {
			t.Errorf("%q is %q", text, name)
		}
	}
	if safeName("Größe 1.b") != "Größe 1.b" {
		t.Error("a readable name was changed")
	}
}

// source is a download of a PNG, or of what else it is told.
type source struct {
	data  string
	err   error
	calls int
}

func (s *source) open(w io.Writer) (wrapper.Downloaded, error) {
	s.calls++
	n, err := io.WriteString(w, s.data)
	return wrapper.Downloaded{Bytes: int64(n), MediaType: "image/png", Ext: ".png"}, errors.Join(err, s.err)
}

func TestFilesAreWholeOrNotThere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not there yet")
	save := ToDir(dir, "{model}/{key}-{n}{ext}")
	r := Result{Key: "a", TaskID: "t", Model: wrapper.ModelZImage}
	path := filepath.Join(dir, "zimage", "a-1.png")
	broken := &source{data: "half", err: errors.New("lost")}
	if err := save(t.Context(), r, 1, broken.open); !errors.Is(err, broken.err) {
		t.Errorf("%v", err)
	}
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) > 0 {
		t.Errorf("left after an error: %v %v", names, err)
	}
	whole := &source{data: "a picture"}
	files := new(fileList)
	ctx := context.WithValue(t.Context(), filesKey{}, files)
	for range 2 {
		if err := save(ctx, r, 1, whole.open); err != nil {
			t.Fatal(err)
		}
		r.Files = []string{path}
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "a picture" || whole.calls != 1 {
		t.Errorf("%q, %v, %d calls", data, err, whole.calls)
	}
	if len(files.names) != 2 || files.names[0] != path || files.names[1] != path {
		t.Errorf("%q", files.names)
	}
	// A file without a byte is what an interrupted program leaves.
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if err := save(ctx, r, 1, whole.open); err != nil || whole.calls != 2 {
		t.Errorf("%v, %d calls", err, whole.calls)
	}
}

// Two images never share a file.
func TestTwoImagesWithOneName(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	jobs := Jobs(Job{Key: "two", Request: wrapper.GenerateRequest{Prompt: "p", Count: 2}}, job("one", "p"), job("ONE", "p"))
	o := collect(t.Context(), t, c, newJournal(t), jobs, Options{Wait: soon, Save: ToDir(t.TempDir(), "{key}{ext}")})
	if o.err != nil || !errors.Is(o.results["two"].Err, ErrTemplate) || !errors.Is(o.results["ONE"].Err, ErrTemplate) || o.count(Saved) != 1 || len(srv.Tasks()) != 1 {
		t.Errorf("%+v, %d tasks", o, len(srv.Tasks()))
	}
	save := ToDir(t.TempDir(), "{key}{ext}") // the service made more than was asked for
	if err := save(t.Context(), Result{Key: "a"}, 2, new(source).open); !errors.Is(err, ErrTemplate) {
		t.Errorf("%v", err)
	}
}

// A file that the journal does not name is the image's only if it has the image's content.
func TestAFileThatIsThereWhenAnImageIsSaved(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file, content string
		want          error
	}{
		"the image":               {"a-1.png", "a picture", nil},
		"under another extension": {"a-1.jpg", "a picture", nil},
		"another image":           {"a-1.png", "an image!", ErrFileExists},
		"its beginning":           {"a-1.png", "a pict", ErrFileExists},
		"of another kind":         {"a-1.webp", "a picture, and more", ErrFileExists},
		"of another image":        {"a-2.png", "another picture", nil},
		"an empty file":           {"a-1.png", "", nil},
		"an empty one of a kind":  {"a-1.jpg", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, tt.file), tt.content)
			ctx, files := CollectFiles(t.Context())
			err := ToDir(dir, "{key}-{n}{ext}")(ctx, Result{Key: "a", TaskID: "t"}, 1, (&source{data: "a picture"}).open)
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v; want %v", err, tt.want)
			}
			want := map[string]string{tt.file: tt.content}
			for _, path := range files() {
				want[filepath.Base(path)] = "a picture"
			}
			if got := contentsOf(t, dir); !maps.Equal(got, want) || (err == nil) != (len(files()) == 1) {
				t.Errorf("there are %q; want %q", got, want)
			}
		})
	}
}

// contentsOf returns what the files in a directory hold, by their names.
func contentsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name.Name()))
		if err != nil {
			t.Fatal(err)
		}
		contents[name.Name()] = string(data)
	}
	return contents
}

// Each image of a job needs a free name before anything is paid, not only the first one.
func TestAFileOfALaterImage(t *testing.T) {
	t.Parallel()
	for count, want := range map[int]State{1: Saved, 2: Saved, 3: Planned} {
		srv, c := start(t)
		dir := t.TempDir()
		write(t, filepath.Join(dir, "a-3.webp"), "not of this job")
		jobs := Jobs(Job{Key: "a", Request: wrapper.GenerateRequest{Prompt: "x", Count: count}})
		o := collect(t.Context(), t, c, newJournal(t), jobs, Options{Wait: soon, Save: ToDir(dir, "{key}-{n}{ext}")})
		if r := o.results["a"]; o.err != nil || r.State != want || (want == Planned) != errors.Is(r.Err, ErrFileExists) || (want == Planned) == (len(srv.Tasks()) > 0) {
			t.Errorf("%d images: %+v, %d tasks", count, o, len(srv.Tasks()))
		}
	}
}

// Of two processes that write files of one name, each has its own image in it, or an error.
func TestTwoProcessesWithOneName(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		images [2]string
		lost   error // of the second one's download
		want   error // of the second one
	}{
		"one image":       {images: [2]string{"a picture", "a picture"}},
		"two images":      {images: [2]string{"a picture", "another one"}, want: ErrFileExists},
		"a lost download": {images: [2]string{"a picture", "a pi"}, lost: io.ErrUnexpectedEOF, want: io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, r := t.TempDir(), Result{Key: "fox", TaskID: "t"}
			var first error
			second := ToDir(dir, "{key}{ext}")(t.Context(), r, 1, func(w io.Writer) (wrapper.Downloaded, error) {
				if _, err := io.WriteString(w, tt.images[1]); err != nil {
					t.Error(err)
				}
				first = ToDir(dir, "{key}{ext}")(t.Context(), r, 1, (&source{data: tt.images[0]}).open)
				return wrapper.Downloaded{Ext: ".png"}, tt.lost
			})
			if got := contentsOf(t, dir); first != nil || !errors.Is(second, tt.want) || !maps.Equal(got, map[string]string{"fox.png": tt.images[0]}) {
				t.Errorf("%v, %v, %q", first, second, got)
			}
		})
	}
}

// A file system may have no hard links.
func TestPublishWithoutLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	part, path := filepath.Join(dir, "part"), filepath.Join(dir, "a.png")
	noLinks := func(string, string) error { return errors.ErrUnsupported }
	for i, tt := range []struct {
		content string
		want    error
	}{{"a picture", nil}, {"a picture", nil}, {"another", ErrFileExists}} {
		write(t, part, tt.content)
		if err := publish(part, path, noLinks); !errors.Is(err, tt.want) {
			t.Errorf("%d: %v", i, err)
		}
		if data, err := os.ReadFile(path); string(data) != "a picture" || err != nil {
			t.Errorf("%d: %q, %v", i, data, err)
		}
	}
}

// A file of another run is neither taken for a picture of this one nor replaced.
func TestAFileOfAnotherRun(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "000-1.jpg"), "another picture")
	o := collect(t.Context(), t, c, newJournal(t), numbered(2), Options{Wait: soon, Save: ToDir(dir, "{key}-{n}{ext}")})
	if o.err != nil || !errors.Is(o.results["000"].Err, ErrFileExists) || o.results["001"].State != Saved || len(srv.Tasks()) != 1 {
		t.Errorf("%+v", o)
	}
}

func TestSeveralImages(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	jobs := Jobs(Job{Key: "k", Request: wrapper.GenerateRequest{Prompt: "p", Count: 3}})
	o := collect(t.Context(), t, c, newJournal(t), jobs, Options{Wait: soon, Save: ToDir(t.TempDir(), "{task}/{n}{ext}")})
	r := o.results["k"]
	if o.err != nil || r.State != Saved || len(r.Files) != 3 {
		t.Fatalf("%+v", o)
	}
	for i, name := range r.Files {
		data, err := os.ReadFile(name)
		if err != nil || string(data) != string(srv.Image(srv.ImageURLs(r.TaskID)[i])) || filepath.Base(name) != fmt.Sprintf("%d.png", i+1) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An image that can't be saved is paid all the same: it stays completed, and the
// next run saves it with a new address.
func TestImagesThatCannotBeSaved(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeapi.Fault{
		"not found": fakeapi.Respond(404, "text/plain", "no such image"),
		"no byte":   fakeapi.Respond(200, "image/png", ""),
		"a page":    fakeapi.Respond(200, "image/png", "<html>an error"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := start(t)
			srv.ImageHost().FailNext(100, fault)
			j, save := newJournal(t), ToDir(t.TempDir(), "{key}{ext}")
			o := collect(t.Context(), t, c, j, numbered(1), Options{Wait: soon, Save: save})
			r := o.results["000"]
			if o.err != nil || r.State != Completed || r.Err == nil || len(r.Files) > 0 || entryOf(t, j, "000").Error == "" {
				t.Errorf("%+v", o)
			}

			for len(srv.ImageHost().Requests()) < 100 { // use up the faults
				if resp, err := srv.Client().Get(srv.ImageHost().URL + "/x"); err == nil {
					_ = resp.Body.Close()
				}
			}
			o = collect(t.Context(), t, c, j, Jobs(), Options{Wait: soon, Save: save})
			if o.err != nil || o.count(Saved) != 1 || len(srv.Tasks()) != 1 {
				t.Errorf("then: %+v", o)
			}
		})
	}
}

func TestASaveOfOnesOwn(t *testing.T) {
	t.Parallel()
	srv, c := start(t)
	full := errors.New("no space left")
	fail := true
	j := newJournal(t)
	opts := Options{Wait: soon, Parallel: 1, Save: func(ctx context.Context, r Result, image int, open func(w io.Writer) (wrapper.Downloaded, error)) error {
		if fail {
			return full
		}
		got, err := open(io.Discard)
		AddFile(ctx, fmt.Sprintf("s3://%s-%d%s", r.Key, image, got.Ext))
		return err
	}}
	if o := collect(t.Context(), t, c, j, numbered(2), opts); o.err != nil || !errors.Is(o.results["001"].Err, full) || o.count(Completed) != 2 {
		t.Errorf("%+v", o)
	}
	fail = false
	if o := collect(t.Context(), t, c, j, numbered(2), opts); o.err != nil || o.count(Saved) != 2 || fmt.Sprint(o.results["001"].Files) != "[s3://001-1.png]" || len(srv.Tasks()) != 2 {
		t.Errorf("%+v", o)
	}
}

func TestADirectoryThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere; TestRunRefusesBadOptions has a file in place of a directory")
	}
	srv, c := start(t)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if o := collect(t.Context(), t, c, newJournal(t), numbered(2), Options{Save: ToDir(dir, "{key}")}); o.err == nil || len(srv.Requests()) > 0 {
		t.Errorf("%+v", o)
	}
}

// Only a run that queries more often than each second saves again sooner.
func TestTheWaitBeforeImagesAreSavedAgain(t *testing.T) {
	t.Parallel()
	for interval, want := range map[time.Duration]time.Duration{
		0: time.Second, time.Millisecond: time.Millisecond, time.Second: time.Second, time.Minute: time.Second,
	} {
		if got := (Options{Wait: wrapper.WaitOptions{Interval: interval}}).saveAgain(); got != want {
			t.Errorf("with an Interval of %v it is %v; want %v", interval, got, want)
		}
	}
}
