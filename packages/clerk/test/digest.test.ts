import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { digest } from "../src/runtime/digest.js";

it.each([
  ["an empty string", ""],
  ["a token", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"],
  ["the longest token", "x".repeat(8_192)],
  ["a string longer than any token", "x".repeat(20_000)],
  ["a string beyond ASCII", "ü€𝒳".repeat(1_000)],
  ["a long string beyond ASCII", "ü€𝒳".repeat(5_000)],
  ["half of a surrogate pair", "\ud800"],
])("the digest of %s is its SHA-256, whatever was hashed before", (_, text) => {
  const expected = createHash("sha256").update(text).digest("base64");
  expect(digest(text)).toBe(expected);
  digest("y".repeat(8_192));
  expect(digest(text)).toBe(expected);
});
