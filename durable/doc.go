// Package durable generates images for many prompts in several processes, each of which
// is paid once: package batch on River and Postgres.
//
//	err := durable.Migrate(ctx, pool)
//	images, err := durable.Workers(client, durable.NewStore(pool), durable.Options{Parallel: 4, Save: save})
//	err = images.Configure(config)
//	queue, err := river.NewClient(riverpgxv5.New(pool), config)
//	err = queue.Start(ctx)
//
// and, in any transaction of any process, beside what the image is for:
//
//	err := durable.Enqueue(ctx, tx, batch.Job{Key: "order-17", Request: request})
//
// The client of River is the caller's, and so are its other jobs.
//
// # Guarantees
//
// No job is sent twice unless the service certainly did not act. What decides is the row of the
// job in the table tensorslab_job, never River: the row is [batch.Submitting], committed and
// on the disk of Postgres, before the request leaves, in the name of one attempt. Whoever finds such a
// row later does not send the job. That rests on a database that keeps what it has committed: a
// failover to a standby without synchronous replication may forget a row.
//
// No task is lost. Its id is recorded with the job of River that waits for it, in one transaction,
// under a context that neither the end of the process's work nor a timeout of River ends, and
// repeatedly while Postgres is away: for ten minutes, or for 30 seconds once the process is told to
// stop. If it can't be recorded, it is in the log and in the error of River's
// job, see [batch.ErrUnrecorded]. If it comes late, when the job is in doubt already, it ends the
// doubt; if a person has decided by then, it is kept, see [Store.Strays].
//
// Every doubt is listed. A row whose attempt has not recorded its outcome after four thirds of
// Options.SubmitTimeout becomes [batch.InDoubt], at the latest by a periodic job. [Store.InDoubt] lists
// those; [Store.Resolve] and [Store.Resubmit] are a person's decisions.
//
// No more tasks than Options.Parallel are under way in all processes together. They are counted
// under an advisory lock when a job is claimed. Tasks in doubt, and those that were created
// without this store, are not counted: the service then says that it has no place, and the jobs wait.
//
// Neither the key nor an address of an image is in a table, also not in errors that River keeps. A request that holds
// the key by mistake is refused and removed from its row when a worker first sees it.
//
// # States
//
// They are those of package batch. A job is planned, submitting, submitted, completed and, if there is
// an Options.Save, saved. One that the service rejects is refused, and is not sent again unless a person
// says so; if the rejection is about the key, the credits or the places of the plan, the job stays planned and
// all submissions of the process pause. A task that made no images has failed; it may have been paid for.
// Tasks that are older than Options.KeepFor are deleted. A row stays in the table until the
// caller deletes it, with which its key may be used again.
//
// # River
//
// A job of River submits one request, makes one query or saves the images of one task. Whatever happens to
// it, the row says what is to be done: jobs of River may be repeated, rescued, cancelled
// or deleted. A wait is a job that snoozes for a twelfth of the age of the task, which uses up
// no attempts. One that looks for a place of the plan holds a worker of its queue, for up to 30 seconds, so that
// thousands of planned jobs do not come and go.
//
// What a process has left that has died is found by a periodic job, a minute or so after it must
// have ended. Periodic jobs are inserted by the leader that River's clients elect, so that at
// least one of them must not have LeaderElectionDisabled.
//
// To stop, end the context of River's Client.Start, or call [WorkerSet.StopSubmitting] and then Client.Stop. The
// process then submits nothing more, and waits for the responses of submissions under way, up to
// 30 seconds after the end of the context; let the platform wait for a minute before it kills.
package durable
