package batch

import (
	"errors"
	"fmt"
)

// ErrOtherService: a journal has jobs of another service than the one it is opened for.
var ErrOtherService = errors.New("it has tasks of another service")

// ForService makes the journal one of a service, which is known by its base URL: entries
// without a Service get this one when they are put. It returns an error that matches
// [ErrOtherService] and names the other one if an entry has another Service, since a job
// that was paid for there is not done here, and its task id means nothing here. Entries
// without a Service may be of any. A Run does not call it; who uses several services, such
// as a fake to practise on, calls it before the journal is used.
func (j *FileJournal) ForService(service string) error {
	if err := j.refresh(false); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, other := range j.owners {
		if other != "" && other != service {
			return fmt.Errorf("batch: journal %s: %w: %s", j.path, ErrOtherService, oneLine(other, maxPrompt))
		}
	}
	j.owner = service
	return nil
}

// noteService remembers which services entries name. Two are enough to find one that is
// not the journal's.
func (j *FileJournal) noteService(name []byte) {
	for i, known := range j.owners {
		if len(name) == 0 || known == string(name) {
			return
		}
		if known == "" {
			j.owners[i] = string(name)
			return
		}
	}
}
