/** With this code the server tells `xmcp dev` that it cannot listen at its address: no change of a file helps. */
export const CANNOT_LISTEN = 98;
