package cli

import "github.com/spf13/cobra"

const rootLong = `Generate images with TensorsLab's Images Service, and delete them.

A generation costs credits. This command never repeats one that may have been paid for,
and records each task in a journal on this machine.`

const rootExample = `  tensorslab images generate "a fox in the snow" --demo --out pictures   # a fake service: no key, no cost
  tensorslab auth login
  tensorslab images generate "a fox in the snow" --out pictures --open
  tensorslab images generate --file prompts.csv --out pictures --dry-run
  tensorslab images list
  tensorslab images delete abcd_1234567890abcdef`

const environmentHelp = `These environment variables have an effect. A flag takes precedence over them.

  TENSORSLAB_API_KEY   the API key. Without it, and without --api-key-file, the key is
                       that of ~/.tensorslab/.env, which "tensorslab auth login" writes
  TENSORSLAB_AUTH      bare sends the key without "Bearer " in front of it, as --bare-key
                       does; bearer, the default, sends it with that. It may also be in
                       ~/.tensorslab/.env
  TENSORSLAB_BASE_URL  the address of the service, as --base-url sets it
  XDG_STATE_HOME       the folder of the journal of tasks, tensorslab/tasks.jsonl;
                       by default ~/.local/state (on macOS ~/Library/Application Support,
                       on Windows %LocalAppData%)
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY
                       the proxy for requests to the service and for downloads
  NO_COLOR, TERM=dumb  no spinner and no progress bar, but a line every 30 s
  DISPLAY, WAYLAND_DISPLAY
                       without both, Linux is taken for a machine without a browser`

const exitCodesHelp = `The exit status says what to do next.

  0    success, or nothing to do
  1    something failed for good: read the text
  2    the command line or the input is wrong; nothing was sent
  3    there is no key, or the service rejected it: tensorslab auth status
  4    not enough credits: add some at ` + Console + `
  5    the outcome is unknown: a task may exist and have cost credits. Look into the
       web console, and do not repeat the command before that
  6    not finished yet: wait for the task again
  7    an outage, or too many requests: if an id was printed, continue later with
       tensorslab images wait ID, since a new generation costs credits again;
       otherwise, or with --file, run the command again later
  130  interrupted: run the command that was printed

If several apply, the first of 5, 130, 3, 4, 2, 1, 7, 6 counts. 5 comes first because it
is about money that may have been spent.`

// newTopics returns the pages of help that are about no command.
func newTopics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "environment", Aliases: []string{"env"}, Short: "Environment variables that have an effect", Long: environmentHelp},
		{Use: "exit-codes", Aliases: []string{"exit-status", "exit-statuses", "exit-code"}, Short: "Exit statuses, and what to do for each", Long: exitCodesHelp},
	}
}
