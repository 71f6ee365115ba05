package images

import (
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/journal"
	"github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"
)

const generateLong = `Generate images from a prompt, and from source images if there are any, or from the
many prompts of a file.

PROMPT is the text itself, in quotes, or - to read it from standard input.

The id of the task is printed as soon as the service has created the task, so that
Ctrl-C does not lose it. --wait waits for the task; --out also downloads its images.
A generation costs credits. It is retried only if the request provably never left;
otherwise the command fails and says that a task may exist. Ctrl-C during the
submission waits for its response, and a second Ctrl-C ends the command at once.
After Ctrl-C it prints the command to continue with. --timeout includes the upload.

` + filesHelp + `

` + manyHelp + `

Every task is recorded in the journal before it is submitted.
` + journal.Help + `
Several commands may record their tasks in one journal at the same time, but only
one --file: a second one is refused.

What each model allows:
  seedreamv45  ratios 9:16 16:9 3:4 4:3 1:1 2:3 3:2, levels 2K and 4K, or WxH with
               3,686,400 to 16,777,216 pixels (the default model: the largest
               images of those whose sizes are published)
  seedreamv4   ratios 9:16 16:9 3:4 4:3 1:1
  seedreamv5   only the default size, 2K, is published
  zimage       ratios 9:16 16:9 1:1 3:4 4:3, or WxH; one image, no source images;
               --seed and --extend-prompt

` + service.KeyHelp + `

With --output json, each line is an object. type is "task" (id, model, key in the
journal, prompt), then for one prompt "info" as images info writes it, and "image"
as images download writes it, or "error" as both write it. An error of the submission
has an outcome: "refused", "failed" after an outage, "not_sent" or "unknown", and no
id unless the response names a task. For --file it is "result" (key, id, state, model,
prompt, files, task as images info writes it, error, code, http_status, request_id),
"summary" at the end, or "dry_run".

--verbose prints each request and, for one prompt, each download; with --file the lines
about the results name the files that were downloaded.

--quiet prints the ids of the tasks, and everything else on standard error:
  tensorslab images generate -q --file prompts.txt | tensorslab images download

Exit status: 0 success, 1 something failed for good, 2 usage, 3 authentication,
4 credits, 5 outcome unknown: a task may exist and have cost credits, 6 not finished
yet, 7 try again later, 130 interrupted. "tensorslab help exit-codes" says what to do
for each, and which one counts if several apply.`

const manyHelp = `--file reads many prompts, and pays for each once, however often the command is
repeated. A text file has a prompt per line; blank lines and lines that begin with #
are skipped. The first line of a CSV file names its columns. A line of a JSONL file is
an object. Their fields are prompt and, as far as a prompt differs from the flags, key
(a name of your own, by default a digest of the request), model, resolution, count,
seed, extend_prompt, sources (in CSV separated by ;) and image_url.
The whole file is checked before anything is paid for, and a mistake is an error that
names the line. If standard input is a terminal, the command then asks; in a pipe or a
job it does not.

Run the same command again after an end of any kind: tasks under way are waited for,
images that are missing are downloaded, and only what was never sent is submitted. A task
that was deleted has no images to download: it is counted as deleted, which is an error
if they were never saved. To pay for the same prompts once more, use another --journal,
or other keys.

A generation is in doubt if the command or the connection ended between a submission and
its response. It is listed at the end and never sent again, until you look into the web
console and say what is there with images resolve. --out writes the images as --name
says; characters of a key that are not safe in file names are written as in a URL.`

const generateExample = `  tensorslab images generate "a fox in the snow" --demo --out pictures
  tensorslab images generate "a fox in the snow" --resolution 16:9 --out pictures --open
  tensorslab images generate "the same in oil" --source fox.png --wait
  tensorslab images generate "a fox" --model zimage --seed 7 --output json
  tensorslab images generate - --out pictures < prompt.txt
  tensorslab images generate --file prompts.txt --out pictures --parallel 4
  tensorslab images generate --file prompts.csv --out pictures --journal pictures.jsonl --dry-run`
