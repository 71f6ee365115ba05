// Package batch generates images for many prompts, each of which is paid once,
// whatever happens on the way: a crash, a full disk, a lost connection.
//
//	journal, err := batch.OpenJournal("tasks.jsonl")
//	…
//	opts := batch.Options{Parallel: 4, Save: batch.ToDir("pictures", "{key}-{n}{ext}")}
//	for result, err := range batch.Run(ctx, client, journal, jobs, opts) {
//		…
//	}
//
// Run it again with the same journal to go on after an end of any kind.
//
// # Guarantees
//
// No job is sent twice unless the service certainly did not act: [Submitting] is
// in the journal, durably, before a request leaves, and a job that is found so by
// a later run becomes [InDoubt]. That rests on the journal (a disk that keeps what it
// has synced, and one run at a time), and on the outcomes of package wrapper.
//
// No task is lost: its id is recorded before anything else is done with it. When the
// context ends, the responses of submissions under way are waited for, up to 30 seconds.
// If an id can't be recorded, for lack of room on the disk, it is in the result
// and in its error.
//
// No false success is reported: [Saved] means that each image of the
// task was written whole, or [Options].Save said so.
//
// # States
//
// A job is planned, submitting, submitted, completed and saved, in this order.
// A task that made no images has failed; it may have been paid for. A request that was rejected without
// effect is refused, and sent again by the next run, as is a planned one. What is in doubt is for a
// person to decide: the service has no list of tasks, but the web console has one.
// [Resolve] names the task that is found there, and corrects its id later if it was
// mistyped; [Resubmit] says that there is none.
// A program that deletes a task must record it with Put and the state [Deleted].
//
// # Places
//
// A plan limits how many tasks run at once. Saving images does not count as one of them.
// Each task is queried by its age ([wrapper.WaitOptions].Since), so that its
// end is noticed after a twenty-fourth of its time on average.
// In virtual time, 1,000 tasks of 10 to 120 seconds take 1.04 times as long
// as the ideal schedule of the same tasks with 2, 4 or 8 places; with the default waits of
// WaitForTask it is 1.12 times. A test holds it below 1.05.
//
// # The journal
//
// The file of [OpenJournal] has a line of JSON for each change of a job, the latest
// one last, and is only ever appended to:
//
//	{"v":1,"time":"2026-01-02T03:04:05.678Z","key":"fox","state":"submitted","task":"abcd_12","request":"90c1…","model":"seedreamv45","prompt":"a fox"}
//
// v is the version of the format, 1. time is when the job entered the state, in UTC.
// key names the job; state is one of planned, submitting, submitted, completed, saved, failed, in-doubt,
// refused and deleted. task is the id; request a digest of the request, by which another one under
// the same key is refused; prompt its first 200 characters; files where the images are;
// error the reason of the state; service the base URL of the service, if
// [FileJournal.ForService] was called. Empty ones are left out. Programs of this version refuse a line with
// other fields or another version, and change nothing then.
//
// The file may be read, searched and, while no program has it open, edited by a person.
// Beside it are path.lock, which names the process that has the journal open, and
// path.torn, with what a crash left of a last line.
package batch
