import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@xmcp-dev/clerk-local/testing";
import { afterAll, describe, expect, it } from "vitest";
import type { Answer } from "../src/commands/doctor/ask.js";
import type { Context } from "../src/commands/doctor/check.js";
import { checks } from "../src/commands/doctor/checks/index.js";
import { outage } from "../src/commands/doctor/checks/outage.js";
import { redacted, textReport } from "../src/commands/doctor/text-report.js";
import { COMMAND, type Report, reportOf, run, runHere } from "./doctor-scene/doctor-run.js";
import { assertNoSecret, examined, scene } from "./doctor-scene/scene.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Makes a folder with this `.env`. */
function folderWith(environment: Readonly<Record<string, string | undefined>>, name = ".env"): string {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  folders.push(folder);
  const lines = Object.entries(environment).map(([key, value]) => `${key}=${value ?? ""}`);
  writeFileSync(join(folder, name), lines.join("\n"));
  return folder;
}

describe("with everything in order", () => {
  it("every check is green with --sign-in, and the exit code is 0", async () => {
    const well = await scene();
    const { clerk } = well;
    const variables = { CLERK_PUBLISHABLE_KEY: clerk.publishableKey, CLERK_JWT_KEY: clerk.jwtKey };
    const { report, run: done } = await examined(well, ["--sign-in"], variables);
    expect(report.checks.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(JSON.stringify(report)).not.toContain("Clerk Dashboard");
    expect(report.checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
    expect({ ok: report.ok, code: done.code }).toEqual({ ok: true, code: 0 });
    expect(done.stderr).toContain(`${clerk.issuer}/oauth/authorize?`);
  });

  it("without --sign-in nothing is created or changed in Clerk", async () => {
    const well = await scene();
    const { report, run: done } = await examined(well);
    expect({ ok: report.ok, code: done.code, stderr: done.stderr }).toEqual({
      ok: true,
      code: 0,
      stderr: "",
    });
    expect(new Set(well.clerk.requests().map(({ method }) => method))).toEqual(new Set(["GET"]));
    const skipped = report.checks.filter(({ detail }) => detail === "run with --sign-in");
    expect(skipped.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["sign-in.browser", "token.format", "token.audience", "tools.call"]),
    );
  });

  it("a remote server is checked by its URL alone", async () => {
    const { url } = await scene();
    const report = reportOf(await run(["doctor", "--json", "--url", url]));
    expect(report.ok).toBe(true);
    expect(report.checks.find(({ id }) => id === "registration")?.status).toBe("ok");
  });

  it("--url can name another endpoint", async () => {
    const elsewhere = await scene({ server: () => ({ endpoint: "/api/tools" }) });
    const { report } = await examined(elsewhere, ["--url", elsewhere.url.replace("/mcp", "/api/tools")]);
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
  });

  it.each([
    ["the time of the original answer", -600],
    ["the time of delivery", 0],
  ])("Clerk's answer may come from a cache whose Date is %s", async (_, seconds) => {
    const cached = await scene({ clerkThroughFront: true });
    cached.clerkFront?.alter(({ headers }) => {
      headers.set("age", "600");
      headers.set("date", new Date(Date.now() + seconds * 1000).toUTCString());
    });
    const { report } = await examined(cached);
    expect(report.checks.find(({ id }) => id === "clock")).toMatchObject({ status: "ok" });
  });

  it.each([
    ["lack members", {}, "read"],
    [
      "have new members",
      { default_scopes: ["profile", "email"], new_setting: { on: true } },
      "default scopes profile email",
    ],
    ["have members of another type", { default_scopes: "profile", aud_claim_enabled: "no" }, "read"],
  ])("Clerk's OAuth settings may %s", async (_, members, detail) => {
    const other = await scene();
    const body = JSON.stringify({ object: "oauth_application_settings", ...members });
    other.clerk.faults({ path: "/v1/instance/oauth_application_settings", body });
    const { report } = await examined(other);
    expect(report.checks.filter(({ status }) => status === "fail" || status === "warn")).toEqual([]);
    expect(report.checks.find(({ id }) => id === "clerk.settings")).toMatchObject({ status: "ok", detail });
  });

  it("http.cors may allow a single origin", async () => {
    const chosen = await scene();
    chosen.front.alter(({ headers }) =>
      headers.set("access-control-allow-origin", "https://app.example.com"),
    );
    const { report } = await examined(chosen);
    const details = report.checks.flatMap(({ id, detail }) => (id.startsWith("cors.") ? [detail] : []));
    expect(details).toEqual([
      "from https://app.example.com",
      "WWW-Authenticate is exposed",
      "from https://app.example.com",
    ]);
  });

  it("pages of other origins may be refused", async () => {
    const closed = await scene({ server: () => ({ allowedOrigins: ["https://app.example.com"] }) });
    const { report } = await examined(closed);
    expect(report.checks.find(({ id }) => id === "cors.challenge")).toMatchObject({
      status: "ok",
      detail: expect.stringContaining("allowedOrigins"),
    });
  });
});

describe("with --sign-in, the client", () => {
  const registration = ({ checks: results }: Report) =>
    results.filter(({ id }) => id === "registration" || id === "sign-in.registration");

  it("has a metadata document on this machine, if the local Clerk takes no registrations", async () => {
    const closed = await scene({ clerk: { registration: false, loopbackClientIds: true } });
    const { report } = await examined(closed, ["--sign-in"]);
    expect(report.checks.filter(({ status }) => status !== "ok").map(({ id }) => id)).toEqual([
      "environment.publishable-key",
      "environment.jwt-key",
    ]);
    expect(registration(report).map(({ detail }) => detail)).toEqual([
      expect.stringContaining("by metadata document; Cursor, Cline and OpenCode"),
      "as “xmcp doctor”, by its metadata document",
    ]);
    const [client] = closed.clerk.metadataClients.list();
    expect(client?.clientId).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\.json$/);
  });

  it.each([
    ["the URL of its document", "https://client.test/client.json", {}],
    ["an ID that it was given, though Clerk takes no others", "client_mine", { clientIdMetadata: false }],
  ])("is the one of --client-id: %s", async (_, clientId, options) => {
    const redirectUris = ["http://127.0.0.1/callback"];
    const seed = {
      users: [{ username: "ada", email: "ada@example.com" }],
      oauthApplications: [{ clientId: "client_mine", name: "Mine", redirectUris }],
      clientDocuments: [
        { client_id: "https://client.test/client.json", client_name: "Test", redirect_uris: redirectUris },
      ],
    };
    const closed = await scene({ clerk: { registration: false, seed, ...options } });
    const { report } = await examined(closed, ["--sign-in", "--client-id", clientId]);
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.checks.at(-1)).toMatchObject({ id: "tools.call", status: "ok" });
    expect(registration(report).at(-1)?.detail).toContain(clientId);
  });

  it("must be named if Clerk itself takes no registrations: it cannot read a document on this machine", async () => {
    const clerk = "https://clerk.example.com";
    const metadata = { authorization_endpoint: `${clerk}/a`, token_endpoint: `${clerk}/t` };
    const context = {
      signsIn: true,
      known: { issuer: clerk, authorizationServer: { metadata } },
    } as unknown as Context;
    expect(await checks.find(({ id }) => id === "sign-in.registration")?.run(context)).toEqual({
      status: "skipped",
      detail: expect.stringContaining("--client-id"),
    });
  });
});

