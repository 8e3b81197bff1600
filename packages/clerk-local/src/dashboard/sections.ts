/** The parts of the page that change while it is open, except the requests. */
import { createHash } from "node:crypto";
import type { Markup } from "../pages/layout.js";
import { accountsSection } from "./accounts-section.js";
import { clientsSection } from "./clients-section.js";
import { organizationsSection } from "./organizations-section.js";
import type { DashboardParts } from "./parts.js";
import { switchesSection } from "./switches-section.js";
import { tokensSection } from "./tokens-section.js";
import { usersSection } from "./users-section.js";

export interface Section {
  id: string;
  title: string;
  html: string;
  /** Differs if the content differs. */
  version: string;
}

const SECTIONS: readonly [id: string, title: string, render: (parts: DashboardParts) => Markup][] = [
  ["switches", "Switches", switchesSection],
  ["users", "Users", usersSection],
  ["tokens", "Live tokens", tokensSection],
  ["accounts", "Connected accounts", accountsSection],
  ["clients", "Clients", clientsSection],
  ["organizations", "Organizations", organizationsSection],
];

/** In the order of the page. */
export function sectionsOf(parts: DashboardParts): Promise<Section[]> {
  return Promise.all(
    SECTIONS.map(async ([id, title, render]) => {
      const html = (await render(parts)).toString();
      const version = createHash("sha256").update(html).digest("base64url").slice(0, 12);
      return { id, title, html, version };
    }),
  );
}
