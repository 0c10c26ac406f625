/*
 * Tallystick's verifier: checks receipts, checkpoints and whole logs without trusting whoever made them.
 * Made from packages/verify/src by scripts/build-verifier.ts; no line of it is from anywhere else.
 * Licensed under the Apache License, Version 2.0.
 */
// src/bytes.ts
/** Bytes as text and back, compared and joined. */
/** In constant time for equal lengths. */
function equalBytes(a, b) {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
	return difference === 0;
}
function concatBytes(...parts) {
	const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}
/** Standard base64 with padding (RFC 4648, section 4). `Uint8Array.toBase64` is younger than the platforms that clients run on. */
function toBase64(bytes) {
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary);
}
/** Lower case. `Uint8Array.toHex` is younger, too. */
function toHex(bytes) {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
/** Only the one canonical spelling is accepted. @returns undefined when `text` is not base64. */
function fromBase64(text) {
	try {
		const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
		return toBase64(bytes) === text ? bytes : void 0;
	} catch {
		return;
	}
}

// src/sha256.ts
/**
* SHA-256 (FIPS 180-4), synchronous and in plain TypeScript, so that it runs wherever JavaScript does and
* an auditor can read it. Made for the short inputs of a log: a few blocks of 64 bytes.
*/
const HASH_SIZE = 32;
const BLOCK_SIZE = 64;
const LENGTH_AT = 56;
/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Int32Array.of(1116352408, 1899447441, 3049323471, 3921009573, 961987163, 1508970993, 2453635748, 2870763221, 3624381080, 310598401, 607225278, 1426881987, 1925078388, 2162078206, 2614888103, 3248222580, 3835390401, 4022224774, 264347078, 604807628, 770255983, 1249150122, 1555081692, 1996064986, 2554220882, 2821834349, 2952996808, 3210313671, 3336571891, 3584528711, 113926993, 338241895, 666307205, 773529912, 1294757372, 1396182291, 1695183700, 1986661051, 2177026350, 2456956037, 2730485921, 2820302411, 3259730800, 3345764771, 3516065817, 3600352804, 4094571909, 275423344, 430227734, 506948616, 659060556, 883997877, 958139571, 1322822218, 1537002063, 1747873779, 1955562222, 2024104815, 2227730452, 2361852424, 2428436474, 2756734187, 3204031479, 3329325298);
/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL = Int32Array.of(1779033703, 3144134277, 1013904242, 2773480762, 1359893119, 2600822924, 528734635, 1541459225);
const state = /* @__PURE__ */ new Int32Array(8);
const schedule = /* @__PURE__ */ new Int32Array(64);
const block = new Uint8Array(BLOCK_SIZE);
const blockView = new DataView(block.buffer);
/** SHA-256 of the parts, one after the other as if they were joined. @returns 32 bytes */
function sha256(...parts) {
	state.set(INITIAL);
	let filled = 0;
	let total = 0;
	for (const part of parts) {
		filled = absorb(part, filled);
		total += part.length;
	}
	finish(filled, total);
	const digest = new Uint8Array(32);
	const view = new DataView(digest.buffer);
	for (let word = 0; word < 8; word++) view.setInt32(word * 4, state[word]);
	return digest;
}
/** @param filled bytes that already wait in the block. @returns how many wait now */
function absorb(part, filled) {
	let at = filled;
	for (let index = 0; index < part.length; index++) {
		block[at++] = part[index];
		if (at < BLOCK_SIZE) continue;
		compress();
		at = 0;
	}
	return at;
}
/** A one bit, zeros, and the number of bits as u64 up to the end of a block. */
function finish(filled, total) {
	block[filled] = 128;
	block.fill(0, filled + 1);
	if (filled >= LENGTH_AT) {
		compress();
		block.fill(0);
	}
	blockView.setUint32(LENGTH_AT, Math.floor(total / 2 ** 29));
	blockView.setUint32(60, total * 8 >>> 0);
	compress();
}
function compress() {
	expand();
	let a = state[0];
	let b = state[1];
	let c = state[2];
	let d = state[3];
	let e = state[4];
	let f = state[5];
	let g = state[6];
	let h = state[7];
	for (let round = 0; round < 64; round++) {
		const sum1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
		const choice = e & f ^ ~e & g;
		const constant = ROUND_CONSTANTS[round];
		const t1 = h + sum1 + choice + constant + schedule[round] | 0;
		const sum0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
		const majority = a & b ^ a & c ^ b & c;
		h = g;
		g = f;
		f = e;
		e = d + t1 | 0;
		d = c;
		c = b;
		b = a;
		a = t1 + sum0 + majority | 0;
	}
	state[0] = state[0] + a;
	state[1] = state[1] + b;
	state[2] = state[2] + c;
	state[3] = state[3] + d;
	state[4] = state[4] + e;
	state[5] = state[5] + f;
	state[6] = state[6] + g;
	state[7] = state[7] + h;
}
/** The block as 16 words, and 48 more made from them. */
function expand() {
	for (let word = 0; word < 16; word++) schedule[word] = blockView.getInt32(word * 4);
	for (let word = 16; word < 64; word++) {
		const w15 = schedule[word - 15];
		const w2 = schedule[word - 2];
		const sigma0 = rotateRight(w15, 7) ^ rotateRight(w15, 18) ^ w15 >>> 3;
		const sigma1 = rotateRight(w2, 17) ^ rotateRight(w2, 19) ^ w2 >>> 10;
		schedule[word] = schedule[word - 16] + sigma0 + schedule[word - 7] + sigma1;
	}
}
function rotateRight(word, bits) {
	return word >>> bits | word << 32 - bits;
}

// src/proof-text.ts
/** Proofs of inclusion as text (c2sp.org/tlog-proof): extra data, index, the hashes of the way to the root, a checkpoint. */
/** Of one proof with all that is inside. Longer text is refused unread. */
const PROOF_LENGTH_MAX = 2e6;
const FIRST_LINE = "c2sp.org/tlog-proof@v1";
/** As many as a tree of 2^63 leaves needs. */
const PROOF_HASHES_MAX = 63;
/** A text that is no proof; the message says why and in which line. */
var MalformedProof = class extends Error {
	name = "MalformedProof";
};
/** Nothing of it is verified by reading. @throws MalformedProof */
function parseProofText(text) {
	if (text.length > PROOF_LENGTH_MAX) throw new MalformedProof("The text is too long for a proof");
	const end = text.indexOf("\n\n");
	if (end < 0) throw new MalformedProof("No empty line stands between the proof and a checkpoint");
	const [first = "", ...lines] = text.slice(0, end).split("\n");
	if (first !== FIRST_LINE) throw new MalformedProof(`Line 1 is not ${FIRST_LINE}`);
	const extraLine = lines[0]?.startsWith("extra ") ? lines[0] : void 0;
	const [indexLine = "", ...hashes] = extraLine === void 0 ? lines : lines.slice(1);
	const hashesFrom = extraLine === void 0 ? 3 : 4;
	if (hashes.length > PROOF_HASHES_MAX) throw new MalformedProof(`The proof has ${hashes.length} hashes, more than any tree needs`);
	return {
		extra: extraLine === void 0 ? void 0 : parseExtra(extraLine),
		index: parseIndex(indexLine, hashesFrom - 1),
		proof: hashes.map((line, place) => parseHash(line, hashesFrom + place)),
		checkpoint: text.slice(end + 2)
	};
}
function parseExtra(line) {
	const extra = fromBase64(line.slice(6));
	if (extra === void 0) throw new MalformedProof("The extra data in line 2 is not base64");
	return extra;
}
function parseIndex(line, number) {
	const [, digits] = /^index (0|[1-9][0-9]{0,18})$/.exec(line) ?? [];
	if (digits === void 0) throw new MalformedProof(`Line ${number} is not "index" and a number`);
	return BigInt(digits);
}
function parseHash(line, number) {
	const hash = fromBase64(line);
	if (hash?.length === 32) return hash;
	throw new MalformedProof(`Line ${number} is not a hash of 32 bytes in base64`);
}

// src/json-fields.ts
/** Fields of JSON documents, read strictly: unknown ones are refused, since what nobody reads nobody checks. */
/** @throws MalformedProof */
function objectOf(what, value) {
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
	throw new MalformedProof(`${what} is not a JSON object`);
}
/** @throws MalformedProof */
function onlyKnown(what, fields, known) {
	const unknown = Object.keys(fields).find((name) => !known.includes(name));
	if (unknown === void 0) return;
	throw new MalformedProof(`${what} has the unknown field ${JSON.stringify(unknown)}`);
}
/** @returns undefined when there is none. @throws MalformedProof */
function bytesOf(name, value) {
	if (value === void 0) return void 0;
	const bytes = typeof value === "string" ? fromBase64(value) : void 0;
	if (bytes === void 0) throw new MalformedProof(`"${name}" is not base64`);
	return bytes;
}
/** What is hashed for an account's id has no two readings, and what is printed has no control characters. */
function isAddress(text) {
	return text.length <= 255 && /^[A-Za-z0-9_.:-]+$/.test(text);
}
/** A field when there is a value, nothing otherwise. */
function given(name, value) {
	return value === void 0 ? {} : { [name]: value };
}

// src/account-proof.ts
/** Account proofs (decision 0014, "The document of an account proof"): read strictly, verified elsewhere. */
const ACCOUNT_PROOF_FORMAT = "tallystick/account-proof/v1";
/** Of all of a document, and which of them a proof has named. */
var Hashes = class {
	#hashes;
	#used = /* @__PURE__ */ new Set();
	constructor(value) {
		this.#hashes = listOf("hashes", value).map((text, at) => {
			const hash = bytesOf(`hashes[${at}]`, text);
			if (hash?.length === 32) return hash;
			throw new MalformedProof(`"hashes[${at}]" is not a hash of 32 bytes`);
		});
	}
	at(name, place) {
		const hash = typeof place === "number" ? this.#hashes[place] : void 0;
		if (hash === void 0) throw new MalformedProof(`"${name}" names the hash ${String(place)}, which is not there`);
		this.#used.add(place);
		return hash;
	}
	/** The first that no proof has named. */
	idle() {
		const idle = this.#hashes.findIndex((_, at) => !this.#used.has(at));
		return idle < 0 ? void 0 : idle;
	}
};
const FIELDS = "format account asset from to checkpoint hashes opening entries closing".split(" ");
/** Reads, verifies nothing. @throws MalformedProof that names the field */
function parseAccountProof(text) {
	const fields = objectOf("The document", parseJson$1(text));
	if (fields["format"] !== "tallystick/account-proof/v1") throw new MalformedProof(`The document is not of the format ${ACCOUNT_PROOF_FORMAT}`);
	onlyKnown("The document", fields, FIELDS);
	const account = textOf("account", fields["account"]);
	if (!isAddress(account)) throw new MalformedProof("\"account\" is not an address");
	const hashes = new Hashes(fields["hashes"]);
	const { opening } = fields;
	return {
		account,
		asset: assetOf(fields["asset"]),
		from: timeOf("from", fields["from"]),
		to: timeOf("to", fields["to"]),
		checkpoint: textOf("checkpoint", fields["checkpoint"]),
		opening: opening === null ? null : rootOf("opening", opening, hashes),
		entries: listOf("entries", fields["entries"]).map((entry, at) => entryOf$1(`entries[${at}]`, entry, hashes)),
		closing: closingOf(fields["closing"], hashes),
		idleHash: hashes.idle()
	};
}
function parseJson$1(text) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new MalformedProof("The text is not JSON", { cause });
	}
}
const ROOT_FIELDS = "leaf index proof content statement account absent".split(" ");
function closingOf(value, hashes) {
	const { next, ...root } = objectOf("\"closing\"", value);
	const closing = rootOf("closing", root, hashes);
	return next === void 0 ? closing : {
		...closing,
		next: leafIn("closing.next", next, hashes)
	};
}
function rootOf(name, value, hashes) {
	const fields = objectOf(`"${name}"`, value);
	onlyKnown(`"${name}"`, fields, ROOT_FIELDS);
	const { account, absent } = fields;
	if (account === void 0 === (absent === void 0)) throw new MalformedProof(`"${name}" needs one of "account" and "absent"`);
	return {
		...placeOf$1(name, fields, hashes),
		leaf: needed(name, fields, "leaf"),
		content: needed(name, fields, "content"),
		statement: needed(name, fields, "statement"),
		...given("account", account === void 0 ? void 0 : accountOf$1(name, account, hashes)),
		...given("absent", absent === void 0 ? void 0 : absentOf(name, absent, hashes))
	};
}
function accountOf$1(root, value, hashes) {
	const name = `${root}.account`;
	const fields = objectOf(`"${name}"`, value);
	onlyKnown(`"${name}"`, fields, [
		"index",
		"proof",
		"state"
	]);
	return {
		...placeOf$1(name, fields, hashes),
		state: needed(name, fields, "state")
	};
}
function absentOf(root, value, hashes) {
	return listOf(`${root}.absent`, value).map((neighbour, at) => leafIn(`${root}.absent[${at}]`, neighbour, hashes));
}
function leafIn(name, value, hashes) {
	const fields = objectOf(`"${name}"`, value);
	onlyKnown(`"${name}"`, fields, [
		"index",
		"proof",
		"leaf"
	]);
	return {
		...placeOf$1(name, fields, hashes),
		leaf: needed(name, fields, "leaf")
	};
}
const ENTRY_FIELDS = "leaf index proof side preimage content metadata other".split(" ");
function entryOf$1(name, value, hashes) {
	const fields = objectOf(`"${name}"`, value);
	onlyKnown(`"${name}"`, fields, ENTRY_FIELDS);
	const { side } = fields;
	if (side !== "debit" && side !== "credit") throw new MalformedProof(`"${name}.side" is neither debit nor credit`);
	return {
		...placeOf$1(name, fields, hashes),
		leaf: needed(name, fields, "leaf"),
		side,
		preimage: needed(name, fields, "preimage"),
		...given("content", bytesOf(`${name}.content`, fields["content"])),
		...given("metadata", bytesOf(`${name}.metadata`, fields["metadata"])),
		...given("other", otherOf(`${name}.other`, fields["other"]))
	};
}
function otherOf(name, value) {
	if (value === void 0) return void 0;
	const fields = objectOf(`"${name}"`, value);
	onlyKnown(`"${name}"`, fields, ["preimage", "address"]);
	const preimage = needed(name, fields, "preimage");
	const { address } = fields;
	if (address === void 0) return { preimage };
	if (typeof address === "string" && isAddress(address)) return {
		preimage,
		address
	};
	throw new MalformedProof(`"${name}.address" is not an address`);
}
function placeOf$1(name, fields, hashes) {
	const { index, proof } = fields;
	if (typeof index !== "string" || !/^(0|[1-9][0-9]{0,18})$/.test(index)) throw new MalformedProof(`"${name}.index" is not a number in a string`);
	const places = listOf(`${name}.proof`, proof);
	return {
		index: BigInt(index),
		proof: places.map((place) => hashes.at(`${name}.proof`, place))
	};
}
function needed(name, fields, field) {
	const bytes = bytesOf(`${name}.${field}`, fields[field]);
	if (bytes === void 0) throw new MalformedProof(`"${name}" has no ${field}`);
	return bytes;
}
function listOf(name, value) {
	if (Array.isArray(value)) return value;
	throw new MalformedProof(`"${name}" is not a list`);
}
function textOf(name, value) {
	if (typeof value === "string") return value;
	throw new MalformedProof(`"${name}" is not a text`);
}
function assetOf(value) {
	if (value === null) return null;
	const text = textOf("asset", value);
	if (/^[A-Z][A-Z0-9_]{0,16}\/(0|[1-9]|[12][0-9]|30)$/.test(text)) return text;
	throw new MalformedProof("\"asset\" is not a code and a scale, like EUR/2");
}
const TIME = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z$/;
function timeOf(name, value) {
	if (value === null) return null;
	const [, seconds = "", decimals = ""] = TIME.exec(textOf(name, value)) ?? [];
	const ms = Date.parse(`${seconds}Z`);
	if (ms >= 0) return BigInt(ms) * 1000000n + BigInt(decimals.padEnd(9, "0"));
	throw new MalformedProof(`"${name}" is not a time in UTC since 1970, like 2026-11-30T23:59:59Z`);
}

// src/byte-reader.ts
/** Reads bytes of a fixed form from front to back: little-endian, with nothing missing and nothing left over. */
/** Bytes that do not have the form that they should have; the message says what and where. */
var MalformedEvent = class extends Error {
	name = "MalformedEvent";
};
var ByteReader = class {
	#bytes;
	#view;
	/** What is read, as the subject of a sentence. */
	#what;
	#at = 0;
	constructor(what, bytes) {
		this.#what = what;
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}
	u8() {
		return this.#view.getUint8(this.#take(1));
	}
	u16() {
		return this.#view.getUint16(this.#take(2), true);
	}
	u32() {
		return this.#view.getUint32(this.#take(4), true);
	}
	u64() {
		return this.#view.getBigUint64(this.#take(8), true);
	}
	/** Lower limb first. */
	u128() {
		return this.u64() | this.u64() << 64n;
	}
	/** A copy. */
	bytes(length) {
		const at = this.#take(length);
		return this.#bytes.slice(at, at + length);
	}
	/** @throws MalformedEvent unless the text is ASCII */
	ascii(length) {
		const at = this.#at;
		const bytes = this.bytes(length);
		if (bytes.some((byte) => byte > 127)) this.fail(`has a text that is not ASCII at byte ${at}`);
		return String.fromCharCode(...bytes);
	}
	zeros(length) {
		const at = this.#at;
		if (this.bytes(length).some((byte) => byte !== 0)) this.fail(`has something else than zeros at byte ${at}`);
	}
	/** The four characters that name a form and its version. @returns the one that was found */
	tag(known) {
		const found = this.#bytes.subarray(this.#at, this.#at + 4);
		const tag = known.find((text) => text === String.fromCharCode(...found));
		if (tag === void 0) this.fail(`does not begin with ${known.join(" or ")}`);
		this.#at += 4;
		return tag;
	}
	end() {
		const left = this.#bytes.length - this.#at;
		if (left !== 0) this.fail(`has ${left} bytes more than its form allows`);
	}
	fail(problem) {
		throw new MalformedEvent(`${this.#what} ${problem}`);
	}
	#take(length) {
		const at = this.#at;
		if (at + length > this.#bytes.length) this.fail(`ends after ${this.#bytes.length} bytes, in the middle of its form`);
		this.#at += length;
		return at;
	}
};

// src/checkpoint.ts
/** Checkpoints (c2sp.org/tlog-checkpoint): the text of a signed note that names a log, its size and its root. */
/** Of a log. The reference implementations read sizes as signed 64-bit numbers. */
const TREE_SIZE_MAX = 2n ** 63n - 1n;
const ROOT_BYTES = 32;
/** A text that is no checkpoint; the message says why. */
var MalformedCheckpoint = class extends Error {
	name = "MalformedCheckpoint";
};
/** @param text of a note, with its final line feed. @throws MalformedCheckpoint */
function parseCheckpoint(text) {
	if (!text.endsWith("\n")) throw new MalformedCheckpoint("the checkpoint does not end");
	const [origin = "", decimal = "", encoded = "", ...extensions] = text.slice(0, -1).split("\n");
	if (origin === "") throw new MalformedCheckpoint("the origin is empty");
	const size = parseTreeSize(decimal);
	if (size === void 0) throw new MalformedCheckpoint(`${JSON.stringify(decimal)} is no tree size`);
	const root = fromBase64(encoded);
	if (root?.length !== ROOT_BYTES) throw new MalformedCheckpoint(`${JSON.stringify(encoded)} is no root of 32 bytes in base64`);
	if (extensions.includes("")) throw new MalformedCheckpoint("an extension line is empty");
	return {
		origin,
		size,
		root,
		extensions
	};
}
/** @throws MalformedCheckpoint for what could not be read again. */
function formatCheckpoint({ origin, size, root, extensions }) {
	const text = [
		origin,
		`${size}`,
		toBase64(root),
		...extensions
	].map((line) => `${line}\n`).join("");
	const again = parseCheckpoint(text);
	if (again.origin === origin && again.extensions.length === extensions.length) return text;
	throw new MalformedCheckpoint("a line of the checkpoint has a line feed");
}
/** Decimal digits, no leading zero. @returns undefined for anything else, and beyond 2^63 − 1. */
function parseTreeSize(text) {
	if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) return void 0;
	const size = BigInt(text);
	return size <= TREE_SIZE_MAX ? size : void 0;
}

// src/leaf.ts
/** The leaf of a decided event, 172 bytes (decision 0013): what everybody may see of it, and three commitments. */
const LEAF_SIZE = 172;
/** What was decided. 32 … 63 are control events, of which statements are the first; the rest is reserved. */
const EventKind = {
	transfer: 1,
	/** Of a hold, by the ledger itself. */
	release: 2,
	account: 3,
	limit: 4,
	metadata: 5,
	close: 6,
	reopen: 7,
	asset: 8,
	books: 9,
	statement: 32,
	/** Of rights. */
	control: 33,
	/** Of rules, and what they did. */
	rule: 34
};
/** A created transfer, hold, post, void, reversal, or a release: it has balances on both sides. */
function isMoved({ kind, status }) {
	return kind === EventKind.release || kind === EventKind.transfer && status === 0;
}
function isRefusedTransfer({ kind, status }) {
	return kind === EventKind.transfer && status !== 0;
}
/** @throws MalformedEvent unless every field can be what it is */
function decodeLeaf(bytes) {
	const reader = new ByteReader("The leaf", bytes);
	reader.tag(["TLE1"]);
	const leaf = {
		kind: reader.u8(),
		status: reader.u8(),
		rules: reader.u16(),
		shard: reader.u32(),
		sequence: reader.u64(),
		timestamp: reader.u64(),
		requestId: reader.bytes(16),
		requestDigest: reader.bytes(32),
		content: reader.bytes(32),
		debit: reader.bytes(32),
		credit: reader.bytes(32)
	};
	reader.end();
	const problem = problemOf$1(leaf);
	return problem === void 0 ? leaf : reader.fail(problem);
}
function problemOf$1(leaf) {
	const { kind, status, rules, sequence } = leaf;
	if (!isKnownKind(kind)) return `is of kind ${kind}, which is reserved`;
	if (rules === 0) return "has no version of the rules";
	if (sequence === 0n) return "has the sequence 0, but sequences begin at 1";
	if (isZero(leaf.content)) return "has no content";
	const sides = kind === EventKind.transfer || kind === EventKind.release;
	if (isZero(leaf.debit) === sides || isZero(leaf.credit) === sides) return sides ? "is of a transfer, but without both sides" : `is of kind ${kind}, but has a side`;
	if (kind !== EventKind.release) return void 0;
	if (status !== 0) return `is a release with the status ${status}`;
	if (isZero(leaf.requestId) && isZero(leaf.requestDigest)) return void 0;
	return "is a release, which nobody requests, but has a request";
}
function isKnownKind(kind) {
	return kind >= EventKind.transfer && kind <= EventKind.books || kind >= 32 && kind <= 63;
}
function isZero(bytes) {
	return bytes.every((byte) => byte === 0);
}

// src/content.ts
/** What the content's hash of a leaf stands for (decision 0013), one form for each sort of event. */
/** Which sections follow: bits of the record's form. */
const Form = {
	pending: 2,
	timeout: 4,
	effective: 8,
	requested: 16,
	seen: 32,
	facts: 64,
	metadata: 128
};
/** Bits 8 … 12: what a post or void left out of its request. */
const INHERITED = 7936;
const MOVED_FORMS = Form.pending | Form.timeout | Form.effective | Form.requested | Form.metadata;
const REFUSED_FORMS = Form.pending | Form.timeout | Form.effective | Form.seen | Form.facts | Form.metadata;
/** Whether the bytes are those that the leaf names is for the caller to check. @throws MalformedEvent */
function decodeContent(bytes, leaf) {
	const reader = new ByteReader("The content", bytes);
	const content = decodeSort(reader, leaf);
	reader.end();
	return content;
}
function decodeSort(reader, leaf) {
	if (isMoved(leaf)) return decodeMoved$1(reader);
	return isRefusedTransfer(leaf) ? decodeRefused$1(reader) : decodeOther(reader, leaf.kind);
}
function decodeMoved$1(reader) {
	reader.tag(["TLC1"]);
	const { form, metadataLength, ...common } = headOf$1(reader, MOVED_FORMS | INHERITED);
	return {
		sort: "moved",
		...common,
		...(form & Form.pending) !== 0 && { pending: pendingOf(reader) },
		...(form & Form.timeout) !== 0 && { timeout: timeoutOf(reader) },
		...(form & Form.effective) !== 0 && { effectiveAt: reader.u64() },
		...(form & Form.requested) !== 0 && { requested: reader.u128() },
		...(form & Form.metadata) !== 0 && {
			metadataLength,
			metadataHash: reader.bytes(32)
		}
	};
}
function decodeRefused$1(reader) {
	reader.tag(["TLR1"]);
	const { form, metadataLength, ...common } = headOf$1(reader, REFUSED_FORMS);
	return {
		sort: "refused",
		...common,
		...(form & Form.pending) !== 0 && { pendingId: reader.u128() },
		...(form & Form.timeout) !== 0 && { timeout: timeoutOf(reader) },
		...(form & Form.effective) !== 0 && { effectiveAt: reader.u64() },
		...(form & Form.seen) !== 0 && { seen: reader.u64() },
		...(form & Form.facts) !== 0 && { factsHash: reader.bytes(32) },
		...(form & Form.metadata) !== 0 && {
			metadataLength,
			metadataHash: reader.bytes(32)
		}
	};
}
function headOf$1(reader, forms) {
	const form = reader.u16();
	if ((form & ~forms) !== 0) reader.fail(`has the form ${form}, of which a bit is not known`);
	const flags = reader.u16();
	const code = reader.u16();
	const metadataLength = reader.u16();
	if ((form & Form.metadata) !== 0 !== metadataLength > 0) reader.fail(`has metadata of ${metadataLength} bytes, but its form says otherwise`);
	return {
		form,
		flags,
		code,
		metadataLength,
		id: reader.u128()
	};
}
function pendingOf(reader) {
	return {
		id: reader.u128(),
		sequence: reader.u64(),
		captured: reader.u128(),
		remaining: reader.u128()
	};
}
function timeoutOf(reader) {
	const timeout = reader.u32();
	reader.zeros(4);
	return timeout;
}
function decodeOther(reader, kind) {
	reader.tag(["TLO1"]);
	reader.bytes(16);
	const common = {
		flags: reader.u16(),
		code: reader.u16(),
		asset: reader.u32()
	};
	const ids = {
		id: reader.u128(),
		account: reader.u128()
	};
	const fields = fieldsOf(reader, kind);
	const named = [
		"account",
		"metadata",
		"asset",
		"control"
	].includes(fields.of);
	return {
		sort: "other",
		...common,
		...ids,
		fields,
		...named && { metadataHash: reader.bytes(32) }
	};
}
function fieldsOf(reader, kind) {
	switch (kind) {
		case EventKind.account: return accountOf(reader);
		case EventKind.limit: return limitOf(reader);
		case EventKind.metadata: return { of: "metadata" };
		case EventKind.close:
		case EventKind.reopen: return { of: "closure" };
		case EventKind.asset: return { of: "asset" };
		case EventKind.books: return {
			of: "books",
			until: reader.u64(),
			untilBefore: reader.u64()
		};
		default: return { of: "control" };
	}
}
function accountOf(reader) {
	const parent = reader.u128();
	const limits = {
		limit: reader.u128(),
		subtreeLimit: reader.u128()
	};
	const seen = reader.u64();
	return {
		of: "account",
		parent,
		...limits,
		seen,
		address: reader.ascii(reader.u32())
	};
}
function limitOf(reader) {
	const form = reader.u32();
	const after = {
		limit: reader.u128(),
		subtreeLimit: reader.u128()
	};
	const before = {
		limitBefore: reader.u128(),
		subtreeLimitBefore: reader.u128()
	};
	return {
		of: "limit",
		form,
		...after,
		...before
	};
}
/** @throws MalformedEvent */
function decodeFacts(bytes) {
	const reader = new ByteReader("What the limit said", bytes);
	reader.tag(["TLF1"]);
	reader.bytes(16);
	const account = reader.u128();
	const amounts = {
		needed: reader.u128(),
		available: reader.u128(),
		limit: reader.u128()
	};
	reader.end();
	return {
		account,
		...amounts
	};
}

