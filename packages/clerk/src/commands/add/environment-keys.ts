import { type Change, withParagraph } from "./changes.js";
import type { Project } from "./project.js";

/** Commented out: a value that is empty when xmcp starts would stay so after it is filled in. */
const KEYS: Readonly<Record<string, string>> = {
  CLERK_SECRET_KEY:
    "# Clerk Dashboard → Configure → API keys → Secret keys\n# CLERK_SECRET_KEY=sk_test_...\n",
  CLERK_DOMAIN:
    "# Clerk Dashboard → Configure → API keys → Frontend API URL, without https://\n# CLERK_DOMAIN=your-app-00.clerk.accounts.dev\n",
  BASE_URL:
    "# Where clients reach this server: scheme, host and port, no path\n# BASE_URL=http://127.0.0.1:3001\n",
};

/** `.env.example`, and `.env` if there is one. A key that is there, with a value or as a comment, is left alone. */
export function environmentKeys(project: Project): readonly Change[] {
  const files = project.read(".env") === undefined ? [".env.example"] : [".env.example", ".env"];
  return files.flatMap((file) => {
    const text = project.read(file) ?? "";
    const missing = Object.entries(KEYS).filter(
      ([name]) => !new RegExp(`^[ \\t]*(#[ \\t]*)?(export[ \\t]+)?${name}[ \\t]*=`, "m").test(text),
    );
    if (missing.length === 0) return [];
    return [
      {
        file,
        content: withParagraph(text, missing.map(([, lines]) => lines).join("\n")),
        does: `names ${missing.map(([name]) => name).join(", ")}, as comments`,
      },
    ];
  });
}
