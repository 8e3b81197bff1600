import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startAuthorizationServer } from "../src/authorization-server/authorization-server.js";
import { PROFILES } from "../src/authorization-server/profiles.js";
import type { Case, Expect, Request, Step } from "../src/case.js";
import { allCases } from "../src/cases/index.js";
import type { Exchange } from "../src/http/connection.js";
import { tokenKinds } from "../src/report/lists.js";
import { fill, placeholders } from "../src/run/placeholders.js";
import { answer, CONTEXT, OUTAGE, problems, SERVED, UNAUTHORIZED } from "./support/answers.js";

const NO_CASES = ["expectations.ts", "index.ts"];
const files = readdirSync(new URL("../src/cases", import.meta.url)).filter(
  (name) => !NO_CASES.includes(name),
);

const steps = ({ send }: Case): readonly Step[] => ("length" in send ? send : [{ request: send }]);
const requests = (one: Case): Request[] =>
  steps(one).flatMap((step) => ("request" in step ? step.request : "flood" in step ? step.flood : []));
const expectations = (one: Case): Expect[] => [
  one.expect,
  ...steps(one).flatMap((step) => ("expect" in step && step.expect !== undefined ? step.expect : [])),
];

const robustness = allCases.filter(({ level }) => level === "robustness");

/** Answers that are neither crash nor outage. */
const NO_CRASHES = [
  SERVED,
  UNAUTHORIZED,
  answer(404),
  answer(400, "payload-of-it at (/srv/app/node_modules/jose/x.js:1:2)", {
    "access-control-allow-origin": "*",
    "access-control-allow-credentials": "true",
    "set-cookie": "a=b",
    server: "nginx/1.29.1",
  }),
  answer(200, "", {
    "access-control-allow-origin": "https://evil.example",
    "access-control-allow-credentials": "true",
  }),
];

