// Asks ical.js: for each question either what a calendar file holds, or when a rule repeats.
const value = (property) => property.getValues().map(String).join(",");
const event = (component) => ({
  uid: component.getFirstPropertyValue("uid"),
  sequence: component.getFirstPropertyValue("sequence"),
  summary: component.getFirstPropertyValue("summary"),
  status: component.getFirstPropertyValue("status"),
  stamp: String(component.getFirstPropertyValue("dtstamp")),
  starts: new ICAL.Event(component).startDate.toJSDate().toISOString(),
  ends: new ICAL.Event(component).endDate.toJSDate().toISOString(),
  zone: (component.getFirstProperty("dtstart").getParameter("tzid") || ""),
  organizer: value(component.getFirstProperty("organizer") || { getValues: () => [] }),
  attendees: component.getAllProperties("attendee").map((each) => ({ address: value(each), partstat: each.getParameter("partstat") })),
});
function file(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  return { method: calendar.getFirstPropertyValue("method"), events: calendar.getAllSubcomponents("vevent").map(event) };
}
function repeats(text, most) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const turn = new ICAL.Event(calendar.getFirstSubcomponent("vevent")).iterator();
  const found = [];
  for (let next = turn.next(); next && found.length < most; next = turn.next()) found.push(next.toJSDate().toISOString());
  return found;
}
const answers = questions.map(([kind, text, most]) => {
  try {
    return kind === "file" ? file(text) : repeats(text, most);
  } catch (wrong) {
    return { wrong: String(wrong) };
  }
});
document.getElementById("answers").textContent = JSON.stringify(answers);
