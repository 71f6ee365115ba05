package images

import "github.com/tensorslab/tensorslab-go/cmd/tensorslab/internal/service"

const generateLong = `Generate images from a prompt, and from source images if there are any.

PROMPT is the text itself, in quotes, or - to read it from standard input.

The id of the task is printed as soon as the service has created the task, so that
Ctrl-C does not lose it. --wait waits for the task; --out also downloads its images.
A generation costs credits. It is retried only if the request provably never left;
otherwise the command fails and says that a task may exist. Ctrl-C during the
submission waits for its response, and a second Ctrl-C ends the command at once.
After Ctrl-C it prints the command to continue with. --timeout includes the upload.

` + filesHelp + `

What each model allows:
  seedreamv45  ratios 9:16 16:9 3:4 4:3 1:1 2:3 3:2, levels 2K and 4K, or WxH with
               3,686,400 to 16,777,216 pixels (the default model: the largest
               images of those whose sizes are published)
  seedreamv4   ratios 9:16 16:9 3:4 4:3 1:1
  seedreamv5   only the default size, 2K, is published
  zimage       ratios 9:16 16:9 1:1 3:4 4:3, or WxH; one image, no source images;
               --seed and --extend-prompt

` + service.KeyHelp + `

With --output json, each line is an object. type is "task" (id, model), then "info"
as images info writes it, and "image" as images download writes it, or "error" as
both write it. An error of the submission has an outcome: "refused", "failed" after
an outage, "not_sent" or "unknown", and no id unless the response names a task.

` + statusHelp

const generateExample = `  tensorslab images generate "a fox in the snow" --demo --out pictures
  tensorslab images generate "a fox in the snow" --resolution 16:9 --out pictures
  tensorslab images generate "the same in oil" --source fox.png --wait
  tensorslab images generate "a fox" --model zimage --seed 7 --output json
  tensorslab images generate - --out pictures < prompt.txt`
