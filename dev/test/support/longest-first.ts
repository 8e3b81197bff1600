import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, with what they build and start while they are loaded, which Vitest does not count. */
const LONGEST = [
  "dev/test/frameworks",
  "dev/test/workers",
  "dev/test/vercel",
  "mcp-auth-conformance/test/cli",
  "access-control/test/role-change",
  "dev/test/mcp-remote",
  "dev/test/same-answers",
  "dev/test/workers-access",
  "dev/test/connected-accounts",
  "dev/test/docs",
  "clerk-local/test/cli",
  "mcp-auth-conformance/test/runner",
  "mcp-auth-conformance/test/broken-servers",
  "dev/test/demo",
  "dev/test/recipes",
  "dev/test/rules-at-start",
  "dev/test/build",
];

/** Long files first, so that no worker is left with one at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((one, other) =>
      one.project.name === other.project.name ? rank(one) - rank(other) : 0,
    );
  }
}
