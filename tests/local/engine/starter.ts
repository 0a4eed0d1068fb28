import { startProgramProcess } from "../../../local/engine/apart/runApart";

/** Starts the program's process, tells which it is, and waits to be killed. */
process.send?.(startProgramProcess().pid);
