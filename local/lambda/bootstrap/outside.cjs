// A function here calls this machine and nothing else, until the user asks for the real providers.
const net = require("node:net");

const loopback = new net.BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const isNear = (host) => {
  const family = net.isIP(host);
  return family === 0 ? host === "localhost" : loopback.check(host, family === 6 ? "ipv6" : "ipv4");
};

/** What a socket was asked to connect to: options, or a port and a host, or a path. */
const targetOf = ([first, second]) => {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options === "object" && options !== null)
    return options.path ? "localhost" : (options.host ?? "localhost");
  return typeof second === "string" ? second : "localhost";
};

const stayInside = () => {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    const host = targetOf(args);
    if (isNear(host)) return connect.apply(this, args);
    const error = new Error(
      `${host} is outside the embedded cloud, which calls nothing there (npm start -- --live does)`,
    );
    error.code = "EHOSTUNREACH";
    process.nextTick(() => this.destroy(error));
    return this;
  };
};

module.exports = { stayInside };
