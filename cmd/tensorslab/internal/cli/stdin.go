package cli

import (
	"io"
	"strings"
)

// CheckStdin returns a usage error if more than one part of a command line wants to read
// standard input, since the second would find nothing. Users are named as typed, such as
// "--source -".
func CheckStdin(users ...string) error {
	if len(users) < 2 {
		return nil
	}
	return Usagef("%s and %s both read standard input, which only one can; use a file for the other; nothing was sent", users[0], users[1])
}

// CheckPiped returns a usage error if standard input, which user reads, is a terminal: what
// it is to read cannot be typed, or must not be shown.
func CheckPiped(stdin io.Reader, user, advice string) error {
	if !IsTerminal(stdin) {
		return nil
	}
	return Usagef("%s reads standard input, which is a terminal; %s; nothing was sent", user, advice)
}

// Stdin returns standard input, which is empty if there is none.
func Stdin(e Env) io.Reader {
	if e.Stdin == nil {
		return strings.NewReader("")
	}
	return e.Stdin
}
