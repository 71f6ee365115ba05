package cli

import (
	"os"

	"golang.org/x/term"
)

// TerminalWidth returns the number of columns of the terminal that stream, or the writer
// of Until to it, is, and 0 if it is no terminal or does not say.
func TerminalWidth(stream any) int {
	if u, ok := stream.(*untilWriter); ok {
		stream = u.w
	}
	f, ok := stream.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
