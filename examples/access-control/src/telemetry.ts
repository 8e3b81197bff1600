/**
 * Feeds what the plugin reports to OpenTelemetry. Whoever runs the server picks where it goes, by loading an SDK before
 * it: `node --import ./instrumentation.mjs dist/http.js`. Without one this costs next to nothing.
 */
import { type Attributes, metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ClerkEvent, DenyEvent, EventCaller, EventSink, ToolEvent } from "@xmcp-dev/clerk";

const NAME = "access-control";

export function telemetry(): EventSink {
  const meter = metrics.getMeter(NAME);
  const tracer = trace.getTracer(NAME);
  const denials = meter.createCounter("mcp.server.denials", {
    description: "Requests that were refused, and tool calls that a tool refused",
  });
  const durations = meter.createHistogram("mcp.server.tool.duration", { unit: "s" });

  function recordDenial(event: DenyEvent): void {
    const { reason, tool } = event;
    denials.add(1, { reason, ...(tool !== undefined && { "gen_ai.tool.name": tool }), ...parties(event) });
  }

  function recordTool(event: ToolEvent): void {
    const { name, time, durationMs, outcome } = event;
    const call = { "gen_ai.tool.name": name, outcome, ...parties(event) };
    durations.record(durationMs / 1000, call);
    if (outcome === "denied") denials.add(1, { reason: "access_denied_by_tool", ...call });
    const span: Span = tracer.startSpan(`tools/call ${name}`, {
      kind: SpanKind.SERVER,
      startTime: time.getTime() - durationMs,
      attributes: { ...call, ...person(event) },
    });
    if (outcome !== "ok") span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    span.end(time);
  }

  return (event: ClerkEvent) => {
    // The log that the plugin writes by itself where there is no `onEvent`.
    console.error(JSON.stringify(event));
    if (event.type === "deny") recordDenial(event);
    if (event.type === "tool") recordTool(event);
  };
}

/** Few enough values for a metric. */
function parties({ caller, clientId, organizationId }: Partial<EventCaller>): Attributes {
  return {
    ...(caller !== undefined && { "mcp.caller": caller }),
    ...(clientId !== undefined && { "oauth.client_id": clientId }),
    ...(organizationId !== undefined && { "organization.id": organizationId }),
  };
}

/** For spans only: a metric would keep a time series for every user. */
function person({ userId }: EventCaller): Attributes {
  return userId === undefined ? {} : { "user.id": userId };
}
