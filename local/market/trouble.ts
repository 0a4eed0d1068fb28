import type { FaultKind } from "./faults";
import type { Reply } from "./reply";

const page = `<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>
</html>
`;

/** What breaks on the way, whatever was asked. Undefined for what only the provider itself can say. */
export const brokenReply = (kind: FaultKind, answer: () => Reply): Reply | undefined => {
  switch (kind) {
    case "html":
      return { status: 200, contentType: "text/html", body: page };
    case "status500":
      return { status: 500, contentType: "text/html", body: "<h1>Server Error (500)</h1>" };
    case "hang":
      return { ...answer(), trouble: "hang" };
    case "truncated":
      return { ...answer(), trouble: "truncated" };
    case "malformed": {
      const whole = answer();
      return { ...whole, body: `${whole.body.slice(0, Math.floor(whole.body.length / 2))}, "` };
    }
    default:
      return undefined;
  }
};
