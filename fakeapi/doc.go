// Package fakeapi is an Images Service that runs inside the test, or behind
// the command's fake server: it listens on a loopback socket, checks every
// request against the contract, keeps tasks, makes small pictures, and answers
// as the contract's examples do.
//
//	func TestCleanUp(t *testing.T) {
//		srv := fakeapi.Start(t, fakeapi.WithTasks("task-1", "task-2"))
//		client, err := wrapper.NewClient("any-key",
//			wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()))
//		…
//		if left := srv.Tasks(); len(left) != 0 {
//			t.Errorf("tasks left: %q", left)
//		}
//	}
//
// # What is checked
//
// The path, the method, the credential where the operation's security asks for
// one, the parameters, the media type and the body. A body has to be one JSON
// value with nothing after it, in valid UTF-8, with no repeated key and no key
// that differs from a declared one only in case, nested at most 500 levels
// deep, and has to satisfy the schema. The parts of a multipart/form-data body
// are checked as the properties of its schema; nothing may follow the line that
// closes it, and a part with a filename has to be a file by the contract. A body
// of any other media type is checked by that type alone, and parameters that
// hold objects are not checked. A request that breaks the contract is answered
// 400 (404 and 405 for an unknown path and method, 401 without a credential), a
// body over 16 MiB 413; see also [WithStrict].
//
// Operations are served at the paths of the contract; a path in its servers is
// not put before them.
//
// # Uploads
//
// A multipart/form-data body may have up to 1 GiB, in up to 1,000 parts with up
// to 1 MiB of text in all; one that has more is answered 413. Files are hashed
// while they arrive and then forgotten: [Request] tells their names, sizes and
// SHA-256 in Uploads, and keeps the first 64 KiB of the body.
//
// # The life of a task
//
// Each of the four models turns a prompt into a task with an id such as
// fake_0000000000000001, counted from 1 by server. A query is answered with how
// far the task is, by the number of queries before it: by default the first one
// says queued, the second one processing, and all others completed, with the
// addresses of the images. [WithTaskLife] and [Server.ScriptNext] make it longer
// or shorter, or make tasks fail; see [TaskLife]. No clock is asked: a test may
// query as fast as it likes. Tasks from [WithTasks] and [Server.AddTasks] are
// completed, with one image each. A query of a task that was deleted, or never
// existed, is answered 404.
//
// What the contract says in words only is held as well, and breaks no contract
// in the sense of [WithStrict]: a prompt that is blank, files together with
// imageUrl, and an imageUrl that is no http or https address are answered 400.
//
// Each image costs a credit if [WithCredits] gives any; without it there is no
// end of them.
//
// # The image host
//
// The images are on a second socket, [Server.ImageHost], as the service's are on
// other hosts. They are real PNGs whose longer side has 64 pixels, in the
// proportions that were asked for; a query tells their true size. [Server.Image]
// returns what a URL of [Server.ImageURLs] leads to. They are there from when
// the task is completed until it is deleted.
//
// The API key must not be sent there. A request that carries it fails the test
// of [Start], and is counted by [ImageHost.Leaks]. [ImageHost.FailNext] makes
// downloads fail or leads them elsewhere.
//
// # What the contract does not say
//
// The published contract does not say what a deletion does with an unknown or
// a repeated id. Here an id that was never added makes the service refuse the
// whole batch with HTTP 200, code 9999 and a message that begins "Delete
// failed, error info", as TensorsLab's sibling video service was once
// documented to do; see [WithUnknownTasksIgnored]. An id that was deleted
// before counts as deleted again, so a retry after a lost answer succeeds. An
// empty list of ids satisfies the contract and deletes nothing.
//
// # Faults
//
// [Server.FailNext] makes the next requests fail: refusals, delays, lost
// connections, broken answers. [Server.RefuseTasks] makes the service refuse
// certain ids for good.
package fakeapi
