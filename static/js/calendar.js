// The coordinator's month with meetings that can be dragged to another day. Letting go changes nothing yet: it opens the
// page that asks whether to move, quietly or with word to those invited. The table below does all of it without a script.
(() => {
  const place = document.getElementById("drag-calendar");
  const button = document.getElementById("drag-button");
  if (!place || !button || !window.FullCalendar) return;
  const table = document.getElementById("month-table");
  button.hidden = false;

  const dayOf = (moment) => {
    const two = (number) => String(number).padStart(2, "0");
    return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  };

  let calendar = null;
  const build = () => {
    calendar = new FullCalendar.Calendar(place, {
      plugins: FullCalendar.plugins,
      locales: FullCalendar.locales,
      locale: document.documentElement.lang,
      initialView: "dayGridMonth",
      initialDate: place.dataset.month,
      firstDay: 1,
      timeZone: "local",
      events: place.dataset.events,
      editable: true,
      eventDurationEditable: false,
      eventDrop: (dropped) => {
        const to = dayOf(dropped.event.start);
        dropped.revert();
        window.location.assign(`${dropped.event.extendedProps.move}?to=${to}`);
      },
      dateClick: (clicked) => {
        const day = dayOf(clicked.date);
        window.location.assign(`${place.dataset.add}?starts_at=${day}T13:00&ends_at=${day}T15:00`);
      },
    });
    calendar.render();
  };

  button.addEventListener("click", () => {
    const drags = place.hidden;
    place.hidden = !drags;
    table.hidden = drags;
    button.setAttribute("aria-pressed", String(drags));
    if (drags && !calendar) build();
  });
})();
