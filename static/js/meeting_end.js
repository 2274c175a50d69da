// While the end of a meeting is empty, the form says at what time it would end: as long as the last one of its kind.
function minutesOf(box) {
  const chosen = [...document.querySelectorAll("input[name=networks]:checked")].map((each) => Number(each.value));
  const kind = Number(document.getElementById("id_kind")?.value);
  const last = JSON.parse(box.dataset.lengths).find(([network, of]) => of === kind && chosen.includes(network));
  return last ? last[2] : Number(box.dataset.usual);
}

function tell(box, begin, place) {
  const at = new Date(begin.value);
  if (box.value || Number.isNaN(at.getTime())) return place.replaceChildren();
  const end = new Date(at.getTime() + minutesOf(box) * 60_000);
  const isSameDay = at.toDateString() === end.toDateString();
  const shape = isSameDay ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" };
  const words = new Intl.DateTimeFormat(document.documentElement.lang, shape).format(end);
  place.textContent = box.dataset.words.replace("{end}", words);
}

window.addEventListener("load", () => {
  const box = document.getElementById("id_ends_at");
  const begin = document.getElementById("id_starts_at");
  if (!box?.dataset.lengths || !begin) return;
  const place = document.createElement("p");
  place.className = "help";
  place.setAttribute("role", "status");
  box.after(place);
  const again = () => tell(box, begin, place);
  document.getElementById("meeting_form")?.addEventListener("input", again);
  document.getElementById("meeting_form")?.addEventListener("change", again);
  again();
});
