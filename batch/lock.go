package batch

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// heldBy words the refusal of a lock by what its holder wrote into the file.
func heldBy(file io.ReaderAt) error {
	holder := make([]byte, 256)
	n, _ := file.ReadAt(holder, 0) // without a name the refusal says less
	if name := strings.TrimSpace(oneLine(string(holder[:n]), 200)); name != "" {
		return fmt.Errorf("%w by %s", ErrLocked, name)
	}
	return fmt.Errorf("%w by another process", ErrLocked)
}

// signed writes into a lock who holds it.
func signed(file *os.File) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "process %d on host %s\n", os.Getpid(), host)
	return err
}
