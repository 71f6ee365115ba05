package images

import (
	"context"
	"fmt"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
)

// finish reports the summary and what is in doubt, and returns the error of the command.
func (m *manyRun) finish(ctx context.Context, runErr error) error {
	m.bar.Stop()
	m.counts.Total += m.plan.total
	m.counts.NotSent += max(0, m.plan.total-m.results)
	interrupted := ctx.Err() != nil && (runErr != nil || m.counts.NotSent > 0)
	m.report.Report(manySummary{m.counts, interrupted})
	for _, doubt := range m.doubts {
		m.report.Report(doubt)
	}
	if more := m.counts.InDoubt - len(m.doubts); more > 0 {
		m.report.Report(cli.Note(fmt.Sprintf("in doubt: %d more, see: %s --in-doubt", more, m.journalCommand("list"))))
	}
	status, text := cli.OK, ""
	if runErr != nil || m.report.Err() != nil {
		status, text = m.stopReason(ctx, runErr)
	}
	if m.counts.NotSent > 0 && runErr == nil {
		status = cli.Worst(status, cli.Unfinished)
	}
	status = cli.Worst(m.status, status)
	if status == cli.OK {
		return nil
	}
	return cli.Failf(status, "%s", m.lastLine(text, status))
}

// lastLine says how many prompts are not done, why, and what to do.
func (m *manyRun) lastLine(reason string, status int) string {
	done := m.counts.Saved + m.counts.Completed + m.deletedDone
	text := fmt.Sprintf("%d of %s not done", m.counts.Total-done, cli.Count(m.counts.Total, "prompt"))
	if reason != "" {
		text = reason + ": " + text
	}
	if m.counts.InDoubt > 0 {
		text += fmt.Sprintf("; %s in doubt may have been paid for and will not be sent again: look into the web console, then run %s KEY TASKID, or KEY --not-created",
			cli.Count(m.counts.InDoubt, "generation"), m.journalCommand("resolve"))
	}
	if m.unrecorded > 0 {
		text += fmt.Sprintf("; paid for and not recorded: %s, named above", cli.Count(m.unrecorded, "task"))
	}
	switch {
	case m.Demo || m.generateFlags.journal.None:
	case m.counts.NotSent+m.counts.UnderWay+m.counts.Unsaved+m.counts.Refused > 0 && status != cli.Usage:
		text += "; run the same command again to go on: nothing is paid for twice"
	case m.counts.Failed > 0:
		text += fmt.Sprintf("; %s KEY lets the next run pay for a failed one again", m.journalCommand("resubmit"))
	}
	return text
}

// journalCommand returns the beginning of a command about the journal of this run.
func (m *manyRun) journalCommand(verb string) string {
	return m.generateFlags.journal.Command(verb)
}
