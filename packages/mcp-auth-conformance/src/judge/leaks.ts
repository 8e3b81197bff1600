/** Finds leaks in a response: the credential, its contents, and internals of the server. */
import type { RawResponse } from "../http/response-parser.js";

const INSIDES: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    "a stack trace",
    /^\s*at .+:\d+:\d+\)?$|\bat .+\((?:file:|node:|\/|[A-Z]:\\).+:\d+:\d+\)|Traceback \(most/m,
  ],
  [
    "a path of the server",
    /node_modules|(?:^|[\s"'(=])(?:file:\/\/)?\/(?:home|Users|root|usr|var|opt|srv|app|work)\/[\w.-]+/,
  ],
  [
    "the name of a library's error",
    /\b(?:JWS|JWT|JOSE|JWK)[A-Z]\w+|JsonWebTokenError|TokenExpiredError|ERR_J\w+/,
  ],
];

/** Shortest part of a token that counts as a leak. Shorter ones occur by chance. */
const SHORTEST = 12;

export function leak(
  { fields, body }: RawResponse,
  token: string,
  texts: readonly string[],
): string | undefined {
  const answer = [...fields.map(([name, value]) => `${name}: ${value}`), body].join("\n");
  const secrets = [...token.split(/[.\s]/), ...texts].filter((text) => text.length >= SHORTEST);
  const told = secrets.find((secret) => answer.includes(secret));
  if (told !== undefined) return `the answer repeats ${JSON.stringify(shortened(told))}`;
  const inside = INSIDES.find(([, pattern]) => pattern.test(answer));
  return (
    inside && `the answer shows ${inside[0]}: ${JSON.stringify(inside[1].exec(answer)?.[0].slice(0, 80))}`
  );
}

/** Long enough to recognize, too short to use. */
export function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 16)}…${text.slice(-6)} (${text.length} characters)`;
}
