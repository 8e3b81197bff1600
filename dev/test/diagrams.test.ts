/** The Mermaid diagrams on the pages of the documentation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@probelabs/maid";
import { expect, it } from "vitest";
import { ROOT } from "./support/template.js";

const PAGES = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file}`);

interface Diagram {
  readonly page: string;
  /** The heading above it. */
  readonly title: string;
  readonly text: string;
}

const DIAGRAMS = ["README.md", ...PAGES].flatMap((page) => diagramsOf(page));

function diagramsOf(page: string): Diagram[] {
  const sections = readFileSync(join(ROOT, page), "utf8").split(/^#+ /m);
  return sections.flatMap((section) =>
    [...section.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => ({
      page,
      title: section.split("\n", 1)[0] ?? "",
      text,
    })),
  );
}

it.each(DIAGRAMS)("$page: the diagram of “$title” parses", ({ text }) => {
  expect(validate(text)).toEqual({ type: expect.stringMatching(/^(flowchart|sequence)$/), errors: [] });
});

it.each([
  ["an unclosed box", "flowchart TD\n  a[Request --> b"],
  ["an arrow to nowhere", "sequenceDiagram\n  Client->>: call"],
  ["an unknown kind of diagram", "sequencediagramm\n  Client->>Server: call"],
])("%s does not parse", (_name, text) => {
  expect(validate(text).errors).not.toEqual([]);
});

it("the concepts have a diagram of sign-in, requests, step-up and instances", () => {
  const titles = DIAGRAMS.filter(({ page }) => page === "docs/start/concepts.md").map(({ title }) => title);
  expect(titles).toEqual(["Sign-in", "What happens to a request", "Step-up", "One instance, and many"]);
});

it("the sign-in has the four parties, and the requests have every status of a refusal", () => {
  const [signIn = "", request = ""] = DIAGRAMS.map(({ text }) => text);
  const parties = [...signIn.matchAll(/participant \w+ as (.+)/g)].map(([, party]) => party);
  expect(parties).toEqual(["Client", "Your server", "Clerk", "Browser"]);
  for (const status of ["400", "401", "403", "413", "415", "503"]) expect(request).toContain(status);
});
