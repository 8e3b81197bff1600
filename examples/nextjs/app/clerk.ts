import { xmcpHandler } from "@xmcp/adapter";
import { withClerk } from "@xmcp-dev/clerk/fetch";

export const handler = withClerk(xmcpHandler);
