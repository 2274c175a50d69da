// What comes from Word, Outlook, Google Docs or a web page, as the rich text of the portal: real lists, headings, tables
// and links. Pictures are left out and named. lib/text/pasted.py does the same on the server, tested by the same cases.
const NOTHING = new Set(
  "script style meta link title xml noscript template iframe object embed svg canvas audio video input select button".split(" "),
);
const HEADINGS = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);
const LISTS = new Set(["ul", "ol"]);
const BLOCKS = new Set([
  ...HEADINGS,
  ...LISTS,
  ..."address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form".split(" "),
  ..."header hr html li main nav p pre section summary table tbody td tfoot th thead tr".split(" "),
]);
const PLAIN_MARKER = /^[\s\u00a0]*([·•§▪◦‣–*o-]|\(?\d{1,3}[.)]|\(?[A-Za-z]{1,4}[.)])[\s\u00a0]{2,}/;
const ORDERED = /^\(?(\d{1,3}|[A-Za-z]{1,4})[.)]/;
const EMOJI = /^[^\p{L}\p{N}\s]{1,8}$/u;
const MOST_OF_A_NAME = 100;

// --- addresses ---

// Services that write their own address around one, by host, and where the real one stands.
const WRAPPERS = [
  [/\.safelinks\.protection\.(outlook\.com|office365\.us)$/, (url) => url.searchParams.get("url")],
  [/(^|\.)(teams\.cdn\.office\.net|office\.net)$/, (url) => url.pathname.includes("safelinks") && url.searchParams.get("url")],
  [/^(www\.)?google\.[a-z.]{2,6}$/, (url) => url.pathname === "/url" && (url.searchParams.get("q") || url.searchParams.get("url"))],
  [/^lm?\.(facebook|instagram)\.com$/, (url) => url.searchParams.get("u")],
  [/^linkprotect\.cudasvc\.com$/, (url) => url.searchParams.get("a")],
  [/^urldefense\.proofpoint\.com$/, (url) => proofpoint2(url.searchParams.get("u"))],
  [/^urldefense\.(com|us)$/, (url) => /\/v3\/__(.+?)__;/.exec(url.href)?.[1]],
];

function proofpoint2(written) {
  try {
    return written && decodeURIComponent(written.replace(/-/g, "%").replace(/_/g, "/"));
  } catch {
    return null;
  }
}

// The address behind Safe Links and redirects, or "" for one that the portal does not take.
export function unwrapped(address) {
  let found = address.trim();
  for (let depth = 0; depth < 4; depth += 1) {
    let url;
    try {
      url = new URL(found);
    } catch {
      return "";
    }
    if (!["http:", "https:", "mailto:"].includes(url.protocol)) return "";
    const inside = WRAPPERS.find(([host]) => host.test(url.hostname))?.[1](url);
    if (!inside || !/^(https?|mailto):/i.test(inside)) return found;
    found = inside.trim();
  }
  return found;
}

