// Saves the form of a method while it is being written: to the server, and on this device while the server has not got it.
// The page says honestly which. Never more than one request is under way. Without this file the buttons save as ever.
import { forget, keep, namesBeginningWith, recall } from "./local_copy.js";
import { tell } from "./save_state.js";
import { isSignedOut, post } from "./server.js";

const form = document.getElementById("method-form");
const line = document.getElementById("save-state");
const notes = document.getElementById("notes");
const address = form.getAttribute("action"); // form.action is the buttons of that name
const REST = 2000; // after the last key, in milliseconds
const LONGEST_WAIT = 60000; // between two tries while the connection is down
const DAYS_KEPT = 30;
const STAMPS = ["csrfmiddlewaretoken", "key", "based_on", "serial", "action", "over"];
const storage = "youthnet-method";

const page = () => `${location.pathname}?${new URLSearchParams(location.search).get("kind") ?? ""}`;
const place = () => `${storage}:${form.dataset.person}:${form.elements.key.value}`;
let dirty = false; // something was typed that the server has not got
let busy = false; // a request is under way
let halted = false; // another window is ahead, or nobody is signed in: only the reader can go on
let leaving = false;
let wait = REST;
let timer;
let told = ""; // the notes shown last, so that nobody hears the same ones twice
let current = Promise.resolve(); // the request under way

function typed() {
  const data = new FormData(form);
  return [...data].filter(([name, value]) => typeof value === "string" && !STAMPS.includes(name));
}

// --- on this device ---

function remember(more = {}) {
  keep(place(), JSON.stringify({ at: Date.now(), page: page(), fields: typed(), ...more }));
}

function remembered(name) {
  try {
    return JSON.parse(recall(name));
  } catch {
    return null; // not of ours
  }
}

// --- what the page says ---

function say(state, words, link) {
  line.hidden = false;
  line.dataset.state = state;
  tell(line, words, { saved: "saved", saving: "" }[state] ?? "unsaved");
  if (!link) return;
  const sign = document.createElement("a");
  sign.href = `${form.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
  sign.textContent = link;
  line.append(" ", sign);
}

function show(answer) {
  if (answer.sections) {
    const list = document.getElementById("sections");
    const open = [...list.querySelectorAll("details[open]")].map((each) => each.dataset.section);
    list.innerHTML = answer.sections;
    list.querySelectorAll("details").forEach((each) => {
      each.open = open.includes(each.dataset.section);
    });
  }
  if (answer.notes !== undefined && answer.notes !== told) notes.innerHTML = told = answer.notes;
  notes.querySelectorAll("[data-keep=mine]").forEach((button) => {
    button.hidden = false;
  });
}

// --- to the server ---

function save(more = {}, keepalive = false) {
  clearTimeout(timer);
  if (busy || (halted && !more.over)) return;
  busy = true;
  current = send(more, keepalive);
}

async function send(more, keepalive) {
  dirty = false;
  const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  body.set("action", "autosave");
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  if (!keepalive && line.dataset.state !== "unsaved") say("saving", form.dataset.saving);
  let went = false;
  try {
    const small = keepalive && body.toString().length < 60000; // browsers let no more outlive a page
    const answer = await post(address, body, { keepalive: small });
    went = await heard(answer);
  } catch {
    failed();
  }
  busy = false;
  if (dirty && !halted && went) later(REST);
}

async function heard(answer) {
  if (isSignedOut(answer)) return signedOut();
  if (answer.status >= 500) return failed();
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return refused(form.dataset.refused);
  const news = await answer.json();
  show(news);
  if (!answer.ok) {
    halted = news.state === "outrun";
    return refused(news.words, news.state);
  }
  wait = REST;
  halted = false;
  form.elements.serial.value = news.serial;
  if (news.address) history.replaceState(null, "", news.address);
  if (!dirty) forget(place());
  say("saved", news.words);
  return true;
}

function refused(words, state = "refused") {
  dirty = true;
  remember();
  say(state, words);
  return false;
}

function signedOut() {
  halted = true;
  dirty = true;
  remember();
  say("signed-out", form.dataset.signedOut, form.dataset.signIn);
  return false;
}

function failed() {
  dirty = true;
  remember();
  say("unsaved", form.dataset.unsaved);
  wait = Math.min(wait * 2, LONGEST_WAIT);
  later(wait);
  return false;
}

function later(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(() => save(), milliseconds);
}

// --- what was left on this device ---

function leftBehind() {
  const eldest = Date.now() - DAYS_KEPT * 86400000;
  const mine = `${storage}:${form.dataset.person}:`;
  let found = null;
  for (const name of namesBeginningWith(`${storage}:`)) {
    const copy = remembered(name);
    if (!copy || copy.at < eldest) forget(name);
    else if (name === place()) found = { name, copy };
    else if (!found && name.startsWith(mine) && copy.page === page() && copy.sent === undefined) found = { name, copy };
  }
  return found;
}

function offer({ name, copy }) {
  const same = JSON.stringify(copy.fields) === JSON.stringify(typed());
  const stored = copy.sent !== undefined && copy.sent !== form.elements.based_on.value;
  if (same || stored) return forget(name);
  const box = document.getElementById("restore");
  box.hidden = false;
  box.querySelector("[data-restore-at]").textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
  box.querySelector("[data-restore=no]").addEventListener("click", () => {
    forget(name);
    box.hidden = true;
  });
  box.querySelector("[data-restore=yes]").addEventListener("click", () => takeBack(name, copy));
}

// The server puts the text back into the form: it knows how many rows that takes.
async function takeBack(name, copy) {
  const body = new URLSearchParams(copy.fields);
  const key = name.split(":").pop();
  for (const [field, value] of Object.entries({ key, action: "autosave", over: "1", based_on: form.elements.based_on.value })) body.set(field, value);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  leaving = true;
  try {
    const answer = await post(address, body);
    if (answer.ok) {
      forget(name);
      location.assign((await answer.json()).address || address);
      return;
    }
  } catch {
    // still without a connection: the offer stays
  }
  leaving = false;
  say("unsaved", form.dataset.unsaved);
}

// --- when ---

function touched(event) {
  if (event.target.closest("#restore")) return;
  dirty = true;
  remember();
  if (!busy && line.dataset.state !== "unsaved") later(REST);
}

function now() {
  if (dirty && !busy) save();
}

form.addEventListener("input", touched);
form.addEventListener("change", touched);
form.addEventListener("focusout", now);
document.addEventListener("visibilitychange", () => {
  if (line.dataset.state === "signed-out") halted = false; // perhaps signed in again elsewhere: try
  if (dirty && !leaving) save({}, document.visibilityState === "hidden");
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // an old picture of the form does not know what was saved since
});
window.addEventListener("online", () => {
  wait = REST;
  now();
});
form.addEventListener("submit", (event) => {
  if (!navigator.onLine) {
    event.preventDefault();
    dirty = true;
    remember();
    say("unsaved", form.dataset.unsaved);
    return;
  }
  leaving = true;
  clearTimeout(timer);
  if (busy) {
    // Two requests at once would outrun each other.
    event.preventDefault();
    current.then(() => form.requestSubmit(event.submitter));
    return;
  }
  remember({ sent: form.elements.based_on.value });
});
notes.addEventListener("click", (event) => {
  if (event.target.closest("[data-keep=mine]")) save({ over: "1" });
});
document.getElementById("sections").addEventListener("click", (event) => {
  if (event.target.closest("a") && event.currentTarget.matches(":popover-open")) event.currentTarget.hidePopover();
});
show({});
const left = leftBehind();
if (left) offer(left);
