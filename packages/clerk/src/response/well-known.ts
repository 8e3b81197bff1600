import type { Settings } from "../options/settings.js";
import type { AuthRequest, PlainResponse } from "../request/request.js";
import { AUTHORIZATION_SERVER_METADATA_PATH } from "./authorization-server-metadata.js";
import { metadataPaths, protectedResourceMetadata } from "./protected-resource-metadata.js";

const HEADERS = {
  "content-type": "application/json",
  "cache-control": "public, max-age=300",
  "access-control-allow-origin": "*",
} as const;

const METHOD_NOT_ALLOWED: PlainResponse = { status: 405, headers: { allow: "GET, HEAD" }, body: "" };

/**
 * Serves the public metadata documents, which pages of any origin may read. Returns `undefined` for every other
 * request.
 */
export function wellKnownDocuments(
  settings: Settings,
  authorizationServerMetadata: () => Promise<string>,
): (request: AuthRequest) => Promise<PlainResponse> | undefined {
  const resourceMetadata = protectedResourceMetadata(settings);
  const documents = new Map<string, () => string | Promise<string>>([
    ...metadataPaths(settings).map((path) => [path, () => resourceMetadata] as const),
    [AUTHORIZATION_SERVER_METADATA_PATH, authorizationServerMetadata],
  ]);
  return ({ method, path }) => {
    const document = documents.get(path);
    return document === undefined ? undefined : answer(method, document);
  };
}

async function answer(method: string, document: () => string | Promise<string>): Promise<PlainResponse> {
  if (method !== "GET" && method !== "HEAD") return METHOD_NOT_ALLOWED;
  return { status: 200, headers: HEADERS, body: await document() };
}
