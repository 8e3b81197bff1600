/** A token command. Requests the token from the server in TOKEN_SERVER, and exits with 3 if that cannot make it. */
const answer = await fetch(new URL(process.argv.at(-1) ?? "", process.env.TOKEN_SERVER), {
  method: "POST",
  body: process.env.MCP_AUTH_TOKEN_RECIPE ?? "",
});
if (answer.status === 404) process.exit(3);
if (!answer.ok) {
  console.error(await answer.text());
  process.exit(1);
}
console.log(await answer.text());
