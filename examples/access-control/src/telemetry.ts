/**
 * Sends the plugin's events to OpenTelemetry. To choose the destination, load an SDK before the server: `node --import
 * ./instrumentation.mjs dist/http.js`. Without an SDK this costs almost nothing.
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
    // Keeps the log that the plugin writes by default, without `onEvent`.
    console.error(JSON.stringify(event));
    if (event.type === "deny") recordDenial(event);
    if (event.type === "tool") recordTool(event);
  };
}

/** These have few enough distinct values for a metric. */
function parties({ caller, clientId, organizationId }: Partial<EventCaller>): Attributes {
  return {
    ...(caller !== undefined && { "mcp.caller": caller }),
    ...(clientId !== undefined && { "oauth.client_id": clientId }),
    ...(organizationId !== undefined && { "organization.id": organizationId }),
  };
}

/** For spans only: a metric would create a time series per user. */
function person({ userId }: EventCaller): Attributes {
  return userId === undefined ? {} : { "user.id": userId };
}
