/** The embedded database: SQLite as WebAssembly, so that it can be bundled. Its data lasts as long as the process. */
import sqlite, { type Database } from "sql.js/dist/sql-wasm-inline.js";

const TABLE = `create table documents (
  id text primary key,
  organization_id text not null,
  title text not null,
  body text not null,
  locked_by text
)`;

const ACME = "org_local000000000000000000acme";
const GLOBEX = "org_local0000000000000000globex";
const BOB = "user_local0000000000000000000bob";

/** Documents of the two organizations in seed.json. */
const ROWS = [
  ["acme-plan", ACME, "Plan for the year", "Sell more anvils.", null],
  ["acme-prices", ACME, "Prices", "An anvil: 40. A large anvil: 70.", null],
  ["acme-draft", ACME, "Draft of a letter", "Bob is still writing it.", BOB],
  ["globex-recipe", GLOBEX, "Recipe", "Nobody outside Globex may read this.", null],
];

let opened: Promise<Database> | undefined;

export function database(): Promise<Database> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Database> {
  const { Database } = await sqlite();
  const created = new Database();
  created.run(TABLE);
  for (const row of ROWS) created.run("insert into documents values (?, ?, ?, ?, ?)", row);
  return created;
}
