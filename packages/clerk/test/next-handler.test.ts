import { clerkProvider } from "@xmcp-dev/clerk";
import { expect, it, vi } from "vitest";
import { listening, localClerk, optionsFor } from "./protected-server.js";

const clerk = await localClerk();
const middleware = clerkProvider({
  ...optionsFor(clerk),
  baseURL: "http://127.0.0.1:3001",
  onEvent: false,
});

it("an answer that cannot be sent fails its request, not the process", async () => {
  const next = vi.fn();
  const origin = await listening((request, response) => {
    response.end("answered before");
    middleware(request, response, next);
  });
  await fetch(origin);
  await vi.waitFor(() => expect(next).toHaveBeenCalledOnce());
  expect(next).toHaveBeenCalledWith(expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT" }));
});

it("nothing is returned: Fastify continues the request when a returned promise resolves", async () => {
  const next = vi.fn();
  const returned = vi.fn();
  const origin = await listening((request, response) => {
    returned(middleware(request, response, next));
  });
  expect((await fetch(origin)).status).toBe(401);
  expect(returned).toHaveBeenCalledWith(undefined);
  expect(next).not.toHaveBeenCalled();
});
