// Draws the pictures of the demonstration season's sample cases again: flat compositions made of hand-set shapes,
// rasterised by Chromium as JPEGs of 960 x 640 px and at most 40 KB each. What is in a picture is drawn in `scenes`
// under the number of its case; which file belongs to which case, with its alternative text, is in pictures.json.
//
// Run from the folder end2end, after `npm ci`:
//   node ../data/pictures/draw.mjs          every picture
//   node ../data/pictures/draw.mjs 2 14     only those of cases 2 and 14
// CHROMIUM names another browser than /usr/bin/chromium.
//
// A picture shows y = 24 to y = 664 of its drawing. The gallery crops it to 5:3 and, on phones, to 2:1, so what matters
// stays between y = 105 and y = 582.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.cwd()}/`)("@playwright/test");
const MOST_BYTES = 40 * 1024;

// The palette: the site's indigos and gold, and a few quiet companions.
const night = "#18226b", indigo = "#2b3fc0", peri = "#8c9df0", mist = "#dde4fc", cream = "#fff4de", gold = "#f7b731";
const coral = "#ee7b5d", sage = "#7cc4a6", pine = "#1f6b5c", sand = "#e8c79b", wood = "#b9794a", white = "#ffffff";
const skin = "#f8d2b0", tan = "#edbb92", dark = "#2b2540", grey = "#c3c8da";

// Plain shapes.
const rect = (x, y, w, h, fill, r = 0) => `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
const circ = (x, y, r, fill) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const ell = (x, y, rx, ry, fill) => `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
const path = (d, fill) => `<path d="${d}" fill="${fill}"/>`;
const line = (d, colour, w = 6) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${w}" stroke-linecap="round" stroke-linejoin="round"/>`;
const at = (x, y, s, ...parts) => `<g transform="translate(${x} ${y}) scale(${[s].flat().join(" ")})">${parts.join("")}</g>`;
const turn = (x, y, angle, ...parts) => `<g transform="translate(${x} ${y}) rotate(${angle})">${parts.join("")}</g>`;
const faint = (opacity, ...parts) => `<g opacity="${opacity}">${parts.join("")}</g>`;
const each = (list, draw) => list.map(draw).join("");
const range = (n) => [...Array(n).keys()];

// A limb from a to b with one joint; `side` says to which side the joint bends.
function limb([ax, ay], [bx, by], length, side, colour, w) {
  const d = Math.hypot(bx - ax, by - ay) || 1;
  const h = Math.sqrt(Math.max(0, (length * length) / 4 - (d * d) / 4)) * side;
  const [jx, jy] = [(ax + bx) / 2 - ((by - ay) / d) * h, (ay + by) / 2 + ((bx - ax) / d) * h];
  return line(`M${ax} ${ay}L${jx.toFixed(1)} ${jy.toFixed(1)}L${bx} ${by}`, colour, w);
}

const hairs = {
  short: (c) => path("M-27 4Q-32-29 0-30Q32-29 27 4Q24-9 15-13Q-6-6-20-12Q-25-6-27 4Z", c),
  bob: (c) => path("M-28 22Q-36-31 0-31Q36-31 28 22Q21 22 21 4L20-9Q0-3-20-10L-21 4Q-21 22-28 22Z", c),
  pony: (c) => ell(-30, 2, 10, 22, c) + hairs.short(c),
  bun: (c) => circ(0, -33, 12, c) + hairs.short(c),
  perm: (c) => each([[-27, 2], [-27, -12], [-19, -24], [-6, -30], [8, -30], [20, -23], [27, -11], [27, 2], [-9, -20], [8, -20]],
    ([x, y]) => circ(x, y, 10.5, c)),
  bald: (c) => path("M-27 8Q-33-8-24-17Q-20-6-22 6Z", c) + path("M27 8Q33-8 24-17Q20-6 22 6Z", c),
  cap: (c, look) => path("M-28-6Q-29-32 0-32Q29-32 28-6Z", c) + rect(look < 0 ? -44 : -4, -11, 48, 8, c, 4),
  back: (c) => circ(0, -2, 28, c),
  backPony: (c) => circ(0, -2, 28, c) + ell(0, 26, 9, 24, c) + rect(-9, 4, 18, 7, gold, 3),
  backPerm: (c) => each(range(10), (i) => circ(20 * Math.cos(i * 0.63), -2 + 20 * Math.sin(i * 0.63), 12, c)) + circ(0, -2, 22, c),
  towel: (c) => path("M-29-4Q-30-32 0-32Q30-32 29-4Q0-12-29-4Z", c) + circ(-31, -10, 11, c) + circ(31, -10, 11, c) +
    circ(-31, -10, 4, mist) + circ(31, -10, 4, mist),
};

function head({ hair = "short", colour = dark, tone = skin, look = 0, glasses, closed }) {
  const eye = (x) => closed ? line(`M${x - 4}-1Q${x} 3 ${x + 4}-1`, dark, 2.4) : circ(x, 0, 2.7, dark);
  const ring = (x) => `<circle cx="${x}" cy="0" r="7.5" fill="none" stroke="${night}" stroke-width="2"/>`;
  const smile = line(`M${look - 6} 10Q${look} 15 ${look + 6} 10`, dark, 2.4);
  const cheeks = faint(0.35, circ(look - 15, 8, 4.5, coral), circ(look + 15, 8, 4.5, coral));
  const face = hair.startsWith("back") ? ""
    : eye(look - 8.5) + eye(look + 8.5) + smile + cheeks + (glasses ? ring(look - 9) + ring(look + 9) : "");
  return rect(-8, 16, 16, 20, tone) + circ(-25, 2, 5, tone) + circ(25, 2, 5, tone) + circ(0, 0, 25, tone) +
    face + hairs[hair](colour, look);
}

// A person about 200 units tall, standing on (x, y). Hands and feet are points, the joints follow; `hands` count from
// where the person stands, `grab` says the same in the picture's own points.
function person(o) {
  const { x, y, s = 1, top = indigo, legs = night, shoes = dark, tone = skin, hip = [0, -84], lean = 0, apron, skirt } = o;
  const { feet = [[-14, 0], [14, 0]], elbows = [1, -1], knees = [-1, -1], arm = 62, thigh = 73, hold = ["", ""] } = o;
  const hands = [0, 1].map((i) => o.grab?.[i]
    ? [(o.grab[i][0] - x) / s, (o.grab[i][1] - y) / s]
    : o.hands?.[i] ?? [i ? 37 : -37, hip[1] + 12]);
  const r = (lean * Math.PI) / 180;
  const up = (px, py) => [hip[0] + px * Math.cos(r) - py * Math.sin(r), hip[1] + px * Math.sin(r) + py * Math.cos(r)];
  const leg = (i) => limb([hip[0] + (i ? 12 : -12), hip[1]], [feet[i][0], feet[i][1] - 12], thigh, knees[i], legs, 23) +
    rect(feet[i][0] - (o.stride ? 10 : 15), feet[i][1] - 13, 31, 13, shoes, 6);
  const hand = (i) => hold[i] && at(hands[i][0], hands[i][1], 1, hold[i]);
  const sleeve = (i, colour, w) => limb(up(i ? 25 : -25, -47), hands[i], arm[i] ?? arm, elbows[i], colour, w);
  const reach = (i) => sleeve(i, o.sleeve ?? top, 19) + faint(0.12, sleeve(i, night, 19)) + circ(...hands[i], 9.5, tone);
  const body = turn(hip[0], hip[1], lean,
    path("M-32-40Q-33-63-13-63L13-63Q33-63 32-40L28 6Q0 12-28 6Z", top),
    skirt ? path("M-28-6L28-6L40 52Q0 62-40 52Z", skirt) : "",
    apron ? path("M-15-44L15-44L18-22Q30-14 30 4L26 44Q0 50-26 44L-30 4Q-30-14-18-22Z", apron) +
      line("M-15-44L-13-62M15-44L13-62", apron, 4) : "",
    o.mark ?? "", turn(0, -88, -lean * 0.8, head(o)));
  const lap = o.lap ? rect(-31, hip[1] - 8, 29, 40, legs, 13) + rect(2, hip[1] - 8, 29, 40, legs, 13) : "";
  const behind = (i) => o.behind?.includes(i);
  return at(x, y, s,
    each([0, 1], (i) => behind(i) ? reach(i) + hand(i) : ""),
    leg(0), leg(1), body, lap,
    each([0, 1], (i) => behind(i) ? "" : o.under ? hand(i) + reach(i) : reach(i) + hand(i)));
}

