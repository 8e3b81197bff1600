import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClerkLocal } from "@xmcp-dev/clerk-local";
import { signedIn } from "@xmcp-dev/clerk-local/testing";
import { describe, expect, it } from "vitest";
import { violations } from "../../../dev/test/support/axe.js";
import { launchChromium } from "../../../dev/test/support/chromium.js";
import { protectedTemplate, type Server } from "../../../dev/test/support/protected-template.js";
import { ROOT } from "../../../dev/test/support/template.js";
import { onNode, onWorkers } from "./support/app.js";
import { type Look, openCard, pageOf } from "./support/host.js";
import { inVersion } from "./support/versions.js";

const URI = "ui://app/whoami.html";

/** A JWT, an opaque token, a secret key, or the header that a token is sent in. */
const CREDENTIAL = /eyJ|oat_|sk_test|bearer|authorization/i;

const browser = await launchChromium();
const node = await protectedTemplate({}, await onNode());
const workers = await protectedTemplate({}, await onWorkers());

interface App {
  readonly clerk: ClerkLocal;
  readonly mcp: Server;
}

function as(user: string, { clerk, mcp }: App = node) {
  return signedIn({ user, organization: "acme", server: { ...mcp, clerk } });
}

async function cardOf(user: string, look: Look = {}, app = node) {
  return openCard(browser, await as(user, app), look);
}

describe.each([
  ["Node", node],
  ["Workers", workers],
])("on %s", (_platform, app) => {
  it("the card is that of who called the tool", async () => {
    const texts = await Promise.all(
      ["ada", "bob"].map(async (user) => {
        const { card } = await cardOf(user, {}, app);
        await card.getByRole("heading").waitFor();
        return card.locator("#caller").textContent();
      }),
    );
    expect(texts[0]).toMatch(/Ada Lovelace\s+org:admin · acme.*0ada\s/s);
    expect(texts[1]).toMatch(/Bob Babbage\s+org:member · acme.*0bob\s/s);
  });

  it("the page is the same for every caller, and names none", async () => {
    const [ada, bob] = await Promise.all(
      ["ada", "bob"].map(async (user) => pageOf(await as(user, app), URI)),
    );
    expect(ada).toBe(bob);
    expect(ada).not.toMatch(CREDENTIAL);
    expect(ada).not.toMatch(/user_|org_|client_|acme|Lovelace/);
  });

  it.each(["2025-11-25", "2026-07-28"] as const)(
    "who may not use the tool finds neither it nor its page, in MCP %s",
    async (version) => {
      const tokenOf = async (organization?: string) => {
        const options = { user: "ada", resource: app.mcp.url, ...(organization && { organization }) };
        return (await app.clerk.mint(options)).access_token;
      };
      const member = inVersion(version, app.mcp.url, await tokenOf("acme"));
      const other = inVersion(version, app.mcp.url, await tokenOf());
      const LISTS = ["tools/list", "resources/list", "resources/templates/list"];
      const found = async (who: typeof member) =>
        Promise.all(LISTS.map(async (method) => (await (await who(method)).text()).includes("whoami")));
      expect(await found(member)).toEqual([true, true, false]);
      expect(await found(other)).toEqual([false, false, false]);
      const uses = [
        (who: typeof member) => who("tools/call", { name: "whoami" }),
        (who: typeof member) => who("resources/read", { uri: URI }),
      ];
      for (const use of uses)
        expect([(await use(member)).status, (await use(other)).status]).toEqual([200, 403]);
    },
  );
});

it("the page has no token, is sent none and keeps none, and requests nothing", async () => {
  const { page, card, context, messages, requested, complaints } = await cardOf("ada");
  await card.getByRole("button", { name: "Refresh" }).click();
  await expect.poll(async () => (await messages()).at(-1)).toMatchObject({ method: /size-changed$/ });
  await card.getByText("Asking again …").waitFor({ state: "hidden" });
  const said = JSON.stringify(await messages());
  expect(said).toContain('"method":"tools/call"');
  expect(said).toContain(node.clerk.users.get("ada").id);
  expect(said).not.toMatch(CREDENTIAL);
  expect(await card.content()).not.toMatch(CREDENTIAL);
  const stored = () => ({ ...localStorage, ...sessionStorage });
  expect(await Promise.all([page, card].map((frame) => frame.evaluate(stored)))).toEqual([{}, {}]);
  expect(await context.cookies()).toEqual([]);
  expect(requested).toEqual(["http://host.example/", "http://card.example/"]);
  expect(complaints).toEqual([]);
});

it("a name is text, whatever it contains", async () => {
  const firstName = `<img src="http://elsewhere.example/" onerror="document.title = 'run'">`;
  const { id } = node.clerk.users.create({ firstName, lastName: "</script>", organizations: ["acme"] });
  const { card, requested } = await cardOf(id);
  expect(await card.getByRole("heading").textContent()).toBe(`${firstName} </script>`);
  expect(await card.title()).toBe("Who am I?");
  expect(requested).toHaveLength(2);
});

it("the button asks again, and what is refused is not shown", async () => {
  const { id } = node.clerk.users.create({ firstName: "Joan", organizations: ["acme"] });
  const client = await as(id);
  const { card } = await openCard(browser, client);
  await card.getByRole("heading", { name: "Joan" }).waitFor();
  node.clerk.users.update(id, { firstName: "Jean" });
  await card.getByRole("button", { name: "Refresh" }).click();
  await card.getByRole("heading", { name: "Jean" }).waitFor();
  await client.close();
  await card.getByRole("button", { name: "Refresh" }).click();
  await card.getByText("The server did not say who you are.").waitFor();
  expect(await card.getByRole("heading").count()).toBe(0);
});

it.each<[string, Look, string]>([
  ["light if the system is", { colorScheme: "light" }, "rgb(255, 255, 255)"],
  ["light if the host is", { colorScheme: "dark", theme: "light" }, "rgb(255, 255, 255)"],
  ["dark if the system is", { colorScheme: "dark" }, "rgb(29, 29, 36)"],
  ["dark if the host is", { colorScheme: "light", theme: "dark" }, "rgb(29, 29, 36)"],
])("the card is %s, and axe finds no violation", async (_name, look, background) => {
  const { card } = await cardOf("ada", look);
  await card.getByRole("heading", { name: "Ada Lovelace" }).waitFor();
  const main = card.locator("main");
  expect(await main.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(background);
  expect(await violations(card)).toEqual([]);
});

it("docs/build/prompts-resources-widgets.md shows the code of this example", () => {
  const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
  const page = read("docs/build/prompts-resources-widgets.md");
  const shown = [...page.matchAll(/^```ts (examples\/\S+)\n(.*?)^```$/gms)];
  expect(shown).not.toHaveLength(0);
  for (const [, file = "", code] of shown) expect(read(file)).toContain(code);
});
