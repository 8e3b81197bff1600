import * as z from "zod";

/** The repository of the server's source code. */
export interface ServerRepository {
  /** URL of the code, e.g. `https://github.com/example/notes`. */
  readonly url: string;
  /** The hosting service, e.g. `github`. */
  readonly source: string;
  /** Path of the server within the repository, e.g. `servers/notes`. */
  readonly subfolder?: string | undefined;
  /** The repository's ID at the hosting service, which does not change when it is renamed. */
  readonly id?: string | undefined;
}

/**
 * The description of the server for registries and clients. The option `serverCard` of `clerkProvider()`. All of it is public.
 */
export interface ServerCardOptions {
  /**
   * Identifier in reverse DNS notation with one slash, e.g. `com.example/notes`, 3 to 200 characters. Default: the reversed
   * host of `baseURL`, followed by `/mcp`, e.g. `com.example.notes/mcp`.
   */
  readonly name?: string | undefined;
  /** Display name, 1 to 100 characters. Default: `template.name` of `xmcp.config.ts`. */
  readonly title?: string | undefined;
  /** 1 to 100 characters. Default: `template.description` of `xmcp.config.ts`, truncated after a word. */
  readonly description?: string | undefined;
  /**
   * Exact version, not a range, at most 255 characters. Default: `version` of `package.json`, which the server also reports.
   * Required if xmcp did not build the server. Otherwise it publishes no documents.
   */
  readonly version?: string | undefined;
  /** Page about the server. Default: `docsURL`. */
  readonly websiteUrl?: string | undefined;
  /** The repository of the source code. Default: none. */
  readonly repository?: ServerRepository | undefined;
}

/** Also the registry's rules: the part behind the slash starts and ends with a letter or digit. */
const NAME = /^[a-z0-9.-]+\/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;
const EXACT_VERSION = /^(?!latest$)(?!.*\.[x*](?:\.|$))[a-z0-9][a-z0-9.+_-]*$/i;

const shortText = (expected: string) => z.string(expected).trim().min(1, expected).max(100, expected);
const webPage = z.url({ protocol: /^https?$/, error: "an absolute http or https URL" });

const members = z.lazy(() =>
  z
    .strictObject(
      {
        name: z
          .string("a name such as com.example/notes")
          .regex(NAME, "a name in reverse DNS notation with one slash, e.g. com.example/notes")
          .max(200, "at most 200 characters"),
        title: shortText("1 to 100 characters"),
        description: shortText("1 to 100 characters"),
        version: z
          .string("a version such as 1.2.0")
          .regex(EXACT_VERSION, "an exact version, e.g. 1.2.0, not a range")
          .max(255, "at most 255 characters"),
        websiteUrl: webPage,
        repository: z.strictObject({
          url: webPage,
          source: z.string("the hosting service, e.g. github").min(1, "the hosting service, e.g. github"),
          subfolder: z.string("a path").optional(),
          id: z.string("a text").optional(),
        }),
      },
      { error: (issue) => (issue.code === "invalid_type" ? "false, or an object" : undefined) },
    )
    .partial(),
);

/** Not a union: for an object with one wrong member it would only report that nothing matches. */
export const serverCardSchema: z.ZodType<ServerCardOptions | false> = z
  .unknown()
  .transform((value, context): ServerCardOptions | false => {
    if (value === false) return false;
    const result = members.safeParse(value, { jitless: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const { path } = issue;
      const message =
        issue.code === "unrecognized_keys"
          ? `there is no member ${issue.keys.join(", ")}; check its spelling`
          : issue.message;
      context.issues.push({ code: "custom", message, path, input: value });
    }
    return z.NEVER;
  });
