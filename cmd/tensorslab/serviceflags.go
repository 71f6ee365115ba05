package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	maxRetries = 20

	outputText = "text"
	outputJSON = "json"
)

// serviceFlags say which service is called and how, and how its answers are told.
type serviceFlags struct {
	output              string
	retries             int
	timeout             time.Duration
	apiKeyFile, baseURL string
	bearer, demo        bool
}

const keyHelp = `The API key is the content of --api-key-file, or $TENSORSLAB_API_KEY, or the line
TENSORSLAB_API_KEY=… of ~/.tensorslab/.env. It is never an argument.`

func (f *serviceFlags) register(cmd *cobra.Command, timeout time.Duration) {
	fs := cmd.Flags()
	fs.StringVarP(&f.output, "output", "o", outputText, "`FORMAT` of the account: text or json")
	fs.IntVar(&f.retries, "retries", wrapper.DefaultMaxAttempts-1, "how often to repeat a request that may yet succeed")
	fs.DurationVar(&f.timeout, "timeout", timeout, "time for one attempt of a request")
	fs.StringVar(&f.apiKeyFile, "api-key-file", "", "read the API key from `FILE`")
	fs.BoolVar(&f.bearer, "bearer", false, `send the key as "Bearer <key>"`)
	fs.StringVar(&f.baseURL, "base-url", "", "`URL` of the service (default $TENSORSLAB_BASE_URL or "+wrapper.DefaultBaseURL+")")
	fs.BoolVar(&f.demo, "demo", false, "use a fake service in this process; needs no key and no network")
	completeWords(cmd, "output", outputText, outputJSON)
}

// completeWords offers words to the shell for a flag.
func completeWords(cmd *cobra.Command, flag string, words ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// check refuses what can't be meant, before anything is read or sent.
func (f *serviceFlags) check(fs *pflag.FlagSet) error {
	if err := checkNotBlank(fs); err != nil {
		return err
	}
	switch {
	case f.output != outputText && f.output != outputJSON:
		return usagef("--output wants text or json")
	case f.retries < 0 || f.retries > maxRetries:
		return usagef("--retries wants a number from 0 to %d", maxRetries)
	case f.timeout <= 0:
		return usagef("--timeout wants a duration above 0, such as 30s")
	case f.demo && (f.apiKeyFile != "" || f.baseURL != ""):
		return usagef("--demo uses no key and no service; leave --api-key-file and --base-url out")
	}
	return nil
}

// checkNotBlank refuses a flag that was given without a value, as by an empty
// variable of a script.
func checkNotBlank(fs *pflag.FlagSet) (err error) {
	fs.Visit(func(fl *pflag.Flag) {
		if fl.Value.Type() == "string" && strings.TrimSpace(fl.Value.String()) == "" && err == nil {
			err = usagef("--%s is empty; give a value or leave it out", fl.Name)
		}
	})
	return err
}

func (f serviceFlags) options() []wrapper.Option {
	opts := []wrapper.Option{
		wrapper.WithUserAgent("tensorslab/" + wrapper.Version),
		wrapper.WithTimeout(f.timeout),
		wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: f.retries + 1}),
	}
	if f.bearer {
		opts = append(opts, wrapper.WithBearer())
	}
	return opts
}

// keyAdvice is what to try where the service refused the key.
func (f serviceFlags) keyAdvice() string {
	if f.bearer {
		return "check it, or leave --bearer out"
	}
	return "check it, or try --bearer"
}

// asText reports whether people are to read the account.
func (f serviceFlags) asText() bool { return f.output == outputText }

func between(flag string, n, least, most int) error {
	if n < least || n > most {
		return usagef("--%s wants a number from %d to %d", flag, least, most)
	}
	return nil
}
