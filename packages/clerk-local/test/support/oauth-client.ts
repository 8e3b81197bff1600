/** A public OAuth client that works like an MCP client: registers itself, uses PKCE, and listens on loopback. */
import { createHash, randomBytes } from "node:crypto";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { json } from "./stand-in.js";

export const REDIRECT_URI = "http://127.0.0.1:5999/callback";
export const RESOURCE = "http://127.0.0.1:3001/mcp";

export interface Registered {
  client_id: string;
  client_secret?: string;
  scope: string;
  [member: string]: unknown;
}

export interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  id_token?: string;
  scope: string;
  expires_in: number;
  token_type: string;
}

export function postRegistration(
  local: ClerkLocal,
  metadata: Record<string, unknown> = {},
): Promise<Response> {
  return fetch(`${local.issuer}/oauth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Test client",
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
      ...metadata,
    }),
  });
}

export async function register(
  local: ClerkLocal,
  metadata: Record<string, unknown> = {},
): Promise<Registered> {
  return (await json(await postRegistration(local, metadata))) as Registered;
}

export interface AuthorizationRequest {
  url: string;
  verifier: string;
  redirectUri: string;
}

/** An authorization request. A parameter that is `undefined` is omitted. */
export function authorizationRequest(
  local: Pick<ClerkLocal, "issuer">,
  clientId: string,
  parameters: Record<string, string | undefined> = {},
): AuthorizationRequest {
  const verifier = randomBytes(32).toString("base64url");
  const query: Record<string, string | undefined> = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    state: "a-state-of-the-client",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...parameters,
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    url: `${local.issuer}/oauth/authorize?${new URLSearchParams(given)}`,
    verifier,
    redirectUri: query.redirect_uri ?? REDIRECT_URI,
  };
}

/** Returns the parameters of the redirect back to the client. Needs auto-approval. */
export async function authorize(request: AuthorizationRequest): Promise<URLSearchParams> {
  const answer = await fetch(request.url, { redirect: "manual" });
  const location = answer.headers.get("location");
  if (!location) throw new Error(`no redirect but ${answer.status}: ${await answer.text()}`);
  return new URL(location).searchParams;
}

export function postToken(local: ClerkLocal, form: Record<string, string>): Promise<Response> {
  return fetch(`${local.issuer}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
}

export function exchange(
  local: ClerkLocal,
  clientId: string,
  request: AuthorizationRequest,
  code: string,
  more: Record<string, string> = {},
): Promise<Response> {
  return postToken(local, {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: request.redirectUri,
    code_verifier: request.verifier,
    ...more,
  });
}

export function refresh(local: ClerkLocal, clientId: string, refreshToken: string): Promise<Response> {
  return postToken(local, { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken });
}

/** Registers, signs in and gets tokens, without a browser. Needs auto-approval. */
export async function signIn(
  local: ClerkLocal,
  { scope = "profile email", ...parameters }: Record<string, string | undefined> = {},
): Promise<{ client: Registered; tokens: TokenAnswer }> {
  const client = await register(local, { scope });
  const request = authorizationRequest(local, client.client_id, { scope, ...parameters });
  const code = (await authorize(request)).get("code") ?? "";
  const resource = parameters.resource;
  const answer = await exchange(local, client.client_id, request, code, resource ? { resource } : {});
  return { client, tokens: (await answer.json()) as TokenAnswer };
}

/** The claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return part(token, 1);
}

export function headerOf(token: string): Record<string, unknown> {
  return part(token, 0);
}

function part(token: string, index: number): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}
