export { freePort } from "@xmcp-dev/clerk-local/testing";
