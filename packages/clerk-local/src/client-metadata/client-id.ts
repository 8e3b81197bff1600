/** Client ids that are the URL of a metadata document: an https URL, or in development one on loopback. */
import { ClientRefused } from "./client-refused.js";

/** Most characters of such an id. */
const MAX_LENGTH = 1024;

const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"];

/** Whether a client id is meant as the URL of a document. Other clients have registered or are in the seed. */
export function isDocumentId(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId);
}

/** Whether an http URL is of this machine. */
export function isLoopbackUrl({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && LOOPBACK_HOSTS.includes(hostname);
}

/**
 * The URL of a client's document, by the rules of draft-ietf-oauth-client-id-metadata-document-00 section 3.
 *
 * @param allowsLoopback whether the document may be on this machine, with http
 * @throws {ClientRefused}
 */
export function documentUrl(clientId: string, allowsLoopback: boolean): URL {
  const refused = (problem: string) => new ClientRefused("invalid_client", `the client id ${problem}`);
  if (clientId.length > MAX_LENGTH) throw refused(`is longer than ${MAX_LENGTH} characters`);
  // The parser resolves dot segments and rewrites whatever is not in normal form. Clients are compared as strings.
  if (!URL.canParse(clientId) || new URL(clientId).href !== clientId) {
    throw refused("is not a URL in normal form: lower-case host, no default port, no dot segments, a path");
  }
  const url = new URL(clientId);
  if (url.protocol !== "https:" && !(allowsLoopback && isLoopbackUrl(url))) throw refused("must use https");
  if (url.username !== "" || url.password !== "") throw refused("must not have a user or a password");
  if (clientId.includes("#")) throw refused("must not have a fragment");
  if (url.pathname === "/") throw refused("must have a path");
  return url;
}
