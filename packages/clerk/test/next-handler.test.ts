import { clerkProvider } from "@xmcp-dev/clerk";
import { expect, it, vi } from "vitest";
import { listening, localClerk, optionsFor } from "./protected-server.js";

it("an answer that cannot be sent is an error of that request, not the end of the process", async () => {
  const clerk = await localClerk();
  const middleware = clerkProvider({
    ...optionsFor(clerk),
    baseURL: "http://127.0.0.1:3001",
    onEvent: false,
  });
  const next = vi.fn();
  const origin = await listening((request, response) => {
    response.end("answered before");
    middleware(request, response, next);
  });
  await fetch(origin);
  await vi.waitFor(() => expect(next).toHaveBeenCalledOnce());
  expect(next).toHaveBeenCalledWith(expect.objectContaining({ code: "ERR_HTTP_HEADERS_SENT" }));
});
