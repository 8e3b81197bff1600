// Works like a nightly job: one request with an API key of its organization, without an MCP client.
// On the command line: API_KEY=ak_… node scripts/export-documents.mjs https://mcp.example.com/mcp
import { argv, env } from "node:process";
import { fileURLToPath } from "node:url";

/**
 * Returns the organization's documents, each as JSON text.
 *
 * @param {string} url of the MCP endpoint
 * @param {string} apiKey
 * @returns {Promise<string[]>}
 */
export async function exported(url, apiKey) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "export-documents", arguments: {} },
    }),
  });
  const body = await response.text();
  // The answer is one server-sent event.
  const [, message] = /^data: (.*)$/m.exec(body) ?? [];
  if (!response.ok || message === undefined) throw new Error(`HTTP ${response.status}: ${body}`);
  const { result, error } = JSON.parse(message);
  if (error || result.isError) throw new Error(error?.message ?? result.content[0].text);
  return result.structuredContent.lines;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , url = "http://127.0.0.1:3001/mcp"] = argv;
  try {
    console.log((await exported(url, env.API_KEY ?? "")).join("\n"));
  } catch (error) {
    console.error(
      `Nothing was exported. Check that API_KEY is an organization's key, and that ${url} is right.\n${error}`,
    );
    process.exitCode = 1;
  }
}
