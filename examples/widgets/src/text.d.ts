/** The content of a file: xmcp.config.ts. */
declare module "*?text" {
  const text: string;
  export default text;
}
