package journal

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/batch"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// service returns the base URL of the service that the command line is about, always in
// the same spelling.
func (f *Flags) service(e cli.Env) string {
	_, base := service.BaseURL(e, f.baseURL())
	return normal(base)
}

// baseURL returns the value of --base-url.
func (f *Flags) baseURL() string {
	if f.flags != nil {
		if defined := f.flags.Lookup("base-url"); defined != nil {
			return defined.Value.String()
		}
	}
	return ""
}

// RepeatService returns --base-url as on the command line, which another command about the
// same service needs.
func (f *Flags) RepeatService() []string {
	if base := f.baseURL(); base != "" {
		return []string{"--base-url", base}
	}
	return nil
}

// normal returns the usual spelling of a base URL, without what may hold credentials. What
// is no URL, or empty, stands for the default: nothing is sent to it.
func normal(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return wrapper.DefaultBaseURL
	}
	host := strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"https": ":443", "http": ":80"} {
		if strings.EqualFold(u.Scheme, scheme) {
			host = strings.TrimSuffix(host, port)
		}
	}
	return strings.ToLower(u.Scheme) + "://" + host + strings.TrimRight(u.EscapedPath(), "/")
}

// maxName bounds the part of a file's name that comes from a URL.
const maxName = 150

// nameFor returns the name of the default journal for a service. Each service has its own,
// so that what was done on a fake, to practise, is not taken for done.
func nameFor(service string) string {
	if service == wrapper.DefaultBaseURL {
		return "tasks.jsonl"
	}
	_, place, _ := strings.Cut(service, "://")
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return '-'
	}, place)
	return "tasks-" + safe[:min(len(safe), maxName)] + ".jsonl"
}

// bind makes sure that the journal is one of the service, unless the command only looks
// into the file.
func (f *Flags) bind(e cli.Env, path string, j *batch.FileJournal) error {
	if j == nil || f.AnyService {
		return nil
	}
	err := j.ForService(f.service(e))
	if err == nil {
		return nil
	}
	_ = j.Close()
	if errors.Is(err, batch.ErrOtherService) {
		_, other, _ := strings.Cut(err.Error(), batch.ErrOtherService.Error()+": ")
		return cli.Usagef("the journal %s has tasks of %s; use another --journal for this service; nothing was sent", path, cli.Printable(other))
	}
	return fmt.Errorf("cannot read the journal of tasks: %w", bare(err))
}
