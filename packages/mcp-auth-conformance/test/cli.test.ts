import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { startAuthorizationServer } from "../src/authorization-server/authorization-server.js";
import { PROFILES } from "../src/authorization-server/profiles.js";
import { commandTarget } from "../src/run/command-target.js";
import { cli, only, REFERENCE_SERVER, referenceServer } from "./support/cli.js";

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ASK_FOR_TOKEN = fileURLToPath(new URL("support/ask-for-token.js", import.meta.url));
const ONE = only("header.valid");
const command = [process.execPath, REFERENCE_SERVER];

describe("the exit code", () => {
  it("is 0 if every case that was run passed, and the last line has the totals", async () => {
    const run = await cli([...only("header.scheme-lower-case", "step-up.empty"), ...referenceServer()]);
    expect(run).toMatchObject({ code: 0, stderr: "", lastLine: "1 passed, 0 failed, 1 not run" });
  });

  it("is 1 if a case failed, and the report has the request and the answer", async () => {
    const run = await cli([...only("header.absent"), ...referenceServer("open")]);
    expect(run).toMatchObject({ code: 1, lastLine: "0 passed, 1 failed, 0 not run" });
    expect(run.stdout).toMatch(
      /FAILED header\.absent – [\s\S]*RFC 6750 §2\.1[\s\S]*sent:\n {4}POST \/mcp[\s\S]*got:\n {4}200/,
    );
  });

  it("is 0 with warnings, and 1 if the run is strict", async () => {
    const args = [...only("transport.header-and-query"), ...referenceServer()];
    expect(await cli(args)).toMatchObject({ code: 0, lastLine: "0 passed, 0 failed, 0 not run, 1 warnings" });
    expect(await cli(["--strict", ...args])).toMatchObject({ code: 1 });
  });

  it.each<[why: string, args: readonly string[], message: string]>([
    ["an unknown option", ["--no-such"], "--no-such"],
    ["neither command nor URL", [], "Pass a command after --, or --url."],
    [
      "a running server without the port of its authorization server",
      ["--url", "http://127.0.0.1:1/mcp"],
      "--authority-port",
    ],
    ["an invalid URL", ["--url", "mcp", "--", "x"], "absolute http or https URL"],
    ["an unknown profile", ["--profile", "auth0", "--", "x"], "rfc9068 or clerk"],
    ["an invalid number", ["--concurrency", "many", "--", "x"], "--concurrency must be a whole number"],
    ["a page without its tool", ["--closed-page", "ui://app/a.html", "--", "x"], "--closed-tool"],
    ["an unknown case", ["--only", "nothing.", "--", "x"], "No case has that ID."],
    ["a command that does not exist", [...ONE, "--", "no-such-command-here"], "ENOENT"],
    ["a command that ends", [...ONE, "--", process.execPath, "-e", "process.exit(7)"], "exit code 7"],
    [
      "a report that cannot be written",
      [...ONE, "--json", "/no/such/folder/x", ...referenceServer()],
      "ENOENT",
    ],
  ])("is 2, with the reason in one line: %s", async (_, args, message) => {
    const started = performance.now();
    const { code, stderr } = await cli(args);
    expect(code).toBe(2);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^mcp-auth-conformance: /);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("the output", () => {
  it("--help names the options and the exit codes", async () => {
    const { code, stdout } = await cli(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: [\s\S]*--token-command[\s\S]*Exit code: 0/);
  });

  it("--list has a line for each case, and applies --only and --skip", async () => {
    const { code, stdout } = await cli(["--list", ...only("batches.", "step-up."), "--skip", "step-up.e"]);
    const ids = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t")[0]);
    expect(code).toBe(0);
    expect(ids).toContain("batches.one-no-token");
    expect(ids.filter((id) => !/^(batches|step-up)\./.test(id ?? "") || id?.startsWith("step-up.e"))).toEqual(
      [],
    );
  });

  it.each(["--list", "--list-tokens"])("%s --json - prints JSON", async (option) => {
    const { stdout } = await cli([option, "--json", "-", ...ONE]);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining(option === "--list" ? { id: "header.valid" } : { kind: "valid" }),
    ]);
  });

  it("--quiet prints only the totals, and --json writes the report to a file", async () => {
    const file = join(folder, "report.json");
    const { stdout } = await cli(["--quiet", "--json", file, ...ONE, ...referenceServer()]);
    expect(stdout).toBe("1 passed, 0 failed, 0 not run\n");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      results: [{ id: "header.valid", verdict: "passed", problems: [] }],
      totals: { passed: 1, failed: 0, warning: 0, "not run": 0 },
    });
  });
});