// src/cosignature.ts
/** Cosignatures of witnesses (c2sp.org/tlog-cosignature, `cosignature/v1`): Ed25519 over the time and the checkpoint's text. */
/** 2^63 − 1, in seconds. */
const COSIGNATURE_TIMESTAMP_MAX = 2n ** 63n - 1n;
const TIMESTAMP_BYTES = 8;
/** What is signed. @param text the checkpoint's, with its final line feed. @param timestamp seconds since the epoch. */
function cosignatureMessage(text, timestamp) {
	return new TextEncoder().encode(`cosignature/v1\ntime ${timestamp}\n${text}`);
}
/** What follows the key id: u64 big-endian, then the signature. */
function encodeCosignature({ timestamp, signature }) {
	const time = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(TIMESTAMP_BYTES));
	time.setBigUint64(0, timestamp);
	return concatBytes(new Uint8Array(time.buffer), signature);
}
/** @returns undefined when the bytes are no timestamped signature. */
function decodeCosignature(bytes) {
	if (bytes.length !== 72) return void 0;
	const timestamp = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
	if (timestamp > COSIGNATURE_TIMESTAMP_MAX) return void 0;
	return {
		timestamp,
		signature: bytes.subarray(TIMESTAMP_BYTES)
	};
}

// src/ed25519.ts
/** Ed25519 (RFC 8032) by the platform's own Web Crypto: nothing to trust beyond it. */
const PUBLIC_KEY_BYTES$1 = 32;
const SIGNATURE_BYTES = 64;
/** The platform has no Ed25519, so nothing can be said about any signature. */
var Ed25519Missing = class extends Error {
	name = "Ed25519Missing";
	constructor(options) {
		super("This platform has no Ed25519 in crypto.subtle: use Node, Deno, Bun or a browser that has it, and in a browser a page served over HTTPS.", options);
	}
};
/**
* @returns false also for keys and signatures that are none.
* @throws Ed25519Missing
*/
async function verifyEd25519(claim) {
	const subtle = globalThis.crypto?.subtle;
	if (subtle === void 0) throw new Ed25519Missing();
	if (claim.publicKey.length !== PUBLIC_KEY_BYTES$1) return false;
	if (claim.signature.length !== SIGNATURE_BYTES) return false;
	try {
		const key = await subtle.importKey("raw", own(claim.publicKey), "Ed25519", false, ["verify"]);
		return await subtle.verify("Ed25519", key, own(claim.signature), own(claim.message));
	} catch (error) {
		if (isNamed(error, "DataError")) return false;
		throw isNamed(error, "NotSupportedError") ? new Ed25519Missing({ cause: error }) : error;
	}
}
function isNamed(error, name) {
	return error instanceof Error && error.name === name;
}
/** Web Crypto takes no view of shared memory. */
function own(bytes) {
	return new Uint8Array(bytes);
}

// src/ids.ts
/** Ids as text, and the account id that an address gives. */
/** Crockford's base32: without I, L, O and U. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ID_SIZE = 16;
/** A u128 as lower-case UUID text. */
function formatId(id) {
	const hex = id.toString(16).padStart(32, "0");
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		hex.slice(12, 16),
		hex.slice(16, 20),
		hex.slice(20)
	].join("-");
}
/** @param bytes 16, the most significant first. @returns `req_` and 26 digits of Crockford's base32 */
function formatRequestId(bytes) {
	let rest = BigInt(`0x${toHex(bytes)}`);
	let text = "";
	for (let digit = 0; digit < 26; digit++) {
		text = DIGITS.charAt(Number(rest & 31n)) + text;
		rest >>= 5n;
	}
	return `req_${text}`;
}
/**
* The id of the account with this address, a u128: the first 16 bytes, little-endian, of SHA-256 over
* `tallystick/account/v1`, a line feed, the address's length in decimal, a line feed, and the address.
*/
function accountIdOf(address) {
	const input = `tallystick/account/v1\n${address.length}\n${address}`;
	const bytes = sha256(new TextEncoder().encode(input)).subarray(0, ID_SIZE);
	return BigInt(`0x${toHex(bytes.toReversed())}`);
}

// src/merkle.ts
/**
* The Merkle tree of RFC 6962 and RFC 9162, section 2.1, with SHA-256: its hashes, and the checks of inclusion
* and consistency proofs. Indexes and sizes are bigints, since a log may be larger than 2^53.
*
* Every check answers `true` only when the proof proves it. What is malformed (a hash of another length, an index
* beyond the tree) proves nothing: `false`, never an exception.
*/
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);
/** The root of a tree without leaves: SHA-256 of nothing. */
const EMPTY_ROOT = sha256();
function leafHash(leaf) {
	return sha256(LEAF_PREFIX, leaf);
}
function nodeHash(left, right) {
	return sha256(NODE_PREFIX, left, right);
}
/**
* Whether the leaf stands at `index` of the tree with this root (RFC 9162, 2.1.3.2). The root alone does not say how
* large the tree is: take both from one signed checkpoint.
*/
function verifyInclusion({ index, size, leaf, proof, root }) {
	if (index < 0n || index >= size) return false;
	if (![
		leaf,
		root,
		...proof
	].every(isHash)) return false;
	let node = index;
	let last = size - 1n;
	let hash = leaf;
	for (const sibling of proof) {
		if (last === 0n) return false;
		if (isOdd(node) || node === last) {
			hash = nodeHash(sibling, hash);
			while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
		} else hash = nodeHash(hash, sibling);
		node >>= 1n;
		last >>= 1n;
	}
	return last === 0n && equalBytes(hash, root);
}
/**
* Whether the newer tree begins with all leaves of the older one, in their order (RFC 9162, 2.1.4.2). Every tree begins
* with the empty one, which the RFC leaves out: there the older root has to be the hash of nothing.
*/
function verifyConsistency(claim) {
	const { first, second, firstRoot, secondRoot, proof } = claim;
	if (first < 0n || first > second) return false;
	if (![
		firstRoot,
		secondRoot,
		...proof
	].every(isHash)) return false;
	if (first === second && !equalBytes(firstRoot, secondRoot)) return false;
	if (first === 0n) return proof.length === 0 && equalBytes(firstRoot, EMPTY_ROOT);
	if (first === second) return proof.length === 0;
	return proof.length > 0 && leadsToBoth(claim);
}
/** For 0 < first < second. */
function leadsToBoth({ first, second, firstRoot, secondRoot, proof }) {
	const [start, ...path] = (first & first - 1n) === 0n ? [firstRoot, ...proof] : proof;
	if (start === void 0) return false;
	let node = first - 1n;
	let last = second - 1n;
	while (isOdd(node)) [node, last] = [node >> 1n, last >> 1n];
	let older = start;
	let newer = start;
	for (const sibling of path) {
		if (last === 0n) return false;
		if (isOdd(node) || node === last) {
			older = nodeHash(sibling, older);
			newer = nodeHash(sibling, newer);
			while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
		} else newer = nodeHash(newer, sibling);
		node >>= 1n;
		last >>= 1n;
	}
	return last === 0n && equalBytes(older, firstRoot) && equalBytes(newer, secondRoot);
}
/** The root over all leaf hashes (RFC 9162, 2.1.1). */
function treeRoot(leafHashes) {
	const tree = new GrowingTree();
	for (const hash of leafHashes) tree.push(hash);
	return tree.root();
}
/** A tree that leaves are appended to, of which only the roots of its whole subtrees are kept: 53 at most. */
var GrowingTree = class {
	/** The largest first: one for each bit of the size that is set. */
	#roots = [];
	#size = 0;
	push(hash) {
		let node = hash;
		for (let level = this.#size; level % 2 === 1; level = (level - 1) / 2) node = nodeHash(this.#roots.pop(), node);
		this.#roots.push(node);
		this.#size++;
	}
	root() {
		return this.#roots.length === 0 ? EMPTY_ROOT.slice() : this.#roots.reduceRight((right, left) => nodeHash(left, right));
	}
};
function isOdd(number) {
	return (number & 1n) === 1n;
}
function isHash(bytes) {
	return bytes.length === 32;
}

// src/verifier-key.ts
/** Verifier keys of signed notes (c2sp.org/signed-note): `name+key id in hex+base64(type || public key)`. */
const PUBLIC_KEY_BYTES = 32;
const PARTS = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;
/** The types that are known here; a signature of any other is from an unknown key. */
const SignatureType = {
	/** Ed25519 over the text. */
	ed25519: 1,
	/** Ed25519 over time and text (c2sp.org/tlog-cosignature, `cosignature/v1`). */
	cosignature: 4
};
/** A text that is no verifier key; the message says why. */
var MalformedKey = class extends Error {
	name = "MalformedKey";
};
/** ASCII control characters other than the line feed: no note may have one. */
function hasControl(text) {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code < 32 && code !== 10) return true;
	}
	return false;
}
/** Not empty, without `+`, Unicode spaces and control characters. */
function isKeyName(name) {
	return name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !hasControl(name) && name !== "";
}
/** @throws MalformedKey for a name or a public key that cannot be one. */
function verifierKey(name, type, publicKey) {
	if (!isKeyName(name)) throw new MalformedKey(`${JSON.stringify(name)} is no key name: it is empty, or has a + or a space`);
	if (publicKey.length !== PUBLIC_KEY_BYTES) throw new MalformedKey(`the public key of ${name} has ${publicKey.length} bytes instead of 32`);
	return {
		name,
		keyId: keyIdOf(name, type, publicKey),
		type,
		publicKey
	};
}
/** @throws MalformedKey */
function parseVerifierKey(text) {
	const [, name = "", id = "", encoded = ""] = PARTS.exec(text) ?? [];
	const bytes = encoded === "" ? void 0 : fromBase64(encoded);
	if (bytes === void 0) throw new MalformedKey(`${JSON.stringify(text)} is no verifier key: NAME+KEYID+BASE64`);
	const type = Object.values(SignatureType).find((known) => known === bytes[0]);
	if (type === void 0) throw new MalformedKey(`the key of ${name} is of the type ${bytes[0]}: only 1 and 4 are known`);
	const key = verifierKey(name, type, bytes.subarray(1));
	if (hexOf(key.keyId) === id) return key;
	throw new MalformedKey(`the key id of ${name} is ${id}, but its key gives ${hexOf(key.keyId)}`);
}
function formatVerifierKey({ name, keyId, type, publicKey }) {
	return `${name}+${hexOf(keyId)}+${toBase64(concatBytes(Uint8Array.of(type), publicKey))}`;
}
/** The same name, type and public key. */
function equalKeys(a, b) {
	return a.name === b.name && a.type === b.type && equalBytes(a.publicKey, b.publicKey);
}
/** Eight hexadecimal digits. */
function hexOf(keyId) {
	return keyId.toString(16).padStart(8, "0");
}
function keyIdOf(name, type, publicKey) {
	const head = new TextEncoder().encode(`${name}\n`);
	const digest = sha256(head, Uint8Array.of(type), publicKey);
	return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

// src/note.ts
/**
* Signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines. Read strictly: what is no note to the
* letter is refused, so that two readers never see two texts.
*/
/** As in the reference implementation; at least 16 must be accepted. */
const NOTE_SIGNATURES_MAX = 100;
/** 100 post-quantum signatures of 5 kB, and a text. */
const NOTE_BYTES_MAX = 1e6;
const KEY_ID_BYTES = 4;
const LINE_START = "— ";
/** Bytes that are no signed note; the message says why. */
var MalformedNote = class extends Error {
	name = "MalformedNote";
};
/** @throws MalformedNote */
function parseNote(note) {
	const whole = typeof note === "string" ? note : decode$1(note);
	if (whole.length > 1e6) throw new MalformedNote("the note is too long");
	assertPlain(whole);
	const split = whole.lastIndexOf("\n\n");
	if (split < 0) throw new MalformedNote("no empty line stands before the signatures");
	const signatures = parseSignatureLines(whole.slice(split + 2));
	if (signatures.length === 0) throw new MalformedNote("the note has no signature");
	return {
		text: whole.slice(0, split + 1),
		signatures
	};
}
/** @throws MalformedNote for what could not be read again. */
function formatNote({ text, signatures }) {
	assertText(text);
	if (signatures.length === 0) throw new MalformedNote("the note has no signature");
	return `${text}\n${formatSignatureLines(signatures)}`;
}
/**
* The lines alone, as a witness answers them.
* @throws MalformedNote
*/
function parseSignatureLines(lines) {
	if (lines === "") return [];
	assertPlain(lines);
	if (!lines.endsWith("\n")) throw new MalformedNote("the last line does not end");
	const each = lines.slice(0, -1).split("\n");
	if (each.length > 100) throw new MalformedNote(`there are more than ${100} signatures`);
	return each.map(parseSignatureLine);
}
/** Each with its line feed. @throws MalformedNote for a name that is none, or a signature of no bytes. */
function formatSignatureLines(signatures) {
	return signatures.map(formatSignatureLine).join("");
}
/** @throws MalformedNote when a signer may not sign this as a text. */
function assertText(text) {
	assertPlain(text);
	if (!text.endsWith("\n")) throw new MalformedNote("the text does not end with a line feed");
}
function parseSignatureLine(line) {
	const [, name = "", encoded = ""] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
	if (!isKeyName(name)) throw new MalformedNote(`${JSON.stringify(line)} is no signature line`);
	const bytes = fromBase64(encoded);
	if (bytes === void 0 || bytes.length <= KEY_ID_BYTES) throw new MalformedNote(`the signature of ${name} is not base64, or too short`);
	return {
		name,
		keyId: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0),
		signature: bytes.subarray(KEY_ID_BYTES)
	};
}
function formatSignatureLine({ name, keyId, signature }) {
	if (!isKeyName(name)) throw new MalformedNote(`${JSON.stringify(name)} is no key name`);
	if (signature.length === 0) throw new MalformedNote(`the signature of ${name} is empty`);
	const id = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(KEY_ID_BYTES));
	id.setUint32(0, keyId);
	const bytes = concatBytes(new Uint8Array(id.buffer), signature);
	return `${LINE_START}${name} ${toBase64(bytes)}\n`;
}
function decode$1(bytes) {
	if (bytes.length > 1e6) throw new MalformedNote("the note is too long");
	try {
		return new TextDecoder("utf-8", {
			fatal: true,
			ignoreBOM: true
		}).decode(bytes);
	} catch {
		throw new MalformedNote("the note is not UTF-8");
	}
}
function assertPlain(text) {
	if (!text.isWellFormed()) throw new MalformedNote("the note is not UTF-8");
	if (hasControl(text)) throw new MalformedNote("the note has a control character");
}

// src/verify-note.ts
/** Which of the keys that one knows have signed a note. */
/** Two keys of one name and key id that are not the same key. */
var AmbiguousKeys = class extends Error {
	name = "AmbiguousKeys";
};
/**
* Lines of keys that are not among `keys` are ignored, as the format asks.
* @throws AmbiguousKeys, Ed25519Missing
*/
async function verifyNote(note, keys) {
	const verified = [];
	const failed = /* @__PURE__ */ new Set();
	for (const signature of note.signatures) {
		const key = keyOf$1(signature, keys);
		if (key === void 0) continue;
		const found = await verifySignature(note.text, signature, key);
		if (found === void 0) failed.add(key);
		else if (!verified.some((other) => other.key === key)) verified.push(found);
	}
	return {
		verified,
		failed: [...failed]
	};
}
/** @returns undefined when it does not verify. */
async function verifySignature(text, signature, key) {
	const { publicKey } = key;
	switch (key.type) {
		case SignatureType.ed25519: {
			const message = new TextEncoder().encode(text);
			return await verifyEd25519({
				publicKey,
				message,
				signature: signature.signature
			}) ? {
				key,
				signature
			} : void 0;
		}
		case SignatureType.cosignature: {
			const cosignature = decodeCosignature(signature.signature);
			if (cosignature === void 0) return void 0;
			const { timestamp } = cosignature;
			const message = cosignatureMessage(text, timestamp);
			return await verifyEd25519({
				publicKey,
				message,
				signature: cosignature.signature
			}) ? {
				key,
				signature,
				timestamp
			} : void 0;
		}
	}
}
/** The one known key of the line's name and id. */
function keyOf$1(signature, keys) {
	const { name, keyId } = signature;
	const [first, ...others] = keys.filter((key) => key.name === name && key.keyId === keyId);
	if (first === void 0 || others.every((other) => equalKeys(first, other))) return first;
	throw new AmbiguousKeys(`two different keys are named ${name} and have one key id`);
}

// src/open-checkpoint.ts
/** A checkpoint that one may believe: signed by its log, and by enough witnesses. */
/** A checkpoint that is well formed, but not to be believed; the message says why. */
var CheckpointRefused = class extends Error {
	name = "CheckpointRefused";
};
/** @throws MalformedNote, MalformedCheckpoint, CheckpointRefused, AmbiguousKeys, Ed25519Missing */
async function openCheckpoint(bytes, policy) {
	assertPolicy(policy);
	const note = parseNote(bytes);
	const checkpoint = parseCheckpoint(note.text);
	if (checkpoint.origin !== policy.origin) throw new CheckpointRefused(`it is of ${checkpoint.origin}, not of ${policy.origin}`);
	const [logs, witnesses] = await Promise.all([verifyNote(note, policy.logKeys), verifyNote(note, policy.witnessKeys)]);
	const [failed] = [...logs.failed, ...witnesses.failed];
	if (failed !== void 0) throw new CheckpointRefused(`the signature of ${failed.name} is wrong`);
	if (logs.verified.length === 0) throw new CheckpointRefused("no key of the log has signed it");
	if (witnesses.verified.length < policy.quorum) throw new CheckpointRefused(`${witnesses.verified.length} known witnesses have cosigned it, ${policy.quorum} are needed`);
	return {
		note,
		checkpoint,
		logs: logs.verified,
		witnesses: witnesses.verified
	};
}
/** A cosignature does not name who made it: two names for one key would count it twice. */
function assertPolicy({ witnessKeys }) {
	const keys = witnessKeys.map(({ publicKey }) => toBase64(publicKey));
	if (new Set(keys).size < keys.length) throw new CheckpointRefused("two of the witnesses have the same public key");
	if (witnessKeys.some(({ type }) => type !== SignatureType.cosignature)) throw new CheckpointRefused("a witness has a key that is not for cosignatures");
}

// src/time-text.ts
/** Times as text: RFC 3339 in UTC. */
const NS_PER_MS$1 = 1000000n;
const NS_PER_SECOND$1 = 1000000000n;
/** The last that `Date` knows. */
const SECONDS_MAX = 8640000000000n;
/** With nine decimals. @param ns since 1970, u64 */
function formatTime(ns) {
	return `${new Date(Number(ns / NS_PER_MS$1)).toISOString().slice(0, 19)}.${(ns % NS_PER_SECOND$1).toString().padStart(9, "0")}Z`;
}
/** @param seconds since 1970, not negative */
function formatSeconds(seconds) {
	if (seconds > SECONDS_MAX) return `second ${seconds}`;
	return `${(/* @__PURE__ */ new Date(Number(seconds) * 1e3)).toISOString().slice(0, -5)}Z`;
}

// src/report.ts
/** What a verification found: one check after another, each with a sentence for people. */
/** Checks that are being made. */
var Checklist = class {
	checks = [];
	get proved() {
		return this.checks.length > 0 && this.checks.every(({ holds }) => holds);
	}
	pass(name, sentence) {
		this.checks.push({
			name,
			holds: true,
			sentence
		});
	}
	fail(name, sentence, place = {}) {
		this.checks.push({
			name,
			holds: false,
			sentence,
			...place
		});
	}
	/** @returns `holds` */
	check(name, holds, sentences) {
		this.checks.push({
			name,
			holds,
			sentence: holds ? sentences.right : sentences.wrong
		});
		return holds;
	}
};
/**
* Whether the note is a checkpoint that the policy trusts.
* @returns the checkpoint, also when nobody trustworthy has signed it: then the list says so. undefined: it is none.
* @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
*/
async function checkCheckpoint(list, note, { name, what, policy }) {
	try {
		const { checkpoint, logs, witnesses } = await openCheckpoint(note, policy);
		const of = `${what} of ${counted(checkpoint.size)} is signed by ${namesOf(logs)}`;
		const by = witnesses.length === 0 ? "no witness was asked for" : `cosigned by ${namesOf(witnesses)}`;
		list.pass(name, `${of}; ${by}.`);
		return {
			...checkpoint,
			logs,
			witnesses
		};
	} catch (error) {
		if (!(isRefusal(error) && error instanceof Error)) throw error;
		list.fail(name, `${what} cannot be trusted: ${error.message}.`);
		const checkpoint = readAnyway(note);
		return checkpoint && {
			...checkpoint,
			logs: [],
			witnesses: []
		};
	}
}
function isRefusal(error) {
	return error instanceof MalformedNote || error instanceof MalformedCheckpoint || error instanceof CheckpointRefused;
}
function readAnyway(note) {
	try {
		return parseCheckpoint(parseNote(note).text);
	} catch (error) {
		if (isRefusal(error)) return void 0;
		throw error;
	}
}
function namesOf(signatures) {
	return signatures.map(({ key, timestamp }) => timestamp === void 0 ? key.name : `${key.name} at ${formatSeconds(timestamp)}`).join(", ");
}
/** `1,234 events`. */
function counted(events) {
	return `${grouped(events)} ${BigInt(events) === 1n ? "event" : "events"}`;
}
/** `1,234`: the same everywhere, whatever the machine's language. */
function grouped(number) {
	return number.toString().replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

// src/side.ts
/** What a side's commitment hides (decision 0013): account, amount, and for money that moved the balances after it. */
/** Whether what was hashed is what it commits to is for the caller to check. @throws MalformedEvent */
function decodeSide(which, bytes, leaf) {
	const reader = new ByteReader(`The ${which} side`, bytes);
	return isMoved(leaf) ? decodeMoved(reader) : decodeRefused(reader);
}
function decodeMoved(reader) {
	const wide = reader.tag(["TLN1", "TLW1"]) === "TLW1";
	const asset = reader.u32();
	const amount = reader.u64();
	reader.bytes(16);
	const account = reader.u128();
	const links = {
		number: reader.u64(),
		previous: reader.u64(),
		jump: reader.u64()
	};
	const lower = fourOf(reader);
	const amountUpper = wide ? reader.u64() : 0n;
	const upper = wide ? fourOf(reader) : NONE;
	reader.end();
	const balance = (of) => lower[of] | upper[of] << 64n;
	const entry = {
		...links,
		debitsPending: balance("debitsPending"),
		debitsPosted: balance("debitsPosted"),
		creditsPending: balance("creditsPending"),
		creditsPosted: balance("creditsPosted")
	};
	return {
		asset,
		amount: amount | amountUpper << 64n,
		account,
		entry
	};
}
function decodeRefused(reader) {
	reader.tag(["TLX1"]);
	const asset = reader.u32();
	const amount = reader.u128();
	reader.bytes(16);
	const account = reader.u128();
	reader.end();
	return {
		asset,
		amount,
		account
	};
}
const NONE = {
	debitsPending: 0n,
	debitsPosted: 0n,
	creditsPending: 0n,
	creditsPosted: 0n
};
function fourOf(reader) {
	return {
		debitsPending: reader.u64(),
		debitsPosted: reader.u64(),
		creditsPending: reader.u64(),
		creditsPosted: reader.u64()
	};
}

// src/opened-entry.ts
/** `Entry 4 of the list`. */
function entryName(place) {
	return `Entry ${grouped(place + 1)} of the list`;
}
/** @returns undefined when its leaf or its side cannot be read; the list says why */
function openEntry(list, proof, question) {
	const { place } = question;
	const fail = (name, field, sentence) => list.fail(name, `${entryName(place)}: ${sentence}`, {
		entry: place,
		field
	});
	const before = list.checks.length;
	const leaf = read$2(fail, "leaf", () => decodeLeaf(proof.leaf));
	if (leaf === void 0) return void 0;
	checkPlace$1(fail, proof, {
		leaf,
		checkpoint: question.checkpoint
	});
	const side = openSide$2(fail, proof, {
		leaf,
		account: question.account
	});
	if (side?.entry === void 0) return void 0;
	const isSound = list.checks.length === before;
	const content = openContent$2(fail, proof, leaf);
	return {
		place,
		leaf,
		direction: proof.side,
		isSound,
		content,
		amount: side.amount,
		asset: side.asset,
		entry: side.entry,
		metadata: openMetadata$1(fail, proof, content),
		other: openOther(fail, proof, {
			leaf,
			side
		})
	};
}
function checkPlace$1(fail, proof, { leaf, checkpoint }) {
	const event = grouped(proof.index + 1n);
	if (leaf.sequence !== proof.index + 1n) fail("inclusion", "index", `the leaf says that it is event ${grouped(leaf.sequence)}, but its place is that of event ${event}.`);
	if (checkpoint === void 0) return;
	const claim = {
		index: proof.index,
		proof: proof.proof,
		leaf: leafHash(proof.leaf)
	};
	if (verifyInclusion({
		...claim,
		...checkpoint
	})) return;
	fail("inclusion", "leaf", `it is not event ${event} of the log of ${counted(checkpoint.size)} that was signed: leaf, place, hashes or checkpoint were changed.`);
}
function openSide$2(fail, { side: which, preimage }, { leaf, account }) {
	if (!isMoved(leaf)) {
		fail("leaf", "leaf", "the event moved nothing.");
		return;
	}
	if (!equalBytes(sha256(preimage), leaf[which])) fail("side", "preimage", `amount, account or balances were changed: the ${which} side is not the one that the leaf commits to.`);
	const side = read$2(fail, "preimage", () => decodeSide(which, preimage, leaf));
	if (side !== void 0 && side.account !== account) fail("side", "preimage", `it is of another account, ${formatId(side.account)}.`);
	return side;
}
function openContent$2(fail, { content }, leaf) {
	if (content === void 0) return void 0;
	if (!equalBytes(sha256(content), leaf.content)) {
		fail("content", "content", "the content is not the one that the leaf names.");
		return;
	}
	const opened = read$2(fail, "content", () => decodeContent(content, leaf));
	return opened?.sort === "moved" ? opened : void 0;
}
function openMetadata$1(fail, { metadata }, content) {
	if (metadata === void 0) return void 0;
	const hash = content?.metadataHash;
	if (hash !== void 0 && content?.metadataLength === metadata.length && equalBytes(sha256(metadata), hash)) return metadata;
	fail("metadata", "metadata", "the metadata is not what the content names.");
}
function openOther(fail, { side, other }, own) {
	if (other === void 0) return void 0;
	const which = side === "debit" ? "credit" : "debit";
	if (!equalBytes(sha256(other.preimage), own.leaf[which])) {
		fail("other", "other.preimage", `the ${which} side is not the one that the leaf commits to.`);
		return;
	}
	const opened = read$2(fail, "other.preimage", () => decodeSide(which, other.preimage, own.leaf));
	if (opened === void 0) return void 0;
	const { account, amount, asset } = opened;
	if (amount !== own.side.amount || asset !== own.side.asset || account === own.side.account) fail("other", "other.preimage", "its two sides do not agree: no ledger may decide that.");
	const { address } = other;
	if (address === void 0 || accountIdOf(address) === account) return {
		account,
		address
	};
	fail("other", "other.address", `${address} is not the account of the ${which} side.`);
	return { account };
}
function read$2(fail, field, decode) {
	try {
		return decode();
	} catch (error) {
		if (!(error instanceof MalformedEvent)) throw error;
		fail(field === "preimage" ? "side" : field, field, `${error.message}.`);
		return;
	}
}

// src/entry-chain.ts
const FLAGS$1 = [
	[2, "hold"],
	[4, "capture"],
	[8, "void"],
	[512, "reversal"]
];
/** With a capture: what is not captured stays held. */
const PARTIAL$1 = 256;
function kindOf({ leaf, content }) {
	if (leaf.kind === EventKind.release) return "release";
	if (content === void 0) return "moved";
	return FLAGS$1.find(([bit]) => (content.flags & bit) !== 0)?.[1] ?? "transfer";
}
/** Before an account's first entry, and where a list begins. */
const NOTHING$1 = {
	asset: 0,
	count: 0n,
	newest: 0n,
	debitsPending: 0n,
	debitsPosted: 0n,
	creditsPending: 0n,
	creditsPosted: 0n
};
/** An entry that is not sound breaks the chain: the next one is compared with nothing, so that the fault is told once. */
var EntryChain = class {
	#list;
	#asset;
	#last;
	/** By the hold's id. */
	#holds = /* @__PURE__ */ new Map();
	/** @param start the state before the first entry. @param asset number of it; undefined: not known */
	constructor(list, start, asset) {
		this.#list = list;
		this.#last = start;
		this.#asset = asset;
	}
	/** After the newest entry; undefined: it is not sound. */
	get last() {
		return this.#last;
	}
	add(opened) {
		const before = this.#last;
		if (opened?.isSound !== true) {
			this.#last = void 0;
			return;
		}
		const { entry, leaf, asset } = opened;
		if (this.#asset !== void 0 && asset !== this.#asset) this.#fail(opened, "side", `it is of the asset ${asset}, the account of ${this.#asset}.`);
		if (before !== void 0) {
			this.#checkLinks(opened, before);
			this.#checkBalances(opened, before);
		}
		const { debitsPending, debitsPosted, creditsPending, creditsPosted } = entry;
		const balances = {
			debitsPending,
			debitsPosted,
			creditsPending,
			creditsPosted
		};
		this.#last = {
			asset,
			count: entry.number,
			newest: leaf.sequence,
			...balances
		};
	}
	#checkLinks(opened, before) {
		const { number, previous } = opened.entry;
		if (number !== before.count + 1n) {
			const missing = number > before.count + 1n ? `${grouped(number - before.count - 1n)} missing before it` : "the order was changed, or it stands here twice";
			this.#fail(opened, "numbers", `its number is ${grouped(number)}, but ${grouped(before.count + 1n)} comes next: ${missing}.`);
		}
		if (previous === before.newest) return;
		const expected = before.newest === 0n ? "none" : `event ${grouped(before.newest)}`;
		this.#fail(opened, "links", `it follows event ${grouped(previous)} of this account, but the one before it is ${expected}.`);
	}
	#checkBalances(opened, before) {
		const { direction, amount, entry } = opened;
		const own = direction === "debit" ? DEBITS : CREDITS;
		const not = direction === "debit" ? CREDITS : DEBITS;
		const still = [not.pending, not.posted].every((name) => entry[name] === before[name]);
		const posted = entry[own.posted] - before[own.posted];
		const pending = entry[own.pending] - before[own.pending];
		const kind = kindOf(opened);
		const fits = KINDS[kind].some((possible) => follows(possible, {
			amount,
			posted,
			pending
		}));
		const hold = this.#checkHold(opened, {
			kind,
			pending
		});
		if (still && fits && hold) return;
		const word = kind === "moved" ? "transfer" : kind;
		this.#fail(opened, "balances", `the balances after it do not follow from those before it and a ${word} of ${grouped(amount)}.`);
	}
	/** What a hold has left is said by each event that takes from it. */
	#checkHold({ amount, content }, { kind, pending }) {
		if (content === void 0) return true;
		if (kind === "hold") this.#holds.set(content.id, {
			captured: 0n,
			remaining: amount
		});
		if (![
			"capture",
			"void",
			"release"
		].includes(kind)) return true;
		if (content.pending === void 0) return false;
		const { id, captured, remaining } = content.pending;
		const before = this.#holds.get(id);
		this.#holds.set(id, {
			captured,
			remaining
		});
		if (kind === "capture" && (content.flags & PARTIAL$1) !== 0 ? -pending !== amount : remaining !== 0n) return false;
		if (before === void 0) return true;
		const taken = kind === "capture" ? amount : 0n;
		return captured === before.captured + taken && remaining === before.remaining + pending;
	}
	#fail({ place }, name, sentence) {
		this.#list.fail(name, `${entryName(place)}: ${sentence}`, {
			entry: place,
			field: "preimage"
		});
	}
};
const DEBITS = {
	pending: "debitsPending",
	posted: "debitsPosted"
};
const CREDITS = {
	pending: "creditsPending",
	posted: "creditsPosted"
};
/** Which changes of the balances each kind may make. */
const KINDS = {
	transfer: ["transfer"],
	reversal: ["transfer"],
	hold: ["hold"],
	capture: ["capture"],
	void: ["void"],
	release: ["void"],
	moved: [
		"transfer",
		"hold",
		"capture",
		"void"
	]
};
function follows(kind, { amount, posted, pending }) {
	switch (kind) {
		case "transfer": return posted === amount && pending === 0n;
		case "hold": return posted === 0n && pending === amount;
		case "capture": return posted === amount && -pending >= amount;
		default: return posted === 0n && -pending === amount;
	}
}

