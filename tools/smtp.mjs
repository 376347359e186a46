// A mail server for tests, on a port of this machine:
//   node tools/smtp.mjs '{"user":"…","password":"…","port":0,"tls":true}'
// Prints "port N", then every accepted mail, and every recipient put off, as a line of JSON. It refuses recipients whose address begins
// with "nobody", answers those that begin with "slow" after a minute, takes those that begin with "grey" at the third
// try only, breaks the connection at the first mail to those that begin with "drop", and ends at the end of its input.

import { SMTPServer } from "smtp-server";

const { user, password, port = 0, tls = false } = JSON.parse(process.argv[2] ?? "{}");
const tell = (line) => process.stdout.write(`${line}\n`);
const tries = new Map(); // by address
const tryOf = (address) => tries.set(address, (tries.get(address) ?? 0) + 1).get(address);

const server = new SMTPServer({
  authOptional: user === undefined,
  allowInsecureAuth: true,
  disabledCommands: tls ? [] : ["STARTTLS"],
  onAuth: (given, _session, answer) =>
    given.username === user && given.password === password
      ? answer(null, { user })
      : answer(new Error("who are you?")),
  onRcptTo: ({ address }, _session, answer) => {
    if (address.startsWith("nobody")) {
      answer(Object.assign(new Error(`no ${address} here`), { responseCode: 550 }));
    } else if (address.startsWith("grey") && tryOf(address) < 3) {
      answer(Object.assign(new Error("come back later"), { responseCode: 451 }));
      tell(JSON.stringify({ later: address }));
    } else if (address.startsWith("slow")) {
      setTimeout(answer, 60_000).unref();
    } else {
      answer();
    }
  },
  onData: (stream, session, answer) => {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      // It has the mail, and the client never hears so.
      const lost = to.some((address) => address.startsWith("drop") && tryOf(address) === 1);
      tell(JSON.stringify({ to, user: session.user ?? null, raw: Buffer.concat(parts).toString("utf8") }));
      if (lost) {
        for (const { _socket: socket } of server.connections) socket.destroy();
      } else {
        answer();
      }
    });
  },
});
server.on("error", () => {}); // a client that leaves is no reason to end
server.listen(port, "127.0.0.1", () => tell(`port ${server.server.address().port}`));
process.stdin.resume().on("end", () => process.exit(0));