describe("the rules on a tool", () => {
  const rules = only("rules.call-byte-order-marks", "rules.read-upper-case", "logs.tool-name-return");

  it("are tested if a tool is named that nobody may use", async () => {
    const totals = "1 passed, 0 failed, 2 not run";
    expect(await cli([...rules, ...referenceServer()])).toMatchObject({ code: 0, lastLine: totals });
    expect(await cli(["--closed-tool", "closed", ...rules, ...referenceServer()])).toMatchObject({
      code: 0,
      lastLine: "3 passed, 0 failed, 0 not run",
    });
  });

  it("and its page, by any URI", async () => {
    const page = (uri: string) => [
      "--closed-tool",
      "none",
      "--closed-page",
      uri,
      ...only("rules.read-upper-case"),
    ];
    expect(await cli([...page("ui://app/open.html"), ...referenceServer()])).toMatchObject({ code: 1 });
    expect(await cli([...page("ui://app/closed.html"), ...referenceServer()])).toMatchObject({ code: 0 });
  });
});

describe("a running server", () => {
  it("is tested with the tokens of a command, and a case whose token it cannot make is not run", async () => {
    const target = commandTarget({ command });
    const url = await target.url();
    const authority = await startAuthorizationServer({
      profile: PROFILES.rfc9068,
      resource: url,
      scopes: [],
      requiredScopes: [],
    });
    const tokens = createServer(async (request, response) => {
      const recipe = JSON.parse(await text(request));
      if (recipe.kind === "claims.aud-other") return response.writeHead(404).end();
      if (recipe.kind === "claims.exp-zero") return response.writeHead(500).end("out of order");
      return response.end(await authority.token(recipe));
    });
    await new Promise<void>((resolve) => tokens.listen(0, "127.0.0.1", resolve));
    const environment = { TOKEN_SERVER: `http://127.0.0.1:${(tokens.address() as AddressInfo).port}` };
    const server = await target.start({ url, environment: authority.environment });
    const args = ["--url", url, "--token-command", `"${process.execPath}" "${ASK_FOR_TOKEN}"`];

    const run = await cli(
      [...args, ...only("header.valid", "claims.iss-other", "claims.aud-other", "floods.warm")],
      environment,
    );
    const failing = await cli([...args, ...only("claims.exp-zero")], environment);
    await server.stop();
    await authority.close();
    tokens.close();

    expect(run.stdout).toContain("no token of the kind claims.aud-other can be created");
    const [, passed, notRun] = /^(\d+) passed, 0 failed, (\d+) not run$/.exec(run.lastLine) ?? [];
    expect(Number(passed)).toBeGreaterThanOrEqual(2);
    expect(Number(notRun)).toBeGreaterThanOrEqual(2);
    expect(run.code).toBe(0);
    expect(failing).toMatchObject({ code: 2, stderr: expect.stringContaining("out of order") });
  });

  it("is tested with the authority at the port that it trusts", async () => {
    const target = commandTarget({ command });
    const port = new URL(await target.url()).port;
    const url = await target.url();
    const issuer = `http://127.0.0.1:${port}`;
    const jwks = `${issuer}/.well-known/jwks.json`;
    const environment = { MCP_AUTH_ISSUER: issuer, MCP_AUTH_JWKS_URI: jwks, MCP_AUTH_RESOURCE: url };
    const server = await target.start({ url, environment });
    const run = await cli([
      "--url",
      url,
      "--authority-port",
      port,
      ...only("header.valid", "jose.wrong-key", "floods.warm"),
    ]);
    await server.stop();
    expect(run).toMatchObject({ code: 0, lastLine: "2 passed, 0 failed, 1 not run" });
  });
});