// src/tiles.ts
/** Where the tiles of a log lie (c2sp.org/tlog-tiles), and their reading from whatever holds them. */
/** Hashes of a full tile, and entries of a full bundle. */
const TILE_WIDTH = 256;
/** The source does not answer, which says nothing of the log; the message says why. */
var SourceUnreadable = class extends Error {
	name = "SourceUnreadable";
};
/** A tile or bundle that is missing or not what it should be; the message names it. */
var TileProblem = class extends Error {
	name = "TileProblem";
};
/** `tile/0/x001/x234/067`, and `.p/112` when it is not full. */
function tilePath({ level, index, width }) {
	const digits = index.toString();
	const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g);
	const steps = groups.map((group, at) => at < groups.length - 1 ? `x${group}` : group);
	const partial = width === 256 ? "" : `.p/${width}`;
	return `tile/${level}/${steps.join("/")}${partial}`;
}
/** Width of the tile, in a tree of `size` leaves. 0: there is none. */
function tileWidth(level, index, size) {
	const left = (size >> BigInt(8 * level)) - index * BigInt(256);
	if (left <= 0n) return 0;
	return left < 256 ? Number(left) : 256;
}
/**
* The file, or the full one in whose place a partial one was: a log may delete partial tiles once the full one is there.
* @throws TileProblem when it is missing, SourceUnreadable
*/
async function readTileFile(source, place) {
	const path = tilePath(place);
	const bytes = await source.read(path);
	if (bytes !== void 0) return {
		bytes,
		path,
		width: place.width
	};
	const full = {
		...place,
		width: 256
	};
	const whole = place.width === 256 ? void 0 : await source.read(tilePath(full));
	if (whole !== void 0) return {
		bytes: whole,
		path: tilePath(full),
		width: 256
	};
	throw new TileProblem(`${path} is missing`);
}
/** @returns as many hashes as the place is wide. @throws TileProblem, SourceUnreadable */
async function readHashTile(source, place) {
	const { bytes, path, width } = await readTileFile(source, place);
	if (bytes.length !== width * 32) throw new TileProblem(`${path} has ${bytes.length} bytes, but ${width} hashes have ${width * 32}`);
	return Array.from({ length: place.width }, (_, at) => bytes.subarray(at * 32, (at + 1) * 32));
}
/** @returns as many entries as the place is wide. @throws TileProblem, SourceUnreadable */
async function readEntryBundle(source, place) {
	const { bytes, path, width } = await readTileFile(source, {
		...place,
		level: "entries"
	});
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entries = [];
	let at = 0;
	for (let entry = 1; entry <= width; entry++) {
		const start = at + 2;
		const end = start > bytes.length ? Infinity : start + view.getUint16(at);
		if (end > bytes.length) throw new TileProblem(`${path} ends in the middle of entry ${entry}`);
		entries.push(bytes.subarray(start, end));
		at = end;
	}
	if (at === bytes.length) return entries.slice(0, place.width);
	throw new TileProblem(`${path} has ${bytes.length - at} bytes after its ${width} entries`);
}

// src/http-source.ts
/** Tiles from the web. */
const TIMEOUT_MS = 3e4;
/** A full bundle of the longest entries. */
const FILE_BYTES_MAX = 16777472;
/**
* @param prefix of the log: an http or https address, with or without a slash at its end
* @param token of an API key, for logs that show entries to those who may read them. No redirect is followed with it, so that it
* goes to the prefix's origin and nowhere else.
*/
function httpSource(prefix, token) {
	const asked = token === void 0 ? {} : {
		headers: { authorization: `Bearer ${token}` },
		redirect: "error"
	};
	const base = prefix.replace(/\/+$/, "");
	return { async read(path) {
		const url = `${base}/${path}`;
		try {
			const response = await fetch(url, {
				...asked,
				signal: AbortSignal.timeout(TIMEOUT_MS)
			});
			if (response.status === 404 || response.status === 410) return void 0;
			if (response.ok && response.body !== null) return await bodyOf(url, response.body);
			throw new SourceUnreadable(refusedText(url, response.status));
		} catch (cause) {
			if (cause instanceof SourceUnreadable) throw cause;
			throw new SourceUnreadable(`${url} does not answer`, { cause });
		}
	} };
}
function refusedText(url, status) {
	return `${url} answers ${status}${status === 401 || status === 403 ? ": reading it needs an API key that has the right to" : ""}`;
}
async function bodyOf(url, body) {
	const parts = [];
	let length = 0;
	const reader = body.getReader();
	for (let next = await reader.read(); !next.done; next = await reader.read()) {
		length += next.value.length;
		if (length > FILE_BYTES_MAX) {
			await reader.cancel();
			throw new SourceUnreadable(`${url} is larger than any tile`);
		}
		parts.push(next.value);
	}
	return concatBytes(...parts);
}

// src/policy.ts
/** Whom an auditor trusts, from the texts that he was given. */
/** A policy that cannot be meant; the message says why. */
var MalformedPolicy = class extends Error {
	name = "MalformedPolicy";
};
/** The origin of the log is the name of its key. @throws MalformedKey, MalformedPolicy */
function trustPolicy({ keys, witnesses = [], quorum }) {
	const logKeys = keys.map(parseVerifierKey);
	const witnessKeys = witnesses.map(parseVerifierKey);
	const [origin, ...others] = new Set(logKeys.map(({ name }) => name));
	if (origin === void 0) throw new MalformedPolicy("no key of the log is given");
	if (others.length > 0) throw new MalformedPolicy(`the keys are of different logs: ${[origin, ...others].join(", ")}`);
	const unfit = witnessKeys.find(({ type }) => type !== SignatureType.cosignature);
	if (unfit !== void 0) throw new MalformedPolicy(`the key of ${unfit.name} is not a witness's: it is not for cosignatures`);
	if (new Set(witnessKeys.map(({ publicKey }) => toBase64(publicKey))).size < witnessKeys.length) throw new MalformedPolicy("two of the witnesses have the same public key");
	const needed = quorum ?? witnessKeys.length;
	if (!Number.isInteger(needed) || needed < 0 || needed > witnessKeys.length) throw new MalformedPolicy(`a quorum of ${needed} out of ${witnessKeys.length} cannot be reached`);
	return {
		origin,
		logKeys,
		witnessKeys,
		quorum: needed
	};
}

