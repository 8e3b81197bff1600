/** What the local Clerk does as Clerk does, declared at the test that proves it. The README's table is made of these. */
import type { ClerkLocalOptions } from "@xmcp-dev/clerk-local";
import type { TestOptions } from "vitest";

/**
 * Where a behaviour is known from: Clerk's published OpenAPI documents, its SDK and that SDK's tests, its documentation,
 * a capture of a real instance's answer, somebody's report, or nowhere.
 */
export type Source = "OpenAPI" | "SDK" | "docs" | "capture" | "report" | "guess";

/**
 * Declares a behaviour: the second argument of `it` or `describe`. After a change run `npm run --prefix dev
 * docs:behaviours`.
 *
 * @param id unique; `npm run --prefix dev test:clerk` names guesses by it
 * @param says one line of Markdown, complete without the lines above it
 * @param from all sources of it
 * @param option turns the behaviour; a guess must name one, or say that there is none
 */
export function proves(
  id: string,
  says: string,
  from: Source | readonly Source[],
  option?: keyof ClerkLocalOptions | "no switch",
): TestOptions {
  void [id, says, from, option];
  return {};
}
