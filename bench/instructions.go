package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// CountInstructions counts the instructions of one operation of each peer of a case
// with valgrind, if that is installed. The program is to call [Case.Run] with the
// arguments -run, the case, the peer and a number. Two runs of different lengths tell
// the operation from the start of the process.
func (c Case) CountInstructions(ctx context.Context, program string, figures []Figures) error {
	for i := range figures {
		few := int(max(2, min(200, 4*time.Millisecond/max(figures[i].CPU, 1))))
		many := 6 * few
		first, err := countOnce(ctx, program, c.Name, figures[i].Peer, few)
		if err != nil {
			return err
		}
		second, err := countOnce(ctx, program, c.Name, figures[i].Peer, many)
		if err != nil {
			return err
		}
		figures[i].Instructions = (second - first) / float64(many-few)
	}
	return nil
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// countOnce leaves out the collection of garbage and other processors, so that the
// number is nearly the same each time.
func countOnce(ctx context.Context, program, name, peer string, times int) (float64, error) {
	cmd := exec.CommandContext(ctx, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "-run", name, peer, strconv.Itoa(times))
	cmd.Env = append(os.Environ(), "GOGC=off", "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1") // callgrind fails on those signals
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s, %s: %w: %s", name, peer, err, out)
	}
	match := collected.FindSubmatch(out)
	if match == nil {
		return 0, errors.New("valgrind reported no number of instructions")
	}
	return strconv.ParseFloat(string(match[1]), 64)
}

// HasValgrind reports whether instructions can be counted.
func HasValgrind() bool {
	_, err := exec.LookPath("valgrind")
	return err == nil
}
