import { expect, it } from "vitest";
import { StacklessError } from "../src/adapters/xmcp/stackless-error.js";

class OfTheSdk extends StacklessError {
  readonly code = -32600;
}

it.each([
  ["by new", () => new StacklessError("no")],
  ["by a call", () => StacklessError("no")],
  ["of a subclass", () => new OfTheSdk("no")],
])("an error made %s is an error, and has no trace", (_how, make) => {
  const error = make();
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(StacklessError);
  expect(error.message).toBe("no");
  expect(error.stack).not.toMatch(/\n\s+at /);
});

it("a subclass keeps its own members and its cause", () => {
  const cause = new Error("why");
  const error = new OfTheSdk("no", { cause });
  expect(error).toBeInstanceOf(OfTheSdk);
  expect(error).toMatchObject({ code: -32600, cause });
});

it("errors of others keep their trace, and count as errors in xmcp", () => {
  StacklessError("no");
  const error = new TypeError("theirs");
  expect(error.stack).toMatch(/\n\s+at /);
  expect(error).toBeInstanceOf(StacklessError);
});
