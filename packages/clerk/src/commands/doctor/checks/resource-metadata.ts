/** Checks the protected resource metadata (RFC 9728), which tells a client where to sign in. */
import { PROTECTED_RESOURCE_METADATA_PATH } from "../../../response/protected-resource-metadata.js";
import type { Answer } from "../ask.js";
import { check, type Finding, fail, ok, type ResourceMetadata } from "../check.js";
import { isStandIn } from "./stand-in.js";

const documents = check({
  id: "metadata",
  title: "Protected resource metadata",
  needs: ["challenge"],
  can: ["fail"],
  async run({ ask, url, known }) {
    const { origin, pathname } = new URL(url);
    const places = new Set([
      known.challenge?.parameters.get("resource_metadata") ?? "",
      `${origin}${PROTECTED_RESOURCE_METADATA_PATH}${pathname.replace(/\/+$/, "")}`,
      `${origin}${PROTECTED_RESOURCE_METADATA_PATH}`,
    ]);
    let first: ResourceMetadata | undefined;
    for (const place of places) {
      const answer = await ask(place);
      const problem = unusable(answer);
      if (problem !== undefined) return problem;
      const metadata = answer.json as ResourceMetadata;
      if (first !== undefined && !saysTheSame(first, metadata)) {
        const fix =
          "The same server must return both: let the proxy forward all of /.well-known/oauth-protected-resource.";
        return fail(`${[...places][0]} and ${place} differ`, fix);
      }
      first ??= metadata;
    }
    known.resourceMetadata = first ?? {};
    return ok([...places].map((place) => new URL(place).pathname).join(", "));
  },
});

function unusable({ url, status, json }: Answer): Finding<"fail"> | undefined {
  if (status === 401 || status === 403) {
    const fix =
      "Clients without a token must be able to read it: remove the protection in front of the server.";
    return fail(`${url} asks for a credential (${status})`, fix);
  }
  if (status !== 200 || typeof json !== "object" || json === null) {
    const fix = "Let the proxy forward all of /.well-known/oauth-protected-resource to the server.";
    return fail(`${url} is not the document (${status})`, fix);
  }
  return undefined;
}

function saysTheSame(one: ResourceMetadata, other: ResourceMetadata): boolean {
  const read = ({ resource, authorization_servers }: ResourceMetadata) =>
    JSON.stringify([resource, authorization_servers]);
  return read(one) === read(other);
}

const resource = check({
  id: "metadata.resource",
  title: "Resource and the address used",
  needs: ["metadata"],
  can: ["fail"],
  run({ url, known }) {
    const named = known.resourceMetadata?.resource;
    if (named === url) return ok(url);
    const fix = `Use exactly that URL in the client, or set BASE_URL=${new URL(url).origin} and restart. To a client, localhost and 127.0.0.1 are different servers, as is a trailing slash.`;
    return fail(`resource is ${typeof named === "string" ? named : "missing"}, the client uses ${url}`, fix);
  },
});

const issuer = check({
  id: "issuer",
  title: "Authorization server",
  needs: ["metadata"],
  can: ["fail"],
  run({ known }) {
    const servers = known.resourceMetadata?.authorization_servers;
    const named: unknown = Array.isArray(servers) ? servers[0] : undefined;
    const expected = known.settings?.issuer;
    if (typeof named !== "string" || !URL.canParse(named)) {
      const fix = "Another program returns this document: let clerkProvider() return it.";
      return fail("authorization_servers is empty", fix);
    }
    if (expected !== undefined && named !== expected) {
      const fix =
        isStandIn(named) && !isStandIn(expected)
          ? "This server uses the local Clerk (npm run dev:local), and .env is for another one. Stop it, and start yours: npm run dev. To check this one: --url"
          : "Restart the server, so that it reads CLERK_DOMAIN again; a value in src/middleware.ts takes precedence. Every character must match, including a trailing slash.";
      return fail(`it sends clients to ${named}, but CLERK_DOMAIN is ${expected}`, fix);
    }
    known.issuer = named;
    return ok(named);
  },
});

export const resourceMetadataChecks = [documents, resource, issuer];
