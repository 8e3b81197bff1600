import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { clerkProvider } from "@xmcp-dev/clerk";
import { expect, it } from "vitest";
import { localClerk, optionsFor } from "./protected-server.js";

it("an answer that cannot be sent is an error of that request, not the end of the process", async () => {
  const clerk = await localClerk();
  const middleware = clerkProvider({
    ...optionsFor(clerk),
    baseURL: "http://127.0.0.1:3001",
    onEvent: false,
  });
  const failure = new Promise<unknown>((resolve) => {
    const server = createServer((request, response) => {
      response.end("answered before");
      middleware(request, response, (error) => {
        server.close();
        resolve(error);
      });
    }).listen(0, "127.0.0.1");
    void once(server, "listening").then(() =>
      fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
  expect(await failure).toMatchObject({ code: "ERR_HTTP_HEADERS_SENT" });
});
