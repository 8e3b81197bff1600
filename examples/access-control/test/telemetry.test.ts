import { join } from "node:path";
import { metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { DenyEvent, ToolEvent } from "@xmcp-dev/clerk";
import { describe, expect, it, vi } from "vitest";
import { atEnd } from "../../../dev/test/support/at-end.js";
import { eventually } from "../../../dev/test/support/eventually.js";
import { telemetry } from "../src/telemetry";
import { APP, app, call, tokenOf } from "./support/app.js";

const CALLER = { caller: "user", userId: "user_1", clientId: "client_1", organizationId: "org_1" } as const;
const PARTIES = { "mcp.caller": "user", "oauth.client_id": "client_1", "organization.id": "org_1" };
const ENDED = new Date("2026-01-01T00:00:01Z");

const tool = (outcome: ToolEvent["outcome"]): ToolEvent => ({
  type: "tool",
  time: ENDED,
  name: "add",
  ...CALLER,
  durationMs: 250,
  outcome,
});

describe("what the plugin reports", () => {
  /** A program that has loaded OpenTelemetry, and what it gets. */
  function scene() {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const spans = new InMemorySpanExporter();
    const values = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: values });
    const meters = new MeterProvider({ readers: [reader] });
    const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
    metrics.setGlobalMeterProvider(meters);
    trace.setGlobalTracerProvider(tracers);
    atEnd(async () => {
      metrics.disable();
      trace.disable();
      await Promise.all([meters.shutdown(), tracers.shutdown()]);
    });
    return { record: telemetry(), spans, reader };
  }

  it("a tool call becomes a span with who, for whom, how long and how it ended", () => {
    const { record, spans } = scene();
    record(tool("ok"));
    const [span] = spans.getFinishedSpans();
    expect(span?.name).toBe("tools/call add");
    expect(span?.attributes).toEqual({
      "gen_ai.tool.name": "add",
      outcome: "ok",
      ...PARTIES,
      "user.id": "user_1",
    });
    expect(span?.duration).toEqual([0, 250_000_000]);
    expect(span?.endTime).toEqual([ENDED.getTime() / 1000, 0]);
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it.each(["denied", "error", "aborted"] as const)(
    "a call that was %s is a span with an error",
    (outcome) => {
      const { record, spans } = scene();
      record(tool(outcome));
      expect(spans.getFinishedSpans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR, message: outcome });
    },
  );

  it("durations are a histogram in seconds, without the user", async () => {
    const { record, reader } = scene();
    for (const outcome of ["ok", "denied", "error", "aborted"] as const) record(tool(outcome));
    const points = (await collected(reader, "mcp.server.tool.duration")) as DataPoint<Histogram>[];
    const ok = points.find(({ attributes }) => attributes.outcome === "ok");
    expect(ok?.attributes).toEqual({ "gen_ai.tool.name": "add", outcome: "ok", ...PARTIES });
    expect(ok?.value).toMatchObject({ count: 1, sum: 0.25 });
    expect(points).toHaveLength(4);
  });

  it("refusals are counted by reason, those of a tool too", async () => {
    const { record, reader } = scene();
    const denial: DenyEvent = {
      type: "deny",
      time: ENDED,
      reason: "role_missing",
      status: 403,
      tool: "add",
      ...CALLER,
    };
    record(tool("denied"));
    record(denial);
    record(denial);
    record({ type: "deny", time: ENDED, reason: "credential_missing", status: 401 });
    const points = (await collected(reader, "mcp.server.denials")) as DataPoint<number>[];
    expect(points.map(({ attributes, value }) => [attributes.reason, value])).toEqual([
      ["access_denied_by_tool", 1],
      ["role_missing", 2],
      ["credential_missing", 1],
    ]);
    expect(points[1]?.attributes).toEqual({ reason: "role_missing", "gen_ai.tool.name": "add", ...PARTIES });
    expect(points[2]?.attributes).toEqual({ reason: "credential_missing" });
  });

  it("every event is still a line of the log", () => {
    scene().record(tool("ok"));
    expect(console.error).toHaveBeenCalledWith(JSON.stringify(tool("ok")));
  });

  async function collected(
    reader: PeriodicExportingMetricReader,
    name: string,
  ): Promise<readonly DataPoint<unknown>[]> {
    const { resourceMetrics } = await reader.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return (all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []) as DataPoint<unknown>[];
  }
});

it("the built server feeds whatever is loaded before it", async () => {
  const instrumentation = join(APP, "test/support/instrumentation.mjs");
  const running = await app({ NODE_OPTIONS: `--import ${JSON.stringify(instrumentation)}` });
  const { clerk, mcp } = running;
  const bob = await tokenOf(running, { user: "bob", organization: "acme" });
  expect(await call(mcp, bob, "add", { a: 1, b: 2 })).toMatchObject({ text: "3" });
  expect(await call(mcp, bob, "generate-image", { prompt: "a cat" })).toMatchObject({ status: 403 });

  await eventually("there is a span", () => mcp.output().includes("name: 'tools/call add'"));
  expect(mcp.output()).toContain(`'user.id': '${clerk.users.get("bob").id}'`);
  await eventually("the refusal is counted", () => mcp.output().includes("reason: 'metadata_mismatch'"));
});
