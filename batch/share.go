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
// Unfinished and All see what the others have put, and [FileJournal.Change] decides by it.
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

// refresh takes in what other processes have put. It waits for its turn to read that, because
// a line that is being written may be removed again, and another one may take its place. A
// journal that is closed knows nothing of its jobs; one that is only read stays as it was.
// Of one that is not shared only single jobs are current: a run resumes what was there when
// it was opened, and not what others are doing at this moment.
func (j *FileJournal) refresh(single bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case errors.Is(j.broken, os.ErrClosed):
		return j.failed(j.broken)
	case j.readOnly, !j.shared && !single, !j.hasMore():
		return nil
	}
	release, err := j.turn()
	if err != nil {
		return j.failed(err)
	}
	defer release()
	if _, err := j.takeIn(); err != nil {
		return j.failed(err)
	}
	return nil
}

// hasMore reports whether the file has grown. That it can't be read is found by takeIn.
func (j *FileJournal) hasMore() bool {
	_, err := j.file.ReadAt(j.probe[:], j.size)
	return !errors.Is(err, io.EOF)
}

// takeIn reads the lines that others have added, and returns what follows the last
// line break: to those who have the turn it is a line that was torn by a crash.
func (j *FileJournal) takeIn() (torn []byte, err error) {
	if !j.hasMore() {
		return nil, nil
	}
	if torn, err = j.load(); err != nil {
		return nil, fmt.Errorf("another process has written to it: after byte %d %w", j.size, err)
	}
	return torn, nil
}