// The addresses in plain text, each the one behind it.
export function unwrappedText(text) {
  return text.replace(/https?:\/\/[^\s<>"]+/g, (address) => unwrapped(address) || address);
}

// --- what an element is ---

const tag = (node) => node.nodeType === Node.ELEMENT_NODE ? node.localName.toLowerCase() : "";
const styleOf = (node) => (node.getAttribute("style") ?? "").toLowerCase().replace(/\s+/g, " ");
const isHidden = (node) => node.hasAttribute("hidden") || /display: ?none|mso-hide: ?all/.test(styleOf(node));
const holdsBlocks = (node) => [...node.childNodes].some((each) => BLOCKS.has(tag(each)) || (tag(each) && holdsBlocks(each)));
const isMarker = (node) => tag(node) && /mso-list: ?ignore/.test(styleOf(node));

function isBold(node) {
  const weight = /font-weight: ?(\w+)/.exec(styleOf(node))?.[1];
  if (weight) return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  return ["b", "strong"].includes(tag(node));
}

function isItalic(node) {
  const slant = /font-style: ?(\w+)/.exec(styleOf(node))?.[1];
  return slant ? slant === "italic" : ["i", "em"].includes(tag(node));
}

function headingLevel(node) {
  if (HEADINGS.has(tag(node))) return Number(tag(node)[1]);
  if (node.getAttribute("role") === "heading") return Number(node.getAttribute("aria-level")) || 2;
  if (/\bMsoTitle\b/.test(node.className)) return 1;
  return 0;
}

// --- the cleaner ---

class Cleaner {
  constructor(words, hasTitle) {
    this.words = words;
    this.hasTitle = hasTitle;
    this.made = document.implementation.createHTMLDocument("");
  }

  make(name, children = [], attributes = {}) {
    const element = this.made.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // The blocks of an element: paragraphs, headings, lists, tables.
  blocks(node) {
    const found = [];
    let line = [];
    let items = [];
    const endLine = () => {
      found.push(...this.paragraphs(line));
      line = [];
    };
    const endItems = () => {
      found.push(...this.lists(items));
      items = [];
    };
    for (const child of node.childNodes) {
      const name = tag(child);
      if (child.nodeType === Node.TEXT_NODE || (name && !BLOCKS.has(name) && !holdsBlocks(child))) {
        if (items.length && !child.textContent.trim()) continue;
        endItems();
        line.push(...this.inline(child));
      } else if (name && !NOTHING.has(name) && !isHidden(child)) {
        endLine();
        const own = this.itemsOf(child);
        if (own) {
          items.push(...own);
        } else {
          endItems();
          found.push(...this.block(child, name));
        }
      }
    }
    endLine();
    endItems();
    return found;
  }

  block(node, name) {
    const level = headingLevel(node);
    if (level && !holdsBlocks(node)) return this.heading(node, level);
    if (LISTS.has(name)) return this.list(node, name);
    if (name === "li") return [this.make("ul", [this.item(node)])];
    if (name === "table") return this.table(node);
    if (name === "hr") return [this.make("hr")];
    if (name === "pre") return this.paragraphs(node.textContent.split("\n").flatMap((line) => [this.made.createTextNode(line), this.make("br")]));
    if (name === "blockquote") {
      const inside = this.blocks(node);
      return inside.length ? [this.make("blockquote", inside)] : [];
    }
    return this.blocks(node);
  }

  heading(node, level) {
    const inside = trimmed(this.inlineOf(node).filter((each) => tag(each) !== "br"));
    const name = level <= (this.hasTitle ? 1 : 2) ? "h2" : "h3";
    return hasWords(inside) ? [this.make(name, inside)] : [];
  }

  // Lines of inline content as paragraphs: two breaks in a row part them.
  paragraphs(line) {
    const parts = [[]];
    for (const [index, each] of line.entries()) {
      if (tag(each) === "br" && tag(line[index + 1] ?? each) === "br" && index + 1 < line.length) parts.push([]);
      else parts.at(-1).push(each);
    }
    return parts.map(trimmed).filter(hasWords).map((part) => this.make("p", part));
  }

  // --- lists ---

  // The list items that a paragraph of Word, or a list of Word on the web, stands for; null when it is neither.
  itemsOf(node) {
    if (/\bListContainerWrapper\b/.test(node.className)) {
      return [...node.querySelectorAll("li")].map((item) => ({
        level: Number(item.getAttribute("data-aria-level") ?? item.getAttribute("aria-level")) || 1,
        isOrdered: tag(item.parentNode) === "ol",
        start: Number(item.parentNode.getAttribute("start")) || 1,
        isFirst: false,
        content: this.inlineOf(item),
      }));
    }
    const listed = /mso-list: ?(?!ignore|none)[^;]*?level(\d+)/.exec(styleOf(node));
    const isListed = listed || /\bMsoListParagraph/.test(node.className);
    if (tag(node) !== "p" || !isListed) return null;
    const { marker, isApart } = markerOf(node);
    if (!listed && !marker) return null;
    const number = /^\(?(\d{1,3})[.)]/.exec(marker);
    return [{
      level: Number(listed?.[1]) || 1,
      isOrdered: ORDERED.test(marker),
      start: number ? Number(number[1]) : 1,
      isFirst: number?.[1] === "1",
      content: this.inlineOf(node, without(isApart ? "" : marker)),
    }];
  }

  lists(items) {
    const roots = [];
    const open = []; // the lists that still grow, the outermost first
    for (const { level, isOrdered, start, isFirst, content } of items) {
      const inside = trimmed(content);
      if (!hasWords(inside)) continue;
      const ends = (last) => last.level > level || (last.level === level && (last.isOrdered !== isOrdered || isFirst));
      while (open.length && ends(open.at(-1))) open.pop();
      if (!open.length || open.at(-1).level < level) {
        const list = this.make(isOrdered ? "ol" : "ul", [], isOrdered && start > 1 ? { start } : {});
        const parent = open.at(-1)?.list.lastElementChild;
        if (parent) parent.append(list);
        else roots.push(list);
        open.push({ level, isOrdered, list });
      }
      open.at(-1).list.append(this.make("li", [this.make("p", inside)]));
    }
    return roots;
  }

  list(node, name) {
    const start = Number(node.getAttribute("start"));
    const list = this.make(name, [], name === "ol" && start > 1 ? { start } : {});
    for (const child of node.children) {
      if (NOTHING.has(tag(child)) || isHidden(child)) continue;
      // A list right inside a list belongs to the item before it (Google Docs).
      if (LISTS.has(tag(child)) && list.lastElementChild) list.lastElementChild.append(...this.list(child, tag(child)));
      else if (hasWords([child])) list.append(this.item(child));
    }
    return list.childElementCount ? [list] : [];
  }

  item(node) {
    const inside = this.blocks(node);
    if (!inside.length || LISTS.has(tag(inside[0]))) inside.unshift(this.make("p"));
    return this.make("li", inside);
  }

  // --- tables ---

  table(node) {
    const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node);
    const cells = rows.map((row) => [...row.children].filter((cell) => ["td", "th"].includes(tag(cell))));
    const isLayout =
      node.getAttribute("role") === "presentation" || node.querySelector("table") || Math.max(0, ...cells.map((row) => row.length)) < 2;
    if (isLayout) return cells.flat().flatMap((cell) => this.blocks(cell));
    const caption = node.querySelector("caption");
    const body = cells.filter((row) => row.length).map((row) => this.make("tr", row.map((cell) => this.cell(cell))));
    return [...(caption ? this.blocks(caption) : []), this.make("table", [this.make("tbody", body)])];
  }

  cell(node) {
    const spans = {};
    for (const key of ["colspan", "rowspan"]) {
      const number = Number(node.getAttribute(key));
      if (number > 1 && number < 100) spans[key] = number;
    }
    const inside = this.blocks(node);
    return this.make(tag(node), inside.length ? inside : [this.make("p")], spans);
  }

  // --- within a line ---

  inlineOf(node, change) {
    return [...node.childNodes].flatMap((each) => this.inline(each, change));
  }

  inline(node, change = (text) => text) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = change(node.data).replace(/[\s\u00a0]+/g, " ");
      return text ? [this.made.createTextNode(text)] : [];
    }
    const name = tag(node);
    if (!name || NOTHING.has(name) || isHidden(node) || isMarker(node)) return [];
    if (name === "br") return [this.make("br")];
    if (name === "img") return this.picture(node);
    let inside = this.inlineOf(node, change);
    if (name === "a") return this.link(node, inside);
    const isHeading = HEADINGS.has(tag(node.parentNode));
    if (isBold(node) && !isHeading && hasWords(inside)) inside = [this.make("strong", inside)];
    if (isItalic(node) && hasWords(inside)) inside = [this.make("em", inside)];
    return inside;
  }

  link(node, inside) {
    const href = unwrapped(node.getAttribute("href") ?? "");
    if (!href || !hasWords(inside)) return inside;
    const words = inside.map((each) => each.textContent).join("");
    return [this.make("a", /^https?:\/\/\S+$/.test(words.trim()) ? [unwrappedText(words)] : inside, { href })];
  }

  picture(node) {
    const alt = (node.getAttribute("alt") || node.getAttribute("title") || "").replace(/\s+/g, " ").trim();
    if (EMOJI.test(alt)) return [this.made.createTextNode(alt)];
    const sizes = ["width", "height"].map((key) => node.getAttribute(key)).filter((size) => size !== null);
    if (sizes.some((size) => parseInt(size, 10) <= 3)) return [];
    const words = alt ? this.words.named.replace("{name}", alt.slice(0, MOST_OF_A_NAME)) : this.words.unnamed;
    return [this.made.createTextNode(` [${words}] `)];
  }
}

