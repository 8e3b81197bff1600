import { describe, expect, it } from "vitest";
import type { Case } from "../src/case.js";
import { allCases } from "../src/cases/index.js";
import { textReport } from "../src/report/text-report.js";
import { commandTarget, TargetNotStarted } from "../src/run/command-target.js";
import { type RunOptions, runConformance } from "../src/run/run.js";
import { runningTarget, type TargetStarter } from "../src/run/target.js";
import { REFERENCE_SERVER } from "./support/cli.js";

const SCOPES = { requiredScopes: ["files:read", "files:write"] };

function casesWith(ids: readonly string[]): Case[] {
  return allCases.filter(({ id }) => ids.includes(id));
}

function casesOf(...prefixes: readonly string[]): Case[] {
  return allCases.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix)));
}

function against(mistake: string, cases: readonly Case[], options: Partial<RunOptions> = {}) {
  const target = commandTarget({ command: [process.execPath, REFERENCE_SERVER, mistake] });
  return runConformance({ target, profile: "rfc9068", cases, ...options });
}

/** A target whose output the suite does not see. */
function silent(starter: TargetStarter): TargetStarter {
  return {
    ...starter,
    async start(settings) {
      const { url, stop } = await starter.start(settings);
      return { url, stop };
    },
  };
}

const mistakes: readonly (readonly [mistake: string, promise: string, ids: readonly string[]])[] = [
  ["no-typ-check", "does not check typ", ["jose.typ-jwt", "jose.typ-missing", "kinds.logout-token"]],
  [
    "no-audience-check",
    "does not check aud",
    ["claims.aud-other", "claims.aud-missing", "claims.aud-list-others"],
  ],
  ["no-issuer-check", "does not check iss", ["claims.iss-other", "claims.iss-missing"]],
  ["no-expiry-check", "does not check exp", ["claims.exp-hour-ago", "claims.exp-zero"]],
  [
    "prefix-path",
    "protects one spelling of its path and serves others",
    ["routing.upper-case", "routing.mixed-case", "routing.below"],
  ],
  [
    "alg-from-token",
    "trusts the token's alg",
    ["jose.hs256-public-pem", "jose.ps256-issuer-key", "jose.rs512-issuer-key"],
  ],
  ["outage-as-401", "treats an outage as a wrong token", ["outages.cold-error-500", "outages.cold-reset"]],
  [
    "no-resource-metadata",
    "does not name its metadata",
    ["challenges.resource-metadata", "challenges.metadata-expired"],
  ],
  ["token-echoed", "repeats the token", ["leakage.token-expired", "leakage.word"]],
  ["query-token", "accepts a token in the query", ["transport.query"]],
  ["forwarded-host", "trusts X-Forwarded-Host", ["metadata.x-forwarded-host"]],
  ["scope-substring", "searches for a scope as a substring", ["step-up.longer", "step-up.in-word"]],
  ["keys-each-time", "fetches the keys for every token", ["floods.warm", "outages.warm-error-500"]],
];

