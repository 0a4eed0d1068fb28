// What a function says through console becomes JSON; what it writes to its output by itself stays as it is.
const { format } = require("node:util");
const { workerId } = require("./client.cjs");
const { logged } = require("./errors.cjs");

const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const least = levels.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL);
const methods = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" };

// Held from the start: a function that redirects its own output must not redirect the runtime's.
const { stdout, stderr } = process;
// Written at once, or the last lines of a process that exits would be lost.
for (const stream of [stdout, stderr]) stream._handle?.setBlocking?.(true);
const out = stdout.write.bind(stdout);
const err = stderr.write.bind(stderr);

let requestId;

const withErrors = (_key, value) => (value instanceof Error ? logged(value) : value);

const line = (level, args) => {
  const base = { timestamp: new Date().toISOString(), level, requestId };
  if (args.length === 1) {
    try {
      return JSON.stringify({ ...base, message: args[0] }, withErrors);
    } catch {
      return JSON.stringify({ ...base, message: format(args[0]) });
    }
  }
  const error = args.find((one) => one instanceof Error);
  return JSON.stringify({ ...base, message: format(...args), ...(error && logged(error)) });
};

const write = (level, args) => {
  if (levels.indexOf(level) >= least) out(`${line(level, args)}\n`);
};

for (const [method, level] of Object.entries(methods)) console[method] = (...args) => write(level, args);

module.exports = {
  write,
  about: (id) => {
    requestId = id;
  },
  /** Tells the reader of either output that what follows belongs to no invocation. */
  mark: (id) => {
    out(`\0${workerId} ${id}\n`);
    err(`\0${workerId} ${id}\n`);
  },
};
