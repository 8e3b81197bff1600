import type { ResourceMetadata } from "xmcp";
import bridge from "xmcp/host-bridge?text";
import card from "../../../card.html?text";

export { access } from "../../../tools/whoami";

const mimeType = "text/html;profile=mcp-app";

export const metadata: ResourceMetadata = {
  name: "whoami",
  description: "The card of the tool whoami",
  mimeType,
};

/** The same for every caller. Whose card it becomes is in the tool's result, which the host hands to the page. */
const text = card.replace("/* xmcp/host-bridge */", () => bridge);

export default function page() {
  return { contents: [{ mimeType, text, _meta: { ui: { csp: {}, prefersBorder: false } } }] };
}
