/** The caller, where the middleware is `switched.ts`: who is signed in or, where nobody is asked, always the same. */
import * as ours from "@xmcp-dev/clerk";
import * as fixed from "./fixed";

const { benchWay } = globalThis as typeof globalThis & { benchWay?: { way: string } };
const callers = () => (benchWay === undefined || benchWay.way === "none" ? fixed : ours);

export const getSession = () => callers().getSession();
export const getUser = () => callers().getUser();
export const getClient = () => callers().getClient();
