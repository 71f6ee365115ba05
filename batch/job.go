package batch

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"strconv"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Job is one request of a run.
type Job struct {
	// Key is the caller's name for the job: unique in the run, and the same when
	// the run is repeated. By default it is a digest of the request, followed by
	// -2, -3 and so on where the run repeats the request, so that other jobs may be
	// added before it.
	Key string
	// Request is what to generate.
	Request wrapper.GenerateRequest
}

// Jobs returns a sequence of jobs for [Run]. Longer ones are better read from
// where they are, one by one.
func Jobs(jobs ...Job) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		for _, job := range jobs {
			if !yield(job, nil) {
				return
			}
		}
	}
}

// Digest returns a digest of everything that a request sends, source images included, as
// [Entry].Request has it. It reads the source images.
func Digest(req wrapper.GenerateRequest) (string, error) { return digestOf(req) }

// digestOf returns a digest of everything that is sent, source images included.
func digestOf(req wrapper.GenerateRequest) (string, error) {
	var text []byte
	add := func(part string) {
		text = append(strconv.AppendInt(text, int64(len(part)), 10), ':')
		text = append(text, part...)
	}
	add(string(modelOf(req)))
	add(req.Prompt)
	add(req.Resolution)
	add(strconv.Itoa(req.Count))
	add(strconv.FormatBool(req.ExtendPrompt))
	add(req.ImageURL)
	if req.Seed != nil {
		add(strconv.Itoa(*req.Seed))
	}
	for i := range req.Sources {
		sum, err := digestSource(&req, i)
		if err != nil {
			return "", fmt.Errorf("batch: source %d can't be read: %w", i, err)
		}
		add(string(sum))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

func digestSource(req *wrapper.GenerateRequest, i int) ([]byte, error) {
	file, err := req.Sources[i].Reader()
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	_, err = io.Copy(h, file)
	return h.Sum(nil), cmp.Or(err, file.Close())
}

// keys finds keys that a run has had before. It keeps 8 bytes of each, unless the
// journal can mark it.
type keys struct {
	mark func(key string) (known, before bool) // may be nil
	seed maphash.Seed
	seen map[uint64]struct{}
	// repeats counts the requests without a key that came more than once.
	repeats map[string]int
}

func newKeys(mark func(string) (known, before bool)) keys {
	return keys{mark, maphash.MakeSeed(), map[uint64]struct{}{}, map[string]int{}}
}

// add reports whether the key is new.
func (k *keys) add(key string) bool {
	h := maphash.String(k.seed, key)
	if _, ok := k.seen[h]; ok {
		return false
	}
	if k.mark != nil {
		if known, before := k.mark(key); known {
			return !before
		}
	}
	k.seen[h] = struct{}{}
	return true
}

// name returns the default key of a request.
func (k *keys) name(digest string) string {
	key := digest[:16]
	h := maphash.String(k.seed, "default "+key)
	if _, again := k.seen[h]; !again {
		k.seen[h] = struct{}{}
		return key
	}
	k.repeats[key]++
	return key + "-" + strconv.Itoa(k.repeats[key]+1)
}
