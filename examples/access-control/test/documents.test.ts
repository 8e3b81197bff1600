import { describe, expect, it } from "vitest";
import { exported } from "../scripts/export-documents.mjs";
import { SeededSignIn, signedInClient } from "../scripts/signed-in-client.mjs";
import { app, call, keyOf, titlesIn, tokenOf } from "./support/app.js";

const ACME = ["Draft of a letter", "Plan for the year", "Prices"];
const GLOBEX = ["Recipe"];

describe("documents stay in their organization", async () => {
  const running = await app();
  const { clerk, mcp } = running;
  const ada = await tokenOf(running, { user: "ada", organization: "acme" });
  const bob = await tokenOf(running, { user: "bob", organization: "acme" });
  const grace = await tokenOf(running, { user: "grace", organization: "globex" });

  it("each organization's people see its documents and no others", async () => {
    expect(titlesIn(await call(mcp, ada, "get-documents"))).toEqual(ACME);
    expect(titlesIn(await call(mcp, bob, "get-documents"))).toEqual(ACME);
    expect(titlesIn(await call(mcp, grace, "get-documents"))).toEqual(GLOBEX);
  });

  it("fifty calls at once of two organizations do not mix", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const isAcme = index % 2 === 0;
        const titles = titlesIn(await call(mcp, isAcme ? ada : grace, "get-documents"));
        return { titles, expected: isAcme ? ACME : GLOBEX };
      }),
    );
    for (const { titles, expected } of answers) expect(titles).toEqual(expected);
  });

  it.each(["organization", "organizationId", "organization_id"])(
    "an argument named %s does not open another organization",
    async (name) => {
      const args = { [name]: clerk.organizations.get("globex").id };
      expect(titlesIn(await call(mcp, ada, "get-documents", args))).toEqual(ACME);
    },
  );

  it.each(["globex-recipe", "none", "globex-recipe' or '1'='1"])(
    "to delete %s is answered as for a document that is not there",
    async (id) => {
      const { isError, text } = await call(mcp, ada, "delete-document", { id });
      expect({ isError, text }).toEqual({
        isError: true,
        text: `There is no document ${id}. Call get-documents to list them.`,
      });
      expect(titlesIn(await call(mcp, grace, "get-documents"))).toEqual(GLOBEX);
    },
  );

  it("an organization's key exports its documents and no others", async () => {
    const titles = async (organization: string) =>
      (await exported(mcp.url, keyOf(organization))).map(
        (line) => (JSON.parse(line) as { title: string }).title,
      );
    expect(await titles("acme")).toEqual(ACME);
    expect(await titles("globex")).toEqual(GLOBEX);
  });

  it("who signs in again and picks another organization sees that one's", async () => {
    const inAcme = await signedInClient(
      mcp.url,
      new SeededSignIn(clerk, { user: "ada", organization: "acme" }),
    );
    expect(titlesOf(await inAcme.call("get-documents"))).toEqual(ACME);
    const inGlobex = await signedInClient(
      mcp.url,
      new SeededSignIn(clerk, { user: "ada", organization: "globex" }),
    );
    expect(titlesOf(await inGlobex.call("get-documents"))).toEqual(GLOBEX);
    expect(await inAcme.toolNames()).toContain("delete-document");
    expect(await inGlobex.toolNames()).not.toContain("delete-document");
    await Promise.all([inAcme.close(), inGlobex.close()]);
  });
});

describe("deleting", () => {
  it("a document that somebody else is writing is refused, and recorded as denied", async () => {
    const { clerk, mcp, ada } = await scene();
    const { isError, text } = await call(mcp, ada, "delete-document", { id: "acme-draft" });
    expect(isError).toBe(true);
    expect(text).toBe(
      `“Draft of a letter” is locked: another user is editing it. Ask ${clerk.users.get("bob").id} to release it.`,
    );
    expect(titlesIn(await call(mcp, ada, "get-documents"))).toEqual(ACME);
    expect(mcp.output()).toMatch(/"type":"tool".*"name":"delete-document".*"outcome":"denied"/);
  });

  it("who is writing it may", async () => {
    const { running, clerk, mcp } = await scene();
    clerk.organizations.setRole("acme", "bob", "org:admin");
    const bob = await tokenOf(running, { user: "bob", organization: "acme" });
    const { isError, text } = await call(mcp, bob, "delete-document", { id: "acme-draft" });
    expect({ isError, text }).toEqual({ isError: false, text: "“Draft of a letter” is deleted." });
  });

  it("takes away this document and no other", async () => {
    const { running, mcp, ada } = await scene();
    const { structuredContent } = await call(mcp, ada, "delete-document", { id: "acme-plan" });
    expect(structuredContent).toEqual({ deleted: "Plan for the year" });
    expect(titlesIn(await call(mcp, ada, "get-documents"))).toEqual(["Draft of a letter", "Prices"]);
    const grace = await tokenOf(running, { user: "grace", organization: "globex" });
    expect(titlesIn(await call(mcp, grace, "get-documents"))).toEqual(GLOBEX);
  });

  async function scene() {
    const running = await app();
    return { running, ...running, ada: await tokenOf(running, { user: "ada", organization: "acme" }) };
  }
});

function titlesOf({ structuredContent = {} }: { structuredContent?: unknown }): string[] {
  return titlesIn({ structuredContent: structuredContent as Record<string, unknown> });
}
