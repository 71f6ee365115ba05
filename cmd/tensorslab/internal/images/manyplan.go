package images

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// manyPlan is what a run over many prompts is going to do.
type manyPlan struct {
	total    int  // prompts
	fresh    int  // of these, those to be submitted
	repeats  int  // of these, as far as this run pays for them, those without a key whose request an earlier line has
	images   int  // the most that they can make
	credits  int  // of those images, by the published table
	unpriced bool // the table lacks the model of some
	resumed  int  // tasks that are waited for, or whose images are still to be saved
	done     int  // nothing is left to do
	doubt    int  // nobody knows whether there is a task
	failed   int  // the task made no images, in an earlier run
	deleted  int  // the task was deleted at the service, in an earlier run

	seed maphash.Seed
	keys []uint64 // hashes of the keys, in order once all are there
}

// has reports whether the file has a job with this key.
func (p *manyPlan) has(key string) bool {
	_, found := slices.BinarySearch(p.keys, maphash.String(p.seed, key))
	return found
}

// maxBad is how many bad lines are named.
const maxBad = 5

// badLines collects the lines that cannot be meant.
type badLines struct {
	texts []string
	n     int
}

func (b *badLines) add(line int, reason string) {
	if b.n++; b.n <= maxBad {
		b.texts = append(b.texts, fmt.Sprintf("line %d: %s", line, reason))
	}
}

func (b *badLines) err(file string) error {
	more := ""
	if b.n > maxBad {
		more = fmt.Sprintf("; and %s more", cli.Count(b.n-maxBad, "bad line"))
	}
	return cli.Usagef("%s: %s%s; nothing was sent", file, strings.Join(b.texts, "; "), more)
}

// makePlan reads all prompts, and finds every mistake that can be found before the first
// one is paid for.
func (m *manyRun) makePlan(ctx context.Context) error {
	var bad badLines
	var at place
	m.plan.seed = maphash.MakeSeed()
	for r, err := range batch.Preview(ctx, m.client, m.journal, m.jobs.check(ctx, &at, bad.add), m.options()) {
		switch {
		case ctx.Err() != nil:
			return cli.Failf(cli.Interrupted, "interrupted; nothing was sent")
		case err != nil:
			return m.refused(err)
		case isMistake(r.Err):
			bad.add(at.line, mistake(r.Err))
		default:
			m.plan.add(r, at, m.maxTasks, m.out != "")
			if at.needsKey {
				m.jobs.keys[at.line] = r.Key
			}
		}
	}
	slices.Sort(m.plan.keys)
	switch {
	case bad.n > 0:
		return bad.err(m.input.name)
	case m.plan.total == 0:
		return cli.Usagef("%s has no prompts; nothing was sent", m.input.name)
	}
	return nil
}

// refused words an error that ends the reading of the prompts.
func (m *manyRun) refused(err error) error {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "batch: "), "the sequence of jobs: ")
	switch {
	case errors.Is(err, batch.ErrTemplate):
		return cli.Usagef("--name: %s; nothing was sent", text)
	case errors.Is(err, batch.ErrJournal):
		return cli.Usagef("%s; nothing was sent", text)
	}
	return cli.Usagef("%s: %s; nothing was sent", m.input.name, text)
}

// isMistake reports whether a job cannot be meant as it is. A job whose outcome is known,
// or in doubt, is none.
func isMistake(err error) bool {
	return err != nil && !errors.Is(err, batch.ErrInDoubt) && !errors.Is(err, batch.ErrDeleted) && !errors.Is(err, wrapper.ErrTaskFailed)
}

// mistake words a mistake, with the names of columns.
func mistake(err error) string {
	var request *wrapper.RequestError
	switch {
	case errors.As(err, &request):
		return strings.TrimSpace(columnOf(request.Field) + " " + request.Reason)
	case errors.Is(err, batch.ErrDuplicateKey):
		return "an earlier line has the same key"
	case errors.Is(err, batch.ErrOtherRequest):
		return strings.TrimPrefix(err.Error(), "batch: ") + " (--journal FILE)"
	case errors.Is(err, batch.ErrFileExists):
		return strings.TrimPrefix(err.Error(), "batch: ") + ", and the journal does not know it as an image of this prompt; move it away, or use another --out or --name"
	}
	return strings.TrimPrefix(err.Error(), "batch: ")
}

// columnOf returns the name of a column for a field of the request, a JSON Pointer.
func columnOf(field string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(field, "/"), "/")
	columns := map[string]string{"batchsize": "count", "sourceImage": "sources", "imageUrl": "image_url"}
	if column, ok := columns[name]; ok {
		return column
	}
	return name
}

// isRepeat reports whether a key that the batch has made is that of a request which an earlier
// line has: those have a number after the digest.
func isRepeat(key string) bool { return strings.Contains(key, "-") }

// add counts the job of a row.
func (p *manyPlan) add(r batch.Result, at place, maxTasks int, saves bool) {
	p.total++
	p.keys = append(p.keys, maphash.String(p.seed, r.Key))
	switch r.State {
	case batch.Planned, batch.Refused:
		if p.fresh++; maxTasks == 0 || p.fresh <= maxTasks {
			p.images += at.images
			price, ok := prices[r.Model]
			p.credits += price * at.images
			if at.keyless && isRepeat(r.Key) {
				p.repeats++
			}
			p.unpriced = p.unpriced || !ok
		}
	case batch.Submitted:
		p.resumed++
	case batch.Completed:
		if saves {
			p.resumed++
		} else {
			p.done++
		}
	case batch.Submitting, batch.InDoubt:
		p.doubt++
	case batch.Failed:
		p.failed++
	case batch.Deleted:
		p.deleted++
	default:
		p.done++
	}
}

// prices are the credits for an image, by the table that the vendor published in February
// 2026. The other models are not in it.
var prices = map[wrapper.Model]int{wrapper.ModelSeeDreamV4: 500, wrapper.ModelSeeDreamV45: 800}

// cost says what the images cost, or nothing if that is not published for all of them.
func (p *manyPlan) cost() string {
	if p.unpriced || p.credits == 0 {
		return ""
	}
	return fmt.Sprintf(", about %s credits by the table of February 2026", cli.Grouped(p.credits)) // each image costs hundreds
}

// text says what is going to be paid for, and what is not.
func (p *manyPlan) text(maxTasks int) string {
	n := p.fresh
	if maxTasks > 0 {
		n = min(n, maxTasks)
	}
	text := fmt.Sprintf("%s of %s, at most %s", cli.Count(n, "generation"), cli.Count(p.total, "prompt"), cli.Count(p.images, "image")) + p.cost()
	switch {
	case p.repeats == 1:
		text += ", 1 repeats an earlier prompt"
	case p.repeats > 1:
		text += fmt.Sprintf(", %d repeat earlier prompts", p.repeats)
	}
	for _, part := range []struct {
		n    int
		text string
	}{{p.resumed, "under way"}, {p.done, "done"}, {p.failed, "failed before"}, {p.deleted, "deleted"}, {p.doubt, "in doubt"}, {p.fresh - n, "left to the next run"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.text)
		}
	}
	return text
}
