package images

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// maxDoubts is how many jobs in doubt are named at the end.
const maxDoubts = 20

// manyTally is what has become of the jobs of a run.
type manyTally struct {
	results    int // jobs that have a result
	doubts     []doubtRecord
	status     int             // the most important of all results
	unrecorded int             // tasks that the journal could not take
	created    map[string]bool // jobs under way whose task this run has created
	counts     manyCounts
	// deletedDone is the number of those deleted that lack nothing: their images had been
	// saved, or were not to be.
	deletedDone int
	submitting  atomic.Int64 // requests under way, which may be paid for; not the loop's alone
	sending     map[string]bool
	named       map[string]bool // jobs under way whose prompt a line has shown
}

// noteSending keeps count of the submissions under way.
func (t *manyTally) noteSending(r batch.Result, isSending bool) {
	switch {
	case t.sending[r.Key] == isSending:
	case isSending:
		t.sending[r.Key] = true
		t.submitting.Add(1)
	default:
		delete(t.sending, r.Key)
		t.submitting.Add(-1)
	}
}

// manyCounts are the numbers of the summary.
type manyCounts struct {
	Total     int `json:"total"`
	Submitted int `json:"submitted"` // tasks that this run has created
	Saved     int `json:"saved"`     // jobs whose images are all in files
	Completed int `json:"completed"` // jobs whose images exist at the service
	Skipped   int `json:"skipped"`   // of these two and of those deleted, those that were done before
	Images    int `json:"images"`    // files that this run has saved, or images of completed tasks
	Failed    int `json:"failed"`
	Deleted   int `json:"deleted"` // at the service, whether or not the images were saved before
	Unsaved   int `json:"unsaved"` // completed, but not all images could be saved
	UnderWay  int `json:"under_way"`
	InDoubt   int `json:"in_doubt"`
	Refused   int `json:"refused"`
	NotSent   int `json:"not_sent"`
}

// changed takes in a change of a job under way.
func (m *manyRun) changed(r batch.Result) {
	m.noteSending(r, r.State == batch.Submitting)
	if r.State != batch.Planned && r.State != batch.Submitting {
		m.jobs.release(r.Key)
	}
	if r.State == batch.Submitted && !m.created[r.Key] {
		m.counts.Submitted++
		m.created[r.Key] = true
		m.report.Report(createdRecord{id: r.TaskID, model: string(r.Model), key: r.Key, prompt: r.Prompt, many: true, named: m.named[r.Key]})
		m.named[r.Key] = true
	} else if !m.bar.IsDrawn() && !m.hasLine(r.State) {
		change := changeRecord{result: r, err: m.describe(r)}
		if !m.named[r.Key] {
			m.named[r.Key], change.prompt = true, r.Prompt
		}
		m.report.Report(change)
	}
	m.bar.Describe(m.counts.text())
}

// hasLine reports whether the result of a job that has just entered a state says so, or the
// list of jobs in doubt at the end.
func (t *manyTally) hasLine(s batch.State) bool {
	return s == batch.Saved || s == batch.Failed || s == batch.Refused || s == batch.InDoubt && t.counts.InDoubt < maxDoubts
}

// ended takes in the result of a job.
func (m *manyRun) ended(r batch.Result) {
	m.noteSending(r, false)
	if m.plan.has(r.Key) {
		m.results++
	} else { // the journal has it from another file
		m.counts.Total++
	}
	own := m.created[r.Key]
	delete(m.created, r.Key)
	delete(m.named, r.Key)
	m.count(r)
	err := m.describe(r)
	if errors.Is(r.Err, batch.ErrUnrecorded) {
		m.counts.Submitted++
		m.unrecorded++
		err = m.describeUnrecorded(r)
	}
	status := cli.OK
	switch {
	case r.State == batch.InDoubt || r.State == batch.Submitting:
		status = cli.Unknown
		if len(m.doubts) < maxDoubts {
			m.doubts = append(m.doubts, doubtRecord{r.Key, r.Prompt, err})
		}
	case r.State == batch.Planned && errors.Is(r.Err, context.Canceled): // the run has stopped, and says why
		err = nil
	case r.State == batch.Submitted && r.Err != nil:
		status = cli.Worst(cli.Unfinished, cli.StatusFor(r.Err))
	case r.Err != nil:
		status = cli.StatusFor(r.Err)
	}
	m.status = cli.Worst(m.status, status)
	m.report.Report(resultRecord{result: r, err: err, isPrinted: own})
	m.bar.Describe(m.counts.text())
	m.bar.Add(1)
}

