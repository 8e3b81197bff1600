/** Fetches a document whose address a stranger has chosen: only from allowed addresses, without redirects, and bounded. */
import { lookup } from "node:dns";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";

/** Largest document that is read, in bytes: the limit that the draft recommends. */
const MAX_BYTES = 5 * 1024;

/** For the whole document, name resolution included. */
const TIME_LIMIT_MS = 2500;

export interface FetchedDocument {
  readonly text: string;
  /** The header fields of the answer, by name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * @param isAllowed decides about an IP address before anything connects to it
 * @throws {Unfetched} if the answer is not acceptable
 * @throws {Error} if there is none
 */
export async function fetchDocument(
  url: URL,
  isAllowed: (address: string) => boolean,
): Promise<FetchedDocument> {
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  // No name is looked up for an address.
  if (isIP(literal) !== 0 && !isAllowed(literal)) throw notAllowed();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const outgoing = send(url, {
    agent: false,
    headers: { accept: "application/json", "accept-encoding": "identity", "user-agent": "clerk-local" },
    lookup: lookupAllowed(isAllowed),
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  // An error may follow the response, when no caller waits for it any more.
  outgoing.on("error", () => {});
  try {
    outgoing.end();
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Unfetched(`the answer is ${response.statusCode}`);
    if (!isJson(response.headers["content-type"])) throw new Unfetched("its content type is not JSON");
    return { text: await readLimited(response), headers: response.headers };
  } finally {
    outgoing.destroy();
  }
}

function isJson(contentType = ""): boolean {
  return /^application\/(?:json|[\w.-]+\+json) *(?:;|$)/i.test(contentType);
}

/** There is an answer, or an address, that is not acceptable. The message has the reason, in words of this module only. */
export class Unfetched extends Error {
  override readonly name = "Unfetched";
}

const notAllowed = () => new Unfetched("its host has an address that is not allowed");

/** Resolves names for a connection, which then goes to no other address. One address that is not allowed is enough to refuse. */
function lookupAllowed(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error || first === undefined) return callback(error ?? notAllowed(), "", 0);
      if (!found.every(({ address }) => isAllowed(address))) return callback(notAllowed(), "", 0);
      if (options.all) return callback(null, found);
      return callback(null, first.address, first.family);
    });
  };
}

async function readLimited(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Unfetched(`it is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
