package images

import (
	"sync"
	"time"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// unseenAfter is how long a wait for a task that the service does not show is silent.
const unseenAfter = 4 * time.Second

// warnUnseen says on standard error, after a while and once, that a wait has not seen its
// task yet: a new task may be invisible for some seconds, and a task with a wrong id always
// is. The caller must call seen when it sees the task, or when the wait ends.
func (t *taskRun) warnUnseen(id string) (seen func()) {
	warned := make(chan struct{})
	timer := time.AfterFunc(unseenAfter, func() {
		defer close(warned)
		_ = t.spinner.Aside(func() error {
			t.Warn(cli.Printable(id) + ": no status so far; still looking (--verbose prints each response)")
			return nil
		})
	})
	return sync.OnceFunc(func() {
		if !timer.Stop() {
			<-warned
		}
	})
}
