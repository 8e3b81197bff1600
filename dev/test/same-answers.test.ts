import { Agent } from "node:http";
import { afterAll, describe, expect, it } from "vitest";
import { withoutPlugin, withPlugin } from "./platforms/every-kind.js";
import { type BuiltPlatform, expectBuilt, vercel, workers } from "./platforms/platform.js";
import { type Answer, answerOf, REQUESTS } from "./support/every-request.js";
import { server, standIn, tokenFor } from "./support/protected-template.js";

const ANY = ".*";
const BUT_STATUS = "(?!status$).*";
const REFUSED_FIRST = "The plugin reads the body before xmcp does, and refuses it as JSON.";
const HOME_PAGE = "The plugin has a home page of its own.";

/** Patterns of the platform, of the request's name, and of the part of the answer: `status`, `body`, or a header's name. */
const DIFFERS_ON_PURPOSE: readonly (readonly [
  platform: string,
  request: string,
  part: string,
  why: string,
])[] = [
  [ANY, "malformed JSON|a number|an empty batch", BUT_STATUS, REFUSED_FIRST],
  [ANY, "content type: (none|text/plain)", BUT_STATUS, REFUSED_FIRST],
  ["Node|Vercel", "a body that is too large", BUT_STATUS, REFUSED_FIRST],
  ["Workers", "a body that is too large", ANY, "xmcp has no limit in a Worker."],
  [ANY, "content type: .*utf-16", ANY, "Two readers may not read one body differently, so it is UTF-8."],
  [
    ANY,
    "a call of another origin",
    ANY,
    "Pages of other origins may not call before allowedOrigins has them.",
  ],
  [ANY, "preflight", BUT_STATUS, "The plugin allows all methods and headers of MCP, not only xmcp's."],
  ["Node|Vercel", ANY, "x-powered-by", "There is no Express."],
  ["Node|Vercel", "(GET|HEAD) /(favicon.ico|.*no-such)|POST /", BUT_STATUS, "A 404 is JSON, as in a Worker."],
  ["Node|Vercel", "POST /(mcp/|MCP|mcp/x)", ANY, "The endpoint is exact, as in a Worker."],
  [
    "Node|Vercel",
    ".*tools/call seen .*",
    "body",
    "A tool sees the headers of its request, without the name of the tool, which xmcp's Express app adds.",
  ],
  [
    "Node|Vercel",
    "(GET|HEAD) /health",
    "(?!status$|body$).*",
    "The plugin answers it, alike on all platforms.",
  ],
  ["Workers", "(GET|HEAD) /health", BUT_STATUS, "The plugin answers it, alike on all platforms."],
  ["Node|Vercel", "(GET|HEAD) /", BUT_STATUS, HOME_PAGE],
  ["Workers", "(GET|HEAD) /", ANY, HOME_PAGE],
  [ANY, "(GET|HEAD) /index.html", ANY, HOME_PAGE],
  [
    "Node|Vercel",
    "(GET|HEAD) .*/server-card.json",
    BUT_STATUS,
    "The plugin answers with the card, as the specification has it by now, and with the server's own address.",
  ],
  ["Workers", "(GET|HEAD) .*/server-card.json", ANY, "xmcp has no card in a Worker."],
  [
    "Workers",
    ANY,
    "content-length|transfer-encoding",
    "The plugin passes a call's answer on as a stream, without a length, and a list as text, which has one.",
  ],
];

const STARTS: Readonly<Record<string, (cwd: string) => Promise<BuiltPlatform["start"]>>> = {
  Node: async (cwd) => {
    await expectBuilt(cwd, "xmcp", "build");
    return (env) => server(env, { cwd });
  },
  Vercel: async (cwd) => (await vercel(cwd)).start,
  Workers: async (cwd) => (await workers(cwd)).start,
};

const clerk = await standIn();
// A server closes a connection whose request it has not read, perhaps while the next one is sent.
const agent = new Agent({ keepAlive: false });
const needed = new Set<string>();
let compared = 0;

/** Everything that a client can see of an answer, ids, times and the order of headers aside. */
describe.each(Object.entries(STARTS))(
  "with the plugin, xmcp answers as without, on %s:",
  async (platform, startOf) => {
    const started = async (copy: () => Promise<string>) => (await startOf(await copy()))(clerk.env);
    const [theirs, ours] = await Promise.all([started(withoutPlugin), started(withPlugin)]);
    const authorization = `Bearer ${await tokenFor(clerk, ours)}`;

    it.each(REQUESTS.map((request) => [request.name, request] as const))("%s", async (_name, request) => {
      const [expected, answer] = await Promise.all([
        answerOf(theirs.origin, request, { agent }),
        answerOf(ours.origin, request, { agent, authorization }),
      ]);
      const purposes = DIFFERS_ON_PURPOSE.filter(
        ([on, name]) => matches(on, platform) && matches(name, request.name),
      );
      const isOnPurpose = (part: string): boolean => {
        const purpose = purposes.find(([, , parts]) => matches(parts, part));
        if (purpose !== undefined && answer[part] !== expected[part]) needed.add(purpose.join());
        return purpose !== undefined;
      };
      const parts = (all: Answer) => Object.entries(all).filter(([part]) => !isOnPurpose(part));
      expect(Object.fromEntries(parts(answer))).toEqual(Object.fromEntries(parts(expected)));
      compared += 1;
    });
  },
);

/** Every line of the table is about a difference that exists. A run of some requests alone cannot tell. */
afterAll(() => {
  if (compared === REQUESTS.length * Object.keys(STARTS).length)
    expect(DIFFERS_ON_PURPOSE.filter((line) => !needed.has(line.join()))).toEqual([]);
});

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}
