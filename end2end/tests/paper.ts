// What stands on a printed sheet: its words as a reader of PDFs finds them, its QRs as a phone's camera does.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** A slip, or the label of a seat. */
export interface Slip {
  label: string;
  /** The code in its groups, as people type it. */
  code: string;
  /** Where it is typed. */
  address: string;
  /** What its QR says. */
  link: string;
}

/** Label, code in one line or two, two lines of words, address in one line or two. */
const SLIP = /^(.+)\n((?:\w{4}\s){3}\w{4})\n(?:.+\n){2}(\S+(?:\n\S+)?)$/gm;

/** Every slip of this PDF, in its order. */
export async function slipsOf(file: string): Promise<Slip[]> {
  // By itself the reader of QRs would be fetched from a host of its makers.
  const wasm = await readFile(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  const library = await PDFiumLibrary.init();
  const sheet = await library.loadDocument(await readFile(file));
  const slips: Slip[] = [];
  for (const page of sheet.pages()) {
    // In this order: a page that has been drawn is closed.
    const text = page.getText().replaceAll("\r", "");
    const { data, width, height } = await page.render({ scale: 3 });
    const picture = { data: new Uint8ClampedArray(data), width, height, colorSpace: "srgb" } as const;
    const links = (await readBarcodes(picture, { formats: ["QRCode"] })).map((found) => found.text);
    for (const [, label = "", groups = "", address = ""] of text.matchAll(SLIP)) {
      const code = groups.replace("\n", " ");
      const link = links.find((link) => link.endsWith(`#code=${code.replaceAll(" ", "")}`)) ?? "";
      slips.push({ label, code, address: address.replace("\n", ""), link });
    }
  }
  library.destroy();
  return slips;
}
