import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { digest } from "../src/verification/digest.js";

it.each([
  ["nothing", ""],
  ["a token", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"],
  ["the longest token", "x".repeat(8_192)],
  ["more than a token can be", "x".repeat(20_000)],
  ["what is not ASCII", "ü€𝒳".repeat(1_000)],
  ["what is not ASCII and too long", "ü€𝒳".repeat(5_000)],
  ["half a character", "\ud800"],
])("the name of %s is its SHA-256, whatever had its name taken before", (_, text) => {
  const expected = createHash("sha256").update(text).digest("base64");
  expect(digest(text)).toBe(expected);
  digest("y".repeat(8_192));
  expect(digest(text)).toBe(expected);
});