describe("beside the local Clerk, with no key set", () => {
  const unset = { CLERK_SECRET_KEY: undefined, CLERK_DOMAIN: undefined, CLERK_API_URL: undefined };

  it("the doctor recognises it by the server's metadata, and nothing is red", async () => {
    const { environment, clerk } = await scene();
    const { stdout, code } = await runHere([], { ...environment, ...unset });
    expect(code, stdout).toBe(0);
    const [first] = stdout.split("\n");
    expect(first).toMatch(/^– 8 checks +nothing is set here; the server uses the local Clerk/);
    expect(first).toContain(clerk.issuer);
    expect(stdout).toMatch(/\n\d+ green, 0 red, \d+ skipped\n$/);
  });

  it("without a server one line is red, and it says how to start one", async () => {
    const { stdout, code } = await runHere([], { BASE_URL: `http://127.0.0.1:${await freePort()}` });
    expect(code).toBe(1);
    expect(stdout.split("\n").filter((line) => line.startsWith("✖"))).toHaveLength(1);
    expect(stdout).toMatch(
      /✖ Server .*nothing listens there\n {4}Start it\. Without a Clerk account: npm run dev:local/,
    );
  });
});

describe("during an outage", () => {
  it("one line is red with the local Clerk, and says how to end it", async () => {
    const { environment, clerk } = await scene();
    clerk.faults({ path: "/*", status: 503 });
    const { stdout } = await runHere([], environment);
    const lines = stdout.split("\n");
    const red = lines.filter((line) => line.startsWith("✖"));
    expect(red).toEqual([expect.stringMatching(/^✖ CLERK_DOMAIN +Clerk does not answer: 503/)]);
    expect(lines).toContain(`    Open ${clerk.issuer}/ and press “Clerk works”.`);
    expect(stdout).not.toContain("copy it again");
  });

  it.each([429, 503])("of Clerk itself (%i), the fix is to wait", (status) => {
    const answer = { url: "https://clerk.example.com/x", status } as Answer;
    expect(outage("https://clerk.example.com", answer)).toMatchObject({
      status: "fail",
      fix: expect.stringMatching(/^Wait/),
    });
    expect(outage("https://clerk.example.com", { ...answer, status: 404 })).toBeUndefined();
  });
});

