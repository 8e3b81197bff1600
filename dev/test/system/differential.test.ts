import { Agent, request } from "node:http";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  framework,
  nodeWithClosedThings,
  type Platform,
  sdkHandler,
  vercel,
  webHandler,
  workers,
  workersOf,
} from "../platforms/platform.js";
import { atEnd } from "../support/at-end.js";
import { protectedTemplate, tokenFor } from "../support/protected-template.js";
import { type RequestBody, requestBodies } from "../support/request-bodies.js";

const BODIES = 2_000;
/** The newest date that this version of Miniflare takes. From 2026-01-13 on, a byte order mark is data. */
const NEWEST_DATE = "2026-04-21";

const SDK = "withClerk, the SDK's transport";

const worker = await workers();
const PLATFORMS: Readonly<Record<string, Platform>> = {
  node: await nodeWithClosedThings(),
  vercel: await vercel(),
  "workers, 2025-10-01": workersOf(worker, "2025-10-01"),
  "workers, newest": workersOf(worker, NEWEST_DATE),
  "withClerk, xmcp's adapter": await webHandler(),
  [SDK]: sdkHandler(),
  express: await framework("express"),
  fastify: await framework("fastify"),
};

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

interface Running {
  readonly name: string;
  send(body: RequestBody): Promise<Answer>;
  output(): string;
}

async function running([name, { start }]: readonly [string, Platform]): Promise<Running> {
  const { clerk, mcp } = await protectedTemplate({}, start);
  const authorization = `Bearer ${await tokenFor(clerk, mcp)}`;
  const agent = new Agent({ keepAlive: true });
  atEnd(() => agent.destroy());
  return {
    name,
    output: () => mcp.output(),
    send: ({ bytes, headers }) =>
      new Promise((resolve, reject) => {
        const accept = "application/json, text/event-stream";
        request(
          mcp.url,
          { method: "POST", agent, headers: { authorization, accept, ...headers } },
          (response) => {
            let text = "";
            response
              .setEncoding("utf8")
              .on("data", (chunk) => {
                text += chunk;
              })
              .on("end", () => resolve({ status: response.statusCode, text }))
              .on("error", reject);
          },
        )
          .on("error", reject)
          .end(bytes);
      }),
  };
}

const occurrences = (text: string, part: string): number => text.split(part).length - 1;

it(`${BODIES} bodies run the same everywhere: nothing closed, and each open thing once`, {
  timeout: 300_000,
}, async () => {
  const servers = await Promise.all(Object.entries(PLATFORMS).map(running));
  const expectedRuns = new Map(servers.map(({ name }) => [name, 0]));

  await fc.assert(
    fc.asyncProperty(requestBodies, async (body) => {
      const answers = await Promise.all(
        servers.map(async (server) => ({ server, answer: await server.send(body) })),
      );
      const seen = answers.map(({ server: { name }, answer: { status, text } }) => {
        const ran = body.marks.filter((mark) => text.includes(`RAN ${mark}`));
        expectedRuns.set(name, (expectedRuns.get(name) ?? 0) + ran.length);
        expect(text, name).not.toMatch(/CLOSED RAN|<html|\n\s+at /);
        for (const mark of ran) expect(occurrences(text, `RAN ${mark}`), name).toBe(1);
        // The SDK's server of this test has two tools only, so what is open there differs.
        if (name === SDK && !body.isUnreadable) return undefined;
        expect(body.statuses, `${name}: ${status} ${text}`).toContain(status);
        if (body.runs !== undefined && status !== 400) expect(ran, name).toEqual(body.runs);
        return { status, ran };
      });
      const [first] = seen;
      for (const other of seen) if (other !== undefined) expect(other).toEqual(first);
    }),
    { numRuns: BODIES },
  );

  for (const { name, output } of servers) {
    expect(output(), name).not.toContain("CLOSED RAN");
    const printed = (pattern: RegExp) => output().match(pattern)?.length ?? 0;
    await expect.poll(() => printed(/^RAN /gm), { message: name }).toBe(expectedRuns.get(name));
    const recorded = () => printed(/^\{"type":"tool".*"name":"marked".*"outcome":"ok"/gm);
    await expect.poll(recorded, { message: `records of ${name}` }).toBe(printed(/^RAN tool /gm));
    expect(recorded()).toBeGreaterThan(0);
  }
});
