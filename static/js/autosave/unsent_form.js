// Keeps what is typed into a form in this browser until the server has taken it: a sign-in that has ended, a closed tab
// or a broken connection costs nothing. Without this script the form is sent as ever.
//
// A copy belongs to one person and one address. It goes when the server says in the cookie `sent_forms` that it has taken
// the form, at signing out, when somebody else signs in here, and after a week. Passwords, files and hidden fields are not
// kept, but for the keys of rows and the versions the form was opened with, so that changes of others are noticed.
import { forget, keep, namesBeginningWith, recall } from "./local_copy.js";

const words = document.getElementById("unsent-form").dataset;
const ALL = "youthnet-form:";
const OTHERS = ["youthnet-method:", "autosave:"]; // copies of the pages that save themselves
const MINE = `${ALL}${words.person}:`;
const COOKIE = "sent_forms";
const DAYS_KEPT = 7;
const REST = 400;
const MOST_ROWS = 60;
const UNKEPT = ["password", "file", "submit", "button", "image", "reset"];
const REFUSED = ".errorlist, .errornote, .error-summary, .field-error p, .conflicts";
const SAVING_THEMSELVES = "#method-form, [data-autosave], .line-form, [action$='/note/']";

const isKeptHidden = (name) => /(^|-)form_version$/.test(name) || /-\d+-id$/.test(name);

function controls(form) {
  return [...form.elements].filter(
    ({ name, type, autocomplete }) =>
      name &&
      !UNKEPT.includes(type) &&
      (type !== "hidden" || isKeptHidden(name)) &&
      !name.includes("__prefix__") &&
      !name.startsWith("keep-") && // the answers to what is asked on this page only
      !["one-time-code", "current-password", "new-password"].includes(autocomplete),
  );
}

// [name, values] of each control, in the order of the page.
function typed(form) {
  const values = new Map();
  for (const control of controls(form)) {
    if (!values.has(control.name)) values.set(control.name, []);
    const own = values.get(control.name);
    if (control.type === "checkbox" || control.type === "radio") control.checked && own.push(control.value);
    else if (control.type === "select-multiple") own.push(...[...control.selectedOptions].map((each) => each.value));
    else own.push(control.value);
  }
  return [...values];
}

const seen = (fields) => JSON.stringify(fields.filter(([name]) => !isKeptHidden(name)).map(([name, own]) => [name, [...own].sort()]));

// --- putting back ---

function fill(form, name, own) {
  for (const control of controls(form).filter((each) => each.name === name)) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = own.includes(control.value);
    else if (control.type === "select-multiple") for (const each of control.options) each.selected = own.includes(each.value);
    else control.value = own[0] ?? "";
    const editor = control.closest(".prose-editor")?.querySelector("[contenteditable]")?.editor;
    if (editor) editor.commands.setContent(own[0] ?? "");
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const row = /^(.+)-(\d+)-(.+)$/;

// Where a row of the copy stands on this page: by its key, a new one at the end.
function places(form, fields) {
  const found = new Map();
  for (const [name, [key]] of fields) {
    const [, prefix, number, field] = row.exec(name) ?? [];
    if (field !== "id") continue;
    const ids = [...form.elements].filter((each) => each.name.startsWith(`${prefix}-`) && /-\d+-id$/.test(each.name));
    const own = key && ids.find((each) => each.value === key);
    if (own) found.set(`${prefix}-${number}`, own.name.replace(/-id$/, ""));
    else found.set(`${prefix}-${number}`, emptyRow(form, prefix, [...found.values()]));
  }
  return found;
}

function emptyRow(form, prefix, taken) {
  const rows = () =>
    [...form.elements].filter((each) => each.name.startsWith(`${prefix}-`) && /-\d+-id$/.test(each.name) && !each.value).map((each) => each.name.replace(/-id$/, ""));
  const free = rows().find((each) => !taken.includes(each));
  if (free || rows().length > MOST_ROWS) return free;
  document.querySelector(`#${CSS.escape(prefix)}-group .add-row a, #${CSS.escape(prefix)}-group a.add-row`)?.click();
  return rows().find((each) => !taken.includes(each));
}

function putBack(form, fields) {
  const rows = places(form, fields);
  for (const [name, own] of fields) {
    const [, prefix, number, field] = row.exec(name) ?? [];
    const at = rows.get(`${prefix}-${number}`);
    if (field === "id" || (rows.has(`${prefix}-${number}`) && !at)) continue;
    fill(form, at ? `${at}-${field}` : name, own);
  }
}

// --- the offer ---

function button(text, className, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function offer(form, place, copy) {
  const box = document.createElement("div");
  box.className = "unsent-form callout callout-warning";
  box.setAttribute("role", "status");
  const told = document.createElement("p");
  const when = new Date(copy.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  told.textContent = words.found.replace("%(when)s", when);
  const done = (text) => {
    told.textContent = text;
    box.querySelectorAll("button").forEach((each) => each.remove());
    box.tabIndex = -1;
    box.focus();
  };
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(
    button(words.take, "btn btn-primary button", () => {
      putBack(form, copy.fields);
      done(words.taken);
    }),
    button(words.leave, "btn btn-outline-primary button is-plain", () => {
      forget(place);
      done(words.left);
    }),
  );
  box.append(told, actions);
  form.before(box);
}

// --- when ---

function equip(form, index) {
  const place = `${MINE}${location.pathname}:${form.getAttribute("action") ?? ""}:${index}`;
  const opened = seen(typed(form));
  let timer;
  const keepNow = () => {
    keep(place, JSON.stringify({ at: Date.now(), token: form.elements.form_token?.value ?? "", fields: typed(form) }));
  };
  const store = () => {
    clearTimeout(timer);
    if (seen(typed(form)) !== opened || recall(place) !== null) keepNow();
  };
  const touched = (event) => {
    if (!event.isTrusted && event.type === "change") return; // scripts that fill a form type nothing
    clearTimeout(timer);
    timer = setTimeout(store, REST);
  };
  const copy = parsed(place);
  if (isRefused(form)) keepNow();
  else if (copy && seen(copy.fields) !== opened) offer(form, place, copy);
  else if (copy) forget(place);
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", store);
}

// The page of a form that was refused holds what was sent: nothing else is to be put back.
function isRefused(form) {
  return Boolean(form.querySelector(REFUSED));
}

function parsed(place) {
  try {
    return JSON.parse(recall(place));
  } catch {
    return null; // not of ours
  }
}

function forgetWhatHasArrived() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  const arrived = cookie?.slice(COOKIE.length + 1).split(".") ?? [];
  const eldest = Date.now() - DAYS_KEPT * 86400000;
  for (const place of namesBeginningWith(ALL)) {
    const copy = parsed(place);
    if (!place.startsWith(MINE) || !copy || copy.at < eldest || arrived.includes(copy.token)) forget(place);
  }
  if (cookie) document.cookie = `${COOKIE}=; path=/; max-age=0; samesite=lax`;
}

function forgetAll() {
  for (const prefix of [ALL, ...OTHERS]) namesBeginningWith(prefix).forEach(forget);
}

function isSignOut(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname === words.signOut;
}

function isLong(form) {
  const isOfDesk = document.body.classList.contains("change-form") && form.closest("#content-main");
  return (isOfDesk || form.querySelector("textarea")) && !form.matches(SAVING_THEMSELVES);
}

window.addEventListener("load", () => {
  forgetWhatHasArrived();
  [...document.querySelectorAll("form[method=post]")].forEach((form, index) => {
    if (isSignOut(form)) form.addEventListener("submit", forgetAll);
    else if (isLong(form)) equip(form, index);
  });
});