describe("beside npm run dev:local", () => {
  const state = (pid: number) => {
    const folder = folderWith({});
    mkdirSync(join(folder, ".clerk-local"));
    const baseURL = "http://127.0.0.1:4";
    writeFileSync(join(folder, ".clerk-local/server.json"), JSON.stringify({ baseURL, pid }));
    return folder;
  };

  it("the server of this folder is checked, wherever it listens", async () => {
    const { stdout } = await run(["doctor"], {}, state(process.pid));
    expect(stdout).toMatch(/✖ Server +http:\/\/127\.0\.0\.1:4\/mcp/);
  });

  it("a file that was left behind is ignored", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    const { stdout } = await run(["doctor"], {}, state(child.pid ?? 0));
    expect(stdout).not.toContain("127.0.0.1:4/");
  });
});

describe("once the local Clerk has stopped", () => {
  it.each([
    ["with its values set", {}],
    ["with no key set", { CLERK_SECRET_KEY: undefined, CLERK_DOMAIN: undefined, CLERK_API_URL: undefined }],
  ])("%s, one line is red, and it says so", async (_, variables) => {
    const { environment, clerk } = await scene();
    await clerk.close();
    const { stdout } = await runHere([], { ...environment, ...variables });
    const red = stdout.split("\n").filter((line) => line.startsWith("✖"));
    expect(red).toEqual([expect.stringContaining(`the local Clerk is not running at ${clerk.issuer}`)]);
    expect(stdout).toContain("npm run dev:local");
    expect(stdout).not.toContain("Clerk Dashboard");
  });
});