describe("a server that follows the specifications", () => {
  it("passes every case that the mistakes below fail, including the shoulds", async () => {
    const ids = mistakes.flatMap(([, , broken]) => broken);
    const { results } = await against("none", casesWith(ids), { ...SCOPES, strict: true });
    expect(results.map(({ id }) => id).sort()).toEqual([...new Set(ids)].sort());
    expect(results.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
  });

  it("passes every must of the groups about tokens, challenges and scopes", async () => {
    const groups = [
      "header.",
      "transport.",
      "jose.",
      "claims.",
      "routing.",
      "challenges.",
      "step-up.",
      "batches.",
    ];
    const { totals } = await against("none", casesOf(...groups), SCOPES);
    expect(totals).toMatchObject({ failed: 0, "not run": 0 });
    expect(totals.passed).toBeGreaterThan(450);
  });
});

describe("a server with a typical mistake fails the cases about it", () => {
  it.each(mistakes)("%s: a server that %s", async (mistake, _, ids) => {
    const { results } = await against(mistake, casesWith(ids), { ...SCOPES, strict: true });
    expect(results.filter(({ verdict }) => verdict === "failed").map(({ id }) => id)).toEqual(
      results.map(({ id }) => id),
    );
    for (const { problems, sent, got } of results) {
      expect(problems.length).toBeGreaterThan(0);
      expect([sent, got]).toEqual([expect.stringContaining("HTTP/1.1"), expect.any(String)]);
    }
  });

  it("and a server that checks nothing fails most cases", async () => {
    const { totals } = await against("open", casesOf("header.", "transport.", "jose.", "claims.", "kinds."));
    expect(totals.failed).toBeGreaterThan(totals.passed * 3);
  });
});

describe("a run", () => {
  it("reports in the order of the cases, and calls back with each result at once", async () => {
    const cases = casesOf("header.scheme-");
    const told: string[] = [];
    const { results } = await against("none", cases, { onResult: ({ id }) => told.push(id) });
    expect(results.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
    expect([...told].sort()).toEqual(cases.map(({ id }) => id).sort());
  });

  it("does not show a complete token", async () => {
    const { results } = await against("open", casesOf("claims.exp-hour-ago"));
    expect(results[0]?.sent).toMatch(/Authorization: Bearer eyJ\S{13}…\S{6} \(\d+ characters\)/);
    expect(JSON.stringify(results)).not.toMatch(/eyJ[\w-]{30}/);
  });

  it("counts a broken should as a warning, and as a failure if it is strict", async () => {
    const cases = casesOf("transport.header-and-query");
    expect((await against("none", cases)).totals).toMatchObject({ warning: 1, failed: 0 });
    expect((await against("none", cases, { strict: true })).totals).toMatchObject({ warning: 0, failed: 1 });
  });

  it.each<[why: string, ids: string, options: Partial<RunOptions>, reason: string]>([
    ["no scope is required", "step-up.empty", {}, "--required-scopes"],
    ["opaque tokens are not taken", "kinds.opaque-active", {}, "--opaque"],
    ["it needs tokens of another profile", "kinds.clerk-m2m", {}, "profile clerk"],
    ["no tool is closed", "rules.call", {}, "--closed-tool"],
    [
      "the output of the server is not seen",
      "logs.tool-name",
      { target: silent(commandTarget({ command: [process.execPath, REFERENCE_SERVER] })) },
      "pass a command",
    ],
    [
      "the server is already running",
      "floods.warm",
      { target: runningTarget("http://127.0.0.1:1/mcp") },
      "pass a command",
    ],
  ])("skips a case that it cannot run, and gives the reason: %s", async (_, id, options, reason) => {
    const { results, totals } = await against("none", casesOf(id), options);
    expect(totals).toMatchObject({ passed: 0, failed: 0 });
    for (const { problems } of results) expect(problems.join()).toContain(reason);
    expect(results.length).toBeGreaterThan(0);
  });

  it.each([
    ["no answer", "crash", ["header.comma-after"]],
    ["5xx", "error-500", ["header.comma-after", "batches.one-valid"]],
  ])("counts a robustness case apart, and fails it for %s alone", async (_, mistake, ids) => {
    const cases = [...casesWith(["header.absent"]), ...casesWith(ids)];
    const none = { passed: 0, failed: 0, warning: 0, "not run": 0 };
    const { totals } = await against("none", cases);
    expect(totals).toEqual({ ...none, passed: 1, robustness: { ...none, passed: ids.length } });
    const broken = await against(mistake, casesWith(ids));
    expect(broken.totals).toEqual({ ...none, robustness: { ...none, failed: ids.length } });
    expect(textReport(broken)).toContain(
      `robustness: 0 passed, ${ids.length} failed, 0 not run\n0 passed, 0 failed, 0 not run`,
    );
  });

  it("stops the server that it started", async () => {
    const { results } = await against("open", casesOf("header.absent"));
    const host = /^Host: (.+)$/m.exec(results[0]?.sent ?? "")?.[1];
    expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
    await expect(fetch(`http://${host}/mcp`)).rejects.toThrow("fetch failed");
  });

  it("fails every case if the server has stopped", async () => {
    const { totals } = await against("none", casesOf("header.valid"), {
      target: { ...runningTarget("http://127.0.0.1:1/mcp"), isFresh: true },
    });
    expect(totals).toMatchObject({ passed: 0, failed: 1 });
  });

  it.each([
    [
      "it ended with exit code 7.\nno such configuration",
      "console.error('no such configuration'); process.exit(7)",
    ],
    ["nothing answers at", "setInterval(() => {}, 1000)"],
  ])("gives the reason why a server did not start: %s", async (message, script) => {
    const command = [process.execPath, "-e", script];
    const target = commandTarget({ command, startTimeoutMs: script.startsWith("set") ? 300 : 10_000 });
    const run = runConformance({ target, profile: "rfc9068", cases: casesOf("header.valid") });
    await expect(run).rejects.toThrow(TargetNotStarted);
    await expect(run).rejects.toThrow(message);
  });

  it("reports that a command cannot be started", async () => {
    const target = commandTarget({ command: ["no-such-command-here"] });
    const run = runConformance({ target, profile: "rfc9068", cases: casesOf("header.valid") });
    await expect(run).rejects.toThrow("ENOENT");
  });
});
