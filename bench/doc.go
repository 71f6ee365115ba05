// Package bench compares the wrapper with other ways to call deleteImagesTask.
// It is a module of its own, so that those other ways are no dependencies of
// the client.
//
// All peers delete the same ids with the same key, and take a response for a
// success only if its code is 1000. All send through an http.Client on the same
// transport with a limit of 60 s: peers by http.Client.Timeout, the wrapper by
// its own default. The stub transport and the loopback service serve all of them
// alike, and each serves one peer at a time.
package bench
