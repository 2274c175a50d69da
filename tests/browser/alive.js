// Runs before anything of the page: what the payloads call, what the browser refuses, and what would come alive.
window.wrong = [];
window.paha = (what) => wrong.push(`ran: ${what}`);
addEventListener("securitypolicyviolation", (event) => {
  wrong.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});

// Elements that none of our templates makes.
const FOREIGN = [
  "iframe:not(.issue-letter)", "object", "embed", "base", "math", "marquee", "video", "audio", "dialog", "frameset",
  "xmp", "plaintext", "foreignObject", "animate", "set", "meta[http-equiv=refresh i]", "style:not([nonce])",
  "script:not([src]):not([nonce]):not([type='application/json'])",
].join();
const ADDRESSES = ["href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset"];
const HARMFUL = /^(javascript|vbscript|data:text)/;
const AWAY = /^(https?:)?[/\\]{2}paha/; // a text may link elsewhere, but nothing may load from there or be sent there

window.alive = (doc) => {
  const found = [...doc.querySelectorAll(FOREIGN)].map((each) => `element ${each.outerHTML.slice(0, 90)}`);
  for (const each of doc.querySelectorAll("*")) {
    if (each instanceof HTMLUnknownElement) found.push(`unknown ${each.outerHTML.slice(0, 90)}`);
    for (const { name, value } of each.attributes) {
      if (/^on|paha|^srcdoc$/i.test(name)) found.push(`attribute ${each.outerHTML.slice(0, 90)}`);
      const plain = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
      if (!ADDRESSES.includes(name)) continue;
      if (HARMFUL.test(plain) || (each.tagName !== "A" && AWAY.test(plain))) found.push(`address ${value}`);
    }
  }
  return found;
};

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
window.aliveIn = (texts) => texts.flatMap((text) => alive(parsed(text)));

// Reads many pages on several lines at once: for each what is wrong, and its heading.
window.readAll = async (paths) => {
  const found = [];
  const waiting = [...paths];
  const line = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      const answer = await fetch(path);
      const doc = parsed(await answer.text());
      const bad = answer.status === 200 ? alive(doc) : [`status ${answer.status}`];
      found.push({ path, wrong: bad, heading: doc.querySelector("h1")?.textContent ?? "" });
    }
  };
  await Promise.all([line(), line(), line()]);
  return found;
};
