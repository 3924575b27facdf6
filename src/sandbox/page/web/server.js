// How the page speaks with the sandbox.

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The sandbox answered ${response.status}`);
  return body;
}

/** Looks something up. */
export const ask = async (path, query) => {
  const given = Object.entries(query).filter(([, value]) => value);
  return read(await fetch(`${path}?${new URLSearchParams(given)}`));
};

/** Does something, and gives what came back. */
export const send = async (path, body) => read(await fetch(path, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
}));

/** Puts a file where a command can take it. */
export const attach = async (file) => read(await fetch(`/attach/${encodeURIComponent(file.name)}`, { method: "POST", body: file }));

/** Calls `changed` whenever something happened, and `lost` while the sandbox can't be reached. */
export function listen(changed, lost) {
  const live = new EventSource("/live");
  live.onmessage = changed;
  live.onerror = lost;
}
