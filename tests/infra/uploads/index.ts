import { Consumer } from "../../../infra/consumer";
import { readVersions } from "../../../infra/grants";
import { readSettings } from "../../../infra/settings";
import { Uploads } from "../../../infra/uploads";

const settings = readSettings();
const uploads = new Uploads("uploads", settings);

new Consumer(
  "import",
  {
    uploads,
    function: {
      description: "Reads files",
      timeout: 60,
      memory: 256,
      needs: [readVersions(uploads.bucket)],
      callbackFactory: () => {
        const { audit } = require("./processing/audit") as typeof import("../../../functions/processing/audit");
        return (batch, context) => audit(batch, context);
      },
    },
  },
  settings,
);
