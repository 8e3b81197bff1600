import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { freePort } from "../src/testing/free-port.js";
import { documentServer } from "./support/document-server.js";
import { authorizationRequest } from "./support/oauth-client.js";
import { json } from "./support/stand-in.js";

const BIN = fileURLToPath(new URL("../bin/clerk-local.js", import.meta.url));

interface Run {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
  /** Resolves once the output matches. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<number | null>;
}

function run(args: string[], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(process.execPath, [BIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [output, errors] = ["", ""];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`ended without ${pattern}: ${output}${errors}`)));
        look();
      }),
  };
}

const NODE = process.execPath;

describe("clerk-local", () => {
  it("prints the environment and who can sign in, and ends on a signal", async () => {
    const { child, says, ended, output } = run(["--port", "0"]);
    const [, issuer = ""] = await says(/CLERK_DOMAIN=(http:\/\/127\.0\.0\.1:\d+)\n[\s\S]*eve/);
    const lines = output().split("\n");
    expect(lines).toContain(`CLERK_API_URL=${issuer}`);
    expect(lines).toContain("BASE_URL=http://127.0.0.1:3001");
    expect(lines.filter((line) => line.includes(`${issuer}/`))).toEqual([
      `Open ${issuer}/ to see and change users, tokens, requests and faults.`,
    ]);
    expect(output()).toMatch(/^CLERK_SECRET_KEY=sk_test_\w+$/m);
    expect(output()).toMatch(/^CLERK_PUBLISHABLE_KEY=pk_test_\S+$/m);
    expect(output()).toMatch(/ada +.*Acme \(org:admin\)/);
    expect(output()).toMatch(/eve +banned/);
    expect(lines).toContain(
      "On here, but off by default in a new Clerk application: dynamic client registration, client ID metadata documents, the audience claim.",
    );
    expect((await json(await fetch(`${issuer}/.well-known/oauth-authorization-server`))).issuer).toBe(issuer);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("ends on a signal while its page is open", async () => {
    const { child, says, ended } = run(["--port", "0"]);
    const [, issuer = ""] = await says(/CLERK_DOMAIN=(\S+)\n/);
    const stream = await fetch(`${issuer}/dashboard/events`);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    await expect(stream.text()).rejects.toThrow();
  });

  it("prints no warning on any supported Node", async () => {
    const { child, says, ended, errors } = run(["--port", "0"]);
    await says(/CLERK_DOMAIN=/);
    child.kill("SIGTERM");
    await ended;
    expect(errors()).toBe("");
  });

  it("runs a command with the environment set, and ends with its exit code", async () => {
    const script = "console.log(JSON.stringify(process.env)); process.exitCode = 7";
    const { ended, output } = run(["--port", "0", "--", NODE, "-e", script]);
    expect(await ended).toBe(7);
    const env = JSON.parse(/^\{.*\}$/m.exec(output())?.[0] ?? "{}") as Record<string, string>;
    expect(env.CLERK_SECRET_KEY).toMatch(/^sk_test_/);
    expect(env.CLERK_DOMAIN).toBe(env.CLERK_API_URL);
    expect(env.BASE_URL).toBe(`http://127.0.0.1:${env.PORT}`);
    expect(output()).not.toMatch(/^CLERK_/m);
  });

  it("finds free ports for itself and for the server, in each of two that start at once", async () => {
    const script =
      "console.log('at ' + process.env.CLERK_DOMAIN + ' ' + process.env.PORT); process.stdin.resume()";
    const both = [run(["--", NODE, "-e", script]), run(["--", NODE, "-e", script])];
    const addresses = await Promise.all(
      both.map(({ says }) => says(/^at http:\/\/127\.0\.0\.1:(\d+) (\d+)$/m)),
    );
    const [first = [], second = []] = addresses.map(([, ...ports]) => ports.map(Number));
    for (const [standIn, server] of [first, second]) {
      expect(standIn).toBeGreaterThanOrEqual(4400);
      expect(server).toBeGreaterThanOrEqual(3001);
    }
    expect(first[0]).not.toBe(second[0]);
    expect(first[1]).not.toBe(second[1]);
  });

  it("takes its port from CLERK_LOCAL_PORT, unless --port names another", async () => {
    const port = await freePort();
    const { says } = run([], { CLERK_LOCAL_PORT: String(port) });
    await says(new RegExp(`CLERK_DOMAIN=http://127.0.0.1:${port}\n`));
    const other = run(["--port", "0"], { CLERK_LOCAL_PORT: String(port) });
    await other.says(/CLERK_DOMAIN=http/);
    const { ended, errors } = run([], { CLERK_LOCAL_PORT: "many" });
    expect(await ended).toBe(2);
    expect(errors()).toContain("CLERK_LOCAL_PORT must be a number");
  });

  it.each(["99999", "abc"])("says in one line that the command cannot listen on PORT=%s", async (PORT) => {
    const { ended, errors, output } = run(["--port", "0", "--", NODE, "-e", ""], { PORT });
    expect(await ended).toBe(2);
    expect(errors()).toBe(
      `clerk-local: PORT must be a number from 0 to 65535, not "${PORT}". See clerk-local --help.\n`,
    );
    expect(output()).toBe("");
  });

  it("names the server in the state while the command runs", async () => {
    const directory = mkdtempSync(join(tmpdir(), "clerk-local-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, "server.json");
    const script = "console.log('at ' + process.env.BASE_URL); process.stdin.resume()";
    const { child, says, ended } = run(["--port", "0", "--state", directory, "--", NODE, "-e", script]);
    const [, baseURL] = await says(/^at (\S+)$/m);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ baseURL, pid: child.pid });
    child.kill("SIGTERM");
    await ended;
    expect(existsSync(file)).toBe(false);
  });

  it("does not start with the state of one that runs, and starts once that has ended", async () => {
    const directory = mkdtempSync(join(tmpdir(), "clerk-local-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = run(["--port", "0", "--state", directory]);
    const [, issuer] = await first.says(/CLERK_DOMAIN=(\S+)\n[\s\S]*eve/);
    const second = run(["--port", "0", "--state", directory]);
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`Already running at ${issuer}`);
    first.child.kill("SIGTERM");
    await first.ended;
    await run(["--port", "0", "--state", directory]).says(/CLERK_DOMAIN=/);
  });

  it.each([
    ["PORT", { PORT: "8080" }, "http://127.0.0.1:8080"],
    ["BASE_URL", { PORT: "8080", BASE_URL: "https://mcp.example.com" }, "https://mcp.example.com"],
  ])("takes the base URL from %s", async (_name, env, expected) => {
    const { ended, output } = run(["--port", "0", "--", NODE, "-p", "'base ' + process.env.BASE_URL"], env);
    await ended;
    expect(output()).toContain(`base ${expected}`);
  });

  describe("with a command that starts its own server", () => {
    const server = `require("node:http").createServer((_, answer) => answer.end()).listen(0, "127.0.0.1", function () { console.log("serving " + this.address().port) })`;
    const started = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(server)}], { stdio: ["ignore", "pipe", "ignore"] }).stdout.once("data", (text) => { process.stdout.write(text); AFTERWARDS })`;
    const serves = (port: string | undefined) =>
      fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } }).then(
        () => true,
        () => false,
      );

    it("ends the whole process group when it is terminated", async () => {
      const { child, says, ended } = run([
        "--port",
        "0",
        "--",
        NODE,
        "-e",
        started.replace("AFTERWARDS", ""),
      ]);
      const [, port] = await says(/serving (\d+)/);
      expect(await serves(port)).toBe(true);
      child.kill("SIGTERM");
      expect(await ended).toBe(143);
      await vi.waitFor(async () => expect(await serves(port)).toBe(false));
    });

    it("leaves no process behind when the command ends", async () => {
      const { says, ended } = run([
        "--port",
        "0",
        "--",
        NODE,
        "-e",
        started.replace("AFTERWARDS", "process.exit(3)"),
      ]);
      const [, port] = await says(/serving (\d+)/);
      expect(await ended).toBe(3);
      await vi.waitFor(async () => expect(await serves(port)).toBe(false));
    });
  });

  it("takes clients with a document on loopback, and no registration with --registration off", async () => {
    const { says } = run(["--port=0", "--registration=off", "--default-scopes", "profile documents:read"]);
    const [, issuer = ""] = await says(/CLERK_DOMAIN=(\S+)/);
    const [, secretKey = ""] = await says(/CLERK_SECRET_KEY=(\S+)/);
    const metadata = await json(await fetch(`${issuer}/.well-known/oauth-authorization-server`));
    expect(metadata).toMatchObject({ client_id_metadata_document_supported: true });
    expect(metadata).not.toHaveProperty("registration_endpoint");
    const settings = await fetch(`${issuer}/v1/instance/oauth_application_settings`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    expect(await json(settings)).toMatchObject({ default_scopes: ["profile", "documents:read"] });
    const { clientId } = await documentServer();
    const page = await fetch(authorizationRequest({ issuer }, clientId, { scope: "profile" }).url, {
      redirect: "manual",
    });
    expect(page.headers.get("location")).toMatch(/^\/interaction\//);
  });

  it("issues opaque tokens with --token-format", async () => {
    const { says } = run(["--port=0", "--token-format=opaque"]);
    const [, secretKey, issuer] = await says(/CLERK_SECRET_KEY=(\S+)\nCLERK_DOMAIN=(\S+)\n/);
    const answer = await fetch(`${issuer}/__local/mint`, {
      method: "POST",
      headers: { authorization: `Bearer ${secretKey}` },
    });
    expect((await json(answer)).access_token).toMatch(/^oat_/);
  });

  it("reads a seed, and keeps its state", async () => {
    const directory = mkdtempSync(join(tmpdir(), "clerk-local-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const seed = join(directory, "seed.json");
    writeFileSync(seed, JSON.stringify({ users: [{ username: "zoe", email: "zoe@example.com" }] }));
    const keys = [];
    for (let turn = 0; turn < 2; turn++) {
      const { child, says, ended } = run([
        "--port",
        "0",
        "--seed",
        seed,
        "--state",
        join(directory, "state"),
      ]);
      const [, secretKey] = await says(/CLERK_SECRET_KEY=(\S+)[\s\S]*zoe +no organization/);
      keys.push(secretKey);
      child.kill("SIGINT");
      expect(await ended).toBe(0);
    }
    expect(keys[0]).toBe(keys[1]);
  });

  it("starts in the state that is named, in which nothing is on that is off in a new application", async () => {
    const { child, says, ended, output } = run(["--port", "0", "--profile", "fresh-instance"]);
    const [, issuer = ""] = await says(/CLERK_DOMAIN=(http:\/\/127\.0\.0\.1:\d+)\n[\s\S]*eve.*\n/);
    expect(output()).not.toContain("off in a new Clerk application");
    const metadata = await json(await fetch(`${issuer}/.well-known/oauth-authorization-server`));
    expect(metadata).not.toHaveProperty("registration_endpoint");
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  it("prints its usage", async () => {
    const { ended, output } = run(["--help"]);
    expect(await ended).toBe(0);
    const switches = ["--registration", "--client-id-metadata", "--loopback-client-ids", "--default-scopes"];
    for (const option of [
      "--port",
      "--seed",
      "--state",
      "--profile",
      "--token-format",
      ...switches,
      "--rate-limit",
    ])
      expect(output()).toContain(option);
  });

  it.each([
    ["an unknown option", ["--speed", "9"], 2, /--speed/],
    ["an invalid port", ["--port", "many"], 2, /--port must be a number/],
    ["a switch that is neither on nor off", ["--registration", "no"], 2, /--registration must be on or off/],
    ["an unknown default scope", ["--port=0", "--default-scopes", "x"], 1, /there is no scope "x"/],
    [
      "an unknown profile",
      ["--profile", "live"],
      2,
      /--profile must be newest, mcp-server-added, fresh-instance or captured-2026, not "live"/,
    ],
    ["an unknown token format", ["--token-format", "jwe"], 2, /--token-format must be jwt or opaque/],
    [
      "an unknown rate limit",
      ["--rate-limit", "on"],
      2,
      /--rate-limit must be off, development or production/,
    ],
    ["a missing command", ["--"], 2, /The command after -- is missing/],
    ["a stray word", ["start"], 2, /start/],
    [
      "a seed file that does not exist",
      ["--port", "0", "--seed", "/nowhere.json"],
      1,
      /seed file cannot be read/,
    ],
    ["a command that does not exist", ["--port", "0", "--", "no-such-command"], 127, /command not found/],
  ])("explains %s in one line", async (_name, args, code, message) => {
    const { ended, errors } = run(args);
    expect(await ended).toBe(code);
    const lines = errors()
      .split("\n")
      .filter((line) => line.startsWith("clerk-local:"));
    expect(lines).toEqual([expect.stringMatching(message)]);
  });

  it("explains an invalid seed", async () => {
    const directory = mkdtempSync(join(tmpdir(), "clerk-local-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const seed = join(directory, "seed.json");
    for (const [content, message] of [
      ["{", /is not JSON/],
      ['{"users":[]}', /users/],
    ] as const) {
      writeFileSync(seed, content);
      const { ended, errors } = run(["--port", "0", "--seed", seed]);
      expect(await ended).toBe(1);
      expect(errors()).toMatch(message);
      expect(errors()).not.toContain("    at ");
    }
  });

  it("says how to choose another port when its own is taken", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void squatter.close());
    await new Promise((resolve) => squatter.once("listening", resolve));
    const { ended, errors } = run(["--port", String((squatter.address() as AddressInfo).port)]);
    expect(await ended).toBe(1);
    expect(errors()).toMatch(/taken.*--port or CLERK_LOCAL_PORT/);
  });
});
