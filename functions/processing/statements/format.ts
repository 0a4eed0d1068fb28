import { refusal } from "./refuse";

/** What a file is when it begins so, and is no statement that can be read here. */
const beginnings: readonly (readonly [string, string])[] = [
  ["PK\u0003\u0004", "an Excel workbook or another archive: save it as CSV"],
  ["\u00d0\u00cf\u0011\u00e0", "an old Excel workbook: save it as CSV"],
  ["\u001f\u008b", "compressed: upload what is inside"],
  ["%PDF-", "a PDF document: download the statement as CSV, OFX or QFX"],
];
const others: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(!doctype\s+html|html)/i, "a web page: the download may have needed a login"],
  [/^\s*!(Type|Account|Option):/i, "in the QIF format: download it as CSV, OFX or QFX"],
  [/^\s*(\{1:|:20:)/, "in the MT940 format: download it as CSV, OFX or QFX"],
  [/^\s*[{[]/, "JSON: download the statement as CSV, OFX or QFX"],
];

const ofxStart =
  /^\s*(?:OFXHEADER\s*:|<\?OFX\b|(?:<\?xml[^>]{0,500}\?>\s*)?(?:<!--[^>]{0,2000}-->\s*)?(?:<\?OFX\b|<(?:\w{1,20}:)?OFX\b))/i;
const xmlStart = /^\s*<(\?xml|!|\w)/;

/** Tells by its beginning which kind of statement a file is. Its name is not asked: names lie. */
export const formatOf = (head: string): "csv" | "ofx" => {
  if (head.trim() === "") throw refusal("file", "is empty");
  const other = beginnings.find(([start]) => head.startsWith(start)) ?? others.find(([pattern]) => pattern.test(head));
  if (other) throw refusal("file", `is ${other[1]}`);
  if (ofxStart.test(head)) return "ofx";
  if (xmlStart.test(head)) throw refusal("file", "is XML, but not OFX: download the statement as CSV, OFX or QFX");
  return "csv";
};
