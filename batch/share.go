package batch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// OpenSharedJournal opens the journal at path, or creates it, for programs that add a
// job of their own now and then beside others: several processes may have it open
// so at once, also while one has it open by [OpenJournal] for a [Run]. Each Put takes
// a lock for as long as it writes a line, and waits for it, at most 30 seconds. Get,
// Unfinished and All see what the others have put.
//
// A Run refuses a shared journal, because two runs could pay for one job. Whoever
// submits without a Run must use keys that no other process uses; a Put of
// [Submitting] fails if another process has changed the job meanwhile.
func OpenSharedJournal(path string) (*FileJournal, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	j, err := open(path, os.O_RDWR|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	j.shared = true
	return j, nil
}

// turnTimeout is how long a process waits until the others have written their lines.
// That takes them less than a millisecond, unless one was stopped in the middle.
const turnTimeout = 30 * time.Second

// errBusy: another process writes a line at this moment.
var errBusy = errors.New("another process writes it")

// takeTurn returns when no other process writes to the file, and keeps them from it
// until release.
func takeTurn(file *os.File, path string) (release func(), err error) {
	deadline := time.Now().Add(turnTimeout)
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		release, err = tryTurn(file, path)
		switch {
		case err == nil:
			return release, nil
		case !errors.Is(err, errBusy):
			return nil, fmt.Errorf("can't be locked: %w", err)
		case time.Now().After(deadline):
			return nil, fmt.Errorf("%w, and has not ended for %v", err, turnTimeout)
		}
		time.Sleep(wait)
	}
}

// refresh takes in what other processes have put into a shared journal. A journal that is
// closed knows nothing of its jobs.
func (j *FileJournal) refresh() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if errors.Is(j.broken, os.ErrClosed) {
		return j.failed(j.broken)
	}
	if !j.shared {
		return nil
	}
	if _, err := j.takeIn(); err != nil {
		return j.failed(err)
	}
	return nil
}

// takeIn reads the lines that others have added, and returns what follows the last
// line break: to those who have the turn it is a line that was torn by a crash.
func (j *FileJournal) takeIn() (torn []byte, err error) {
	if n, err := j.file.ReadAt(make([]byte, 1), j.size); n == 0 {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, fmt.Errorf("can't be read: %w", err)
	}
	if torn, err = j.load(); err != nil {
		return nil, fmt.Errorf("another process has written to it: after byte %d %w", j.size, err)
	}
	return torn, nil
}

// takeInFor prepares a journal, whose turn it is, for an entry.
func (j *FileJournal) takeInFor(e Entry) error {
	h := j.hash([]byte(e.Key))
	before := j.index[h] &^ marked
	torn, err := j.takeIn()
	if err == nil && len(torn) > 0 {
		err = j.repair(torn)
	}
	if err == nil && e.State == Submitting && j.index[h]&^marked != before {
		err = fmt.Errorf("another process has changed the job %.80q meanwhile", e.Key)
	}
	return err
}