describe("the environment", () => {
  it("comes from .env in the working directory, unless a variable is already set", async () => {
    const { environment } = await scene();
    const cwd = folderWith({ ...environment, CLERK_SECRET_KEY: "wrong" });
    const [fromFile, overridden, hidden] = await Promise.all([
      run(["doctor", "--json"], {}, cwd),
      run(["doctor", "--json"], { CLERK_SECRET_KEY: environment.CLERK_SECRET_KEY }, cwd),
      run(["doctor", "--json"], { CLERK_SECRET_KEY: "" }, cwd),
    ]);
    expect(reportOf(fromFile).checks[0]).toMatchObject({ detail: "CLERK_SECRET_KEY cannot be right" });
    expect(reportOf(overridden).ok).toBe(true);
    expect(reportOf(hidden).checks[0]).toMatchObject({ detail: "CLERK_SECRET_KEY cannot be right" });
  });

  it("comes from the file that --env names", async () => {
    const { environment } = await scene();
    const folder = folderWith(environment, "production.env");
    const { code } = await run(["doctor", "--env", join(folder, "production.env")]);
    expect(code).toBe(0);
  });
});

describe("the output for people", () => {
  it("has a line for each check that ran, the fix for each red one, and one line for those that wait", async () => {
    const { environment } = await scene();
    const variables = { ...environment, PORT: "3999", CLERK_SECRET_KEY: "sk_test_unknown000000" };
    const done = await run(["doctor"], variables);
    assertNoSecret(done, [variables.CLERK_SECRET_KEY]);
    const lines = done.stdout.trimEnd().split("\n");
    const after = (start: string) => lines[lines.findIndex((line) => line.startsWith(start)) + 1];
    expect(after("✖ BASE_URL and PORT")).toMatch(
      /^ {4}Set PORT=\d+, or BASE_URL=http:\/\/127\.0\.0\.1:3999, and restart/,
    );
    expect(after("✖ Secret key ")).toMatch(/^ {4}Clerk Dashboard → Configure → API keys/);
    expect(lines.filter((line) => line.startsWith("    "))).toHaveLength(2);
    const [, waiting] = lines.filter((line) => line.startsWith("– ")).map((line) => line.split(/ {2,}/));
    expect(waiting).toEqual(["– Secret key and domain together", "waiting for: Secret key"]);
    expect(lines.filter((line) => line.endsWith("run with --sign-in"))).toEqual([
      expect.stringMatching(/^– 9 checks/),
    ]);
    expect(lines.at(-1)).toMatch(/^\d+ green, 2 red, \d+ skipped$/);
    expect(done.stdout).not.toContain("\u001b");
    expect(done.code).toBe(1);
  });

  const red = { id: "x", title: "X", status: "fail", detail: "broken", fix: "mend\nit" } as const;
  const unclear = { ...red, status: "warn" } as const;

  it("has the fix of a warning on the same line", () => {
    expect(textReport({ isColoured: false }).lines({ ...unclear, detail: "Slow.", fix: "Click." })).toEqual([
      expect.stringMatching(/^! X +Slow\. Click\.$/),
    ]);
  });

  it("has colours only at a terminal", () => {
    const [line, ...mending] = textReport({ isColoured: true }).lines(red).join("\n").split("\n");
    expect([line?.startsWith("\u001b[31m✖ X "), line?.endsWith("broken\u001b[0m")]).toEqual([true, true]);
    expect(mending).toEqual(["    mend", "    it"]);
    expect(textReport({ isColoured: false }).lines(red).join()).not.toContain("\u001b");
  });
});

