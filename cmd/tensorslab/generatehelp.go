package main

const generateLong = `Generate images from a prompt, and from other images if there are any.

The id of the task is printed as soon as the service has created it, so that
Ctrl-C does not lose it. --wait waits for the task, and --out downloads its images
as well. A generation costs credits: it is never submitted again by itself, unless
it certainly did not reach the service. If its outcome is unknown, the command
says so and fails; there may be a task then. After Ctrl-C it says how to go on.
--timeout bounds the upload, too.

` + filesHelp + `

What each model allows:
  seedreamv45  ratios 9:16 16:9 3:4 4:3 1:1 2:3 3:2, levels 2K and 4K, or WxH with
               3,686,400 to 16,777,216 pixels (the default model: the largest
               images of those whose sizes are published)
  seedreamv4   ratios 9:16 16:9 3:4 4:3 1:1
  seedreamv5   sizes are not published but for the default, 2K
  zimage       ratios 9:16 16:9 1:1 3:4 4:3, or WxH; one image, no source images;
               --seed and --extend-prompt

` + keyHelp + `

With --output json, each line is an object. type is "task" (id, model), then
"info" as images info writes it, and "image" as images download writes it, or
"error" as both write it: without an id for a submission, with an outcome that is
"refused", "not_sent" or "unknown".

` + tasksStatusHelp

const generateExample = `  tensorslab images generate "a fox in the snow" --demo --out pictures
  tensorslab images generate "a fox in the snow" --resolution 16:9 --out pictures
  tensorslab images generate "the same in oil" --source fox.png --wait
  tensorslab images generate "a fox" --model zimage --seed 7 --output json`