// src/date-text.ts
/** Moments and periods for people, in UTC, the same on every machine. */
const NS_PER_MS = 1000000n;
const DAY_NS = 86400000000000n;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** `25 Nov 2026, 12:00:05`. @param ns since 1970 */
function momentText(ns) {
	return `${dayText(ns)}, ${new Date(Number(ns / NS_PER_MS)).toISOString().slice(11, 19)}`;
}
/** `25 Nov 2026`. */
function dayText(ns) {
	const date = new Date(Number(ns / NS_PER_MS));
	return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
/**
* `1 Nov 2026 to 30 Nov 2026` for whole days.
* @param from the first moment that counts, @param to the first that no longer does; null: not limited.
* @param known the last moment of which anything is known
*/
function periodText(from, to, known) {
	const start = from === null ? "from the beginning" : startText(from);
	if (to !== null) return `${start} to ${endText(to)}`;
	return known === void 0 ? start : `${start} to ${momentText(known)}`;
}
function startText(from) {
	return from % DAY_NS === 0n ? dayText(from) : momentText(from);
}
/** A day's end may be said as its last nanosecond, or as the next day's first. */
function endText(to) {
	if (to % DAY_NS === 0n && to > 0n) return dayText(to - 1n);
	return (to + 1n) % DAY_NS === 0n ? dayText(to) : momentText(to);
}
function isSameMoment(a, b) {
	return momentText(a) === momentText(b);
}

// src/printable.ts
/** Texts of strangers, made harmless to terminals and to the eye. */
/** Controls, and characters that turn the direction of text or that nobody sees, as their code points; half a character as U+FFFD. */
function printable(text) {
	return text.toWellFormed().replaceAll(/[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// src/statement-view.ts
/**
* The statement that a proved document shows, as texts for people: a page is made of these texts, and the page's own script makes them
* again from the document and compares. Every text has a name, so that an altered one can be pointed at.
*/
const WORDS = {
	transfer: "Transfer",
	reversal: "Reversal",
	hold: "Hold",
	capture: "Capture of a hold",
	void: "Hold given back",
	release: "Hold expired",
	moved: "Entry"
};
const HELD = [
	"hold",
	"void",
	"release"
];
function statementView(said) {
	const sound = said.entries.flatMap((entry) => entry?.isSound === true ? [entry] : []);
	const before = sound.filter((entry) => partOf(said, entry) === "before");
	const inside = sound.filter((entry) => partOf(said, entry) === "period");
	const start = before.at(-1)?.entry ?? said.opening?.state ?? NOTHING$1;
	const end = inside.at(-1)?.entry ?? start;
	const money = (minor) => moneyText(minor, scaleOf(said.asset));
	return {
		origin: originOf(said),
		account: said.account,
		asset: said.asset === null ? "no asset" : said.asset.replace(/\/.*/, ""),
		period: periodText(said.from, endOf$1(said), said.wholeUntil),
		entries: grouped(inside.length),
		opening: money(balanceOf(start)),
		closing: money(balanceOf(end)),
		moneyIn: money(end.creditsPosted - start.creditsPosted),
		moneyOut: money(end.debitsPosted - start.debitsPosted),
		held: heldText(end, money),
		log: `${originOf(said)}, ${counted(said.treeSize ?? 0n)} signed`,
		coverage: coverageText(said),
		rows: sound.map((entry, at) => rowOf$1(said, entry, sound[at - 1]?.entry ?? said.opening?.state ?? NOTHING$1))
	};
}
function originOf({ log }) {
	return printable(log ?? "an unknown log");
}
/** Of what was asked only as much is shown as is known to be whole. */
function endOf$1({ to, wholeUntil }) {
	if (to === null || wholeUntil === void 0) return to;
	return wholeUntil < to ? null : to;
}
function coverageText({ closing, wholeUntil }) {
	if (closing === void 0 || wholeUntil === void 0) return "unknown";
	const until = `${momentText(wholeUntil)} UTC (event ${grouped(closing.statement.through)})`;
	return closing.state === void 0 ? `no such account until ${until}` : `until ${until}`;
}
function heldText({ debitsPending, creditsPending }, money) {
	const parts = [...debitsPending > 0n ? [`${money(debitsPending)} held of it`] : [], ...creditsPending > 0n ? [`${money(creditsPending)} announced to it`] : []];
	return parts.length === 0 ? void 0 : parts.join(", ");
}
function partOf({ from, to }, { leaf }) {
	if (from !== null && leaf.timestamp < from) return "before";
	return to !== null && leaf.timestamp >= to ? "after" : "period";
}
function rowOf$1(said, opened, before) {
	const { leaf, direction, amount, entry, other } = opened;
	const kind = kindOf(opened);
	const posted = isPosted(opened, kind, before);
	const scale = scaleOf(said.asset);
	const sign = direction === "debit" ? "−" : "+";
	const money = moneyText(amount, scale);
	const shown = posted ? money : `(${money})`;
	return {
		number: entry.number,
		part: partOf(said, opened),
		isPosted: posted,
		direction,
		date: momentText(leaf.timestamp),
		what: WORDS[kind],
		party: other === void 0 ? "" : other.address ?? formatId(other.account),
		note: noteOf(opened),
		amount: posted ? sign + shown : shown,
		debit: direction === "debit" ? shown : "",
		credit: direction === "credit" ? shown : "",
		balance: moneyText(balanceOf(entry), scale)
	};
}
/** Whether money moved: what is closed tells it by the balances alone. */
function isPosted({ entry }, kind, before) {
	if (kind !== "moved") return !HELD.includes(kind);
	const { debitsPosted, creditsPosted } = entry;
	return debitsPosted !== before.debitsPosted || creditsPosted !== before.creditsPosted;
}
function noteOf({ metadata, content, leaf }) {
	const dated = content?.effectiveAt;
	return [...metadata === void 0 || metadata.length === 0 ? [] : [metadataText$1(metadata)], ...dated === void 0 || isSameMoment(dated, leaf.timestamp) ? [] : [`value date ${momentText(dated)}`]].join(" · ");
}
const NOTE_LENGTH_MAX = 200;
/** `note: Salary · order: 17` of a flat JSON object, any other text as it is, bytes as their number. */
function metadataText$1(metadata) {
	const text = decoded$1(metadata);
	if (text === void 0) return `${grouped(metadata.length)} bytes of metadata`;
	const flat = flatOf(text) ?? text;
	const plain = printable(flat.replaceAll(/\s+/g, " ").trim());
	const characters = Array.from(plain);
	if (characters.length <= NOTE_LENGTH_MAX) return plain;
	return `${characters.slice(0, NOTE_LENGTH_MAX).join("")}…`;
}
function decoded$1(bytes) {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return;
	}
}
function flatOf(text) {
	try {
		const value = JSON.parse(text);
		if (typeof value !== "object" || value === null || Array.isArray(value)) return void 0;
		const fields = Object.entries(value);
		if (fields.some(([, field]) => typeof field === "object")) return void 0;
		return fields.map(([name, field]) => `${name}: ${String(field)}`).join(" · ");
	} catch {
		return;
	}
}
function balanceOf({ creditsPosted, debitsPosted }) {
	return creditsPosted - debitsPosted;
}
function scaleOf(asset) {
	return asset === null ? 0 : Number(asset.slice(asset.indexOf("/") + 1));
}
/** `−1,234.50` for −123450 at scale 2. */
function moneyText(minor, scale) {
	const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, "0");
	const whole = grouped(BigInt(digits.slice(0, digits.length - scale)));
	const cents = scale === 0 ? "" : `.${digits.slice(-scale)}`;
	return `${minor < 0n ? "−" : ""}${whole}${cents}`;
}
/** Parts of a row that are texts of its own. */
const ROW_TEXTS = [...[
	"number",
	"date",
	"what",
	"party",
	"note"
], ...[
	"debit",
	"credit",
	"balance"
]];
/** Every text of the page that the document or the keys say, by its name. */
function namedTexts(view, trust) {
	const { rows, held = "", ...texts } = view;
	const named = new Map(Object.entries({
		...texts,
		held
	}));
	for (const name of [
		"opening",
		"closing",
		"moneyIn",
		"moneyOut"
	]) named.set(`${name}.row`, view[name]);
	named.set("quorum", quorumText(trust));
	for (const row of rows) for (const name of ROW_TEXTS) named.set(`entry.${row.number}.${name}`, `${row[name]}`);
	trust.keys.forEach((key, at) => {
		named.set(`key.${at}`, key);
		named.set(`fingerprint.${at}`, fingerprint(key));
	});
	trust.witnesses?.forEach((key, at) => named.set(`witness.${at}`, key));
	return named;
}
function verdictTexts(said) {
	const { length } = said.entries;
	const entries = length === 1 ? "1 entry" : `${grouped(length)} entries`;
	return {
		signers: said.signatures.map(({ key }) => `${printable(key.name)}, key ${fingerprint(formatVerifierKey(key)).slice(0, 19)} …`),
		witnesses: said.cosignatures.map(({ key, timestamp }) => timestamp === void 0 ? printable(key.name) : `${printable(key.name)}, ${momentText(timestamp * 1000000000n)} UTC`),
		entries: `all signatures hold, ${entries} and every balance follow from each other, and no entry is missing.`,
		complete: coverageText(said)
	};
}
/** Of how many witnesses the history must have signatures. */
function quorumText({ witnesses = [], quorum = witnesses.length }) {
	if (quorum === 0) return "No witness is asked for: the ledger alone says that it shows everybody the same history.";
	return `${witnesses.length === 1 ? "The witness has" : `${quorum} of ${witnesses.length} witnesses have`} to have cosigned the history: a witness signs only one.`;
}
/** SHA-256 of a verifier key's line, in groups that two people can read to each other. */
function fingerprint(vkey) {
	return toHex(sha256(new TextEncoder().encode(vkey))).replaceAll(/(.{4})(?=.)/g, "$1 ");
}

// src/iso-assets.ts
/**
* Which asset a number below 1000 is: ISO 4217's codes by scale. They repeat the table of the ledger, so that this package depends on
* nothing. What has a higher number was registered by the log's operator, and only an event of the log says its name.
*/
const WHOLE_UNITS = `
  BIF 108  CLP 152  DJF 262  GNF 324  ISK 352  JPY 392  KMF 174  KRW 410  PYG 600  RWF 646
  UGX 800  UYI 940  VND 704  VUV 548  XAF 950  XOF 952  XPF 953`;
const HUNDREDTHS = `
  AED 784  AFN 971  ALL 008  AMD 051  AOA 973  ARS 032  AUD 036  AWG 533  AZN 944  BAM 977
  BBD 052  BDT 050  BMD 060  BND 096  BOB 068  BOV 984  BRL 986  BSD 044  BTN 064  BWP 072
  BYN 933  BZD 084  CAD 124  CDF 976  CHE 947  CHF 756  CHW 948  CNY 156  COP 170  COU 970
  CRC 188  CUP 192  CVE 132  CZK 203  DKK 208  DOP 214  DZD 012  EGP 818  ERN 232  ETB 230
  EUR 978  FJD 242  FKP 238  GBP 826  GEL 981  GHS 936  GIP 292  GMD 270  GTQ 320  GYD 328
  HKD 344  HNL 340  HTG 332  HUF 348  IDR 360  ILS 376  INR 356  IRR 364  JMD 388  KES 404
  KGS 417  KHR 116  KPW 408  KYD 136  KZT 398  LAK 418  LBP 422  LKR 144  LRD 430  LSL 426
  MAD 504  MDL 498  MGA 969  MKD 807  MMK 104  MNT 496  MOP 446  MRU 929  MUR 480  MVR 462
  MWK 454  MXN 484  MXV 979  MYR 458  MZN 943  NAD 516  NGN 566  NIO 558  NOK 578  NPR 524
  NZD 554  PAB 590  PEN 604  PGK 598  PHP 608  PKR 586  PLN 985  QAR 634  RON 946  RSD 941
  RUB 643  SAR 682  SBD 090  SCR 690  SDG 938  SEK 752  SGD 702  SHP 654  SLE 925  SOS 706
  SRD 968  SSP 728  STN 930  SVC 222  SYP 760  SZL 748  THB 764  TJS 972  TMT 934  TOP 776
  TRY 949  TTD 780  TWD 901  TZS 834  UAH 980  USD 840  USN 997  UYU 858  UZS 860  VED 926
  VES 928  WST 882  XAD 396  XCD 951  XCG 532  YER 886  ZAR 710  ZMW 967  ZWG 924`;
const THOUSANDTHS = "BHD 048  IQD 368  JOD 400  KWD 414  LYD 434  OMR 512  TND 788";
const TEN_THOUSANDTHS = "CLF 990  UYW 927";
const NAMES$1 = new Map([
	...read$1(WHOLE_UNITS, 0),
	...read$1(HUNDREDTHS, 2),
	...read$1(THOUSANDTHS, 3),
	...read$1(TEN_THOUSANDTHS, 4)
]);
/** ISO's numbers have three digits. */
const REGISTERED_ASSET_MIN = 1e3;
/** `EUR/2` for 978; undefined: no asset of ISO's. */
function isoAssetName(number) {
	return NAMES$1.get(number);
}
function read$1(table, scale) {
	return [...table.matchAll(/([A-Z]{3}) (\d{3})/g)].map(([, code, digits]) => [Number(digits), `${code}/${scale}`]);
}

// src/account-tree.ts
/** What the tree over all accounts is made of (decision 0014): the statement of its root, its leaves, and the states behind them. */
/** @throws MalformedEvent */
function decodeStatement(what, bytes) {
	const reader = new ByteReader(what, bytes);
	reader.tag(["TLA1"]);
	const statement = {
		through: reader.u64(),
		accounts: reader.u64(),
		root: reader.bytes(32)
	};
	reader.end();
	return statement;
}
/** Layout of a leaf: "TLB1" · account id 16 · state 32. */
function encodeAccountLeaf(account, state) {
	const bytes = /* @__PURE__ */ new Uint8Array(52);
	bytes.set(new TextEncoder().encode("TLB1"));
	const view = new DataView(bytes.buffer);
	view.setBigUint64(4, BigInt.asUintN(64, account), true);
	view.setBigUint64(12, account >> 64n, true);
	bytes.set(state, 20);
	return bytes;
}
/** Of a leaf that is not opened. @returns the account's id, u128. @throws MalformedEvent */
function idOfAccountLeaf(what, bytes) {
	const reader = new ByteReader(what, bytes);
	reader.tag(["TLB1"]);
	const id = reader.u128();
	reader.bytes(32);
	reader.end();
	return id;
}
/** @throws MalformedEvent */
function decodeState(what, bytes) {
	const reader = new ByteReader(what, bytes);
	reader.tag(["TLM1"]);
	const asset = reader.u32();
	const count = reader.u64();
	reader.bytes(16);
	const newest = reader.u64();
	const debits = {
		debitsPending: reader.u128(),
		debitsPosted: reader.u128()
	};
	const credits = {
		creditsPending: reader.u128(),
		creditsPosted: reader.u128()
	};
	reader.end();
	return {
		asset,
		count,
		newest,
		...debits,
		...credits
	};
}

// src/opened-root.ts
/** A root of the tree over all accounts, held against the log that it has to be in, and the account in it or absent from it. */
/** Also what is not proved is opened as far as it can be read; the list says what is wrong. */
function openRoot(list, root, question) {
	const { name } = question;
	const fail = (field, sentence) => list.fail(name, `The ${name} root: ${sentence}`, { field: `${name}.${field}` });
	const leaf = read(fail, "leaf", () => decodeLeaf(root.leaf));
	const statement = read(fail, "statement", () => decodeStatement("The statement", root.statement));
	if (leaf === void 0 || statement === void 0) return void 0;
	const before = list.checks.length;
	checkEvent(fail, root, leaf);
	checkPlace(fail, root, question.checkpoint);
	if (statement.through >= leaf.sequence) fail("statement", "it tells of events that come after its own statement.");
	const state = root.account === void 0 ? checkAbsence(fail, root.absent ?? [], {
		statement,
		account: question.account
	}) : openState(fail, root.account, {
		statement,
		account: question.account
	});
	if (list.checks.length === before) pass(list, question, {
		leaf,
		statement,
		state
	});
	const { sequence, timestamp: statedAt } = leaf;
	return {
		statement,
		sequence,
		statedAt,
		state
	};
}
/**
* The first moment of which the closing root says nothing any more: an entry from then on may be missing.
* @param root the same one, opened
* @returns ns since 1970; undefined: the list says why
*/
function openEnd(list, { next }, { root, checkpoint }) {
	const fail = (_, sentence) => list.fail("closing", `The event after the closing root: ${sentence}`, { field: "closing.next" });
	const after = root.statement.through + 1n;
	if (next === void 0) {
		if (root.sequence === after) return root.statedAt;
		fail("next", "it is not shown, so nobody knows until when the list is whole.");
		return;
	}
	const leaf = read(fail, "next", () => decodeLeaf(next.leaf));
	if (leaf === void 0) return void 0;
	if (leaf.sequence !== after || next.index !== leaf.sequence - 1n) {
		fail("next", `event ${grouped(after)} comes next, and not event ${grouped(leaf.sequence)}.`);
		return;
	}
	const claim = {
		index: next.index,
		proof: next.proof,
		leaf: leafHash(next.leaf)
	};
	if (checkpoint !== void 0 && !verifyInclusion({
		...claim,
		...checkpoint
	})) {
		fail("next", `it is not in the log of ${counted(checkpoint.size)} that was signed.`);
		return;
	}
	return leaf.timestamp;
}
function pass(list, { name }, found) {
	const { leaf, statement, state } = found;
	const root = `The ${name} root is event ${grouped(leaf.sequence)} of the log and shows ${grouped(statement.accounts)} accounts after event ${grouped(statement.through)}`;
	const account = state === void 0 ? "this account is not among them" : `this account is one of them, with ${grouped(state.count)} entries`;
	list.pass(name, `${root}; ${account}.`);
}
function checkEvent(fail, root, leaf) {
	if (leaf.kind !== 32 || leaf.status !== 0) {
		fail("leaf", "the leaf is not that of a statement on all accounts.");
		return;
	}
	if (!equalBytes(sha256(root.content), leaf.content)) {
		fail("content", "the content is not the one that the leaf names.");
		return;
	}
	const content = read(fail, "content", () => decodeContent(root.content, leaf));
	if (content === void 0) return;
	const { metadataHash } = content;
	if (metadataHash === void 0 || !equalBytes(sha256(root.statement), metadataHash)) fail("statement", "the statement is not the one that the content names.");
	if (leaf.sequence !== root.index + 1n) fail("index", `the leaf says that it is event ${grouped(leaf.sequence)}, but its place is that of event ${grouped(root.index + 1n)}.`);
}
function checkPlace(fail, root, checkpoint) {
	if (checkpoint === void 0) return;
	const { index, proof } = root;
	const claim = {
		index,
		proof,
		leaf: leafHash(root.leaf),
		...checkpoint
	};
	if (verifyInclusion(claim)) return;
	fail("proof", `it is not in the log of ${counted(checkpoint.size)} that was signed: leaf, place, hashes or checkpoint were changed.`);
}
function openState(fail, place, { statement, account }) {
	if (!isInTree(place, encodeAccountLeaf(account, sha256(place.state)), statement)) fail("account", "the account with this state is not in its tree: state, place or hashes differ.");
	const state = read(fail, "account.state", () => decodeState("The state", place.state));
	if (state !== void 0 && state.newest > statement.through) fail("account.state", "the newest entry comes after what the root shows.");
	return state;
}
function isInTree({ index, proof }, leaf, of) {
	return verifyInclusion({
		index,
		size: of.accounts,
		leaf: leafHash(leaf),
		proof,
		root: of.root
	});
}
/** The account's leaf would stand between the two, or before the first, or behind the last. */
function checkAbsence(fail, neighbours, { statement, account }) {
	const ids = [];
	for (const [at, neighbour] of neighbours.entries()) {
		const field = `absent[${at}]`;
		const id = read(fail, field, () => idOfAccountLeaf("The leaf", neighbour.leaf));
		if (id === void 0) return;
		ids.push(id);
		if (!isInTree(neighbour, neighbour.leaf, statement)) fail(field, "the leaf is not in its tree.");
	}
	if (!leavesNoRoom(neighbours, ids, {
		statement,
		account
	})) fail("absent", "the leaves that are shown leave room for the account.");
}
function leavesNoRoom(neighbours, ids, { statement, account }) {
	const [first, second, ...others] = neighbours;
	const [firstId = 0n, secondId = 0n] = ids;
	if (others.length > 0) return false;
	if (first === void 0) return statement.accounts === 0n && isEmptyRoot(statement.root);
	if (second === void 0) return first.index === 0n && account < firstId || first.index === statement.accounts - 1n && firstId < account;
	return second.index === first.index + 1n && firstId < account && account < secondId;
}
function isEmptyRoot(root) {
	return equalBytes(root, treeRoot([]));
}
function read(fail, field, decode) {
	try {
		return decode();
	} catch (error) {
		if (!(error instanceof MalformedEvent)) throw error;
		fail(field, `${error.message}.`);
		return;
	}
}

// src/verify-account.ts
/** The whole check of an account's proof, without a network: who signed, both roots, every entry, and that none is missing. */
/**
* Checks, in this order: `format`, `checkpoint`, `opening`, `closing`, `asset`, for each entry `leaf`, `inclusion`, `side`, `content`,
* `metadata`, `other`, `numbers`, `links`, `balances`, then `complete` and `period`. A failed one of an entry has its place and field.
* @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
*/
async function verifyAccountProof(text, policy) {
	const list = new Checklist();
	const proof = readProof(list, text);
	if (proof === void 0) return {
		proved: false,
		checks: list.checks
	};
	const checkpoint = await checkCheckpoint(list, proof.checkpoint, {
		name: "checkpoint",
		what: "The checkpoint",
		policy
	});
	const account = accountIdOf(proof.account);
	const opening = proof.opening && openRoot(list, proof.opening, {
		name: "opening",
		account,
		checkpoint
	});
	const closing = openRoot(list, proof.closing, {
		name: "closing",
		account,
		checkpoint
	});
	const wholeUntil = closing && openEnd(list, proof.closing, {
		root: closing,
		checkpoint
	});
	const isAssetProved = checkAsset(list, proof, closing);
	const entries = checkEntries(list, proof, {
		account,
		checkpoint,
		start: opening === null ? NOTHING$1 : opening && (opening.state ?? NOTHING$1),
		asset: closing?.state?.asset
	});
	if (closing !== void 0) checkEnd(list, {
		opening,
		closing,
		wholeUntil,
		...entries
	});
	checkPeriod(list, proof, opening);
	const { account: address, asset, from, to } = proof;
	const said = {
		account: address,
		asset,
		isAssetProved,
		from,
		to,
		opening,
		closing,
		wholeUntil
	};
	const { origin: log, size: treeSize, logs: signatures = [], witnesses = [] } = checkpoint ?? {};
	return {
		proved: list.proved,
		checks: list.checks,
		said: {
			log,
			treeSize,
			signatures,
			cosignatures: witnesses,
			...said,
			entries: entries.opened
		}
	};
}
function readProof(list, text) {
	try {
		const proof = parseAccountProof(text);
		list.check("format", proof.idleHash === void 0, {
			right: `The text is a proof of the account ${proof.account}.`,
			wrong: `"hashes[${proof.idleHash}]" belongs to no proof.`
		});
		return proof;
	} catch (error) {
		if (!(error instanceof MalformedProof)) throw error;
		list.fail("format", `${error.message}.`, placeIn(error.message));
		return;
	}
}
/** `"entries[3].leaf" is …`: the entry that a sentence on the form is about. */
function placeIn(message) {
	const [, entry, field] = /"entries\[([0-9]+)\](?:\.([a-z.]+))?"/.exec(message) ?? [];
	if (entry === void 0) return {};
	return {
		entry: Number(entry),
		...field === void 0 ? {} : { field }
	};
}
/** The tree has the asset's number; ISO 4217 says which one that is. */
function checkAsset(list, { asset }, closing) {
	if (closing === void 0) return false;
	const number = closing.state?.asset;
	if (number === void 0) {
		if (asset === null) return true;
		list.fail("asset", `There is no such account, so that it has no asset, and not ${asset}.`);
		return false;
	}
	if (asset === null) {
		list.fail("asset", `The account's asset has the number ${number}, but none is named.`);
		return false;
	}
	if (number >= 1e3) return false;
	return list.check("asset", isoAssetName(number) === asset, {
		right: `The account's asset has the number ${number}, which is ${asset}.`,
		wrong: `The account's asset has the number ${number}, which is not ${asset}.`
	});
}
function checkEntries(list, { entries }, { account, checkpoint, start, asset }) {
	const before = list.checks.length;
	const chain = new EntryChain(list, start, asset);
	const opened = entries.map((entry, place) => {
		const found = openEntry(list, entry, {
			place,
			account,
			checkpoint
		});
		chain.add(found);
		return found;
	});
	if (list.checks.length === before && entries.length > 0) {
		const all = entries.length === 1 ? "The entry is" : `All ${grouped(entries.length)} entries are`;
		list.pass("inclusion", `${all} in the log, and of this account.`);
		list.pass("links", "Their numbers have no gap, and each names the one before it.");
		list.pass("balances", "The balances after each follow from those before it and its amount.");
	}
	return {
		opened,
		last: chain.last
	};
}
const BALANCES$1 = [
	"debitsPending",
	"debitsPosted",
	"creditsPending",
	"creditsPosted"
];
/** The list ends with what the closing root shows: nothing is missing at its end. */
function checkEnd(list, { opening, closing, wholeUntil, ...entries }) {
	const { opened, last } = entries;
	const state = closing.state ?? NOTHING$1;
	const { through } = closing.statement;
	if (opening && opening.statement.through > through) list.fail("complete", "The opening root shows a later moment than the closing one.");
	if (last === void 0) {
		list.fail("complete", "The newest entry is not proved, so the list cannot be held against its end.");
		return;
	}
	const end = { entry: Math.max(0, opened.length - 1) };
	if (last.count !== state.count || last.newest !== state.newest) {
		list.fail("complete", `The list ends with entry number ${grouped(last.count)}, but the account had ${grouped(state.count)} entries after event ${grouped(through)}: entries are missing at the end, or too many.`, {
			...end,
			field: "closing"
		});
		return;
	}
	if (BALANCES$1.some((name) => last[name] !== state[name])) {
		list.fail("complete", "The balances after the last entry are not those of the closing root.", end);
		return;
	}
	list.pass("complete", `No entry is missing up to event ${grouped(through)}${wholeUntil === void 0 ? "" : `, which is all before ${formatTime(wholeUntil)}`}.`);
}
/** What the opening root covers is not in the list: it has to lie before the period. */
function checkPeriod(list, { from, to }, opening) {
	if (from !== null && to !== null && from > to) list.fail("period", "The period ends before it begins.");
	if (!opening) return;
	const covers = from !== null && opening.statedAt <= from;
	list.check("period", covers, {
		right: `The list begins before the period that was asked for, behind ${counted(opening.statement.through)}.`,
		wrong: `The list begins behind a root of ${formatTime(opening.statedAt)}, inside of the period that was asked for: entries may be missing before it.`
	});
}

// src/key-comparison.ts
/**
* The key that a reader got from elsewhere, held against a document. A file can bring any key of its own, so only this says who signed.
*/
/**
* @param document an account proof. @param trust what its page checks with; of it only the witnesses count here
* @param text a verifier key, or the fingerprint of one of the page's keys in hex, as people write it
* @throws Ed25519Missing: then nothing can be said
*/
async function confirmKey(document, trust, text) {
	const given = text.trim();
	const digits = given.replaceAll(/[\s:]/g, "").toLowerCase();
	const isFingerprint = /^[0-9a-f]{64}$/.test(digits);
	const key = isFingerprint ? keyOf(digits, trust.keys) : given;
	if (key === void 0) return refused("Not the same: the key of this page has another fingerprint.", true);
	const problem = problemOf(key);
	if (problem !== void 0) return refused(`That is neither a key nor a fingerprint: ${problem}.`, false);
	const wrong = (await verifyAccountProof(document, trustPolicy({
		...trust,
		keys: [key]
	}))).checks.find(({ holds }) => !holds);
	if (wrong !== void 0) return refused(`Not the same key: ${wrong.sentence}`, true);
	return {
		isSame: true,
		isKey: true,
		sentence: `The same ${isFingerprint ? "fingerprint" : "key"} that you gave: ${fingerprint(key).slice(0, 19)} …`
	};
}
function refused(sentence, isKey) {
	return {
		isSame: false,
		isKey,
		sentence
	};
}
function keyOf(digits, keys) {
	return keys.find((key) => fingerprint(key).replaceAll(" ", "") === digits);
}
function problemOf(key) {
	try {
		parseVerifierKey(key);
		return;
	} catch (error) {
		if (error instanceof MalformedKey) return error.message;
		throw error;
	}
}

// src/receipt.ts
/** Receipts (decision 0013): a proof whose extra data opens parts of the leaf by showing the bytes that were hashed. */
const FORMAT = "tallystick/receipt/v1";
/** Reads, verifies nothing. @throws MalformedProof */
function parseReceipt(text) {
	const proof = parseProofText(text);
	if (proof.extra === void 0) throw new MalformedProof("The proof has no extra data, so it says nothing of an event");
	const { format, ...parts } = objectOf("The receipt", parseJson(proof.extra));
	if (format !== FORMAT) throw new MalformedProof(`The receipt is not of the format ${FORMAT}`);
	onlyKnown("The receipt", parts, [
		"leaf",
		"content",
		"metadata",
		"debit",
		"credit",
		"facts"
	]);
	const leaf = bytesOf("leaf", parts["leaf"]);
	if (leaf === void 0) throw new MalformedProof("The receipt has no leaf");
	return {
		proof,
		leaf,
		...given("content", bytesOf("content", parts["content"])),
		...given("metadata", bytesOf("metadata", parts["metadata"])),
		...given("debit", sideOf$1("debit", parts["debit"])),
		...given("credit", sideOf$1("credit", parts["credit"])),
		...given("facts", bytesOf("facts", parts["facts"]))
	};
}
function parseJson(bytes) {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (cause) {
		throw new MalformedProof("The extra data is not JSON", { cause });
	}
}
function sideOf$1(name, value) {
	if (value === void 0) return void 0;
	const side = objectOf(`"${name}"`, value);
	onlyKnown(`"${name}"`, side, ["preimage", "address"]);
	const preimage = bytesOf(`${name}.preimage`, side["preimage"]);
	if (preimage === void 0) throw new MalformedProof(`"${name}" has no preimage, so it opens nothing`);
	const { address } = side;
	if (address === void 0) return { preimage };
	if (typeof address === "string" && isAddress(address)) return {
		preimage,
		address
	};
	throw new MalformedProof(`"${name}.address" is not an address`);
}

// src/report-json.ts
/** Reports as JSON: names in snake_case, big numbers as decimal strings, bytes as base64. */
/** Two spaces deep, with a line feed at its end. */
function reportJson(report) {
	return `${JSON.stringify(plain(report), void 0, 2)}\n`;
}
function plain(value) {
	if (typeof value === "bigint") return value.toString();
	if (value instanceof Uint8Array) return toBase64(value);
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, field]) => [snakeCase(name), plain(field)]));
}
function snakeCase(name) {
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

// src/shown-text.ts
/** What a receipt shows, as lines for people. */
function shownLines(event) {
	const { request, id, code, content, metadata, facts } = event;
	return [
		["event", `${grouped(event.sequence)} of ${event.log}, shard ${event.shard}`],
		["what", `${event.what}: ${event.status}`],
		["when", event.at],
		["request", request === void 0 ? "none: by the ledger itself" : request.id],
		...optional("request digest", request?.digest),
		...optional("id", id),
		...optional("code", code?.toString()),
		...content === void 0 ? [] : contentLines(content),
		...optional("metadata", metadata && metadataText(metadata)),
		...sideLines("debit", event.debit),
		...sideLines("credit", event.credit),
		...facts === void 0 ? [] : [
			["limit of", formatId(facts.account)],
			["needed", grouped(facts.needed)],
			["available", grouped(facts.available)],
			["limit", grouped(facts.limit)]
		]
	];
}
function optional(label, value) {
	return value === void 0 ? [] : [[label, value]];
}
function sideLines(label, side) {
	if (side === void 0) return [];
	const { account, address, asset, amount, entry } = side;
	return [
		[label, `${grouped(amount)} of asset ${asset}`],
		[`${label} account`, address === void 0 ? account : `${address} (${account})`],
		...entry === void 0 ? [] : [[`${label} after`, `debits ${grouped(entry.debitsPosted)} posted, ${grouped(entry.debitsPending)} pending; credits ${grouped(entry.creditsPosted)} posted, ${grouped(entry.creditsPending)} pending; the account's entry ${grouped(entry.number)}`]]
	];
}
function contentLines(content) {
	if (content.sort === "other") {
		const { account, asset } = content;
		return [
			...optional("account", account === 0n ? void 0 : formatId(account)),
			...optional("asset", asset === 0 ? void 0 : `${asset}`),
			...fieldLines(content.fields)
		];
	}
	const { timeout, effectiveAt } = content;
	const common = [...optional("timeout", timeout === void 0 ? void 0 : `${grouped(timeout)} s`), ...optional("value date", effectiveAt === void 0 ? void 0 : formatTime(effectiveAt))];
	if (content.sort === "refused") {
		const { pendingId, seen } = content;
		return [
			...optional("refers to", pendingId === void 0 ? void 0 : formatId(pendingId)),
			...common,
			...optional("repeats", seen === void 0 ? void 0 : `event ${grouped(seen)}`)
		];
	}
	const { pending, requested } = content;
	if (pending === void 0) return [...common, ...requestedLine(requested)];
	const { id, sequence, captured, remaining } = pending;
	return [
		["refers to", `${formatId(id)}, event ${grouped(sequence)}`],
		["of that", `${grouped(captured)} taken, ${grouped(remaining)} still held`],
		...common,
		...requestedLine(requested)
	];
}
function requestedLine(requested) {
	return optional("requested", requested === void 0 ? void 0 : grouped(requested));
}
function fieldLines(fields) {
	switch (fields.of) {
		case "account": return [
			...optional("address", fields.address === "" ? void 0 : fields.address),
			...optional("parent", fields.parent === 0n ? void 0 : formatId(fields.parent)),
			["limit", grouped(fields.limit)],
			["subtree limit", subtreeLimit(fields.subtreeLimit)],
			...optional("repeats", fields.seen === 0n ? void 0 : `event ${grouped(fields.seen)}`)
		];
		case "limit": return [["limit", `${grouped(fields.limit)}, before ${grouped(fields.limitBefore)}`], ["subtree limit", `${subtreeLimit(fields.subtreeLimit)}, before ${subtreeLimit(fields.subtreeLimitBefore)}`]];
		case "books": return [["closed until", formatTime(fields.until)], ["before", formatTime(fields.untilBefore)]];
		case "control":
		case "metadata":
		case "asset":
		case "closure": return [];
	}
}
/** 2^128 − 1: no total can pass it. */
function subtreeLimit(limit) {
	return limit === (1n << 128n) - 1n ? "none" : grouped(limit);
}
/** As text where it is one, else as base64. */
function metadataText(metadata) {
	try {
		return JSON.stringify(new TextDecoder("utf-8", { fatal: true }).decode(metadata));
	} catch {
		return toBase64(metadata);
	}
}

// src/report-text.ts
/** Reports as text for people. Whatever comes from a log is made harmless to the terminal. */
/** One line for each check, and the verdict. */
function reportText(report) {
	return text([
		...checkLines(report),
		"",
		verdict(report)
	]);
}
/** With what the receipt shows, when it is proved. */
function receiptText(report) {
	const { shown, hidden } = report;
	const lines = shown === void 0 ? [] : shownLines(shown);
	const width = Math.max(0, ...lines.map(([label]) => label.length));
	return text([
		...checkLines(report),
		...lines.length === 0 ? [] : ["", "What it shows:"],
		...lines.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
		...hidden.length === 0 ? [] : ["", `It does not show ${hidden.join(", ")}.`],
		"",
		verdict(report)
	]);
}
/** With the statement, when it is proved. */
function accountText(report) {
	const { said, proved } = report;
	const lines = proved && said !== void 0 ? statementLines(statementView(said)) : [];
	return text([
		...checkLines(report),
		...lines,
		"",
		verdict(report)
	]);
}
function statementLines({ rows, ...view }) {
	const cells = rows.map(({ number, date, what, party, amount, balance }) => [...[
		`${number}`,
		date,
		amount,
		balance,
		`${what} ${party}`.trim()
	]]);
	const widths = [
		0,
		1,
		2,
		3
	].map((at) => Math.max(0, ...cells.map((row) => (row[at] ?? "").length)));
	const { account, asset, period, opening, closing } = view;
	return [
		...[
			"",
			`${account}, ${asset}, ${period}:`,
			`  opening balance ${opening}`
		],
		...cells.map((row) => `  ${row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("  ")}`),
		`  closing balance ${closing}`
	];
}
/** With what the events come to, and what was not checked. */
function logText(report) {
	const unchecked = report.unchecked.map((sentence) => `  ${sentence}`);
	const replayed = report.replayed === void 0 ? [] : ["", ...replayedLines(report.replayed)];
	return text([
		...[
			...checkLines(report),
			...replayed,
			"",
			"Not checked:",
			...unchecked
		],
		"",
		verdict(report)
	]);
}
function replayedLines({ events, accounts, openHolds, assets }) {
	const holds = openHolds === 1 ? "1 open hold" : `${grouped(openHolds)} open holds`;
	return [`What the ${counted(events)} come to: ${grouped(accounts)} accounts and ${holds}.`, ...assets.map((sums) => {
		const debits = `debits ${grouped(sums.debitsPosted)} posted and ${grouped(sums.debitsPending)} pending`;
		const credits = `credits ${grouped(sums.creditsPosted)} and ${grouped(sums.creditsPending)}`;
		return `  asset ${sums.asset}: ${grouped(sums.accounts)} accounts, ${debits}, ${credits}`;
	})];
}
function checkLines({ checks }) {
	return checks.map(({ holds, sentence }) => `${holds ? "ok   " : "WRONG"}  ${sentence}`);
}
function verdict({ proved, checks }) {
	if (proved) return "PROVED";
	return `NOT PROVED: ${checks.filter(({ holds }) => !holds).length} of ${checks.length} checks failed`;
}
function text(lines) {
	return lines.map((line) => `${printable(line)}\n`).join("");
}

// src/statement-html/page-script.ts
/**
* The script of a statement's page. It stands behind the verifier, in one module with it, and only carries texts between the page and the
* verifier's functions: what is right is decided there.
*/
const PAGE_SCRIPT = `
const byId = (id) => document.getElementById(id)
const all = (selector) => [...document.querySelectorAll(selector)]
const title = document.title

function element(name, text, children = []) {
  const made = document.createElement(name)
  made.textContent = text
  made.append(...children)
  return made
}

function say(state, word, sentence, ...details) {
  byId('verdict').dataset.state = state
  byId('said').replaceChildren(element('strong', sentence), ...details)
  document.title = word + ': ' + title
}

function shownTexts() {
  const texts = all('[data-shows]').map((shown) => ({ name: shown.dataset.shows, text: shown.textContent }))
  const strange = all('tbody tr').filter((row) => row.dataset.entry === undefined && row.dataset.edge === undefined)
  return [...texts, ...strange.map((row) => ({ name: '', text: row.textContent.replace(/\\s+/g, ' ').trim() }))]
}

// Texts may all be right and stand in the wrong place, or be hidden.
function isAsMade(sheet) {
  const made = new DOMParser().parseFromString(sheet, 'text/html').querySelector('main')
  const others = [...document.body.children].filter(({ localName }) => localName !== 'script')
  return others.length === 1 && others[0].isEqualNode(made)
}

function rowOf({ entry, name, place }) {
  const shown = name === undefined ? undefined : all('[data-shows]').find((one) => one.dataset.shows === name)
  if (shown !== undefined) shown.classList.add('wrong')
  const row = shown?.closest('tr') ?? all('tr[data-entry]').find((one) => one.dataset.entry === entry)
  return row ?? (place === undefined ? undefined : all('tr[data-entry]')[place])
}

function mark(fault) {
  const item = element('li', fault.sentence)
  const row = rowOf(fault)
  if (row === undefined) return item
  row.classList.add('altered')
  row.id = 'row-' + (row.dataset.entry ?? fault.name)
  const why = element('tr', '', [element('td', fault.sentence)])
  why.className = 'why'
  why.firstChild.colSpan = 5
  row.after(why)
  const fold = row.closest('details')
  if (fold !== null) fold.open = true
  const link = element('a', 'show')
  link.href = '#' + row.id
  item.append(' ', link)
  return item
}

function facts(pairs) {
  return element('dl', '', pairs.map(([name, ...values]) => element('div', '', [element('dt', name), ...values])))
}

function link(text, to) {
  const made = element('a', text)
  made.href = to
  return made
}

function tellProved(said, given) {
  const { signers, witnesses, entries, complete } = verdictTexts(said)
  const key = given === undefined
    ? element('dd', 'not compared yet: this proves nothing about who holds it. ', [link('Compare', '#keys')])
    : element('dd', given)
  const cosigned = witnesses.length === 0 ? [element('dd', 'none was asked for')] : witnesses.map((text) => element('dd', text))
  const how = 'Checked by this page on this device, without a network: ' + entries
  say('proved', 'Verified', given === undefined ? 'Verified: nothing altered, nothing missing' : 'Verified with the key that you gave: nothing altered, nothing missing',
    element('p', how),
    facts([['Signed by', ...signers.map((text) => element('dd', text))], ['Witnesses', ...cosigned], ['Complete', element('dd', complete)], ['Key', key]]))
}

function tell(report, faults) {
  byId('checks').replaceChildren(...report.checks.map(({ holds, sentence }) => element('li', (holds ? '✓ ' : '✗ ') + sentence)))
  if (faults.length === 0) return tellProved(report.said)
  say('wrong', 'Altered', 'Not verified: something here was altered', element('ul', '', faults.map(mark)))
}

async function compare(text, trust, report, isWhole) {
  const { isSame, isKey, sentence } = await confirmKey(byId('proof').textContent, trust, text)
  byId('compared').textContent = sentence
  byId('compared').dataset.state = isSame ? 'proved' : 'wrong'
  if (!isWhole) return
  if (isSame) return tellProved(report.said, sentence)
  if (isKey) say('wrong', 'Not verified', 'Not verified: not signed with the key that you gave', element('p', sentence))
}

async function check() {
  const trust = JSON.parse(byId('trust').textContent)
  // A page may have been taken apart: what it shows is read before anything in it is changed.
  const shown = shownTexts()
  const report = await verifyAccountProof(byId('proof').textContent, trustPolicy(trust))
  const isMade = report.said !== undefined && isAsMade(sheetOf(report.said, trust))
  const faults = pageFaults(report, trust, { shown, isAsMade: isMade })
  tell(report, faults)
  const go = () => compare(byId('given').value, trust, report, faults.length === 0)
  byId('compare').addEventListener('click', go)
  byId('given').addEventListener('keydown', ({ key }) => key === 'Enter' && go())
}

check().catch((error) => {
  const isMissing = error.name === 'Ed25519Missing'
  const sentence = isMissing ? 'Not checked: this browser cannot verify signatures' : 'Not verified: the page cannot be read'
  say(isMissing ? 'unable' : 'wrong', 'Not checked', sentence, element('p', error.message))
})
`;

// src/statement-html/page-style.ts
/** How a statement looks: on a desk, on a phone, in the dark, on paper. Nothing is loaded from anywhere. */
const PAGE_STYLE = `
:root { color-scheme: light dark; --desk: #efece5; --sheet: #fffefb; --ink: #1c1b19; --soft: #66625a; --line: #e3dfd5; --rule: #1c1b19; --accent: #1d3b34;
  --good: #17603c; --good-bg: #eaf4ee; --bad: #a81c14; --bad-bg: #fdebe9; --wait: #74550c; --wait-bg: #fbf3dd; --seal: #fffefb; }
@media (prefers-color-scheme: dark) { :root { --desk: #121110; --sheet: #1c1b19; --ink: #ebe8e1; --soft: #a6a196; --line: #35322d; --rule: #8b867b; --accent: #a9cdbf;
  --good: #86d3a8; --good-bg: #182b20; --bad: #ff9c92; --bad-bg: #3a1714; --wait: #e5c46f; --wait-bg: #302813; --seal: #14130f; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--desk); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Arial, sans-serif; -webkit-text-size-adjust: 100%; }
main { max-width: 54rem; margin: 2rem auto; padding: 2.75rem 3rem 2rem; background: var(--sheet); border-radius: 3px; border-top: 4px solid var(--accent);
  box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 12px 40px rgb(0 0 0 / .08); }
p { margin: 0; }
dl, dd { margin: 0; }
a { color: inherit; text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.brand { display: flex; align-items: center; gap: .6rem; color: var(--accent); font-weight: 600; overflow-wrap: anywhere; }
.brand svg { flex: none; }
.kind { margin-top: 1.6rem; color: var(--soft); font-size: .8rem; letter-spacing: .09em; text-transform: uppercase; }
h1 { margin: .1rem 0 .9rem; font: 400 2.1rem/1.15 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, 'Liberation Serif', serif; overflow-wrap: anywhere; }
h2 { margin: 0 0 .5rem; font-size: .95rem; font-weight: 600; }
dt { color: var(--soft); font-size: .78rem; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.5rem; }
#verdict { display: flex; gap: 1.1rem; margin: 1.6rem 0; padding: 1.1rem 1.25rem; border-radius: 6px; border: 1px solid; }
#said { min-width: 0; flex: 1; }
#said strong { display: block; font-size: 1.1rem; line-height: 1.35; }
#said ul { margin: .3rem 0 0; padding-left: 1.1rem; }
#said dl { display: grid; grid-template-columns: repeat(2, 1fr); gap: .55rem 1.5rem; margin-top: .8rem; color: var(--ink); }
#said dd { font-size: .88rem; overflow-wrap: anywhere; }
.seal { display: none; flex: none; }
[data-state='proved'] .seal.proved, [data-state='wrong'] .seal.wrong, [data-state='waiting'] .seal.open, [data-state='unable'] .seal.open { display: block; }
#verdict[data-state='waiting'], #verdict[data-state='unable'] { color: var(--wait); background: var(--wait-bg); border-color: var(--wait); }
#verdict[data-state='proved'] { color: var(--good); background: var(--good-bg); border-color: var(--good); }
#verdict[data-state='wrong'] { color: var(--bad); background: var(--bad-bg); border-color: var(--bad); }
.sums { display: grid; grid-template-columns: repeat(4, 1fr); margin: 0 0 1.9rem; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
.sums div { padding: .7rem 1rem; border-left: 1px solid var(--line); text-align: right; }
.sums div:first-child { padding-left: 0; border: 0; text-align: left; } .sums div:last-child { padding-right: 0; }
.sums dd { font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.sums + .small { margin: -1.4rem 0 1.6rem; text-align: right; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding-bottom: .3rem; text-align: left; font-weight: 600; font-size: .95rem; }
th { padding: .35rem .6rem; color: var(--soft); font-size: .78rem; font-weight: 500; text-align: left; border-bottom: 1px solid var(--rule); }
td { padding: .55rem .6rem; vertical-align: top; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
th.number, td.number { text-align: right; white-space: nowrap; }
.date { white-space: nowrap; }
.small { display: block; color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
.small:empty, .party:empty { display: none; }
.party, .small, h1, dd, code { unicode-bidi: isolate; }
.party { overflow-wrap: anywhere; }
.balance { font-weight: 500; }
.held td { color: var(--soft); }
.edge td { font-weight: 600; } .edge:last-child td { border-bottom: 1px solid var(--rule); }
tr.altered td { background: var(--bad-bg); color: var(--bad); border-bottom-color: transparent; }
tr.altered .small { color: inherit; }
tr.altered td:first-child, .why td { padding-left: .6rem; } tr.altered td:last-child { padding-right: .6rem; }
tr.altered td:first-child, .why td { box-shadow: inset 3px 0 var(--bad); }
.why td { padding-top: 0; background: var(--bad-bg); color: var(--bad); font-size: .88rem; }
.wrong { color: var(--bad); font-weight: 700; text-decoration: underline wavy var(--bad) 1px; text-underline-offset: .2em; }
summary { cursor: pointer; color: var(--soft); font-size: .88rem; padding: .3rem 0; }
.fold { margin-bottom: 1rem; } table + .fold { margin-top: .5rem; }
.meaning { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem 2rem; margin-top: 2.2rem; font-size: .88rem; }
.meaning ul { margin: 0; padding-left: 1.1rem; } .meaning li { margin-bottom: .3rem; }
code { font: .82rem/1.55 ui-monospace, 'Cascadia Mono', 'Liberation Mono', monospace; overflow-wrap: anywhere; }
#keys { margin-top: 1.8rem; padding-top: 1.3rem; border-top: 1px solid var(--line); font-size: .88rem; scroll-margin-top: 1rem; }
#keys dd { margin-bottom: .45rem; }
.compare { margin: 1rem 0 .6rem; }
.compare label { display: block; margin-bottom: .3rem; font-weight: 600; }
.compare div { display: flex; gap: .5rem; }
input, button { font: inherit; padding: .5rem .7rem; border: 1px solid var(--soft); border-radius: 4px; background: var(--sheet); color: inherit; }
input { flex: 1; min-width: 0; } button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: var(--sheet); font-weight: 600; }
#compared { margin-top: .4rem; min-height: 1.5em; font-weight: 600; } #compared[data-state='proved'] { color: var(--good); } #compared[data-state='wrong'] { color: var(--bad); }
.paper { display: none; }
@media (max-width: 42rem) {
  main { margin: 0; padding: 1.5rem 1.1rem 2rem; box-shadow: none; border-radius: 0; } h1 { font-size: 1.6rem; }
  .seal { width: 36px; height: 36px; } #verdict { gap: .8rem; padding: .9rem 1rem; } #said dl { grid-template-columns: 1fr; }
  .sums { grid-template-columns: 1fr 1fr; } .sums div { padding-left: 0; border: 0; text-align: left; }
  thead { display: none; } table, tbody, caption { display: block; }
  tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td, th, tr td:first-child, tr td:last-child { padding: 0; border: 0; }
  .date { grid-column: 1 / -1; color: var(--soft); font-size: .82rem; } .date .small { display: inline; margin-left: .5rem; } .date:empty { display: none; }
  .what { grid-column: 1; grid-row: 2 / span 2; } td.debit, td.credit { grid-column: 2; grid-row: 2; } td.debit:empty, td.credit:empty { display: none; }
  .debit td.debit:not(:empty)::before { content: '−'; } .credit td.credit:not(:empty)::before { content: '+'; }
  td.balance { grid-column: 2; grid-row: 3; color: var(--soft); font-size: .86rem; font-weight: 400; } td.balance::before { content: 'balance '; }
  .edge td.debit, .edge td.credit { display: none; } .edge:last-child td { border: 0; } .edge td.balance { grid-row: 2; color: inherit; font-size: inherit; font-weight: 600; } .edge td.balance::before { content: ''; }
  tr.altered, .why { margin: 0 -.5rem; padding: .6rem .5rem; background: var(--bad-bg); box-shadow: inset 3px 0 var(--bad); } tr.altered td, tr.altered td:first-child, .why td { background: none; box-shadow: none; padding: 0; }
  .why { padding-top: 0; } .why td { grid-column: 1 / -1; } .meaning { grid-template-columns: 1fr; } .compare div { flex-wrap: wrap; } input { flex-basis: 100%; }
}
@page { size: A4; margin: 15mm 16mm 17mm; }
@media print {
  :root { --desk: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #ccc; --rule: #000; --accent: #1d3b34; --good: #14532d; --good-bg: #fff; --bad: #9b1c1c; --bad-bg: #fff; --wait: #444; --wait-bg: #fff; --seal: #fff; }
  body { font-size: 9.5pt; } main { max-width: none; margin: 0; padding: 0; border: 0; box-shadow: none; } .seal { print-color-adjust: exact; }
  tr, #verdict, .meaning > div { break-inside: avoid; } tr:has(+ .why) { break-after: avoid; } h2 { break-after: avoid; } .sums dd { font-size: 11pt; } td { padding-top: .35rem; padding-bottom: .35rem; }
  .compare, details:not([open]), #said a { display: none; } .paper { display: block; margin-top: 1rem; color: var(--soft); }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;

// src/statement-html/pictures.ts
/** Drawings of a statement's page, as SVG inside of it. */
/** Four notches and a stroke across. */
const BRAND = "<svg viewBox=\"0 0 28 24\" width=\"28\" height=\"24\" aria-hidden=\"true\"><path d=\"M5 3v18M11 3v18M17 3v18M23 3v18M1 17 27 7\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.2\" stroke-linecap=\"round\"/></svg>";
const SHAPES = [
	["proved", "M15 25.5l6.5 6.5L34 18.5"],
	["wrong", "M17 17l14 14M31 17 17 31"],
	["open", "M24 15v11M24 32.5v.5"]
];
/** One for each verdict; the style shows the one that counts. */
const SEALS = SHAPES.map(([name, path]) => `<svg class="seal ${name}" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"><circle cx="24" cy="24" r="22.5" fill="none" stroke="currentColor" stroke-width="1.5"/><circle cx="24" cy="24" r="18.5" fill="currentColor"/><path d="${path}" fill="none" stroke="var(--seal)" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></svg>`).join("");

// src/statement-html/sheet.ts
/** The element `main`. */
function sheetOf(said, trust) {
	const view = statementView(said);
	return `<main>
${headOf(view)}
${VERDICT}
${sumsOf(view)}
${foldOf(view, "before")}${tableOf(view)}
${foldOf(view, "after")}${meaningOf(said, view)}
${keysOf(view, trust)}
<footer><p class="paper">On paper this is a copy like any other: the proof is in the file.</p></footer>
</main>`;
}
function escaped(text) {
	const entities = {
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		"\"": "&quot;",
		"'": "&#39;"
	};
	return text.replaceAll(/[&<>"']/g, (character) => entities[character]);
}
/** A text that is compared with what the document proves. */
function shows(name, text, tag = "span", style = "") {
	return `<${tag}${style === "" ? "" : ` class="${style}"`} data-shows="${name}">${escaped(text)}</${tag}>`;
}
function headOf({ account, asset, entries, origin, period }) {
	const fact = (label, name, text) => `<div><dt>${label}</dt>${shows(name, text, "dd")}</div>`;
	return `<header>
<p class="brand">${BRAND}${shows("origin", origin)}</p>
<p class="kind">Statement of account</p>
${shows("account", account, "h1")}
<dl class="facts">${fact("Period, UTC", "period", period)}${fact("Currency", "asset", asset)}${fact("Entries", "entries", entries)}</dl>
</header>`;
}
const VERDICT = `<section id="verdict" role="status" data-state="waiting" aria-label="Verdict">${SEALS}<div id="said"><strong>Not checked</strong>
<p>This page checks itself when it is opened in a browser with scripts. Until then, and on paper, it is a claim like any other.</p></div></section>`;
function sumsOf({ opening, moneyIn, moneyOut, closing, held }) {
	const sum = (label, name, text) => `<div><dt>${label}</dt>${shows(name, text, "dd")}</div>`;
	const announced = held === void 0 ? "" : `\n<p class="small">${shows("held", held)}</p>`;
	return `<dl class="sums">${sum("Opening balance", "opening", opening)}${sum("Debits", "moneyOut", moneyOut)}${sum("Credits", "moneyIn", moneyIn)}${sum("Closing balance", "closing", closing)}</dl>${announced}`;
}
const TABLE_HEAD = `<thead><tr>${[
	["Date", ""],
	["Description", ""],
	["Debit", " class=\"number\""],
	["Credit", " class=\"number\""],
	["Balance", " class=\"number\""]
].map(([label, style]) => `<th scope="col"${style}>${label}</th>`).join("")}</tr></thead>`;
function tableOf({ rows, opening, closing, moneyIn, moneyOut }) {
	const inside = rows.filter(({ part }) => part === "period").map(rowOf);
	const start = `<tr class="edge" data-edge><td class="date"></td><td class="what">Opening balance</td><td class="debit"></td><td class="credit"></td>${shows("opening.row", opening, "td", "number balance")}</tr>`;
	const end = `<tr class="edge" data-edge><td class="date"></td><td class="what">Closing balance</td>${shows("moneyOut.row", moneyOut, "td", "number debit")}${shows("moneyIn.row", moneyIn, "td", "number credit")}${shows("closing.row", closing, "td", "number balance")}</tr>`;
	return `<table><caption>Entries of the period</caption>${TABLE_HEAD}
<tbody>
${[
		start,
		...inside,
		end
	].join("\n")}
</tbody></table>`;
}
/** Entries that the proof needs, and that nobody asked for. */
function foldOf({ rows }, part) {
	const folded = rows.filter((row) => row.part === part);
	if (folded.length === 0) return "";
	return `<details class="fold"><summary>${folded.length === 1 ? "1 entry" : `${folded.length} entries`} ${part} the period, which the proof needs</summary>
<table><caption>Entries ${part} the period</caption>${TABLE_HEAD}
<tbody>
${folded.map(rowOf).join("\n")}
</tbody></table></details>
`;
}
function rowOf(row) {
	const { number, direction, isPosted } = row;
	const text = (name, style) => shows(`entry.${number}.${name}`, `${row[name]}`, "span", style);
	const money = (name) => shows(`entry.${number}.${name}`, row[name], "td", `number ${name}`);
	return `<tr data-entry="${number}" class="${isPosted ? direction : "held"}"><td class="date">${text("date", "day")}<span class="small">no. ${text("number", "no")}</span></td><td class="what">${text("party", "party")}${text("what", "small")}${text("note", "small")}</td>${money("debit")}${money("credit")}${money("balance")}</tr>`;
}
function meaningOf({ isAssetProved }, { coverage }) {
	const asset = isAssetProved ? "" : "\n<li>That the amounts are of the currency named above, with its decimals: the log knows it by a number.</li>";
	return `<section class="meaning"><div><h2>What the green seal proves</h2>
<ul><li>Whoever holds the key below signed a history in which each of these entries happened, with these amounts and balances.</li>
<li>No entry of this account is missing between the first and the last one, and the balances follow from the amounts.</li>
<li>That is so ${shows("coverage", coverage)}.</li></ul></div>
<div><h2>What it does not prove</h2>
<ul><li>That the key is the ledger’s. A file can bring any key: compare it, below, with one that you got from elsewhere.</li>
<li>That this page is honest: whoever made the file made its script too. If it did not come from somebody you trust, run <code>tally-verify account FILE --key KEY</code> on your own machine.</li>
<li>That a payment was right, or who owns the account.</li>${asset}</ul></div></section>`;
}
function keysOf({ log }, trust) {
	const keys = trust.keys.map((key, at) => `<dt>Key of the log</dt><dd>${shows(`key.${at}`, key, "code")}</dd>\n<dt>Its fingerprint: SHA-256 of that line</dt><dd>${shows(`fingerprint.${at}`, fingerprint(key), "code")}</dd>`);
	const witnesses = (trust.witnesses ?? []).map((key, at) => `<dt>Key of a witness</dt><dd>${shows(`witness.${at}`, key, "code")}</dd>`);
	return `<section id="keys"><h2>Who signed</h2>
<dl><dt>Log</dt><dd>${shows("log", log)}</dd>
${[...keys, ...witnesses].join("\n")}</dl>
<p>${shows("quorum", quorumText(trust))}</p>
<div class="compare"><label for="given">The ledger’s key, or its fingerprint, as you got it from elsewhere: a contract, the ledger’s own site, a call</label>
<div><input id="given" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="name+id+key, or 64 hex digits"><button type="button" id="compare">Compare</button></div>
<p id="compared" role="status"></p></div>
<details><summary>What this page checked</summary><ul id="checks"></ul></details></section>`;
}

// src/statement-html/statement-html.ts
/**
* A statement as one file that carries its proof and checks itself: the texts that the document proves, the document, the keys, and the
* verifier. It loads nothing, and its policy lets it load nothing.
*/
/** A document that does not hold: no page is made of it. The message says why. */
var StatementRefused = class extends Error {
	name = "StatementRefused";
};
/**
* HTML in UTF-8.
* @throws StatementRefused, MalformedKey, MalformedPolicy, AmbiguousKeys, Ed25519Missing
*/
async function statementHtml({ document, trust, verifier }) {
	const { proved, checks, said } = await verifyAccountProof(document, trustPolicy(trust));
	if (!proved || said === void 0) {
		const wrong = checks.filter(({ holds }) => !holds).map(({ sentence }) => sentence);
		throw new StatementRefused(`The proof does not hold: ${wrong.join(" ")}`);
	}
	return pageOf({
		document,
		trust,
		said,
		script: scriptOf(verifier)
	});
}
/** What stands in the module. A block of its own, so that no name of the one is taken by the other. */
function scriptOf(verifier) {
	return inScript(`${verifier}\n{${PAGE_SCRIPT}}\n`);
}
/** The file, whatever the script does. Of the same parts it is the same, to the byte. */
function pageOf({ document, trust, said, script }) {
	const { account, period } = statementView(said);
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="tally-verify, sheet ${1}">
<title>Statement of ${escaped(account)}, ${escaped(period)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${sheetOf(said, trust)}
<script type="application/json" id="proof">${inJson(document)}<\/script>
<script type="application/json" id="trust">${inJson(JSON.stringify(trust))}<\/script>
<script type="module">${script}<\/script>
</body>
</html>
`;
}
/** Only this style and this script: what is slipped in does not run, and a changed script does not run either. */
function policyOf(script) {
	return `default-src 'none'; ${`style-src ${hashOf$1(PAGE_STYLE)}; script-src ${hashOf$1(script)}`}; base-uri 'none'; form-action 'none'`;
}
function hashOf$1(text) {
	return `'sha256-${toBase64(sha256(new TextEncoder().encode(text)))}'`;
}
/** The same script, without what would end or nest its element: both can stand in strings and patterns only, where `\\` changes nothing. */
function inScript(text) {
	return text.replaceAll(/<\/(?=script)/gi, "<\\/").replaceAll("<!--", "<\\!--");
}
/** The same JSON: outside of its strings it has no such character. */
function inJson(text) {
	return text.replaceAll("<", "\\u003c");
}

// src/statement-page.ts
const REARRANGED = "Every text is what the proof says, but the page was rearranged: something was added, hidden, or put in another place.";
/** What is wrong with the document, and with the page around it. Empty: all that is shown is proved. */
function pageFaults(report, trust, { shown, isAsMade }) {
	const { checks, said } = report;
	const faults = checks.filter(({ holds }) => !holds).map(({ sentence, entry }) => {
		if (entry === void 0) return { sentence };
		return said === void 0 ? {
			sentence,
			place: entry
		} : {
			sentence,
			entry: `${numberAt(said, entry)}`
		};
	});
	if (said === void 0) return faults;
	faults.push(...textFaults(said, trust, {
		shown,
		faults
	}));
	return faults.length > 0 || isAsMade ? faults : [{ sentence: REARRANGED }];
}
/** Of an entry that cannot be read: the number that it should have. */
function numberAt({ entries, opening }, place) {
	const opened = entries[place];
	if (opened?.isSound === true) return opened.entry.number;
	return (opening?.state?.count ?? 0n) + BigInt(place) + 1n;
}
function textFaults(said, trust, { shown, faults }) {
	const texts = namedTexts(statementView(said), trust);
	const known = new Set(faults.flatMap(({ entry }) => entry === void 0 ? [] : [entry]));
	const found = [];
	const seen = /* @__PURE__ */ new Set();
	for (const { name, text } of shown) {
		const entry = entryOf(name);
		const right = texts.get(name);
		const isTwice = seen.has(name);
		seen.add(name);
		if (right === text && !isTwice) continue;
		if (right === void 0 && entry !== void 0 && known.has(entry)) continue;
		found.push({
			name,
			...entry !== void 0 && { entry },
			sentence: told(name, text, right)
		});
	}
	for (const [name, text] of texts) {
		if (seen.has(name) || text === "" && entryOf(name) === void 0) continue;
		found.push({
			name,
			sentence: `${subject(name)} is missing in the page: ${quoted(text)} is proved.`
		});
	}
	return found;
}
function entryOf(name) {
	return /^entry\.([0-9]+)\./.exec(name)?.[1];
}
function told(name, text, right) {
	if (name === "") return `The page has a row that nothing proves: ${quoted(text)}.`;
	if (right === void 0) return `${subject(name)} shows ${quoted(text)}, which nothing proves.`;
	if (right === text) return `${subject(name)} stands there twice.`;
	return `${subject(name)} shows ${quoted(text)}, but ${quoted(right)} is proved.`;
}
const SUBJECTS = {
	account: "The account",
	asset: "The currency",
	origin: "The name of the log",
	entries: "The number of entries",
	quorum: "What is asked of witnesses",
	period: "The period",
	opening: "The opening balance",
	closing: "The closing balance",
	moneyIn: "The sum of the credits",
	moneyOut: "The sum of the debits",
	held: "What is held",
	log: "The log",
	coverage: "How far it is complete",
	key: "The key of the log",
	fingerprint: "The fingerprint of the key",
	witness: "The key of a witness"
};
/** `Entry 17: the amount`. */
function subject(name) {
	const [first = "", number, field] = name.split(".");
	if (first === "entry") return `Entry no. ${number}: the ${field}`;
	return SUBJECTS[first] ?? `“${name}”`;
}
function quoted(text) {
	return text === "" ? "nothing" : `“${text}”`;
}

// src/statuses.ts
/**
* What an event's status number means, by kind. Numbers are places in these lists; they repeat the tables of the ledger,
* so that this package depends on nothing. A number that is not here is shown as a number.
*/
const CHAIN = [
	"linked_event_failed",
	"linked_event_chain_open",
	"reserved_flag"
];
const TRANSFER = [
	"created",
	...CHAIN,
	"id_must_not_be_zero",
	"id_must_not_be_int_max",
	"exists_with_different_flags",
	"exists_with_different_pending_id",
	"exists_with_different_timeout",
	"exists_with_different_debit_account_id",
	"exists_with_different_credit_account_id",
	"exists_with_different_amount",
	"exists_with_different_metadata",
	"exists_with_different_effective_at",
	"exists_with_different_asset",
	"exists_with_different_code",
	"exists",
	"id_already_failed",
	"flags_are_mutually_exclusive",
	"debit_account_id_must_not_be_zero",
	"debit_account_id_must_not_be_int_max",
	"credit_account_id_must_not_be_zero",
	"credit_account_id_must_not_be_int_max",
	"accounts_must_be_different",
	"pending_id_must_be_zero",
	"pending_id_must_not_be_zero",
	"pending_id_must_not_be_int_max",
	"pending_id_must_be_different",
	"timeout_reserved_for_pending_transfer",
	"closing_transfer_must_be_pending",
	"asset_must_not_be_zero",
	"code_must_not_be_zero",
	"debit_account_not_found",
	"credit_account_not_found",
	"accounts_must_have_the_same_asset",
	"transfer_must_have_the_same_asset_as_accounts",
	"effective_at_in_closed_period",
	"pending_transfer_not_found",
	"pending_transfer_not_pending",
	"pending_transfer_has_different_debit_account_id",
	"pending_transfer_has_different_credit_account_id",
	"pending_transfer_has_different_asset",
	"pending_transfer_has_different_code",
	"exceeds_pending_transfer_amount",
	"pending_transfer_has_different_amount",
	"pending_transfer_already_posted",
	"pending_transfer_already_voided",
	"pending_transfer_expired",
	"reversed_transfer_not_found",
	"reversed_transfer_not_reversible",
	"reversed_transfer_has_different_accounts",
	"exceeds_reversible_amount",
	"debit_account_already_closed",
	"credit_account_already_closed",
	"overflows_debits_pending",
	"overflows_credits_pending",
	"overflows_debits_posted",
	"overflows_credits_posted",
	"overflows_debits",
	"overflows_credits",
	"overflows_timeout",
	"overflows_subtree",
	"exceeds_credits",
	"exceeds_debits",
	"exceeds_subtree_limit",
	"exceeds_ceiling"
];
const ACCOUNT = [
	"created",
	...CHAIN,
	"id_must_not_be_zero",
	"id_must_not_be_int_max",
	"exists_with_different_flags",
	"exists_with_different_address",
	"exists_with_different_parent",
	"exists_with_different_asset",
	"exists_with_different_code",
	"exists",
	"flags_are_mutually_exclusive",
	"asset_must_not_be_zero",
	"code_must_not_be_zero",
	"parent_not_found",
	"parent_has_different_asset",
	"parent_too_deep",
	"subtree_limit_needs_a_flag"
];
const CLOSURE = [
	"changed",
	...CHAIN,
	"account_not_found",
	"account_already_closed",
	"account_not_closed",
	"account_closed_by_transfer"
];
const BY_KIND = /* @__PURE__ */ new Map([
	[EventKind.transfer, TRANSFER],
	[EventKind.release, ["released"]],
	[EventKind.account, ACCOUNT],
	[EventKind.limit, [
		"changed",
		...CHAIN,
		"account_not_found",
		"subtree_limit_needs_a_flag"
	]],
	[EventKind.metadata, [
		"changed",
		...CHAIN,
		"account_not_found"
	]],
	[EventKind.close, CLOSURE],
	[EventKind.reopen, CLOSURE],
	[EventKind.asset, [
		"created",
		...CHAIN,
		"asset_must_not_be_zero",
		"exists_with_different_name",
		"exists",
		"name_taken"
	]],
	[EventKind.books, [
		"changed",
		...CHAIN,
		"account_not_found",
		"asset_must_not_be_zero"
	]],
	[EventKind.statement, ["created", ...CHAIN]],
	[EventKind.control, [
		"changed",
		...CHAIN,
		"must_stand_alone",
		"malformed_control",
		"already_exists",
		"principal_not_found",
		"key_not_found",
		"role_not_found",
		"grant_not_found",
		"key_revoked",
		"role_built_in",
		"role_in_use",
		"too_many",
		"last_administrator",
		"ceiling_not_found",
		"policy_not_found",
		"approval_not_found",
		"approval_decided",
		"approval_expired",
		"may_not_decide",
		"approval_differs",
		"too_few_deciders"
	]],
	[EventKind.rule, [
		"changed",
		...CHAIN,
		"must_stand_alone",
		"malformed_rule",
		"rule_not_found",
		"rule_version_conflict",
		"too_many_rules",
		"firing_already_recorded"
	]]
]);
/** `exceeds_credits`; `status 77` when it is not known here. */
function statusName(kind, status) {
	return BY_KIND.get(kind)?.[status] ?? `status ${status}`;
}

// src/tile-tree.ts
/** The tree that a log's hash tiles make: the root at any size, and proofs of consistency computed from them. */
/** Levels of the tree in one tile. */
const TILE_HEIGHT = 8;
const WIDTH$2 = BigInt(256);
/** What is read is not trusted: a root or a proof made of it has to lead to one that is. */
var TileTree = class {
	#source;
	#size;
	#tiles = /* @__PURE__ */ new Map();
	/** @param size of a tree that the log has signed, 1 at least: it says which partial tiles there are */
	constructor(source, size) {
		this.#source = source;
		this.#size = size;
	}
	/** Root of the first `size` leaves, 1 at least. @throws TileProblem, SourceUnreadable */
	root(size) {
		return this.#root({
			from: 0n,
			to: size
		});
	}
	/**
	* PROOF(first, D[size]) of RFC 9162, 2.1.4.1, for 0 < first ≤ size.
	* @throws TileProblem, SourceUnreadable
	*/
	async consistency(first) {
		const siblings = [];
		let range = {
			from: 0n,
			to: this.#size
		};
		let whole = true;
		while (first !== range.to) {
			const middle = middleOf(range);
			const left = {
				from: range.from,
				to: middle
			};
			const right = {
				from: middle,
				to: range.to
			};
			const down = first <= middle;
			siblings.push(down ? right : left);
			whole &&= down;
			range = down ? left : right;
		}
		const ranges = whole ? siblings : [...siblings, range];
		return Promise.all(ranges.toReversed().map((each) => this.#root(each)));
	}
	async #root(range) {
		const { from, to } = range;
		const length = to - from;
		if ((length & length - 1n) === 0n) return this.#node(from, length);
		const middle = middleOf(range);
		const right = await this.#root({
			from: middle,
			to
		});
		return nodeHash(await this.#root({
			from,
			to: middle
		}), right);
	}
	/** Root of `length` leaves, a power of two of which `from` is a multiple: it lies in a tile, or below one hash of it. */
	async #node(from, length) {
		const height = length.toString(2).length - 1;
		const level = Math.floor(height / TILE_HEIGHT);
		const start = from >> BigInt(level * TILE_HEIGHT);
		const hashes = await this.#tile(level, start / WIDTH$2);
		const at = Number(start % WIDTH$2);
		return treeRoot(hashes.slice(at, at + 2 ** (height % TILE_HEIGHT)));
	}
	#tile(level, index) {
		const place = {
			level,
			index,
			width: tileWidth(level, index, this.#size)
		};
		const path = tilePath(place);
		const known = this.#tiles.get(path);
		if (known !== void 0) return known;
		const read = readHashTile(this.#source, place);
		this.#tiles.set(path, read);
		return read;
	}
};
/** Where RFC 9162 splits: after the largest power of two of leaves that is smaller than the range. */
function middleOf({ from, to }) {
	const last = to - from - 1n;
	return from + (1n << BigInt(last.toString(2).length - 1));
}

// src/verify-growth.ts
/** Whether a log only grew between two checkpoints: nothing of the older tree was changed or taken out. */
/**
* Checks, in this order: `older`, `newer`, `tiles` when the proof is made from them, `consistency`.
* @throws AmbiguousKeys, Ed25519Missing, SourceUnreadable: then nothing can be said
*/
async function verifyGrowth(growth, policy) {
	const list = new Checklist();
	const checkpoint = (name) => checkCheckpoint(list, growth[name], {
		name,
		what: `The ${name} checkpoint`,
		policy
	});
	const older = await checkpoint("older");
	const newer = await checkpoint("newer");
	if (older !== void 0 && newer !== void 0) await checkConsistency(list, {
		older,
		newer
	}, growth.evidence);
	return {
		proved: list.proved,
		checks: list.checks
	};
}
async function checkConsistency(list, pair, evidence) {
	const { older, newer } = pair;
	if (older.size > newer.size) {
		const sizes = `The first checkpoint is of ${counted(older.size)}, the second of ${grouped(newer.size)}`;
		list.fail("consistency", `${sizes}: give the older one first.`);
		return;
	}
	if (older.size === newer.size) {
		list.check("consistency", equalBytes(older.root, newer.root), {
			right: `Both checkpoints are of the same tree of ${counted(older.size)}.`,
			wrong: `There are two different trees of ${counted(older.size)}: the log told two stories. Keep both files, they are the evidence.`
		});
		return;
	}
	const proof = "read" in evidence ? await proofFromTiles(list, pair, evidence) : evidence;
	if (proof === void 0) return;
	const claim = {
		first: older.size,
		second: newer.size,
		firstRoot: older.root,
		secondRoot: newer.root,
		proof
	};
	list.check("consistency", verifyConsistency(claim), {
		right: `The log only grew: the ${counted(older.size)} of the older tree are the first of the ${grouped(newer.size)} of the newer one.`,
		wrong: "read" in evidence ? `The newer tree does not begin with the older one: an event up to ${grouped(older.size)} was changed, taken out or put in. Keep both files, they are the evidence.` : `The ${proof.length} hashes do not prove that the newer tree begins with the older one.`
	});
}
/** @returns undefined when the tiles are not those of the newer tree; the list says so */
async function proofFromTiles(list, { older, newer }, source) {
	try {
		const tree = new TileTree(source, newer.size);
		const right = equalBytes(await tree.root(newer.size), newer.root);
		list.check("tiles", right, {
			right: "The tiles lead to the newer checkpoint's root.",
			wrong: `The tiles do not lead to the newer checkpoint's root at ${counted(newer.size)}: they are damaged, or another log's.`
		});
		if (!right) return void 0;
		return older.size === 0n ? [] : await tree.consistency(older.size);
	} catch (error) {
		if (!(error instanceof TileProblem)) throw error;
		list.fail("tiles", `${error.message}.`);
		return;
	}
}

// src/leaf-series.ts
/** What leaves have to be one after another: well formed, without a gap, in order of time, of one shard. */
var LeafSeries = class {
	#last;
	/** @param place of the leaf in the log, from 1. @returns the leaf if it can be read, and what is wrong with it, as sentences without their full stops */
	check(bytes, place) {
		const leaf = decode(bytes);
		if (typeof leaf === "string") return { problems: [leaf] };
		return {
			leaf,
			problems: this.#follow(leaf, place)
		};
	}
	#follow(leaf, place) {
		const last = this.#last;
		this.#last = leaf;
		const { sequence, timestamp, shard } = leaf;
		const problems = [];
		if (sequence !== place) problems.push(`the leaf says that it is event ${grouped(sequence)}`);
		if (last === void 0) return problems;
		if (timestamp <= last.timestamp) {
			const times = `${formatTime(timestamp)}, not after ${formatTime(last.timestamp)}`;
			problems.push(`the leaf is of ${times}, when event ${grouped(last.sequence)} was decided`);
		}
		if (shard !== last.shard) problems.push(`the leaf is of shard ${shard}, the one before of shard ${last.shard}`);
		return problems;
	}
};
function decode(bytes) {
	try {
		return decodeLeaf(bytes);
	} catch (error) {
		if (!(error instanceof MalformedEvent)) throw error;
		return error.message.replace(/^T/, "t");
	}
}

// src/replay/opening-bundle.ts
/** Openings as they lie beside a log's entries (decision 0025): what each leaf commits to, byte for byte. Nothing of them is believed before it is held against its leaf. */
const HEAD_BYTES = 12;
const MAGIC = "TLP1";
const NOTHING = /* @__PURE__ */ new Uint8Array(0);
/** Whether the file is a bundle of openings by its beginning: what a web server shows in place of a file that it has not is none. */
function isOpenings(bytes) {
	return bytes !== void 0 && String.fromCharCode(...bytes.subarray(0, 4)) === MAGIC;
}
/** @returns as many as the place is wide. @throws TileProblem, SourceUnreadable */
async function readOpenings(source, place) {
	const { bytes, path, width } = await readTileFile(source, {
		...place,
		level: "openings"
	});
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (!isOpenings(bytes)) throw new TileProblem(`${path} does not begin with ${MAGIC}`);
	const openings = [];
	let at = 4;
	for (let event = 1; event <= width; event++) {
		const end = endOf(view, at);
		if (end > bytes.length) throw new TileProblem(`${path} ends in the middle of opening ${event}`);
		openings.push(openingAt(bytes, view, at));
		at = end;
	}
	if (at === bytes.length) return openings.slice(0, place.width);
	throw new TileProblem(`${path} has ${bytes.length - at} bytes after its ${width} openings`);
}
function endOf(view, at) {
	if (at + HEAD_BYTES > view.byteLength) return Infinity;
	let end = at + HEAD_BYTES;
	for (let part = at; part < at + HEAD_BYTES; part += 2) end += view.getUint16(part, true);
	return end;
}
function openingAt(bytes, view, at) {
	let head = at;
	let from = at + HEAD_BYTES;
	const next = () => {
		const length = view.getUint16(head, true);
		head += 2;
		from += length;
		return length === 0 ? NOTHING : bytes.subarray(from - length, from);
	};
	return {
		content: next(),
		debit: next(),
		credit: next(),
		facts: next(),
		metadata: next(),
		frameSalt: next()
	};
}

// src/upper-tiles.ts
/** The tiles above level 0, held against the roots of the full tiles below them as these come in. */
var UpperTiles = class {
	#source;
	#levels = [];
	constructor(source) {
		this.#source = source;
	}
	/**
	* @param root of the next full tile of the level below; undefined when it is not known
	* @returns problems as sentences. @throws SourceUnreadable
	*/
	async push(root, level = 1) {
		const row = this.#row(level);
		row.hashes.push(root);
		if (row.hashes.length < 256) return [];
		const problems = await this.#compare(level, row);
		const known = row.hashes.filter((hash) => hash !== void 0);
		const upper = known.length === 256 ? treeRoot(known) : void 0;
		row.hashes = [];
		row.done++;
		return [...problems, ...await this.push(upper, level + 1)];
	}
	/** The partial tiles at the right edge. @returns problems as sentences. @throws SourceUnreadable */
	async end() {
		const problems = [];
		for (const [at, row] of this.#levels.entries()) if (row.hashes.length > 0) problems.push(...await this.#compare(at + 1, row));
		return problems;
	}
	#row(level) {
		return this.#levels[level - 1] ??= {
			hashes: [],
			done: 0n
		};
	}
	async #compare(level, { hashes, done }) {
		const place = {
			level,
			index: done,
			width: hashes.length
		};
		try {
			return (await readHashTile(this.#source, place)).flatMap((hash, at) => {
				const root = hashes[at];
				if (root === void 0 || equalBytes(hash, root)) return [];
				return [`Hash ${at + 1} of ${tilePath(place)} is not the root of the tile below it, tile ${grouped(done * BigInt(256) + BigInt(at))} of level ${level - 1}.`];
			});
		} catch (error) {
			if (error instanceof TileProblem) return [`${error.message}.`];
			throw error;
		}
	}
};

// src/log-check.ts
/** One pass over a log's bundles and tiles: what is wrong, and the roots that entries and tiles lead to. */
/** Files that are asked for before they are needed, so that a far source is not waited for each time. */
const AHEAD = 8;
const WIDTH$1 = BigInt(256);
/** Bundles that may be missing with their tiles: a checkpoint can claim any size, and nobody waits for what is not there. */
const GAPS_MAX = 16;
/** Keeps the place of a root that is not known; the tree's own root is then not told. */
const UNKNOWN = new Uint8Array(32);
var LogCheck = class {
	#source;
	#size;
	#problems;
	#replay;
	#series = new LeafSeries();
	#upper;
	/** Over the roots of bundles, and of tiles: a tree of whole subtrees of equal height is the tree of their leaves. */
	#entryTree = new GrowingTree();
	#tileTree = new GrowingTree();
	#entriesWhole = true;
	#tilesWhole = true;
	#gaps = 0;
	constructor(source, size, parts) {
		this.#source = source;
		this.#size = size;
		this.#problems = parts.problems;
		this.#replay = parts.replay;
		this.#upper = new UpperTiles(source);
	}
	/** @throws SourceUnreadable */
	async run(onProgress) {
		for await (const bundle of this.#bundles()) {
			await this.#checkBundle(bundle);
			const done = bundle.index * WIDTH$1 + BigInt(bundle.width);
			onProgress?.(done, this.#size);
			if (this.#gaps > GAPS_MAX) return this.#giveUp(done);
		}
		for (const problem of await this.#upper.end()) this.#problems.tiles.add(problem);
		return {
			entries: this.#entriesWhole ? this.#entryTree.root() : void 0,
			tiles: this.#tilesWhole ? this.#tileTree.root() : void 0
		};
	}
	#giveUp(done) {
		const place = `entry ${grouped(done)} of ${grouped(this.#size)}`;
		this.#problems.entries.add(`Too much is missing: the check ends after ${place}.`);
		return {
			entries: void 0,
			tiles: void 0
		};
	}
	async *#bundles() {
		const count = (this.#size + WIDTH$1 - 1n) / WIDTH$1;
		const waiting = [];
		let next = 0n;
		while (next < count || waiting.length > 0) {
			while (next < count && waiting.length < AHEAD) {
				const bundle = this.#read(next++);
				bundle.catch(() => void 0);
				waiting.push(bundle);
			}
			const bundle = await waiting.shift();
			if (bundle !== void 0) yield bundle;
		}
	}
	async #read(index) {
		const left = this.#size - index * WIDTH$1;
		const place = {
			index,
			width: left < WIDTH$1 ? Number(left) : 256
		};
		const [entries, tile, openings] = await Promise.all([
			readEntryBundle(this.#source, place).catch(asProblem),
			readHashTile(this.#source, {
				level: 0,
				...place
			}).catch(asProblem),
			this.#replay && readOpenings(this.#source, place).catch(asProblem)
		]);
		return {
			...place,
			entries,
			tile,
			openings
		};
	}
	async #checkBundle(bundle) {
		const leaves = [];
		const entries = this.#entryHashes(bundle, leaves);
		const { index, openings } = bundle;
		if (openings !== void 0) await this.#replay?.add({
			index,
			leaves,
			openings
		});
		const tile = this.#tileHashes(bundle);
		const same = entries !== void 0 && tile !== void 0 && this.#compare(bundle, entries, tile);
		const entryRoot = entries && treeRoot(entries);
		const tileRoot = same ? entryRoot : tile && treeRoot(tile);
		const root = entryRoot ?? tileRoot;
		if (root === void 0) this.#gaps++;
		this.#entriesWhole &&= entryRoot !== void 0;
		this.#tilesWhole &&= tileRoot !== void 0;
		this.#entryTree.push(root ?? UNKNOWN);
		this.#tileTree.push(tileRoot ?? UNKNOWN);
		if (bundle.width < 256) return;
		const differ = entryRoot !== void 0 && tileRoot !== void 0 && !same;
		const problems = await this.#upper.push(differ ? void 0 : root);
		for (const problem of problems) this.#problems.tiles.add(problem);
	}
	/** @param leaves where they are put as they are read. */
	#entryHashes({ index, width, entries }, leaves) {
		const first = index * WIDTH$1 + 1n;
		if (entries instanceof TileProblem) {
			const which = `entries ${grouped(first)} to ${grouped(first + BigInt(width) - 1n)}`;
			this.#problems.entries.add(`${entries.message}: ${which} are not there to check.`);
			return;
		}
		return entries.map((entry, at) => {
			const place = first + BigInt(at);
			const { leaf, problems } = this.#series.check(entry, place);
			leaves.push(leaf);
			for (const problem of problems) this.#problems.entries.add(`${placeOf({
				index,
				width
			}, at)}: ${problem}.`);
			return leafHash(entry);
		});
	}
	#tileHashes({ tile }) {
		if (!(tile instanceof TileProblem)) return tile;
		this.#problems.tiles.add(`${tile.message}.`);
	}
	/** @returns whether the entries hash to what the tile lists */
	#compare(bundle, hashes, tile) {
		const wrong = hashes.flatMap((hash, at) => equalBytes(hash, tile[at] ?? hash) ? [] : [at]);
		for (const at of wrong) this.#problems.entries.add(`${placeOf(bundle, at)}: the leaf does not hash to what the tree has in ${tilePath({
			...bundle,
			level: 0
		})}.`);
		return wrong.length === 0;
	}
};
/** `Entry 1,234 (tile/entries/004, 210th)`. */
function placeOf({ index, width }, at) {
	const path = tilePath({
		level: "entries",
		index,
		width
	});
	return `Entry ${grouped(index * WIDTH$1 + BigInt(at + 1))} (${path}, ${ordinal(at + 1)})`;
}
function ordinal(number) {
	return `${number}${(number % 100 >= 11 && number % 100 <= 13 ? void 0 : [
		"",
		"st",
		"nd",
		"rd"
	][number % 10]) || "th"}`;
}
function asProblem(error) {
	if (error instanceof TileProblem) return error;
	throw error;
}

// src/problems.ts
/** Sentences about what is wrong, of which there may be millions: the first are kept, the rest is counted. */
const TOLD_MAX = 20;
var Problems = class {
	#told = [];
	#further = 0;
	add(sentence) {
		if (this.#told.length < TOLD_MAX) this.#told.push(sentence);
		else this.#further++;
	}
	/** One failed check for each, or one that holds. */
	conclude(list, name, right) {
		this.tell(list, name);
		if (this.#told.length === 0) list.pass(name, right);
	}
	/** One failed check for each. */
	tell(list, name) {
		for (const sentence of this.#told) list.fail(name, sentence);
		if (this.#further > 0) list.fail(name, `And ${grouped(this.#further)} more like these.`);
	}
};

// src/replay/id-table.ts
/** Ids of 128 bits and a number for each, in flat memory: 24 bytes a place, of which three quarters are taken at most. */
const FIRST_PLACES = 1024;
const FILL = .75;
const LOW$1 = (1n << 64n) - 1n;
var IdTable = class {
	/** Lower and upper half of each place's id; zeros: it is free, since no id is zero. */
	#ids = new BigUint64Array(2 * FIRST_PLACES);
	#values = new Float64Array(FIRST_PLACES);
	#count = 0;
	get count() {
		return this.#count;
	}
	/** @returns undefined when it is not there. */
	find(id) {
		if (id === 0n) return void 0;
		const place = this.#place(id & LOW$1, id >> 64n);
		return this.#isFree(place) ? void 0 : this.#values[place];
	}
	/** @returns the number that the id has already, which it keeps; undefined: it is new. */
	add(id, value) {
		if (id === 0n) return void 0;
		const [lower, upper] = [id & LOW$1, id >> 64n];
		const place = this.#place(lower, upper);
		if (!this.#isFree(place)) return this.#values[place];
		this.#ids[2 * place] = lower;
		this.#ids[2 * place + 1] = upper;
		this.#values[place] = value;
		this.#count++;
		if (this.#count > this.#values.length * FILL) this.#grow();
	}
	/** Where the id is, or where it would be. */
	#place(lower, upper) {
		const mask = this.#values.length - 1;
		let place = hashOf(lower, upper) & mask;
		while (!this.#isFree(place)) {
			if (this.#ids[2 * place] === lower && this.#ids[2 * place + 1] === upper) return place;
			place = place + 1 & mask;
		}
		return place;
	}
	#isFree(place) {
		return this.#ids[2 * place] === 0n && this.#ids[2 * place + 1] === 0n;
	}
	#grow() {
		const [ids, values] = [this.#ids, this.#values];
		this.#ids = new BigUint64Array(2 * ids.length);
		this.#values = new Float64Array(2 * values.length);
		for (let from = 0; from < values.length; from++) {
			const [lower = 0n, upper = 0n] = [ids[2 * from], ids[2 * from + 1]];
			if (lower === 0n && upper === 0n) continue;
			const place = this.#place(lower, upper);
			this.#ids[2 * place] = lower;
			this.#ids[2 * place + 1] = upper;
			this.#values[place] = values[from];
		}
	}
};
/** Ids are hashes, random, or counted upwards: each of their four words may be what tells them apart. */
function hashOf(lower, upper) {
	let hash = Number(lower & 4294967295n);
	hash = Math.imul(hash ^ hash >>> 15, 739982445) ^ Number(lower >> 32n);
	hash = Math.imul(hash ^ hash >>> 13, 695872825) ^ Number(upper & 4294967295n);
	hash = Math.imul(hash ^ hash >>> 15, 2246822507) ^ Number(upper >> 32n);
	hash = Math.imul(hash ^ hash >>> 13, 3266489909);
	return hash ^ hash >>> 16;
}

// src/replay/account-table.ts
const ROW_BYTES = 128;
const CHUNK_ROWS = 8192;
const LIMIT = 10;
const COUNT = 12;
const NEWEST = 13;
const ASSET = 28;
const FLAGS = 29;
const PARENT = 30;
const SUBTREE = 31;
const LOW = (1n << 64n) - 1n;
const AccountFlag = {
	debitsMustNotExceedCredits: 2,
	creditsMustNotExceedDebits: 4,
	closed: 8,
	/** Not the ledger's: its newest entry is not sound, so that nothing can be held against it. */
	unsure: 65536
};
const BALANCES = [
	"debitsPending",
	"debitsPosted",
	"creditsPending",
	"creditsPosted"
];
var AccountTable = class {
	#slots = new IdTable();
	#longs = [];
	#words = [];
	get count() {
		return this.#slots.count;
	}
	find(id) {
		return this.#slots.find(id);
	}
	/** @returns the new slot; undefined: there is one with this id, or the id is zero. */
	add({ id, asset, flags, limit, parent }) {
		const slot = this.count;
		if (id === 0n || this.#slots.add(id, slot) !== void 0) return void 0;
		if (slot % CHUNK_ROWS === 0) {
			const bytes = /* @__PURE__ */ new ArrayBuffer(CHUNK_ROWS * ROW_BYTES);
			this.#longs.push(new BigUint64Array(bytes));
			this.#words.push(new Uint32Array(bytes));
		}
		const { longs, at } = this.#longsOf(slot);
		longs[at] = id & LOW;
		longs[at + 1] = id >> 64n;
		this.setLimit(slot, limit);
		this.#setWord(slot, ASSET, asset);
		this.#setWord(slot, FLAGS, flags);
		this.#setWord(slot, PARENT, parent === void 0 ? 0 : parent + 1);
		return slot;
	}
	id(slot) {
		return this.#big(slot, 0);
	}
	/** As numbers. */
	compareIds(a, b) {
		for (let word = 3; word >= 0; word--) {
			const difference = this.#word(a, word) - this.#word(b, word);
			if (difference !== 0) return difference;
		}
		return 0;
	}
	asset(slot) {
		return this.#word(slot, ASSET);
	}
	flags(slot) {
		return this.#word(slot, FLAGS);
	}
	has(slot, flag) {
		return (this.flags(slot) & flag) !== 0;
	}
	set(slot, flag, isSet) {
		const flags = this.flags(slot);
		this.#setWord(slot, FLAGS, isSet ? flags | flag : flags & ~flag);
	}
	parent(slot) {
		const parent = this.#word(slot, PARENT);
		return parent === 0 ? void 0 : parent - 1;
	}
	/** Number of its subtree's totals; undefined: it has none. */
	subtree(slot) {
		const subtree = this.#word(slot, SUBTREE);
		return subtree === 0 ? void 0 : subtree - 1;
	}
	setSubtree(slot, subtree) {
		this.#setWord(slot, SUBTREE, subtree + 1);
	}
	limit(slot) {
		return this.#big(slot, LIMIT);
	}
	setLimit(slot, limit) {
		this.#setBig(slot, LIMIT, limit);
	}
	balances(slot) {
		return {
			debitsPending: this.#big(slot, 2),
			debitsPosted: this.#big(slot, 4),
			creditsPending: this.#big(slot, 6),
			creditsPosted: this.#big(slot, 8)
		};
	}
	entries(slot) {
		const { longs, at } = this.#longsOf(slot);
		return {
			count: longs[at + COUNT],
			newest: longs[at + NEWEST]
		};
	}
	setState(slot, state) {
		for (const [index, name] of BALANCES.entries()) this.#setBig(slot, 2 + 2 * index, state[name]);
		const { longs, at } = this.#longsOf(slot);
		longs[at + COUNT] = state.count;
		longs[at + NEWEST] = state.newest;
	}
	/** The row's bytes, in place. */
	row(slot) {
		const words = this.#words[Math.floor(slot / CHUNK_ROWS)];
		return new Uint8Array(words.buffer, slot % CHUNK_ROWS * ROW_BYTES, ROW_BYTES);
	}
	#longsOf(slot) {
		return {
			longs: this.#longs[Math.floor(slot / CHUNK_ROWS)],
			at: slot % CHUNK_ROWS * (ROW_BYTES / 8)
		};
	}
	#big(slot, field) {
		const { longs, at } = this.#longsOf(slot);
		const upper = longs[at + field + 1];
		const lower = longs[at + field];
		return upper === 0n ? lower : lower | upper << 64n;
	}
	#setBig(slot, field, value) {
		const { longs, at } = this.#longsOf(slot);
		longs[at + field] = value;
		longs[at + field + 1] = value > LOW ? value >> 64n : 0n;
	}
	#word(slot, field) {
		return this.#words[Math.floor(slot / CHUNK_ROWS)][slot % CHUNK_ROWS * (ROW_BYTES / 4) + field];
	}
	#setWord(slot, field, value) {
		const words = this.#words[Math.floor(slot / CHUNK_ROWS)];
		words[slot % CHUNK_ROWS * (ROW_BYTES / 4) + field] = value;
	}
};

