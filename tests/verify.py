#!/usr/bin/env python3
"""Why: a second opinion on a log of Meldboek, by other people's code in another language.

Written from the description in migrations/README.md ("The log for others"), RFC 6962 and c2sp.org/signed-note, not from the Rust code.
Needs Python 3.9 and `cryptography`, nothing else; asks no database and no network.

    verify.py --uitvoer logboek.jsonl --uitvoer standen.jsonl [--standen map-of-bestand] [--controlesleutels bestand]
    verify.py --zaken zaken.jsonl ...     many changes of the same export, each judged by itself: for tests

Prints a JSON object per log: what it is, how long, its root, and every break as [position, word]. Ends with 0 when there are none, 1 when
there are, 2 when it could not be read.
"""

import argparse
import base64
import hashlib
import json
import os
import struct
import sys
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TILE = 8
SIGNS, COSIGNS = 1, 4


class Unreadable(Exception):
    """The export itself cannot be read."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def strict_base64(text):
    """One text for one value: whatever differs was changed."""
    value = base64.b64decode(text, validate=True)
    if base64.b64encode(value).decode() != text:
        raise ValueError("not as it would be written")
    return value


# --- signed notes (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature) ---


class Key:
    def __init__(self, text):
        self.name, number, key = text.split("+", 2)
        key = strict_base64(key)
        self.kind, self.public = key[0], key[1:]
        if self.kind not in (SIGNS, COSIGNS) or len(self.public) != 32 or not self.name:
            raise ValueError("no key")
        self.number = sha256(self.name.encode(), b"\n", key)[:4]
        if number != self.number.hex():
            raise ValueError("another number")

    def holds(self, text, line):
        name, number, signature = line
        if name != self.name or number != self.number:
            return False
        signed = text.encode()
        if self.kind == COSIGNS:
            if len(signature) != 72:
                return False
            time = struct.unpack(">Q", signature[:8])[0]
            signed, signature = b"cosignature/v1\ntime %d\n" % time + signed, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
            return True
        except InvalidSignature:
            return False


def signature(line):
    if not line.startswith("— "):
        raise ValueError("no signature")
    name, text = line[2:].split(" ", 1)
    value = strict_base64(text)
    if len(value) < 4:
        raise ValueError("no number")
    return name, value[:4], value[4:]


class Note:
    def __init__(self, note):
        text, below = note.rsplit("\n\n", 1)
        self.text = text + "\n"
        lines = text.split("\n")
        if len(lines) != 3 or not lines[0] or not below.endswith("\n"):
            raise ValueError("no head")
        self.origin, size, root = lines
        self.size, self.root = int(size), strict_base64(root)
        if str(self.size) != size or self.size < 0 or len(self.root) != 32:
            raise ValueError("no head")
        self.lines = below[:-1].split("\n")
        self.signatures = [signature(line) for line in self.lines]

    def is_signed(self, keys):
        if keys is None:
            return True
        mine = [key for key in keys if key.name == self.origin]
        return any(key.holds(self.text, line) for key in mine for line in self.signatures)

    def log(self):
        """The log that the origin names: what stands before its name is anybody's."""
        for at, letter in enumerate(self.origin):
            if letter == "/" and is_log(self.origin[at + 1 :]):
                return self.origin[at + 1 :]
        return None


def is_log(name):
    if name.endswith("/inzage"):
        name = name[: -len("/inzage")]
    digits = name[2:]
    return len(name) == 4 and name[:2] == "VT" and digits.isascii() and digits.isdigit()


def notes(text):
    """Several heads, one after another with an empty line between them."""
    found, signed = [], True
    for line in text.splitlines(keepends=True):
        below = line.startswith("— ")
        if signed and not below and line.strip():
            found.append("")
            signed = False
        if found and (below or not signed):
            found[-1] += line
        signed = signed or below
    return [Note(it) for it in found]


# --- the tree (RFC 6962 par. 2.1) ---


