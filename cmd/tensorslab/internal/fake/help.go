package fake

const long = `Serve a fake Images Service until Ctrl-C, for clients in any language.

It validates each request against the contract, keeps tasks, serves small pictures,
and forgets everything when it stops. It is meant for tests on one machine: it serves
plain HTTP, and only on loopback addresses. SIGINT and SIGTERM end it with exit status
0, after a summary of what was received. Without --life, a task is queued at its first
query, processing at its second, and then completed. The ids of tasks are other ones at
each start, such as fake_1764134400123001.

A script starts it on a free port and waits for --addr-file, which holds the URL. The
file appears only once it is complete and the fake listens. --output json prints the
same as one object, of type "fake", with url, images_url, key, tasks and pid, and at the
end another one, of type "summary", with requests, violations, generated, tasks and,
with --credits, credits.

--fail OP:N:HOW makes the Nth call of OP fail, counted from 1, or the calls N-M:
  OP   generate (any model), info, delete, download, or the operationId of the contract
       or the name of a model, for that model alone
  HOW  an HTTP status from 400 to 599; a code of the service from 1001, such as 9000,
       which comes with HTTP 200; or drop, which drops the connection
HOW:acted fails after the call was carried out, so that a client that repeats it pays
twice. Without it, the call is not carried out.`

const example = `  tensorslab fake
  tensorslab fake --addr 127.0.0.1:0 --addr-file fake.url --credits 5 --life 20s
  tensorslab fake --fail generate:2:503:acted --fail info:3-5:429 --fail download:1:drop`
