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
  const documents = new Map<string, () => PlainResponse | Promise<PlainResponse>>([
    ...metadataPaths(settings).map((path) => [path, () => metadata(resourceMetadata)] as const),
    [AUTHORIZATION_SERVER_METADATA_PATH, async () => metadata(await authorizationServerMetadata())],
  ]);
  return ({ method, path }) => {
    const document = documents.get(path);
    return document === undefined ? undefined : answer(method, document);
  };
}

function metadata(body: string): PlainResponse {
  return { status: 200, headers: HEADERS, body };
}

async function answer(
  method: string,
  document: () => PlainResponse | Promise<PlainResponse>,
): Promise<PlainResponse> {
  return method === "GET" || method === "HEAD" ? document() : METHOD_NOT_ALLOWED;
}
