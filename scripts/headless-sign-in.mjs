export { HeadlessSignIn } from "@xmcp-dev/clerk-local/testing";
