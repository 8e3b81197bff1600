/** The faults of an authorization server. */
import type { ServerResponse } from "node:http";
import type { FaultName } from "../case.js";

type Fault = Exclude<FaultName, "none" | "reset" | "hang">;

const ANSWERS: Readonly<Record<Fault, { status: number; headers: Record<string, string>; body: string }>> = {
  "error-500": { status: 500, headers: { "content-type": "text/plain" }, body: "Internal Server Error" },
  "error-429": {
    status: 429,
    headers: { "content-type": "application/json", "retry-after": "7" },
    body: '{"errors":[{"code":"too_many_requests","message":"Too many requests"}]}',
  },
  html: { status: 200, headers: { "content-type": "text/html" }, body: "<h1>Under maintenance</h1>" },
  "truncated-json": {
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"keys":[{"kty":',
  },
  "no-keys": { status: 200, headers: { "content-type": "application/json" }, body: '{"keys":[]}' },
};

export function answerFault(
  fault: Exclude<FaultName, "none">,
  response: ServerResponse,
  hanging: Set<ServerResponse>,
): void {
  if (fault === "reset") {
    response.destroy();
  } else if (fault === "hang") {
    hanging.add(response);
    response.once("close", () => hanging.delete(response));
  } else {
    const { status, headers, body } = ANSWERS[fault];
    response.writeHead(status, headers).end(body);
  }
}
