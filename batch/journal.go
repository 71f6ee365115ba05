package batch

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"sync"
)

// ErrLocked: another process, or another [FileJournal] of this one, has the journal open.
var ErrLocked = errors.New("the journal is in use")

// ErrJournal: a journal can't be read or written. A file is left as it was found.
var ErrJournal = errors.New("the journal is not usable")

// FileJournal is a [Journal] in a file: a line of JSON for each change of a job,
// appended and synced to the disk. Of each job only the place of its latest line
// is kept in memory. It is safe for concurrent use by one process.
type FileJournal struct {
	path     string
	lock     io.Closer // nil if it is only read
	seed     maphash.Seed
	readOnly bool
	shared   bool                               // see OpenSharedJournal
	turn     func() (release func(), err error) // keeps other processes from writing

	mu     sync.RWMutex // guards what follows
	file   storage
	index  map[uint64]place // by hashes of keys, see hash
	ahead  window
	owner  string    // of the entries to come, see ForService
	owners [2]string // the first two services that entries name
	size   int64     // of the whole lines
	probe  [1]byte   // for hasMore
	broken error     // why nothing can be written any more
	inUse  bool      // by a Run

	syncing sync.Mutex // guards synced, and is held while the file is synced
	synced  int64
}

// storage is what a FileJournal needs of an *os.File that was opened for appending.
type storage interface {
	io.Writer
	io.ReaderAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

// place is where the latest line of a job begins, its state, and whether the Run
// that uses the journal has had the job.
type place uint64

const marked place = 1 << 7

func placeOf(at int64, s State) place { return place(at)<<8 | place(s) }
func (p place) offset() int64         { return int64(p >> 8) }
func (p place) state() State          { return State(p & (marked - 1)) }

// hash stands for a key in the index. Two of a million keys get one hash with a
// probability below 1 in 10 million; Get compares the key itself, and fails then.
func (j *FileJournal) hash(key []byte) uint64 { return maphash.Bytes(j.seed, key) }

// Get returns the latest entry of a job.
func (j *FileJournal) Get(_ context.Context, key string) (Entry, bool, error) {
	if err := j.refresh(true); err != nil {
		return Entry{}, false, err
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	return j.latestOf(key)
}

// placeOf returns the place of the latest line of a job, or 0 if there is none.
func (j *FileJournal) placeOf(key string) place { return j.index[j.hash([]byte(key))] &^ marked }

// latestOf is Get for those who hold mu.
func (j *FileJournal) latestOf(key string) (Entry, bool, error) {
	p, ok := j.index[j.hash([]byte(key))]
	if !ok {
		return Entry{}, false, nil
	}
	e, err := j.ahead.read(j.file, p.offset(), j.size)
	if err == nil && e.Key != key {
		err = errors.New("has another key than before: the file was changed")
	}
	if err != nil {
		return Entry{}, false, j.failed(fmt.Errorf("the line at byte %d %w", p.offset(), err))
	}
	return e, true, nil
}

// Put appends an entry and syncs the file. After an error the journal is as it
// was; if that can't be made sure, it refuses all further entries.
func (j *FileJournal) Put(_ context.Context, e Entry) error {
	j.mu.RLock()
	e = e.completed(j.owner)
	j.mu.RUnlock()
	data, err := encode(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	before := j.placeOf(e.Key)
	end, err := j.inTurn(func() (int64, error) {
		if e.State == Submitting && j.placeOf(e.Key) != before {
			return 0, j.failed(fmt.Errorf("another process has changed the job %.80q meanwhile", e.Key))
		}
		return j.append(data, e)
	})
	j.mu.Unlock()
	if err != nil {
		return err
	}
	return j.sync(end)
}

// inTurn calls do while no other process writes, after what others have written was taken in.
func (j *FileJournal) inTurn(do func() (int64, error)) (int64, error) {
	if j.broken != nil {
		return 0, j.failed(j.broken)
	}
	release, err := j.turn()
	if err != nil {
		return 0, j.failed(err)
	}
	defer release()
	torn, err := j.takeIn()
	if err == nil && len(torn) > 0 {
		err = j.repair(torn)
	}
	if err != nil {
		return 0, j.failed(err)
	}
	return do()
}

// append writes a line, and returns where it ends.
func (j *FileJournal) append(data []byte, e Entry) (end int64, err error) {
	if _, err := j.file.Write(data); err != nil {
		if undo := j.file.Truncate(j.size); undo != nil {
			j.broken = fmt.Errorf("a line was written in part and can't be removed: %w", undo)
		}
		return 0, j.failed(notWritten(err))
	}
	j.note(e, int64(len(data)))
	return j.size, nil
}

// sync makes everything up to end durable. Those who wait for one sync share the
// next one.
func (j *FileJournal) sync(end int64) error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= end {
		return nil
	}
	j.mu.RLock()
	size, broken := j.size, j.broken
	j.mu.RUnlock()
	if broken != nil {
		return j.failed(broken)
	}
	if err := j.file.Sync(); err != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.broken = fmt.Errorf("can't be synced, so that nobody knows what is on the disk: %w", err)
		return j.failed(j.broken)
	}
	j.synced = size
	return nil
}

// notWritten words an error of the journal's file without its path, with which failed begins.
func notWritten(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("can't be written: %w", err)
}

func (j *FileJournal) failed(err error) error {
	return fmt.Errorf("batch: journal %s: %w: %w", j.path, ErrJournal, err)
}

// acquire makes sure that one Run at a time uses the journal.
func (j *FileJournal) acquire() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.shared {
		return fmt.Errorf("batch: journal %s: %w: a Run needs it for itself: use OpenJournal", j.path, ErrLocked)
	}
	if j.inUse {
		return fmt.Errorf("batch: journal %s: %w by another Run of this process", j.path, ErrLocked)
	}
	if j.broken != nil {
		return j.failed(j.broken)
	}
	j.inUse = true
	j.unmark()
	return nil
}

func (j *FileJournal) unmark() {
	for h, p := range j.index {
		j.index[h] = p &^ marked
	}
}

// mark reports whether the journal has a job, and whether it was marked before.
// So a Run over many finished jobs needs no list of them.
func (j *FileJournal) mark(key string) (known, before bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	h := j.hash([]byte(key))
	p, known := j.index[h]
	if known {
		j.index[h] = p | marked
	}
	return known, p&marked != 0
}

func (j *FileJournal) release() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inUse = false
}

var errClosed = fmt.Errorf("it is closed: %w", os.ErrClosed)

// Close closes the file, and lets other processes open it. A second call returns
// an error that matches [os.ErrClosed].
func (j *FileJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if errors.Is(j.broken, os.ErrClosed) {
		return j.failed(j.broken)
	}
	j.broken = errClosed
	err := j.file.Close()
	if j.lock != nil {
		err = errors.Join(err, j.lock.Close())
	}
	if err != nil {
		return j.failed(err)
	}
	return nil
}
