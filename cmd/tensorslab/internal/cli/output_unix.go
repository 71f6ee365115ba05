//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// Output returns where to write the report: standard output or, if that was closed when
// the process began, standard error. The Go runtime opens /dev/null in place of a closed
// standard output, for reading and writing, so that no write would fail and the id of a
// task that was paid for would be lost. A shell opens /dev/null for writing only, which is
// the user's choice and kept. Some programs that start others, as Python and Node do, open
// it like the runtime. The report on standard error then is of no harm; an exit status of
// failure would be, because it invites to generate again.
func Output(stdout, stderr *os.File) *os.File {
	if wasClosed(stdout) {
		return stderr
	}
	return stdout
}

func wasClosed(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return true
	}
	null, err := os.Stat(os.DevNull)
	if err != nil || !os.SameFile(info, null) {
		return false
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
