package apikey

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// Variable is what to set in the .env file.
type Variable struct {
	Name  string
	Value string // if empty, the variable is removed
}

// Store sets and removes variables in .tensorslab/.env in the directory home, and keeps
// everything else in it. The file is replaced in one step, and has the mode 0600 then; a
// symbolic link is followed. Nothing is written if nothing changes, and a file of which
// nothing is left is removed, unless a link leads to it: that is how others keep the file.
func Store(home string, variables ...Variable) error {
	path, before, err := load(home)
	if err != nil {
		return err
	}
	text, mark := strings.CutPrefix(before, byteOrderMark)
	for _, v := range variables {
		if _, _, err := setting(text, v.Name); err != nil {
			return fmt.Errorf("%s:%w; correct the file first", Dotenv, err)
		}
		text = edited(text, v)
	}
	if mark {
		text = byteOrderMark + text
	}
	switch {
	case text == before && !isReadableByOthers(path):
		return nil
	case text != before && strings.Trim(text, byteOrderMark+" \t\r\n") == "" && path == pathIn(home):
		return os.Remove(path)
	}
	return replace(path, []byte(text))
}

// CheckStore returns the error for which [Store] could not write anything, so that nobody
// is asked for a key that cannot be stored.
func CheckStore(home string, names ...string) error {
	path, before, err := load(home)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, _, err := setting(strings.TrimPrefix(before, byteOrderMark), name); err != nil {
			return fmt.Errorf("%s:%w; correct the file first", Dotenv, err)
		}
	}
	tmp, err := create(path)
	if err != nil {
		return err
	}
	return errors.Join(tmp.Close(), os.Remove(tmp.Name()))
}

// load returns the text of the file, which may not exist, and its path without symbolic
// links.
func load(home string) (path, text string, err error) {
	if home == "" {
		return "", "", errors.New("there is no home directory, which " + Dotenv + " would be in")
	}
	path = resolve(pathIn(home))
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return path, "", nil
	case err != nil:
		return "", "", err
	case !info.Mode().IsRegular():
		return "", "", fmt.Errorf("%s is not a regular file", Dotenv)
	}
	data, err := readBytes(path)
	if err == nil {
		err = checkText(Dotenv, data)
	}
	return path, string(data), err
}

// resolve follows symbolic links, of which the last may lead to a file that does not
// exist yet.
func resolve(path string) string {
	const maxLinks = 40
	for range maxLinks {
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return path
}

// edited returns text with a variable set in the first line that sets it, or else in a
// line of its own at the end, and removed from all others. What follows the value in its
// line is kept.
func edited(text string, v Variable) string {
	var out strings.Builder
	value := v.Value
	for line := range strings.Lines(text) {
		front, rest, ok := assignment(line, v.Name)
		if !ok {
			out.WriteString(line)
			continue
		}
		_, after, _ := word(rest)
		switch {
		case value != "":
			out.WriteString(strings.TrimRight(front+quoted(value)+separated(after), " \t") + endOf(line))
			value = ""
		case others(after, v.Name) != "":
			out.WriteString(edited(others(after, v.Name)+endOf(line), Variable{Name: v.Name}))
		}
	}
	if value == "" {
		return out.String()
	}
	end := "\n"
	if strings.Contains(text, "\r\n") {
		end = "\r\n"
	}
	if kept := out.String(); kept != "" && !strings.HasSuffix(kept, "\n") {
		out.WriteString(end)
	}
	return out.String() + v.Name + "=" + quoted(value) + end
}

// separated returns what follows a value, with a space in front of a comment.
func separated(after string) string {
	if strings.HasPrefix(after, "#") {
		return " " + after
	}
	return after
}

// others returns the commands that follow the assignment of a variable in its line,
// without one that exports it.
func others(after, name string) string {
	rest, ok := strings.CutPrefix(after, ";")
	if rest = strings.TrimSpace(rest); !ok || rest == "export "+name {
		return ""
	}
	return rest
}

func endOf(line string) string {
	return line[len(strings.TrimRight(line, "\r\n")):]
}

// quoted returns value as a shell and this package read it. Other readers of .env files
// may know no quotes, so there are none unless they are necessary.
func quoted(value string) string {
	switch {
	case cli.ShellQuote(value) == value:
		return value
	case !strings.Contains(value, "'"):
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(value) + `"`
}

// isReadableByOthers reports whether a file has a mode that a key file should not have.
// Systems without such modes report others, which cannot be changed.
func isReadableByOthers(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/'
}

// create makes a temporary file with the mode 0600 beside path.
func create(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return os.CreateTemp(filepath.Dir(path), ".env.*.tmp")
}

// replace writes a file in one step: others see the old content or the new.
func replace(path string, data []byte) error {
	tmp, err := create(path)
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(data).WriteTo(tmp)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil { // so that the new name survives a power failure, where that can be done
		_ = dir.Sync()
		dir.Close()
	}
	return nil
}