// src/replay/findings.ts
/** What a replay found wrong, by what it is about. */
/** In the order in which they are told. */
const FINDINGS = [
	"openings",
	"decisions",
	"links",
	"balances",
	"holds",
	"limits",
	"ids",
	"accounts_roots",
	"trial_balance"
];
var Findings = class {
	problems = {
		openings: new Problems(),
		decisions: new Problems(),
		links: new Problems(),
		balances: new Problems(),
		holds: new Problems(),
		limits: new Problems(),
		ids: new Problems(),
		accounts_roots: new Problems(),
		trial_balance: new Problems()
	};
	/** @param sentence what is wrong with the event, without its full stop. */
	event(finding, sequence, sentence) {
		this.problems[finding].add(`Event ${grouped(sequence)}: ${sentence}.`);
	}
};

// src/replay/subtrees.ts
const NO_LIMIT = (1n << 128n) - 1n;
var Subtrees = class {
	#accounts;
	#totals = [];
	constructor(accounts) {
		this.#accounts = accounts;
	}
	of(slot) {
		const number = this.#accounts.subtree(slot);
		return number === void 0 ? void 0 : this.#totals[number];
	}
	/** They begin as the account's own balances. */
	ensure(slot) {
		const known = this.of(slot);
		if (known !== void 0) return known;
		const begun = {
			...this.#accounts.balances(slot),
			limit: NO_LIMIT
		};
		this.#accounts.setSubtree(slot, this.#totals.push(begun) - 1);
		return begun;
	}
	/** Slots whose subtrees a transfer between the two leaves: from `slot` upward, up to where both lie. */
	crossed(slot, other) {
		const accounts = this.#accounts;
		if (accounts.parent(slot) === void 0 && accounts.subtree(slot) === void 0) return [];
		const ends = new Set(this.#upward(other));
		const path = [];
		for (const at of this.#upward(slot)) {
			if (ends.has(at)) break;
			path.push(at);
		}
		return path;
	}
	*#upward(slot) {
		for (let at = slot; at !== void 0; at = this.#accounts.parent(at)) yield at;
	}
};

// src/replay/ledger-state.ts
/** What a replay knows of the ledger after the events so far. */
/** Bounds of what is kept in memory: beyond them a replay ends, and says so. */
const ACCOUNTS_MAX = 8e6;
const OPEN_HOLDS_MAX = 2e6;
/** Transfers whose ids are held against all others. */
const IDS_MAX = 12e6;
var LedgerState = class {
	findings = new Findings();
	accounts = new AccountTable();
	subtrees = new Subtrees(this.accounts);
	/** By their ids. */
	holds = /* @__PURE__ */ new Map();
	/** Of transfers, with their sequences. */
	transferIds = new IdTable();
	/** What was reversed of transfers, by their ids. */
	reversed = /* @__PURE__ */ new Map();
	statements = 0;
	get isFull() {
		return this.accounts.count >= ACCOUNTS_MAX || this.holds.size >= OPEN_HOLDS_MAX;
	}
};

// src/replay/account-events.ts
const LIMIT_GIVEN = 1;
const SUBTREE_LIMIT_GIVEN = 2;
/** What an account keeps of the flags that it was asked with. */
const LASTING = AccountFlag.debitsMustNotExceedCredits | AccountFlag.creditsMustNotExceedDebits | AccountFlag.closed;
/** An event that was done. */
function replayAccountEvent(state, { leaf, content }) {
	if (content.sort !== "other") return;
	const fail = (finding, sentence) => state.findings.event(finding, leaf.sequence, sentence);
	const { fields } = content;
	if (fields.of === "account") return openAccount(state, content, {
		fields,
		fail
	});
	if (fields.of !== "limit" && fields.of !== "closure") return;
	const slot = state.accounts.find(content.account);
	if (slot === void 0) fail("decisions", `it changes account ${formatId(content.account)}, which was never opened`);
	else if (fields.of === "limit") changeLimit(state, slot, {
		fields,
		fail
	});
	else state.accounts.set(slot, AccountFlag.closed, leaf.kind === EventKind.close);
}
function openAccount({ accounts, subtrees }, content, { fields, fail }) {
	const { id, asset, flags } = content;
	const parent = fields.parent === 0n ? void 0 : accounts.find(fields.parent);
	if (content.account !== id) fail("decisions", "it opens an account under the id of another");
	if (fields.parent !== 0n && parent === void 0) fail("decisions", `its parent ${formatId(fields.parent)} was never opened`);
	else if (parent !== void 0 && accounts.asset(parent) !== asset) fail("decisions", `it is of asset ${asset}, its parent of asset ${accounts.asset(parent)}`);
	const slot = accounts.add({
		id,
		asset,
		flags: flags & LASTING,
		limit: fields.limit,
		parent
	});
	if (slot === void 0) {
		fail("ids", `it opens account ${formatId(id)}, which there is already`);
		return;
	}
	if (parent !== void 0) subtrees.ensure(parent);
	if (fields.subtreeLimit !== NO_LIMIT) subtrees.ensure(slot).limit = fields.subtreeLimit;
}
function changeLimit({ accounts, subtrees }, slot, { fields, fail }) {
	const { form, limit, limitBefore, subtreeLimit, subtreeLimitBefore } = fields;
	const known = accounts.limit(slot);
	const subtreeKnown = subtrees.of(slot)?.limit ?? NO_LIMIT;
	if (limitBefore !== known || subtreeLimitBefore !== subtreeKnown) {
		const [says, is] = limitBefore === known ? [subtreeLimitBefore, subtreeKnown] : [limitBefore, known];
		fail("limits", `it changes a limit of ${grouped(says)}, but it was ${grouped(is)}`);
	}
	if ((form & LIMIT_GIVEN) !== 0) accounts.setLimit(slot, limit);
	if ((form & SUBTREE_LIMIT_GIVEN) !== 0 && subtreeLimit !== subtreeLimitBefore) subtrees.ensure(slot).limit = subtreeLimit;
}

// src/replay/accounts-roots.ts
/** Roots of the tree over all accounts (decision 0014), made again from replayed accounts and held against what the log states. */
const TEXT = new TextEncoder();
const SALT_TAG = TEXT.encode("TLS2");
const EVENT_SALT_TAG = TEXT.encode("TLS1");
const STATE_TAG = TEXT.encode("TLM1");
const SALT_BYTES = 16;
/** Leaves between two moments at which others may run: some 30 ms of work. */
const TURN_LEAVES = 8192;
var AccountsRoots = class {
	#accounts;
	/** Slots in order of id. */
	#order = /* @__PURE__ */ new Uint32Array(0);
	/** By the event after which accounts were so. */
	#made = /* @__PURE__ */ new Map();
	constructor(accounts) {
		this.#accounts = accounts;
	}
	/** Of the accounts as they are now, after event `through`. @param frameSalt of the frame that holds it. */
	async make(through, frameSalt) {
		this.#sort();
		const tree = new GrowingTree();
		for (const [index, slot] of this.#order.entries()) {
			tree.push(leafHash(this.#leaf(slot, frameSalt)));
			if (index % TURN_LEAVES === 8191) await turn();
		}
		this.#made.set(through, {
			through,
			accounts: BigInt(this.#order.length),
			root: tree.root()
		});
	}
	/** @returns what was made of that moment; undefined: nothing was. */
	at(through) {
		return this.#made.get(through);
	}
	#leaf(slot, frameSalt) {
		const row = this.#accounts.row(slot);
		const salt = sha256(SALT_TAG, frameSalt, row.subarray(0, 16)).subarray(0, SALT_BYTES);
		const [asset, count, newest] = [
			row.subarray(112, 116),
			row.subarray(96, 104),
			row.subarray(104, 112)
		];
		const state = sha256(STATE_TAG, asset, count, salt, newest, row.subarray(16, 80));
		return encodeAccountLeaf(this.#accounts.id(slot), state);
	}
	/** Accounts that were opened since the last time find their places among the others. */
	#sort() {
		const accounts = this.#accounts;
		const known = this.#order;
		const compare = (a, b) => accounts.compareIds(a, b);
		const fresh = Uint32Array.from({ length: accounts.count - known.length }, (_, at) => known.length + at);
		fresh.sort(compare);
		const order = new Uint32Array(accounts.count);
		for (let [at, old, young] = [
			0,
			0,
			0
		]; at < order.length; at++) {
			const takesOld = young === fresh.length || old < known.length && compare(known[old], fresh[young]) < 0;
			order[at] = takesOld ? known[old++] : fresh[young++];
		}
		this.#order = order;
	}
};
function isSameStatement(a, b) {
	return a.through === b.through && a.accounts === b.accounts && equalBytes(a.root, b.root);
}
/** Whether that frame gives that salt to the event's debit side, or to its content (decision 0013). */
function isSaltOfFrame(frameSalt, sequence, salt) {
	const place = /* @__PURE__ */ new Uint8Array(12);
	new DataView(place.buffer).setBigUint64(0, sequence, true);
	const made = sha256(EVENT_SALT_TAG, frameSalt, place).subarray(0, SALT_BYTES);
	return frameSalt.length === 32 && equalBytes(made, salt);
}
function turn() {
	return new Promise((resolve) => void setTimeout(resolve));
}

// src/replay/holds.ts
const CLOSING_DEBIT = 64;
const CLOSING_CREDIT = 128;
const PARTIAL = 256;
const NS_PER_SECOND = 1000000000n;
function openHold(state, move) {
	const { content, sequence, timestamp, debit, credit, amount } = move;
	const { flags, timeout = 0 } = content;
	const hold = {
		sequence,
		debit,
		credit,
		flags,
		deadline: timeout === 0 ? 0n : timestamp + BigInt(timeout) * NS_PER_SECOND,
		captured: 0n,
		remaining: amount
	};
	state.holds.set(content.id, hold);
	setClosed(state, hold, true);
	return {
		pending: amount,
		posted: 0n
	};
}
/** A capture, void or release. @returns undefined: what it does cannot be said, since it names no open hold. */
function takeFromHold(state, move) {
	const { kind, content, amount, fail } = move;
	const named = content.pending;
	if (named === void 0) {
		fail(`it is a ${kind} that names no hold`);
		return;
	}
	const hold = state.holds.get(named.id);
	if (hold === void 0) {
		fail(`it is a ${kind} of hold ${formatId(named.id)}, which is not open`);
		return;
	}
	checkHold(hold, move);
	const isCapture = kind === "capture";
	const taken = isCapture && (content.flags & PARTIAL) !== 0 ? amount : hold.remaining;
	const captured = hold.captured + (isCapture ? amount : 0n);
	const remaining = hold.remaining - taken;
	if (named.captured !== captured || named.remaining !== remaining) fail(`it says that of hold ${formatId(named.id)} ${grouped(named.captured)} are captured and ${grouped(named.remaining)} still held, but ${grouped(captured)} are and ${grouped(remaining)}`);
	if (remaining > 0n) state.holds.set(named.id, {
		...hold,
		captured,
		remaining
	});
	else {
		state.holds.delete(named.id);
		setClosed(state, hold, false);
	}
	return {
		pending: -taken,
		posted: isCapture ? amount : 0n
	};
}
function checkHold(hold, move) {
	const { kind, content, timestamp, amount, fail } = move;
	if (content.pending?.sequence !== hold.sequence) fail(`its hold is event ${grouped(hold.sequence)}, not ${grouped(content.pending?.sequence ?? 0n)}`);
	if (hold.debit !== move.debit || hold.credit !== move.credit) fail("its accounts are not those of its hold");
	if (!(kind === "capture" ? amount <= hold.remaining : amount === hold.remaining)) fail(`it is a ${kind} of ${grouped(amount)}, but the hold has ${grouped(hold.remaining)} left`);
	const isDue = hold.deadline !== 0n && timestamp >= hold.deadline;
	if (kind === "release" === isDue) return;
	const deadline = hold.deadline === 0n ? "has no deadline" : `ends ${formatTime(hold.deadline)}`;
	fail(`it is a ${kind} of ${formatTime(timestamp)}, but the hold ${deadline}`);
}
/** A closing hold closes its account for as long as it is open. */
function setClosed({ accounts }, hold, isClosed) {
	if ((hold.flags & CLOSING_DEBIT) !== 0) accounts.set(hold.debit, AccountFlag.closed, isClosed);
	if ((hold.flags & CLOSING_CREDIT) !== 0) accounts.set(hold.credit, AccountFlag.closed, isClosed);
}

// src/replay/limits.ts
const MAX = (1n << 128n) - 1n;
/** Before the transfer is applied. @returns what is wrong, without full stops. */
function limitProblems(state, question) {
	if (question.amount === 0n) return [];
	return [...sideProblems(state, question, "debit"), ...sideProblems(state, question, "credit")];
}
function sideProblems({ accounts, subtrees }, { debit, credit, amount }, which) {
	const [slot, other] = which === "debit" ? [debit, credit] : [credit, debit];
	const flag = which === "debit" ? AccountFlag.debitsMustNotExceedCredits : AccountFlag.creditsMustNotExceedDebits;
	const problems = [];
	const hold = (what, at, room) => {
		if (amount <= room) return;
		const taken = `${grouped(amount)} ${which === "debit" ? "were debited" : "were credited"}`;
		problems.push(`${what} ${formatId(accounts.id(at))} had room for ${grouped(room)}, and ${taken}`);
	};
	if (accounts.has(slot, flag) && !accounts.has(slot, AccountFlag.unsure)) hold("account", slot, roomOf(accounts.balances(slot), accounts.limit(slot), which));
	for (const at of subtrees.crossed(slot, other)) {
		const totals = subtrees.of(at);
		if (totals === void 0 || totals.limit === NO_LIMIT || !accounts.has(at, flag)) continue;
		hold("the subtree of account", at, roomOf(totals, totals.limit, which));
	}
	return problems;
}
function roomOf(totals, limit, which) {
	const { debitsPending, debitsPosted, creditsPending, creditsPosted } = totals;
	const [against, used] = which === "debit" ? [creditsPosted, debitsPending + debitsPosted] : [debitsPosted, creditsPending + creditsPosted];
	const allowed = against + limit > MAX ? MAX : against + limit;
	return allowed > used ? allowed - used : 0n;
}

// src/replay/moves.ts
const QUIET = () => {};
var Moves = class {
	#state;
	/** To be held against their originals. */
	reversals = [];
	constructor(state) {
		this.#state = state;
	}
	add(event) {
		const { leaf, content, debit, credit, isSound } = event;
		if (content.sort !== "moved" || debit === void 0 || credit === void 0) return;
		const report = (finding, sentence) => this.#state.findings.event(finding, leaf.sequence, sentence);
		const fail = isSound ? report : QUIET;
		this.#checkId(event, content, fail);
		const slots = this.#slotsOf(debit, credit, fail);
		if (slots === void 0) return;
		const move = {
			event,
			content,
			kind: kindOf({
				leaf,
				content
			}),
			debit,
			credit,
			slots,
			fail
		};
		if (!isSound) this.#doubt(slots);
		this.#checkSides(move);
		const change = this.#changeOf(move);
		this.#side(move, "debit", change);
		this.#side(move, "credit", change);
		this.#cross(move, change);
		if (!isSound) this.#doubt(slots);
	}
	#checkId({ leaf }, { id }, fail) {
		const { transferIds } = this.#state;
		if (leaf.kind !== 1 || transferIds.count >= 12e6) return;
		const known = transferIds.add(id, Number(leaf.sequence));
		if (known !== void 0) fail("ids", `its id ${formatId(id)} is that of event ${grouped(known)}`);
	}
	#slotsOf(debit, credit, fail) {
		const { accounts } = this.#state;
		const slotOf = ({ account, asset }, which) => {
			const slot = accounts.find(account);
			const name = `the ${which} account ${formatId(account)}`;
			if (slot === void 0) fail("decisions", `${name} was never opened`);
			else if (accounts.asset(slot) !== asset) fail("decisions", `${name} is of asset ${accounts.asset(slot)}, not ${asset}`);
			return slot;
		};
		const slots = {
			debit: slotOf(debit, "debit"),
			credit: slotOf(credit, "credit")
		};
		if (slots.debit === void 0 || slots.credit === void 0) return void 0;
		return {
			debit: slots.debit,
			credit: slots.credit
		};
	}
	/** Nothing is held against the accounts' next entries: what is wrong here is told once. */
	#doubt({ debit, credit }) {
		for (const slot of [debit, credit]) this.#state.accounts.set(slot, AccountFlag.unsure, true);
	}
	#checkSides({ debit, credit, slots, kind, fail }) {
		if (debit.amount !== credit.amount || debit.asset !== credit.asset) fail("decisions", `it debits ${grouped(debit.amount)} of asset ${debit.asset} and credits ${grouped(credit.amount)} of asset ${credit.asset}`);
		if (slots.debit === slots.credit) fail("decisions", "both its sides are of the same account");
		if (kind === "void" || kind === "release") return;
		for (const slot of [slots.debit, slots.credit]) {
			if (!this.#state.accounts.has(slot, AccountFlag.closed)) continue;
			fail("decisions", `it is a ${kind}, but account ${formatId(this.#state.accounts.id(slot))} is closed`);
		}
	}
	#changeOf(move) {
		const { kind, content, debit, slots, fail, event } = move;
		const { amount } = debit;
		const { sequence, timestamp } = event.leaf;
		const claim = {
			kind,
			content,
			sequence,
			timestamp,
			...slots,
			amount
		};
		const failHold = (sentence) => fail("holds", sentence);
		if ([
			"capture",
			"void",
			"release"
		].includes(kind)) return takeFromHold(this.#state, {
			...claim,
			fail: failHold
		});
		for (const problem of limitProblems(this.#state, {
			...slots,
			amount
		})) fail("limits", problem);
		if (kind === "hold") return openHold(this.#state, {
			...claim,
			fail: failHold
		});
		if (kind === "reversal") this.#reverse(move);
		return {
			pending: 0n,
			posted: amount
		};
	}
	#reverse({ content, debit, credit, event, fail }) {
		const { pending } = content;
		if (pending === void 0) return fail("decisions", "it is a reversal that names no transfer");
		const { id, sequence } = pending;
		const reversed = (this.#state.reversed.get(id) ?? 0n) + debit.amount;
		this.#state.reversed.set(id, reversed);
		if (pending.captured !== reversed) fail("decisions", `it says that ${grouped(pending.captured)} of transfer ${formatId(id)} are reversed, but ${grouped(reversed)} are`);
		const accounts = {
			debit: debit.account,
			credit: credit.account
		};
		this.reversals.push({
			sequence: event.leaf.sequence,
			original: {
				id,
				sequence
			},
			...accounts,
			reversed
		});
	}
	#side(move, which, change) {
		const { accounts } = this.#state;
		const slot = move.slots[which];
		const { entry } = move[which];
		if (entry === void 0) return;
		if (accounts.has(slot, AccountFlag.unsure)) accounts.set(slot, AccountFlag.unsure, false);
		else {
			this.#checkLinks(move, which, entry);
			if (change !== void 0) this.#checkBalances(move, which, {
				entry,
				change
			});
		}
		const { number: count, ...balances } = entry;
		accounts.setState(slot, {
			...balances,
			count,
			newest: move.event.leaf.sequence
		});
	}
	#checkLinks({ slots, fail }, which, entry) {
		const { count, newest } = this.#state.accounts.entries(slots[which]);
		const account = `of the ${which} account ${formatId(this.#state.accounts.id(slots[which]))}`;
		if (entry.number !== count + 1n) fail("links", `it is entry ${grouped(entry.number)} ${account}, but ${grouped(count + 1n)} comes next`);
		if (entry.previous === newest) return;
		const before = newest === 0n ? "it has none" : `that is event ${grouped(newest)}`;
		fail("links", `it names event ${grouped(entry.previous)} as the entry before ${account}, but ${before}`);
	}
	#checkBalances({ slots, kind, debit, fail }, which, { entry, change }) {
		const before = this.#state.accounts.balances(slots[which]);
		const [pending, posted] = which === "debit" ? ["debitsPending", "debitsPosted"] : ["creditsPending", "creditsPosted"];
		for (const name of BALANCES) {
			const by = name === pending ? change.pending : name === posted ? change.posted : 0n;
			if (entry[name] === before[name] + by) continue;
			fail("balances", `the ${which} account ${formatId(this.#state.accounts.id(slots[which]))} has ${wordsOf(name)} ${grouped(entry[name])} after it; from ${grouped(before[name])} and a ${kind} of ${grouped(debit.amount)} follow ${grouped(before[name] + by)}`);
			return;
		}
	}
	#cross({ slots }, change) {
		if (change === void 0) return;
		const { subtrees } = this.#state;
		for (const at of subtrees.crossed(slots.debit, slots.credit)) {
			const totals = subtrees.of(at);
			if (totals === void 0) continue;
			totals.debitsPending += change.pending;
			totals.debitsPosted += change.posted;
		}
		for (const at of subtrees.crossed(slots.credit, slots.debit)) {
			const totals = subtrees.of(at);
			if (totals === void 0) continue;
			totals.creditsPending += change.pending;
			totals.creditsPosted += change.posted;
		}
	}
};
/** `debits pending`. */
function wordsOf(name) {
	return name.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
}

