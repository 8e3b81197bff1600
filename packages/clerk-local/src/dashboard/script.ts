/**
 * The page's script. It shows what the stream brings; without it, the page is complete when loaded.
 *
 * A part is left alone while the keyboard is in it or something in it has been changed.
 */
import { MAX_REQUESTS } from "./request-rows.js";

/** Inlined: `pageHeaders` allows it by its hash. */
export const script = `
"use strict";
const state = document.getElementById("live-state");
const rows = document.getElementById("request-rows");
const waiting = new Map();
let stream;

function say(text, isLive = false) {
  if (state.textContent !== text) state.textContent = text;
  state.dataset.state = isLive ? "live" : "";
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function show(part, { html, version }) {
  const open = [...part.querySelectorAll("details[open]")].map((each) => each.id);
  part.replaceChildren(parsed(html));
  part.dataset.version = version;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
}

function showWaiting() {
  for (const [id, section] of waiting) {
    const part = document.querySelector('[data-part="' + id + '"]');
    if (part.contains(document.activeElement) || part.dataset.edited) continue;
    waiting.delete(id);
    if (part.dataset.version !== section.version) show(part, section);
  }
}

function showRequests({ rows: html, isAll }) {
  const fresh = parsed("<table><tbody>" + html + "</tbody></table>").querySelector("tbody");
  if (isAll) return rows.replaceChildren(...fresh.children);
  for (const row of [...fresh.children].reverse()) {
    const old = document.getElementById(row.id);
    if (old) old.replaceWith(row);
    else rows.prepend(row);
  }
  while (rows.children.length > ${MAX_REQUESTS}) rows.lastElementChild.remove();
}

function connect() {
  stream = new EventSource("/dashboard/events");
  stream.onopen = () => say("Live", true);
  stream.onerror = () => say(stream.readyState === 2 ? "Not live: too many pages are open" : "The local Clerk does not answer");
  stream.addEventListener("requests", ({ data }) => showRequests(JSON.parse(data)));
  stream.addEventListener("section", ({ data }) => {
    const section = JSON.parse(data);
    waiting.set(section.id, section);
    showWaiting();
  });
}

document.addEventListener("input", ({ target }) => {
  const part = target.closest("[data-part]");
  if (part) part.dataset.edited = "true";
});
document.addEventListener("focusout", () => setTimeout(showWaiting));
// A browser opens few connections to one address, and the sign-in needs one.
document.addEventListener("visibilitychange", () => {
  stream.close();
  if (document.visibilityState === "visible") connect();
});
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
document.getElementById("done")?.focus();
connect();
`;
