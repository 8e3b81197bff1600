import { describe, expect, it } from "vitest";
import type { Case } from "../src/case.js";
import { allCases } from "../src/cases/index.js";
import type { CaseResult } from "../src/run/run.js";
import { refusesEverything, servesEverything, verifiesNothing } from "./support/broken-servers.js";
import { runInProcess, type ServerOf } from "./support/in-process.js";
import { referenceServer } from "./support/reference/server.js";

/** Cases about what is judged, what runs, and what is in front of it. */
const JUDGED =
  /^(bodies|cards|rules|logs)\.|^methods\..*-empty-chunks|^metadata\.server-card-|^transport\.keep-alive$|^origin\.preflight-(get|delete|mcp-(session-id|method|name)|last-event-id)$/;
const cases = allCases.filter(({ id }) => JUDGED.test(id));
const demanding = cases.filter(({ level }) => level !== "robustness");

const ids = (some: readonly (Case | CaseResult)[]) => some.map(({ id }) => id);
const matching = (pattern: RegExp) => ids(demanding.filter(({ id }) => pattern.test(id)));

/** Each waits for what the server prints. */
const isAboutLogs = ({ id }: Case) => id.startsWith("logs.");

/** Documents, which have nothing to do with the messages that a server judges. */
const isAboutCards = ({ id }: Pick<Case, "id">) => /^(cards\.|metadata\.server-card-)/.test(id);

async function passed(
  serverOf: ServerOf,
  some: readonly Case[],
  mistakes: readonly string[] = [],
): Promise<string[]> {
  const { results } = await runInProcess(serverOf, mistakes, { cases: some, concurrency: 8 });
  return ids(results.filter(({ verdict }) => verdict === "passed"));
}

