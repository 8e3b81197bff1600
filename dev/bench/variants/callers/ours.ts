export { getClient, getSession, getUser } from "@xmcp-dev/clerk";
