import { type Box, element, fitting, palette, widthOf, words } from "./svg";

const padding = 10;
/** The largest in which a title fits. */
const titleSizes = [12, 11.5, 11, 10.5];
const bold = 1.08;

/** The frame of a widget, and the room that is left in it. */
export const card = ({ x, y, width, height }: Box, title: string, draw: (room: Box) => string[]): string => {
  const fits = (size: number) => widthOf(title, size) * bold <= width - 2 * padding;
  const titleSize = titleSizes.find(fits) ?? 10;
  const room = { x: x + padding, y: y + 26, width: width - 2 * padding, height: height - 26 - 8 };
  return element(
    "g",
    {},
    element("rect", { x, y, width, height, rx: 6, fill: palette.card, stroke: palette.edge }),
    words(x + padding, y + 18, fitting(title, titleSize, room.width), { size: titleSize, weight: 600 }),
    ...draw(room),
  );
};
