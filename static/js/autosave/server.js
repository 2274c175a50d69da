// A form sent without leaving its page; the server answers JSON, or leads to the sign-in.

export function post(address, body, more = {}) {
  return fetch(address, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, ...more });
}

export function isSignedOut(answer) {
  return answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
}
