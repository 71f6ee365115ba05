// Package fakeapi is an Images Service that runs inside a test, or behind the
// command's fake server. It listens on a loopback socket, validates every
// request against the contract, keeps tasks, makes small pictures, and sends
// responses like the contract's examples.
//
//	func TestCleanUp(t *testing.T) {
//		srv := fakeapi.Start(t, fakeapi.WithTasks("task-1", "task-2"))
//		client, err := wrapper.NewClient("any-key", wrapper.WithBaseURL(srv.URL))
//		…
//		if left := srv.Tasks(); len(left) != 0 {
//			t.Errorf("tasks left: %q", left)
//		}
//	}
//
// The client needs wrapper.WithHTTPClient(srv.Client()) only with [WithTLS].
//
// # Validation
//
// The server checks the path, the method, the credential if the operation's
// security requires one, the parameters, the media type and the body. A body has
// to be one JSON value with nothing after it, in valid UTF-8, with no repeated
// key, no key that differs from a declared one only in case, and no half of a
// surrogate pair in an escape. It has to satisfy the schema, and what the schema
// describes may be nested at most 250 levels deep. The parts of a
// multipart/form-data body are checked as the properties of its schema; nothing
// may follow the line that closes it, and a part with a filename has to be a file
// by the contract. So are the fields of an application/x-www-form-urlencoded body. Of a body of any other media type, only the type is checked;
// parameters that hold objects are not checked. The response to a request that
// violates the contract is HTTP 400 (404 and 405 for an unknown path and method,
// 401 without a credential). A body over 16 MiB, or of more than 262,144 JSON
// values or 65,536 JSON objects, is not read and violates no contract: the
// response is HTTP 413. See also [WithStrict].
//
// Operations are served at the paths of the contract, without the path of its
// servers before them.
//
// # Uploads
//
// A multipart/form-data body may have up to 1 GiB, in up to 1,000 parts with up
// to 1 MiB of text in all; the response to one that has more is HTTP 413. Files
// are hashed as they arrive and not kept: the Uploads of a [Request] have their
// names, sizes and SHA-256, and its Body has the first 64 KiB of the body.
//
// # The life of a task
//
// Each of the four models makes a task of a prompt, with an id such as
// fake_0000000000000001, counted from 1 by each server, or as [WithFirstTask] says.
// The response to a query says how far the task is, by the number of queries before it: by default the
// first one says queued, the second one processing, and all others completed,
// with the addresses of the images. [WithTaskLife] and [Server.ScriptNext] make
// it longer or shorter, or make tasks fail; see [TaskLife]. Unless TaskLife.Lasts is
// set, no clock is read: a test may query as fast as it likes. But by default, the wrapper's WaitForTask waits
// 2 seconds before its second query, and longer before each further one: in tests,
// pass it wrapper.WaitOptions{Interval: time.Millisecond}.
//
// Tasks from [WithTasks] and [Server.AddTasks] are completed, with one image each.
// The response to a query of a task that was deleted, or never existed, is HTTP
// 404. Other responses repeat the prompt, the category and the seed of the request
// that created the task.
//
// [WithMaxTasks] limits how many tasks are under way at once, as a plan of the
// service does.
//
// What the contract only says in words is checked as well, and is no violation
// for [WithStrict]: the response is HTTP 400 to a prompt that is blank, to files
// together with imageUrl, and to an imageUrl that is no http or https address.
//
// Each image costs one credit. Without [WithCredits], credits are unlimited.
//
// # The image host
//
// The images are on a second socket, [Server.ImageHost], as the service's are on
// other hosts. They are real PNGs whose longer side has 64 pixels, in the
// proportions that were requested; the response to a query has their true size.
// [Server.Image] returns the image at a URL of [Server.ImageURLs]. Images exist
// from when the task is completed until it is deleted.
//
// The API key must not be sent there. A request that carries it fails the test
// of [Start], and is counted by [ImageHost.Leaks]. [ImageHost.FailNext] makes
// downloads fail or redirects them.
//
// # What the contract does not say
//
// The published contract does not say what a deletion does with an unknown or
// a repeated id. Here an id that was never added makes the service refuse the
// whole batch with HTTP 200, code 9999 and a message that begins "Delete
// failed, error info", as TensorsLab's sibling video service was once
// documented to do; see [WithUnknownTasksIgnored]. An id that was deleted
// before counts as deleted again, so a retry after a lost response succeeds. An
// empty list of ids satisfies the contract and deletes nothing.
//
// # Faults
//
// [Server.FailNext] makes the next requests fail: refusals, delays, lost
// connections, broken and late responses. [Server.FailNextOn] does so for one
// operation, and [Server.FailCalls] for certain calls, by their numbers.
// [WithLatency] makes all responses late. [Fault.AfterActing] makes a fault come after
// the request was carried out, so that a client that takes it for a refusal pays twice.
// [Server.RefuseTasks] makes the service refuse certain ids permanently.
package fakeapi
