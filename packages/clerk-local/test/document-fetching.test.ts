/** How documents are fetched: whoever sends an authorization request chooses the address. */
import { createServer } from "node:net";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { isPublicAddress } from "../src/client-metadata/public-address.js";
import { documentServer } from "./support/document-server.js";
import { authorizationRequest } from "./support/oauth-client.js";
import { sharedStandIn } from "./support/stand-in.js";

const local = sharedStandIn({ autoApprove: {}, loopbackClientIds: true });

async function answerTo(clientId: string): Promise<string> {
  const response = await fetch(authorizationRequest(local(), clientId).url, { redirect: "manual" });
  return response.headers.has("location") ? "allowed" : `${response.status} ${await response.text()}`;
}

describe("an address inside the network is never connected to", () => {
  it.each(["127.0.0.1", "localhost", "[::1]"])("%s", async (host) => {
    const connections: unknown[] = [];
    const server = createServer((socket) => connections.push(socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const answer = await answerTo(`https://${host}:${port}/client.json`);
    expect(answer).toMatch(/^400 .*its host has an address that is not allowed/s);
    expect(connections).toEqual([]);
  });

  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.1",
    "198.19.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:a00:1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:a00:1::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450::1"])(
    "%s is public",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each(["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])(
    "%s, which is another way to write it",
    async (host) => {
      expect(await answerTo(`https://${host}/client.json`)).toMatch(/^400 .*invalid_client\b/s);
    },
  );
});

describe("a document", () => {
  it("is not taken from where a redirect leads", async () => {
    const { clientId, requests } = await documentServer({}, ({ url }, res, document) => {
      if (url === "/client.json") res.writeHead(302, { location: "/elsewhere" });
      res.end(document);
    });
    expect(await answerTo(clientId)).toContain("the answer is 302");
    expect(requests).toEqual(["/client.json"]);
  });

  it.each([
    ["has more than 5 kB", {}, { filler: "x".repeat(5 * 1024) }, "larger than 5120 bytes"],
    ["is not JSON", { body: "<html>" }, {}, "is not a JSON object"],
    ["is not an object", { body: "[]" }, {}, "is not a JSON object"],
    ["is not there", { status: 404 }, {}, "the answer is 404"],
    ["is an error", { status: 500 }, {}, "the answer is 500"],
  ])("that %s is refused", async (_name, wrong: { status?: number; body?: string }, members, problem) => {
    const { clientId } = await documentServer(members, (_req, res, document) => {
      res.writeHead(wrong.status ?? 200);
      res.end(wrong.body ?? document);
    });
    expect(await answerTo(clientId)).toContain(problem);
  });

  it("that is served as HTML is refused", async () => {
    const { clientId } = await documentServer({}, (_req, res, document) => {
      res.setHeader("content-type", "text/html");
      res.end(document);
    });
    expect(await answerTo(clientId)).toContain("its content type is not JSON");
  });

  it("that does not end is given up", async () => {
    const { clientId } = await documentServer({}, (_req, res) => {
      res.write("{");
    });
    expect(await answerTo(clientId)).toContain("its host does not answer");
  });

  it("of a host that does not answer is refused", async () => {
    // Port 9 is the discard service.
    expect(await answerTo("http://127.0.0.1:9/client.json")).toContain("its host does not answer");
  });
});

describe("a fetched document", () => {
  let maxAge = "";
  afterEach(() => {
    maxAge = "";
    local().clock();
  });
  const served = () =>
    documentServer({}, (_req, res, document) => {
      if (maxAge !== "") res.setHeader("cache-control", maxAge);
      res.end(document);
    });

  it.each([
    ["no header", "", 295, 305],
    ["max-age", "public, max-age=600", 595, 605],
    ["a very short max-age", "max-age=1", 25, 35],
    ["no-store", "no-store", 25, 35],
    ["a very long max-age", "max-age=31536000", 86_395, 86_405],
  ])("is kept for as long as it says, from 30 s to a day: %s", async (_name, header, kept, gone) => {
    maxAge = header;
    const { clientId, requests } = await served();
    await Promise.all([answerTo(clientId), answerTo(clientId)]);
    expect(requests, "one request for all who wait").toHaveLength(1);
    local().clock({ offsetSeconds: kept });
    await answerTo(clientId);
    expect(requests).toHaveLength(1);
    local().clock({ offsetSeconds: gone });
    await answerTo(clientId);
    expect(requests).toHaveLength(2);
  });

  it("that is wrong is not asked for again for a few seconds", async () => {
    const { clientId, requests } = await documentServer({ client_name: undefined });
    for (const _attempt of ["first", "second"]) await answerTo(clientId);
    expect(requests).toHaveLength(1);
    local().clock({ offsetSeconds: 6 });
    await answerTo(clientId);
    expect(requests).toHaveLength(2);
  });

  it("is asked for again once its client is forgotten", async () => {
    const { clientId, requests } = await served();
    await answerTo(clientId);
    local().metadataClients.forget(clientId);
    await answerTo(clientId);
    expect(requests).toHaveLength(2);
  });
});
