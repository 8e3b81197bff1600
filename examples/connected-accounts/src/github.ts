/** Reads from GitHub's API with the access token of a user's account. */
import { z } from "zod";

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
const MAX_PAGES = 3;

/** What the tools need of GitHub's answer. */
const repositories = z.array(
  z.object({ full_name: z.string(), private: z.boolean(), html_url: z.string(), updated_at: z.string() }),
);

export type Repository = z.output<typeof repositories>[number];

/**
 * The repositories that the account can reach, newest change first: at most 300.
 *
 * @throws {Error} for a person. It never has what GitHub answered, since that may repeat the token.
 */
export async function repositoriesOf(token: string): Promise<{ found: Repository[]; isAll: boolean }> {
  const found: Repository[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const entries = await repositoriesOn(page, token);
    found.push(...entries);
    if (entries.length < PAGE_SIZE) return { found, isAll: true };
  }
  return { found, isAll: false };
}

async function repositoriesOn(page: number, token: string): Promise<Repository[]> {
  const api = process.env.GITHUB_API_URL ?? "https://api.github.com";
  const response = await fetch(`${api}/user/repos?sort=updated&per_page=${PAGE_SIZE}&page=${page}`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "user-agent": "xmcp-clerk-connected-accounts",
    },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (response === undefined) throw new Error("GitHub did not answer. Try again later.");
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(reason(response.status));
  }
  const entries = repositories.safeParse(await response.json().catch(() => undefined));
  if (entries.success) return entries.data;
  throw new Error("GitHub's answer could not be read. Tell this server's operator.");
}

function reason(status: number): string {
  switch (status) {
    case 401:
      return "GitHub no longer accepts the connection. Disconnect your GitHub account in your profile, and connect it again.";
    case 403:
      return "GitHub does not allow this. Connect your GitHub account again and allow access to repositories, or try again later.";
    case 429:
      return "GitHub has had too many requests. Try again later.";
    default:
      return "GitHub does not work right now. Try again later.";
  }
}
