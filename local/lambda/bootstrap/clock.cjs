// Turns the clock that code sees in Date. Timers, and the time a function has left, stay real.
const RealDate = Date;
const realNow = Date.now;
let offset = 0;

const now = () => realNow() + offset;
RealDate.now = now;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
});
RealDate.prototype.constructor = globalThis.Date;

module.exports = {
  realNow,
  turn: (offsetMs) => {
    offset = offsetMs;
  },
};
