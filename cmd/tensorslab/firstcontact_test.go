package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/cli"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/clitest"
	"github.com/tensorslab/tensorslab-go/fakeapi"
)

// invocation is what a person types who knows gh, aws, kubectl, hcloud, docker or npm and
// has not read our help.
type invocation struct {
	args   []string
	status int
	want   string // a part of the line on standard error, or of standard output if the status is 0
}

func words(line string) []string { return strings.Fields(line) }

var firstContact = map[string]invocation{
	"no command":                 {nil, cli.OK, "Additional help topics:"},
	"--help":                     {words("--help"), cli.OK, "Examples:"},
	"--help, in front":           {words("--help images info"), cli.OK, "Show the status of image tasks"},
	"--help, in the middle":      {words("images --help info"), cli.OK, "Show the status of image tasks"},
	"--help, at the end":         {words("images info ID --help"), cli.OK, "Show the status of image tasks"},
	"--version":                  {words("--version"), cli.OK, "tensorslab version "},
	"-v":                         {words("-v"), cli.OK, "tensorslab version "},
	"version as JSON":            {words("version -o json"), cli.OK, `{"version":"`},
	"help of a command":          {words("help images generate"), cli.OK, "Generate images from a prompt"},
	"help environment":           {words("help environment"), cli.OK, "TENSORSLAB_BASE_URL"},
	"help exit-codes":            {words("help exit-codes"), cli.OK, "130  interrupted"},
	"help exitcodes":             {words("help exitcodes"), cli.Usage, `did you mean "tensorslab help exit-codes"?`},
	"exitcodes":                  {words("exitcodes"), cli.Usage, `did you mean "tensorslab help exit-codes"?`},
	"help generate":              {words("help generate"), cli.Usage, `did you mean "tensorslab help images generate"?`},
	"help exit-status":           {words("help exit-status"), cli.OK, "130  interrupted"},
	"login":                      {words("login"), cli.Usage, `unknown command "login" for "tensorslab"; did you mean "tensorslab auth login"?`},
	"logout":                     {words("logout"), cli.Usage, `did you mean "tensorslab auth logout"?`},
	"configure":                  {words("configure"), cli.Usage, `did you mean "tensorslab auth login"?`},
	"config set":                 {words("config set"), cli.Usage, `unknown command "config" for "tensorslab"; did you mean "tensorslab auth login"?`},
	"config list":                {words("config list"), cli.Usage, `"tensorslab help environment" lists the settings`},
	"fake --port":                {words("fake --port 8080"), cli.Usage, "unknown flag --port; write --addr 127.0.0.1:PORT"},
	"whoami":                     {words("whoami"), cli.Usage, `did you mean "tensorslab auth status"?`},
	"auth whoami":                {words("auth whoami"), cli.Usage, `unknown command "whoami" for "tensorslab auth"; did you mean "tensorslab auth status"?`},
	"auth token":                 {words("auth token"), cli.Usage, `the key is never printed; "tensorslab auth status" says where it is from`},
	"balance":                    {words("balance"), cli.Usage, `unknown command "balance" for "tensorslab"; the service has no operation for that; see https://tensorai.tensorslab.com/`},
	"credits":                    {words("credits"), cli.Usage, "see https://tensorai.tensorslab.com/"},
	"models":                     {words("models"), cli.Usage, `"tensorslab images generate --help" lists the models`},
	"generate":                   {[]string{"generate", "a cat"}, cli.Usage, `did you mean "tensorslab images generate"?`},
	"run":                        {[]string{"run", "a cat"}, cli.Usage, `did you mean "tensorslab images generate"?`},
	"images create":              {[]string{"images", "create", "a cat"}, cli.Usage, `unknown command "create" for "tensorslab images"; did you mean "tensorslab images generate"?`},
	"image, in the singular":     {words("image list"), cli.Usage, `did you mean "tensorslab images"?`},
	"images ls":                  {words("images ls"), cli.OK, ""},
	"images get":                 {words("images get ID"), cli.Usage, `did you mean "tensorslab images info"?`},
	"images rm":                  {words("images rm ID"), cli.Usage, `did you mean "tensorslab images delete"?`},
	"images login":               {words("images login"), cli.Usage, `did you mean "tensorslab auth login"?`},
	"ls":                         {words("ls"), cli.Usage, `did you mean "tensorslab images list"?`},
	"task list":                  {words("task list"), cli.Usage, `unknown command "task" for "tensorslab"; did you mean "tensorslab images list"?`},
	"get":                        {words("get ID"), cli.Usage, `did you mean "tensorslab images info"?`},
	"delete":                     {words("delete ID"), cli.Usage, `did you mean "tensorslab images delete"?`},
	"rm":                         {words("rm ID"), cli.Usage, `did you mean "tensorslab images delete"?`},
	"download":                   {words("download ID"), cli.Usage, `did you mean "tensorslab images download"?`},
	"a typing error":             {words("imgaes list"), cli.Usage, `unknown command "imgaes" for "tensorslab"; did you mean "tensorslab images"?`},
	"a typing error below":       {words("images genrate"), cli.Usage, `did you mean "tensorslab images generate"?`},
	"a typing error, at the top": {words("genrate"), cli.Usage, `did you mean "tensorslab images generate"?`},
	"a beginning":                {words("images gen"), cli.Usage, `did you mean "tensorslab images generate"?`},
	"upgrade":                    {words("upgrade"), cli.Usage, `unknown command "upgrade" for "tensorslab"; install a newer version`},
	"help nonsense":              {words("help nonsense"), cli.Usage, `unknown command "nonsense" for "tensorslab"`},
	"help login":                 {words("help login"), cli.Usage, `did you mean "tensorslab help auth login"?`},
	"completion":                 {words("completion"), cli.Usage, "completion takes one argument: bash, zsh, fish or powershell"},
	"completion of tcsh":         {words("completion tcsh"), cli.Usage, `bash, zsh, fish or powershell, but got "tcsh"`},
	"--json":                     {words("images list --json"), cli.Usage, "unknown flag --json; did you mean --output json?"},
	"--json, in front":           {words("--json images list"), cli.Usage, "unknown flag --json; flags go after the command"},
	"--output json, in front":    {words("--output json images list"), cli.OK, ""},
	"--output yaml":              {words("images list --output yaml"), cli.Usage, `--output must be text or json, but got "yaml"`},
	"--output jsn":               {words("images list --output jsn"), cli.Usage, `but got "jsn"; did you mean json?`},
	"-o file":                    {[]string{"images", "generate", "a cat", "-o", "cat.png"}, cli.Usage, `--output must be text or json, but got "cat.png"; to write images to a directory, use --out DIR`},
	"-out":                       {[]string{"images", "generate", "a cat", "-out", "pictures"}, cli.Usage, `--output must be text or json, but got "ut"; did you mean --out?`},
	"-o directory":               {[]string{"images", "generate", "a cat", "-o", "./pictures"}, cli.Usage, "to write images to a directory, use --out DIR"},
	"--resolution of none":       {[]string{"images", "generate", "a cat", "--resolution", "5K"}, cli.Usage, `--resolution "5K" is none of 9:16`},
	"--since yesterday":          {words("images list --since yesterday"), cli.Usage, `or a date such as 2026-01-31, but got "yesterday"`},
	"--out file":                 {[]string{"images", "generate", "a cat", "--out", "cat.png"}, cli.Usage, `--out must be a directory, but cat.png is the name of an image`},
	"--outptu":                   {words("images list --outptu json"), cli.Usage, "unknown flag --outptu; did you mean --output?"},
	"-v, in front":               {words("-v images list"), cli.Usage, "unknown flag -v; flags go after the command"},
	"-q, in front":               {words("-q images list"), cli.Usage, "unknown flag -q; flags go after the command"},
	"--file, of the group":       {words("images --file prompts.csv"), cli.Usage, "unknown flag --file; flags go after the command"},
	"--limit":                    {words("images list --limit 5"), cli.Usage, "unknown flag --limit"},
	"no prompt":                  {words("images generate"), cli.Usage, `no PROMPT; give it in quotes, such as "a fox in the snow"`},
	"an empty prompt":            {[]string{"images", "generate", ""}, cli.Usage, "the PROMPT is empty"},
	"no quotes":                  {words("images generate a cat"), cli.Usage, "takes one PROMPT, but got 2 arguments; put it in quotes"},
	"--prompt":                   {[]string{"images", "generate", "--prompt", "a cat"}, cli.Usage, `unknown flag --prompt; the prompt is an argument: tensorslab images generate "a fox in the snow"`},
	"-n 2":                       {[]string{"images", "generate", "a cat", "-n", "2"}, cli.Usage, "unknown flag -n; did you mean --batch?"},
	"--size":                     {[]string{"images", "generate", "a cat", "--size", "2K"}, cli.Usage, "unknown flag --size; did you mean --resolution?"},
	"--model, of another name":   {[]string{"images", "generate", "a cat", "--model", "SeeDream-4.5"}, cli.Usage, "did you mean seedreamv45?"},
	"--seed, of another model":   {[]string{"images", "generate", "a cat", "--seed", "7"}, cli.Usage, "--seed does not apply to --model seedreamv45; zimage has it"},
	"--timeout, without a unit":  {words("images info ID --timeout 30"), cli.Usage, "--timeout must be a duration, such as 30s or 2m, but got \"30\"; did you mean 30s?"},
	"--batch, in words":          {[]string{"images", "generate", "a cat", "--batch", "two"}, cli.Usage, `--batch must be a whole number, but got "two"`},
	"delete --force":             {words("images delete ID --force"), cli.Usage, "unknown flag --force; did you mean --yes?"},
	"delete --all":               {words("images delete --all"), cli.Usage, "unknown flag --all; did you mean --from-journal?"},
	"no ids":                     {words("images wait"), cli.Usage, `no ids; pass them as arguments, with --file, or on standard input; "tensorslab images list" shows those that this machine created`},
	"one dash":                   {[]string{"images", "generate", "a cat", "-model", "zimage"}, cli.Usage, "unknown flag -m; did you mean --model?"},
}