// src/replay/opened-event.ts
/** One event of a log with all that its leaf commits to: every part held against the hash that the leaf, or a part of it, has. */
/** @param fail told what is not what was committed to. @returns undefined when it cannot be read either. */
function openEvent$1(leaf, opening, fail) {
	let isSound = true;
	const wrong = (sentence) => {
		isSound = false;
		fail(sentence);
	};
	try {
		const content = openContent$1(leaf, opening, wrong);
		const debit = openSide$1("debit", leaf, opening, wrong);
		const credit = openSide$1("credit", leaf, opening, wrong);
		const facts = openFacts$1(content, opening, wrong);
		checkMetadata(content, opening, wrong);
		return {
			leaf,
			content,
			debit,
			credit,
			facts,
			metadata: opening.metadata,
			isSound
		};
	} catch (error) {
		if (!(error instanceof MalformedEvent)) throw error;
		if (isSound) fail(error.message.replace(/^T/, "t"));
		return;
	}
}
/** The salt of its debit side, or of its content when it has no sides: the first that its frame's salt gives. @returns 16 bytes */
function saltOf(leaf, { content, debit }) {
	if (isMoved(leaf)) return debit.subarray(16, 32);
	return isRefusedTransfer(leaf) ? debit.subarray(24, 40) : content.subarray(4, 20);
}
function openContent$1(leaf, { content }, wrong) {
	if (!equalBytes(sha256(content), leaf.content)) wrong("the content was changed: it is not the one that the leaf names");
	return decodeContent(content, leaf);
}
function openSide$1(which, leaf, opening, wrong) {
	const bytes = opening[which];
	if (!(isMoved(leaf) || isRefusedTransfer(leaf))) {
		if (bytes.length > 0) wrong(`it has a ${which} side, which the leaf does not know`);
		return;
	}
	if (!equalBytes(sha256(bytes), leaf[which])) wrong(`amount, account or balances were changed: the ${which} side is not the one that the leaf commits to`);
	return decodeSide(which, bytes, leaf);
}
function openFacts$1(content, { facts }, wrong) {
	const hash = content.sort === "refused" ? content.factsHash : void 0;
	if (hash === void 0) {
		if (facts.length > 0) wrong("it has what a limit said, which the content does not name");
		return;
	}
	if (!equalBytes(sha256(facts), hash)) wrong("what the limit said was changed: it is not what the content names");
	return decodeFacts(facts);
}
function checkMetadata(content, { metadata }, wrong) {
	const { metadataHash, metadataLength = metadata.length } = content;
	if (!(metadataHash === void 0 ? metadata.length === 0 : metadata.length === metadataLength && equalBytes(sha256(metadata), metadataHash))) wrong("the metadata was changed: it is not what the content names");
}

