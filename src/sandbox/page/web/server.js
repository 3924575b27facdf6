// How the page speaks with the sandbox.

/** Asks, and says in words when nobody answers. */
const reach = (path, request) => fetch(path, request).catch(() => { throw new Error("the sandbox can't be reached. Is it running?"); });

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The sandbox answered ${response.status}`);
  return body;
}

/** Looks something up. */
export const ask = async (path, query) => {
  const given = Object.entries(query).filter(([, value]) => value);
  return read(await reach(`${path}?${new URLSearchParams(given)}`));
};

/** Does something, and gives what came back. */
export const send = async (path, body) => read(await reach(path, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
}));

/** Puts a file where a command can take it. */
export const attach = async (file) => read(await reach(`/attach/${encodeURIComponent(file.name)}`, { method: "POST", body: file }));

/** Calls `changed` whenever something happened, and `lost` while the sandbox can't be reached. */
export function listen(changed, lost) {
  const live = new EventSource("/live");
  live.onmessage = changed;
  live.onerror = lost;
}
