package mcp

import (
	"sync"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// budget is what may still be paid for in a session. It is safe for concurrent use.
type budget struct {
	mu            sync.Mutex
	tasks, images int // left
	limit         limits
}

type limits struct{ tasks, images int }

func newBudget(tasks, images int) *budget {
	return &budget{tasks: tasks, images: images, limit: limits{tasks, images}}
}

// take takes a task with some images out of the budget, or returns an error that says why
// that is not possible.
func (b *budget) take(images int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.tasks == 0:
		return cli.Failf(cli.Failed, "the limit of %s in a session is reached (--max-tasks); nothing was sent", cli.Count(b.limit.tasks, "task"))
	case b.images < images:
		return cli.Failf(cli.Failed, "the limit of %s in a session would be exceeded, of which %d are left (--max-images); nothing was sent",
			cli.Count(b.limit.images, "image"), b.images)
	}
	b.tasks, b.images = b.tasks-1, b.images-images
	return nil
}

// giveBack returns a task that certainly was not created.
func (b *budget) giveBack(images int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tasks, b.images = b.tasks+1, b.images+images
}

// left returns what may still be paid for.
func (b *budget) left() limits {
	b.mu.Lock()
	defer b.mu.Unlock()
	return limits{b.tasks, b.images}
}