// src/replay/reversal-check.ts
/** Holds reversals against what they reverse, which is read again: it may lie anywhere before. */
const WIDTH = BigInt(256);
/** @param size of the log. @returns what is wrong, without its full stop. @throws SourceUnreadable */
async function reversalProblem(source, size, claim) {
	const { sequence, id } = claim.original;
	const which = `transfer ${formatId(id)}, event ${grouped(sequence)}`;
	if (sequence === 0n || sequence >= claim.sequence) return `it reverses ${which}, which is not before it`;
	const original = await eventAt(source, size, sequence);
	if (original === void 0) return `it reverses ${which}, which cannot be opened`;
	const { content, debit, credit } = original;
	const kind = content.sort === "moved" ? kindOf({
		leaf: original.leaf,
		content
	}) : "moved";
	if (content.id !== id || !["transfer", "capture"].includes(kind)) return `it reverses ${which}, which is no transfer of that id`;
	if (debit?.account !== claim.credit || credit?.account !== claim.debit) return `it reverses ${which}, which is of other accounts`;
	if (claim.reversed <= debit.amount) return void 0;
	return `${grouped(claim.reversed)} of ${which} are reversed with it, which moved ${grouped(debit.amount)}`;
}
async function eventAt(source, size, sequence) {
	const index = (sequence - 1n) / WIDTH;
	const left = size - index * WIDTH;
	const place = {
		index,
		width: left < WIDTH ? Number(left) : 256
	};
	const at = Number((sequence - 1n) % WIDTH);
	try {
		const [entry] = (await readEntryBundle(source, place)).slice(at, at + 1);
		const [opening] = (await readOpenings(source, place)).slice(at, at + 1);
		if (entry === void 0 || opening === void 0) return void 0;
		const event = openEvent$1(decodeLeaf(entry), opening, () => {});
		return event?.isSound === true ? event : void 0;
	} catch (error) {
		if (error instanceof TileProblem || error.name === "MalformedEvent") return void 0;
		throw error;
	}
}