// Things that come back in several pictures.
const shadow = (x, y, rx) => faint(0.13, ell(x, y, rx, rx / 9, night));
const room = (wall, floor, y = 520) => rect(0, 0, 960, 664, wall) + rect(0, y, 960, 664 - y, floor);
const tree = (x, y, s, c = pine, trunk = wood) => at(x, y, s, rect(-7, -75, 14, 75, trunk, 4), circ(0, -120, 50, c), circ(-34, -90, 34, c),
  circ(34, -90, 34, c));
const bush = (x, y, s, c = pine) => at(x, y, s, circ(-34, -18, 26, c), circ(0, -30, 36, c), circ(36, -16, 26, c),
  rect(-58, -18, 118, 18, c, 9));
const cloud = (x, y, s, c = white) => at(x, y, s, circ(-30, -12, 20, c), circ(2, -22, 30, c), circ(34, -10, 20, c),
  rect(-52, -14, 108, 24, c, 12));
const stars = (points) => each(points, ([x, y, r = 2.5]) => circ(x, y, r, cream));
const moon = (x, y, r, sky) => circ(x, y, r, cream) + circ(x + r * 0.45, y - r * 0.2, r * 0.85, sky);
const house = (x, y, w, h, wall, roof) => rect(x, y - h, w, h, wall) +
  path(`M${x - 16} ${y - h}L${x + w * 0.2} ${y - h - w * 0.3}H${x + w * 0.8}L${x + w + 16} ${y - h}Z`, roof);
const pane = (x, y, w, h, glass = mist, frame = white) => rect(x - 8, y - 8, w + 16, h + 16, frame, 6) + rect(x, y, w, h, glass) +
  line(`M${x + w / 2} ${y}V${y + h}M${x} ${y + h / 2}H${x + w}`, frame, 6);
const plant = (x, y, s, pot = coral, leaf = pine) => at(x, y, s, line("M0-40Q-4-80-30-100M0-40Q2-90 4-120M0-40Q6-80 34-96", leaf, 7),
  each([[-32, -102, -40], [4, -126, 0], [36, -98, 40]], ([a, b, t]) => turn(a, b, t, ell(0, 0, 13, 24, leaf))),
    path("M-30-44H30L22 0H-22Z", pot), rect(-34, -52, 68, 14, pot, 5));
const bowl = (x, y, s, c = indigo, food = white) => at(x, y, s, ell(0, -22, 30, 14, food), path("M-36-22H36Q34 8 12 10H-12Q-34 8-36-22Z",
  c));
const heart = (x, y, s, c = coral) => at(x, y, s, path("M0 14C-30-6-16-26 0-12C16-26 30-6 0 14Z", c));
const plus = (x, y, s, c) => at(x, y, s, rect(-5, -15, 10, 30, c, 2), rect(-15, -5, 30, 10, c, 2));
const envelope = (x, y, s, angle = 0, mark = "") => at(x, y, s, turn(0, 0, angle, rect(-30, -20, 60, 40, white, 4),
  line("M-28-18L0 4L28-18", peri, 3), mark));
const steam = (x, y, s, c = white) => at(x, y, s, line("M-18 0Q-28-14-18-28T-18-56M4 0Q-6-16 4-32T4-64M26 0Q16-14 26-28T26-56", c, 6));
const pendant = (x, y, c = gold, from = 0) => line(`M${x} ${from}V${y - 40}`, night, 4) +
  path(`M${x - 62} ${y}Q${x - 56} ${y - 52} ${x} ${y - 54}Q${x + 56} ${y - 52} ${x + 62} ${y}Z`, c) + ell(x, y, 24, 9, cream);
const streetLamp = (x, y, h) => faint(0.16, path(`M${x + 46} ${y - h + 8}L${x - 50} ${y}H${x + 150}Z`, gold)) +
  line(`M${x} ${y}V${y - h}H${x + 46}`, night, 8) + rect(x + 30, y - h - 4, 36, 14, gold, 6);
const cup = (x, y, s, c = coral) => at(x, y, s, rect(-13, -26, 26, 28, c, 6), line("M13-20Q24-16 13-6", c, 5));
const bottle = (x, y, s) => at(x, y, s, path("M-8-52H8V-40Q18-34 18-24V0H-18V-24Q-18-34-8-40Z", white), rect(-10, -60, 20, 10, indigo, 3),
  rect(-18, -22, 36, 12, peri));
const skyline = (y, c, lit) => each([[0, 150], [70, 210], [150, 120], [230, 180], [640, 160], [710, 230], [800, 140], [870, 200]],
  ([x, h], i) => rect(x, y - h, 76, h, c) +
    each(range(3), (k) => (i + k) % 2 ? rect(x + 14 + 28 * (k % 2), y - h + 22 + 34 * k, 16, 16, lit, 2) : ""));

