// A copy in this browser of what was typed and is not saved yet: a text under a name.
// Private windows and full disks keep nothing: the server still does.

export function keep(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // nothing is kept
  }
}

export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // nothing was kept
  }
}

export function namesBeginningWith(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}
