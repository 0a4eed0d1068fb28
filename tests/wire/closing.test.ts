import { stopWorld } from "./world";

after(stopWorld);
