import { expect, it } from "vitest";
import { StacklessError } from "../src/adapters/xmcp/stackless-error.js";

class ZodError extends StacklessError {
  readonly issues = [];
}

class SdkError extends StacklessError {
  readonly code = -32600;
}

it("an error of zod has no trace of the stack", () => {
  const error = new ZodError("no", { cause: "why" });
  expect(error).toBeInstanceOf(ZodError);
  expect(error).toBeInstanceOf(StacklessError);
  expect(error).toMatchObject({ message: "no", cause: "why", issues: [] });
  expect(error.stack).not.toMatch(/\n\s+at /);
});

it.each([
  ["an error", () => new StacklessError("no")],
  ["an error made without new", () => StacklessError("no")],
  ["an error of the SDK, which a tool may get", () => new SdkError("no")],
  ["an error after one of zod", () => [new ZodError("no"), new SdkError("no")][1]],
  ["an error of somebody else", () => new TypeError("no")],
])("%s has one, and is an error for xmcp", (_what, make) => {
  const error = make();
  expect(error?.stack).toMatch(/\n\s+at /);
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(StacklessError);
});
