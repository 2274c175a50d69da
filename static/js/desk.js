// Mends what Django's own scripts build on the desk: an icon with a name is a picture.
window.addEventListener("load", () => {
  document.querySelectorAll("span.help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
});