class Tree:
    def __init__(self):
        self.size, self.stack, self.tiles = 0, [], {}

    def push(self, chain):
        level, number, value = 0, self.size, sha256(b"\0", chain)
        self.size += 1
        while self.stack and self.stack[-1][0] == level:
            value = sha256(b"\1", self.stack.pop()[1], value)
            level, number = level + 1, number // 2
            if level % TILE == 0:
                self.tiles[level, number] = value
        self.stack.append((level, value))

    def root(self):
        if not self.stack:
            return sha256()
        value = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            value = sha256(b"\1", left, value)
        return value


# --- the export ---


def event(line):
    sealed = line["verzegeld"]
    chain = bytes.fromhex(line["keten"])
    stream, body = line["stroom"].encode(), line["inhoud"].encode()
    after = b"".join(
        (
            struct.pack(">I", len(stream)),
            stream,
            uuid.UUID(line["stroomnummer"]).bytes,
            struct.pack(">ihI", line["versie"], line["schema"], len(body)),
            body,
            struct.pack(">q", line["vastgelegd"]),
            uuid.UUID(line["door"]).bytes,
            uuid.UUID(line["opdracht"]).bytes,
            bytes.fromhex(line["kenmerk"]),
            bytes.fromhex(sealed) if sealed is not None else b"",
        )
    )
    return {
        "at": line["positie"],
        "stream": (line["stroomnummer"], line["stroom"]),
        "version": line["versie"],
        "sealed": None if sealed is None else bytes.fromhex(sealed),
        "chain": chain if len(chain) == 32 else bytes(32),
        "link": after,
    }


class Export:
    def __init__(self, lines):
        self.log, self.events, self.parts = None, [], {}
        self.heads, self.nodes, self.cosignatures = [], [], []
        for line in lines:
            self.take(line)
        if self.log is None:
            raise Unreadable("no line says of which log this is")

    def take(self, line):
        kind = line["soort"]
        if kind == "logboek":
            self.log = line["log"]
        elif kind == "gebeurtenis":
            self.events.append(line["event"])
        elif kind == "delen":
            parts = self.parts.setdefault(line["positie"], [])
            for number, digest in line["delen"]:
                digest = bytes.fromhex(digest)
                parts.append((number, digest if len(digest) == 32 else bytes(32)))
        elif kind == "stand":
            self.heads.append((line["grootte"], line["stand"]))
        elif kind == "knoop":
            self.nodes.append((line["niveau"], line["nummer"], bytes.fromhex(line["hash"])))
        elif kind == "medeondertekening":
            self.cosignatures.append((line["grootte"], line["getuige"], line["regel"]))
        else:
            raise Unreadable(kind)


def parsed(text):
    """A line, with of an event all that does not depend on the others worked out."""
    line = json.loads(text)
    if line["soort"] == "gebeurtenis":
        line["event"] = event(line)
    return line


# --- the verdict ---


def judge(export, published, keys):
    breaks, roots, newest = said(export, published, keys)
    tree, before, last, versions = Tree(), sha256(b"meldboek " + export.log.encode()), 0, {}
    name = export.log.encode()
    parts, seen = export.parts, set()
    for it in sorted(export.events, key=lambda it: it["at"]):
        at = it["at"]
        if at != last + 1:
            breaks.add((last + 1, "gat"))
        if sha256(before, name, struct.pack(">q", at), it["link"]) != it["chain"]:
            breaks.add((at, "keten"))
        if it["version"] != versions.get(it["stream"], 0) + 1:
            breaks.add((at, "versie"))
        versions[it["stream"]] = it["version"]
        # Of two events at one position, the first has the particulars.
        if digest(parts.get(at) if at not in seen else None) != it["sealed"]:
            breaks.add((at, "gegevens"))
        seen.add(at)
        last, before = at, it["chain"]
        tree.push(it["chain"])
        for root in roots.pop(tree.size, ()):
            if root != tree.root():
                breaks.add((tree.size, "stand"))
    breaks.update((at, "gegevens") for at in parts if at not in seen)
    for size in filter(None, roots):
        breaks.add((last + 1, "einde") if size > last else (size, "stand"))
    judge_nodes(export, tree, newest, breaks)
    return {
        "log": export.log,
        "gebeurtenissen": len(export.events),
        "grootte": tree.size,
        "wortel": tree.root().hex(),
        "breuken": sorted(map(list, breaks)),
    }


