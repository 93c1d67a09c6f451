# SPDX-License-Identifier: BSD-2-Clause
"""The scenarios by name."""


def scenario_of(cell):
    """Returns the class that makes the windows of a cell. Imports only the
    needed module."""
    if cell["scenario"] == "handshake":
        from .handshake import Handshake
        return Handshake
    if cell["scenario"] == "pipeline":
        from .pipeline import Pipeline
        return Pipeline
    if cell["scenario"] == "counter":
        from .counter import Counter, Processes
        return Processes if cell["share"] == "processes" else Counter
    from .passing import PingPong, Stream
    return Stream if cell["scenario"] == "stream" else PingPong