// Takes the marker out of the first text that holds words: in some programs it is not set apart.
function without(marker) {
  let waiting = marker;
  return (text) => {
    if (!waiting || !text.trim()) return text;
    const begin = text.trimStart();
    const rest = begin.startsWith(waiting) ? begin.slice(waiting.length) : begin;
    waiting = "";
    return rest;
  };
}

// What stands before a paragraph of a list in Word ("·", "1."), and whether it is set apart from the words.
function markerOf(node) {
  const apart = [...node.querySelectorAll("[style]")].find(isMarker);
  if (apart) return { marker: apart.textContent.trim(), isApart: true };
  return { marker: PLAIN_MARKER.exec(node.textContent)?.[1] ?? "", isApart: false };
}

const hasWords = (nodes) => nodes.some((each) => each.textContent.trim() !== "");

// Without blanks and breaks at both ends, and with one blank where several pieces of text meet.
function trimmed(nodes) {
  const found = [];
  for (const node of nodes) {
    const last = found.at(-1);
    if (node.nodeType === Node.TEXT_NODE && last?.nodeType === Node.TEXT_NODE) last.data = (last.data + node.data).replace(/ +/g, " ");
    else found.push(node);
  }
  const isBlank = (node) => tag(node) === "br" || (node.nodeType === Node.TEXT_NODE && !node.data.trim());
  while (found.length && isBlank(found[0])) found.shift();
  while (found.length && isBlank(found.at(-1))) found.pop();
  if (found[0]?.nodeType === Node.TEXT_NODE) found[0].data = found[0].data.trimStart();
  if (found.at(-1)?.nodeType === Node.TEXT_NODE) found.at(-1).data = found.at(-1).data.trimEnd();
  return found;
}

