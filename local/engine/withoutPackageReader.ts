import { Module } from "node:module";
import { dirname } from "node:path";

/**
 * What Pulumi reads node_modules with takes most of Pulumi's own load time, and serves nothing but the walk that is
 * skipped here. Imported before Pulumi; whoever does need it finds that it is not there.
 */
const path = require.resolve("@npmcli/arborist", { paths: [dirname(require.resolve("@pulumi/pulumi/package.json"))] });
const absent = new Module(path);
absent.loaded = true;
require.cache[path] = absent;