def digest(parts):
    """What the event should hold of its particulars; nothing can be right when they are not numbered as they should."""
    if parts is None:
        return None
    parts = sorted(parts, key=lambda it: it[0])
    if [number for number, _ in parts] != list(range(1, len(parts) + 1)):
        return b"not in order"
    return sha256(*(value for _, value in parts))


def said(export, published, keys):
    """What the heads say: the roots by size, and what is wrong with the heads themselves."""
    breaks, roots, newest, kept = set(), {}, 0, {}
    for size, text in export.heads:
        newest = max(newest, size)
        try:
            note = Note(text)
        except ValueError:
            note = None
        if note is None or not note.is_signed(keys):
            breaks.add((size, "handtekening"))
        elif note.log() != export.log:
            breaks.add((note.size, "stand"))
        else:
            if note.size != size:
                breaks.add((note.size, "stand"))
            roots.setdefault(note.size, []).append(note.root)
            kept.setdefault(size, []).append(note.text)
    for note in published:
        if note.log() != export.log:
            continue
        if not note.is_signed(keys):
            breaks.add((note.size, "handtekening"))
            continue
        roots.setdefault(note.size, []).append(note.root)
        lines = [line for at, _, line in export.cosignatures if at == note.size]
        witnessed = [line for line in note.lines if not line.startswith("— " + note.origin + " ")]
        if note.text not in kept.get(note.size, ()) or any(line not in lines for line in witnessed):
            breaks.add((note.size, "ontbreekt"))
    for size, witness, line in export.cosignatures:
        try:
            holds = Key(witness).holds(kept[size][0], signature(line))
        except (ValueError, KeyError):
            holds = False
        if not holds:
            breaks.add((size, "medeondertekening"))
    return breaks, roots, newest


def judge_nodes(export, tree, newest, breaks):
    def last(level, number):
        return min((number + 1) << min(max(level, 0), 62), 2**63 - 1)

    there = set()
    for level, number, value in export.nodes:
        there.add((level, number))
        if tree.tiles.get((level, number)) != value:
            breaks.add((last(level, number), "knoop"))
    for node in tree.tiles:
        if last(*node) <= newest and node not in there:
            breaks.add((last(*node), "knoop"))


# --- from the outside ---


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def heads_outside(paths):
    found = []
    for path in paths:
        inside = [path]
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if name.endswith(".standen"))
            inside = [os.path.join(path, name) for name in names]
        for file in inside:
            found += notes(read(file))
    return found


def cases(path, lines, published, keys):
    """Each case is a list of changes of the lines: from which on, how many go, what comes instead; the last first."""
    known = [parsed(line) for line in lines]
    for text in read(path).splitlines():
        case = json.loads(text)
        changed = list(known)
        for start, gone, new in case["wijzigingen"]:
            changed[start : start + gone] = [parsed(line) for line in new]
        verdict = judge(Export(changed), published, keys)
        print(json.dumps({"zaak": case["zaak"], "breuken": verdict["breuken"]}))


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--uitvoer", action="append", required=True)
    asked.add_argument("--standen", action="append", default=[])
    asked.add_argument("--controlesleutels")
    asked.add_argument("--zaken")
    asked = asked.parse_args()
    try:
        keys = None
        if asked.controlesleutels:
            keys = [Key(line) for line in read(asked.controlesleutels).splitlines() if line.strip()]
        published = heads_outside(asked.standen)
        lines = [line for path in asked.uitvoer for line in read(path).split("\n") if line]
        if asked.zaken:
            cases(asked.zaken, lines, published, keys)
            return 0
        verdict = judge(Export(map(parsed, lines)), published, keys)
    except (Unreadable, OSError, ValueError, KeyError, TypeError, struct.error) as error:
        print(json.dumps({"onleesbaar": str(error)}))
        return 2
    print(json.dumps(verdict))
    return 1 if verdict["breuken"] else 0


if __name__ == "__main__":
    sys.exit(main())
