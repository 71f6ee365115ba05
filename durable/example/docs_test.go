package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/durable/internal/pgtest"
)

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// shown returns the blocks of one language in docs/durable.md.
func shown(t *testing.T, language string) (found []string) {
	t.Helper()
	for _, match := range fence.FindAllStringSubmatch(read(t, "../../docs/durable.md"), -1) {
		if match[1] == language {
			found = append(found, match[2])
		}
	}
	if len(found) == 0 {
		t.Fatalf("docs/durable.md has no block of %s", language)
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// The program is this one, and all other code is in tests.
func TestDocumentShowsCodeThatRuns(t *testing.T) {
	code := read(t, "../bench/otel_test.go")
	for _, block := range shown(t, "go") {
		if strings.HasPrefix(block, "package main") {
			if main := read(t, "main.go"); !strings.HasSuffix(main, "\n"+block) {
				t.Error("docs/durable.md shows another program than main.go")
			}
		} else if !strings.Contains(code, block) {
			t.Errorf("docs/durable.md shows code that is in no test:\n%s", block)
		}
	}
}

// The statements are of the tables that exist.
func TestDocumentShowsStatementsThatRun(t *testing.T) {
	pool := migrated(t, pgtest.Database(t))
	for _, block := range shown(t, "sql") {
		for line := range strings.Lines(block) {
			if _, err := pool.Exec(t.Context(), line); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// The picture has all states, and those alone.
func TestDocumentShowsAllStates(t *testing.T) {
	arrow := regexp.MustCompile(`(?m)^ +(\S+) --> (\w+): .+$`)
	for _, picture := range shown(t, "mermaid") {
		seen := map[string]bool{"[*]": true}
		for _, match := range arrow.FindAllStringSubmatch(picture, -1) {
			if !seen[match[1]] {
				t.Errorf("there is no way to %s before %q", match[1], match[0])
			}
			seen[match[2]] = true
		}
		for state := batch.Planned; state <= batch.Deleted; state++ {
			if name := strings.ReplaceAll(state.String(), "-", "_"); !seen[name] {
				t.Errorf("the picture lacks %s", name)
			}
		}
		if lines, states := strings.Count(picture, "-->"), len(seen)-1; states != int(batch.Deleted)+1 || lines != len(arrow.FindAllString(picture, -1)) {
			t.Errorf("the picture has %d states, and %d arrows", states, lines)
		}
	}
}

// deployment is the part of a Deployment that matters here.
type deployment struct {
	Kind string
	Spec struct {
		Replicas int
		Template struct {
			Spec struct {
				TerminationGracePeriodSeconds int `yaml:"terminationGracePeriodSeconds"`
				Containers                    []struct {
					Env          []struct{ Name string }
					VolumeMounts []struct{ Name string } `yaml:"volumeMounts"`
				}
				Volumes []struct{ Name string }
			}
		}
	}
}

// A process gets the time that it may take to stop, and what the program reads is set.
func TestDocumentShowsAManifest(t *testing.T) {
	const mayTake = 30*time.Second + 30*time.Second // for responses, and for Postgres
	for _, block := range shown(t, "yaml") {
		var d deployment
		if err := yaml.Unmarshal([]byte(block), &d); err != nil {
			t.Fatal(err)
		}
		pod := d.Spec.Template.Spec
		if period := time.Duration(pod.TerminationGracePeriodSeconds) * time.Second; d.Kind != "Deployment" || d.Spec.Replicas < 2 || period <= mayTake {
			t.Errorf("%+v", d)
		}
		var env, mounts, volumes []string
		for _, v := range pod.Containers[0].Env {
			env = append(env, v.Name)
		}
		for _, v := range pod.Containers[0].VolumeMounts {
			mounts = append(mounts, v.Name)
		}
		for _, v := range pod.Volumes {
			volumes = append(volumes, v.Name)
		}
		if !slices.Equal(env, []string{"TENSORSLAB_API_KEY", "DATABASE_URL"}) || !slices.Equal(mounts, volumes) {
			t.Errorf("environment %q, mounts %q of volumes %q", env, mounts, volumes)
		}
	}
}
