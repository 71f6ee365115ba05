package batch

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
)

// knownTasks finds a task that a job has already. Of each task of the journal it keeps a hash
// of 8 bytes; the journal itself tells whether a task whose hash is known is really the same.
type knownTasks struct {
	mu     sync.Mutex // guards what follows
	seed   maphash.Seed
	hashes map[uint64]struct{} // nil until the journal was read
	fresh  map[string]string   // keys by ids that the journal does not have yet
}

// read learns the tasks of the journal, once: before a run pays for its first one.
func (k *knownTasks) read(ctx context.Context, j Journal) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.hashes != nil {
		return nil
	}
	seed, hashes := maphash.MakeSeed(), map[uint64]struct{}{}
	for e, err := range j.All(ctx) {
		if err != nil {
			return err
		}
		if e.TaskID != "" {
			hashes[maphash.String(seed, e.TaskID)] = struct{}{}
		}
	}
	k.seed, k.hashes, k.fresh = seed, hashes, map[string]string{}
	return nil
}

// take makes a task that of a job. If another job has it, it returns an error that names that job.
func (k *knownTasks) take(ctx context.Context, j Journal, id, key string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	other, taken := k.fresh[id]
	h := maphash.String(k.seed, id)
	if _, known := k.hashes[h]; known && !taken {
		for e, err := range j.All(ctx) {
			if err != nil {
				return fmt.Errorf("batch: the service named the task %.200q, and whether another job has it is unknown: %w", id, err)
			}
			if taken = e.TaskID == id && e.Key != key; taken {
				other = e.Key
				break
			}
		}
	}
	if taken {
		return fmt.Errorf("batch: the service named the task of the job %.80q, so that this one may have another task", other)
	}
	k.hashes[h], k.fresh[id] = struct{}{}, key
	return nil
}

// recorded says that the journal has the task.
func (k *knownTasks) recorded(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.fresh, id)
}
