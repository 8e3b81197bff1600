import { join } from "node:path";
import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import { describe, expect, it } from "vitest";
import { standInBehaviours } from "../scripts/docs/stand-in-behaviours.mjs";
import { GUESSES, LAST_GUESS } from "../scripts/real-clerk/guesses.mjs";
import { run } from "./support/program.js";
import { standIn } from "./support/protected-template.js";
import { ROOT } from "./support/template.js";

const BROWSER = `${process.execPath} ${join(ROOT, "packages/clerk/test/doctor-scene/browser.mjs")}`;

const testClerk = (env: Record<string, string>) =>
  run("node", ["dev/scripts/test-clerk.mjs"], { cwd: ROOT, env: { BROWSER, ...env } });

/** Runs the script against the local Clerk. This tests the script, not Clerk's behavior. */
async function atStandIn(options: ClerkLocalOptions) {
  const clerk = await standIn({ autoApprove: true, ...options });
  const { CLERK_SECRET_KEY, CLERK_DOMAIN, CLERK_API_URL } = clerk.env;
  const applications = async () => {
    const answer = await fetch(`${clerk.apiUrl}/v1/oauth_applications`, {
      headers: { authorization: `Bearer ${clerk.secretKey}` },
    });
    return ((await answer.json()) as { total_count: number }).total_count;
  };
  const before = {
    users: clerk.users.list().length,
    keys: clerk.apiKeys.list().length,
    applications: await applications(),
  };
  const { code, output } = await testClerk({ CLERK_SECRET_KEY, CLERK_DOMAIN, CLERK_API_URL });
  return {
    code,
    output,
    verdicts: [...output.matchAll(/^(confirmed|refuted|not settled) +(.*?) → /gm)].map(([, verdict, row]) => [
      row,
      verdict,
    ]),
    left: {
      users: clerk.users.list().length - before.users,
      keys: clerk.apiKeys.list().length - before.keys,
      applications: (await applications()) - before.applications,
    },
  };
}

const NOT_TRIED = [
  "rate-limit",
  "refused-document",
  "localhost-redirects",
  "weak-state",
  "registration-off-body",
  "machine-tokens-of-others",
  "m2m-jwt-scopes",
  "m2m-jwt-verify",
  "m2m-scopes",
];

const BEHAVIOURS = standInBehaviours();
const saying = (wanted: string) => BEHAVIOURS.find(({ id }) => id === wanted)?.says;

describe("npm run --prefix dev test:clerk", () => {
  it("covers each of the local Clerk's guesses", () => {
    const guesses = BEHAVIOURS.filter(({ from }) => from.includes("guess")).map(({ id }) => id);
    expect([...GUESSES, LAST_GUESS].map(({ id }) => id).sort()).toEqual(guesses.sort());
  });

  it.each([
    ["nothing is set", {}, /CLERK_SECRET_KEY is not set\.\nCLERK_DOMAIN is not set\./],
    [
      "the key is a production key",
      { CLERK_SECRET_KEY: "sk_live_1", CLERK_DOMAIN: "clerk.example.com" },
      /use a development instance/,
    ],
    [
      "the key is not a secret key",
      { CLERK_SECRET_KEY: "pk_test_1", CLERK_DOMAIN: "a.example.com" },
      /does not start with sk_test_/,
    ],
  ])("tests nothing, and says so, when %s", async (_name, env, message) => {
    const { code, output } = await testClerk(env);
    expect(code).toBe(2);
    expect(output).toMatch(message);
    expect(output).toContain("Nothing has been tested.");
  });

  it("confirms the local Clerk's default behavior, and leaves nothing behind", async () => {
    const { code, output, verdicts, left } = await atStandIn({});
    expect(code, output).toBe(0);
    const unsettled = [...NOT_TRIED, "revoked-opaque-token"].map(saying);
    expect(verdicts).toHaveLength(GUESSES.length + 1);
    for (const [row = "", verdict] of verdicts) {
      expect([row, verdict]).toEqual([row, unsettled.includes(row) ? "not settled" : "confirmed"]);
    }
    expect(output.match(/answers as the user who signed in/g)).toHaveLength(4);
    expect(left).toEqual({ users: 0, keys: 0, applications: 0 });
    expect(output).not.toMatch(/eyJ|sk_test_\w{9}/);
  });

  it("refutes other behavior, and names the local Clerk's option for it", async () => {
    const jwt = await atStandIn({ audienceShape: "array", timeUnit: "s" });
    expect(jwt.code, jwt.output).toBe(0);
    for (const mend of ['audienceShape: "array"', 'timeUnit: "s"']) {
      expect(jwt.output).toContain(`in the local Clerk: ${mend}`);
    }
    const opaque = await atStandIn({ tokenFormat: "opaque", revokedAnswer: "flag" });
    expect(opaque.verdicts).toContainEqual([saying("revoked-opaque-token"), "refuted"]);
    expect(opaque.left).toEqual({ users: 0, keys: 0, applications: 0 });
  });

  it("fails if the sign-in fails, and still removes what it created", async () => {
    const { code, output, left } = await atStandIn({ autoApprove: { decision: "deny" } });
    expect(code).toBe(1);
    expect(output).toContain("access_denied");
    expect(left).toEqual({ users: 0, keys: 0, applications: 0 });
  });
});
