/**
 * The page's script. It shows what the stream brings; without it, the page is complete when loaded.
 *
 * What has been filled in stays as a part is replaced. Only a part with the keyboard in one of its fields waits, so that
 * no open list closes.
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

function sayLive() {
  const held = [...waiting.keys()].map((id) => document.getElementById(id + "-title").textContent);
  say(held.length > 0 ? "Live. Not updated while you edit: " + held.join(", ") : "Live", true);
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

const controlsOf = (part) => [...part.querySelectorAll("input:not([type=hidden]), select, button, summary")];

/** The same for a control and for the one that replaces it. */
function nameOf(control) {
  const fixed = control.form?.querySelectorAll("[type=hidden]:not([name=key])") ?? [];
  const fields = [...fixed].map(({ name, value }) => [name, value]);
  const pressed = control.type === "submit" ? control.value : "";
  return JSON.stringify([control.form?.action, fields, control.name, pressed, control.closest("details")?.id]);
}

function standardOf(control) {
  const options = [...(control.options ?? [])];
  return options.length > 0 ? (options.find((each) => each.defaultSelected) ?? options[0]).value : control.defaultValue;
}

const isField = (control) => control.matches("input, select");
const isEdited = (control) => isField(control) && control.value !== standardOf(control);

function show(part, { html, version }) {
  const open = [...part.querySelectorAll("details[open]")].map((each) => each.id);
  const edited = new Map(controlsOf(part).filter(isEdited).map((each) => [nameOf(each), each.value]));
  const focused = part.contains(document.activeElement) ? nameOf(document.activeElement) : undefined;
  part.replaceChildren(parsed(html));
  part.dataset.version = version;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const control of controlsOf(part)) {
    const value = edited.get(nameOf(control));
    if (value !== undefined) control.value = value;
    // The option no longer exists.
    if (control.selectedIndex === -1) control.value = standardOf(control);
    if (nameOf(control) === focused) control.focus({ preventScroll: true });
  }
}

function showWaiting() {
  for (const [id, section] of waiting) {
    const part = document.querySelector('[data-part="' + id + '"]');
    const isNew = part.dataset.version !== section.version;
    if (isNew && part.contains(document.activeElement) && isField(document.activeElement)) continue;
    waiting.delete(id);
    if (isNew) show(part, section);
  }
  if (stream.readyState === 1) sayLive();
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
  stream.onopen = sayLive;
  stream.onerror = () => say(stream.readyState === 2 ? "Not live: too many pages are open" : "The local Clerk does not answer");
  stream.addEventListener("requests", ({ data }) => showRequests(JSON.parse(data)));
  stream.addEventListener("section", ({ data }) => {
    const section = JSON.parse(data);
    waiting.set(section.id, section);
    showWaiting();
  });
}

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
