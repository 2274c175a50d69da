// Mends what Django's own pages and scripts build on the desk.
window.addEventListener("load", () => {
  // An icon with a name is a picture.
  document.querySelectorAll("span.help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
  // Yes and no have English names in every language.
  const say = window.gettext ?? ((words) => words);
  document.querySelectorAll("img[src*='icon-yes'], img[src*='icon-no']").forEach((icon) => (icon.alt = say(icon.alt)));
});
