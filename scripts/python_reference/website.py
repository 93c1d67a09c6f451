# SPDX-License-Identifier: BSD-2-Clause
"""The website that the pipeline downloads, and the folder that it fills.

Both belong to a separate process. It ends the server and removes the folder
when the parent closes its end of a pipe. The kernel closes this end if the
parent dies.
"""
import collections
import http.client
import http.server
import math
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import threading
import time
import zlib

MEDIAN_BYTES = 8192
SPREAD = 0.5  # of the sizes' logarithm
TRIES = 200  # to remove a folder that others still write to
PATIENCE = 10  # seconds
FORK = multiprocessing.get_context("fork")


def page(number):
    """Returns the page's service time as a multiple of the mean, and its body."""
    draw = random.Random(number)
    service = draw.expovariate(1)
    size = 1 + int(draw.lognormvariate(math.log(MEDIAN_BYTES), SPREAD))
    return service, draw.randbytes(size)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # a connection serves many pages
    disable_nagle_algorithm = True  # or each page waits 40 ms for an ACK
    mean_seconds = 0

    def do_GET(self):
        service, body = page(int(self.path[1:]))
        time.sleep(service * self.mean_seconds)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        pass  # a client that hung up


def remove(folder):
    for _ in range(TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            break
        time.sleep(0.01)


def serve(mine, theirs, mean_seconds):
    """The main function of the process: runs until the other end of the pipe
    is closed."""
    os.setsid()  # a signal to the parent's group is not for this one
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    theirs.close()
    Handler.mean_seconds = mean_seconds
    folder = tempfile.mkdtemp(prefix="ringbench-pages-")
    try:
        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        mine.send((server.server_address[1], folder))
        mine.recv()
    except (EOFError, OSError):
        pass
    finally:
        remove(folder)


class Website:
    def __init__(self, mean_seconds):
        self.pipe, theirs = FORK.Pipe()
        self.process = FORK.Process(target=serve, daemon=True, args=(
            theirs, self.pipe, mean_seconds))
        self.process.start()
        theirs.close()
        try:
            self.port, self.folder = self.pipe.recv()
        except EOFError:
            raise OSError("the web server did not start") from None
        self.claiming = threading.Lock()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port,
                                          timeout=PATIENCE)

    def name(self, number):
        return os.path.join(self.folder, f"page-{number}")

    def claim_excl(self, number):
        """Creates a file with this number or the next free number, without a
        race."""
        while True:
            try:
                return number, open(self.name(number), "xb")
            except FileExistsError:
                number += 1

    def claim_look(self, number):
        """Looks for a free name and creates the file under a lock, as the
        tutorial does."""
        with self.claiming:
            while os.path.exists(self.name(number)):
                number += 1
            return number, open(self.name(number), "wb")

    def compare(self, pages):
        """Returns how many of these pages are missing on disk, and how many
        are surplus."""
        found = collections.Counter()
        for entry in os.scandir(self.folder):
            with open(entry.path, "rb") as file:
                found[zlib.crc32(file.read())] += 1
        wanted = collections.Counter(zlib.crc32(page(n)[1]) for n in pages)
        return (wanted - found).total(), (found - wanted).total()

    def close(self):
        self.pipe.close()
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        if os.path.exists(self.folder):  # the process was killed
            remove(self.folder)
