// Stands for a person's browser in tests (`BROWSER`): opens the address, and follows where it leads. With an argument
// before the address, something goes wrong on the way: `parameter=value` replaces all that comes back to the client.
const [address = "", mishap] = process.argv.slice(2).reverse();

const answer = await fetch(address, { redirect: "manual" });
const back = new URL(answer.headers.get("location") ?? "");
if (mishap !== undefined) {
  const state = back.searchParams.get("state") ?? "";
  back.search = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(mishap)), state }).toString();
}
// What any page of the web can do; the doctor must wait on.
const foreign = new URL(back);
foreign.search = "code=foreign&state=foreign";
await fetch(foreign);
await fetch(back);
