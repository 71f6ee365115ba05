// Package fakeapi is an Images Service that runs inside the test, or behind
// the command's fake server: it listens on a loopback socket, checks every
// request against the contract, keeps tasks, and answers as the contract's
// examples do.
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
// are checked as the properties of its schema. A body of any other media type
// is checked by that type alone, and parameters that hold objects are not
// checked. A request that breaks the contract is answered 400 (404 and 405 for
// an unknown path and method, 401 without a credential), a body over 16 MiB
// 413; see also [WithStrict].
//
// Operations are served at the paths of the contract; a path in its servers is
// not put before them.
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
