// Tells how far an upload is, and shows the answer in place of the page. Without JavaScript the form is sent as any other.
function told(form, words, share) {
  const state = form.querySelector(".upload-state");
  const bar = document.createElement("progress");
  bar.className = "bar";
  bar.setAttribute("aria-hidden", "true");
  if (share !== undefined) {
    bar.max = 1;
    bar.value = share;
  }
  state.replaceChildren(bar, words);
}

function show(answer) {
  const fresh = new DOMParser().parseFromString(answer.responseText, "text/html").getElementById("content");
  if (!fresh) return location.assign(answer.responseURL);
  document.getElementById("content").replaceWith(fresh);
  fresh.querySelectorAll("form[data-upload]").forEach(equip);
  (fresh.querySelector(".error-summary") ?? fresh).focus();
  scrollTo(0, 0);
}

function equip(form) {
  form.addEventListener("submit", (event) => {
    if (!form.querySelector("input[type=file]").files.length) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    const { upload, working, broken } = form.dataset;
    const request = new XMLHttpRequest();
    let last = -1;
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = Math.floor((10 * loaded) / total) * 10;
      if (percent === last) return;
      last = percent;
      told(form, percent < 100 ? `${upload} ${percent} %` : working, percent < 100 ? percent / 100 : undefined);
    });
    request.addEventListener("load", () => show(request));
    request.addEventListener("error", () => {
      form.querySelector(".upload-state").textContent = broken;
      button.disabled = false;
    });
    button.disabled = true;
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

document.querySelectorAll("form[data-upload]").forEach(equip);
