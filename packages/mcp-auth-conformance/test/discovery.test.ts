/** The group `discovery`, against servers that keep its promises, and against servers that break one. */
import { describe, expect, it } from "vitest";
import { discovery } from "../src/cases/discovery.js";
import type { RunOptions } from "../src/run/run.js";
import { runInProcess } from "./support/in-process.js";
import { PUBLIC_TOOL } from "./support/reference/anonymous.js";
import { referenceServer } from "./support/reference/server.js";

/** How a server is started, and what the suite is told about it. */
const SERVERS = {
  lists: { discovery: "lists" },
  everyone: { discovery: "everyone" },
  public: { publicTool: PUBLIC_TOOL },
} as const satisfies Readonly<Record<string, Partial<RunOptions>>>;

type ServerName = keyof typeof SERVERS;

async function verdicts(name: ServerName, mistakes: readonly string[] = []) {
  const { results } = await runInProcess(referenceServer, [name, ...mistakes], {
    cases: discovery,
    concurrency: 8,
    ...SERVERS[name],
  });
  const withVerdict = (verdict: string) =>
    results.filter((result) => result.verdict === verdict).map(({ id }) => id.replace("discovery.", ""));
  return { passed: withVerdict("passed"), failed: withVerdict("failed") };
}

describe("a server that keeps the promises passes", () => {
  it.each([
    ["lists", /^(lists|connecting)-/],
    ["everyone", /^(lists|everyone)-/],
    ["public", /^public-/],
  ] as const)("%s", async (name, promised) => {
    const { passed, failed } = await verdicts(name);
    expect(failed).toEqual([]);
    expect(passed).toEqual(
      discovery.map(({ id }) => id.replace("discovery.", "")).filter((id) => promised.test(id)),
    );
  });
});

/** What a server does wrong, and the cases that find it. */
const WRONG: readonly (readonly [server: ServerName, mistake: string, what: string, found: string[]])[] = [
  ["lists", "everyone", "lets clients connect", ["connecting-initialize"]],
  ["lists", "bad-token-ignored", "takes a wrong token for none", ["lists-bad-token"]],
  ["lists", "no-id", "leaves the id out", ["lists-call-id"]],
  ["lists", "method-by-header", "believes the fields", ["lists-call-as-list"]],
  ["lists", "batch-by-first,batch-unjudged", "judges the first of a batch", ["lists-batch"]],
  [
    "lists",
    "method-by-prefix",
    "compares the beginning of a method",
    ["lists-unknown-method", "lists-method-case"],
  ],
  [
    "public",
    "bad-token-ignored",
    "takes a wrong token for none",
    ["public-bad-token", "public-other-scheme", "public-expired"],
  ],
  ["public", "name-by-header", "believes the fields", ["public-in-the-field"]],
  ["public", "name-by-text", "looks for the name in the text", ["public-name-twice"]],
  [
    "public",
    "name-by-prefix",
    "compares the beginning of a name",
    ["public-blank", "public-prefix", "public-list-of-names"],
  ],
  ["public", "batch-by-first,batch-unjudged", "judges the first of a batch", ["public-batch"]],
];

describe("a server that breaks a promise fails the cases about it", () => {
  it.each(WRONG)("%s, %s: one that %s", async (name, mistake, _, found) => {
    expect((await verdicts(name, mistake.split(","))).failed).toEqual(found);
  });
});
