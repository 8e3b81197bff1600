import { afterEach, describe, expect, it, vi } from "vitest";
import { guarded } from "../src/adapters/xmcp/guard.js";
import { type FileModule, registry } from "../src/adapters/xmcp/registry.js";
import type { HandlerOutcome, Mediation } from "../src/mcp/mediation.js";
import type { OperationKind } from "../src/mcp/operations.js";
import { AccessDenied } from "../src/session/access-denied.js";
import { type RequestContext, runAsPublic, runWithContext } from "../src/session/context.js";

const KINDS = ["tools", "prompts", "resources"] as const;
const PATHS: Readonly<Record<OperationKind, string>> = {
  tools: "src/tools/wipe.ts",
  prompts: "src/prompts/wipe.ts",
  resources: "src/resources/(docs)/wipe.ts",
};
const NAMES: Readonly<Record<OperationKind, string>> = {
  tools: "wipe",
  prompts: "wipe",
  resources: "docs://wipe",
};

afterEach(() => {
  for (const kind of KINDS) delete registry()[kind];
});

/** A request that was judged for these names. */
function judgedFor(names: readonly string[], given: Partial<Mediation> = {}): RequestContext {
  const mediation: Mediation = {
    mayRun: (_kind, name) => names.includes(name),
    paths: (kind) => (names.includes(NAMES[kind]) ? [PATHS[kind]] : []),
    schemesOf: () => undefined,
    list: undefined,
    began: () => () => {},
    failed: () => {},
    ...given,
  };
  return { mediation } as RequestContext;
}

function guardedFile(kind: OperationKind, module: FileModule) {
  const files = guarded(kind, { [PATHS[kind]]: async () => module });
  const run = async (...args: unknown[]) => {
    const { default: handler } = (await files[PATHS[kind]]?.()) ?? {};
    return (handler as (...given: unknown[]) => unknown)(...args);
  };
  return { files, run };
}

describe.each(KINDS)("a handler (%s)", (kind) => {
  it("runs in a request that was judged for it, with its arguments", async () => {
    const handler = vi.fn((sent: unknown) => sent);
    const { run } = guardedFile(kind, { default: handler });
    expect(await runWithContext(judgedFor([NAMES[kind]]), () => run({ a: 1 }, {}))).toEqual({ a: 1 });
    expect(handler.mock.calls).toEqual([[{ a: 1 }, {}]]);
  });

  it.each([
    ["outside a request", (run: () => Promise<unknown>) => run()],
    ["on a public path", (run: () => Promise<unknown>) => runAsPublic(run)],
    ["in a request without operations", (run) => runWithContext(judgedFor([]), run)],
    ["in a request for another name", (run) => runWithContext(judgedFor(["look", "Wipe", "wipe "]), run)],
  ] satisfies [string, (run: () => Promise<unknown>) => Promise<unknown>][])(
    "does not run %s",
    async (_, inside) => {
      const handler = vi.fn();
      const { run } = guardedFile(kind, { default: handler });
      await expect(inside(run)).rejects.toThrow(AccessDenied);
      expect(handler).not.toHaveBeenCalled();
    },
  );
});

describe("xmcp's map of files", () => {
  const names = (files: object) => [Object.keys(files), Object.entries(files).length];

  it.each(KINDS)("has in a request only what it was judged for (%s)", (kind) => {
    const { files } = guardedFile(kind, { default: () => {} });
    expect(runWithContext(judgedFor([NAMES[kind]]), () => names(files))).toEqual([[PATHS[kind]], 1]);
    expect(runWithContext(judgedFor(["look"]), () => names(files))).toEqual([[], 0]);
  });

  it.each(KINDS)("is empty outside a request and on a public path (%s)", (kind) => {
    const { files } = guardedFile(kind, { default: () => {} });
    expect(names(files)).toEqual([[], 0]);
    expect(runAsPublic(() => names(files))).toEqual([[], 0]);
  });

  it("does not mix requests that run at the same time", async () => {
    const { files } = guardedFile("tools", { default: () => {} });
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        runWithContext(judgedFor(index % 2 === 0 ? ["wipe"] : []), async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return Object.keys(files).length;
        }),
      ),
    );
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : 0)));
  });

  it("loads each file once, and loads it again after a failure", async () => {
    const load = vi.fn(async (): Promise<FileModule> => ({ default: () => "done" }));
    load.mockRejectedValueOnce(new Error("broken"));
    const files = guarded("tools", { "src/tools/wipe.ts": load });
    await expect(files["src/tools/wipe.ts"]?.()).rejects.toThrow("broken");
    await files["src/tools/wipe.ts"]?.();
    await files["src/tools/wipe.ts"]?.();
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("the end of a call is recorded", () => {
  it.each([
    ["ok", () => ({ content: [] })],
    ["ok", async () => "text"],
    ["error", () => ({ isError: true })],
    ["error", async () => ({ isError: true })],
    ["error", () => Promise.reject(new Error("broken"))],
    [
      "error",
      () => {
        throw new Error("broken");
      },
    ],
    ["denied", () => Promise.reject(new AccessDenied())],
    [
      "denied",
      () => {
        throw new AccessDenied("Only your own.");
      },
    ],
  ] satisfies [HandlerOutcome, () => unknown][])("as %s, exactly once", async (outcome, handler) => {
    const ended = vi.fn();
    const began = vi.fn(() => ended);
    const { run } = guardedFile("tools", { default: handler });
    await runWithContext(judgedFor(["wipe"], { began }), () => run({}, { requestId: 7 })).catch(() => {});
    expect(began.mock.calls).toEqual([["wipe", 7]]);
    expect(ended.mock.calls).toEqual([[outcome]]);
  });

  it("as failed if what the tool returned does not match its output schema", async () => {
    const failed = vi.fn();
    const parse = (value: unknown) => {
      if (typeof value !== "string") throw new TypeError("expected a string");
      return value;
    };
    const { files } = guardedFile("tools", { default: () => ({}), outputSchema: { title: { parse } } });
    const { outputSchema } = (await files[PATHS.tools]?.()) ?? {};
    const { title } = outputSchema as { title: { parse(value: unknown): unknown } };
    runWithContext(judgedFor(["wipe"], { failed }), () => {
      expect(title.parse("a")).toBe("a");
      expect(failed).not.toHaveBeenCalled();
      expect(() => title.parse(1)).toThrow("expected a string");
    });
    expect(failed.mock.calls).toEqual([["wipe"]]);
  });
});
