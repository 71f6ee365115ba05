package service

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/apikey"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/wrapper"
)

// Connect returns a client for the service that the flags and the environment name. It
// sends nothing. It sets f.BareKey if the environment or the .env file asks for that, so
// that advice is about what was sent.
func Connect(ctx context.Context, e cli.Env, f *Flags, more ...wrapper.Option) (*wrapper.Client, error) {
	key, _, err := FindKey(ctx, e, f)
	if f.SendsNothing && errors.Is(err, apikey.ErrNone) && f.APIKeyFile == "" {
		key, err = rand.Text(), nil // a constant might be in a prompt, and be taken out as the key
	}
	if err != nil {
		return nil, err
	}
	if err := f.SetForm(e); err != nil {
		return nil, err
	}
	return f.NewClient(e, key, more...)
}

// FindKey returns the API key, and where it was found. From then on e.Secret has it.
func FindKey(ctx context.Context, e cli.Env, f *Flags) (key, place string, err error) {
	found, err := cli.AwaitValue(ctx, func() ([2]string, error) { // a key file may be a pipe
		key, place, err := findKey(e, f)
		return [2]string{key, place}, err
	})
	if err == nil {
		e.Secret.Set(found[0])
	}
	return found[0], found[1], err
}

// LearnKey has e.Secret know the key of the environment or of the .env file, for commands that keep
// or send an argument, in whose place the key may be typed, before they connect.
func LearnKey(e cli.Env) {
	if e.Getenv == nil {
		return
	}
	if key, _, err := apikey.Find(e.Getenv, e.Home); err == nil {
		e.Secret.Set(key)
	}
}

// NewClient returns a client that sends key in the form that f.BareKey says.
func (f *Flags) NewClient(e cli.Env, key string, more ...wrapper.Option) (*wrapper.Client, error) {
	opts := append(f.Options(), more...)
	name, base := f.base(e)
	if base != "" {
		opts = append(opts, wrapper.WithBaseURL(base))
	}
	opts = append(opts, f.Traced(e, cmp.Or(base, wrapper.DefaultBaseURL))...)
	client, err := wrapper.NewClient(key, opts...)
	switch {
	case errors.Is(err, wrapper.ErrInvalidKey):
		return nil, cli.Failf(cli.Auth, "%w", f.Advisor().Describe(err))
	case err != nil:
		return nil, cli.Usagef("%s: %w", name, f.Advisor().Describe(err))
	}
	return client, nil
}

// SetForm sets f.BareKey if the environment, or else the .env file, asks for that, unless
// the flag does already. A .env file that cannot be read matters only if the key is to come
// from it.
func (f *Flags) SetForm(e cli.Env) error {
	if f.BareKey {
		return nil
	}
	auth, place, _ := apikey.Setting(e.Getenv, e.Home, wrapper.EnvAuth)
	switch {
	case strings.EqualFold(auth, "bare"):
		f.BareKey = true
	case auth != "" && !strings.EqualFold(auth, "bearer"):
		return cli.Usagef("%s must be bearer or bare", place)
	}
	return nil
}

// base returns the base URL and where it comes from. It is empty for the default.
func (f *Flags) base(e cli.Env) (name, base string) { return BaseURL(e, f.BaseURL) }

// BaseURL returns the base URL of a command line with this value of --base-url, and where it
// comes from. It is empty for the default.
func BaseURL(e cli.Env, flag string) (name, base string) {
	if flag != "" {
		return "--base-url", flag
	}
	return wrapper.EnvBaseURL, strings.TrimSpace(e.Getenv(wrapper.EnvBaseURL))
}

// Note returns a line for people who may take another service for TensorsLab's, without a line
// feed. It is empty for the default, for a demo, which has a line of its own, and for programs:
// with --quiet and --output json.
func (f *Flags) Note(e cli.Env) string {
	name, base := f.base(e)
	shown := withoutSecrets(base)
	if base == "" || f.Demo || f.Quiet || f.Output == outputJSON || strings.EqualFold(strings.TrimRight(shown, "/"), wrapper.DefaultBaseURL) {
		return ""
	}
	return cli.OneLine(e.Secret.Text("using " + shown + " (" + name + ")"))
}

// PrintNote prints the line that Note returns, if there is one.
func (f *Flags) PrintNote(e cli.Env) {
	if note := f.Note(e); note != "" {
		fmt.Fprintln(e.Stderr, note)
	}
}

// IsLocal reports whether the service is on this machine.
func (f *Flags) IsLocal(e cli.Env) bool {
	_, base := f.base(e)
	u, err := url.Parse(base)
	return err == nil && IsLoopback(u.Hostname())
}

// IsLoopback reports whether host is a loopback address or localhost.
func IsLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

func findKey(e cli.Env, f *Flags) (key, place string, err error) {
	if f.APIKeyFile != "" {
		place, read := f.APIKeyFile, func() (string, error) { return apikey.FromFile(f.APIKeyFile) }
		if f.APIKeyFile == "-" {
			if err := cli.CheckPiped(e.Stdin, "--api-key-file -", "to store a key that you type, run \"tensorslab auth login --with-key\""); err != nil {
				return "", "", err
			}
			place, read = "standard input", func() (string, error) { return apikey.FromReader(cli.Stdin(e), "standard input") }
		}
		key, err := read()
		switch {
		case errors.Is(err, apikey.ErrNone):
			return "", "", cli.Failf(cli.Auth, "%w; write the key to it, or leave --api-key-file out and run \"tensorslab auth login\"", err)
		case err != nil:
			return "", "", cli.Usagef("cannot read the API key: %w", err)
		}
		return key, place, nil
	}
	key, place, err = apikey.Find(e.Getenv, e.Home)
	if err != nil {
		return "", "", cli.Failf(cli.Auth, "%w; run \"tensorslab auth login\", set %s, or use --api-key-file", err, wrapper.EnvAPIKey)
	}
	return key, place, nil
}
