/** Where a command looks for a platform, unless it is told. */
export const usual = { stack: "dev", endpoint: "http://127.0.0.1:4566" } as const;

/** What follows an npm script's name, so that it finds this platform. */
export const tellingOf = ({ stack, url }: { stack: string; url: string }): string => {
  const options = [
    ...(stack === usual.stack ? [] : [`--stack ${stack}`]),
    ...(url === usual.endpoint ? [] : [`--endpoint ${url}`]),
  ];
  return options.length > 0 ? ` -- ${options.join(" ")}` : "";
};
