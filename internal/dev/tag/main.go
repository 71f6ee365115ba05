// Command tag checks that the modules of this repository are ready to be released together, and
// prints the commands that tag them. With -run it sets the tags; it never pushes them.
//
//	go run ./internal/dev/tag -version v0.1.0 . cmd/tensorslab
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	version := flag.String("version", "", "the version to tag, such as v0.1.0")
	run := flag.Bool("run", false, "set the tags")
	flag.Parse()
	if err := tag(".", *version, flag.Args(), *run); err != nil {
		fmt.Fprintln(os.Stderr, "tag:", err)
		os.Exit(1)
	}
}

// tag checks the repository in dir, and prints or sets one tag for each module.
func tag(dir, version string, modules []string, run bool) error {
	if faults := check(dir, version, modules); len(faults) > 0 {
		return fmt.Errorf("not ready to be tagged as %q:\n  %s", version, strings.Join(faults, "\n  "))
	}
	tags := tagsOf(version, modules)
	for _, name := range tags {
		if !run {
			fmt.Printf("git tag --annotate --message %q %s\n", name, name)
		} else if _, err := git(dir, "tag", "--annotate", "--message", name, name); err != nil {
			return err
		}
	}
	// A module that arrives alone requires a version of the library that does not exist.
	fmt.Println("git push --atomic origin", strings.Join(tags, " "))
	return nil
}

// tagsOf returns the tag of each module: the go command looks for that of a folder under its name.
func tagsOf(version string, modules []string) []string {
	var tags []string
	for _, module := range modules {
		tags = append(tags, strings.TrimPrefix(module+"/"+version, "./"))
	}
	return tags
}

func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, out)
	}
	return strings.TrimSpace(string(out)), nil
}
