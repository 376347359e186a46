// Reads a printed sheet: its text as a PDF reader finds it, and its QRs as a phone's camera does.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** A slip, or the label of a seat. */
export interface Slip {
  label: string;
  /** The code in groups, as people type it. */
  code: string;
  /** The address of the page where the code is typed. */
  address: string;
  /** The content of its QR. */
  link: string;
}

/** Matches the label, the code in one or two lines, two lines of text, and the address in one or two lines. */
const SLIP = /^(.+)\n((?:\w{4}\s){3}\w{4})\n(?:.+\n){2}(\S+(?:\n\S+)?)$/gm;

/** Returns the slips of this PDF, in order. */
export async function slipsOf(file: string): Promise<Slip[]> {
  // Use the local QR reader, because the library fetches it from its maker's host by default.
  const wasm = await readFile(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  const library = await PDFiumLibrary.init();
  const sheet = await library.loadDocument(await readFile(file));
  const slips: Slip[] = [];
  for (const page of sheet.pages()) {
    // Read the text before drawing, because drawing closes the page.
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