/** Every string in a value, including the names of members. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(texts)];
}

describe("the cases", () => {
  it("are many, and each has a unique id", () => {
    const ids = allCases.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(750);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z-]+\.[a-z0-9-]+$/.test(id))).toEqual([]);
  });

  it.each([
    ["header", "the grammar of the Authorization field", 80],
    ["transport", "the places a token may not be", 30],
    ["jose", "JOSE", 110],
    ["claims", "claims", 95],
    ["kinds", "kinds of token", 30],
    ["routing", "routing", 90],
    ["methods", "methods", 35],
    ["metadata", "protected resource metadata", 40],
    ["cards", "the server card and the AI Catalog", 45],
    ["challenges", "challenges", 30],
    ["origin", "CORS, Origin and Host", 50],
    ["batches", "batches", 30],
    ["step-up", "step-up", 24],
    ["outages", "outages and key rotation", 30],
    ["floods", "floods", 12],
    ["leakage", "leakage", 35],
    ["bodies", "bodies that are not JSON in UTF-8", 20],
    ["rules", "a tool that nobody may use", 30],
    ["discovery", "what is answered without a token", 27],
    ["logs", "what callers can make the server print", 10],
  ])("%s: the group for %s has at least %i cases", (group, _, least) => {
    expect(allCases.filter(({ id }) => id.startsWith(`${group}.`)).length).toBeGreaterThanOrEqual(least);
    expect(files).toContain(`${group}.ts`);
  });

  it.each(files)("%s: its cases have the file's name as group, and are all run", async (file) => {
    const exported: unknown[] = Object.values(await import(`../src/cases/${file.replace(".ts", "")}.ts`));
    const [cases = []] = exported.filter((value): value is readonly Case[] => Array.isArray(value));
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter(({ id }) => !id.startsWith(`${file.replace(".ts", "")}.`))).toEqual([]);
    expect(cases.filter((one) => !allCases.includes(one))).toEqual([]);
  });

  it("name the section of the specification that they test", () => {
    const known = /^(RFC \d{4}|MCP|OWASP|Fetch|OpenID|Clerk|JWT|W3C|HTML|draft-)/;
    expect(allCases.filter(({ spec }) => !known.test(spec)).map(({ spec }) => spec)).toEqual([]);
    expect(allCases.filter(({ spec }) => /^RFC \d{4}$/.test(spec))).toEqual([]);
  });

  it("name the promise, and whether it is a must", () => {
    expect(allCases.filter(({ title }) => title.length < 15 || /[.\n{}]$/.test(title))).toEqual([]);
    expect(new Set(allCases.map(({ level }) => level))).toEqual(new Set(["must", "should", "robustness"]));
  });

  it("are robustness cases exactly if they expect no more than that the request is handled", () => {
    const isHandling = ({ outcome, withinMs: _, ...more }: Expect) =>
      outcome === "handled" && Object.keys(more).length === 0;
    const expecting = allCases.filter((one) => expectations(one).every(isHandling));
    expect(expecting.map(({ id }) => id)).toEqual(robustness.map(({ id }) => id));
    expect(robustness.length).toBeGreaterThanOrEqual(38);
  });

  it("can fail without a crash, but for the robustness cases", () => {
    // Such a server also prints whatever it is not to print.
    const isMet = (each: Exchange, it: Expect) =>
      problems(each, it, { ...CONTEXT, output: () => texts(it.output).join("\n") }).length === 0;
    const forgiving = allCases.filter((one) =>
      NO_CRASHES.every((each) => expectations(one).every((it) => isMet(each, it))),
    );
    expect(forgiving.map(({ id }) => id)).toEqual(robustness.map(({ id }) => id));
  });

  it("use placeholders that exist", () => {
    const url = new URL("http://127.0.0.1:1/mcp");
    const facts = { url, resource: url.href, issuer: url.origin, metadataTarget: "/m", scopes: ["a"] };
    const known = { ...placeholders(facts), token: "0", n: "1" };
    const sent = allCases.flatMap((one) => [
      ...requests(one).flatMap(({ token: _, ...request }) => texts(request)),
      ...texts(expectations(one)),
    ]);
    expect(sent.map((text) => fill(text, known)).filter((text) => /\{[a-z][a-z0-9-]*\}/.test(text))).toEqual(
      [],
    );
  });

  it("can fail: none passes with every answer", () => {
    const answers = [...NO_CRASHES, OUTAGE];
    const indulgent = allCases.filter((one) =>
      answers.every((each) => expectations(one).every((it) => problems(each, it).length === 0)),
    );
    expect(indulgent.map(({ id }) => id)).toEqual([]);
  });

  it("need only tokens that every profile can make", async () => {
    for (const profile of Object.values(PROFILES)) {
      const resource = "http://127.0.0.1:1/mcp";
      const authority = await startAuthorizationServer({
        profile,
        resource,
        scopes: ["a"],
        requiredScopes: ["b", "c"],
      });
      for (const { recipe } of tokenKinds(allCases)) {
        const { deform: _, ...rest } = recipe;
        expect(await authority.token(recipe)).toBeTypeOf("string");
        const [header = "", payload = ""] = String(await authority.token(rest)).split(".");
        // An opaque token has no parts; its letters, decoded, can be anything.
        if (payload === "") continue;
        const written = [header, payload].map((part) => Buffer.from(part, "base64url").toString());
        expect([header, ...written].join("\n").replaceAll("{n}", "")).not.toMatch(/\{[a-z][a-z0-9+-]*\}/);
      }
      await authority.close();
    }
  });
});

describe("the kinds of token", () => {
  const kinds = tokenKinds(allCases);

  it("include every kind that the cases use, once", () => {
    const used = new Set(allCases.flatMap(requests).map(({ token }) => token?.kind ?? "valid"));
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(used);
    expect(kinds).toHaveLength(used.size);
  });

  it("have one recipe each", () => {
    const recipes = new Map(kinds.map(({ kind, recipe }) => [kind, recipe]));
    for (const { token } of allCases.flatMap(requests)) {
      if (token !== undefined) expect(token).toEqual(recipes.get(token.kind));
    }
  });

  it("can be used on a command line", () => {
    expect(kinds.filter(({ kind }) => !/^[a-z0-9.-]+$/.test(kind))).toEqual([]);
  });

  it("name the cases that use them", () => {
    expect(kinds.find(({ kind }) => kind === "jose.alg-none")?.cases).toContain("jose.alg-none");
    expect(
      kinds.flatMap(({ cases }) => cases).filter((id) => !allCases.some((one) => one.id === id)),
    ).toEqual([]);
  });
});
