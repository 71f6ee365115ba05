package fakeapi

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// defaultAddr is a port of the system's choice that only this machine reaches.
const defaultAddr = "127.0.0.1:0"

// Option configures a server. If an option is given twice, the last one counts,
// except for [WithTasks], which adds up.
type Option interface{ apply(*config) error }

type config struct {
	addr          string
	key           string // any is accepted if empty
	tls           bool
	http2         bool
	tasks         []string
	ignoreUnknown bool
	strict        bool
	contract      []byte
	life          TaskLife
	credits       int // unlimited if negative
	maxTasks      int // no limit if 0
	fullPlan      response
	latency       time.Duration
	firstTask     int64
}

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

// newConfig applies opts and reports everything that is wrong with them.
func newConfig(tb TB, opts []Option) (config, error) {
	cfg := config{addr: defaultAddr, life: defaultLife, credits: unlimited, fullPlan: fullPlan, firstTask: 1}
	var errs []error
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, fmt.Errorf("fakeapi: option %d is nil", i+1))
		} else if err := opt.apply(&cfg); err != nil {
			errs = append(errs, fmt.Errorf("fakeapi: %w", err))
		}
	}
	if cfg.strict && tb == nil {
		errs = append(errs, errors.New("fakeapi: WithStrict reports to a test: use Start in place of NewServer"))
	}
	return cfg, errors.Join(errs...)
}

// WithKey accepts this API key and no other, sent bare or as "Bearer <key>".
// Without it any key is accepted. Surrounding white space is dropped; an empty
// key, or one with a control or non-ASCII character, is an error. The key is
// never printed and never in a response or a record.
func WithKey(key string) Option {
	return optionFunc(func(c *config) error {
		key := strings.TrimSpace(key)
		switch {
		case key == "":
			return errors.New("WithKey: the key is empty")
		case strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }):
			return errors.New("WithKey: the key has a character that no header can carry; use printable ASCII")
		case bareKey(key) != key:
			return errors.New("WithKey: give the key without the word Bearer; both forms are accepted")
		}
		c.key = key
		return nil
	})
}

// WithLatency sends each response that much later, those of the image host too; a
// negative duration is an error. Requests are carried out as soon as they are read, so
// that a client that gives up meanwhile cannot know the outcome, as with [DelayAnswer].
// A dropped connection is dropped at once.
func WithLatency(d time.Duration) Option {
	return optionFunc(func(c *config) error {
		if d < 0 {
			return errors.New("WithLatency: the duration is negative")
		}
		c.latency = d
		return nil
	})
}

// WithTLS serves https, the images too, with a certificate made at start for the
// loopback addresses, localhost and the host of [WithAddr]. [Server.Client]
// trusts it.
func WithTLS() Option {
	return optionFunc(func(c *config) error {
		c.tls = true
		return nil
	})
}

// WithHTTP2 serves HTTP/2 as well as HTTP/1.1, over TLS.
func WithHTTP2() Option {
	return optionFunc(func(c *config) error {
		c.tls, c.http2 = true, true
		return nil
	})
}

// WithAddr listens on addr, a host and port such as "127.0.0.1:8787". The
// default is "127.0.0.1:0": loopback, and a port of the system's choice. The
// image host listens on the same host, always on a port of the system's choice.
func WithAddr(addr string) Option {
	return optionFunc(func(c *config) error {
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return fmt.Errorf("WithAddr: want host:port, such as %s: %w", defaultAddr, err)
		}
		c.addr = addr
		return nil
	})
}

// WithTasks adds tasks before the server starts, as [Server.AddTasks] does.
func WithTasks(ids ...string) Option {
	return optionFunc(func(c *config) error {
		c.tasks = append(c.tasks, ids...)
		return nil
	})
}

// WithFirstTask counts the ids of generated tasks from n, in place of 1: two servers with
// different numbers give no two tasks the same id, which a journal that outlives a server
// would take for a fault of the service. A number below 1, or of more than 16 digits, is an error.
func WithFirstTask(n int64) Option {
	return optionFunc(func(c *config) error {
		if n < 1 || n >= 1e16 {
			return fmt.Errorf("WithFirstTask: %d is not between 1 and 9999999999999999", n)
		}
		c.firstTask = n
		return nil
	})
}

// WithUnknownTasksIgnored treats ids that were never added as deleted. The
// default is to refuse the whole batch. The contract specifies neither.
func WithUnknownTasksIgnored() Option {
	return optionFunc(func(c *config) error {
		c.ignoreUnknown = true
		return nil
	})
}

// WithStrict fails the test, through its Errorf, for each request that violates
// the contract; without it such requests are only refused and recorded. A wrong
// key and a body over a limit violate no contract. It needs [Start].
func WithStrict() Option {
	return optionFunc(func(c *config) error {
		c.strict = true
		return nil
	})
}

// WithContract serves doc, an OpenAPI 3.0 document in JSON or YAML, in place
// of the contract of this module. An operation that this package knows by its
// operationId behaves as usual; the response of any other one, given a request
// that satisfies the document, is the first JSON example of its success
// response, or else a minimal value that satisfies the response's schema.
func WithContract(doc []byte) Option {
	return optionFunc(func(c *config) error {
		if len(doc) == 0 {
			return errors.New("WithContract: the document is empty")
		}
		c.contract = doc
		return nil
	})
}
