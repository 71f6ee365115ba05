package batch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"syscall"
	"testing"
)

// tight is a disk that becomes full, or fails to sync.
type tight struct {
	storage
	room        int
	noSync      error
	cannotUndo  bool
	mu          sync.Mutex
	syncs, puts int
}

func (s *tight) Write(p []byte) (int, error) {
	if s.puts++; len(p) > s.room {
		n, _ := s.storage.Write(p[:s.room])
		s.room = 0
		return n, syscall.ENOSPC
	}
	s.room -= len(p)
	return s.storage.Write(p)
}

func (s *tight) Truncate(size int64) error {
	if s.cannotUndo {
		return syscall.EIO
	}
	return s.storage.Truncate(size)
}

func (s *tight) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.syncs++
	return errors.Join(s.noSync, s.storage.Sync())
}

func TestAFullDisk(t *testing.T) {
	t.Parallel()
	for _, cannotUndo := range []bool{false, true} {
		j := newJournal(t)
		disk := &tight{storage: j.file, room: 250, cannotUndo: cannotUndo}
		j.file = disk
		put := func(key string) error { return j.Put(t.Context(), Entry{Key: key}) }
		kept := 0
		for put(fmt.Sprint(kept)) == nil {
			kept++
		}
		err := put("again")
		if kept < 2 || err == nil || !cannotUndo && !errors.Is(err, syscall.ENOSPC) || cannotUndo && !errors.Is(err, syscall.EIO) {
			t.Fatalf("%d kept, %v", kept, err)
		}
		disk.room = 1000
		if err := put("room"); (err == nil) == cannotUndo {
			t.Errorf("with room again: %v", err)
		}
		all, _ := list(t, reopen(t, j))
		if want := map[bool]int{false: kept + 1, true: kept}[cannotUndo]; len(all) != want {
			t.Errorf("%d entries, want %d", len(all), want)
		}
	}
}

func TestADiskThatDoesNotSync(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	j.file = &tight{storage: j.file, room: 1 << 20, noSync: syscall.EIO}
	for range 2 {
		if err := j.Put(t.Context(), Entry{Key: "a"}); !errors.Is(err, syscall.EIO) {
			t.Errorf("%v", err)
		}
	}
}

// Those who put at the same time share the waits for the disk.
func TestPutsAtTheSameTime(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	disk := &tight{storage: j.file, room: 1 << 30}
	j.file = disk
	var writers sync.WaitGroup
	for i := range 200 {
		writers.Go(func() {
			if err := j.Put(t.Context(), Entry{Key: fmt.Sprint(i), State: Submitted, TaskID: "t"}); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if all, unfinished := list(t, reopen(t, j)); len(all) != 200 || len(unfinished) != 200 || disk.syncs > 200 {
		t.Errorf("%d, %d, %d syncs", len(all), len(unfinished), disk.syncs)
	}
}

// The path of a journal is in its errors once.
func TestNotWritten(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		&fs.PathError{Op: "write", Path: "/j", Err: syscall.ENOSPC}: "can't be written: " + syscall.ENOSPC.Error(),
		io.ErrShortWrite: "can't be written: short write",
	} {
		if got := notWritten(err); got.Error() != want || !errors.Is(err, errors.Unwrap(got)) {
			t.Errorf("%v: %v", err, got)
		}
	}
}