// src/replay/trial-balance.ts
/** In order of asset. */
function totalsByAsset({ accounts }) {
	const totals = /* @__PURE__ */ new Map();
	for (let slot = 0; slot < accounts.count; slot++) {
		const asset = accounts.asset(slot);
		const sums = totals.get(asset) ?? {
			...zeros(),
			accounts: 0
		};
		totals.set(asset, sums);
		addTo(sums, accounts.balances(slot));
		sums.accounts++;
	}
	return [...totals].map(([asset, sums]) => ({
		asset,
		...sums
	})).sort((a, b) => a.asset - b.asset);
}
/** As sentences. */
function trialBalanceProblems(totals) {
	return totals.flatMap((sums) => ["Posted", "Pending"].flatMap((kind) => {
		const [debits, credits] = [sums[`debits${kind}`], sums[`credits${kind}`]];
		if (debits === credits) return [];
		const [more, less] = debits > credits ? [debits, credits] : [credits, debits];
		return [`The trial balance of asset ${sums.asset} is not zero: ${grouped(debits)} are debited and ${grouped(credits)} credited (${kind.toLowerCase()}), which differ by ${grouped(more - less)}.`];
	}));
}
/** Accounts whose pending balances are not what their open holds come to; as sentences. */
function pendingProblems({ accounts, holds }) {
	const held = /* @__PURE__ */ new Map();
	for (const { debit, credit, remaining } of holds.values()) for (const [slot, name] of [[debit, "debitsPending"], [credit, "creditsPending"]]) {
		const sums = held.get(slot) ?? zeros();
		sums[name] += remaining;
		held.set(slot, sums);
	}
	const problems = [];
	for (let slot = 0; slot < accounts.count; slot++) {
		const has = accounts.balances(slot);
		const { debitsPending, creditsPending } = held.get(slot) ?? zeros();
		if (has.debitsPending === debitsPending && has.creditsPending === creditsPending) continue;
		problems.push(`Account ${formatId(accounts.id(slot))} has ${grouped(has.debitsPending)} debits and ${grouped(has.creditsPending)} credits pending, but its open holds come to ${grouped(debitsPending)} and ${grouped(creditsPending)}.`);
	}
	return problems;
}
function zeros() {
	return {
		debitsPending: 0n,
		debitsPosted: 0n,
		creditsPending: 0n,
		creditsPosted: 0n
	};
}
function addTo(sums, balances) {
	for (const name of BALANCES) sums[name] += balances[name];
}

// src/replay/replay.ts
/** Replays a log from its openings (decision 0025): every event is opened and applied to the accounts as the events before it left them. */
var Replay = class {
	#source;
	#size;
	#state = new LedgerState();
	#moves = new Moves(this.#state);
	#roots = new AccountsRoots(this.#state.accounts);
	#events = 0n;
	#end;
	/** @param size of the log. */
	constructor(source, size) {
		this.#source = source;
		this.#size = size;
	}
	/** @throws SourceUnreadable */
	async add({ index, leaves, openings }) {
		if (this.#end !== void 0) return;
		const first = index * BigInt(256) + 1n;
		if (openings instanceof TileProblem) {
			this.#end = `${openings.message}: the replay ends before event ${grouped(first)}.`;
			return;
		}
		for (const [at, opening] of openings.entries()) {
			const leaf = leaves[at];
			if (leaf === void 0) {
				const place = grouped(first + BigInt(at));
				this.#end = `The leaf of event ${place} cannot be read: the replay ends before it.`;
				return;
			}
			await this.#event(leaf, opening);
			this.#events++;
			if (!this.#state.isFull) continue;
			const { accounts, holds } = this.#state;
			this.#end = `There are ${grouped(accounts.count)} accounts and ${grouped(holds.size)} open holds, which is as much as fits: the replay ends after event ${grouped(leaf.sequence)}.`;
			return;
		}
		await this.#checkReversals();
	}
	/** Says what was found. @returns undefined: it did not come to the end. */
	conclude(list) {
		const { findings } = this.#state;
		if (this.#events < this.#size) this.#end ??= `Only ${counted(this.#events)} could be replayed.`;
		if (this.#end !== void 0) {
			for (const name of FINDINGS) findings.problems[name].tell(list, name);
			list.fail("replay", this.#end);
			return;
		}
		for (const problem of pendingProblems(this.#state)) findings.problems.holds.add(problem);
		const assets = totalsByAsset(this.#state);
		for (const problem of trialBalanceProblems(assets)) findings.problems.trial_balance.add(problem);
		for (const name of FINDINGS) findings.problems[name].conclude(list, name, this.#right(name, assets));
		const { accounts, holds, statements } = this.#state;
		const counts = {
			accounts: accounts.count,
			openHolds: holds.size,
			statements
		};
		return {
			events: this.#events,
			...counts,
			assets
		};
	}
	/** Whether ids were more than are kept. */
	get hasMoreIds() {
		return this.#state.transferIds.count >= IDS_MAX;
	}
	async #event(leaf, opening) {
		const { findings } = this.#state;
		const event = openEvent$1(leaf, opening, (sentence) => findings.event("openings", leaf.sequence, sentence));
		if (event === void 0) return;
		if (isMoved(leaf)) this.#moves.add(event);
		else if (leaf.status !== 0) this.#refusal(event);
		else if (leaf.kind === 32) this.#statement(event);
		else replayAccountEvent(this.#state, event);
		if (opening.frameSalt.length > 0) await this.#root(leaf, opening);
	}
	/** It changes nothing: the next entries of its accounts are held against those before it. */
	#refusal({ leaf, content, facts }) {
		const { findings } = this.#state;
		if (leaf.kind === EventKind.transfer && content.sort !== "refused") findings.event("decisions", leaf.sequence, "it is refused, but says that it moved something");
		if (facts === void 0 || facts.needed > facts.available) return;
		const sentence = `a limit refused ${grouped(facts.needed)}, although ${grouped(facts.available)} were available`;
		findings.event("decisions", leaf.sequence, sentence);
	}
	async #root({ sequence, ...leaf }, opening) {
		const salt = saltOf({
			sequence,
			...leaf
		}, opening);
		if (!isSaltOfFrame(opening.frameSalt, sequence, salt)) {
			this.#state.findings.event("accounts_roots", sequence, "the salt of its frame was changed: it is not the one of the event's own");
			return;
		}
		await this.#roots.make(sequence, opening.frameSalt);
	}
	#statement({ leaf, metadata }) {
		const stated = readStatement(metadata);
		if (stated === void 0) return;
		this.#state.statements++;
		const { through, accounts } = stated;
		const made = this.#roots.at(through);
		if (made !== void 0 && isSameStatement(stated, made)) return;
		const says = `it states the root over ${grouped(accounts)} accounts after event ${grouped(through)}`;
		const sentence = made === void 0 ? `${says}, but there is no salt to make it again` : `${says}, but the ${grouped(made.accounts)} accounts that were replayed come to another one`;
		this.#state.findings.event("accounts_roots", leaf.sequence, sentence);
	}
	async #checkReversals() {
		for (const claim of this.#moves.reversals.splice(0)) {
			const problem = await reversalProblem(this.#source, this.#size, claim);
			if (problem !== void 0) this.#state.findings.event("decisions", claim.sequence, problem);
		}
	}
	#right(name, assets) {
		const { accounts, holds, statements, transferIds } = this.#state;
		const events = counted(this.#events);
		return {
			openings: `What is shown of all ${events} is what their leaves commit to.`,
			decisions: `All ${events} can be decided as they were: accounts, assets, both sides; what was refused changed nothing.`,
			links: `The entries of all ${grouped(accounts.count)} accounts are numbered without a gap, and each names the one before it.`,
			balances: "After each event all four balances of both accounts follow from those before it.",
			holds: `Each capture, void and release takes what its hold has left, in time; ${grouped(holds.size)} are open, and all that is pending is theirs.`,
			limits: "Nothing took an account or a subtree beyond its limit.",
			ids: `No id is that of two accounts or, of ${grouped(transferIds.count)} transfers, of two.`,
			accounts_roots: `The ${grouped(statements)} roots over all accounts that the log states are those of the replayed accounts.`,
			trial_balance: `The trial balance is zero, posted and pending: what is debited is credited, in ${assets.length === 1 ? "the one asset" : `each of ${assets.length} assets`}.`
		}[name];
	}
};
/** Other statements are not about accounts. */
function readStatement(bytes) {
	try {
		return decodeStatement("The statement", bytes);
	} catch (error) {
		if (error instanceof MalformedEvent) return void 0;
		throw error;
	}
}

// src/verify-log.ts
/** A whole log, leaf by leaf: every entry, every hash of every tile, the root, and the signatures on it; and, where it shows what its leaves commit to, every balance. */
const WITHOUT_OPENINGS = ["Who paid whom how much: accounts, amounts and balances lie behind commitments, and no openings were given.", "Whether balances follow from the events, for the same reason."];
const WITH_OPENINGS = ["Whether what was asked was right, and whether the ledger should have refused what it did, or done what it refused, but for limits and holds.", "Links that lead further back than to the entry before, value dates and closed periods, rights."];
const MORE_IDS = `Whether ids of transfers behind the first ${grouped(IDS_MAX)} are used only once.`;
const ALWAYS = "Whether others are shown the same log: compare checkpoints with theirs, or ask for witnesses.";
/**
* Checks, in this order: `checkpoint`; `entries` and `tiles`, once for each problem, or once when there is none; `root`; where there are openings, the same
* for `openings`, `decisions`, `links`, `balances`, `holds`, `limits`, `ids`, `accounts_roots` and `trial_balance`, or `replay` when it could not go on.
* @throws AmbiguousKeys, Ed25519Missing, SourceUnreadable: then nothing can be said
*/
async function verifyLog(options, policy) {
	const list = new Checklist();
	const note = options.checkpoint ?? await options.source.read("checkpoint");
	if (note === void 0) list.fail("checkpoint", "There is no checkpoint where the tiles lie.");
	const checkpoint = note === void 0 ? void 0 : await checkCheckpoint(list, note, {
		name: "checkpoint",
		what: "The checkpoint",
		policy
	});
	const found = checkpoint && await checkLog(list, options, checkpoint);
	return {
		proved: list.proved,
		checks: list.checks,
		...found?.replayed && { replayed: found.replayed },
		unchecked: [...found?.unchecked ?? WITHOUT_OPENINGS, ALWAYS]
	};
}
async function checkLog(list, options, { size, root }) {
	const { source, needsOpenings, onProgress } = options;
	const problems = {
		entries: new Problems(),
		tiles: new Problems()
	};
	const replay = await hasOpenings(options, size) ? new Replay(source, size) : void 0;
	const roots = await new LogCheck(source, size, {
		problems,
		...replay && { replay }
	}).run(onProgress);
	const all = `All ${counted(size)} can be read and follow each other without a gap`;
	problems.entries.conclude(list, "entries", `${all}, and hash to what the tiles list.`);
	problems.tiles.conclude(list, "tiles", "Every hash tile is what the entries make it.");
	checkRoots(list, roots, {
		size,
		root
	});
	if (replay !== void 0) return {
		replayed: replay.conclude(list),
		unchecked: [...WITH_OPENINGS, ...replay.hasMoreIds ? [MORE_IDS] : []]
	};
	if (needsOpenings === true) list.fail("openings", "There are no openings where the tiles lie.");
	return { unchecked: WITHOUT_OPENINGS };
}
/** Of the first events: who shows these shows all, or the replay says where they end. @throws SourceUnreadable when they are needed */
async function hasOpenings({ source, needsOpenings }, size) {
	const width = size < 256 ? Number(size) : 256;
	if (width === 0) return false;
	try {
		for (const wide of /* @__PURE__ */ new Set([width, 256])) {
			const path = tilePath({
				level: "openings",
				index: 0n,
				width: wide
			});
			if (isOpenings(await source.read(path))) return true;
		}
	} catch (error) {
		if (!(error instanceof SourceUnreadable) || needsOpenings === true) throw error;
	}
	return false;
}
function checkRoots(list, { entries, tiles }, { size, root }) {
	const leads = (to) => to !== void 0 && equalBytes(to, root);
	if (leads(entries)) {
		list.pass("root", `The ${counted(size)} lead to the checkpoint's root.`);
		return;
	}
	list.fail("root", rootProblem(entries !== void 0, leads(tiles)));
}
function rootProblem(entriesWhole, tilesLead) {
	if (!tilesLead) return "Neither the entries nor the hash tiles lead to the checkpoint's root.";
	return entriesWhole ? "The entries do not lead to the checkpoint's root, but the hash tiles do: entries were changed, the tree was not." : "Entries are missing, so that only the hash tiles lead to the checkpoint's root.";
}

// src/verify-statement.ts
/**
* A statement's page, checked by somebody who does not trust its script: the proof inside, and then the page around it, which is made
* anew and compared. A page whose proof holds may still show other digits.
*/
/** `[^<]`: in JSON that stands in a page, this character is always escaped. */
const PROOF_IN_PAGE = /<script type="application\/json" id="proof">([^<]*)<\/script>/;
const TRUST_IN_PAGE = /<script type="application\/json" id="trust">([^<]*)<\/script>/;
const MODULE = "<script type=\"module\">";
const SHOWN = /data-shows="([^"]*)">([^<]*)(?=<)/g;
const VERSION = /<meta name="generator" content="tally-verify, sheet ([0-9]+)">/;
/** The document inside of a page. @returns undefined when the text is no such page */
function embeddedProof(page) {
	return PROOF_IN_PAGE.exec(page)?.[1];
}
/**
* The checks of the proof inside, and `page`: the file is what is made of that proof, and the keys that it shows are the policy's. Its
* script is not run: this verifier does its work.
* @param text a page, or a document alone
* @param verifier the file for browsers of this version; without it nothing is said of the page's script
* @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
*/
async function verifyStatement(text, policy, verifier) {
	const proof = embeddedProof(text);
	if (proof === void 0) return verifyAccountProof(text, policy);
	const report = await verifyAccountProof(proof, policy);
	const { said } = report;
	if (said === void 0) return report;
	const list = new Checklist();
	const trust = trustIn(text);
	if (trust === void 0) list.fail("page", "The page does not say with which keys it checks.");
	else {
		checkKeys(list, trust, policy);
		checkPage(list, {
			text,
			proof,
			trust,
			said,
			report,
			verifier
		});
	}
	const checks = [...report.checks, ...list.checks];
	return {
		proved: report.proved && list.proved,
		checks,
		said
	};
}
function trustIn(text) {
	try {
		const trust = JSON.parse(TRUST_IN_PAGE.exec(text)?.[1] ?? "");
		trustPolicy(trust);
		return trust;
	} catch {
		return;
	}
}
/** A reader may copy a key from the page: it has to be one that he trusts already. */
function checkKeys(list, trust, { logKeys }) {
	const known = new Set(logKeys.map(({ publicKey }) => toHex(publicKey)));
	if (trustPolicy(trust).logKeys.some(({ publicKey }) => !known.has(toHex(publicKey)))) list.fail("page", "The page checks with another key than those that you gave.");
}
function checkPage(list, page) {
	const { text, trust, report } = page;
	const version = VERSION.exec(text)?.[1];
	if (version !== `${1}`) {
		const of = version === void 0 ? "no known layout" : `layout ${version}, not ${1}`;
		list.fail("page", `The page has ${of}: what it shows was not compared. Check the proof inside alone, or take the tally-verify of that version.`);
		return;
	}
	const told = new Set(report.checks.map(({ sentence }) => sentence));
	const script = scriptIn(text);
	const seen = {
		shown: shownIn(text),
		isAsMade: isAsMade(page, script)
	};
	const faults = pageFaults(report, trust, seen).filter(({ sentence }) => !told.has(sentence));
	for (const { sentence } of faults) list.fail("page", sentence);
	if (faults.length === 0 && report.proved) tellPage(list, page, script);
}
/** The last script of the file; '' where there is none. */
function scriptIn(text) {
	const start = text.indexOf(MODULE, TRUST_IN_PAGE.exec(text)?.index);
	const end = text.lastIndexOf("<\/script>");
	return start < 0 || end < start ? "" : text.slice(start + 22, end);
}
/** A script that could end its element early would bring a page of its own. */
function isAsMade({ text, proof: document, trust, said }, script) {
	return script === inScript(script) && text === pageOf({
		document,
		trust,
		said,
		script
	});
}
function shownIn(text) {
	return [...text.slice(0, PROOF_IN_PAGE.exec(text)?.index).matchAll(SHOWN)].map(([, name = "", inside = ""]) => ({
		name,
		text: unescaped(inside)
	}));
}
function tellPage(list, { verifier }, script) {
	const but = verifier !== void 0 && script === scriptOf(verifier) ? ", and its script is the one of this tally-verify" : " but for its script, which was not compared: a browser may show what the script likes, the lines below do not";
	list.pass("page", `The file is what is made of its proof, to the byte${but}.`);
}
const ENTITIES = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: "\"",
	"#39": "'"
};
function unescaped(text) {
	return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
}

// src/shown-event.ts
/** What a proved receipt shows, as data that any program can print: who, what, how much, when, and at whose request. */
function describeEvent(event, { origin, size }) {
	const { leaf, content, metadata, debit, credit, facts } = event;
	return {
		log: origin,
		treeSize: size,
		sequence: leaf.sequence,
		shard: leaf.shard,
		what: nameOf(leaf, content),
		status: statusName(leaf.kind, leaf.status),
		at: formatTime(leaf.timestamp),
		...requestOf(leaf),
		...content && {
			id: formatId(content.id),
			code: content.code,
			content
		},
		...metadata && { metadata },
		...debit && { debit: sideOf(debit) },
		...credit && { credit: sideOf(credit) },
		...facts && { facts }
	};
}
/** In words, for the sentence "The receipt does not show …". */
function hiddenParts(event) {
	const { leaf, content, metadata, debit, credit, facts } = event;
	const sides = leaf.kind === EventKind.transfer || leaf.kind === EventKind.release;
	return [
		...content === void 0 ? ["the content"] : [],
		...metadata === void 0 && content?.metadataHash !== void 0 ? ["the metadata"] : [],
		...sides && debit === void 0 ? ["the debit side"] : [],
		...sides && credit === void 0 ? ["the credit side"] : [],
		...facts === void 0 && content?.sort === "refused" && content.factsHash !== void 0 ? ["what the limit said"] : []
	];
}
function requestOf({ requestId, requestDigest }) {
	if (requestId.every((byte) => byte === 0) && requestDigest.every((byte) => byte === 0)) return {};
	return { request: {
		id: formatRequestId(requestId),
		digest: toHex(requestDigest)
	} };
}
function sideOf({ account, address, asset, amount, entry }) {
	return {
		account: formatId(account),
		...address !== void 0 && { address },
		asset,
		amount,
		...entry && { entry }
	};
}
const NAMES = /* @__PURE__ */ new Map([
	[EventKind.release, "release of a hold"],
	[EventKind.account, "opening of an account"],
	[EventKind.limit, "change of a limit"],
	[EventKind.metadata, "change of metadata"],
	[EventKind.close, "closing of an account"],
	[EventKind.reopen, "reopening of an account"],
	[EventKind.asset, "registration of an asset"],
	[EventKind.books, "closing of books"],
	[EventKind.statement, "statement"],
	[EventKind.control, "change of rights"],
	[EventKind.rule, "change or firing of a rule"]
]);
/** Flag bits of transfers that change what it is. */
const TRANSFER_NAMES = [
	[2, "hold"],
	[4, "capture of a hold"],
	[8, "void of a hold"],
	[512, "reversal"]
];
function nameOf({ kind }, content) {
	if (kind !== EventKind.transfer) return NAMES.get(kind) ?? `control event ${kind}`;
	if (content === void 0) return "transfer, hold, capture, void or reversal";
	const [, name] = TRANSFER_NAMES.find(([bit]) => (content.flags & bit) !== 0) ?? [];
	return name ?? "transfer";
}

// src/opened-event.ts
/** An event as far as a receipt opens it: every part is held against the hash that the leaf has of it. */
/** @param index of the leaf in the log. @returns undefined when it is malformed; the list says why */
function readLeaf(list, bytes, index) {
	const leaf = decoded(list, "leaf", () => decodeLeaf(bytes));
	if (leaf === void 0) return void 0;
	const { sequence } = leaf;
	list.check("leaf", sequence === index + 1n, {
		right: `The leaf is well formed, and says itself that it is event ${grouped(sequence)}.`,
		wrong: `The leaf says that it is event ${grouped(sequence)}, but it stands at the place of event ${grouped(index + 1n)}.`
	});
	return leaf;
}
function openEvent(list, receipt, leaf) {
	const content = openContent(list, receipt, leaf);
	const event = {
		leaf,
		content,
		metadata: openMetadata(list, receipt, content),
		debit: openSide(list, "debit", receipt, leaf),
		credit: openSide(list, "credit", receipt, leaf),
		facts: openFacts(list, receipt, content)
	};
	compareSides(list, event);
	return event;
}
/** @returns undefined when it is malformed; the list says why */
function decoded(list, name, decode) {
	try {
		return decode();
	} catch (error) {
		if (!(error instanceof MalformedEvent)) throw error;
		list.fail(name, `${error.message}.`);
		return;
	}
}
function openContent(list, { content }, leaf) {
	if (content === void 0) return void 0;
	return list.check("content", equalBytes(sha256(content), leaf.content), {
		right: "The content is the one that the leaf names.",
		wrong: "The content is not the one that the leaf names: it hashes to something else."
	}) ? decoded(list, "content", () => decodeContent(content, leaf)) : void 0;
}
function openMetadata(list, { metadata }, content) {
	if (metadata === void 0) return void 0;
	if (content?.metadataHash === void 0) {
		const why = content === void 0 ? "the content is not opened" : "the event has none";
		list.fail("metadata", `The receipt has metadata, but ${why}.`);
		return;
	}
	const opens = (content.metadataLength ?? metadata.length) === metadata.length && equalBytes(sha256(metadata), content.metadataHash);
	list.check("metadata", opens, {
		right: "The metadata is what the content names.",
		wrong: "The metadata is not what the content names: it hashes to something else."
	});
	return opens ? metadata : void 0;
}
function openSide(list, which, receipt, leaf) {
	const opening = receipt[which];
	if (opening === void 0) return void 0;
	const { preimage, address } = opening;
	const side = list.check(which, equalBytes(sha256(preimage), leaf[which]), {
		right: `The ${which} side is the one that the leaf commits to.`,
		wrong: `The ${which} side is not the one that the leaf commits to: it hashes to something else.`
	}) ? decoded(list, which, () => decodeSide(which, preimage, leaf)) : void 0;
	if (side === void 0 || address === void 0) return side;
	return list.check("address", accountIdOf(address) === side.account, {
		right: `${address} is the account of the ${which} side: its id is made from the address.`,
		wrong: `${address} is not the account of the ${which} side: its id would be ${formatId(accountIdOf(address))}, not ${formatId(side.account)}.`
	}) ? {
		...side,
		address
	} : side;
}
function openFacts(list, { facts }, content) {
	if (facts === void 0) return void 0;
	if (content?.sort !== "refused" || content.factsHash === void 0) {
		const why = content === void 0 ? "the content is not opened" : "no limit refused the event";
		list.fail("facts", `The receipt has what a limit said, but ${why}.`);
		return;
	}
	return list.check("facts", equalBytes(sha256(facts), content.factsHash), {
		right: "What the limit said is what the content names.",
		wrong: "What the limit said is not what the content names: it hashes to something else."
	}) ? decoded(list, "facts", () => decodeFacts(facts)) : void 0;
}
/** One transfer: both sides say how much of what. A refused one may have named one account twice. */
function compareSides(list, { leaf, debit, credit }) {
	if (debit === void 0 || credit === void 0) return;
	const agree = debit.asset === credit.asset && debit.amount === credit.amount;
	const differ = leaf.status !== 0 || debit.account !== credit.account;
	list.check("sides", agree && differ, {
		right: "Both sides are of the same amount and asset.",
		wrong: agree ? "Both sides are of the same account: no ledger may decide that." : "The two sides are not of the same amount and asset: no ledger may decide that."
	});
}

// src/verify-receipt.ts
/**
* Checks, in this order: `format`, `checkpoint`, `leaf`, `inclusion`, then for what is opened `content`, `metadata`, `debit`,
* `credit`, `address`, `facts`, `sides`.
* @throws AmbiguousKeys, Ed25519Missing: then nothing can be said
*/
async function verifyReceipt(text, policy) {
	const list = new Checklist();
	const receipt = readReceipt(list, text);
	if (receipt === void 0) return {
		proved: false,
		checks: list.checks,
		hidden: []
	};
	const checkpoint = await checkCheckpoint(list, receipt.proof.checkpoint, {
		name: "checkpoint",
		what: "The checkpoint",
		policy
	});
	const leaf = readLeaf(list, receipt.leaf, receipt.proof.index);
	if (checkpoint !== void 0) checkInclusion(list, receipt, checkpoint);
	const event = leaf && openEvent(list, receipt, leaf);
	const hidden = event === void 0 ? [] : hiddenParts(event);
	const { proved, checks } = list;
	if (!proved || event === void 0 || checkpoint === void 0) return {
		proved: false,
		checks,
		hidden
	};
	return {
		proved,
		checks,
		shown: describeEvent(event, checkpoint),
		hidden
	};
}
function readReceipt(list, text) {
	try {
		const receipt = parseReceipt(text);
		list.pass("format", "The text is a receipt.");
		return receipt;
	} catch (error) {
		if (!(error instanceof MalformedProof)) throw error;
		list.fail("format", `${error.message}.`);
		return;
	}
}
function checkInclusion(list, { leaf, proof }, checkpoint) {
	const { size, root } = checkpoint;
	const { index } = proof;
	if (index >= size) {
		const place = `The proof is of event ${grouped(index + 1n)}`;
		list.fail("inclusion", `${place}, but the checkpoint is of ${counted(size)}.`);
		return;
	}
	const claim = {
		index,
		size,
		leaf: leafHash(leaf),
		proof: proof.proof,
		root
	};
	const [hashes, needed] = [proof.proof.length, hashesNeeded(index, size)];
	list.check("inclusion", verifyInclusion(claim), {
		right: `The leaf is event ${grouped(index + 1n)} of the ${grouped(size)} under the checkpoint's root.`,
		wrong: hashes === needed ? `The ${hashes} hashes of the proof do not lead from the leaf, as event ${grouped(index + 1n)}, to the checkpoint's root: leaf, place, proof or checkpoint is another's.` : `The proof has ${hashes} hashes, but event ${grouped(index + 1n)} of ${grouped(size)} needs ${needed}.`
	});
}
/** How many siblings the way from a leaf to the root has. */
function hashesNeeded(index, size) {
	let needed = 0;
	for (let node = index, last = size - 1n; last > 0n; node >>= 1n, last >>= 1n) if ((node & 1n) === 1n || node < last) needed++;
	return needed;
}

export { ACCOUNT_PROOF_FORMAT, AmbiguousKeys, COSIGNATURE_TIMESTAMP_MAX, CheckpointRefused, Ed25519Missing, EventKind, GrowingTree, HASH_SIZE, LEAF_SIZE, MalformedCheckpoint, MalformedEvent, MalformedKey, MalformedNote, MalformedPolicy, MalformedProof, NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX, ROW_TEXTS, SignatureType, SourceUnreadable, StatementRefused, TILE_WIDTH, TREE_SIZE_MAX, TileProblem, TileTree, accountIdOf, accountText, assertText, concatBytes, confirmKey, cosignatureMessage, decodeContent, decodeCosignature, decodeFacts, decodeLeaf, decodeSide, embeddedProof, encodeCosignature, equalBytes, equalKeys, formatCheckpoint, formatId, formatNote, formatRequestId, formatSignatureLines, formatVerifierKey, fromBase64, httpSource, isKeyName, kindOf, leafHash, logText, nodeHash, openCheckpoint, pageFaults, parseCheckpoint, parseNote, parseProofText, parseReceipt, parseSignatureLines, parseTreeSize, parseVerifierKey, printable, readEntryBundle, readHashTile, receiptText, reportJson, reportText, sha256, sheetOf, shownLines, statementHtml, statementView, statusName, tilePath, tileWidth, toBase64, treeRoot, trustPolicy, verdictTexts, verifierKey, verifyAccountProof, verifyConsistency, verifyEd25519, verifyGrowth, verifyInclusion, verifyLog, verifyNote, verifyReceipt, verifyStatement };