/** A caller's text must not pass for a line of the log, nor reach a terminal as a command (CWE-117). */
import type { Case, Level, Need, RequestStep } from "../case.js";
import type { Json, TokenRecipe } from "../tokens/recipe.js";

const INJECTION = "OWASP ASVS 5.0 §16.4.1 (log injection)";
const ESCAPE = "\u001b[31m";
const WITH_OUTPUT: readonly Need[] = ["output"];

const message = (method: string, params: Json): Json => ({ jsonrpc: "2.0", id: 1, method, params });
const call = (name: string): Json => message("tools/call", { name, arguments: {} });
const client = (name: string): Json =>
  message("initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name, version: "1" },
  });
const session = (body: Json): RequestStep => ({ inSession: true, request: { body } });
const forgedToken = (kind: string, recipe: Omit<TokenRecipe, "kind">): RequestStep => ({
  request: { token: { kind: `logs.${kind}`, ...recipe } },
});

/** The line that a case tries to forge: each case its own, as the cases of a run share a log. */
const lineOf = (name: string): string => `forged-line-of-${name}`;

const lines: readonly (readonly [
  name: string,
  what: string,
  level: Level,
  step: (text: string) => RequestStep,
])[] = [
  ["tool-name", "a tool's name", "must", (line) => session(call(`x\n${line}\n`))],
  [
    "tool-name-return",
    "a tool's name with a carriage return",
    "must",
    (line) => session(call(`x\r${line}\r`)),
  ],
  [
    "tool-name-separator",
    "a tool's name with U+2028",
    "should",
    (line) => session(call(`x\u2028${line}\u2028`)),
  ],
  ["method", "a method", "must", (line) => session(message(`x\n${line}\n`, {}))],
  [
    "resource",
    "a resource's URI",
    "must",
    (line) => session(message("resources/read", { uri: `x:\n${line}\n` })),
  ],
  ["client", "a client's name", "must", (line) => session(client(`x\n${line}\n`))],
  [
    "target",
    "a path without a token",
    "must",
    (line) => ({ request: { authorization: null, target: `{path}/x%0d%0a${line}%0d%0a` } }),
  ],
  [
    "key-id",
    "the key id of a stranger's token",
    "must",
    () => forgedToken("key-id", { key: "stranger", header: { kid: `x\n${lineOf("key-id")}\n` } }),
  ],
  [
    "issuer",
    "the issuer of a stranger's token",
    "must",
    () => forgedToken("issuer", { key: "stranger", claims: { iss: `x\n${lineOf("issuer")}\n` } }),
  ],
];

export const logs: readonly Case[] = [
  ...lines.map(
    ([name, what, level, step]): Case => ({
      id: `logs.${name}`,
      title: `${what} begins no line of the log`,
      spec: INJECTION,
      level,
      needs: WITH_OUTPUT,
      send: [session(client("x")), step(lineOf(name))],
      expect: { outcome: "handled", output: { noLine: lineOf(name) } },
    }),
  ),
  {
    id: "logs.escape-sequence",
    title: "an escape sequence in a tool's name does not reach the terminal",
    spec: INJECTION,
    level: "must",
    needs: WITH_OUTPUT,
    send: [session(call(`x${ESCAPE}forged`))],
    expect: { outcome: "handled", output: { noText: `${ESCAPE}forged` } },
  },
];