// unknownTask begins the error of a task that the service does not know, also where an
// earlier run has recorded it.
const unknownTask = "the service does not know the task "

// describe words the error of a job for operators.
func (m *manyRun) describe(r batch.Result) error {
	err := r.Err
	if r.State == batch.Failed && strings.Contains(fmt.Sprint(err), unknownTask) {
		return fmt.Errorf(unknownTask+"%s: if its id was given by hand, correct it by: %s %s TASKID; otherwise it may have been paid for, and is lost",
			cli.Quote(r.TaskID), m.journalCommand("resolve"), cli.ShellQuote(r.Key))
	}
	if reason, ok := strings.CutPrefix(fmt.Sprint(err), "batch: "+batch.ErrInDoubt.Error()+" ("); ok { // an earlier run has recorded it
		return errors.New(strings.TrimSuffix(reason, ")"))
	}
	described := m.Advisor().Describe(err)
	if r.State == batch.Submitted && described != nil { // the summary says how to go on
		described = cli.Reword(described, strings.TrimSuffix(described.Error(), "; "+cli.WaitAgain))
	}
	if described != nil && strings.HasPrefix(described.Error(), "batch: ") { // it is of the batch alone
		return errors.New(bare(described))
	}
	return described
}

// describeUnrecorded words the error of a task that the journal could not take, with the
// command that brings it back.
func (m *manyRun) describeUnrecorded(r batch.Result) error {
	_, reason, _ := strings.Cut(bare(r.Err), batch.ErrUnrecorded.Error()+": ")
	if m.generateFlags.journal.None {
		return fmt.Errorf("task %s was created and paid for, and could not be recorded (%s); keep its id", cli.Quote(r.TaskID), reason)
	}
	return fmt.Errorf("the task was created and paid for, and could not be recorded (%s); once the journal can be written: %s -- %s %s",
		reason, m.journalCommand("resolve"), cli.ShellQuote(r.Key), cli.ShellQuote(r.TaskID))
}

// bare returns the text of an error without the names of the package.
func bare(err error) string {
	return strings.TrimPrefix(strings.ReplaceAll(err.Error(), ": batch: ", ": "), "batch: ")
}

func (m *manyRun) count(r batch.Result) {
	c := &m.counts
	switch r.State {
	case batch.Deleted:
		c.Deleted++
		if r.Err == nil {
			c.Skipped++
			m.deletedDone++
		}
	case batch.Saved:
		c.Saved++
		if r.Data == nil {
			c.Skipped++
		} else {
			c.Images += len(r.Files)
		}
	case batch.Completed:
		m.countCompleted(r)
	case batch.Failed:
		c.Failed++
	case batch.InDoubt, batch.Submitting:
		c.InDoubt++
	case batch.Submitted:
		c.UnderWay++
	case batch.Refused:
		c.Refused++
	default:
		c.NotSent++
	}
}

// countCompleted counts a job whose images are not in files.
func (m *manyRun) countCompleted(r batch.Result) {
	c := &m.counts
	switch {
	case r.Err != nil || m.save != nil:
		c.Unsaved++
	case r.Data == nil:
		c.Completed++
		c.Skipped++
	default:
		c.Completed++
		c.Images += len(r.Data.URL)
	}
}

// text has the counts that are not zero, and always what was submitted.
func (c *manyCounts) text() string {
	parts := []string{fmt.Sprintf("%d submitted", c.Submitted)}
	for _, part := range []struct {
		n    int
		text string
	}{
		{c.Saved, "saved"}, {c.Completed, "completed"}, {c.Unsaved, "not saved"}, {c.UnderWay, "under way"}, {c.Failed, "failed"}, {c.Deleted, "deleted"},
		{c.InDoubt, "in doubt"}, {c.Refused, "refused"}, {c.NotSent, "not sent"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	return strings.Join(parts, ", ")
}
