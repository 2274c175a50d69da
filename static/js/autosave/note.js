// Saves a text while it is typed and tells honestly whether it is saved. Without this script the button does the same.
//
//   <form data-autosave="a name for the copy in this browser" data-saving="…" data-unsaved="…" data-waiting="…"
//         data-signed-out="…" data-found="…" data-take="…" data-leave="…" data-theirs="…" data-merge="…">
//     <input type="hidden" name="version">, one <textarea>, an element .save-state
//
// The server answers JSON: 200 {words, version}; 409 {words, theirs, version} when somebody else saved meanwhile;
// anything else is not saved. Until a text is saved a copy of it lies in this browser.

import * as localCopy from "./local_copy.js";
import { tell } from "./save_state.js";
import { isSignedOut, post } from "./server.js";

const PAUSE = 1200;
const AGAIN = 15000;

function callout(form, name) {
  form.parentElement.querySelector(`.${name}`)?.remove();
  const box = document.createElement("div");
  box.className = `callout callout-warning ${name}`;
  box.setAttribute("role", "status");
  form.before(box);
  return box;
}

function line(box, words, className = "") {
  const made = document.createElement("p");
  made.textContent = words;
  made.className = className;
  box.append(made);
}

function button(box, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-primary btn-sm me-2";
  made.textContent = words;
  made.addEventListener("click", act);
  box.append(made);
}

function showTheirs(form, answer) {
  const box = callout(form, "is-clash");
  line(box, form.dataset.theirs);
  line(box, answer.theirs, "minutes-theirs");
  line(box, form.dataset.merge);
}

class Note {
  constructor(form) {
    this.form = form;
    this.box = form.querySelector("textarea");
    this.state = form.querySelector(".save-state");
    this.copy = `autosave:${location.pathname}:${form.dataset.autosave}`;
    this.saved = this.box.defaultValue;
    this.isBusy = false;
    this.isStopped = Boolean(form.parentElement.querySelector(".minutes-theirs"));
    this.box.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.isStopped = false;
      this.save();
    });
    this.offerCopy();
  }

  get isUnsaved() {
    return this.box.value !== this.saved;
  }

  typed() {
    localCopy.keep(this.copy, this.box.value);
    tell(this.state, this.form.dataset.unsaved, "unsaved");
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    if (!this.isStopped) this.timer = setTimeout(() => this.save(), pause);
  }

  async save() {
    if (this.isBusy) return this.later(PAUSE);
    this.isBusy = true;
    const text = this.box.value;
    tell(this.state, this.form.dataset.saving);
    try {
      const answer = await post(this.form.action, new FormData(this.form));
      await this.heard(answer, text);
    } catch {
      tell(this.state, this.form.dataset.waiting, "unsaved");
      this.later(AGAIN);
    } finally {
      this.isBusy = false;
    }
  }

  async heard(answer, text) {
    if (isSignedOut(answer)) {
      tell(this.state, this.form.dataset.signedOut, "unsaved");
      return this.later(AGAIN);
    }
    const told = await answer.json();
    if (told.version !== undefined) this.form.elements.version.value = told.version;
    if (answer.ok) return this.settled(told, text);
    tell(this.state, told.words, "unsaved");
    if (answer.status === 409) {
      this.isStopped = true;
      if (told.theirs !== undefined) showTheirs(this.form, told);
    }
  }

  settled(told, text) {
    this.saved = text;
    this.form.parentElement.querySelector(".is-clash")?.remove();
    if (this.isUnsaved) return this.typed();
    localCopy.forget(this.copy);
    tell(this.state, told.words, "saved");
  }

  offerCopy() {
    const copy = localCopy.recall(this.copy);
    if (copy === null || copy === this.saved) return localCopy.forget(this.copy);
    const box = callout(this.form, "is-copy");
    line(box, this.form.dataset.found);
    line(box, copy, "minutes-theirs");
    button(box, this.form.dataset.take, () => {
      this.box.value = copy;
      box.remove();
      this.typed();
      this.box.focus();
    });
    button(box, this.form.dataset.leave, () => {
      localCopy.forget(this.copy);
      box.remove();
      this.box.focus();
    });
  }
}

const notes = [...document.querySelectorAll("form[data-autosave]")].map((form) => new Note(form));

// The plain words are saved by their own button: whoever leaves without pressing it is asked.
const short = document.getElementById("id_in_short");
let isShortSent = false;
short?.form.addEventListener("submit", () => (isShortSent = true));

window.addEventListener("beforeunload", (event) => {
  const isShortUnsaved = short && !isShortSent && short.value !== short.defaultValue;
  if (isShortUnsaved || notes.some((note) => note.isUnsaved)) event.preventDefault();
});

// Another form of the page may be sent while a note waits for its pause: the note goes first.
document.addEventListener("submit", (event) => {
  const waiting = notes.filter((note) => note.isUnsaved && note.form !== event.target);
  if (!waiting.length || event.defaultPrevented) return;
  event.preventDefault();
  const { target, submitter } = event;
  Promise.all(waiting.map((note) => note.save())).then(() => {
    if (!waiting.some((note) => note.isUnsaved)) target.requestSubmit(submitter);
  });
});
