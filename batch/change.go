package batch

import (
	"context"
	"time"
)

// Change changes a job by what the journal knows of it at this moment: it calls decide with the
// latest entry, or with known false if there is none, and puts what decide returns, unless ok is
// false. Nobody else, of any process, changes a job in between. It returns the latest entry
// afterwards, and an error as [FileJournal.Put] does. decide must not use the journal.
func (j *FileJournal) Change(_ context.Context, key string, decide func(now Entry, known bool) (next Entry, ok bool)) (Entry, error) {
	var latest Entry
	j.mu.Lock()
	end, err := j.inTurn(func() (int64, error) {
		now, known, err := j.latestOf(key)
		if err != nil {
			return 0, err
		}
		next, ok := decide(now, known)
		if latest = now; !ok {
			return 0, nil
		}
		latest = next.completed(j.owner)
		data, err := encode(latest)
		if err != nil {
			return 0, err
		}
		return j.append(data, latest)
	})
	j.mu.Unlock()
	if err == nil && end > 0 {
		err = j.sync(end)
	}
	return latest, err
}

// Replace puts next if the latest entry of its job is still was, by its state, its task and its
// time, or if there is none yet and was is zero. If another program has changed the job meanwhile,
// as a person does who says which task it has, that stays, but for this: what the response to a
// submission names is put in any case, so that it is not lost, and to a job that was deleted
// the files are added that were saved. It returns the latest entry afterwards, whether that is
// next, and an error as [FileJournal.Put] does.
func (j *FileJournal) Replace(ctx context.Context, was, next Entry) (latest Entry, isNext bool, err error) {
	return replace(ctx, j, was, next)
}

func replace(ctx context.Context, j Journal, was, next Entry) (latest Entry, isNext bool, err error) {
	_, hasTimes := j.(*FileJournal) // another journal may round them
	latest, err = change(ctx, j, next.Key, func(now Entry, known bool) (Entry, bool) {
		isSame := now.State == was.State && now.TaskID == was.TaskID && (!hasTimes || now.Time.Equal(was.Time))
		switch {
		case !known, isSame, next.State == Submitted && was.State == Submitting:
			isNext = true
			return next, true
		case now.State == Deleted && next.State == Saved && now.TaskID == next.TaskID:
			now.Files = next.Files
			return now, true
		}
		return now, false
	})
	return latest, isNext, err
}

// completed returns the entry with what the journal adds to it.
func (e Entry) completed(owner string) Entry {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if e.Service == "" {
		e.Service = owner
	}
	e.Time = e.Time.Truncate(time.Millisecond) // as the journal has it
	return e
}

// change changes a job in one step if the journal is a file, which other processes may use.
func change(ctx context.Context, j Journal, key string, decide func(now Entry, known bool) (Entry, bool)) (Entry, error) {
	if file, ok := j.(*FileJournal); ok {
		return file.Change(ctx, key, decide)
	}
	now, known, err := j.Get(ctx, key)
	if err != nil {
		return now, err
	}
	next, ok := decide(now, known)
	if !ok {
		return now, nil
	}
	return next, j.Put(ctx, next)
}