describe("a server that keeps these promises passes", () => {
  it.each([
    ["without sessions", []],
    ["with sessions", ["stateful"]],
  ])("%s", async (_, mistakes) => {
    const { results } = await runInProcess(referenceServer, mistakes, { cases, concurrency: 8 });
    expect(results.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    expect(ids(results)).toEqual(ids(cases));
  });
});

/** What a server lacks, and the cases that find it: these, and no others. */
const LACKS: readonly (readonly [mistakes: string, what: string, found: RegExp])[] = [
  [
    "lenient-body",
    "runs what it could not judge",
    /^bodies\.(byte-order-marks?(-error)?|utf-16(-announced)?|invalid-utf-8|charset-(latin-1|unknown)|text-(plain|before|behind)|coding-unknown)$|^rules\.(call-(byte-order-marks?|utf-16(-announced)?|latin-1|gzip|text-(plain|behind)|invalid-utf-8)|read-byte-order-marks)$/,
  ],
  ["no-charset", "takes no charset at all", /^bodies\.charset-(utf-8|quoted)$/],
  ["html-errors", "answers what it cannot read with a page", /^bodies\.(byte-order-mark|parse)-error$/],
  ["body-before-token", "reads a body before the token", /^bodies\.parse-error-no-token$/],
  ["id-cut", "ends a line at U+2028", /^bodies\.line-separator$/],
  ["empty-as-ping", "takes an empty body for a message", /^bodies\.empty(-chunked)?$/],
  ["open", "wants no token", /^(bodies\.parse-error|rules\.call)-no-token$/],
  ["no-rule", "has no rule on a tool", /^rules\.call(-escaped-name|-(name|method)-twice|-header-names)?$/],
  ["rule-by-text", "looks for a name in the text", /^rules\.call-(escaped-name|(name|method)-twice)$/],
  ["rule-by-header", "believes the fields", /^rules\.call-header-names$/],
  [
    "batch-unjudged",
    "judges no batch",
    /^rules\.(call-batch(-behind)?|call-nested-batch|read-batch|list-batch)$/,
  ],
  ["no-page-rule", "has no rule on a tool's page", /^rules\.(read|read-upper-case|subscribe)$/],
  ["page-by-case", "takes one page in capitals for another", /^rules\.read-upper-case$/],
  [
    "list-all",
    "lists what nobody may use",
    /^rules\.list(-line-separator|-event-stream|-cursor|-pages|-page-templates)?$/,
  ],
  ["lines-at-u2028", "filters an answer by lines that end at U+2028", /^rules\.list-line-separator$/],
  ["raw-log", "prints what callers send", /^logs\./],
  [
    "card-from-request",
    "takes its address from the request",
    /^metadata\.server-card-|^cards\.(card|catalog)-(host|x-forwarded-host|forwarded)$/,
  ],
  ["card-private", "needs a token for its card", /^cards\.(card|catalog)-(?!no-leak$|post$)/],
  ["card-elsewhere", "has its card at another place", /^cards\.card-place$/],
  ["card-methods", "takes other methods for its card, and no HEAD", /^cards\..*-(no-cookie|head|post)$/],
  ["card-untyped", "has no type for its card", /^cards\..*-type$/],
  ["card-uncached", "has no validator for its card", /^cards\..*-(cacheable|(?<!cors-)etag|not-modified)$/],
  ["card-no-cors", "keeps its card from pages", /^cards\..*-(cors|cors-etag|preflight)$/],
  ["card-stale", "has an old card", /^cards\.(discover|initialize)-/],
  [
    "card-invalid",
    "has a card that is not one",
    /^cards\.(card-(schema|name|version|description|title|remote|no-primitives)|(discover|initialize)-(version|title))$/,
  ],
  [
    "catalog-invalid",
    "has a catalog that is none",
    /^cards\.catalog-(spec-version|entry|identifier|leads-to-card)$/,
  ],
  ["card-echo", "repeats a credential in its card", /^cards\..*-no-leak$/],
  ["no-preflight", "answers no preflight", /^origin\.preflight-/],
  ["short-preflight", "allows less than clients send", /^origin\.preflight-(delete|last|mcp)/],
  ["chunks-unsupported", "wants no empty chunks", /-empty-chunks/],
  ["short-idle", "closes idle connections after 5 s", /^transport\.keep-alive$/],
];

describe("a server that lacks a promise fails the cases about it, and no others", () => {
  it.each(LACKS)("%s: one that %s", async (mistake, _, found) => {
    const failed = matching(found);
    const isAboutCard = failed.every((id) => isAboutCards({ id }));
    const run = demanding.filter(
      (one) =>
        isAboutCards(one) === isAboutCard &&
        (!isAboutLogs(one) || failed.some((id) => id.startsWith("logs."))),
    );
    const kept = await passed(referenceServer, run, [mistake]);
    expect(failed.length).toBeGreaterThan(0);
    expect(ids(run).filter((id) => !kept.includes(id))).toEqual(failed);
  });

  it.each([
    ["open", "lenient-body", "bodies.byte-order-mark-no-token"],
    ["open", "no-page-rule", "rules.read-no-token"],
  ])("%s and %s: %s", async (one, other, id) => {
    const only = cases.filter((each) => each.id === id);
    expect(await passed(referenceServer, only, [one])).toEqual([id]);
    expect(await passed(referenceServer, only, [other])).toEqual([id]);
    expect(await passed(referenceServer, only, [one, other])).toEqual([]);
  });

  it("each case is found by one", () => {
    const found = [
      ...LACKS.flatMap(([, , pattern]) => matching(pattern)),
      ...["bodies.byte-order-mark-no-token", "rules.read-no-token"],
    ];
    expect(ids(demanding).filter((id) => !found.includes(id))).toEqual([]);
  });
});

/** Broken servers, and the cases that they pass all the same: those that they keep, and those about what they do not have. */
const BROKEN: readonly (readonly [what: string, server: ServerOf, passes: RegExp])[] = [
  [
    "serves everything",
    servesEverything,
    /^bodies\.charset-(utf-8|quoted)$|^methods\.(get|delete|head)-empty-chunks$|^metadata\.server-card-|^logs\.(key-id|issuer)$/,
  ],
  ["refuses everything", refusesEverything, /-no-token$|^metadata\.server-card-/],
  [
    "verifies nothing",
    verifiesNothing,
    /^bodies\.(charset-(utf-8|quoted)|line-separator)$|^methods\..*-empty-chunks|^cards\.(?!.*-(host|forwarded)$)/,
  ],
];

it("a server without a card is not judged by what it has not", async () => {
  const some = cases.filter(({ id }) => id.startsWith("cards."));
  const { results } = await runInProcess(referenceServer, ["no-cards"], { cases: some, concurrency: 8 });
  expect(results.filter(({ verdict }) => verdict !== "not run")).toEqual([]);
  expect(new Set(results.flatMap(({ problems }) => problems))).toEqual(
    new Set(["the target publishes no server card", "the target publishes no AI Catalog"]),
  );
});

describe("a server that is broken on purpose fails the others", () => {
  it.each(BROKEN)("one that %s", async (_, server, passes) => {
    expect(await passed(server, demanding)).toEqual(matching(passes));
  });

  it("no case is content with all three", () => {
    const content = BROKEN.map(([, , passes]) => matching(passes));
    expect(ids(demanding).filter((id) => content.every((some) => some.includes(id)))).toEqual([]);
  });
});
