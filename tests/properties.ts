import * as fc from "fast-check";

/** Lists and texts become as long as a test allows; by itself fast-check ends at about ten, whatever a test says. */
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