// Each of the first commands of a new user does what is expected, or says in one line what
// to do instead. Nothing is created, deleted or paid for by one that was not spelled out.
func TestFirstContact(t *testing.T) {
	t.Parallel()
	for name, tt := range firstContact {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeapi.Start(t, fakeapi.WithTasks("ID"))
			got := clitest.Against(t, newRoot, fake).Run(tt.args...)
			clitest.WantStatus(t, got, tt.status)
			where, text := "stdout", got.Out
			if tt.status != cli.OK {
				where, text = "stderr", got.Err
				clitest.WantText(t, "stdout", got.Out, "")
				if !strings.HasPrefix(text, "tensorslab: ") || strings.Count(text, "\n") != 1 {
					t.Errorf("more than a line: %s", text)
				}
			}
			if !strings.Contains(text, tt.want) {
				t.Errorf("%s is\n  %s, want\n  %s", where, text, tt.want)
			}
			if n := len(fake.Requests()); n > 0 || len(fake.Tasks()) != 1 {
				t.Errorf("%d requests, tasks left: %q", n, fake.Tasks())
			}
		})
	}
}

// What the advice tells to type exists.
func TestAdviceNamesCommands(t *testing.T) {
	t.Parallel()
	root := newRoot(cli.Env{})
	command := regexp.MustCompile(`"tensorslab ([^"]+)"`)
	checked := 0
	for word, advice := range root.Annotations {
		for _, match := range command.FindAllStringSubmatch(advice, -1) {
			checked++
			path := slices.DeleteFunc(words(match[1]), func(w string) bool { return w == "help" || strings.HasPrefix(w, "-") })
			if found, rest, err := root.Find(path); err != nil || found == root || len(rest) > 0 {
				t.Errorf("%q: %s", word, advice)
			}
		}
	}
	if checked < 20 {
		t.Errorf("%d commands checked", checked)
	}
}
