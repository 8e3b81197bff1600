/** The build of sql.js with its WebAssembly inside has no types of its own; they are those of the package. */
declare module "sql.js/dist/sql-wasm-inline.js" {
  export type { Database } from "sql.js";
  export { default } from "sql.js";
}
