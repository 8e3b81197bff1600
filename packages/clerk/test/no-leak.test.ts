import { getClient, getUser } from "@xmcp-dev/clerk";
import { tokenKinds } from "@xmcp-dev/clerk-local";
import { expect, it, vi } from "vitest";
import { localClerk, protectedServer } from "./protected-server.js";

it("no token, secret, key or email address is ever logged or answered", async () => {
  vi.stubEnv("NODE_ENV", "production");
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => printed.push(String(chunk)) > 0);
  }
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const) {
    vi.spyOn(console, method).mockImplementation((...values) =>
      printed.push(values.map(inspected).join(" ")),
    );
  }

  const clerk = await localClerk();
  const server = await protectedServer(clerk, { onEvent: undefined }, async () => {
    await getUser();
    await getClient().users.getUser("user_nobody");
  });
  const wrongSecret = "sk_test_ofAnotherInstance";
  const misconfigured = await protectedServer(clerk, { onEvent: undefined, secretKey: wrongSecret });

  const resource = server.url;
  const of = { resource, user: "ada", organization: "acme" };
  const wrong = tokenKinds
    .filter(({ name }) => name !== "access-token")
    .map(({ name: kind }) => clerk.mint({ ...of, kind }));
  const right = (["jwt", "opaque"] as const).map((format) => clerk.mint({ ...of, format }));
  const revoked = (await clerk.mint({ ...of, format: "opaque" })).access_token;
  await clerk.revoke(revoked);
  const tokens = [
    ...(await Promise.all([...right, ...wrong])).map(({ access_token }) => access_token),
    revoked,
  ];

  const answers: string[] = [];
  const callAll = async (): Promise<void> => {
    for (const token of tokens) {
      for (const { call, fetch } of [server, misconfigured]) {
        const responses = [
          await call(token, `ada@example.com ${token}`),
          await fetch(`/mcp?access_token=${token}`, token),
        ];
        for (const response of responses) {
          answers.push([...response.headers].join("\n"), await response.text());
        }
      }
    }
  };
  await callAll();
  for (const fault of [{ drop: true }, { status: 500 }, { status: 429 }, { status: 401 }, { body: "{" }]) {
    clerk.faults({ path: "/*", ...fault });
    await callAll();
  }
  // Lines are written in groups, in order: once a later request's line is out, so are all before it.
  const end = Date.now();
  await server.call();
  const times = () =>
    [...printed.join("\n").matchAll(/"type":"deny","time":"([^"]+)"/g)].map(([, time]) => time);
  await expect.poll(() => times().some((time = "") => Date.parse(time) >= end)).toBe(true);
  vi.restoreAllMocks();

  const text = [...printed, ...answers].join("\n");
  expect(times().length).toBeGreaterThan(50);
  expect(text).not.toMatch(/@example\.com/);
  for (const secret of [
    clerk.secretKey,
    wrongSecret,
    ...tokens,
    ...tokens.map((token) => token.split(".")[2]),
  ]) {
    if (secret)
      expect(text.includes(secret), `${secret.slice(0, 12)}… is in what was printed or answered`).toBe(false);
  }
  expect(answers.join("\n")).not.toMatch(/ {4}at |node_modules|TypeError/);
});

function inspected(value: unknown): string {
  return value instanceof Error
    ? `${value.stack} ${JSON.stringify(value)} ${inspected(value.cause)}`
    : String(value);
}
