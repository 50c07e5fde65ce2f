// What is remembered on this phone, and nowhere else. A browser that forbids it (a private window, a full disk) costs memory,
// never a session.

const PREFIX = "catcow.";

export function recall(name, otherwise) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : JSON.parse(text) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Whether it could be kept. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Then it was never there.
  }
}
