/** Makes the first calls with the token: lists the tools, and calls a tool without side effects. */
import type { Answer } from "../ask.js";
import { type Context, check, type Finding, fail, type ListedTool, ok, skipped } from "../check.js";
import { bearer, mcpMessage } from "../wire.js";

const list = check({
  id: "tools.list",
  title: "List of tools",
  needs: ["sign-in.token"],
  can: ["fail"],
  async run(context) {
    const answer = await called(context, "tools/list");
    const { tools } = (resultOf(answer) ?? {}) as { tools?: unknown };
    if (answer.status !== 200) return refused(answer);
    if (!Array.isArray(tools)) return fail("tools/list returns no list", LOOK_AT_LOG);
    context.known.tools = tools.flatMap(listedTool);
    return ok(`${tools.length} tool${tools.length === 1 ? "" : "s"}`);
  },
});

const call = check({
  id: "tools.call",
  title: "Tool call",
  needs: ["tools.list"],
  can: ["fail", "skipped"],
  async run(context) {
    const tool = context.known.tools?.find(({ isReadOnly, needsArguments }) => isReadOnly && !needsArguments);
    // A tool without readOnlyHint may have side effects.
    if (tool === undefined) return skipped("no tool has readOnlyHint and needs no arguments");
    const answer = await called(context, "tools/call", { name: tool.name, arguments: {} });
    if (answer.status !== 200) return refused(answer);
    const result = resultOf(answer) as { isError?: unknown } | undefined;
    if (typeof result === "object" && result !== null && result.isError !== true) return ok(tool.name);
    return fail(
      `${tool.name} returns an error`,
      `${LOOK_AT_LOG} A tool that calls Clerk needs a valid CLERK_SECRET_KEY.`,
    );
  },
});

export const toolChecks = [list, call];

const LOOK_AT_LOG = "Check the server's log.";

function called({ ask, url, known }: Context, method: string, params = {}): Promise<Answer> {
  return ask(url, mcpMessage(method, params, bearer(known.token?.value ?? "")));
}

function resultOf({ json }: Answer): unknown {
  return ((json ?? {}) as { result?: unknown }).result;
}

function listedTool(tool: unknown): ListedTool[] {
  const { name, annotations, inputSchema } = (tool ?? {}) as {
    name?: unknown;
    annotations?: { readOnlyHint?: unknown };
    inputSchema?: { required?: unknown };
  };
  if (typeof name !== "string") return [];
  const required = inputSchema?.required;
  return [
    {
      name,
      isReadOnly: annotations?.readOnlyHint === true,
      needsArguments: Array.isArray(required) && required.length > 0,
    },
  ];
}

function refused({ status, json }: Answer): Finding<"fail"> {
  const { error } = (json ?? {}) as { error?: unknown };
  switch (status) {
    case 401:
      return fail(
        `it refuses a new token (401${error === "invalid_token" ? " invalid_token" : ""})`,
        'The line with "type":"deny" in the server\'s log has the reason. Usually, the server was not restarted after a change of .env.',
      );
    case 403:
      return fail(
        `it refuses this user (403${error === "insufficient_scope" ? " insufficient_scope" : ""})`,
        "requiredScopes or a rule in access requires more than this sign-in granted: see src/middleware.ts.",
      );
    case 500:
      return fail(
        "it cannot use Clerk (500)",
        "Usually, CLERK_SECRET_KEY is wrong or CLERK_JWT_KEY is damaged. The server's log has the reason.",
      );
    case 503:
      return fail(
        "it cannot reach Clerk (503)",
        "This machine can: check the server's proxy and firewall settings, and https://status.clerk.com",
      );
    default:
      return fail(`it answers ${status}`, LOOK_AT_LOG);
  }
}