// The pictures, under the numbers of their cases.
const scenes = {
  2: () => room(mist, sand, 520) + circ(500, 330, 210, cream) + cloud(270, 130, 1) +
    house(360, 400, 110, 90, white, coral) + house(500, 380, 120, 80, white, peri) + house(430, 470, 130, 80, cream, pine) +
    rect(0, 250, 250, 290, wood) + each(range(5), (i) => line(`M0 ${300 + i * 48}H250`, sand, 3) +
      each(range(3), (k) => line(`M${40 + k * 84 + (i % 2) * 40} ${300 + i * 48}V${348 + i * 48}`, sand, 3))) +
    rect(-10, 226, 276, 32, night, 10) + rect(710, 140, 250, 400, peri) + rect(690, 112, 280, 36, indigo, 8) +
      pane(800, 210, 100, 100, cream) + plant(770, 545, 0.9, white) +
    path("M0 520H960V664H0Z", sand) + shadow(300, 560, 90) + shadow(490, 560, 60) + shadow(690, 560, 90) +
    rect(476, 400, 24, 160, wood, 4) + rect(398, 290, 180, 130, gold, 8) + path("M378 300L488 216L598 300Z", coral) +
      rect(440, 325, 96, 14, night, 7) + heart(488, 378, 1.1) +
    person({ x: 300, y: 562, s: 1.5, hair: "perm", colour: grey, top: coral, skirt: night, legs: tan, look: 7, grab: [, [424, 348]],
      elbows: [1, 1], under: true, hold: ["", envelope(26, -10, 0.95, -12, line("M-6 6a7 7 0 1 0 12 0a7 7 0 1 0-12 0", coral, 3))] }) +
    person({ x: 690, y: 562, s: 1.42, hair: "pony", top: pine, legs: indigo, look: -7, hands: [[-34, -96], [30, -92]], elbows: [1, -1],
      under: true, hold: [envelope(14, -6, 0.9, 8) + envelope(20, -14, 0.9, -6), ""] }),
  3: () => room(cream, sand, 540) + pane(90, 110, 190, 150, mist) + cloud(190, 200, 0.8) + circ(700, 170, 46, white) +
    circ(700, 170, 34, mist) +
    rect(830, 250, 90, 180, peri, 8) + plant(876, 252, 0.9) +
    person({ x: 180, y: 580, s: 1.5, hair: "bob", top: coral, look: 6, grab: [[130, 440], [255, 452]], elbows: [1, 1] }) +
    person({ x: 385, y: 580, s: 1.5, hair: "short", top: indigo, tone: tan, glasses: true, look: 4, grab: [[330, 446], [478, 330]],
      elbows: [1, 1] }) +
    person({ x: 590, y: 580, s: 1.5, hair: "bun", top: pine, look: -6, grab: [[545, 448], [640, 450]], elbows: [1, -1] }) +
    person({ x: 785, y: 580, s: 1.5, hair: "short", colour: wood, top: gold, look: -7, grab: [[705, 452], [835, 446]], elbows: [-1, -1] }) +
    turn(482, 290, 8, rect(-50, -38, 100, 76, white, 10), ell(-6, 0, 28, 15, peri), path("M18 0L38-14V14Z", peri),
      circ(-20, -4, 3, night)) +
    path("M90 440H870L920 516H40Z", wood) + rect(40, 516, 880, 26, night, 6) + rect(60, 542, 840, 122, indigo) +
    each([[180, 480, -6, bowl(0, 6, 0.6, coral)], [300, 484, 4, circ(0, 0, 20, mist) + ell(0, 0, 15, 12, white) + circ(2, 0, 7, gold)],
      [420, 482, -3, path("M-26 0Q-6-16 22-10Q26 0 22 10Q-6 14-26 0Z", coral) + line("M24-4L34-12M24 2L36 2", pine, 5)],
      [545, 484, 5, bowl(0, 6, 0.6, pine, gold)], [665, 480, -7, circ(0, 3, 17, coral) + line("M0-12Q2-20 10-22", pine, 5)],
        [780, 484, 6, path("M-24 10Q0-34 24 10Z", white) + path("M-24 10Q0-34 24 10Z", sage) + rect(-8, -4, 16, 16, night, 2)]],
    ([x, y, a, icon]) => turn(x, y, a, rect(-48, -32, 96, 64, white, 10), icon)),
  4: () => room(mist, sand, 530) + rect(72, 102, 186, 166, white, 6) + rect(80, 110, 170, 150, peri) + circ(215, 145, 16, gold) +
    rect(80, 236, 170, 24, pine) + tree(140, 240, 0.62, sage) + rect(330, 130, 110, 80, gold, 6) + rect(342, 142, 86, 56, cream) +
    path("M342 198L376 160L400 184L412 172L428 198Z", sage) +
    shadow(300, 560, 290) + rect(50, 330, 480, 190, indigo, 36) + rect(70, 440, 440, 100, peri, 24) + rect(30, 400, 64, 150, night, 26) +
      rect(486, 400, 64, 150, night, 26) +
    person({ x: 205, y: 570, s: 1.5, hip: [0, -62], thigh: 52, lap: true, hair: "perm", colour: grey, top: coral, legs: pine, look: 5,
      grab: [[215, 440], [268, 425]], elbows: [1, -1] }) +
    person({ x: 375, y: 570, s: 1.5, hip: [0, -62], thigh: 52, lap: true, hair: "short", top: gold, legs: night, look: -7,
      grab: [[300, 440], [420, 470]], elbows: [1, -1] }) +
    turn(252, 420, 8, rect(-24, -38, 48, 78, night, 8), rect(-19, -32, 38, 62, white, 3), plus(-2, -14, 0.6, coral),
      rect(-13, 2, 26, 8, peri, 3), rect(-13, 14, 26, 8, gold, 3)) +
    shadow(790, 566, 130) + rect(842, 300, 40, 250, night) + rect(800, 540, 124, 22, night, 8) +
      turn(862, 270, 0, rect(-74, -140, 148, 230, night, 16), rect(-60, -124, 120, 190, white, 8),
      each([[0, coral], [1, gold], [2, sage], [3, peri]], ([i, c]) => rect(-52 + (i % 2) * 56, -112 + Math.floor(i / 2) * 62, 48, 52, c,
        8)), plus(-28, -86, 0.9, white), rect(16, -98, 24, 22, white, 4), bowl(-28, -18, 0.45, white, white), circ(28, -24, 12, white),
        rect(-52, 22, 104, 30, indigo, 8)) +
    person({ x: 662, y: 566, s: 1.5, hair: "bald", colour: grey, top: pine, legs: dark, tone: tan, glasses: true, look: 8,
      grab: [, [806, 312]], elbows: [1, 1], arm: 70 }),
  5: () => rect(0, 0, 960, 664, night) + stars([[90, 90], [180, 150], [60, 240, 2], [250, 70], [700, 80], [880, 190], [930, 90, 2],
    [820, 260, 2]]) + moon(885, 130, 40, night) + skyline(540, "#21308f", gold) +
    rect(170, 150, 620, 400, indigo) + rect(146, 128, 668, 36, peri, 8) + faint(0.18, path("M230 480L85 664H875L730 480Z", gold)) +
      rect(222, 192, 516, 300, white, 8) + rect(236, 206, 488, 272, cream) +
    rect(260, 300, 78, 130, wood, 4) + each(range(3), (i) => each(range(5), (k) => rect(267 + k * 13, 308 + i * 40, 9, 28,
      [coral, peri, sage, gold, indigo][(i + k) % 5]))) +
    circ(660, 258, 36, white) + `<circle cx="660" cy="258" r="34" fill="none" stroke="${night}" stroke-width="6"/>` +
      line("M660 258V234M660 258H642", night, 5) + pendant(470, 262, gold, 206) + faint(0.4, path("M410 264L320 478H620L532 264Z", gold)) +
    person({ x: 618, y: 606, s: 1.4, hair: "bun", colour: grey, top: pine, look: -6, grab: [[560, 446], [670, 446]], elbows: [1, -1],
      glasses: true }) +
    person({ x: 372, y: 572, s: 1.14, hair: "short", top: coral, look: 5, grab: [[338, 446], [410, 448]], elbows: [1, -1] }) +
    person({ x: 488, y: 572, s: 1.14, hair: "bob", top: gold, look: 4, grab: [[456, 448], [524, 446]], elbows: [1, -1] }) +
    rect(300, 446, 424, 32, wood) + each([[384, white], [492, mist], [630, white]],
      ([x, c]) => path(`M${x - 34} 450L${x} 456L${x + 34} 450V436L${x} 442L${x - 34} 436Z`, c)) + rect(222, 478, 516, 14, white) +
      rect(170, 492, 620, 58, indigo) + faint(0.2, path("M230 492L180 550H780L730 492Z", gold)) +
    rect(0, 548, 960, 116, "#121a52") + bush(120, 556, 1.2, pine) + bush(850, 556, 1.3, pine) + bush(760, 560, 0.7, pine),
  6: () => room(mist, sand, 540) + pane(420, 110, 180, 130, cream) + line("M60 150H320M80 150V545M300 150V545", night, 8) +
    each([[120, indigo], [190, coral], [262, pine]], ([x, c]) => at(x, 170, 1, line("M0-20V-6", night, 4),
      path("M-14 0H14L48 24L38 92L28 88V176H-28V88L-38 92L-48 24Z", c), line("M0 4V174", cream, 3), rect(-22, 46, 16, 20, cream, 2))) +
    rect(100, 470, 180, 76, wood, 6) + path("M110 474Q130 430 170 452Q200 424 230 450Q262 440 272 474Z", peri) +
    person({ x: 500, y: 570, s: 1.5, hair: "bob", top: coral, apron: cream, look: 7, grab: [[520, 448], [590, 446]], elbows: [1, -1],
      lean: 4 }) +
    rect(340, 456, 420, 22, wood, 6) + rect(370, 478, 20, 90, wood) + rect(710, 478, 20, 90, wood) +
      path("M460 456Q520 440 610 452L690 456Z", indigo) +
    at(600, 456, 1, rect(-20, -18, 150, 18, night, 6), path("M96-14V-96Q96-112 80-112H4Q-10-112-10-98V-74H14V-84H66V-14Z", white),
      line("M2-74V-20", night, 4), circ(112, -84, 20, peri), circ(112, -84, 7, night), rect(30, -132, 18, 20, gold, 4)) +
    line("M730 170H940", night, 8) + at(778, 180, 0.95, line("M-20 34Q-20-10 0-10Q20-10 20 34", wood, 7), rect(-44, 30, 88, 110, indigo, 8),
      rect(-24, 64, 48, 40, gold, 4)) + at(890, 176, 0.95, line("M-16 20V-4M16 20V-4", pine, 5),
      path("M-16 14H16L22 60Q40 66 40 84L34 170H-34L-40 84Q-40 66-22 60Z", pine), rect(-20, 96, 40, 34, sage, 4)) +
    at(850, 548, 1, rect(-70, -90, 140, 96, wood, 6), rect(-60, -120, 120, 34, coral, 6), rect(-54, -146, 108, 30, gold, 6),
      rect(-58, -78, 116, 24, sand, 4)),
  7: () => room("#f6dfc8", wood, 540) + rect(70, 130, 190, 420, night) + stars([[110, 190], [200, 170], [150, 250], [220, 300, 2]]) +
    moon(180, 220, 24, night) + path("M70 130L20 160V580L70 550Z", indigo) + circ(34, 370, 7, gold) +
    line("M70 550V130H260V550", white, 14) +
    circ(610, 400, 250, cream) + pendant(610, 190) + rect(820, 170, 100, 76, white, 4) + path("M828 238L856 200L876 220L890 208L912 238Z",
      sage) +
    person({ x: 190, y: 572, s: 1.45, hair: "bob", top: coral, legs: peri, look: 7, elbows: [1, 1], hands: [[-38, -74], [66, -146]] }) +
      at(137, 480, 1, line("M-16 0Q0-30 16 0", night, 5), rect(-28, 0, 56, 50, gold, 8)) +
    person({ x: 480, y: 580, s: 1.1, hair: "pony", top: gold, look: -7, grab: [[398, 400], [530, 448]], elbows: [1, -1] }) +
    person({ x: 628, y: 580, s: 1.45, hair: "perm", colour: grey, top: pine, apron: sage, look: -5, grab: [[570, 446], [680, 444]],
      elbows: [1, -1] }) +
    person({ x: 775, y: 580, s: 1.1, hair: "short", top: indigo, look: -7, grab: [[722, 448], [815, 446]], elbows: [1, -1] }) +
    ell(625, 470, 260, 38, white) + path("M365 470Q365 508 625 508Q885 508 885 470V500Q885 540 625 540Q365 540 365 500Z", peri) +
      rect(600, 530, 50, 60, night) + ell(625, 588, 110, 14, night) +
    bowl(480, 470, 0.8, coral) + bowl(775, 470, 0.8, coral) + bowl(625, 478, 1.1, indigo, sage) + steam(625, 440, 0.6, peri) +
      ell(555, 486, 30, 9, mist) + ell(555, 484, 16, 5, gold) + ell(700, 486, 30, 9, mist) + ell(700, 484, 18, 5, coral),
  8: () => rect(0, 0, 960, 664, night) + stars([[80, 80], [220, 120], [330, 60], [470, 110, 2], [560, 70], [900, 120], [420, 180, 2]]) +
    circ(740, 140, 54, cream) + skyline(380, "#27369a", gold) +
    path("M0 360Q300 350 520 372T960 360V440H0Z", pine) + rect(0, 420, 960, 90, "#33479f") + faint(0.6,
      each([[740, 440, 60], [740, 458, 90], [735, 476, 50]], ([x, y, w]) => rect(x - w / 2, y, w, 6, cream, 3))) +
      faint(0.4, each([[120, 450, 80], [330, 470, 110], [520, 445, 60]], ([x, y, w]) => rect(x, y, w, 4, peri, 2))) +
    path("M0 490Q500 470 960 490V664H0Z", pine) + path("M0 530Q480 508 960 530V664H0Z", "#c9b7a4") +
      each([40, 76, 108], (x, i) => line(`M${x} 510Q${x + 4} 450 ${x - 8 + i * 8} 410`, sage, 5) +
      turn(x - 8 + i * 8, 404, 8, ell(0, 0, 6, 20, sand))) +
    streetLamp(150, 540, 330) + streetLamp(846, 540, 330) +
    each([[320, 552, 1.25, "back", peri, dark, indigo, 0], [640, 556, 1.32, "backPerm", gold, wood, indigo, 0],
      [470, 576, 1.52, "backPony", coral, dark, "#0f1648", 1]], ([x, y, s, hair, top, colour, legs, i]) => shadow(x, y + 2, 60) +
      person({ x, y, s, hair, colour, top, legs, feet: i ? [[-16, 0], [12, -12]] : [[-12, -12], [16, 0]],
        hands: [[-36, -76], [36, -74]] })),
  9: () => rect(0, 0, 960, 664, night) + skyline(520, "#22318f", gold) + circ(500, 310, 215, indigo) +
    each(range(12), (i) => circ(500 + 188 * Math.sin(i * Math.PI / 6), 310 - 188 * Math.cos(i * Math.PI / 6), i % 3 ? 6 : 11, gold)) +
    faint(0.5, line("M500 310V180M500 310L590 250", peri, 12)) +
    stars([[60, 90], [180, 60], [250, 160], [770, 90], [900, 150], [840, 60]]) + rect(0, 520, 960, 144, "#3a4796") + shadow(190, 560, 220) +
    at(190, 556, 1, path("M-180-210H90Q104-210 112-196L160-110Q200-100 200-70V-20H-180Z", white), rect(-180, -86, 380, 26, coral),
      path("M70-190H92L134-112H70Z", peri), rect(-20, -232, 60, 24, coral, 8), heart(-70, -144, 2.2), circ(-100, -20, 40, dark),
      circ(-100, -20, 17, grey), circ(120, -20, 40, dark), circ(120, -20, 17, grey), rect(180, -64, 18, 18, gold, 4)) +
    person({ x: 462, y: 566, s: 1.42, hair: "cap", colour: coral, top: coral, legs: dark, look: 7, hands: [[-37, -74], [38, -74]],
      hold: ["", at(6, 26, 1, rect(-26, -14, 52, 40, white, 6), line("M-10-14Q0-28 10-14", dark, 5), heart(0, 6, 0.7))] }) +
    shadow(740, 566, 190) + rect(580, 452, 330, 20, sand, 6) + rect(580, 390, 330, 18, sand, 6) +
      line("M610 396V560M880 396V560", wood, 12) +
    person({ x: 662, y: 566, s: 1.42, hip: [0, -62], thigh: 52, lap: true, hair: "bob", top: sage, legs: pine, look: 7,
      grab: [[622, 474], [738, 438]], elbows: [1, 1], under: true, hold: ["", cup(6, 4, 1, white)] }) +
    person({ x: 826, y: 566, s: 1.42, hip: [0, -62], thigh: 52, lap: true, hair: "short", top: peri, legs: dark, look: -6, closed: true,
      grab: [[810, 452], [842, 452]], elbows: [1, -1], sleeve: gold,
      mark: path("M-15-66Q-48-62-46-20L-44 22Q0 32 44 22L46-20Q48-62 15-66Q0-24-15-66Z", gold) }),
  10: () => room(cream, sand, 550) + each(range(6), (i) => each(range(4), (k) => rect(20 + k * 150 + (i % 2) * 60, 90 + i * 76, 70, 26,
    "#f6e3c3", 4))) + rect(560, 80, 310, 480, white) + rect(584, 104, 262, 456, indigo) + rect(614, 136, 202, 150, "#3a4fce", 6) +
    rect(614, 420, 202, 110, "#3a4fce", 6) + circ(716, 210, 12, mist) +
    rect(800, 330, 26, 76, gold, 8) + rect(732, 352, 88, 18, gold, 9) + line("M722 452Q722 360 750 360Q778 360 778 452", night, 7) +
    rect(690, 442, 122, 110, coral, 14) + rect(690, 470, 122, 10, cream) + each([[700, sage], [757, gold]],
      ([x, c]) => rect(x, 424, 46, 26, white, 4) + rect(x - 3, 414, 52, 14, c, 5)) + rect(690, 442, 122, 30, coral, 8) +
      heart(751, 518, 1.1, cream) +
    rect(570, 556, 300, 20, pine, 8) + plant(910, 570, 1, night, sage) + shadow(330, 572, 150) +
    person({ x: 400, y: 572, s: 1.72, hair: "perm", top: pine, apron: gold, look: 6, legs: dark, grab: [[372, 428], [452, 420]],
      elbows: [1, -1] }) +
    turn(400, 408, -6, rect(-34, -40, 72, 56, white, 5), rect(-34, -40, 72, 10, coral, 4), line("M-20-16H14M-20-2H4", peri, 4)) +
      line("M452 420L424 396", night, 6) + circ(374, 428, 16, skin) + circ(452, 422, 16, skin) +
    at(190, 572, 1, rect(-76, -130, 152, 132, peri, 16), rect(-76, -140, 152, 26, indigo, 10), line("M-40-138Q-36-190 0-190Q36-190 40-138",
      night, 8), each([-40, 0, 40], (x) => rect(x - 18, -92, 36, 22, white, 4)), heart(0, -34, 1.2, cream)),
  11: () => rect(0, 0, 960, 664, mist) + circ(200, 150, 56, gold) + cloud(720, 110, 1) + cloud(330, 100, 0.7) +
    path("M0 400Q220 200 480 180T960 360V664H0Z", sage) +
    house(330, 270, 90, 60, white, peri) + house(560, 265, 100, 64, cream, coral) + house(190, 350, 120, 76, cream, indigo) +
      house(640, 340, 130, 80, white, pine) + house(56, 300, 96, 60, white, coral) + house(790, 430, 140, 90, cream, indigo) +
      house(620, 470, 130, 84, cream, peri) +
    each([[360, 225], [596, 216], [230, 294], [690, 280], [90, 256], [850, 362], [668, 408]], ([x, y]) => rect(x, y, 30, 28, peri, 3)) +
    path("M0 470Q140 440 300 480L255 664H0Z", pine) + path("M960 470Q820 440 670 480L713 664H960Z", pine) +
    each(range(10), (i) => { const w = 330 - i * 24, y = 600 - i * 38 + i * i * 0.6; return rect(480 - w / 2, y, w, 64,
      i % 2 ? sand : cream); }) +
    line("M20 470V330M300 440V300", wood, 8) + line("M20 336Q160 372 300 306", night, 4) + turn(80, 346, 4, rect(-38, 0, 76, 92, coral, 4),
      rect(-38, 66, 76, 12, cream)) + turn(162, 350, -2, rect(-34, 0, 68, 84, gold, 4), circ(0, 42, 14, cream)) +
      turn(240, 340, -9, rect(-34, 0, 68, 90, white, 4), rect(-34, 20, 68, 10, peri), rect(-34, 58, 68, 10, peri)) +
    shadow(440, 590, 70) +
    person({ x: 430, y: 592, s: 1.4, hair: "back", top: indigo, legs: night, feet: [[-18, 0], [16, -26]], hands: [[-38, -92], [38, -92]],
      arm: 50, lean: 4 }) +
    turn(436, 430, 4, line("M-30 120L-22-90M30 120L22-90M-28 60H28", wood, 9), rect(-66, 26, 132, 34, coral, 14),
      rect(-62, -8, 124, 36, cream, 14), rect(-64, -42, 128, 36, gold, 14), rect(-56, -74, 112, 34, peri, 14),
      line("M-34 60V-74M34 60V-74", wood, 5)) +
    person({ x: 590, y: 560, s: 1.25, hair: "perm", colour: grey, top: coral, legs: dark, look: -6, grab: [[560, 420], [625, 420]],
      elbows: [1, -1], under: true, hold: [rect(-16, -30, 84, 26, white, 12) + rect(-12, -6, 76, 26, sage, 12), ""] }),
  12: () => rect(0, 0, 960, 664, mist) + circ(170, 140, 52, gold) + cloud(400, 120, 0.9) +
    path("M0 330L150 220L300 310L470 190L640 320L800 230L960 320V480H0Z", peri) + path("M0 380Q240 300 480 360T960 340V560H0Z", sage) +
    path("M0 450Q300 380 960 440V560H0Z", pine) + each(range(4),
      (i) => line(`M${40 + i * 50} 470Q${140 + i * 60} 440 ${300 + i * 60} ${420 + i * 3}`, sage, 4)) +
    rect(730, 230, 190, 220, white, 6) + rect(714, 218, 222, 22, indigo, 6) + plus(825, 285, 1.9, pine) +
      each([755, 800, 872], (x) => rect(x, 340, 28, 34, peri, 3)) + rect(804, 392, 44, 58, indigo, 4) + tree(690, 460, 0.8, sage) +
      tree(955, 460, 0.9, sage) +
    rect(0, 500, 960, 164, "#6a7297") + each(range(6), (i) => rect(20 + i * 180, 590, 90, 8, cream, 4)) + line("M90 505V290", night, 9) +
      circ(90, 280, 40, indigo) + rect(68, 262, 44, 30, white, 6) + rect(73, 267, 15, 11, indigo) + rect(92, 267, 15, 11, indigo) +
      circ(78, 294, 6, white) + circ(102, 294, 6, white) + rect(40, 440, 20, 70, wood) + rect(20, 436, 60, 14, wood, 4) +
    shadow(400, 566, 260) + at(400, 560, 1, path("M-130-130L-90-236Q-84-250-68-250H82Q96-250 106-238L176-130Z", coral),
      path("M-104-132L-72-222Q-68-230-58-230H16V-132Z", cream), path("M32-230H74Q84-230 90-222L148-132H32Z", cream)) +
    at(358, 392, 1.05, rect(-40, 28, 84, 40, pine, 16), head({ hair: "perm", colour: grey, look: 6 })) +
      at(478, 392, 1.05, rect(-40, 28, 70, 40, indigo, 16), head({ hair: "short", look: 7, tone: tan })) +
      line("M502 426L530 424", indigo, 16) + line("M534 404L546 432", dark, 7) +
    at(400, 560, 1, path("M-226-20V-90Q-226-130-180-132H180Q250-124 250-70V-20Z", coral), line("M24-250V-30", "#d9664a", 5),
      rect(-226, -54, 476, 12, "#d9664a"), rect(-20, -112, 30, 9, cream, 4), rect(120, -112, 30, 9, cream, 4),
      rect(226, -96, 24, 22, gold, 6), circ(-124, -18, 46, dark), circ(-124, -18, 20, grey), circ(150, -18, 46, dark),
      circ(150, -18, 20, grey)),
  13: () => rect(0, 0, 960, 664, cream) + circ(800, 130, 50, gold) + path("M0 300Q200 180 420 250T960 220V440H0Z", mist) +
    each([[70, coral, sage, 0], [360, indigo, coral, 1], [650, pine, gold, 2]], ([x, c, d, i]) => rect(x, 190, 240, 240, white) +
      rect(x - 8, 160, 256, 40, c, 8) +
      each(range(6), (k) => path(`M${x + k * 40} 236H${x + k * 40 + 40}V264Q${x + k * 40 + 20} 284 ${x + k * 40} 264Z`,
      k % 2 ? white : d)) + rect(x, 226, 240, 14, d) +
      rect(x + 20, 300, 110, 90, mist, 4) + rect(x + 150, 296, 66, 134, c, 4) + at(x + 75, 346, 1,
        [plus(0, 0, 1.3, pine), line("M-18-20L14 22M18-20L-14 22", night, 6) + circ(-18, 26, 9, coral) +
        circ(18, 26, 9, coral), line("M0-10V32", wood, 9) + rect(-26, -26, 52, 22, night, 5)][i])) +
    rect(0, 434, 960, 230, peri) + each([[60, 590, 120], [400, 610, 140], [700, 585, 120]], ([x, y, w]) => rect(x, y, w, 6, mist, 3)) +
    path("M0 430Q480 400 960 430V560H880Q870 470 770 470T660 560H590Q580 462 480 462T370 560H300Q290 470 190 470T80 560H0Z", grey) +
      each([[30, 470], [320, 478], [345, 510], [618, 480], [600, 520], [40, 520], [905, 478], [925, 520], [460, 440], [200, 446],
      [740, 446]], ([x, y]) => rect(x, y, 34, 14, "#aab0c8", 4)) + path("M-10 424Q480 394 970 424V444Q480 414-10 444Z", "#8e96b8") +
    person({ x: 256, y: 432, s: 1, hair: "bun", top: white, apron: sage, look: 6, hands: [[-37, -72], [66, -138]], elbows: [1, 1] }) +
    person({ x: 340, y: 428, s: 1, hair: "perm", colour: grey, top: peri, skirt: indigo, legs: tan, look: -6,
      hands: [[-40, -74], [36, -84]], hold: ["", line("M0-4V84", wood, 5)] }) +
    person({ x: 540, y: 426, s: 1, hair: "bob", top: coral, apron: cream, look: 6, hands: [[-38, -74], [62, -108]], elbows: [1, 1],
      hold: ["", rect(-4, -14, 26, 24, gold, 4)] }) +
    person({ x: 630, y: 427, s: 1, hair: "bald", colour: grey, top: gold, legs: dark, look: -6, hands: [[-62, -104], [38, -74]],
      elbows: [-1, -1], tone: tan }) +
    person({ x: 838, y: 432, s: 1, hair: "short", top: indigo, apron: pine, look: -6, tone: tan, hands: [[-66, -138], [38, -74]],
      elbows: [-1, -1] }),
  14: () => room(cream, sand, 545) +
    each(range(9), (i) => path(`M${i * 110 - 15} 60H${i * 110 + 95}V150Q${i * 110 + 40} 186 ${i * 110 - 15} 150Z`, i % 2 ? white : coral)) +
    rect(0, 30, 960, 50, night) + line("M200 80V230M760 80V230", night, 4) + circ(200, 236, 18, gold) + circ(760, 236, 18, gold) +
    shadow(280, 574, 80) + shadow(690, 574, 80) + shadow(480, 570, 150) + rect(358, 172, 246, 396, indigo, 18) +
      rect(380, 196, 202, 330, mist, 8) + each([300, 396, 490], (y) => rect(380, y, 202, 9, white)) + heart(481, 548, 0.8, gold) +
    each([[410, 272], [462, 272]], ([x, y]) => circ(x, y, 27, sage) +
      line(`M${x} ${y + 24}V${y - 8}M${x} ${y + 6}L${x - 12} ${y - 8}M${x} ${y + 6}L${x + 12} ${y - 8}`, white, 3)) +
      each([520, 545, 562], (x) => path(`M${x} 300L${x - 10} 256Q${x} 246 ${x + 10} 256Z`, coral) +
      line(`M${x} 252L${x - 5} 234M${x} 252L${x + 6} 236`, pine, 4)) +
    each([405, 440, 475], (x) => circ(x, 376, 20, coral) + line(`M${x} 358L${x + 8} 350`, pine, 5)) +
      each([520, 552], (x) => ell(x, 366, 14, 30, "#6a2a86")) + each([404, 444], (x) => rect(x - 18, 430, 36, 60, white, 5) +
      rect(x - 18, 446, 36, 18, peri)) + each([500, 530, 560], (x) => ell(x, 474, 15, 18, sand)) +
    each([[60, coral], [110, gold], [160, coral], [210, gold]], ([x, c]) => circ(x - 10, 470, 26, c)) + rect(16, 476, 220, 92, wood, 6) +
      rect(16, 510, 220, 8, sand) + each([760, 815, 870, 920], (x) => circ(x, 472, 30, sage)) + rect(730, 476, 220, 92, wood, 6) +
      rect(730, 510, 220, 8, sand) +
    person({ x: 280, y: 572, s: 1.55, hair: "perm", top: coral, apron: gold, look: 7, legs: pine, grab: [[300, 420], [362, 396]],
      elbows: [1, 1], under: true, hold: ["", circ(2, -22, 26, sage) + circ(-12, -12, 17, "#9ad6bb") + circ(16, -10, 17, "#9ad6bb")] }) +
    person({ x: 690, y: 572, s: 1.55, hair: "short", top: peri, look: -7, legs: night, tone: tan, grab: [[580, 396], [742, 470]],
      elbows: [-1, -1], under: true, arm: 66, hold: ["", line("M-12 6Q0-16 12 6", wood, 4) + line("M6 10L18-34M-2 10L-8-30", pine, 7) +
      rect(-24, 4, 48, 46, cream, 6)] }),
  15: () => room(mist, sand, 560) + rect(120, 90, 720, 474, peri) + rect(150, 118, 660, 446, cream) + rect(430, 62, 100, 44, night, 8) +
    path("M466 94L480 74L494 94Z", gold) + rect(150, 540, 660, 24, wood) + rect(150, 118, 88, 446, indigo) +
    rect(722, 118, 88, 446, indigo) + line("M238 118V564M722 118V564", night, 5) +
    rect(870, 290, 50, 100, white, 10) + path("M882 328L895 308L908 328Z", coral) + path("M882 352L895 372L908 352Z", grey) +
    rect(262, 428, 438, 12, wood, 6) + rect(390, 150, 180, 190, white, 10) +
      `<rect x="390" y="150" width="180" height="190" rx="10" fill="none" stroke="${wood}" stroke-width="10"/>` +
    each([[412, 184, 110], [412, 212, 130], [412, 240, 84], [412, 268, 120]], ([x, y, w], i) => line(`M${x} ${y}q8-9 16 0t16 0` +
      "t16 0".repeat(Math.floor(w / 16) - 2), [night, coral, pine, indigo][i], 4)) + heart(536, 240, 0.8) +
      line("M412 306q8-9 16 0t10 0", night, 4) + rect(430, 352, 100, 34, gold, 6) + rect(450, 360, 60, 7, night, 3) +
    rect(282, 176, 56, 170, white, 8) + each(range(8), (i) => circ(298 + (i % 2) * 24, 204 + Math.floor(i / 2) * 38, 9,
      i === 5 ? gold : grey)) +
    person({ x: 350, y: 566, s: 1.36, hair: "short", top: coral, legs: indigo, look: 7, grab: [, [446, 314]], elbows: [1, 1], arm: 70,
      hold: ["", line("M-6 8L14-14", gold, 7)] }) +
    person({ x: 636, y: 566, s: 1.5, hair: "perm", colour: grey, top: pine, skirt: night, legs: tan, look: -7,
      hands: [[-62, -150], [38, -72]], elbows: [-1, -1], hold: ["", line("M-10 6Q0-14 10 6", wood, 4) + rect(-22, 4, 44, 40, gold, 6)] }),
  16: () => room(mist, sand, 540) + rect(430, 100, 330, 20, night, 8) + path("M446 118H744V520Q744 560 790 590H400Q446 560 446 520Z",
    sage) + faint(0.5, circ(596, 290, 130, cream)) + each([[806, 130, 110, 130], [830, 290, 90, 110]],
    ([x, y, w, h]) => rect(x, y, w, h, wood, 4) + rect(x + 10, y + 10, w - 20, h - 20, cream)) +
    at(861, 200, 0.95, rect(-34, 30, 68, 24, coral, 10), head({ hair: "bald", colour: grey, tone: tan })) +
    at(875, 352, 0.75, rect(-34, 30, 68, 24, pine, 10), head({ hair: "bun", colour: grey })) +
    shadow(596, 574, 150) +
    person({ x: 596, y: 572, s: 1.6, hip: [0, -80], hair: "bun", colour: grey, top: "#f6b7a4", look: -3, feet: [[-14, 0], [14, 0]],
      mark: path("M-30-22Q0-14 30-22Q66 30 74 78Q0 92-74 78Q-66 30-30-22Z", indigo) + line("M-16-62L6-26M16-62L-4-34", white, 6) +
      line("M2-26Q6 0-4 26M4-26Q18-6 16 16", coral, 7), grab: [[578, 448], [616, 448]], elbows: [1, -1], arm: 68 }) +
    line("M350 120V560M350 540L310 575M350 540L390 575", night, 7) + turn(350, 150, 24, rect(-56, -46, 112, 92, night, 8),
      rect(-44, -36, 88, 72, cream, 6)) +
    line("M262 400L220 572M262 400L262 572M262 400L304 572", night, 8) +
    person({ x: 150, y: 572, s: 1.55, hair: "short", top: coral, legs: dark, look: 8, grab: [[222, 352], [230, 384]], elbows: [1, 1],
      behind: [0], lean: 4 }) + rect(216, 330, 96, 68, night, 10) + rect(236, 316, 40, 18, night, 5) + rect(306, 342, 30, 44, indigo, 6) +
      circ(238, 352, 6, coral) +
    rect(800, 470, 120, 14, wood, 6) + line("M820 484V572M900 484V572", wood, 9) + cup(860, 466, 1.1, white) + steam(856, 430, 0.5, white),
  17: () => rect(0, 0, 960, 664, night) + stars([[70, 100], [150, 190], [60, 290, 2], [450, 90], [520, 160, 2], [400, 200, 2]]) +
    circ(290, 220, 128, cream) + circ(250, 190, 20, "#f4e3bd") + circ(330, 250, 28, "#f4e3bd") + circ(300, 150, 10, "#f4e3bd") +
    house(-40, 480, 170, 130, indigo, "#101850") + house(170, 480, 150, 90, "#22318f", "#101850") +
    house(360, 480, 150, 120, indigo, "#101850") + rect(220, 420, 36, 32, gold, 3) + rect(30, 390, 36, 36, "#101850", 3) +
    rect(410, 400, 36, 32, "#101850", 3) +
    rect(0, 478, 960, 186, "#4a56a5") + rect(560, 90, 400, 470, peri) + rect(540, 70, 440, 34, "#101850", 8) +
      rect(610, 180, 180, 376, white) + rect(624, 194, 152, 362, pine) + circ(648, 384, 9, gold) + rect(650, 220, 100, 60, "#2f8270", 4) +
      pane(840, 210, 90, 110, "#101850", white) + rect(590, 548, 370, 26, grey, 6) + line("M700 130V150", night, 6) +
      faint(0.3, circ(700, 164, 54, cream)) + circ(700, 162, 16, gold) +
    bottle(650, 548, 1.15) + bottle(700, 548, 1.15) + bottle(750, 548, 1.15) + plant(900, 550, 0.9, wood, sage) + shadow(420, 576, 150) +
    person({ x: 440, y: 576, s: 1.6, hair: "cap", colour: gold, top: gold, legs: "#101850", look: 8, grab: [[372, 440], [496, 442]],
      elbows: [1, -1], under: true }) +
    at(434, 470, 1, each([-44, 0, 44], (x) => bottle(x, 0, 0.9)), rect(-76, -16, 152, 62, coral, 8), rect(-60, 4, 120, 10, "#101850", 5)) +
      each([[372, 456], [496, 456]], ([x, y]) => circ(x, y, 14, skin)) +
    at(160, 570, 1, line("M-66-20L-30-84H40L76-20M-30-84L6-20L40-84M36-100L52-84M36-104H60", peri, 7),
      `<g fill="none" stroke="${mist}" stroke-width="7"><circle cx="-66" cy="-20" r="40"/><circle cx="76" cy="-20" r="40"/></g>`,
      rect(-46, -100, 36, 10, dark, 5), rect(-100, -120, 56, 46, coral, 6)),
  18: () => room(cream, wood, 550) + rect(80, 170, 170, 384, white) + rect(96, 186, 138, 368, indigo) +
    rect(118, 212, 94, 110, "#3a4fce", 4) + rect(118, 350, 94, 160, "#3a4fce", 4) + circ(216, 372, 10, gold) +
    rect(740, 200, 160, 120, white, 4) + pane(750, 210, 140, 100, mist) + rect(700, 470, 230, 90, peri, 6) +
    rect(690, 456, 250, 20, white, 6) + line("M810 456V420Q810 396 836 396Q858 396 858 416", grey, 12) + rect(796, 404, 28, 9, grey, 4) +
    faint(0.35, circ(530, 190, 130, gold)) + line("M530 0V130", night, 5) + path("M475 174Q481 132 530 130Q579 132 585 174Z", night) +
      circ(530, 188, 26, gold) + each([[60, 20], [44, 62]], ([a,
      b]) => line(`M${530 + a * 0.8} ${188 + b * 0.8}L${530 + a * 1.2} ${188 + b * 1.2}`, gold, 6)) +
    line("M400 330L340 572M470 330L530 572", night, 12) + each([400, 460, 520],
      (y) => line(`M${400 - (y - 330) * 0.25} ${y}H${470 + (y - 330) * 0.25}`, night, 9)) + rect(386, 322, 98, 16, night, 6) +
    person({ x: 435, y: 460, s: 1.35, hair: "short", top: coral, legs: indigo, tone: tan, look: 7, grab: [[386, 336], [512, 204]],
      elbows: [1, 1], arm: [52, 80], feet: [[-20, 0], [20, 0]], mark: path("M-27-10H27L25 8H-25Z", wood) +
      rect(12, -8, 12, 22, gold, 3) }) +
    shadow(630, 578, 80) +
    person({ x: 630, y: 576, s: 1.42, hair: "perm", colour: grey, top: sage, skirt: pine, legs: tan, look: -7,
      grab: [[516, 486], [502, 440]], elbows: [-1, -1], arm: 70, behind: [1] }) +
    at(236, 578, 1, line("M-34-66Q-34-96 0-96Q34-96 34-66", night, 8), rect(-76, -66, 152, 66, coral, 8), rect(-76, -44, 152, 10, cream),
      rect(-14, -52, 28, 24, gold, 4), line("M-46-66L-58-110", grey, 9), line("M48-66L56-100", wood, 9), rect(36, -116, 42, 18, night, 4)),
  19: () => rect(0, 0, 960, 664, mist) + each(range(5), (i) => line(`M0 ${60 + i * 96}H960`, white, 3)) +
    each(range(9), (i) => line(`M${i * 120} 0V470`, white, 3)) + at(0, 20, 1, rect(270, 90, 420, 190, wood, 14),
    rect(284, 104, 392, 162, cream, 6), path("M284 266V230L380 160L450 220L540 140L676 240V266Z", sage), circ(610, 146, 22, gold),
    line("M480 104V266", wood, 10)) +
    steam(140, 330, 1.3) + steam(800, 320, 1.3) + steam(470, 410, 1.1) +
    each([[310, "towel", tan, 5, true], [630, "towel", skin, -5, false]], ([x, hair, tone, look, closed],
      i) => person({ x, y: 722, s: 2.15, hair, colour: i ? gold : coral, tone, top: tone, look, closed })) +
    path("M0 470Q60 456 120 470T240 470T360 470T480 470T600 470T720 470T840 470T960 470V664H0Z", sage) +
      faint(0.5, each([[90, 500, 120], [420, 510, 100], [700, 500, 140], [250, 535, 90]], ([x, y, w]) => rect(x, y, w, 6, white, 3))) +
    at(470, 494, 1.1, ell(0, 6, 84, 20, wood), ell(0, 0, 84, 20, sand), cup(-28, 0, 1.1, white), cup(30, 2, 1.1, white)) +
    path("M0 560Q480 540 960 560V664H0Z", grey) + each([[60, 570, 90], [210, 580, 70], [780, 578, 80], [900, 568, 90]],
      ([x, y, r]) => ell(x, y, r, 36, "#8e96b8")) + rect(820, 500, 90, 50, wood, 8) + rect(812, 494, 106, 14, sand, 6) +
      path("M830 494Q850 470 880 476L900 494Z", white) + plant(60, 560, 0.8, night, pine),
  20: () => room(mist, sand, 560) + rect(90, 110, 780, 146, white, 12) + each([[180, -3, path("M-40 22Q-40 2 0 2Q40 2 40 22Z", sand) +
    line("M-44 24H44", wood, 6)], [390, 3, circ(0, 10, 20, coral) + line("M0 30Q-8 36 4 42M-36-22L-20-22M20-22L36-22", grey, 4)],
    [600, -2, rect(-18, -18, 36, 50, mist, 6) + rect(-18, 2, 36, 30, indigo, 6)], [790, 4, path("M-20 10H20L15 36H-15Z", wood) +
    line("M0 10Q-4-22 14-24Q30-24 28 0", pine, 5) + turn(30, 2, 20, ell(0, 4, 7, 12, pine))]],
      ([x, a, icon]) => turn(x, 184, a, rect(-66, -54, 132, 112, cream, 6), circ(0, -50, 8, coral), icon)) +
    person({ x: 470, y: 596, s: 1.6, hair: "short", top: white, legs: night, glasses: true, look: -6, grab: [[402, 436], [556, 388]],
      elbows: [1, 1], mark: path("M-12-63L0-34L12-63Z", peri) + line("M0-34V6", peri, 3) }) +
    person({ x: 250, y: 590, s: 1.2, hair: "pony", top: coral, look: 7, glasses: true, grab: [[215, 440], [312, 412]], elbows: [1, 1] }) +
    person({ x: 660, y: 590, s: 1.2, hair: "short", top: gold, look: -7, glasses: true, tone: tan, grab: [[604, 442], [696, 440]],
      elbows: [1, -1] }) +
    person({ x: 800, y: 590, s: 1.2, hair: "bob", top: pine, look: -7, grab: [[752, 352], [838, 440]], elbows: [-1, -1] }) +
    rect(110, 448, 770, 26, wood, 8) + rect(130, 474, 730, 126, cream) + rect(130, 474, 730, 10, sand) +
    at(345, 448, 1, rect(-30, -84, 60, 84, white, 8), rect(-30, -52, 60, 52, indigo, 8), circ(-8, -66, 7, peri), circ(10, -72, 6, peri),
      circ(4, -98, 8, peri), circ(-8, -118, 6, peri), circ(8, -136, 5, peri)) +
    at(560, 448, 1, rect(-34, -62, 68, 62, white, 8), rect(-34, -36, 68, 36, "#b28ad0", 8), line("M10-70L-4-10", wood, 6)) +
      at(180, 448, 1, path("M-44-34H44Q40 0 20 0H-20Q-40 0-44-34Z", peri), ell(0, -34, 44, 10, white)) +
      at(725, 448, 1, line("M24-94Q16-60 6-40", grey, 4), rect(-14, -40, 34, 40, sage, 6), circ(27, -122, 30, coral)) +
      path("M820 448Q820 424 846 424Q872 424 872 448Z", "#6a2a86"),
  21: () => rect(0, 0, 960, 664, cream) + circ(690, 190, 66, gold) + path("M0 300L130 200L260 280L420 170L600 290L760 210L960 300V420H0Z",
    peri) + path("M0 330Q260 260 500 310T960 290V460H0Z", pine) +
    path("M0 380Q300 320 960 370V664H0Z", sage) + path("M0 400Q260 360 470 380L380 440Q160 430 0 460Z", gold) +
      path("M520 372Q760 350 960 384V430Q720 420 470 436Z", "#b9d98a") + path("M0 480Q200 450 360 460L250 520Q120 520 0 540Z", "#b9d98a") +
      path("M480 452Q760 436 960 450V510Q700 500 430 520Z", gold) +
    path("M0 548Q480 500 960 540V600Q480 560 0 612Z", sand) + path("M0 612Q480 560 960 600V664H0Z", pine) +
      each(range(9), (i) => line(`M${60 + i * 106} ${632 - Math.sin(i / 2.9) * 26}l-8-22m8 22l8-24`, sage, 5)) +
    at(850, 392, 1, rect(-84, -14, 168, 16, wood, 4), each([-66, -22, 22, 66], (x) => rect(x - 6, -96, 12, 86, wood)),
      path("M-116-92Q-60-104 0-158Q60-104 116-92Z", night)) + tree(60, 400, 0.9, sage) + tree(130, 396, 0.65, sage) +
    each([[170, 572, "perm", grey, coral], [310, 562, "bald", grey, peri], [450, 556, "bob", dark, white],
      [590, 556, "cap", indigo, indigo], [730, 562, "bun", grey, coral]], ([x, y, hair, colour, top], i) => shadow(x, y + 2, 50) +
      person({ x, y, s: 1.22, hair, colour, top, tone: i % 2 ? tan : skin, legs: i % 2 ? dark : night, look: i ? 8 : 4, stride: true,
        feet: i % 2 ? [[-26, -3], [26, 0]] : [[24, 0], [-24, -3]], hands: i % 2 ? [[-34, -84], [40, -92]] : [[-40, -88], [46, -94]],
        behind: [0], hold: ["", i % 2 && i !== 1 ? "" : line("M0-6L8 92", wood, 5)],
        mark: path("M-28-58L-12-63L-4-20L4-20L12-63L28-58L28 2H-28Z", "#d8e86a") + rect(-28, -22, 56, 9, white) })),
  22: () => room(cream, wood, 570) + each(range(3), (i) => line(`M0 ${180 + i * 90}H960`, "#f6e6c6", 4)) +
    each(range(8), (i) => line(`M${60 + i * 120} 100V450`, "#f6e6c6", 4)) + rect(0, 60, 960, 40, peri) + line("M330 150H640", night, 8) +
    each([[360, 0], [420, 1], [560, 2], [615, 0]], ([x, k]) => line(`M${x} 150V200`, grey, 6) + [circ(x, 212, 18, grey),
    path(`M${x - 14} 200H${x + 14}V236H${x - 14}Z`, wood), circ(x, 220, 26, night)][k]) + pane(760, 130, 130, 110, night) +
    moon(858, 162, 14, night) +
    person({ x: 200, y: 610, s: 1.55, hair: "short", colour: dark, top: indigo, apron: coral, look: 6, grab: [[165, 450], [262, 432]],
      elbows: [1, -1] }) +
    person({ x: 480, y: 610, s: 1.55, hair: "bald", colour: dark, tone: tan, top: peri, apron: gold, glasses: true, look: -5,
      grab: [[434, 430], [540, 446]], elbows: [1, -1] }) +
    person({ x: 760, y: 610, s: 1.55, hair: "short", colour: grey, top: pine, apron: white, look: -6, grab: [[716, 440], [808, 436]],
      elbows: [1, -1] }) +
    rect(0, 456, 960, 24, white) + rect(0, 480, 960, 184, peri) + each([40, 280, 520, 760], (x) => rect(x, 502, 170, 150, indigo, 8) +
      rect(x + 60, 518, 50, 8, gold, 4)) +
    at(330, 456, 1, rect(-66, -12, 132, 12, dark, 4), path("M-58-34H58L44-12H-44Z", night), line("M-58-30L-100-38", wood, 11),
      rect(-34, -50, 68, 22, gold, 11), line("M-20-48V-30M0-50V-29M20-48V-30", "#e59b1a", 3)) + steam(330, 394, 0.8) +
    at(80, 456, 1, rect(-50, -64, 100, 60, coral, 10), rect(-56, -72, 112, 14, "#d9664a", 6), circ(0, -78, 8, night)) +
      steam(78, 366, 0.7) +
    at(560, 456, 1, rect(-60, -10, 120, 10, wood, 4), each([-36, -20, -4], (x) => circ(x, -16, 9, sage)), line("M10-14L46-20", grey, 8)) +
    at(770, 456, 1, path("M-70-26H70L58 0H-58Z", grey), circ(-20, -30, 16, white), circ(14, -34, 20, white), circ(38, -28, 13, white),
      line("M110 0V-70Q110-96 84-96Q64-96 64-78", grey, 11)) + bowl(905, 452, 0.7, coral, mist) + bowl(905, 430, 0.7, indigo, mist),
  23: () => rect(0, 0, 960, 664, mist) + circ(150, 140, 50, gold) + cloud(360, 120, 0.9) + cloud(560, 160, 0.6) +
    path("M0 300Q200 200 420 270T960 240V360H0Z", sage) + rect(0, 320, 960, 150, peri) + rect(0, 276, 640, 16, night) +
    each([40, 190, 340, 490], (x) => line(`M${x} 292V350`, night, 14) + line(`M${x - 60} 276L${x + 15} 236L${x + 90} 276`, night, 6)) +
    faint(0.7, each([[60, 390, 110], [300, 410, 140], [520, 380, 90], [160, 440, 80]], ([x, y, w]) => rect(x, y, w, 6, white, 3))) +
      path("M0 470Q300 430 560 450Q700 380 960 372V664H0Z", pine) + path("M0 560Q480 530 960 552V608Q480 590 0 616Z", sand) +
    house(700, 470, 200, 130, white, coral) + rect(720, 376, 56, 50, peri, 4) + rect(812, 366, 64, 104, wood, 4) +
      tree(930, 480, 0.9, sage) +
    person({ x: 790, y: 520, s: 0.95, hair: "perm", colour: grey, top: coral, skirt: indigo, legs: tan, look: -7,
      hands: [[-64, -146], [36, -76]], elbows: [-1, -1] }) + bush(690, 500, 0.6, sage) +
    each([30, 64, 96, 604, 630], (x, i) => line(`M${x} 520Q${x + 4} 460 ${x - 6 + i * 5} 420`, sage, 5) +
      turn(x - 6 + i * 5, 412, 8, ell(0, 0, 6, 20, sand))) +
    shadow(370, 580, 190) +
      `<g fill="none" stroke="${dark}" stroke-width="9"><circle cx="250" cy="506" r="70"/><circle cx="490" cy="506" r="70"/></g>` +
      line("M250 506L300 410H450L362 506H250M300 410L362 506M450 410L490 506M436 366L450 410M436 366H466", indigo, 10) +
      rect(266, 392, 64, 14, dark, 7) +
    person({ x: 300, y: 562, s: 1.42, hip: [4, -124], lean: 24, hair: "cap", colour: coral, top: white, sleeve: white, legs: night,
      stride: true, feet: [[26, -38], [62, -18]], knees: [-1, -1], thigh: 118, look: 9, grab: [[462, 362], [462, 362]], elbows: [1, 1],
      arm: 76, behind: [0], mark: rect(-52, -56, 34, 60, gold, 10) + rect(-58, -38, 12, 30, "#dd9c1a", 5) }) + circ(362, 506, 16, grey) +
      line("M362 506L388 530", grey, 7),
};

const pictures = JSON.parse(readFileSync(new URL("pictures.json", import.meta.url), "utf8"));
const wanted = process.argv.slice(2).map(Number);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromiumSandbox: false });
const page = await browser.newPage({ viewport: { width: 960, height: 640 } });
for (const { case: number, file } of pictures) {
  if (wanted.length > 0 && !wanted.includes(number)) continue;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640" viewBox="0 24 960 640">${scenes[number]()}</svg>`;
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  let quality = 86;
  let bytes = await page.screenshot({ type: "jpeg", quality });
  while (bytes.length > MOST_BYTES && quality > 60) bytes = await page.screenshot({ type: "jpeg", quality: (quality -= 3) });
  if (bytes.length > MOST_BYTES) throw new Error(`${file} does not fit in ${MOST_BYTES} bytes`);
  writeFileSync(new URL(file, import.meta.url), bytes);
  console.log(`${file}: ${bytes.length} bytes at quality ${quality}`);
}
await browser.close();
