// While a wish is being written, shows others like it. Without this file they are shown when it is sent.
const similar = document.querySelector("[data-similar]");
const title = document.querySelector("input[name=title]");
let pause;

async function look() {
  const answer = await fetch(`${similar.dataset.similar}?${new URLSearchParams({ title: title.value })}`);
  if (answer.ok) similar.innerHTML = await answer.text();
}

title?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => look().catch(() => {}), 500);
});
