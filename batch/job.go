package batch

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
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

// digestOf returns a digest of everything that is sent, source images included.
func digestOf(req wrapper.GenerateRequest) (string, error) {
	h := sha256.New()
	for _, text := range []string{
		string(cmp.Or(req.Model, wrapper.ModelSeeDreamV45)), req.Prompt, req.Resolution, strconv.Itoa(req.Count),
		strconv.FormatBool(req.ExtendPrompt), req.ImageURL, seedOf(req),
	} {
		fmt.Fprintf(h, "%d:%s,", len(text), text)
	}
	for i := range req.Sources {
		if err := digestSource(h, &req, i); err != nil {
			return "", fmt.Errorf("batch: source %d can't be read: %w", i, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

func seedOf(req wrapper.GenerateRequest) string {
	if req.Seed == nil {
		return ""
	}
	return strconv.Itoa(*req.Seed)
}

func digestSource(h hash.Hash, req *wrapper.GenerateRequest, i int) error {
	file := &req.Sources[i]
	fmt.Fprintf(h, "%d:", file.FileSize())
	r, err := file.Reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(h, r)
	return cmp.Or(err, r.Close())
}

// keys finds keys that a run has had before. It keeps 8 bytes of each.
type keys struct {
	seed maphash.Seed
	seen map[uint64]struct{}
	// repeats counts the requests without a key that came more than once.
	repeats map[string]int
}

func newKeys() keys {
	return keys{maphash.MakeSeed(), map[uint64]struct{}{}, map[string]int{}}
}

// add reports whether the key is new.
func (k *keys) add(key string) bool {
	h := maphash.String(k.seed, key)
	if _, ok := k.seen[h]; ok {
		return false
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
