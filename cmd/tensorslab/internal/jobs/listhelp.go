package jobs

import "github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"

const listLong = `List the image tasks that this machine created, from the journal of tasks, the oldest
change first. The service itself has no list. The journal is only read, so that it
may be in use. Nothing is sent, and no key is needed.

` + journal.Help + `

A STATE is one of:
  planned      not sent, or certainly without effect
  submitting   about to be sent; after a crash, in doubt
  submitted    created and paid for; its end was not seen yet
  completed    its images exist at the service, and were not saved
  saved        its images were saved
  failed       the task ended without images
  in-doubt     nobody knows whether a task was created and paid for
  refused      rejected without effect
  deleted      deleted at the service

An AGE is how long ago a task came into its state: a duration (90m, 720h, 30d, 2w) or a
date (2026-01-31, 2026-01-31T12:00, in the local time zone unless it names one).

` + doubtHelp + `

With --output json, each line is an object with type "job", key, state, time and, as
far as they are known, id, model, prompt (its first 200 characters), files and error.
Such a list can be the --file of the other commands if each line has an id. --quiet
prints ids for them; what has no id is left out.

Exit status: 0 success, also for an empty list, 1 failure, 2 usage, 130 interrupted.`

const doubtHelp = `A generation is in doubt if the connection or the command ended before the response. It
is not sent again automatically. Look for its task in the web console, then say what
is there:
  tensorslab images resolve KEY TASKID         the task exists
  tensorslab images resolve KEY --not-created  it does not; a later run sends it again`

const listExample = `  tensorslab images list
  tensorslab images list --state saved,failed --older-than 30d
  tensorslab images list --in-doubt
  tensorslab images list --since 24h --state completed -q | tensorslab images download`
