export { startServer } from "@xmcp-dev/clerk-local/testing";
