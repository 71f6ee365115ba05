// Package service connects the commands to the Images Service, or to a fake one in the
// same process.
package service

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/about"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

const (
	maxRetries = 20

	outputText = "text"
	outputJSON = "json"
)

// Flags say which service to call and how, and how to report what it responds.
type Flags struct {
	Output              string
	Retries             int
	Timeout             time.Duration
	APIKeyFile, BaseURL string
	BareKey, Demo       bool
	Verbose             bool // print each request on standard error
	Quiet               bool // print only ids; see RegisterQuiet
	SendsNothing        bool // the command only has requests checked, and needs no key
}

// KeyHelp is the part of a command's help about the key.
const KeyHelp = `The API key is read from --api-key-file, from $TENSORSLAB_API_KEY, or from the line
TENSORSLAB_API_KEY=… of ~/.tensorslab/.env, which "tensorslab auth login" writes.
It is never an argument. A key file contains the key alone, or such a line.
TENSORSLAB_AUTH=bare, in the environment or in the same .env file, has the effect of
--bare-key.`

// Register defines the flags for cmd. The default of --timeout is timeout.
func (f *Flags) Register(cmd *cobra.Command, timeout time.Duration) {
	fs := cmd.Flags()
	f.RegisterService(cmd, timeout)
	f.RegisterOutput(cmd)
	f.RegisterKeyFile(cmd)
	fs.BoolVar(&f.BareKey, "bare-key", false, `send the key without "Bearer " in front of it (or set TENSORSLAB_AUTH=bare)`)
	fs.BoolVar(&f.Demo, "demo", false, "use a fake service in this process; needs no key and no network")
}

// RegisterKeyFile defines --api-key-file.
func (f *Flags) RegisterKeyFile(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.APIKeyFile, "api-key-file", "", "read the API key from `FILE` (- is standard input)")
}

// RegisterOutput defines --output.
func (f *Flags) RegisterOutput(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.Output, "output", "o", outputText, "output `FORMAT`: text or json")
	cli.CompleteWords(cmd, "output", outputText, outputJSON)
}

// RegisterService defines the flags that say where the service is and how to call it. The
// default of --timeout is timeout.
func (f *Flags) RegisterService(cmd *cobra.Command, timeout time.Duration) {
	fs := cmd.Flags()
	fs.IntVar(&f.Retries, "retries", wrapper.DefaultMaxAttempts-1, "maximum number of retries of a retryable request")
	fs.DurationVar(&f.Timeout, "timeout", timeout, "time limit for one attempt of a request")
	fs.BoolVarP(&f.Verbose, "verbose", "v", false, "print each request and each download on standard error")
	fs.StringVar(&f.BaseURL, "base-url", "", "service `URL` (default $TENSORSLAB_BASE_URL or "+wrapper.DefaultBaseURL+")")
}

// RegisterQuiet defines --quiet for a command whose output can be the input of another.
func (f *Flags) RegisterQuiet(cmd *cobra.Command, usage string) {
	cmd.Flags().BoolVarP(&f.Quiet, "quiet", "q", false, usage)
}

// NewReporter returns a reporter of text, of JSON objects or of bare ids, as the flags say.
func (f *Flags) NewReporter(e cli.Env) *cli.Reporter {
	r := cli.NewReporter(e.Stdout, !f.AsText())
	r.Hide(e.Secret)
	if f.Quiet {
		r.OnlyIDs(e.Stderr)
	}
	return r
}

// Check returns a usage error for a value that cannot be meant. It is called before
// anything is read or sent.
func (f *Flags) Check(fs *pflag.FlagSet) error {
	if err := cli.CheckNotBlank(fs); err != nil {
		return err
	}
	if err := f.CheckOutput(fs); err != nil {
		return err
	}
	switch {
	case f.Quiet && f.Output != outputText:
		return cli.Usagef("use --quiet or --output %s, not both", f.Output)
	case f.Timeout <= 0:
		return cli.Usagef("--timeout must be a duration above 0, such as 30s")
	case f.Demo && (f.APIKeyFile != "" || f.BaseURL != ""):
		return cli.Usagef("--demo uses no key and no service; leave --api-key-file and --base-url out")
	}
	return cli.CheckRange("retries", f.Retries, 0, maxRetries)
}

// CheckOutput returns a usage error for a format that there is not. Other tools have a
// file in place of the format.
func (f *Flags) CheckOutput(fs *pflag.FlagSet) error {
	err := cli.CheckOneOf("output", f.Output, outputText, outputJSON)
	if fs.Lookup("o"+f.Output) != nil { // -out is read as -o ut
		return cli.Usagef("%w; did you mean --o%s?", err, f.Output)
	}
	if err != nil && strings.ContainsAny(f.Output, "./") && fs.Lookup("out") != nil {
		return cli.Usagef("%w; to write images to a directory, use --out DIR", err)
	}
	return err
}

// Options returns the flags as options of the client.
func (f *Flags) Options() []wrapper.Option {
	opts := []wrapper.Option{
		wrapper.WithUserAgent("tensorslab/" + strings.TrimPrefix(about.Version(), "v")),
		wrapper.WithTimeout(f.Timeout),
		wrapper.WithRetry(wrapper.RetryPolicy{MaxAttempts: f.Retries + 1}),
	}
	if f.BareKey {
		opts = append(opts, wrapper.WithBareKey())
	}
	return opts
}

// StdinUsers returns the flags that are to be read from standard input.
func (f *Flags) StdinUsers() []string {
	if f.APIKeyFile == "-" {
		return []string{"--api-key-file -"}
	}
	return nil
}

// Repeat returns the flags of this command line that another command needs, to go on with
// a task of the same service and the same account.
func (f *Flags) Repeat() []string {
	var flags []string
	if f.BaseURL != "" {
		flags = append(flags, "--base-url", f.BaseURL)
	}
	if f.APIKeyFile != "" {
		flags = append(flags, "--api-key-file", f.APIKeyFile)
	}
	if f.BareKey {
		flags = append(flags, "--bare-key")
	}
	return flags
}

// ShowsProgress reports whether a person watches how far the command is: a spinner would
// be in the way of what --verbose prints, and JSON is for programs, also on a terminal.
func (f *Flags) ShowsProgress(e cli.Env) bool {
	return f.AsText() && !f.Verbose && cli.IsAnimated(e)
}

// AsText reports whether the output is for people.
func (f *Flags) AsText() bool { return f.Output == outputText }

// Advisor returns what words errors for the operator who gave these flags.
func (f *Flags) Advisor() cli.Advisor { return cli.Advisor{BareKey: f.BareKey} }
