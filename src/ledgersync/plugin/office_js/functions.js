/*
 * The worksheet functions that need no workspace, for Office.js and WPS JS add-ins.
 *
 * A twin of ledgersync.plugin.functions: tests/vectors/*.json are made by the Python functions, and
 * every one of them must give the same answer here. What is missing: region codes (a table of
 * 240 KB), so LS_IDCHECK does not say `id.region` and LS_IDINFO leaves the region empty.
 * Synchronous, no network, nothing is stored.
 */
"use strict";

const QUOTES = /^['"`´’‘“”′″＇＂｀]+|['"`´’‘“”′″＇＂｀]+$/g;
// Marks that nobody sees; the same as in ledgersync.characters.
const UNSEEN =
  "\\u0000-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160" +
  "\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164" +
  "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc";
const SPACES = new RegExp(`[\\s${UNSEEN}]+`, "g");
const HIDDEN = new RegExp(`[${UNSEEN}]+`, "g");
const EDGES = new RegExp(`^[\\s${UNSEEN}]+|[\\s${UNSEEN}]+$`, "g");
const EMPTY_MARKS = new Set(["无", "/", "—", "——", "-", "--", "–", "N/A", "#N/A", "NA"]);
const PROGRAM_BLANKS = new Set(["nan", "NaN", "NULL", "null", "None", "NaT", "<NA>", "\\N"]);
const DITTO =
  /^[(（[【]?([皆均都全]?[同如][上前](行|述|面|一行|格)?|上同|["“”″〃〞〟＂]|["“”″〃〞〟'‘’＂]{2,4}|[，,、]{2,4}|[-—－]*["″〃＂][-—－]*|↑+|do\.|ditto|同[下左右])[。.]?[)）\]】]?$/i;
const ERRORS = /^#(REF!|DIV\/0!|VALUE!|NAME\?|NULL!|NUM!|N\/A|CALC!|SPILL!|GETTING_DATA)$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const DAY = 86400000;
const clock = { today: null };

const ID_FAULTS = {
  "id.length": "应为18位",
  "id.chars": "前17位应为数字，末位为数字或X",
  "id.birthdate": "中的出生日期不存在或不合理",
  "id.checksum": "校验位不对，请核对证件",
  "id.precision_lost": "被存成了数字，末几位已丢失，请把单元格设为文本后按证件重新录入",
};

// ---- cells

function typed(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "boolean") return cell ? "TRUE" : "FALSE";
  return String(cell);
}

const trim = (text) => text.replace(EDGES, "");
const isBlank = (cell) => cell === null || cell === undefined || trim(typed(cell)) === "";

function squeeze(text) {
  return text.normalize("NFKC").replace(SPACES, "").normalize("NFKC");
}

/** The function for every cell: a range in, a range of the same shape out. */
function each(value, answer) {
  if (!Array.isArray(value)) return answer(value);
  return value.map((row) => (Array.isArray(row) ? row.map(answer) : answer(row)));
}

function first(value) {
  while (Array.isArray(value)) value = value[0];
  return value;
}

/** Ids, account and telephone numbers inside a text: the middle is hidden. */
function masked(text) {
  const hide = (whole, head, tail) =>
    head + "*".repeat(whole.length - head.length - tail.length) + tail;
  return text
    .replace(/(?<!\d)(\d{3})\d{11}(\d{3}[\dXx])(?!\d)/g, hide)
    .replace(/(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g, hide)
    .replace(/(?<!\d)(\d{3})\d{8}(\d{4})(?!\d)/g, hide)
    .replace(/(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)/g, hide);
}

const said = (header, text, rule, mark = "") => `${mark}〔${header}〕${text}（${rule}）`;

/** What holds for every kind of cell: blanks, empty marks, error values; null: read on. */
function special(cell, header) {
  if (isBlank(cell)) return "";
  if (typeof cell !== "string" || cell.length > 12) return null;
  if (PROGRAM_BLANKS.has(trim(cell))) return "";
  const bare = squeeze(cell).toUpperCase();
  if (EMPTY_MARKS.has(bare)) return "";
  if (DITTO.test(trim(cell).replace(SPACES, ""))) {
    return said(header, "写的是“同上”，上面没有可以照抄的值，请写出来", "value.ditto");
  }
  if (trim(cell).startsWith("#") && ERRORS.test(bare)) {
    return said(header, `是错误值 ${squeeze(cell)}，请改正公式或重新填写`, "cell.error");
  }
  return null;
}

// ---- days, counted from 1970-01-01 as a Date in UTC

function day(year, month, dayOfMonth) {
  const made = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const same = made.getUTCMonth() === month - 1 && made.getUTCDate() === dayOfMonth;
  return same && year >= 100 ? made : null;
}

function today() {
  if (clock.today) return clock.today;
  const shanghai = new Date(Date.now() + 8 * 3600000);
  return day(shanghai.getUTCFullYear(), shanghai.getUTCMonth() + 1, shanghai.getUTCDate());
}

const serial = (date) => Math.round((date - Date.UTC(1899, 11, 30)) / DAY);
const iso = (date) => date.toISOString().slice(0, 10);

function age(born, at) {
  const before =
    at.getUTCMonth() < born.getUTCMonth() ||
    (at.getUTCMonth() === born.getUTCMonth() && at.getUTCDate() < born.getUTCDate());
  return at.getUTCFullYear() - born.getUTCFullYear() - (before ? 1 : 0);
}

// ---- dates as people write them

const NOT_A_DATE = "type.date";
const AMBIGUOUS = "date.ambiguous";

function built(year, month, dayOfMonth) {
  const found = day(Number(year), Number(month), dayOfMonth ? Number(dayOfMonth) : 1);
  if (!found) return { fault: NOT_A_DATE };
  const fits = found.getUTCFullYear() >= 1900 && found.getUTCFullYear() <= 2099;
  return fits ? { date: found, monthOnly: !dayOfMonth } : { fault: NOT_A_DATE };
}

function fromNumber(number) {
  if (!Number.isFinite(number) || Math.abs(number) > 1e8) return { fault: NOT_A_DATE };
  const whole = Math.trunc(number);
  if (whole === number && whole >= 190001) return fromDigits(String(whole));
  if (number >= 1900 && number < 2100 && whole !== number) return { fault: AMBIGUOUS };
  const shown = Math.trunc(number + 0.5 / 86400); // seconds are rounded
  const found = new Date(Date.UTC(1899, 11, 30) + shown * DAY);
  const year = found.getUTCFullYear();
  const fits = whole > 0 && whole < 100000 && year >= 1927 && year <= 2099;
  return fits ? { date: found } : { fault: NOT_A_DATE };
}

function fromDigits(text) {
  const match = /^(\d{4})(\d{2})(\d{2})?$/.exec(text);
  return match ? built(match[1], match[2], match[3]) : { fault: NOT_A_DATE };
}

const CHINESE = "零一二三四五六七八九";
const CHINESE_DATE =
  /^([〇零一二三四五六七八九]{4}|\d{4})年([一二三四五六七八九十]+|\d{1,2})月(?:([一二三四五六七八九十]+|\d{1,2})[日号])?$/;

function smallNumber(text) {
  if (/^\d+$/.test(text)) return Number(text);
  const at = text.indexOf("十");
  if (at < 0) return text.length === 1 ? Math.max(CHINESE.indexOf(text), 0) : 0;
  const [tens, ones] = [text.slice(0, at), text.slice(at + 1)];
  const ten = tens === "" ? 1 : tens.length === 1 ? Math.max(CHINESE.indexOf(tens), 0) : 0;
  const one = ones === "" ? 0 : ones.length === 1 ? Math.max(CHINESE.indexOf(ones), 0) : 0;
  return ten * 10 + one;
}

function fromChinese(text) {
  const match = CHINESE_DATE.exec(text);
  if (!match) return { fault: NOT_A_DATE };
  const figure = (c) => (/\d/.test(c) ? c : Math.max(CHINESE.indexOf(c), 0));
  const year = [...match[1]].map(figure).join("");
  if (!match[3]) return built(year, smallNumber(match[2]), undefined);
  const dayOfMonth = smallNumber(match[3]);
  return dayOfMonth ? built(year, smallNumber(match[2]), dayOfMonth) : { fault: NOT_A_DATE };
}

const PART = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里";
const TIME = new RegExp(
  `[T\\s]+(?:${PART})?\\s*(\\d{1,2}[:：]\\d{2}(?:[:：]\\d{2}(\\.\\d+)?)?|\\d{1,2}[点时](?:半|\\d{1,2}分?)?)` +
    "\\s*(?:Z|[AaPp][Mm])?\\s*$",
);
const WEEKDAY = new RegExp(`[\\s(（]*(?:(?:星期|周|礼拜)[一二三四五六日天]|${PART})[\\s)）]*$`);
const LOOSE_BLANK = /(?<!\d)\s+|\s+(?!\d)/g;

/** A blank that is left stands between two figures, and is no part of a date. */
function folded(text) {
  const blanks = (t) => t.replace(LOOSE_BLANK, "").replace(/\s+/g, " ").trim();
  const signs = blanks(text).normalize("NFKC").replace(/[。、]/g, ".").replace(/[‐‑‒–—―−]/g, "-");
  const plain = blanks(signs);
  const apart =
    /^(\d{4}) (\d{1,2}) (\d{1,2})$/.exec(plain) || /^(\d{4}),(\d{1,2})(?:,(\d{1,2}))?$/.exec(plain);
  return apart ? apart.slice(1).filter(Boolean).join("-") : plain;
}

function fromText(raw) {
  let bare = trim(raw).replace(HIDDEN, "").replace(QUOTES, "").replace(WEEKDAY, "");
  const time = TIME.exec(bare);
  if (time) bare = bare.slice(0, time.index).replace(WEEKDAY, "");
  const text = folded(bare).replace(/^(\d{5,8})\.0+$/, "$1");
  if (text.includes(" ")) {
    return { fault: /^[\d\s./年月日号-]+$/.test(text) ? AMBIGUOUS : NOT_A_DATE };
  }
  const found = fromFigures(text);
  const last = time && /^23[:：]59[:：]59/.test(time[1]) && Number(`0${time[2] || ""}`) >= 0.5;
  return last && found.date ? { ...found, date: new Date(found.date.getTime() + DAY) } : found;
}

function fromFigures(text) {
  const full =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号.]?$/.exec(text) ||
    /^(\d{4})(\d{2})(\d{2})?$/.exec(text) ||
    /^(\d{4})[-/.年](\d{1,2})(?:月份?)?$/.exec(text);
  if (full) return built(full[1], full[2], full[3]);
  if (/^\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?$/.test(text)) return { fault: AMBIGUOUS };
  return /^\d{5}(?:\.\d+)?$/.test(text) ? fromNumber(Number(text)) : fromChinese(text);
}

function toDate(cell) {
  if (typeof cell === "number") return fromNumber(cell);
  return typeof cell === "string" ? fromText(cell) : { fault: NOT_A_DATE };
}

// ---- identity numbers

function cleanId(cell) {
  const text = squeeze(trim(typed(cell)).replace(QUOTES, "")).replace(QUOTES, "");
  return text.replace(/^(\d{1,15})\.0+$/, "$1").replace(/×/g, "X").toUpperCase();
}

function precisionLost(cell) {
  if (typeof cell === "number") return Math.abs(cell) >= 1e15;
  return typeof cell === "string" && /^(\d+(?:\.\d+)?[Ee]\+?\d+|\d{16,}\.0+)$/.test(squeeze(cell));
}

function severalIds(text) {
  const found = trim(text).match(/(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)/g);
  return found !== null && found.length > 1;
}

function birthDate(number) {
  const text = number.length === 15 ? `19${number.slice(6, 12)}` : number.slice(6, 14);
  return day(Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8)));
}

function checkDigit(number) {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0);
  return "10X98765432"[sum % 11];
}

function idFault(cell) {
  if (precisionLost(cell)) return "id.precision_lost";
  const number = cleanId(cell);
  if (number.length !== 15 && number.length !== 18) return "id.length";
  if (!/^(\d{15}|\d{17}[\dX])$/.test(number)) return "id.chars";
  const born = birthDate(number);
  if (!born || born.getUTCFullYear() < 1900 || born > today()) return "id.birthdate";
  return number.length === 18 && checkDigit(number) !== number[17] ? "id.checksum" : "";
}

function idCheck(cell) {
  const known = special(cell, "身份证号");
  if (known !== null) return known;
  if (typeof cell === "string" && severalIds(cell)) {
    return said("身份证号", "里有几个值，不知道该取哪一个，请分开填写", "value.several");
  }
  const fault = idFault(cell);
  if (fault) return said("身份证号", ID_FAULTS[fault], fault);
  const old = cleanId(cell).length === 15;
  return old ? said("身份证号", "为15位旧号，已换成18位", "id.upgraded15", "说明：") : "";
}

function idFacts(cell) {
  if (isBlank(cell) || special(cell, "身份证号") === "") return ["", "", "", ""];
  const known = special(cell, "身份证号");
  const fault = known === null && idFault(cell);
  if (known || fault) {
    return [known || said("身份证号", ID_FAULTS[fault], fault), "", "", ""];
  }
  const number = cleanId(cell);
  const odd = Number(number.length === 18 ? number[16] : number[14]) % 2;
  const born = birthDate(number);
  return [serial(born), odd ? "男" : "女", age(born, today()), ""];
}

// ---- telephone numbers

const LANDLINE = /^\(?(0(?:10|2\d|[3-9]\d{2}))\)?-?(\d{7,8}|\d{3,4}-\d{4})$/;

function onePhone(text) {
  let bare = squeeze(trim(text).replace(QUOTES, "")).replace(/[‐-―−]/g, "-").replace(QUOTES, "");
  bare = bare.replace(/^(?:\+|00)?86-?(?=1[\d-]{10,}$|0[\d-]{9,}$)/, "").replace(/\.0+$/, "");
  const digits = bare.replace(/-/g, "");
  const whole = !bare.startsWith("-") && !bare.endsWith("-");
  return (/^1[3-9]\d{9}$/.test(digits) && whole) || LANDLINE.test(bare);
}

function phoneCheck(cell) {
  const known = special(cell, "联系电话");
  if (known !== null) return known;
  const text = trim(typed(cell));
  let parts = text.split(/[、,，/／;；\\|｜\n\r]|或者|或|以及|及|和/).filter((part) => trim(part));
  if (parts.length === 1 && !onePhone(text)) parts = text.split(/\s+/);
  if (!parts.length || !onePhone(parts[0])) {
    return said("联系电话", "不是有效的手机号或“区号-号码”", "phone.format");
  }
  if (parts.length === 1) return "";
  const dropped = !parts.every(onePhone);
  const words = dropped ? "里除号码外还有别的内容，只取了号码" : "里有多个号码，都已保留，请核对";
  return said("联系电话", words, "value.several", "提醒：");
}

// ---- the functions

/**
 * 校验身份证号：位数、字符、出生日期、校验位。正确时为空。
 * @customfunction LS_IDCHECK
 * @param {any[][]} id_number 身份证号所在的单元格或一列
 * @returns {any[][]} 空，或第一个问题
 */
function LS_IDCHECK(id_number) {
  return each(id_number, idCheck);
}

/**
 * 从身份证号取出生日期、性别、年龄；不写项目时依次占四列（行政区划留空）。
 * @customfunction LS_IDINFO
 * @param {any[][]} id_number 身份证号所在的单元格或一列
 * @param {any} [item] 出生日期、性别或年龄
 * @returns {any[][]} 所取的项目
 */
function LS_IDINFO(id_number, item) {
  const wanted = trim(typed(first(item)));
  const names = ["出生日期", "性别", "年龄", "行政区划"];
  if (wanted && !names.includes(wanted)) return `项目只有：${names.join("、")}（item.unknown）`;
  if (wanted) return each(id_number, (cell) => idFacts(cell)[names.indexOf(wanted)]);
  const rows = Array.isArray(id_number) ? id_number : [[id_number]];
  return rows.map((row) => idFacts(first(row)));
}

/**
 * 周岁年龄，可由身份证号或出生日期算出。
 * @customfunction LS_AGE
 * @param {any[][]} value 身份证号或出生日期
 * @param {any} [day] 截止日期，不写为今天
 * @returns {any[][]} 周岁
 */
function LS_AGE(value, day) {
  let at = today();
  if (!isBlank(first(day))) {
    const written = toDate(first(day));
    if (written.fault) return `计算年龄的日期不对（${written.fault}）`;
    at = written.date;
  }
  return each(value, (cell) => ageOf(cell, at));
}

function ageOf(cell, at) {
  if (isBlank(cell)) return "";
  if (cleanId(cell).length < 15) {
    const written = toDate(cell);
    if (written.date && written.date <= at) return age(written.date, at);
    return "不是身份证号，也不是出生日期（type.date）";
  }
  const born = birthDate(cleanId(cell));
  const fault = idFault(cell) || (born > at ? "id.birthdate" : "");
  return fault ? said("身份证号", ID_FAULTS[fault], fault) : age(born, at);
}

/**
 * 把各种写法的日期变成真正的日期；结果单元格请设为日期格式。
 * @customfunction LS_DATE
 * @param {any[][]} value 日期
 * @returns {any[][]} 日期序列号，或说明
 */
function LS_DATE(value) {
  return each(value, (cell) => {
    const known = special(cell, "日期");
    if (known !== null) return known;
    const written = toDate(cell);
    if (written.date) return serial(written.date);
    const text = trim(typed(cell));
    const quoted = text && text.length <= 40 ? `“${masked(text)}”` : "";
    const why =
      written.fault === AMBIGUOUS
        ? "年份或月份有歧义，请写成 2022-06-01"
        : "不是有效的公历日期，请写成 2022-06-01";
    return said("日期", quoted + why, written.fault);
  });
}

/**
 * 校验联系电话：手机号，或区号加号码。正确时为空。
 * @customfunction LS_PHONE
 * @param {any[][]} phone 电话
 * @returns {any[][]} 空，或说明
 */
function LS_PHONE(phone) {
  return each(phone, phoneCheck);
}

/**
 * 在所选区域里找重复：每个重复的单元格给出它与第几行相同。
 * @customfunction LS_DUP
 * @param {any[][]} cells 要查重的一列
 * @returns {any[][]} 空，或重复在哪里
 */
function LS_DUP(cells) {
  const rows = Array.isArray(cells) ? cells : [[cells]];
  const where = new Map();
  rows.forEach((row, i) =>
    row.forEach((cell) => {
      if (sameKey(cell)) where.set(sameKey(cell), [...(where.get(sameKey(cell)) || []), i + 1]);
    })
  );
  const answers = rows.map((row, i) => row.map((cell) => repeated(where.get(sameKey(cell)), i + 1)));
  return Array.isArray(cells) ? answers : answers[0][0];
}

/** What two cells share when `check` would call them the same: codes, ids in any spelling. */
function sameKey(cell) {
  if (special(cell, "") !== null) return "";
  const number = cleanId(cell);
  if (!idFault(cell)) {
    return number.length === 18 ? number.slice(0, 17) : `${number.slice(0, 6)}19${number.slice(6, 15)}`;
  }
  const bare = squeeze(trim(typed(cell)).replace(QUOTES, "")).replace(QUOTES, "");
  return bare.replace(/^(\d{1,15})\.0+$/, "$1").replace(/[‐-―−﹣－─]/g, "-");
}

function repeated(numbers, own) {
  if (!numbers) return "";
  const elsewhere = numbers.filter((n) => n !== own);
  const others = elsewhere.length ? elsewhere : numbers.slice(1);
  if (!others.length) return "";
  const shown = others.slice(0, 5).join("、") + (others.length > 5 ? "…" : "");
  return `与本区域第${shown}行重复（duplicate.key）`;
}

const FUNCTIONS = { LS_IDCHECK, LS_IDINFO, LS_AGE, LS_DATE, LS_PHONE, LS_DUP };

if (typeof module !== "undefined" && module.exports) {
  module.exports = { ...FUNCTIONS, clock, day, iso };
}
if (typeof CustomFunctions !== "undefined") {
  Object.entries(FUNCTIONS).forEach(([name, f]) => CustomFunctions.associate(name, f));
}
