/** Changes to a finished token that a strict parser must reject. */
import {
  constants,
  createCipheriv,
  createHash,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import type { Deformation } from "./recipe.js";

export interface TamperContext {
  /** The key that a token is encrypted to. */
  readonly publicKey: KeyObject;
  /** Another valid token. */
  another(): string;
}

type Change = (token: string, context: TamperContext) => string;

const CHANGES: Readonly<Record<Deformation, Change>> = {
  "no-signature": (token) => segments(token, ([head, body]) => [head, body, ""]),
  "two-segments": (token) => segments(token, ([head, body]) => [head, body]),
  "fourth-segment": (token) => `${token}.${randomBytes(8).toString("base64url")}`,
  "empty-header": (token) => segments(token, ([, body, mac]) => ["", body, mac]),
  "empty-payload": (token) => segments(token, ([head, , mac]) => [head, "", mac]),
  "flipped-signature-bit": (token) => segments(token, ([head, body, mac]) => [head, body, flipped(mac)]),
  "flipped-payload-bit": (token) => segments(token, ([head, body, mac]) => [head, flipped(body), mac]),
  "short-signature": (token) => segments(token, ([head, body, mac]) => [head, body, mac.slice(0, 171)]),
  "long-signature": (token) =>
    segments(token, ([head, body, mac]) => [head, body, `${mac.slice(0, -2)}AAAA`]),
  "zero-signature": (token) =>
    segments(token, ([head, body]) => [head, body, Buffer.alloc(64).toString("base64url")]),
  "padded-base64": (token) =>
    segments(token, (all) => all.map((part) => part + "=".repeat((4 - (part.length % 4)) % 4 || 2))),
  "standard-base64": (token) =>
    segments(token, ([head, body, mac]) => [head, body, mac.replaceAll("-", "+").replaceAll("_", "/")]),
  "signature-of-another": (token, { another }) =>
    segments(token, ([head, body]) => [head, body, another().split(".")[2] ?? ""]),
  "leading-dot": (token) => `.${token}`,
  "trailing-dot": (token) => `${token}.`,
  encrypted: (token, { publicKey }) => encrypted(token, publicKey),
  "json-serialization": (token) => {
    const [head, payload, signature] = token.split(".");
    return JSON.stringify({ payload, protected: head, signature });
  },
  "twice-encoded": (token) => Buffer.from(token).toString("base64url"),
  "upper-case": (token) => token.toUpperCase(),
  reversed: (token) => segments(token, (all) => [...all].reverse()),
};

export function tamper(deformation: Deformation, token: string, context: TamperContext): string {
  return CHANGES[deformation](token, context);
}

function segments(token: string, change: (parts: [string, string, string]) => readonly string[]): string {
  const [head = "", body = "", mac = ""] = token.split(".");
  return change([head, body, mac]).join(".");
}

function flipped(part: string): string {
  const bytes = Buffer.from(part, "base64url");
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes.toString("base64url");
}

/** A valid JWE (RFC 7516), encrypted to the issuer's signing key. */
function encrypted(token: string, publicKey: KeyObject): string {
  const kid = createHash("sha256").update(token).digest("hex").slice(0, 8);
  const header = Buffer.from(JSON.stringify({ alg: "RSA-OAEP", enc: "A256GCM", cty: "JWT", kid })).toString(
    "base64url",
  );
  const [contentKey, iv] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", contentKey, iv).setAAD(Buffer.from(header));
  const text = Buffer.concat([cipher.update(token), cipher.final()]);
  const key = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, contentKey);
  return [header, ...[key, iv, text, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(
    ".",
  );
}