// The words for pictures that are left out, from the script element of the page.
export function words() {
  const { named, unnamed } = document.querySelector("script[data-named][data-unnamed]")?.dataset ?? {};
  return named ? { named, unnamed } : undefined;
}

const UNNAMED = { named: "A picture was left out: {name}.", unnamed: "A picture was left out." };

export function clean(html, words = UNNAMED) {
  const source = new DOMParser().parseFromString(html, "text/html");
  const hasTitle = source.querySelector("h1, .MsoTitle") !== null;
  const cleaner = new Cleaner(words, hasTitle);
  return cleaner.blocks(source.body).map((block) => block.outerHTML).join("");
}

// --- as plain text, for boxes that take no other ---

// With marks: "## " before a heading, which the page then lays out.
export function asText(html, hasMarks) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  return [...body.children].map((block) => blockText(block, hasMarks, "")).join("\n\n").replace(/\n{3,}/g, "\n\n");
}

function blockText(block, hasMarks, indent) {
  const name = tag(block);
  if (name === "h2" || name === "h3") return (hasMarks ? "## " : "") + lineText(block);
  if (LISTS.has(name)) return listText(block, hasMarks, indent);
  if (name === "table") {
    return [...block.querySelectorAll("tr")]
      .map((row) => [...row.children].map((cell) => lineText(cell).replace(/\s+/g, " ").trim()).join(" | "))
      .join("\n");
  }
  if (name === "hr") return "";
  if (name === "blockquote") return [...block.children].map((each) => blockText(each, hasMarks, indent)).join("\n\n");
  return lineText(block);
}

function listText(list, hasMarks, indent) {
  let number = Number(list.getAttribute("start")) || 1;
  return [...list.children]
    .map((item) => {
      const mark = tag(list) === "ol" ? `${number++}. ` : "- ";
      const inner = indent + " ".repeat(mark.length);
      const parts = [...item.children].map((each) => (LISTS.has(tag(each)) ? listText(each, hasMarks, inner) : lineText(each)));
      return indent + mark + parts.join("\n");
    })
    .join("\n");
}

function lineText(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (tag(node) === "br") return "\n";
  const text = [...node.childNodes].map(lineText).join(tag(node) === "td" ? " " : "");
  const href = tag(node) === "a" ? node.getAttribute("href") : "";
  const address = href.replace(/^mailto:/, "");
  if (!address || address === text.trim()) return text;
  return address === href ? `${text} (${href})` : `${text} <${address}>`;
}