describe("the output for programs", () => {
  it("--json has every check with id, title, status and detail, and a fix for each problem", async () => {
    const broken = await scene({ clerk: { registration: false, clientIdMetadata: false } });
    const { report, run: done } = await examined(broken);
    expect(Object.keys(report)).toEqual(["ok", "checks"]);
    for (const { id, title, status, detail, fix, ...more } of report.checks) {
      expect(more).toEqual({});
      expect([id, title, detail]).not.toContain("");
      expect(fix !== undefined).toBe(status === "fail" || status === "warn");
    }
    expect(report.checks).toHaveLength(checks.length);
    expect(done.code).toBe(1);
  });

  it("a check that depends on a red one is skipped, not red", async () => {
    const broken = await scene({ clerk: { registration: false, clientIdMetadata: false } });
    const { report } = await examined(broken, ["--sign-in"]);
    const statuses = Object.fromEntries(
      report.checks.map(({ id, status, detail }) => [id, { status, detail }]),
    );
    expect(statuses["sign-in.token"]).toEqual({
      status: "skipped",
      detail: "waiting for: Ways in for clients",
    });
    expect(report.checks.filter(({ status }) => status === "fail")).toHaveLength(1);
  });

  it.each([
    ["help without a command", ["--help"], 0, "Commands:"],
    ["help for a command", ["doctor", "--help"], 0, "--sign-in"],
    ["no command", [], 2, "Commands:"],
    ["an unknown command", ["surgeon"], 2, "Unknown command: surgeon"],
    ["an inherited name as command", ["toString"], 2, "Unknown command"],
    ["an unknown option", ["doctor", "--fix"], 2, "--fix"],
    ["a surplus argument", ["doctor", "now"], 2, "now"],
    ["an invalid URL", ["doctor", "--url", "mcp"], 2, "--url must be"],
    ["another scheme", ["doctor", "--url", "file:///etc/passwd"], 2, "--url must be"],
    ["a URL with a password", ["doctor", "--url", "http://a:b@127.0.0.1/mcp"], 2, "--url must not"],
    ["a file that does not exist", ["doctor", "--env", "no-such-file"], 2, "no-such-file"],
    ["an empty client ID", ["doctor", "--client-id", ""], 2, "--client-id must be"],
    ["an invalid time-out", ["doctor", "--timeout", "soon"], 2, "--timeout must be seconds"],
  ])("%s: exit code and usage", async (_, args, code, says) => {
    const done = await run(args);
    expect(done.code).toBe(code);
    expect(code === 0 ? done.stdout : done.stderr).toContain(says);
    expect(code === 0 ? done.stderr : done.stdout).toBe("");
    expect(done.stdout + done.stderr).toContain("Usage: npx @xmcp-dev/clerk");
  });

  it("npx finds the command: it is the package's only one, and is executable", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } });
    expect(Object.values(manifest.bin)).toEqual(["./bin/clerk-mcp.js"]);
    expect(manifest.files).toContain("bin");
    expect(() => accessSync(COMMAND, constants.X_OK)).not.toThrow();
  });
});

describe("no secret is printed", () => {
  it("even if a server echoes it", async () => {
    const well = await scene();
    const { clerk, front } = well;
    const { access_token: jwt } = await clerk.mint();
    const { access_token: opaque } = await clerk.mint({ format: "opaque" });
    front.alter((passing) => {
      if (passing.method !== "GET" || !passing.path.includes("oauth-protected-resource")) return;
      const resource = `${clerk.secretKey} ${jwt} ${opaque} ada@example.com \u001b[2J`;
      passing.body = JSON.stringify({ ...JSON.parse(passing.body), resource });
    });
    const { report } = await examined(well);
    expect(report.checks.find(({ id }) => id === "metadata.resource")?.detail).toBe(
      `resource is ••• ••• ••• ••• [2J, the client uses ${well.url}`,
    );
  });

  it("even if it is set in place of another value", async () => {
    const { clerk, environment } = await scene();
    const secret = clerk.secretKey;
    for (const name of ["CLERK_DOMAIN", "CLERK_PUBLISHABLE_KEY", "CLERK_API_URL", "BASE_URL", "PORT"]) {
      const done = await run(["doctor"], { ...environment, [name]: secret });
      assertNoSecret(done, [secret]);
      expect(done.code).toBe(1);
    }
  });

  it("but a value that only starts like one is printed", () => {
    const explained =
      "it starts with sk_test_ or sk_live_; sk_test_… npx @xmcp-dev/clerk doctor, eyJ, -----BEGIN";
    expect(redacted(explained, [])).toBe(explained);
  });
});
