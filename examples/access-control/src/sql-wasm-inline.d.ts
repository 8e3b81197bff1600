/** The build of sql.js with inlined WebAssembly has no types of its own. It has the same API as the package. */
declare module "sql.js/dist/sql-wasm-inline.js" {
  export type { Database } from "sql.js";
  export { default } from "sql.js";
}
