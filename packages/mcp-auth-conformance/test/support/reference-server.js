/** The reference server as a program. Its argument selects the mistakes that it makes, separated by commas. */
import { referenceServer } from "./reference/server.js";

const [, , mistakes = "none"] = process.argv;
const { HOST = "127.0.0.1", PORT = "0" } = process.env;

referenceServer({ mistakes: mistakes.split(","), environment: process.env, print: console.log }).listen(
  Number(PORT),
  HOST,
);
