// Starts "tensorslab mcp" with the arguments of the command line, calls the tools that are
// listed in the environment variable CALLS, and prints what it got, as one JSON object.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const client = new Client({ name: "test", version: "1.0.0" });
await client.connect(
  new StdioClientTransport({
    command: "tensorslab",
    args: ["mcp", ...process.argv.slice(2)],
    env: process.env,
    stderr: "inherit",
  }),
);

const { tools } = await client.listTools(); // from now on, results are checked against the output schemas
const report = { server: client.getServerVersion(), tools, results: [] };

let task = ""; // the id that the last generate call has returned
for (const { name, args, timeout } of JSON.parse(process.env.CALLS)) {
  const filled = JSON.parse(JSON.stringify(args).replaceAll("$task", task));
  try {
    const result = await client.callTool({ name, arguments: filled }, undefined, { timeout: timeout ?? 300_000 });
    if (name === "generate") task = result.structuredContent.task_id ?? "";
    report.results.push(result);
  } catch (error) {
    report.results.push({ error: String(error.message) });
  }
}

await client.close();
console.log(JSON.stringify(report));
