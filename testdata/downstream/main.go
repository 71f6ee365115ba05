// Command retention deletes the image tasks whose ids stand on standard input, one
// a line. It prints each id that was not deleted, with the reason, and exits with
// status 1 if there is one.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	client, err := wrapper.NewClientFromEnv(wrapper.WithUserAgent("retention/1.0"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	deleted, left := clean(ctx, client, os.Stdin, os.Stdout)
	fmt.Printf("deleted %d, left %d\n", deleted, left)
	if left > 0 {
		os.Exit(1)
	}
}

// clean deletes the tasks that r names, and says on w what it could not.
func clean(ctx context.Context, client *wrapper.Client, r io.Reader, w io.Writer) (deleted, left int) {
	for batch, err := range client.PurgeImagesTasks(ctx, lines(r), wrapper.PurgeOptions{BatchSize: 2, Isolate: true}) {
		if err == nil {
			deleted += len(batch)
			continue
		}
		left += len(batch)
		for _, id := range batch {
			fmt.Fprintf(w, "%s: %s\n", id, reason(err))
		}
	}
	return deleted, left
}

func lines(r io.Reader) iter.Seq[string] {
	return func(yield func(string) bool) {
		for scanner := bufio.NewScanner(r); scanner.Scan(); {
			if !yield(scanner.Text()) {
				return
			}
		}
	}
}

// reason is what the job's log needs to know of an error.
func reason(err error) string {
	var refusal *wrapper.APIError
	var breach *wrapper.ContractError
	var lost *wrapper.TransportError
	switch {
	case errors.Is(err, wrapper.ErrUnauthorized):
		return "the key is refused"
	case errors.Is(err, wrapper.ErrInsufficientCredits):
		return "no credits"
	case errors.Is(err, wrapper.ErrDeleteFailed):
		return "cannot be deleted"
	case errors.Is(err, wrapper.ErrNotSent):
		return "not tried"
	case errors.As(err, &breach):
		return fmt.Sprintf("out of contract: %v", breach.Violations)
	case errors.As(err, &lost):
		return fmt.Sprintf("no answer after %d attempts", lost.Attempts)
	case errors.As(err, &refusal):
		return fmt.Sprintf("HTTP %d, code %d", refusal.HTTPStatus, refusal.Code)
	}
	return err.Error()
}
