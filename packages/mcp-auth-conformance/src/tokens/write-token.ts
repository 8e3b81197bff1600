/** Writes a valid or deliberately invalid token from its recipe. */
import { constants, createHmac, type KeyObject, randomBytes, sign } from "node:crypto";
import { type KeyPair, publicJwk } from "./keys.js";
import type { SigningKey, TokenRecipe } from "./recipe.js";
import { tamper } from "./tamper.js";

export interface TokenMaterial {
  readonly issuer: string;
  readonly resource: string;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Claims of a valid token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Scopes that every call requires. */
  readonly requiredScopes: readonly string[];
  readonly keys: Readonly<Record<"issuer" | "previous" | "stranger" | "stranger-ec", KeyPair>>;
}

export function writeToken(recipe: TokenRecipe, material: TokenMaterial): string {
  if (recipe.text !== undefined) {
    return filled(recipe.text, material).replaceAll("{random}", () => randomBytes(24).toString("hex"));
  }
  const token = signed(recipe, material);
  if (recipe.deform === undefined) return token;
  return tamper(recipe.deform, token, {
    publicKey: material.keys.issuer.publicKey,
    another: () => signed({ kind: "another", claims: { sub: "another" } }, material),
  });
}

function signed(recipe: TokenRecipe, material: TokenMaterial): string {
  const header = changed(
    {
      alg: "RS256",
      typ: "at+jwt",
      kid: (recipe.key === "previous" ? material.keys.previous : material.keys.issuer).kid,
    },
    recipe.header,
    material,
  );
  const claims = changed(material.claims, recipe.claims, material);
  for (const name of recipe.omit ?? []) {
    if (name.startsWith("header.")) delete header[name.slice("header.".length)];
    else delete claims[name];
  }
  const payload = (recipe.payloadText ?? "{{claims}}").replaceAll("{claims}", () =>
    JSON.stringify(claims).slice(1, -1),
  );
  const input = [recipe.headerText ?? JSON.stringify(header), payload]
    .map((text) => Buffer.from(filled(text, material), "utf8").toString("base64url"))
    .join(".");
  return `${input}.${signature(input, recipe.key ?? "issuer", recipe.signAs ?? String(header.alg), material)}`;
}

function changed(
  right: Readonly<Record<string, unknown>>,
  changes: TokenRecipe["claims"],
  material: TokenMaterial,
): Record<string, unknown> {
  return { ...right, ...(resolve(changes ?? {}, material) as Record<string, unknown>) };
}

/** Fills in placeholders and times at every depth. */
function resolve(value: unknown, material: TokenMaterial): unknown {
  if (typeof value === "string") return filled(value, material);
  if (Array.isArray(value)) return value.map((item) => resolve(item, material));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "now") return material.now + Number(entries[0][1]);
  if ("publicKeyOf" in value) return jwkOf(value.publicKeyOf as "stranger", material);
  return Object.fromEntries(entries.map(([name, item]) => [name, resolve(item, material)]));
}

function jwkOf(name: keyof TokenMaterial["keys"], { keys }: TokenMaterial) {
  const { kty, n, e, crv, x, y } = publicJwk(keys[name]) as Record<string, unknown>;
  return { kty, n, e, crv, x, y };
}

/** `{origin-host}` and similar placeholders make audiences and issuers that almost match. */
function filled(text: string, { issuer, resource, requiredScopes, keys, now }: TokenMaterial): string {
  const url = new URL(resource);
  const required = requiredScopes.join(" ");
  const values: Readonly<Record<string, string>> = {
    issuer,
    "issuer-upper": issuer.toUpperCase(),
    "issuer-host": new URL(issuer).host,
    resource,
    origin: url.origin,
    path: url.pathname,
    "path-upper": url.pathname.toUpperCase(),
    host: url.host,
    hostname: url.hostname,
    "other-port": `${url.protocol}//${url.hostname}:${(Number(url.port) || 443) + 1}${url.pathname}`,
    "other-scheme": resource.replace(/^https?/, url.protocol === "https:" ? "http" : "https"),
    kid: keys.issuer.kid,
    "stranger-kid": keys.stranger.kid,
    required,
    "required-cut": required.slice(0, -1),
    "required-upper": required.toUpperCase(),
    "required-reversed": [...requiredScopes].reverse().join(" "),
    "now-3600": String(now - 3600),
    "now+3600": String(now + 3600),
  };
  return text.replace(/\{([a-z0-9+-]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const RSA_OR_EC = /^(RS|PS|ES)(256|384|512)$/;

function signature(input: string, key: SigningKey, algorithm: string, { keys }: TokenMaterial): string {
  if (key === "none") return "";
  if (typeof key === "object") {
    const hash = `sha${/^HS(256|384|512)$/.exec(algorithm)?.[1] ?? "256"}`;
    return createHmac(hash, secret(key.secret, keys.issuer)).update(input).digest("base64url");
  }
  const { privateKey } = keys[key];
  const [, family = key === "stranger-ec" ? "ES" : "RS", size = "256"] = RSA_OR_EC.exec(algorithm) ?? [];
  const options =
    family === "ES"
      ? { key: privateKey, dsaEncoding: "ieee-p1363" as const }
      : family === "PS"
        ? { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(size) / 8 }
        : { key: privateKey };
  return sign(`sha${size}`, Buffer.from(input), options).toString("base64url");
}

function secret(
  name: Extract<SigningKey, object>["secret"],
  { kid, publicKey }: { kid: string; publicKey: KeyObject },
): string | Buffer {
  switch (name) {
    case "public-pem":
      return publicKey.export({ format: "pem", type: "spki" });
    case "public-der":
      return publicKey.export({ format: "der", type: "spki" });
    case "public-jwk":
      return JSON.stringify(publicKey.export({ format: "jwk" }));
    case "modulus":
      return Buffer.from(publicKey.export({ format: "jwk" }).n ?? "", "base64url");
    case "kid":
      return kid;
    case "empty":
      return "";
    case "word":
      return "secret";
  }
}
