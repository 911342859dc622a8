// The way to the session's kernel: Jupyter's messages over a websocket, in its binary form.
const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const PARTS = ["header", "parent_header", "metadata", "content"];
const WAITS = [100, 500, 1000, 2000, 4000];
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

// A message is the number of offsets, the offsets, the channel's name, four parts as JSON, buffers.
export function packed(channel, message, buffers = []) {
  const parts = [
    encoder.encode(channel),
    ...PARTS.map((part) => encoder.encode(JSON.stringify(message[part]))),
    ...buffers.map((
      buffer,
    ) => (ArrayBuffer.isView(buffer)
      ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
      : new Uint8Array(buffer))
    ),
  ];
  const offsets = [8 * (parts.length + 2)];
  for (const part of parts) offsets.push(offsets.at(-1) + part.byteLength);
  const bytes = new Uint8Array(offsets.at(-1));
  const view = new DataView(bytes.buffer);
  [offsets.length, ...offsets].forEach((number, n) =>
    view.setBigUint64(8 * n, BigInt(number), true)
  );
  parts.forEach((part, n) => bytes.set(part, offsets[n]));
  return bytes;
}

export function unpacked(data) {
  const view = new DataView(data);
  const numbers = Array.from(
    { length: Number(view.getBigUint64(0, true)) + 1 },
    (_, n) => Number(view.getBigUint64(8 * n, true)),
  );
  const parts = numbers.slice(1, -1).map((from, n) =>
    new DataView(data, from, numbers[n + 2] - from)
  );
  const [header, parent, , content] = parts.slice(1, 5).map((part) =>
    JSON.parse(decoder.decode(part))
  );
  return { type: header.msg_type, parent: parent.msg_id, content, buffers: parts.slice(5) };
}

const random = () =>
  Array.from(
    crypto.getRandomValues(new Uint8Array(16)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");

// Calls `received` with each message. What is sent while the way is shut goes when it opens again:
// the server keeps what it has for a session, and hands it over to the same session's next socket.
// What was under way as it shut may be lost; `reopened` is called so that it can be asked for.
export function channel(url, received, reopened) {
  const session = random();
  const waiting = [];
  let socket, ended = false, failures = 0, before = false;
  const open = () => {
    socket = new WebSocket(`${url}?session_id=${session}`, [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      failures = 0;
      waiting.splice(0).forEach((bytes) => socket.send(bytes));
      if (before) reopened();
      before = true;
    };
    socket.onmessage = ({ data }) => received(unpacked(data));
    socket.onclose = () => {
      if (!ended) setTimeout(open, WAITS[Math.min(failures++, WAITS.length - 1)]);
    };
  };
  open();
  return {
    send(type, content, metadata = {}, buffers = []) {
      const header = {
        msg_id: random(),
        msg_type: type,
        session,
        username: "",
        date: new Date().toISOString(),
        version: "5.4",
      };
      const bytes = packed("shell", { header, parent_header: {}, metadata, content }, buffers);
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
      else waiting.push(bytes);
      return header.msg_id;
    },
    end() {
      ended = true;
      socket.close();
    },
  };
}
