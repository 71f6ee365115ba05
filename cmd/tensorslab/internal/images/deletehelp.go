package images

import (
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

const deleteLong = `Delete image tasks by id, in batches, and report the outcome of every id.

` + idsHelp + `
Blank lines and lines that begin with # are
skipped, and repeats are dropped. If a line cannot be an id, nothing is sent.
If standard input is a terminal, the command asks before it deletes; in a pipe or
a job it does not.

The journal gets to know what was deleted. --from-journal alone means the tasks that are
saved or failed; --state may also name submitted and completed, whose images are then
lost. In a scheduled job, this line keeps the images at the service for 30 days:

  17 3 * * * tensorslab images delete --from-journal --older-than 30d --state saved --yes

What could not be deleted stays in the journal for the next run. If the command ends
between a deletion and its record, the next run deletes the task again, which does no
harm.

` + journal.Help + `

` + service.KeyHelp + `

--remaining gets each id that was not confirmed deleted; a run with --file on it
resumes. Both may be the same file; an existing file that holds anything but ids of this
run is not replaced. It is also written after Ctrl-C, and when standard output is closed.
A second Ctrl-C ends the command at once.

With --output json, each line is an object. type is "batch" (ids, outcome, and
for a failure error, code, http_status, attempts, request_id), "summary" (total,
deleted, refused, failed if any did, not_sent, unknown, repeats, batches,
interrupted, remaining) or "dry_run" (total, repeats, batches, batch_size). An
outcome is "deleted", "refused", "failed" after an outage, "not_sent" or "unknown",
which means that the service may have acted. Every id is in one "batch". After the
key is refused, or too many requests in a row have failed, nothing more is sent.

Exit status: 0 all deleted, 1 some not, 2 usage, 3 authentication, 4 credits, 7 some
not because of an outage or too many requests, so try again later, 130 interrupted.`

const deleteExample = `  tensorslab images delete --demo
  tensorslab images delete abcd_1234567890abcdef
  tensorslab images delete --file ids.txt --remaining left.txt
  tensorslab images delete --file left.txt --remaining left.txt --isolate
  tensorslab images delete --from-journal --older-than 720h --state saved --yes
  find-old-tasks | tensorslab images delete --output json`
