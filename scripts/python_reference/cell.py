# SPDX-License-Identifier: BSD-2-Clause
"""Reads a cell from its `column value` lines."""
import re
import sys

from .queues import POLICIES

UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
THREADS_MAX = 64
STAGES_MAX = 8
NO_LIMIT = sys.maxsize


class CannotDo(Exception):
    """This program cannot measure the cell; the text names the supported
    values."""


def parse_policy(text):
    """Returns the pop, the push and the seconds of queues.POLICIES."""
    name, _, duration = text.partition(":")
    if name not in POLICIES:
        raise CannotDo(f"wait {text}: queue.Queue cannot wait like this; "
                       f"use one of {', '.join(POLICIES)}")
    take, put, seconds = POLICIES[name]
    if seconds is not ...:
        if duration:
            raise CannotDo(f"wait {text}: takes no duration; use {name}")
        return take, put, seconds
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]+)?)(ns|us|ms|s)", duration)
    if not match:
        raise CannotDo(f"wait {text}: no duration in ns, us, ms or s; "
                       f"write for example {name}:1ms")
    return take, put, float(match[1]) * UNITS[match[2]] / UNITS["s"]


def parse_number(given, name, default, low, high=NO_LIMIT):
    text = given.get(name, str(default))
    if not (re.fullmatch("[0-9]{1,18}", text) and low <= int(text) <= high):
        limits = f"from {low} on" if high == NO_LIMIT else f"{low} to {high}"
        raise CannotDo(f"{name} {text}: no number that works; use {limits}")
    return int(text)


def parse_seconds(given, name, default_ns=0, high=1):
    ns = parse_number(given, name, default_ns, 0, high * UNITS["s"])
    return ns / UNITS["s"]


def parse_word(given, name, *words):
    """Reads one of these words; the first word is the default."""
    text = given.get(name, words[0])
    if text not in words:
        raise CannotDo(f"{name} {text}: not in Python's reference; "
                       f"use {' or '.join(words)}")
    return text


def parse_stages(text, source):
    """Returns the numbers of threads of the stages; an empty list for the
    plain loop."""
    if text == "loop":
        return []
    widths = [int(part) if re.fullmatch("[0-9]{1,2}", part) else 0
              for part in text.split("+")]
    if not all(1 <= width <= THREADS_MAX for width in widths):
        raise CannotDo(f"stages {text}: no widths of stages; use loop, or "
                       f"numbers from 1 to {THREADS_MAX} joined by +")
    if source == "http" and len(widths) != 2:
        raise CannotDo(f"stages {text}: source http has downloaders and "
                       "savers; use two widths, like 2+1")
    if len(widths) > STAGES_MAX:
        raise CannotDo(f"stages {text}: too many; use 1 to {STAGES_MAX}")
    return widths


def parse_pingpong(given):
    return {"queues": parse_number(given, "queues", 1, 1, 2),
            "stop": parse_word(given, "stop", "event", "sentinel")}


def parse_crew(given):
    return {"producers": parse_number(given, "producers", 1, 1, THREADS_MAX),
            "consumers": parse_number(given, "consumers", 1, 1, THREADS_MAX)}


def parse_stream(given):
    parse_number(given, "queues", 1, 1, 1)
    cell = {**parse_crew(given),
            "produce_every": parse_seconds(given, "produce_every_ns", high=60),
            "consume_every": parse_seconds(given, "consume_every_ns", high=60),
            "until": parse_word(given, "until", "stop", "empty"),
            "stop": parse_word(given, "stop", "event", "sentinel")}
    if cell["until"] == "empty" and "capacity" in given and (
            given.get("messages", "0") != "0"):
        raise CannotDo("until empty: with messages and capacity the producer "
                       "could wait for ever; leave one of the two out")
    return cell


def parse_handshake(given):
    parse_word(given, "event", "cond")
    return parse_crew(given)


def parse_counter(given):
    return {"producers": parse_number(given, "producers", 2, 1, THREADS_MAX),
            "share": parse_word(given, "share", "threads", "processes"),
            "sync": parse_word(given, "sync", "mutex", "none"),
            "lock": parse_word(given, "lock", "element", "list"),
            "work": parse_word(given, "work", "numbers", "balance"),
            "pause": parse_seconds(given, "pause_ns")}


def parse_pipeline(given):
    source = parse_word(given, "source", "http", "synthetic", "cpu")
    return {"source": source,
            "stages": parse_stages(given.get("stages", "4+1"), source),
            "service": parse_seconds(given, "service_ns", UNITS["ms"]),
            "claim": parse_word(given, "claim", "excl", "look"),
            "stop": parse_word(given, "stop", "sentinel", "event")}


PARAMETERS = {"pingpong": parse_pingpong, "stream": parse_stream,
              "handshake": parse_handshake, "counter": parse_counter,
              "pipeline": parse_pipeline}


def parse_cell(lines):
    """Returns the cell that the lines describe. Ignores unknown columns."""
    given = {}
    for line in lines:
        name, _, value = line.strip().partition(" ")
        if name == "end":
            break
        if value.strip():
            given[name] = value.strip()
    scenario = given.get("scenario", "missing")
    if scenario not in PARAMETERS:
        raise CannotDo(f"scenario {scenario}: not one of this backend; "
                       f"use one of {', '.join(PARAMETERS)}")
    if given.get("placement", "any") != "any":
        raise CannotDo(f"placement {given['placement']}: Python's threads are "
                       "not pinned; use placement any")
    ms = UNITS["ms"]
    cell = {
        "scenario": scenario,
        **PARAMETERS[scenario](given),
        "messages": parse_number(given, "messages", 0, 0),
        "warmup_ns": parse_number(given, "warmup_ns", 20 * ms, 0),
        "duration_ns": parse_number(given, "duration_ns", 200 * ms, 1),
    }
    # counter, and pipeline without stages, have no queue.
    if scenario != "counter" and cell.get("stages") != []:
        cell["policy"] = parse_policy(given.get("wait", "missing"))
        cell["capacity"] = parse_number(given, "capacity", 0, 0, 10**9)
    return cell
