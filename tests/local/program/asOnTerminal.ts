/** Loaded before a command, where no terminal can be had: it takes its pipes for one. */

const { stdin, stdout, stderr } = process;

Object.assign(stdin, { isTTY: true, setRawMode: () => stdin });
// A terminal shows both.
Object.assign(stderr, { isTTY: true, write: stdout.write.bind(stdout) });
